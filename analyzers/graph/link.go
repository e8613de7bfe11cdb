package graph

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"math"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Link executes the facts of all units and returns the graph. It stops early, with an error, only when ctx ends.
func Link(ctx context.Context, in Input) (*Graph, error) { return NewLinker(in).Link(ctx) }

// Linker knows what can be told of an index before anything is executed.
type Linker struct{ *linker }

// NewLinker returns a linker, which is for one goroutine. The index does not change from now on.
func NewLinker(in Input) Linker { return Linker{newLinker(in)} }

// Anew returns a linker for the same index, in which facts took the place of others since. What depends on the files' names and the tokens
// alone it knows already.
func (l Linker) Anew() Linker {
	anew := prepared(l.Input)
	anew.located, anew.packages, anew.ended, anew.every, anew.fetching, anew.values = l.located, l.packages, l.ended, l.every, l.fetching, l.values
	anew.survey()
	return Linker{anew}
}

// Link is the function [Link]. It is called once.
func (l Linker) Link(ctx context.Context) (*Graph, error) {
	in := l.Input
	var units []analyzers.Unit
	for _, p := range in.Index.All() {
		if vendored(p) {
			continue
		}
		for _, f := range in.Index.Facts(p) {
			l.graph.Gaps = append(l.graph.Gaps, f.Gaps...)
			units = append(units, f.Units...)
		}
	}
	slices.SortStableFunc(units, func(a, b analyzers.Unit) int { return cmp.Compare(a.ID, b.ID) })
	for i, u := range units {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if i > 0 && units[i-1].ID == u.ID {
			continue // two analyzers read the file as the same unit
		}
		l.unit(u)
	}
	if l.Known != nil {
		l.graph.Gaps = append(l.graph.Gaps, l.Known.Gaps...)
	}
	l.unrun()
	l.checkout()
	l.openings()
	l.graph.index()
	slices.SortFunc(l.graph.Gaps, func(a, b analyzers.Gap) int {
		return cmp.Or(cmp.Compare(a.At.Path, b.At.Path), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.Says, b.Says), cmp.Compare(a.At.Column, b.At.Column))
	})
	l.graph.Gaps = slices.CompactFunc(l.graph.Gaps, func(a, b analyzers.Gap) bool {
		return a.At.Path == b.At.Path && a.At.Line == b.At.Line && a.Says == b.Says // as reports say it
	})
	return l.graph, nil
}

// vendored reports whether a file belongs to a module of others that was copied into a main module: only its packages are used here, and what its
// own makefiles, pipelines and scripts do is done by nobody, unless something of this repository runs them.
// https://go.dev/ref/mod#vendoring
func vendored(file string) bool {
	_, inside, found := strings.Cut("/"+file, "/vendor/")
	host, _, deeper := strings.Cut(inside, "/")
	return found && deeper && strings.Contains(host, ".") && !strings.HasPrefix(host, ".")
}

// newLinker makes a linker that knows what is known in the whole repository, and has executed nothing.
func newLinker(in Input) *linker {
	l := prepared(in)
	l.survey()
	return l
}

// survey finds what is known in the whole repository.
func (l *linker) survey() {
	for _, p := range l.Index.All() {
		for _, f := range l.Index.Facts(p) {
			l.publish(f)
		}
	}
	l.findIdle()
}

