package reach

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
)

// What bounds the evaluation of values.
const (
	maxNesting      = 60
	maxSpent        = 300_000 // expressions, each time that calls are looked at again; some seconds of a large server
	maxParts        = 48
	maxAlternatives = 64
	maxConditions   = 8
)

// value is what an expression can come to: one of several alternatives.
type value []alternative

// alternative is a text with holes, taken under conditions that all hold.
type alternative struct {
	parts      []part
	conditions []analyzers.Guard
	opaque     bool // the text is not known: it is computed from the parts
	route      *route
}

// part is a piece of a value: a literal, a variable of the environment, or something of which the text is not known.
type part struct {
	text     string
	literal  bool
	pkg      *summary.Package // of the literal's place
	at       summary.At
	name     string // the variable or constant that the literal was given to, and where
	named    summary.At
	namedIn  *summary.Package
	variable string // of the environment, or "--name" for a flag
	naming   value  // of a variable of which the name is computed: the name
	fallback value  // if the variable is not set
	cased    string // the variable's value is taken in capitals, or in small letters: [analyzers.Upper] or [analyzers.Lower]
	store    string // what this store has under the name called, and where it is looked up
	called   value
	file     value // the content of a file of which this is the path
	document *document
	decoded  bool     // the file, or the document, is read as settings
	keys     []string // of these what stands under the keys
}

// frame is a call within which a function's parameters have the call's arguments. There is one of each, see [Program.frameOf].
type frame struct {
	function *function
	call     *call
	outer    *frame // in which the arguments are evaluated; nil for whoever calls
	closure  *frame // of a function literal: the call of the function around it
	recv     *summary.Expr
	recvIn   *function // of what a method value is bound to
	recvOf   *frame
	foreign  bool // the closure was not made by whoever calls
	depth    int
}

// object is a literal, a list, a function, a request or a command, and the frame in which its parts are evaluated.
type object struct {
	*summary.Expr
	in    *function
	frame *frame
	route *route
	apart bool   // it came by a way on which calls are not told apart
	path  string // of a field of a literal that is not given there: the fields that it is in, the innermost first, see [inner]
	// conditions are those under which it is taken for others that it could be, which all hold: an entry of a map under its key.
	conditions []analyzers.Guard
}

// busy is something that is being found out.
type busy struct {
	what, id string
	frame    *frame
}

// maxFrames bounds the calls within calls in which parameters are told apart.
const maxFrames = 4

// exhausted reports whether the program is too large to evaluate more.
func (p *Program) exhausted() bool {
	p.spent++
	p.cut = p.cut || p.spent > maxSpent
	return p.spent > maxSpent
}

// value evaluates an expression of a function, within a frame or for all of its callers.
func (p *Program) value(e *summary.Expr, in *function, f *frame, depth int) value {
	if e.Op == summary.Text { // costs nothing, however large the program is
		return value{{parts: []part{{text: e.Text, literal: true, pkg: in.pkg, at: e.At}}}}
	}
	if depth > maxNesting || p.exhausted() {
		return nil
	}
	switch e.Op {
	case summary.Name:
		return p.named(e.Text, in, f, depth)
	case summary.Join:
		out := value{{}}
		for i := range e.Args {
			v := p.value(&e.Args[i], in, f, depth+1)
			if len(v) == 0 {
				v = unknown()
			}
			out = cross(out, v)
		}
		return out
	case summary.Any:
		var out sum
		for i := range e.Args {
			out.add(p.value(&e.Args[i], in, f, depth+1))
		}
		return out.all()
	case summary.Derived, summary.List, summary.Literal:
		var out sum
		for i := range e.Args {
			out.add(p.value(&e.Args[i], in, f, depth+1))
		}
		return opaque(out.value)
	case summary.Element:
		return p.kept(e, f, func() value { return p.element(e, in, f, depth) })
	case summary.Yielded:
		return p.yielded(e, in, f, depth)
	case summary.Member:
		return p.kept(e, f, func() value { return p.member(e, in, f, depth) })
	case summary.Result:
		return p.result(e, f, depth)
	case summary.Embedded:
		return value{{parts: []part{{file: value{{parts: []part{{text: p.Path(e.Text), literal: true}}}}, pkg: in.pkg, at: e.At}}}}
	}
	return nil
}

