// Package reach says what a program of Go can get: it joins the summaries of its packages and writes down, as facts that are linked with
// those of all other files, which functions the program calls, and what each of them reads, opens, runs and hands on.
//
// A function is called if it is reachable from main, from an initialiser, or by being handed to a library. Methods of interfaces are matched
// by the methods that the interface has, among the types of which a reachable function gives values to interfaces. Values are followed through variables,
// fields by the literal that they were given in and by their type, elements by constant keys, parameters in the calls at hand, results, and
// functions as values: a function literal keeps the variables of the call by which it was made, a method value what it is bound to. Each value
// has the conditions under which it is taken, where those compare something with words.
//
// What comes by parameters comes along calls: it is handed on in a program of its own for those calls, so that the path to a token leads by
// the caller that has it, and by nobody who calls the same function without it.
package reach

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/library"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
)

// Program is a main package with all that it is made of.
type Program struct {
	// Path returns the path of a file that a summary calls so, relative to the root of the repository.
	Path func(file string) string
	// Variant tells programs of one main package apart that are built with different tags.
	Variant string

	main           *summary.Package
	packages       []*summary.Package // those that the program imports, itself among them, sorted by path
	funcs          map[string]*function
	params         map[string]parameter
	assigns        map[string][]*assign
	having         map[string][]*namedType    // by method, as it is called and by its signature
	satisfying     map[[2]string][]*namedType // see implementing
	structs        map[string]*summary.Struct
	structOf       map[string]*summary.Package
	held           map[string]bool     // types of which functions that are reached give values to interfaces
	functionFields map[string][]string // by type: fields to which something is assigned
	reachedTakers  []*function         // functions that are reached and take functions as values

	reached   []*function // in the order of their distance
	memo      map[busy]value
	values    map[written]value // of fields and elements
	templates map[template]analyzers.Value
	results   map[outcome]value // of calls
	search    search            // for the same of names, by their ids, of calls and of fields
	frames    map[frame]*frame  // one for each that there is
	homes     map[string]*function
	captured  map[captured]value
	busy      map[busy]bool
	spent     int
	cut       bool // the program is too large to follow everything

	handed  map[string][]argument // by variable: the calls that share it with a parameter
	giving  map[string][]giving   // what libraries' functions give to variables and fields
	callsOf map[string][]*call    // direct calls, by the function that is called
	scratch scratch
	storing map[fieldOf][]*assign    // see stores
	filling map[string][]filled      // see fillers
	filled  map[string]bool          // types that settings are read into
	zeros   map[string]*summary.Expr // see zero
	options []*option
	viper   viper
	koanf   koanf
}

type namedType struct {
	*summary.Type
	pkg     *summary.Package
	methods map[string]string // by name with signature, and by loose name: the function
}

// function is a function of one of the packages.
type function struct {
	*summary.Func
	pkg      *summary.Package
	calls    []*call
	reached  bool
	distance int
	from     []site         // the calls that reach it
	routes   map[hop]*route // that begin in it
}

// call is a call and what it calls.
type call struct {
	*summary.Call
	in      *function
	index   int
	targets []target
}

// target is a function that a call can call.
type target struct {
	*function
	closure *frame // of a function literal: the call of the function around it by which it was made, nil if that is not known
	bound   object // of a method value: what it is bound to
	skips   int    // parameters that the call gives nothing to: the receiver of a method value
	route   *route // the calls by which the function value came
	apart   bool   // see [object]
	// conditions are those under which it is the function that is called.
	conditions []analyzers.Guard
}

// site is a place from which a function is reached.
type site struct {
	in     *function // nil for the program's start
	call   *call     // nil where the function is taken as a value
	at     summary.At
	pkg    *summary.Package
	guard  int
	says   string
	target target
	round  int // in which it was found last
}

// same reports whether two sites of a function are one.
func (s *site) same(t *site) bool {
	return s.in == t.in && s.call == t.call && s.at == t.at && s.target.same(&t.target)
}

func (t *target) same(u *target) bool {
	return t.function == u.function && t.closure == u.closure && t.bound.Expr == u.bound.Expr && t.bound.frame == u.bound.frame && t.route == u.route &&
		slices.EqualFunc(t.conditions, u.conditions, sameGuard)
}

