package reach

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers/golang/summary"
)

// maxObjects bounds the literals that one expression can be.
const maxObjects = 64

// objectsIn returns the literals, lists, functions, requests and commands that an expression of a function can be; complete is false if it can
// be others.
func (p *Program) objectsIn(e *summary.Expr, in *function, f *frame, depth int) (all []object, complete bool) {
	if depth > maxNesting || p.exhausted() {
		return nil, false
	}
	switch e.Op {
	case summary.Literal, summary.List, summary.Function, summary.Dispatched, summary.Embedded:
		return []object{{Expr: e, in: in, frame: f}}, true
	case summary.Text, summary.Join:
		return nil, true
	case summary.Any:
		complete = true
		for i := range e.Args {
			some, whole := p.objectsIn(&e.Args[i], in, f, depth+1)
			all, complete = append(all, some...), complete && whole
		}
	case summary.Name:
		all, complete = p.objectsNamed(e.Text, in, f, depth)
	case summary.Member:
		all, complete = p.once(member{e, f}, func() ([]object, bool) { return p.objectsMember(e, in, f, depth) })
	case summary.Element:
		all, complete = p.once(member{e, f}, func() ([]object, bool) { return p.objectsElement(e, in, f, depth) })
	case summary.Result:
		all, complete = p.objectsResult(e, in, f, depth)
	}
	if len(all) > maxObjects {
		return all[:maxObjects], false
	}
	return all, complete
}

// full reports whether objects are as many as are told apart, after leaving out those that are there twice.
func (p *Program) full(all *[]object) bool {
	if len(*all) < maxObjects {
		return false
	}
	*all = p.distinct(*all)
	return len(*all) >= maxObjects
}

// maxRoutes bounds the routes that are told apart by which one thing comes into a function.
const maxRoutes = 8

// inner is the path of a field of what has a path.
func inner(field, path string) string { return field + "\x00" + path }

// distinct are objects without those that are there twice. What comes by many routes is no longer told apart.
func (p *Program) distinct(all []object) []object {
	if len(all) < 2 || len(all) < 8 && unlike(all) {
		return all
	}
	seen, routes := p.scratch.seen, p.scratch.routes
	clear(seen)
	clear(routes)
	many := false
	last := 0
	for _, o := range all {
		key := o.identity()
		if seen[key] {
			continue
		}
		seen[key] = true
		key.route, key.apart = nil, false
		routes[key]++
		many = many || routes[key] > maxRoutes
		all[last] = o
		last++
	}
	all = all[:last]
	if !many {
		return all
	}
	last = 0
	for _, o := range all {
		key := o.identity()
		key.route, key.apart = nil, false
		switch n := routes[key]; {
		case n > maxRoutes:
			routes[key] = 0 // said once
			o.route, o.apart = nil, true
		case n == 0:
			continue
		}
		all[last] = o
		last++
	}
	return all[:last]
}

// scratch is what telling objects apart needs.
type scratch struct {
	seen   map[identity]bool
	routes map[identity]int
}

// unlike reports whether no two of a few objects are one.
func unlike(all []object) bool {
	for i := range all {
		for j := range i {
			if all[i].Expr == all[j].Expr && all[i].identity() == all[j].identity() {
				return false
			}
		}
	}
	return true
}

// identity is what makes two objects one.
type identity struct {
	*summary.Expr
	in    *function
	frame *frame
	route *route
	apart bool
	path  string
	under string // see [conditionKey]
}

func (o *object) identity() identity {
	return identity{o.Expr, o.in, o.frame, o.route, o.apart, o.path, conditionKey(o.conditions)}
}

func (p *Program) objectsNamed(id string, in *function, f *frame, depth int) (all []object, complete bool) {
	if f, foreign := p.scope(id, f); f != nil {
		all, complete = p.objectsOf(id, f, depth)
		if foreign {
			all = moved(all)
		}
		return all, complete
	}
	home := p.home(id)
	if home == in {
		return p.objectsOf(id, nil, depth)
	}
	return p.once(captured{id, in}, func() ([]object, bool) { return p.objectsCaptured(id, in, home, depth) })
}

// objectsCaptured are those that a variable of a function can be for a function in it.
func (p *Program) objectsCaptured(id string, in, home *function, depth int) (all []object, complete bool) {
	complete = home != nil && in.within(home) && len(in.from) > 0
	for i := range in.from {
		s := &in.from[i]
		outer, foreign := p.scope(id, s.target.closure)
		if outer == nil || !complete || p.full(&all) {
			complete = false
			break
		}
		some, whole := p.objectsOf(id, outer, depth)
		made := object{route: s.target.route, apart: s.target.apart || foreign}
		all, complete = append(all, s.brings(made.holds(some))...), whole
	}
	if complete {
		return all, true
	}
	all, complete = p.objectsOf(id, nil, depth)
	return moved(all), complete
}