// written is an expression, within a frame or for all callers.
type written struct {
	*summary.Expr
	frame *frame
}

// kept is the value of an expression, which is found out once.
func (p *Program) kept(e *summary.Expr, f *frame, find func() value) value {
	key := written{e, f}
	if v, ok := p.values[key]; ok {
		return v
	}
	p.values[key] = nil // while it is looked for
	v := find()
	p.values[key] = v
	return v
}

// yielded is what an iterator of a library gives to the body of a loop: what it was made with. The package's own call the body.
func (p *Program) yielded(e *summary.Expr, in *function, f *frame, depth int) value {
	var out value
	whole := p.elements(e, in, f, depth, func(x *summary.Expr, o object, _ []analyzers.Guard) {
		out = union(out, o.of(p.value(x, o.in, o.frame, depth+1)))
	})
	if iterators, complete := p.objectsIn(&e.Args[0], in, f, depth+1); whole || complete && len(iterators) > 0 {
		return out
	}
	return union(out, opaque(p.value(&e.Args[0], in, f, depth+1)))
}

// unknown is a value of which nothing is known.
func unknown() value { return value{{opaque: true}} }

// opaque is a value that is computed from another.
func opaque(v value) value {
	if len(v) == 0 {
		return nil
	}
	out := slices.Clone(v)
	for i := range out {
		out[i].opaque = true
	}
	return out
}

func union(a, b value) value {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	return bounded(append(slices.Clip(a), b...))
}

// sum is a value that is put together from several, as by [union]. What is in it is copied once, and not with each that is added.
type sum struct {
	value
	own bool // nobody else has its alternatives
}

func (s *sum) add(v value) {
	switch {
	case len(v) == 0:
	case len(s.value) == 0:
		s.value, s.own = v, false
	case s.own:
		s.value = bounded(append(s.value, v...))
	default:
		both := make(value, 0, 2*(len(s.value)+len(v)))
		s.value, s.own = bounded(append(append(both, s.value...), v...)), true
	}
}

// all is the value, to which nothing is added any more.
func (s *sum) all() value { return slices.Clip(s.value) }

// bounded returns a value with few alternatives: too many become one, of which the text is not known. Those without sources go first.
func bounded(v value) value {
	if len(v) <= maxAlternatives {
		return v
	}
	if v = merged(v); len(v) <= maxAlternatives {
		return v
	}
	one := alternative{opaque: true}
	for _, a := range v {
		for _, q := range a.parts {
			if len(one.parts) < maxParts && q.source() && !slices.ContainsFunc(one.parts, q.same) {
				one.parts = append(one.parts, q)
			}
		}
	}
	return value{one}
}

// merged is a value in which what comes by many routes is no longer told apart.
func merged(v value) value {
	out := make(value, 0, len(v))
	for _, a := range v {
		i := slices.IndexFunc(out, func(b alternative) bool {
			return a.opaque == b.opaque && slices.EqualFunc(a.parts, b.parts, part.same) && slices.EqualFunc(a.conditions, b.conditions, sameGuard)
		})
		if i < 0 {
			out = append(out, a)
		} else if out[i].route != a.route {
			out[i].route = nil
		}
	}
	return out
}

// source reports whether a part can hold a token. The text of a literal with one in it is withheld.
func (q part) source() bool {
	return q.withheld() || q.variable != "" || q.naming != nil || q.store != "" || q.file != nil || q.document != nil && len(q.document.under(q.keys)) > 0
}

func (q part) withheld() bool { return q.literal && q.text == "" && q.at.End > q.at.Start }