// parameter is a function's parameter.
type parameter struct {
	function *function
	index    int
}

// argument is an argument of a call.
type argument struct {
	call  *call
	index int
}

type assign struct {
	*summary.Assign
	in *function
}

// New joins the summaries of a main package and of all that it imports.
func New(main *summary.Package, closure *summary.Closure, path func(string) string) *Program {
	p := &Program{
		Path: path,
		main: main,

		funcs:          map[string]*function{},
		params:         map[string]parameter{},
		assigns:        map[string][]*assign{},
		having:         map[string][]*namedType{},
		satisfying:     map[[2]string][]*namedType{},
		structs:        map[string]*summary.Struct{},
		structOf:       map[string]*summary.Package{},
		functionFields: map[string][]string{},
		frames:         map[frame]*frame{},
		homes:          map[string]*function{},
		handed:         map[string][]argument{},
		giving:         map[string][]giving{},
		callsOf:        map[string][]*call{},
		scratch:        scratch{map[identity]bool{}, map[identity]int{}},
		filled:         map[string]bool{},
		zeros:          map[string]*summary.Expr{},
	}
	p.imported(main, closure, map[string]bool{})
	slices.SortFunc(p.packages, func(a, b *summary.Package) int { return cmp.Compare(a.Path, b.Path) })
	for _, pkg := range p.packages {
		p.add(pkg)
	}
	for _, pkg := range p.packages {
		p.readers(pkg)
	}
	return p
}

func (p *Program) imported(pkg *summary.Package, closure *summary.Closure, seen map[string]bool) {
	if seen[pkg.Path] {
		return
	}
	seen[pkg.Path] = true
	p.packages = append(p.packages, pkg)
	for _, i := range pkg.Imports {
		if next := closure.Find(i.Path); next != nil {
			p.imported(next, closure, seen)
		}
	}
}

func (p *Program) add(pkg *summary.Package) {
	for i := range pkg.Funcs {
		f := &function{Func: &pkg.Funcs[i], pkg: pkg}
		for j := range f.Calls {
			c := &call{Call: &f.Calls[j], in: f, index: j}
			f.calls = append(f.calls, c)
			if c.Callee != "" && c.Method == "" {
				p.callsOf[c.Callee] = append(p.callsOf[c.Callee], c)
			}
			for k := range c.Args {
				if a := &c.Args[k]; a.Op == summary.Name && a.N == 1 {
					p.handed[a.Text] = append(p.handed[a.Text], argument{c, k})
				}
			}
		}
		p.funcs[f.ID] = f
		for j, id := range f.Params {
			if id != "" {
				p.params[id] = parameter{f, j}
			}
		}
	}
	for i := range pkg.Assigns {
		a := &pkg.Assigns[i]
		if dot := strings.LastIndexByte(a.To, '.'); dot > 0 && !a.Inside && !strings.Contains(a.To, "#") {
			if fields := p.functionFields[a.To[:dot]]; !slices.Contains(fields, a.To) {
				p.functionFields[a.To[:dot]] = append(fields, a.To)
			}
		}
		p.assigns[a.To] = append(p.assigns[a.To], &assign{a, p.funcs[a.Func]})
	}
	for i := range pkg.Types {
		t := &namedType{Type: &pkg.Types[i], pkg: pkg, methods: map[string]string{}}
		for _, m := range t.Methods {
			t.methods[m.Name], t.methods[m.Loose] = m.Func, m.Func
		}
		for method := range t.methods {
			p.having[method] = append(p.having[method], t)
		}
	}
	for i := range pkg.Structs {
		p.structs[pkg.Structs[i].ID], p.structOf[pkg.Structs[i].ID] = &pkg.Structs[i], pkg
	}
}

// What bounds how often calls of values are looked at again, since what is reached tells what values there are; and the places of one function
// that are told apart.
const (
	maxRounds = 12
	maxSites  = 4000
)

// Solve finds out what the program reaches. Of one that is too large for that it is what was found by then.
func (p *Program) Solve() {
	p.held = map[string]bool{}
	for round := 1; round <= maxRounds && !p.cut; round++ {
		p.forget()
		if !p.spread(round) {
			break
		}
	}
	p.forget()
	p.configure()
	p.distances()
}