// prepared returns a linker that knows nothing yet.
func prepared(in Input) *linker {
	return &linker{
		Input:          in,
		graph:          &Graph{References: map[string]detectors.Reference{}, scoped: map[analyzers.Node]bool{}, bulk: map[[2]analyzers.Node]bool{}},
		global:         map[string][]program{},
		modules:        map[string]string{},
		npm:            map[string]program{},
		moduleAliases:  map[string][]analyzers.Step{},
		aliasedModules: map[[2]string]located{},
		processes:      map[string]*lesson{},
		alone:          map[string][]Stand{},
		reach:          map[string][]int{},
		names:          map[[2]string][]string{},
		held:           map[string]bool{},
		gaps:           map[analyzers.Gap]bool{},
		made:           map[analyzers.Edge]bool{},
		ran:            map[string]bool{},
		located:        map[[5]string]located{},
		members:        map[[2]string][]target{},
		programs:       map[string][]target{},
		patterned:      map[string][]target{},
		compiled:       map[string][]compiled{},
		alive:          map[string]bool{},
		aliases:        map[string]bool{},
		asked:          map[string]bool{},
		nowhere:        map[*analyzers.Step]bool{},
		empty:          map[*analyzers.Value]bool{},
		traced:         map[string]bool{},
		named:          map[string]bool{},
		bodies:         map[*analyzers.Program][]analyzers.Step{},
		idles:          map[*analyzers.Step]bool{},
		plains:         map[*analyzers.Step]bool{},
		worked:         map[*analyzers.Step][]detectors.ID{},
		sharings:       map[sharing][]map[string]binding{},
		signSharings:   map[sharing][]map[string]binding{},
		ignoring:       map[string]func(string) bool{},
		found:          map[[2]string]program{},
		searched:       map[string]bool{},
		lending:        map[string]bool{},
		motions:        map[taken]motion{},
		sourcing:       map[stepIn]sourced{},
		imported:       map[string]string{},
		fetching:       &sync.Map{},
		always:         map[string]bool{},
		values:         map[string]detectors.Environment{},
	}
}

// linker holds what linking one repository needs. It is used by one goroutine.
type linker struct {
	Input
	graph *Graph

	global         map[string][]program        // programs known in the whole repository, by name
	modules        map[string]string           // Go module path: its folder
	npm            map[string]program          // name of a package of JavaScript: its entries
	moduleAliases  map[string][]analyzers.Step // folder: what its modules of JavaScript call others
	aliasedModules map[[2]string]located       // such a name, and the folder of who imports it: the file
	processes      map[string]*lesson          // instances that were executed, or are being, and by which unit
	alone          map[string][]Stand          // by file: see unmentioned
	reach          map[string][]int            // by file: see standing
	held           map[string]bool             // files whose tokens have their holds edges
	gaps           map[analyzers.Gap]bool
	made           map[analyzers.Edge]bool
	first          []change                                // see firsts
	names          map[[2]string][]string                  // by store and scope: see stored
	accounts       map[detectors.Reference][]string        // by the reference without one: see addressed; made on first need
	located        map[[5]string]located                   // see file
	packages       map[string][]string                     // see goPackage
	members        map[[2]string][]target                  // see ofPackage
	programs       map[string][]target                     // what packages are built to, by folder
	patterned      map[string][]target                     // see mainsIn, by pattern
	compiled       map[string][]compiled                   // what is built, by the program's name
	packaged       map[string]bool                         // the names that packages give to their programs; made on first need
	leads          []string                                // names that ever led to a token, sorted
	steps          int                                     // executed for the present unit
	all            int                                     // executed for all units
	ran            map[string]bool                         // files of which some steps were done
	aside          bool                                    // what happens now is no unit's: see unrun
	alive          map[string]bool                         // names that can come to hold a token: see findIdle
	aliases        map[string]bool                         // names that have an alias for their value, see [code.Entry]
	renamed        int                                     // how many aliases are being followed
	living         []string                                // the same, sorted
	asked          map[string]bool                         // names whose values matter
	wanted         map[string]bool                         // names that have to be known in full to tell which matter
	nowhere        map[*analyzers.Step]bool                // openings that lead nowhere whatever names hold: see followEnds
	empty          map[*analyzers.Value]bool               // paths by which nothing with tokens is read: see followReads
	traced         map[string]bool                         // names of which all that they are set to was looked at for that
	named          map[string]bool                         // names of programs that a step refers to
	bodies         map[*analyzers.Program][]analyzers.Step // see body
	idles          map[*analyzers.Step]bool                // steps of bodies that are idle
	plains         map[*analyzers.Step]bool                // see plain
	worked         map[*analyzers.Step][]detectors.ID      // see worksOn
	sharings       map[sharing][]map[string]binding        // of the present unit, see sharedNames
	signSharings   map[sharing][]map[string]binding        // of no unit, for signs
	ignoring       map[string]func(string) bool            // see ignored, by the ignore file
	compared       int                                     // patterns of ignore files, see maxIgnored
	shares         int                                     // names in those of no unit
	found          map[[2]string]program                   // see find, by file and name
	searched       map[string]bool                         // files whose programs are among the found
	lending        map[string]bool                         // see lends, by file
	sourcing       map[stepIn]sourced                      // see sources
	motions        map[taken]motion                        // see motion
	ended          *endings                                // see endings
	every          []string                                // see paths
	fetching       *sync.Map                               // bool by library, see fetches
	imported       map[string]string                       // by import path, the folder of the package; see goFolder
	lessons        []*lesson                               // of the units that were executed; see Known
	always         map[string]bool                         // files of which something is done while no unit is executed
	values         map[string]detectors.Environment        // see valued
	most           int                                     // see mayAdd
	full           bool
	lesson         *lesson // the present one, nil while no unit is executed, and if nothing is to be learned
}

