package reach

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
)

// A value that comes by a parameter comes from a certain call, and leads from there to where it is handed on: nobody else's call of the
// same function has it.

// route is the calls by which a value came into a function, the last one being that of the function. It is nil for what is the function's
// own, and for what comes by way of variables and fields that several share. There is one of each.
type route struct {
	before *route
	hop    hop // the last one
	length int
	next   map[hop]*route
}

// hop is a place at which one function reaches another.
type hop struct {
	in, to *function
	at     summary.At
	guard  int
	says   string
}

// maxRoute bounds the calls that are told apart; of a longer route the last ones stay.
const maxRoute = 6

// through returns the route that goes on with a hop.
func (r *route) through(h hop) *route {
	if r != nil && r.length >= maxRoute {
		hops := r.hops()[1:]
		r = nil
		for _, earlier := range hops {
			r = r.through(earlier)
		}
	}
	next := &h.in.routes
	if r != nil {
		next = &r.next
	}
	if found, ok := (*next)[h]; ok {
		return found
	}
	if *next == nil {
		*next = map[hop]*route{}
	}
	long := &route{before: r, hop: h, length: 1}
	if r != nil {
		long.length += r.length
	}
	(*next)[h] = long
	return long
}

// along returns the route that goes on with another one.
func (r *route) along(more *route) *route {
	if r == nil {
		return more
	}
	for _, h := range more.hops() {
		r = r.through(h)
	}
	return r
}

// hops are the calls, the first one first.
func (r *route) hops() []hop {
	if r == nil {
		return nil
	}
	hops := make([]hop, r.length)
	for i := r.length - 1; r != nil; i, r = i-1, r.before {
		hops[i] = r.hop
	}
	return hops
}

// joined is the longer of two routes into one function, if one is the end of the other: else nothing comes by both.
func joined(a, b *route) (*route, bool) {
	if b == nil || a == b {
		return a, true
	}
	if a == nil || a.length < b.length {
		a, b = b, a
	}
	for x, y := a, b; y != nil; x, y = x.before, y.before {
		if x.hop != y.hop {
			return nil, false
		}
	}
	return a, true
}

// id tells routes apart.
func (r *route) id() string {
	var b strings.Builder
	for _, h := range r.hops() {
		b.WriteString(h.in.ID + ":" + strconv.Itoa(h.at.File) + ":" + strconv.Itoa(h.at.Start) + ">" + h.to.ID + "\n")
	}
	return b.String()
}

// hop returns the site as a hop; ok is false at the program's start.
func (s *site) hop() (hop, bool) {
	return hop{in: s.in, to: s.target.function, at: s.at, guard: s.guard, says: s.says}, s.in != nil
}

// into returns the route of something that comes along one into the function in which the site is, and on to the function that it reaches;
// ok is false if it does not come there.
func (s *site) into(r *route) (*route, bool) {
	r, ok := joined(r, s.target.route)
	if h, called := s.hop(); ok && called {
		return r.through(h), true
	}
	return r, ok
}

// entering is a value as it comes into the function that a site reaches.
func (s *site) entering(v value) value {
	var out value
	for _, a := range v {
		r, ok := s.into(a.route)
		if ok {
			a.route = r
			out = append(out, a)
		}
	}
	return out
}

// apart is a value that comes by a way on which calls are not told apart.
func apart(v value) value {
	if !slices.ContainsFunc(v, func(a alternative) bool { return a.route != nil }) {
		return v
	}
	out := slices.Clone(v)
	for i := range out {
		out[i].route = nil
	}
	return out
}

// of is a value of a part of an object, as it comes along with it.
func (o object) of(v value) value {
	if o.apart {
		v = apart(v)
	}
	v = under(v, o.conditions)
	if o.route == nil {
		return v
	}
	out := slices.Clone(v)
	for i := range out {
		out[i].route = out[i].route.along(o.route)
	}
	return out
}

// holds are objects that are a part of an object, as they come along with it.
func (o object) holds(parts []object) []object {
	parts = taken(parts, o.conditions)
	if !o.apart && o.route == nil {
		return parts
	}
	out := slices.Clone(parts)
	for i := range out {
		if o.apart {
			out[i].route, out[i].apart = nil, true
		}
		out[i].route = out[i].route.along(o.route)
	}
	return out
}

// taken are objects that are taken only under conditions.
func taken(all []object, conditions []analyzers.Guard) []object {
	if len(conditions) == 0 || len(all) == 0 {
		return all
	}
	out := slices.Clone(all)
	for i := range out {
		out[i].conditions = both(out[i].conditions, conditions)
	}
	return out
}

// moved are objects that come by a way on which calls are not told apart.
func moved(all []object) []object {
	out := slices.Clone(all)
	for i := range out {
		out[i].route, out[i].apart = nil, true
	}
	return out
}

// stretch is what happens at the end of a route, and the routes that go on from there.
type stretch struct {
	route *route
	steps []analyzers.Step
}

// happens notes steps of the function that a route leads to: they happen to what came along it.
func (w *writer) happens(r *route, steps []analyzers.Step) {
	if len(steps) == 0 {
		return
	}
	w.stretch(r).steps = append(w.stretch(r).steps, steps...)
}

func (w *writer) stretch(r *route) *stretch {
	id := r.id()
	s := w.routes[id]
	if s == nil {
		s = &stretch{route: r}
		w.routes[id] = s
	}
	return s
}

// along writes down what happens along routes: for each a program of the function at its end, which the one before it runs, and at the beginning
// the function itself.
func (w *writer) along(bodies map[*function][]analyzers.Step) {
	for n := maxRoute; n > 0; n-- { // the longest first: each adds to a shorter one
		for _, id := range slices.Sorted(maps.Keys(w.routes)) {
			s := w.routes[id]
			if s.route.length != n {
				continue
			}
			last := s.route.hop
			name := w.name(last.to.ID) + " by " + id
			at := w.whereabouts(last.to)
			w.add(at.Path, analyzers.Program{Name: name, At: at, Steps: s.steps})
			called := w.place(last.in.pkg, last.at)
			run := guarded([]analyzers.Step{{Op: analyzers.OpRun, At: called, Ref: &analyzers.Ref{Name: name}, Says: last.says}},
				w.guards(last.in, last.guard, nil, 0), called)
			if n > 1 {
				w.happens(s.route.before, run)
			} else {
				bodies[last.in] = append(bodies[last.in], run...)
			}
		}
	}
}
