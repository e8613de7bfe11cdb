package reach

import (
	"math"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/library"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
	"github.com/stagewall/stagewall/analyzers/settings"
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

// outcome is a result of a call.
type outcome struct {
	call  *call
	n     int
	frame *frame
}

// objects are the objects that something can be.
type objects struct {
	all      []object
	complete bool
	lowest   int // see search
}

// search is how far what something can be was found out.
type search struct {
	done    map[any]objects
	open    map[any]int     // what is being found out, and how deep in what else
	partial map[any]objects // what was found out while something that it needs was open
	kept    []any           // the keys of partial, the latest last
	lowest  int             // of what is open the outermost that was needed
}

func newSearch() search {
	return search{done: map[any]objects{}, open: map[any]int{}, partial: map[any]objects{}, lowest: math.MaxInt}
}

// isOpen reports whether something is being found out, and notes that it was needed.
func (s *search) isOpen(key any) bool {
	at, open := s.open[key]
	if open {
		s.lowest = min(s.lowest, at)
	}
	return open
}

// once returns what something was found to be, or finds it out. What needs itself is found without that; what is found while something that it
// needs is open is kept for as long as that is.
func (p *Program) once(key any, find func() ([]object, bool)) ([]object, bool) {
	s := &p.search
	if o, ok := s.done[key]; ok {
		return o.all, o.complete
	}
	if s.isOpen(key) {
		return nil, true
	}
	if o, ok := s.partial[key]; ok {
		s.lowest = min(s.lowest, o.lowest)
		return o.all, o.complete
	}
	var o objects
	lowest := s.opened(key, func() {
		o.all, o.complete = find()
		o.all = p.distinct(o.all)
		if len(o.all) > maxObjects {
			o.all, o.complete = o.all[:maxObjects], false
		}
	})
	if o.lowest = lowest; lowest < len(s.open) {
		s.partial[key] = o
		s.kept = append(s.kept, key)
	} else {
		s.done[key] = o
	}
	return o.all, o.complete
}

// opened does something while a key is open, and returns the outermost of what was open before that was needed for it.
func (s *search) opened(key any, do func()) (lowest int) {
	at, outer, kept := len(s.open), s.lowest, len(s.kept)
	s.open[key], s.lowest = at, math.MaxInt
	do()
	delete(s.open, key)
	last := kept
	for _, inner := range s.kept[kept:] {
		if s.partial[inner].lowest < at {
			s.kept[last] = inner
			last++
		} else {
			delete(s.partial, inner)
		}
	}
	s.kept = s.kept[:last]
	lowest = s.lowest
	if s.lowest = outer; lowest < at {
		s.lowest = min(lowest, outer)
	}
	return lowest
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
	complete = len(p.giving[id]) == 0
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

// called returns the call that a result is of, within its function.
func (p *Program) called(e *summary.Expr) *call {
	f := p.funcs[e.Text]
	if f == nil || e.Call >= len(f.calls) {
		return nil
	}
	return f.calls[e.Call]
}

// frameOf is the frame of a call's target, nil where calls are too deep to tell apart, and where there is nothing to tell apart.
func (p *Program) frameOf(c *call, t target, f *frame) *frame {
	one := frame{function: t.function, call: c, closure: t.closure, foreign: t.apart || t.route != nil}
	if f != nil {
		one.depth = f.depth
		if f.function != c.in {
			f = nil
		}
	}
	one.outer = f
	one.depth++
	if t.bound.Expr != nil && t.bound.route == nil && !t.bound.apart {
		one.recv, one.recvIn, one.recvOf = t.bound.Expr, t.bound.in, t.bound.frame
	}
	plain := len(t.Params) == 0 || !slices.ContainsFunc(c.Args, func(e summary.Expr) bool { return e.Op != summary.Unknown })
	if one.depth > maxFrames || plain && t.closure == nil && one.recv == nil || t.skips > 0 && one.recv == nil {
		return nil
	}
	if g, ok := p.frames[one]; ok {
		return g
	}
	p.frames[one] = &one
	return &one
}

// callees are the functions that a call can call in a frame, or whoever calls the function that it stands in.
func (p *Program) callees(c *call, f *frame) []target {
	if f == nil || c.Callee != "" && c.Method == "" || len(c.targets) < 2 && !slices.ContainsFunc(c.targets, func(t target) bool { return t.closure != nil || t.bound.Expr != nil }) {
		return c.targets
	}
	if list := p.resolveIn(c, f); len(list) > 0 {
		return list
	}
	return c.targets
}

// result is the value of a call's result.
func (p *Program) result(e *summary.Expr, f *frame, depth int) value {
	c := p.called(e)
	if c == nil {
		return nil
	}
	if f != nil && f.function != c.in {
		f = nil
	}
	key := outcome{c, e.N, f}
	if v, ok := p.results[key]; ok {
		return v
	}
	v := p.resultOf(c, e, f, depth)
	p.results[key] = v
	return v
}

func (p *Program) resultOf(c *call, e *summary.Expr, f *frame, depth int) value {
	if len(c.targets) == 0 {
		return p.yield(c, e, f, depth)
	}
	var out sum
	for _, target := range p.callees(c, f) {
		inner := p.frameOf(c, target, f)
		key := busy{"result", target.ID, nil}
		if p.busy[key] {
			continue // recursion
		}
		p.busy[key] = true
		for i := range target.Returns {
			r := &target.Returns[i]
			if e.N < len(r.Results) {
				v := under(p.value(&r.Results[e.N], target.function, inner, depth+1), p.guards(target.function, r.Guard, inner, depth))
				if inner == nil {
					v = apart(v)
				}
				out.add(v)
			}
		}
		delete(p.busy, key)
	}
	return out.all()
}

func (p *Program) objectsResult(e *summary.Expr, in *function, f *frame, depth int) (all []object, complete bool) {
	c := p.called(e)
	if c == nil {
		return nil, false
	}
	if f != nil && f.function != c.in {
		f = nil
	}
	return p.once(outcome{c, e.N, f}, func() ([]object, bool) { return p.findResult(c, e, f, depth) })
}

func (p *Program) findResult(c *call, e *summary.Expr, f *frame, depth int) (all []object, complete bool) {
	if len(c.targets) == 0 {
		row := library.Of(c.Callee)
		switch {
		case c.Value != nil:
			return nil, false
		case row.Yields == library.Same && row.Value < len(c.Args):
			return p.objectsIn(&c.Args[row.Value], c.in, f, depth+1)
		case row.Yields == library.Request || row.Yields == library.Command || row.Does == library.Hands || row.Yields == library.Computed:
			return []object{{Expr: e, in: c.in, frame: f}}, false
		}
		return nil, false
	}
	complete = true
	for _, target := range p.callees(c, f) {
		if p.search.isOpen(target.function) {
			continue // recursion
		}
		p.search.opened(target.function, func() {
			inner := p.frameOf(c, target, f)
			for i := range target.Returns {
				r := &target.Returns[i]
				if e.N >= len(r.Results) {
					continue
				}
				if p.full(&all) {
					complete = false
					break
				}
				some, whole := p.objectsIn(&r.Results[e.N], target.function, inner, depth+1)
				if inner == nil {
					some = moved(some)
				}
				all, complete = append(all, p.guarded(some, target.function, r.Guard, inner, depth)...), complete && whole
			}
		})
	}
	return all, complete
}

// yield is the result of a library's function.
func (p *Program) yield(c *call, e *summary.Expr, f *frame, depth int) value {
	arg := func(i int) value {
		if i < 0 || i >= len(c.Args) {
			return nil
		}
		return p.value(&c.Args[i], c.in, f, depth+1)
	}
	row := library.Row{Yields: library.Computed}
	if c.Value == nil {
		row = library.Of(c.Callee)
	}
	switch row.Yields {
	case library.Same:
		return arg(row.Value)
	case library.Nothing:
		return nil
	case library.Variable:
		return variables(arg(row.Value), nil)
	case library.Expanded:
		return expanded(arg(row.Value))
	case library.Formatted:
		return p.formatted(c, row.Value, arg)
	case library.Path:
		out := value{{}}
		for i := row.Value; i < len(c.Args); i++ {
			if i > row.Value {
				out = cross(out, value{{parts: []part{{text: "/", literal: true}}}})
			}
			v := arg(i)
			if len(v) == 0 {
				v = unknown()
			}
			out = cross(out, v)
		}
		return out
	case library.First:
		return p.first(c, arg)
	case library.Content:
		return contents(arg(row.Value), c)
	case library.Document:
		if row.File > 0 {
			var files value
			for i := row.File - 1; i < len(c.Args); i++ {
				files = union(files, arg(i))
			}
			return decoded(contents(files, c))
		}
		return decoded(arg(row.Value))
	case library.Encoded:
		return p.encoded(&c.Args[row.Value], c.in, f, row.Tags, depth)
	case library.Embed:
		return p.embedded(c, row, f, depth)
	case library.Flag:
		return p.flag(c, row, arg)
	case library.Setting:
		if row.Tags == "koanf" {
			return p.koanfAt(arg(row.Value))
		}
		return p.setting(arg(row.Value))
	case library.Option:
		return p.option(arg(row.Value))
	case library.Secret:
		return p.secret(c, row, f, depth)
	case library.Request, library.Command, library.Source:
		return nil
	}
	var out value
	for i := range c.Args {
		out = union(out, arg(i))
	}
	return opaque(out)
}

// variables is the value of the variable that a value names.
func variables(names, fallback value) value {
	texts, _ := names.texts()
	var out value
	for _, name := range texts {
		out = union(out, value{{parts: []part{{variable: name, fallback: fallback}}}})
	}
	if len(out) == 0 {
		return unknown()
	}
	return out
}

// expanded is a text in which variables of the environment are replaced.
func expanded(v value) value {
	out := opaque(v)
	texts, _ := v.texts()
	for _, text := range texts {
		for _, m := range expansion.FindAllStringSubmatch(text, maxParts) {
			out = union(out, value{{parts: []part{{variable: m[1] + m[2]}}, opaque: true}})
		}
	}
	return out
}

// formatted is the text of a format.
func (p *Program) formatted(c *call, at int, arg func(int) value) value {
	formats := arg(at)
	if len(formats) != 1 || len(formats[0].parts) != 1 || !formats[0].parts[0].literal {
		out := opaque(formats)
		for i := at + 1; i < len(c.Args); i++ {
			out = union(out, opaque(arg(i)))
		}
		return out
	}
	whole := formats[0].parts[0]
	out := value{{}}
	from, next := 0, at+1
	literal := func(to int) {
		if to > from {
			out = cross(out, value{{parts: []part{whole.cut(from, to)}}})
		}
	}
	for _, m := range verb.FindAllStringSubmatchIndex(whole.text, maxParts) {
		literal(m[0])
		from = m[1]
		if whole.text[m[2]] == '%' {
			out = cross(out, value{{parts: []part{{text: "%", literal: true}}}})
			continue
		}
		v := arg(next)
		if len(v) == 0 {
			v = unknown()
			v[0].parts = []part{{}}
		}
		out = cross(out, v)
		next++
	}
	literal(len(whole.text))
	return out
}

// cut is a piece of a literal.
func (q part) cut(from, to int) part {
	if q.at.End-q.at.Start == len(q.text) {
		q.at.End, q.at.Start = q.at.Start+to, q.at.Start+from
		q.at.Column += from
	}
	q.text = q.text[from:to]
	return q
}

// first is the first argument that is not empty: a variable with what follows as its default.
func (p *Program) first(c *call, arg func(int) value) value {
	var out value
	for i := len(c.Args) - 1; i >= 0; i-- {
		v := arg(i)
		if len(v) == 1 && len(v[0].parts) == 1 && v[0].parts[0].variable != "" && len(out) > 0 {
			q := v[0].parts[0]
			q.fallback = out
			out = value{{parts: []part{q}, conditions: v[0].conditions}}
			continue
		}
		out = union(v, out)
	}
	return out
}

// embedded is what an embedded file holds.
func (p *Program) embedded(c *call, row library.Row, f *frame, depth int) value {
	if len(c.Args) <= row.Value {
		return nil
	}
	systems, _ := p.objectsIn(&c.Args[row.Into], c.in, f, depth+1)
	name := p.value(&c.Args[row.Value], c.in, f, depth+1)
	var out value
	for _, o := range systems {
		if o.Op != summary.Embedded {
			continue
		}
		file := cross(value{{parts: []part{{text: path.Dir(p.Path(o.in.pkg.Files[o.At.File])) + "/", literal: true}}}}, name)
		out = union(out, contents(file, c))
	}
	return out
}

// flag is the value of a flag: what the user gives is not known.
func (p *Program) flag(c *call, row library.Row, arg func(int) value) value {
	name := "flag"
	if row.Value > 0 {
		if texts, ok := arg(row.Value - 1).texts(); ok && len(texts) == 1 {
			name = texts[0]
		}
	}
	return value{{parts: []part{{variable: "--" + name, fallback: arg(row.Value)}}}}
}
