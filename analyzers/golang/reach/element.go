package reach

import (
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
	"github.com/stagewall/stagewall/analyzers/settings"
)

// member is a field as one expression names it, in one call of the function around.
type member struct {
	e *summary.Expr
	f *frame
}

func (p *Program) objectsMember(e *summary.Expr, in *function, f *frame, depth int) (all []object, complete bool) {
	owners, complete := p.objectsIn(&e.Args[0], in, f, depth+1)
	for _, o := range owners {
		if o.Op != summary.Literal {
			continue
		}
		if p.full(&all) {
			return all, false
		}
		if i := field(o, e.Text); i >= 0 {
			some, whole := p.objectsIn(&o.Args[i], o.in, o.frame, depth+1)
			all, complete = append(all, o.holds(some)...), complete && whole
		} else if zero := p.zero(o.Text, e.Text); zero != nil {
			o.Expr, o.path = zero, inner(e.Text, o.path)
			all = append(all, o)
		}
	}
	complete = complete && len(p.giving[e.Text]) == 0
	some, whole := p.objectsStored(e.Text, !complete, depth)
	return append(all, some...), complete && whole
}

// fieldOf is a field, or a parameter, and whether what literals give it counts.
type fieldOf struct {
	id       string
	literals bool
}

// objectsStored are those that are assigned to a field or a parameter; those within literals count if it is not known which literal it is of.
func (p *Program) objectsStored(id string, literals bool, depth int) (all []object, complete bool) {
	stores := p.stores(id, literals)
	if len(stores) == 0 {
		return nil, true
	}
	return p.once(fieldOf{id, literals}, func() ([]object, bool) {
		complete = true
		for _, a := range stores {
			if p.full(&all) {
				return all, false
			}
			some, whole := p.objectsIn(&a.From, a.in, nil, depth+1)
			all, complete = append(all, p.guarded(moved(some), a.in, a.Guard, nil, depth)...), complete && whole
		}
		return all, complete
	})
}

// zero is what a field of a struct is that settings are read into, without a value of its own: a struct in turn, or a list of those. It is nil
// for others.
func (p *Program) zero(of, id string) *summary.Expr {
	s := p.structs[of]
	name, ok := nameIn(id, of)
	if s == nil || !ok || !p.filled[of] {
		return nil
	}
	if e, ok := p.zeros[id]; ok {
		return e
	}
	var e *summary.Expr
	if i := slices.IndexFunc(s.Fields, func(f summary.Field) bool { return f.Name == name }); i >= 0 {
		switch f := s.Fields[i]; {
		case f.Type != "":
			e = &summary.Expr{Op: summary.Literal, Text: f.Type}
		case f.Elem != "":
			e = &summary.Expr{Op: summary.List, Keys: []string{""}, Args: []summary.Expr{{Op: summary.Literal, Text: f.Elem}}}
		}
	}
	p.zeros[id] = e
	return e
}

// elements calls visit for what a container can hold under a key, with the condition that the key is the one, and reports whether that is all.
func (p *Program) elements(e *summary.Expr, in *function, f *frame, depth int, visit func(x *summary.Expr, o object, conditions []analyzers.Guard)) bool {
	containers, complete := p.objectsIn(&e.Args[0], in, f, depth+1)
	var key value
	if len(e.Args) > 1 {
		key = p.value(&e.Args[1], in, f, depth+1)
	}
	texts, known := key.texts()
	compared := key.compared()
	for _, o := range containers {
		for i := range o.Args {
			if o.Op != summary.List && o.Op != summary.Literal {
				continue
			}
			if isKey := i < len(o.Keys) && o.Op == summary.List && o.Keys[i] == summary.MapKey; isKey != (e.N == 1) {
				continue
			}
			var conditions []analyzers.Guard
			if i < len(o.Keys) && o.Keys[i] != "" && o.Op == summary.List && e.N == 0 {
				switch {
				case known && len(texts) > 0 && !slices.Contains(texts, o.Keys[i]):
					continue
				case !known && compared:
					conditions = []analyzers.Guard{{Value: p.template(key), Patterns: []string{o.Keys[i]}}}
					conditions[0].Value.At = p.place(in.pkg, e.At)
				}
			}
			visit(&o.Args[i], o, conditions)
		}
	}
	return complete
}

func (p *Program) objectsElement(e *summary.Expr, in *function, f *frame, depth int) (all []object, complete bool) {
	complete = true
	whole := p.elements(e, in, f, depth, func(x *summary.Expr, o object, conditions []analyzers.Guard) {
		if p.full(&all) {
			complete = false
			return
		}
		some, whole := p.objectsIn(x, o.in, o.frame, depth+1)
		some = taken(o.holds(some), conditions)
		if o.path != "" {
			some = slices.Clone(some)
			for i := range some {
				some[i].path = o.path
			}
		}
		all, complete = append(all, some...), complete && whole
	})
	return all, complete && whole
}

// element is the value of an element.
func (p *Program) element(e *summary.Expr, in *function, f *frame, depth int) value {
	var out sum
	complete := p.elements(e, in, f, depth, func(x *summary.Expr, o object, conditions []analyzers.Guard) {
		out.add(under(o.of(p.value(x, o.in, o.frame, depth+1)), conditions))
	})
	if complete {
		return out.all()
	}
	container := p.value(&e.Args[0], in, f, depth+1)
	if len(e.Args) < 2 || e.N == 1 {
		return union(out.all(), keyed(container))
	}
	keys, known := p.value(&e.Args[1], in, f, depth+1).texts()
	if !known {
		keys = []string{settings.Any}
	}
	for _, key := range keys {
		out.add(keyed(container, key))
	}
	return out.all()
}

// member is the value of a field: of the literals that its owner can be, and what is stored into it.
func (p *Program) member(e *summary.Expr, in *function, f *frame, depth int) value {
	owners, complete := p.objectsIn(&e.Args[0], in, f, depth+1)
	var out sum
	for _, o := range owners {
		switch o.Op {
		case summary.Literal:
			if i := field(o, e.Text); i >= 0 {
				a := &assign{&summary.Assign{At: o.Args[i].At}, o.in}
				out.add(a.name(e.Text, o.of(p.value(&o.Args[i], o.in, o.frame, depth+1))))
			}
		case summary.Result: // a field of what a library made
			out.add(opaque(o.of(p.value(o.Expr, o.in, o.frame, depth+1))))
		}
	}
	if key := (busy{"", e.Text, nil}); !p.busy[key] {
		p.busy[key] = true
		stored := p.storedIn(e.Text, !complete, depth)
		given := p.givenIn(e, owners, complete, depth)
		delete(p.busy, key)
		if !complete && len(stored)+len(given)+len(out.value) == 0 {
			out.value = opaque(p.value(&e.Args[0], in, f, depth+1)) // of somebody else's struct
		}
		out.add(union(stored, given))
	}
	return out.all()
}

// storedIn is what is assigned to a field; what is given to it in literals counts if it is not known which literal the field is of.
func (p *Program) storedIn(id string, literals bool, depth int) value {
	key := busy{"field", id, nil}
	if v, ok := p.memo[key]; ok && literals {
		return v
	}
	var all sum
	for _, a := range p.stores(id, literals) {
		all.add(under(a.name(id, p.value(&a.From, a.in, nil, depth+1)), p.guards(a.in, a.Guard, nil, depth)))
	}
	stored := apart(all.all())
	if literals {
		p.memo[key] = stored
	}
	return stored
}