// program is a program and the file that says it.
type program struct {
	*analyzers.Program
	path    string
	outline *analyzers.Outline // if the file was only glanced at: further steps
}

const (
	modulePrefix     = "@go/module/"
	npmPackagePrefix = "@npm/package/"
	npmAliasPrefix   = "@npm/alias/"
)

// publish notes the programs of a file that are known in the whole repository.
func (l *linker) publish(f *analyzers.Facts) {
	for i := range f.Programs {
		p := program{&f.Programs[i], f.Path, f.Outline}
		if strings.HasPrefix(p.Name, "@") {
			l.global[p.Name] = append(l.global[p.Name], p)
		}
		if module, ok := strings.CutPrefix(p.Name, modulePrefix); ok {
			l.modules[module] = path.Dir(f.Path)
		}
		if name, ok := strings.CutPrefix(p.Name, npmPackagePrefix); ok {
			l.npm[name] = p
		}
		if folder, ok := strings.CutPrefix(p.Name, npmAliasPrefix); ok {
			l.moduleAliases[folder] = append(l.moduleAliases[folder], p.Steps...)
		}
		l.compiles(p.Steps, f.Path)
	}
	for _, u := range f.Units {
		if file, ok := u.Runs.Path.Text(); ok && u.Kind == mainKind {
			if main, ok := l.find(file, u.Runs.Name); ok {
				folder := path.Dir(file)
				l.programs[folder] = append(l.programs[folder], target{main, file})
			}
		}
	}
}

// find returns the program of a file.
func (l *linker) find(file, name string) (program, bool) {
	if !l.searched[file] {
		l.searched[file] = true
		for _, f := range l.Index.Facts(file) {
			for i := range f.Programs {
				key := [2]string{file, f.Programs[i].Name}
				if _, earlier := l.found[key]; !earlier {
					l.found[key] = program{&f.Programs[i], file, f.Outline}
				}
			}
		}
	}
	p, ok := l.found[[2]string{file, name}]
	return p, ok
}

// lends reports whether a file has functions that those who source it can call.
func (l *linker) lends(file string) bool {
	lends, ok := l.lending[file]
	if !ok {
		lends = slices.ContainsFunc(l.Index.Facts(file), func(f *analyzers.Facts) bool {
			return slices.ContainsFunc(f.Programs, func(p analyzers.Program) bool { return p.Apart })
		})
		l.lending[file] = lends
	}
	return lends
}

func (l *linker) edge(from, to analyzers.Node, verb analyzers.Verb, at detectors.Place, says string) {
	e := analyzers.Edge{From: from, To: to, Verb: verb, At: at, Says: says}
	if verb != analyzers.Runs && to.Kind != targetKind {
		l.meet()
	}
	always := verb == analyzers.Holds && from == fileNode(from.ID)
	if !always && !l.mayAdd(at) || l.made[e] {
		return
	}
	l.made[e] = true
	l.graph.Edges = append(l.graph.Edges, e)
}