func (q part) same(r part) bool {
	return q.literal == r.literal && q.variable == r.variable && q.pkg == r.pkg && q.at == r.at && q.text == r.text && q.document == r.document &&
		slices.Equal(q.keys, r.keys) && q.store == r.store && sameParts(q.called, r.called) && sameParts(q.naming, r.naming) && q.cased == r.cased
}

// sameParts reports whether two values are made of the same parts.
func sameParts(a, b value) bool {
	return slices.EqualFunc(a, b, func(a, b alternative) bool { return slices.EqualFunc(a.parts, b.parts, part.same) })
}

// cross joins each alternative of one value with each of another.
func cross(a, b value) value {
	if len(a)*len(b) > maxAlternatives {
		return bounded(append(append(slices.Clip(a), b...), make(value, maxAlternatives)...))
	}
	out := make(value, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			parts := append(slices.Clip(x.parts), y.parts...)
			if len(parts) > maxParts {
				parts = parts[:maxParts]
			}
			r, ok := joined(x.route, y.route)
			if !ok {
				continue // no call gives both
			}
			out = append(out, alternative{
				parts: parts, conditions: both(x.conditions, y.conditions), opaque: x.opaque || y.opaque, route: r,
			})
		}
	}
	return out
}

func both(a, b []analyzers.Guard) []analyzers.Guard {
	out := slices.Clip(a)
	for _, g := range b {
		if len(out) < maxConditions && !slices.ContainsFunc(out, func(o analyzers.Guard) bool { return sameGuard(o, g) }) {
			out = append(out, g)
		}
	}
	return out
}

func sameGuard(a, b analyzers.Guard) bool {
	return a.Not == b.Not && a.Value.At == b.Value.At && slices.Equal(a.Patterns, b.Patterns)
}

// conditionKey tells sets of conditions apart as [sameGuard] does; it is empty without conditions.
func conditionKey(all []analyzers.Guard) string {
	if len(all) == 0 {
		return ""
	}
	var key strings.Builder
	for _, g := range all {
		fmt.Fprint(&key, g.Not, g.Value.At.Path, g.Value.At.Span, len(g.Patterns), g.Patterns)
	}
	return key.String()
}

// under adds conditions to every alternative.
func under(v value, conditions []analyzers.Guard) value {
	if len(conditions) == 0 || len(v) == 0 {
		return v
	}
	out := slices.Clone(v)
	for i := range out {
		out[i].conditions = both(out[i].conditions, conditions)
	}
	return out
}

// named is the value of a variable, constant or parameter, as a function sees it.
func (p *Program) named(id string, in *function, f *frame, depth int) value {
	if f, foreign := p.scope(id, f); f != nil {
		v := p.valueOf(id, f, depth)
		if foreign {
			v = apart(v)
		}
		return v
	}
	home := p.home(id)
	switch {
	case home == in:
		return p.valueOf(id, nil, depth)
	case home == nil || !in.within(home):
		return apart(p.valueOf(id, nil, depth))
	}
	// A function literal knows the variables of the function around it, as they are in the call by which it was made.
	key := captured{id, in}
	if v, ok := p.captured[key]; ok {
		return v
	}
	var out value
	for i := range in.from {
		s := &in.from[i]
		outer, foreign := p.scope(id, s.target.closure)
		if outer == nil {
			return apart(p.valueOf(id, nil, depth))
		}
		made := object{route: s.target.route, apart: s.target.apart || foreign}
		out = union(out, s.entering(made.of(p.valueOf(id, outer, depth))))
	}
	p.captured[key] = out
	return out
}

// captured is a variable of a function as a literal in it knows it.
type captured struct {
	id string
	in *function
}

// within reports whether a function is a literal in another one.
func (f *function) within(outer *function) bool {
	return strings.HasPrefix(f.ID, outer.ID+"$") || strings.Contains(outer.ID, "$") && strings.HasPrefix(f.ID, outer.ID[:strings.IndexByte(outer.ID, '$')+1])
}

