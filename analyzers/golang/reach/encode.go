package reach

import (
	"reflect"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers/golang/summary"
)

// encoded is the text that an expression is written as, without the fields that are left out: those that are not exported, and those whose tag
// says so. https://pkg.go.dev/encoding/json#Marshal
func (p *Program) encoded(e *summary.Expr, in *function, f *frame, tags string, depth int) value {
	if depth > maxNesting || p.exhausted() {
		return nil
	}
	objects, complete := p.objectsIn(e, in, f, depth+1)
	var out value
	for _, o := range objects {
		switch o.Op {
		case summary.List:
			for i := range o.Args {
				out = union(out, o.of(p.encoded(&o.Args[i], o.in, o.frame, tags, depth+1)))
			}
		case summary.Literal:
			out = union(out, o.of(p.encodedFields(o, tags, depth)))
		}
	}
	if !complete || len(objects) == 0 {
		out = union(out, p.value(e, in, f, depth+1))
	}
	return opaque(out)
}

func (p *Program) encodedFields(o object, tags string, depth int) value {
	var out value
	for i, name := range o.Keys {
		if !p.leavesOut(o.Text, name, tags) {
			out = union(out, p.encoded(&o.Args[i], o.in, o.frame, tags, depth+1))
		}
	}
	for _, id := range p.functionFields[o.Text] { // what is assigned later
		if key := (busy{"encoded", id, nil}); !p.busy[key] && !p.leavesOut(o.Text, id[len(o.Text)+1:], tags) {
			p.busy[key] = true
			out = union(out, p.storedIn(id, false, depth+1))
			delete(p.busy, key)
		}
	}
	return out
}

// leavesOut reports whether a field of a struct is not written.
func (p *Program) leavesOut(id, name, tags string) bool {
	if !exported(name) {
		return true
	}
	s := p.structs[id]
	return s != nil && slices.ContainsFunc(s.Fields, func(f summary.Field) bool {
		tag := reflect.StructTag(f.Tag).Get(tags)
		return f.Name == name && (tag == "-" || strings.HasPrefix(tag, "-,") && tags != "json")
	})
}