// mayAdd reports whether there may be one more edge: units that all have what they have from each other come to the product of what is said. What
// lies in the checkout, and where tokens stand, is always said.
func (l *linker) mayAdd(at detectors.Place) bool {
	if l.most == 0 {
		l.most = maxEdges
		for _, stands := range l.Stands {
			l.most += 4 * len(stands)
		}
	}
	if len(l.graph.Edges) < l.most+4*len(l.graph.Units) {
		return true
	}
	if !l.full {
		l.full = true
		l.graph.Gaps = append(l.graph.Gaps, analyzers.Gap{At: at, Says: "units have more of each other than can be followed; what else they reach is not known"})
	}
	return false
}

func (l *linker) gap(at detectors.Place, says string) {
	if l.aside {
		return
	}
	g := analyzers.Gap{At: at, Says: says}
	if !l.gaps[g] {
		l.gaps[g] = true
		l.graph.Gaps = append(l.graph.Gaps, g)
		l.leave(g)
	}
}

// unit decides a unit's environments and executes it once in each.
func (l *linker) unit(u analyzers.Unit) {
	environments, class, evidence := l.environments(u)
	l.graph.Units = append(l.graph.Units, Unit{Unit: u, Environments: environments, Evidence: evidence, Class: class})
	if l.isBarren(u.ID) {
		return
	}
	if l.all > maxAll {
		l.gap(detectors.Place{Path: u.At.Path}, "the programs of all units are too many to follow; what those of this file's units reach is not known")
		return
	}
	defer l.learn(&u)()
	clear(l.sharings)
	runs := environments.List()
	if len(runs) == 0 {
		runs = []detectors.Environment{0}
	}
	for _, env := range runs {
		l.steps = 0
		p := &process{
			linker:      l,
			node:        unitNode(u.ID, env),
			environment: env,
			spaces:      map[string]bindings{},
			sourced:     map[*analyzers.Program]int{},
			tracked:     u.Kind == "ci-job",
		}
		for _, file := range u.Files {
			p.dir = path.Dir(file)
			break
		}
		for _, target := range p.resolve(u.Runs, u.At) {
			p.start(target, u.Runs.Args)
		}
		p.settle(u.At)
	}
}

// unrun executes the programs of files in which tokens stand and that no unit runs, for what they do with the tokens: code that lies there
// says what a token is for, whoever runs it. Nobody gains anything by it: the process is no unit's, asks no store, and leaves no gap.
func (l *linker) unrun() {
	l.aside = true
	for _, file := range slices.Sorted(maps.Keys(l.Stands)) {
		if l.ran[file] || !l.Index.Exists(file) {
			continue
		}
		for _, f := range l.Index.Facts(file) {
			for i := range f.Programs {
				l.steps = 0
				p := &process{
					linker: l, node: analyzers.Node{Kind: "file", ID: file, Scope: unrunScope},
					spaces: map[string]bindings{}, sourced: map[*analyzers.Program]int{}, closed: true, dir: path.Dir(file),
				}
				p.run(f.Programs[i].Steps, file)
			}
		}
	}
	l.aside = false
}

// openings makes the edges from tokens to what they open.
func (l *linker) openings() {
	if l.Opens == nil {
		return
	}
	seen := map[string]bool{}
	for _, file := range slices.Sorted(maps.Keys(l.Stands)) {
		for _, s := range l.Stands[file] {
			if seen[s.Token] {
				continue
			}
			seen[s.Token] = true
			for _, o := range l.Opens(s.Token) {
				l.edge(tokenNode(s.Token), targetNode(o.ID), analyzers.Opens, o.At, "")
			}
		}
	}
}

// unrunScope tells the process of [linker.unrun] from the file itself.
const unrunScope = "run by nobody"