// home returns the function that a variable is of, nil for those of packages and fields, and where it is not known.
func (p *Program) home(id string) *function {
	if f, ok := p.homes[id]; ok {
		return f
	}
	var home *function
	if q, ok := p.params[id]; ok {
		home = q.function
	} else if strings.Contains(id[:max(0, strings.LastIndexByte(id, '#'))], ":") {
		for i, a := range p.assigns[id] {
			if i > 0 && a.in != home {
				home = nil
				break
			}
			home = a.in
		}
	}
	p.homes[id] = home
	return home
}

// scope returns the frame, among a frame and those of the functions around, that a variable is of, and whether that is one of other callers; nil
// if there is none.
func (p *Program) scope(id string, f *frame) (of *frame, foreign bool) {
	for f != nil && f.function != p.home(id) {
		f, foreign = f.closure, foreign || f.foreign
	}
	return f, foreign
}

// valueOf is the value of a variable, constant or parameter in a frame, or for all callers.
func (p *Program) valueOf(id string, f *frame, depth int) value {
	key := busy{"", id, f}
	if v, ok := p.memo[key]; ok {
		return v
	}
	if p.busy[key] {
		return nil
	}
	p.busy[key] = true
	v := p.stored(id, f, depth)
	if f != nil {
		v = union(p.argument(f, id, depth), v)
	} else {
		v = union(v, p.callers(id, depth))
	}
	delete(p.busy, key)
	p.memo[key] = v
	return v
}

// stored is what is assigned to a variable, by functions that it is handed to as well.
func (p *Program) stored(id string, f *frame, depth int) value {
	out := p.assigned(id, f, depth)
	for _, q := range p.fillers(id) {
		v := p.assigned(q.id, q.frame, depth+1)
		if q.apart {
			v = apart(v)
		}
		out = union(out, v)
	}
	return out
}

// assigned is what assignments give to a variable.
func (p *Program) assigned(id string, f *frame, depth int) value {
	var out, otherwise sum
	home := p.home(id)
	for _, a := range p.assigns[id] {
		if a.in == nil || !a.in.reached {
			continue
		}
		var inner *frame
		if f != nil && a.in == f.function {
			inner = f
		}
		if a.fills() {
			otherwise.add(a.name(id, p.value(&a.From, a.in, inner, depth+1)))
			continue
		}
		v := under(a.name(id, p.value(&a.From, a.in, inner, depth+1)), p.guards(a.in, a.Guard, inner, depth))
		if inner == nil && a.in != home {
			v = apart(v)
		}
		out.add(v)
	}
	return union(orElse(out.all(), otherwise.all()), p.givenTo(id, f, depth))
}

// fills reports whether a variable is assigned to only where it is empty: if env == "" { env = "production" }.
func (a *assign) fills() bool {
	if a.Guard < 0 || a.in.Guards[a.Guard].Parent >= 0 || a.in.Guards[a.Guard].Not || a.in.Guards[a.Guard].Cond.Op != summary.Equal {
		return false
	}
	sides := a.in.Guards[a.Guard].Cond.Args
	is := func(e *summary.Expr, op summary.Op, text string) bool {
		return e.Op == op && e.Text == text && e.N == 0
	}
	return is(&sides[0], summary.Name, a.To) && is(&sides[1], summary.Text, "") || is(&sides[1], summary.Name, a.To) && is(&sides[0], summary.Text, "")
}

// orElse is a value with what is taken in its place where it is empty: the default of variables that have none.
func orElse(v, otherwise value) value {
	if len(otherwise) == 0 {
		return v
	}
	out := slices.Clone(v)
	filled := false
	for i, a := range v {
		if len(a.parts) == 1 && a.parts[0].variable != "" && len(a.parts[0].fallback) == 0 && !a.opaque {
			q := a.parts[0]
			q.fallback, filled = otherwise, true
			out[i].parts = []part{q}
		}
	}
	if !filled {
		return union(out, otherwise)
	}
	return out
}