// TooLarge reports, of a program that is solved, whether it is too large to find out all that it reaches.
func (p *Program) TooLarge() bool { return p.cut }

// forget drops what was evaluated while less was reached.
func (p *Program) forget() {
	p.memo, p.busy, p.spent = map[busy]value{}, map[busy]bool{}, 0
	p.templates = map[template]analyzers.Value{}
	p.values, p.captured, p.filling = map[written]value{}, map[captured]value{}, map[string][]filled{}
	p.storing = map[fieldOf][]*assign{}
	p.results, p.search = map[outcome]value{}, newSearch()
}

// spread reaches what is called by what is reached, and reports whether that was anything new. While it is at work, what was found in the round
// before counts too.
func (p *Program) spread(round int) (grown bool) {
	var queue []*function
	reach := func(t target, from site) {
		f := t.function
		if f == nil {
			return
		}
		from.target, from.round = t, round
		if i := slices.IndexFunc(f.from, func(s site) bool { return s.same(&from) }); i >= 0 {
			f.from[i].round = round
		} else if len(f.from) < maxSites {
			f.from, grown = append(f.from, from), true
		}
		if !f.reached {
			f.reached, grown = true, true
			queue = append(queue, f)
		}
	}
	for _, f := range p.funcs {
		if f.reached {
			queue = append(queue, f)
		}
	}
	slices.SortFunc(queue, func(a, b *function) int { return cmp.Compare(a.ID, b.ID) })
	for _, pkg := range p.packages {
		for i := range pkg.Funcs {
			if id := pkg.Funcs[i].ID; strings.HasPrefix(id, pkg.Init()) && (id == pkg.Init() || strings.HasPrefix(id, pkg.Init()+"#")) {
				reach(target{function: p.funcs[id]}, site{pkg: pkg, guard: -1, says: "is initialised"})
			}
		}
	}
	reach(target{function: p.funcs[p.main.Path+".main"]}, site{pkg: p.main, guard: -1})
	made, takers := len(p.held), len(p.reachedTakers)
	for len(queue) > 0 {
		f := queue[0]
		queue = queue[1:]
		for _, id := range f.Holds {
			p.held[id] = true
		}
		if len(f.Takes) > 0 && !slices.Contains(p.reachedTakers, f) {
			p.reachedTakers = append(p.reachedTakers, f)
		}
		for _, r := range f.Refs {
			reach(target{function: p.funcs[r.Func]}, site{in: f, at: r.At, pkg: f.pkg, guard: r.Guard, says: "hands on " + Display(r.Func)})
		}
		for _, c := range f.calls {
			c.targets = p.resolve(c)
			for _, t := range c.targets {
				reach(t, site{in: f, call: c, at: c.At, pkg: f.pkg, guard: c.Guard, says: "calls " + Display(t.ID)})
			}
			if len(c.targets) == 0 && (c.Callee == "" || library.CallsBack(c.Callee)) {
				for _, t := range p.escaping(c) {
					reach(t, site{in: f, at: c.At, pkg: f.pkg, guard: c.Guard, says: "hands on " + Display(t.ID)})
				}
			}
		}
	}
	for _, f := range p.funcs {
		n := len(f.from)
		f.from = slices.DeleteFunc(f.from, func(s site) bool { return s.round < round })
		grown = grown || len(f.from) < n
	}
	return grown || len(p.held) > made || len(p.reachedTakers) > takers
}