// brings are objects as they come into the function that a site reaches.
func (s *site) brings(all []object) []object {
	var out []object
	for _, o := range all {
		if r, ok := s.into(o.route); ok {
			o.route = r
			out = append(out, o)
		}
	}
	return out
}

// objectsOf returns what a variable can be in a frame, or for all callers.
func (p *Program) objectsOf(id string, f *frame, depth int) (all []object, complete bool) {
	return p.once(busy{"", id, f}, func() ([]object, bool) { return p.findNamed(id, f, depth) })
}

func (p *Program) findNamed(id string, f *frame, depth int) (all []object, complete bool) {
	complete = len(p.giving[id]) == 0 && !p.foreign(id)
	home := p.home(id)
	add := func(some []object, whole bool) { all, complete = append(all, some...), complete && whole }
	for _, a := range p.assigns[id] {
		if a.in == nil || !a.in.reached {
			continue
		}
		if p.full(&all) {
			return all, false
		}
		var inner *frame
		if f != nil && a.in == f.function {
			inner = f
		}
		some, whole := p.objectsIn(&a.From, a.in, inner, depth+1)
		if inner == nil && a.in != home {
			some = moved(some)
		}
		add(p.guarded(some, a.in, a.Guard, inner, depth), whole)
	}
	for _, h := range p.handed[id] {
		for _, q := range p.through(h) {
			add(p.objectsStored(q.id, true, depth))
		}
	}
	q, ok := p.params[id]
	switch {
	case !ok:
	case f != nil:
		add(p.objectsGiven(f, q.index, depth))
	default:
		called := false
		for i := range q.function.from {
			if p.full(&all) {
				return all, false
			}
			s := &q.function.from[i]
			if b := s.target.bound; b.Expr != nil && q.index == 0 {
				called = true
				some, whole := p.objectsIn(b.Expr, b.in, b.frame, depth+1)
				add(s.brings(p.guarded(b.holds(some), s.in, s.guard, nil, depth)), whole)
				continue
			}
			if s.call == nil {
				complete = false // a library calls it, with what it has
				continue
			}
			if j := q.index - s.target.skips; j >= 0 && j < len(s.call.Args) {
				called = true
				some, whole := p.objectsIn(&s.call.Args[j], s.in, nil, depth+1)
				add(s.brings(p.guarded(some, s.in, s.guard, nil, depth)), whole)
			}
		}
		complete = complete && called
	}
	return all, complete
}

// foreign reports whether a variable is one of a package that is none of the program's: what that gives to it is not known.
func (p *Program) foreign(id string) bool {
	pkg, _, _ := strings.Cut(id, "#")
	return !strings.Contains(pkg, ":") && p.find(pkg) == nil
}

// guarded are objects that are taken only where a guard of a function lets something happen.
func (p *Program) guarded(all []object, in *function, guard int, f *frame, depth int) []object {
	if len(all) == 0 || guard < 0 {
		return all
	}
	return taken(all, p.guards(in, guard, f, depth))
}

// objectsGiven are those that a frame's call gives to a parameter.
func (p *Program) objectsGiven(f *frame, i, depth int) ([]object, bool) {
	if f.recv != nil {
		if i == 0 {
			return p.objectsIn(f.recv, f.recvIn, f.recvOf, depth+1)
		}
		i--
	}
	if i >= len(f.call.Args) {
		return nil, true
	}
	return p.objectsIn(&f.call.Args[i], f.call.in, f.outer, depth+1)
}

// field returns the index of a field in a literal, -1 if it is not given.
func field(o object, id string) int {
	name, ok := nameIn(id, o.Text)
	if !ok {
		return -1
	}
	return slices.Index(o.Keys, name)
}

// nameIn returns the name of the field with an id, if it is one of a type.
func nameIn(id, of string) (name string, ok bool) {
	rest, ok := strings.CutPrefix(id, of)
	if !ok || rest == "" || rest[0] != '.' {
		return "", false
	}
	return rest[1:], true
}

// stores are the assignments to a field; those within literals count if it is not known which literal the field is of.
func (p *Program) stores(id string, literals bool) []*assign {
	if len(p.assigns[id]) == 0 {
		return nil
	}
	key := fieldOf{id, literals}
	if all, ok := p.storing[key]; ok {
		return all
	}
	var all []*assign
	for _, a := range p.assigns[id] {
		if a.in != nil && a.in.reached && (literals || !a.Inside) {
			all = append(all, a)
		}
	}
	p.storing[key] = all
	return all
}