// filled is a parameter of a call that somebody stores something through.
type filled struct {
	id    string
	frame *frame
	apart bool // what is stored is no more than one of the values at the place in question
}

// fillers are the parameters that a variable is handed to, and those that these are handed to in turn, nearest first: each once a call. They are
// the same whoever asks, and a logger or a context is handed on by thousands of calls.
func (p *Program) fillers(id string) []filled {
	if all, known := p.filling[id]; known {
		return all
	}
	all := p.findFillers(id)
	p.filling[id] = all
	return all
}

func (p *Program) findFillers(id string) []filled {
	all := []filled{{id: id}}
	type way struct {
		id   string
		call *call
	}
	seen, done := map[way]bool{}, map[string]bool{}
	for i := 0; i < len(all); i++ {
		if done[all[i].id] {
			continue // all ways on from there have been seen
		}
		done[all[i].id] = true
		home := p.home(all[i].id)
		for _, h := range p.handed[all[i].id] {
			for _, q := range p.through(h) {
				if w := (way{q.id, h.call}); !seen[w] && q.id != id && !p.exhausted() {
					seen[w] = true
					q.apart = all[i].apart || q.frame == nil || h.call.in != home
					all = append(all, q)
				}
			}
		}
	}
	return all[1:]
}

// through returns the parameters that an argument is given to and that somebody assigns to.
func (p *Program) through(h argument) []filled {
	if !h.call.in.reached {
		return nil
	}
	var all []filled
	for _, t := range h.call.targets {
		if i := h.index + t.skips; i < len(t.Params) && t.Params[i] != "" {
			if id := t.Params[i]; len(p.assigns[id]) > 0 || len(p.handed[id]) > 0 {
				all = append(all, filled{id: id, frame: p.frameOf(h.call, t, nil)})
			}
		}
	}
	return all
}

// name notes, of literals, the variable that they are given to.
func (a *assign) name(id string, v value) value {
	for i, alt := range v {
		if len(alt.parts) == 0 || !slices.ContainsFunc(alt.parts, func(q part) bool { return q.withheld() && q.name == "" }) {
			continue
		}
		v = slices.Clone(v)
		v[i].parts = slices.Clone(alt.parts)
		for j, q := range v[i].parts {
			if q.withheld() && q.name == "" {
				v[i].parts[j].name, v[i].parts[j].named, v[i].parts[j].namedIn = id, a.At, a.in.pkg
			}
		}
	}
	return v
}

// argument is what a frame's call gives to a parameter. The last one may take several.
func (p *Program) argument(f *frame, id string, depth int) value {
	i := slices.Index(f.function.Params, id)
	if i < 0 {
		return nil
	}
	if f.recv != nil {
		if i == 0 {
			return p.value(f.recv, f.recvIn, f.recvOf, depth+1)
		}
		i--
	}
	var out value
	for j := i; j < len(f.call.Args); j++ {
		out = union(out, p.value(&f.call.Args[j], f.call.in, f.outer, depth+1))
		if id != f.function.Params[len(f.function.Params)-1] {
			break
		}
	}
	return out
}

// callers is what all calls give to a parameter.
func (p *Program) callers(id string, depth int) value {
	q, ok := p.params[id]
	if !ok {
		return nil
	}
	fn := q.function
	var out sum
	for i := range fn.from {
		s := &fn.from[i]
		if b := s.target.bound; b.Expr != nil && q.index == 0 {
			out.add(s.entering(under(b.of(p.value(b.Expr, b.in, b.frame, depth+1)), p.guards(s.in, s.guard, nil, depth))))
			continue
		}
		if s.call == nil {
			continue
		}
		args := s.call.Args
		for j := q.index - s.target.skips; j >= 0 && j < len(args); j++ {
			out.add(s.entering(under(p.value(&args[j], s.in, nil, depth+1), p.guards(s.in, s.guard, nil, depth))))
			if q.index < len(fn.Params)-1 {
				break
			}
		}
	}
	return out.all()
}