// escaping returns the functions that a call gives to a library, which can call them: as arguments, or in structs and lists that are.
func (p *Program) escaping(c *call) []target {
	var found targets
	seen := map[*summary.Expr]bool{}
	var visit func(e *summary.Expr, in *function, f *frame, depth int)
	visit = func(e *summary.Expr, in *function, f *frame, depth int) {
		const deepest = 6
		if depth > deepest || seen[e] {
			return
		}
		seen[e] = true
		objects, _ := p.objectsIn(e, in, f, 0)
		for _, o := range objects {
			switch o.Op {
			case summary.Function, summary.Dispatched:
				for _, t := range p.functions(o) {
					if depth > 0 { // it came with what it is in
						t.route, t.apart = nil, true
						t.bound.route, t.bound.apart = nil, true
					}
					found.add(t)
				}
			case summary.Literal, summary.List:
				for i := range o.Args {
					visit(&o.Args[i], o.in, o.frame, depth+1)
				}
				if o.Op == summary.Literal {
					for _, id := range p.functionFields[o.Text] {
						for _, a := range p.stores(id, false) {
							visit(&a.From, a.in, nil, depth+1)
						}
					}
				}
			case summary.Result: // of a library: what it was made with
				if made := p.called(o.Expr); made != nil && made != c {
					for i := range made.Args {
						visit(&made.Args[i], made.in, nil, depth+1)
					}
				}
			}
		}
	}
	for i := range c.Args {
		visit(&c.Args[i], c.in, nil, 0)
	}
	return found.sorted()
}

// targets are functions that can be called, each once.
type targets []target

func (ts *targets) add(more ...target) {
	for _, t := range more {
		if len(*ts) < maxObjects && !slices.ContainsFunc(*ts, func(u target) bool { return t.same(&u) }) {
			*ts = append(*ts, t)
		}
	}
}

func (ts targets) sorted() []target {
	slices.SortStableFunc(ts, func(a, b target) int { return cmp.Compare(a.ID, b.ID) })
	return ts
}

// resolve returns the functions that a call can call, whoever calls the function that it stands in.
func (p *Program) resolve(c *call) []target { return p.resolveIn(c, nil) }

// resolveIn returns the functions that a call can call within a frame.
func (p *Program) resolveIn(c *call, f *frame) []target {
	switch {
	case c.Method != "":
		var recv []object
		complete := false
		if len(c.Args) > 0 {
			recv, complete = p.objectsIn(&c.Args[0], c.in, f, 0)
		}
		return p.implementations(c.Method, c.Iface, recv, complete)
	case c.Callee != "":
		if g := p.funcs[c.Callee]; g != nil {
			return []target{{function: g}}
		}
	case c.Value != nil:
		var found targets
		objects, complete := p.objectsIn(c.Value, c.in, f, 0)
		for _, o := range objects {
			found.add(p.functions(o)...)
		}
		if len(found) == 0 && !complete && c.Sig != "" { // it comes by a way that is not followed: any function of its type
			for _, g := range p.reachedTakers {
				for _, t := range g.Takes {
					if t.Sig == c.Sig && p.funcs[t.Func] != nil {
						one := target{function: p.funcs[t.Func]}
						if t.Bound {
							one.skips = 1
						}
						found.add(one)
					}
				}
			}
		}
		return found.sorted()
	}
	return nil
}

// functions are the functions that a function value stands for.
func (p *Program) functions(o object) []target {
	switch o.Op {
	case summary.Function:
		g := p.funcs[o.Text]
		if g == nil {
			return nil
		}
		t := target{function: g, route: o.route, apart: o.apart, conditions: o.conditions}
		if strings.Contains(o.Text, "$") {
			t.closure = o.frame
		}
		if len(o.Args) > 0 {
			t.skips, t.bound = 1, object{Expr: &o.Args[0], in: o.in, frame: o.frame, route: o.route, apart: o.apart}
		}
		return []target{t}
	case summary.Dispatched:
		recv, complete := p.objectsIn(&o.Args[0], o.in, o.frame, 0)
		list := p.implementations(o.Text, o.Keys[0], recv, complete)
		for i := range list {
			list[i].route, list[i].apart, list[i].conditions = o.route, o.apart, both(o.conditions, list[i].conditions)
			list[i].skips, list[i].bound = 1, object{Expr: &o.Args[0], in: o.in, frame: o.frame, route: o.route, apart: o.apart}
		}
		return list
	}
	return nil
}