// environments returns the union of the unit's strongest signs, and their class.
func (l *linker) environments(u analyzers.Unit) (detectors.Environment, analyzers.Class, []detectors.Evidence) {
	signs := u.Signs
	if l.Declare != nil {
		if env, evidence := l.Declare(u); env != 0 {
			signs = append(slices.Clone(signs), analyzers.Sign{
				Class: analyzers.Inventory, Environments: env, Says: evidence.Says,
				At: detectors.Place{Path: evidence.Path, Line: evidence.Line},
			})
		}
	}
	if env := environ.Path(u.At.Path); env != 0 {
		signs = append(slices.Clone(signs), analyzers.Sign{
			Class: analyzers.File, Environments: env, Says: "the file's path says " + env.String(), At: detectors.Place{Path: u.At.Path},
		})
	}
	begun := sync.OnceValue(func() *process { return l.begun(u.Runs) })
	const suggestion = -1 // weaker than every class
	strongest := suggestion - 1
	var all detectors.Environment
	var evidence []detectors.Evidence
	for _, s := range signs {
		env := s.Environments
		if env == 0 && s.Value != nil {
			env = l.template(*s.Value, begun)
		}
		if env == 0 {
			if s.Value == nil { // evidence about the unit that names no environment
				evidence = append(evidence, detectors.Evidence{About: "unit", Says: s.Says, Path: s.At.Path, Line: s.At.Line})
			}
			continue
		}
		class := int(s.Class)
		if s.Class == analyzers.Mode && env == detectors.Production { // which servers and builds of every environment are run in
			class = suggestion
		}
		if class > strongest {
			strongest, all = class, 0
			evidence = slices.DeleteFunc(evidence, func(e detectors.Evidence) bool { return e.About == "environment" })
		}
		if class == strongest {
			all |= env
			e := detectors.Evidence{About: "environment", Says: s.Says, Path: s.At.Path, Line: s.At.Line, Environments: env}
			if !slices.Contains(evidence, e) {
				evidence = append(evidence, e)
			}
		}
	}
	return all, analyzers.Class(max(strongest, 0)), evidence
}

// template returns the environments that a computed name can be. Variables in it are what they are in a process that has begun to run the unit's program.
func (l *linker) template(v analyzers.Value, begun func() *process) detectors.Environment {
	var p *process
	if slices.ContainsFunc(v.Parts, isVariable) {
		p = begun()
	} else {
		p = l.begun(analyzers.Ref{})
	}
	var env detectors.Environment
	for _, text := range p.evaluate(v, detectors.Place{}).texts {
		env |= l.valued(text)
	}
	return env
}

// begun returns a process that makes no edges, and in which a program has set what it sets itself.
func (l *linker) begun(program analyzers.Ref) *process {
	p := &process{linker: l, spaces: map[string]bindings{}, sourced: map[*analyzers.Program]int{}, silent: true}
	file, known := program.Path.Text()
	if !known || file == "" {
		return p
	}
	if main, ok := l.find(file, program.Name); ok {
		for i := range main.Steps {
			if s := &main.Steps[i]; onlySets(s) {
				p.step(s, inFile(s.At, file))
			}
		}
	}
	return p
}

func isVariable(p analyzers.Part) bool { return p.Hole != nil && p.Hole.Space == "" }

// onlySets reports whether a step sets variables, perhaps on conditions, and does nothing else.
func onlySets(s *analyzers.Step) bool {
	switch s.Op {
	case analyzers.OpSet, analyzers.OpUnset:
		return true
	case analyzers.OpBlock:
		return !slices.ContainsFunc(s.Steps, func(inner analyzers.Step) bool { return !onlySets(&inner) })
	}
	return false
}

// checkout makes the unit of those who work in the checkout: development always, staging as soon as anything says that staging exists.
func (l *linker) checkout() {
	l.most = math.MaxInt / 2
	u := Unit{
		Unit:         analyzers.Unit{ID: Checkout, Name: "checkout", Kind: "checkout"},
		Environments: detectors.Development,
		Evidence:     []detectors.Evidence{{About: "environment", Says: "development work is done in the checkout"}},
	}
	for _, e := range l.stagingSigns() {
		u.Environments |= detectors.Staging
		u.Evidence = append(u.Evidence, e)
	}
	for _, env := range u.Environments.List() {
		p := &process{linker: l, node: unitNode(Checkout, env)}
		p.see(".", "", false, detectors.Place{}, "in the same checkout", analyzers.Sees)
	}
	l.graph.Units = append(l.graph.Units, u)
	slices.SortStableFunc(l.graph.Units, func(a, b Unit) int { return cmp.Compare(a.ID, b.ID) })
}

