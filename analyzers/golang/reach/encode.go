package reach

import (
	"reflect"
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
	var out sum
	for _, o := range objects {
		switch o.Op {
		case summary.List:
			for i := range o.Args {
				out.add(o.of(p.encoded(&o.Args[i], o.in, o.frame, tags, depth+1)))
			}
		case summary.Literal:
			out.add(o.of(p.encodedFields(o, tags, depth)))
		}
	}
	if !complete || len(objects) == 0 {
		out.add(p.value(e, in, f, depth+1))
	}
	return opaque(out.all())
}

func (p *Program) encodedFields(o object, tags string, depth int) value {
	var out sum
	for i, name := range o.Keys {
		if !p.leavesOut(o.Text, name, tags) {
			out.add(p.encoded(&o.Args[i], o.in, o.frame, tags, depth+1))
		}
	}
	for _, id := range p.functionFields[o.Text] { // what is assigned later
		if key := (busy{"encoded", id, nil}); !p.busy[key] && !p.leavesOut(o.Text, id[len(o.Text)+1:], tags) {
			p.busy[key] = true
			out.add(p.storedIn(id, false, depth+1))
			delete(p.busy, key)
		}
	}
	return out.all()
}

// leavesOut reports whether a field of a struct is not written.
func (p *Program) leavesOut(id, name, tags string) bool {
	if !exported(name) {
		return true
	}
	s := p.structs[id]
	if s == nil {
		return false
	}
	for i := range s.Fields {
		if f := &s.Fields[i]; f.Name == name {
			tag := reflect.StructTag(f.Tag).Get(tags)
			return tag == "-" || strings.HasPrefix(tag, "-,") && tags != "json"
		}
	}
	return false
}