// implementations returns the methods that the call of an interface's method can call on a receiver, of which complete says whether it is known
// what it can be.
func (p *Program) implementations(method, iface string, recv []object, complete bool) []target {
	var only map[string]targets // by the type of the receiver: the conditions under which it is of it
	if complete && len(recv) > 0 && !slices.ContainsFunc(recv, func(o object) bool { return o.Op != summary.Literal }) {
		only = map[string]targets{}
		for _, o := range recv {
			ways := only[o.Text]
			ways.add(target{conditions: o.conditions})
			only[o.Text] = ways
		}
	}
	var found targets
	for _, t := range p.implementing(method, iface) {
		f := p.funcs[t.methods[method]]
		switch {
		case f == nil || !p.held[t.ID]: // no interface can hold one
		case only == nil:
			found.add(target{function: f})
		default:
			for _, way := range only[t.ID] {
				found.add(target{function: f, conditions: way.conditions})
			}
		}
	}
	return found.sorted()
}

// implementing returns the types that have the method and all others of the interface, whether an interface holds one or not.
func (p *Program) implementing(method, iface string) []*namedType {
	key := [2]string{method, iface}
	types, known := p.satisfying[key]
	if known {
		return types
	}
	wanted := strings.Split(iface, "\n")
	for _, t := range p.having[method] {
		if !slices.ContainsFunc(wanted, func(m string) bool { _, has := t.methods[m]; return !has && m != "" }) {
			types = append(types, t)
		}
	}
	p.satisfying[key] = types
	return types
}

// conditional is how much further away a function is that is called under a condition: what is surely called is the better path.
const conditional = 8

// distances orders the functions that are reached by how far they are from the program's start.
func (p *Program) distances() {
	const far = 1 << 30
	for _, f := range p.funcs {
		f.distance = far
		if f.reached {
			p.reached = append(p.reached, f)
			slices.SortFunc(f.from, func(a, b site) int {
				return cmp.Or(cmp.Compare(a.owner(), b.owner()), cmp.Compare(a.at.File, b.at.File), cmp.Compare(a.at.Start, b.at.Start), cmp.Compare(a.says, b.says))
			})
		}
	}
	slices.SortFunc(p.reached, func(a, b *function) int { return cmp.Compare(a.ID, b.ID) })
	calls := map[*function][]*function{} // a function and those that it reaches
	guarded := map[[2]*function]bool{}   // only under a condition
	var start []*function
	for _, f := range p.reached {
		for _, s := range f.from {
			if s.in == nil {
				start = append(start, f)
				f.distance = 0
				if f.ID != p.main.Path+".main" {
					f.distance = 1
				}
				continue
			}
			pair := [2]*function{s.in, f}
			if _, seen := guarded[pair]; !seen {
				calls[s.in] = append(calls[s.in], f)
				guarded[pair] = true
			}
			guarded[pair] = guarded[pair] && s.guard >= 0
		}
	}
	// Distances are small whole numbers: functions are looked at in buckets of equal distance.
	buckets := map[int][]*function{}
	for _, f := range start {
		buckets[f.distance] = append(buckets[f.distance], f)
	}
	for d := 0; len(buckets) > 0; d++ {
		for i := 0; i < len(buckets[d]); i++ {
			f := buckets[d][i]
			if f.distance != d {
				continue
			}
			for _, g := range calls[f] {
				next := d + 1
				if guarded[[2]*function{f, g}] {
					next += conditional
				}
				if next < g.distance {
					g.distance = next
					buckets[next] = append(buckets[next], g)
				}
			}
		}
		delete(buckets, d)
	}
	slices.SortStableFunc(p.reached, func(a, b *function) int { return cmp.Compare(a.distance, b.distance) })
}

func (s site) owner() string {
	if s.in == nil {
		return ""
	}
	return s.in.ID
}

// Display is a function's id for people: without the folders of its package's path.
func Display(id string) string {
	prefix := ""
	for strings.HasPrefix(id, "(") || strings.HasPrefix(id, "*") {
		prefix, id = prefix+id[:1], id[1:]
	}
	if dollar := strings.IndexByte(id, '$'); dollar >= 0 {
		return Display(prefix+id[:dollar]) + "'s function"
	}
	if i := strings.LastIndexByte(id, '/'); i >= 0 {
		id = id[i+1:]
	}
	if i := strings.Index(id, ".init#"); i >= 0 {
		id = id[:i+len(".init")]
	}
	return prefix + id
}