// stagingSigns returns, in the order of their places, what says that staging exists: the first few files, units before mere names.
func (l *linker) stagingSigns() []detectors.Evidence {
	const enough = 3
	var signs []detectors.Evidence
	named := map[string]bool{}
	add := func(says, file string, line int) {
		if named[file] {
			return // a unit of the file was named already
		}
		named[file] = file != ""
		signs = append(signs, detectors.Evidence{About: "environment", Says: "staging work is done here: " + says, Path: file, Line: line})
	}
	for _, u := range l.graph.Units {
		if u.Environments.Touches(detectors.Staging) && u.Kind != "agent-session" { // which is taken to, since it works in the checkout
			add(u.Kind+" "+u.Name+" runs in staging", u.At.Path, u.At.Line)
		}
	}
	for _, p := range l.Index.All() {
		for _, f := range l.Index.Facts(p) {
			for _, m := range f.Mentions {
				if m.Environments.Touches(detectors.Staging) {
					add(m.Says, m.At.Path, m.At.Line)
				}
			}
		}
	}
	for _, m := range l.Mentions {
		if m.Environments.Touches(detectors.Staging) {
			add(m.Says, m.At.Path, m.At.Line)
		}
	}
	slices.SortStableFunc(signs, func(a, b detectors.Evidence) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line))
	})
	if len(signs) > enough {
		signs = signs[:enough]
	}
	return signs
}

// hold makes the edges from a file to the tokens that stand in it, and reports whether there are any.
func (l *linker) hold(file string) bool {
	stands := l.Stands[file]
	if len(stands) > 0 && !l.held[file] {
		l.held[file] = true
		for _, s := range stands {
			l.edge(fileNode(file), tokenNode(s.Token), analyzers.Holds, s.At, "")
		}
	}
	return len(stands) > 0
}

// unmentioned returns the tokens in a file that no step of its programs mentions: that they are in the text is all that is known.
func (l *linker) unmentioned(file string) []Stand {
	stands := l.Stands[file]
	if len(stands) == 0 {
		return nil
	}
	alone, ok := l.alone[file]
	if ok {
		return alone
	}
	var mentioned []detectors.Span
	for _, f := range l.Index.Facts(file) {
		for i := range f.Programs {
			walkValues(f.Programs[i].Steps, func(v *analyzers.Value) {
				for _, part := range v.Parts {
					if !part.Span.Empty() && (v.At.Path == "" || v.At.Path == file) {
						mentioned = append(mentioned, part.Span)
					}
				}
			})
		}
	}
	covered := detectors.Merge(mentioned)
	for _, s := range stands {
		if !covered.Overlap(s.At.Span) {
			alone = append(alone, s)
		}
	}
	l.alone[file] = alone
	return alone
}

// standing yields the tokens that stand in a span of a file, in their order. Of which stand before a span is told by how far those up to each
// of them reach.
func (l *linker) standing(span detectors.Span, file string) iter.Seq[Stand] {
	return func(yield func(Stand) bool) {
		stands := l.Stands[file]
		if span.Empty() || len(stands) == 0 {
			return
		}
		reach, ok := l.reach[file]
		if !ok {
			end := 0
			for _, s := range stands {
				end = max(end, s.At.Span.End)
				reach = append(reach, end)
			}
			l.reach[file] = reach
		}
		first, _ := slices.BinarySearch(reach, span.Start+1)
		for _, s := range stands[first:] {
			if s.At.Span.Start >= span.End || s.At.Span.Overlaps(span) && !yield(s) {
				return
			}
		}
	}
}

// walkValues calls visit for every value in the steps, those of holes' defaults included.
func walkValues(steps []analyzers.Step, visit func(*analyzers.Value)) {
	var deep func(v *analyzers.Value)
	deep = func(v *analyzers.Value) {
		visit(v)
		for i := range v.Parts {
			if h := v.Parts[i].Hole; h != nil {
				if h.Default != nil {
					deep(h.Default)
				}
				for j := range h.Values {
					deep(&h.Values[j])
				}
			}
		}
	}
	for i := range steps {
		s := &steps[i]
		deep(&s.Value)
		args := s.Refers().Args
		for j := range args {
			deep(&args[j])
		}
		walkValues(s.Steps, visit)
	}
}
