package reach

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/library"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// Analyzer is the name under which the facts are said.
const Analyzer = "golang"

// Facts writes down what the program does. The first facts are those of the file of func main, and hold the program under the file's own
// name; each function that it calls is a program of the file that it stands in. Solve comes first.
func (p *Program) Facts() []*analyzers.Facts {
	w := &writer{Program: p, facts: map[string]*analyzers.Facts{}, callees: map[*function][]step{}, passed: map[string]bool{}, routes: map[string]*stretch{}, down: map[*call]bool{}}
	main := p.funcs[p.main.Path+".main"]
	if main == nil {
		return nil
	}
	w.file = p.place(main.pkg, main.At).Path
	w.of(w.file)
	for _, f := range p.reached {
		for _, s := range f.from {
			if s.in != nil && f.distance > s.in.distance {
				w.callees[s.in] = append(w.callees[s.in], step{site: s, to: f})
			}
		}
	}
	at := p.place(main.pkg, main.At)
	w.handedDown()
	bodies := map[*function][]analyzers.Step{}
	for _, f := range p.reached {
		bodies[f] = w.body(f)
	}
	w.along(bodies)
	program := analyzers.Program{At: detectors.Place{Path: w.file, Line: 1, Column: 1}}
	program.Steps = append(program.Steps, w.environment()...)
	program.Steps = append(program.Steps, w.packages()...)
	program.Steps = append(program.Steps, bodies[main]...)
	w.add(w.file, program)
	for _, f := range p.reached {
		if f != main {
			at := w.whereabouts(f)
			w.add(at.Path, analyzers.Program{Name: w.name(f.ID), At: at, Steps: bodies[f]})
		}
	}
	for _, pkg := range p.packages {
		for _, g := range pkg.Gaps {
			at := p.place(pkg, g.At)
			w.of(at.Path).Gaps = append(w.of(at.Path).Gaps, analyzers.Gap{At: at, Says: g.Says})
		}
	}
	if p.cut {
		w.of(w.file).Gaps = append(w.of(w.file).Gaps, analyzers.Gap{
			At: at, Says: "the program is too large to follow every value; some of what it hands on is not known",
		})
	}
	all := make([]*analyzers.Facts, 0, len(w.facts))
	for _, f := range w.facts {
		for i := range f.Programs {
			f.Programs[i].Steps = w.unread(f.Programs[i].Steps)
		}
		all = append(all, f)
	}
	withoutBarren(all)
	slices.SortFunc(all, func(a, b *analyzers.Facts) int {
		if (a.Path == w.file) != (b.Path == w.file) {
			if a.Path == w.file {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Path, b.Path)
	})
	return all
}

// Files returns the paths of the files that the program is made of, sorted.
func (p *Program) Files() []string {
	var all []string
	for _, pkg := range p.packages {
		for _, f := range pkg.Files {
			all = append(all, p.Path(f))
		}
	}
	slices.Sort(all)
	return all
}

// File returns the path of the file of func main, empty if there is none.
func (p *Program) File() string {
	if main := p.funcs[p.main.Path+".main"]; main != nil {
		return p.place(main.pkg, main.At).Path
	}
	return ""
}

// unread leaves out the readings of variables that code hands on: there the path goes to whom it hands them.
func (w *writer) unread(steps []analyzers.Step) []analyzers.Step {
	kept := steps[:0]
	for _, s := range steps {
		if s.Op == analyzers.OpRead && !s.All && w.passed[s.Name] {
			continue
		}
		s.Steps = w.unread(s.Steps)
		kept = append(kept, s)
	}
	return kept
}

// whereabouts is where a function is declared, its file at least.
func (p *Program) whereabouts(f *function) detectors.Place {
	at := p.place(f.pkg, f.At)
	if at.Path == "" {
		at.Path = p.Path(f.pkg.Files[0])
	}
	return at
}

// writer writes down one program.
type writer struct {
	*Program
	file    string
	facts   map[string]*analyzers.Facts
	callees map[*function][]step
	passed  map[string]bool     // variables of the environment that code surely hands on
	certain bool                // the present call happens under no condition
	guard   []analyzers.Guard   // under which the present call happens
	routes  map[string]*stretch // by their ids: what happens along them
	down    map[*call]bool      // see handedDown
}

// step is a call from one function to another that is further from the program's start.
type step struct {
	site
	to *function
}

func (w *writer) of(file string) *analyzers.Facts {
	f, ok := w.facts[file]
	if !ok {
		f = &analyzers.Facts{Path: file, Analyzer: Analyzer}
		w.facts[file] = f
	}
	return f
}

func (w *writer) add(file string, program analyzers.Program) {
	f := w.of(file)
	f.Programs = append(f.Programs, program)
}

// name is the name of a function's program, which is known in the whole repository: each program has its own.
func (w *writer) name(id string) string { return "@go/" + w.file + w.Variant + " " + id }

// guarded puts steps under conditions, the first one innermost.
func guarded(steps []analyzers.Step, conditions []analyzers.Guard, at detectors.Place) []analyzers.Step {
	if len(steps) == 0 {
		return nil
	}
	for i := range conditions {
		steps = []analyzers.Step{{Op: analyzers.OpBlock, At: at, Guard: &conditions[i], Steps: steps}}
	}
	return steps
}

// packages are the packages that the program is made of: their text is compiled in, and they are initialised.
func (w *writer) packages() []analyzers.Step {
	tree := map[string][]summary.Import{} // imports, each package once, where it is nearest
	seen := map[string]bool{w.main.Path: true}
	queue := []*summary.Package{w.main}
	for len(queue) > 0 {
		pkg := queue[0]
		queue = queue[1:]
		for _, i := range pkg.Imports {
			next := w.find(i.Path)
			if next != nil && !seen[i.Path] {
				seen[i.Path] = true
				tree[pkg.Path] = append(tree[pkg.Path], i)
				queue = append(queue, next)
			}
		}
	}
	steps := func(pkg *summary.Package) []analyzers.Step {
		var steps []analyzers.Step
		for _, file := range pkg.Files {
			name := w.Path(file)
			steps = append(steps, analyzers.Step{
				Op: analyzers.OpMount, At: detectors.Place{Path: name}, File: &analyzers.Value{Parts: []analyzers.Part{{Text: name}}},
				Says: "compiled in", Copied: true,
			})
		}
		for i := range pkg.Assigns {
			walk(&pkg.Assigns[i].From, 0, func(e *summary.Expr) {
				if e.Op == summary.Embedded {
					at := w.place(pkg, e.At)
					steps = append(steps, analyzers.Step{
						Op: analyzers.OpMount, At: at, File: &analyzers.Value{At: at, Parts: glob(w.Path(e.Text))}, Says: "compiled in", Optional: true,
					})
				}
			})
		}
		for _, i := range tree[pkg.Path] {
			at := w.place(pkg, i.At)
			steps = append(steps, analyzers.Step{
				Op: analyzers.OpRun, At: at, Ref: &analyzers.Ref{Name: w.name("package " + i.Path)}, Says: "imports it",
			})
		}
		for i := range pkg.Funcs {
			f := w.funcs[pkg.Funcs[i].ID]
			if f.reached && f.distance == 1 && f.initialises() && w.body(f) != nil {
				at := w.place(pkg, f.At)
				if at.Path == "" {
					at.Path = w.Path(pkg.Files[0])
				}
				steps = append(steps, analyzers.Step{
					Op: analyzers.OpRun, At: at, Ref: &analyzers.Ref{Name: w.name(f.ID)}, Says: "initialises the package",
				})
			}
		}
		return steps
	}
	for _, pkg := range w.Program.packages {
		if pkg != w.main && len(pkg.Files) > 0 {
			w.add(w.Path(pkg.Files[0]), analyzers.Program{
				Name: w.name("package " + pkg.Path), At: detectors.Place{Path: w.Path(pkg.Files[0])}, Steps: steps(pkg),
			})
		}
	}
	return steps(w.main)
}

// initialises reports whether a function is run because its package is in the program.
func (f *function) initialises() bool {
	return slices.ContainsFunc(f.from, func(s site) bool { return s.in == nil })
}

func (p *Program) find(importPath string) *summary.Package {
	i, ok := slices.BinarySearchFunc(p.packages, importPath, func(p *summary.Package, path string) int { return cmp.Compare(p.Path, path) })
	if !ok {
		return nil
	}
	return p.packages[i]
}

// glob is a path in which stars stand for any text.
func glob(pattern string) []analyzers.Part {
	var parts []analyzers.Part
	for i, text := range strings.Split(pattern, "*") {
		if i > 0 {
			parts = append(parts, analyzers.Part{Hole: &analyzers.Hole{Space: nothing}})
		}
		if text != "" {
			parts = append(parts, analyzers.Part{Text: text})
		}
	}
	return parts
}

// environment are the changes of the environment, by whichever function: what is read is read after that.
func (w *writer) environment() []analyzers.Step {
	var steps []analyzers.Step
	for _, f := range w.reached {
		for _, c := range f.calls {
			if c.Callee == "" || len(c.targets) > 0 {
				continue
			}
			row := library.Of(c.Callee)
			at := w.place(f.pkg, c.At)
			var done []analyzers.Step
			switch row.Does {
			case library.Loads, library.Overloads:
				done = w.loads(c, row, at)
			case library.Sets, library.Unsets:
				names, _ := w.argument1(c, row.Value).texts()
				for _, name := range names {
					if row.Does == library.Unsets {
						done = append(done, analyzers.Step{Op: analyzers.OpUnset, At: at, Name: name})
						continue
					}
					v := w.template(w.argument1(c, row.Value+1))
					v.At = at
					done = append(done, analyzers.Step{Op: analyzers.OpSet, At: at, Name: name, Value: v, Export: true})
				}
			}
			steps = append(steps, guarded(done, w.guards(f, c.Guard, nil, 0), at)...)
		}
		if f.pkg != w.main {
			continue
		}
	}
	for _, pkg := range w.Program.packages {
		for _, i := range pkg.Imports {
			if i.Path == "github.com/joho/godotenv/autoload" {
				at := w.place(pkg, i.At)
				steps = append(steps, load(analyzers.Value{At: at, Parts: []analyzers.Part{{Text: ".env"}}}, at, false))
			}
		}
	}
	return steps
}

// argument1 is the value of a call's argument.
func (w *writer) argument1(c *call, i int) value {
	if i >= len(c.Args) {
		return nil
	}
	return w.value(&c.Args[i], c.in, nil, 0)
}

func (w *writer) loads(c *call, row library.Row, at detectors.Place) []analyzers.Step {
	replace := row.Does == library.Overloads
	if len(c.Args) == 0 {
		return []analyzers.Step{load(analyzers.Value{At: at, Parts: []analyzers.Part{{Text: ".env"}}}, at, replace)}
	}
	var steps []analyzers.Step
	for i := range c.Args {
		v := w.argument1(c, i)
		if c.Spread || len(v) == 0 {
			v = w.listed(c, i)
		}
		for _, a := range v {
			file := w.path(value{a}, at)
			steps = append(steps, guarded([]analyzers.Step{load(file, at, replace)}, a.conditions, at)...)
		}
	}
	return steps
}

// listed are the values of the elements of a list.
func (w *writer) listed(c *call, i int) value {
	var out value
	lists, _ := w.objectsIn(&c.Args[i], c.in, nil, 0)
	for _, o := range lists {
		for j := range o.Args {
			out = union(out, w.value(&o.Args[j], o.in, o.frame, 0))
		}
	}
	return out
}

func load(file analyzers.Value, at detectors.Place, replace bool) analyzers.Step {
	return analyzers.Step{
		Op: analyzers.OpLoad, At: at, Ref: &analyzers.Ref{Path: file}, Export: true, IfUnset: !replace, Optional: true,
		Says: "loads the file into its environment",
	}
}

// path is a value as the path of a file: literals in it need no place.
func (w *writer) path(v value, at detectors.Place) analyzers.Value {
	out := analyzers.Value{At: at}
	if len(v) == 1 {
		for _, q := range v[0].parts {
			if q.literal && !q.withheld() {
				out.Parts = append(out.Parts, analyzers.Part{Text: q.text})
			} else {
				out.Parts = append(out.Parts, w.part(q))
			}
		}
		if v[0].opaque {
			out.Parts = append(out.Parts, analyzers.Part{Hole: &analyzers.Hole{Space: nothing}})
		}
		return out
	}
	hole := &analyzers.Hole{Space: nothing}
	for _, a := range v {
		hole.Values = append(hole.Values, w.path(value{a}, at))
	}
	out.Parts = []analyzers.Part{{Hole: hole}}
	return out
}

// body are the steps of a function: what it does itself, and the functions that it calls.
func (w *writer) body(f *function) []analyzers.Step {
	var steps []analyzers.Step
	type from struct {
		to    *function
		guard int
		under string // see [conditionKey]
	}
	done := map[from]bool{}
	for _, s := range w.callees[f] {
		way := from{s.to, s.guard, conditionKey(s.target.conditions)}
		if done[from{s.to, -1, ""}] || done[from{s.to, s.guard, ""}] || done[way] {
			continue
		}
		done[way] = true
		at := w.place(f.pkg, s.at)
		run := []analyzers.Step{{Op: analyzers.OpRun, At: at, Ref: &analyzers.Ref{Name: w.name(s.to.ID)}, Says: s.says}}
		steps = append(steps, guarded(run, both(s.target.conditions, w.guards(f, s.guard, nil, 0)), at)...)
	}
	for _, c := range f.calls {
		if len(c.targets) > 0 || c.Callee == "" && c.Value == nil {
			continue
		}
		at := w.place(f.pkg, c.At)
		w.certain, w.guard = c.Guard < 0, w.guards(f, c.Guard, nil, 0)
		steps = append(steps, guarded(w.deed(c, at), w.guard, at)...)
	}
	return steps
}

// deed are the steps of a call of a library.
func (w *writer) deed(c *call, at detectors.Place) []analyzers.Step {
	if c.Callee == "" {
		return nil
	}
	row := library.Of(c.Callee)
	switch row.Does {
	case library.Reads:
		return w.reads(c, row, at)
	case library.ReadsAll:
		if w.down[c] {
			return nil
		}
		prefix := ""
		if texts, ok := w.argument1(c, 0).texts(); ok && len(texts) == 1 {
			prefix = texts[0]
		}
		return []analyzers.Step{{Op: analyzers.OpRead, At: at, Name: prefix, All: true, Says: "reads its whole environment"}}
	case library.Opens:
		return w.opens(w.argument1(c, row.Value), at, "reads the file")
	case library.Names:
		var steps []analyzers.Step
		for _, file := range w.viper.configFiles() {
			steps = append(steps, analyzers.Step{
				Op: analyzers.OpOpen, At: at, File: &analyzers.Value{At: at, Parts: []analyzers.Part{{Text: file}}}, Optional: true, Says: "viper reads the file",
			})
		}
		return steps
	case library.Decodes:
		return w.decodes(c, at)
	case library.Header:
		return w.header(c, row, at)
	case library.Headers:
		return w.headers(c, row, at)
	case library.Reflects:
		f := w.of(at.Path)
		f.Gaps = append(f.Gaps, analyzers.Gap{At: at, Says: "what is called here is found out at run time (" + Display(c.Callee) + "); what it hands on is not known"})
		return nil
	case library.Basic:
		sink := w.target(c, 0)
		sink.Header, sink.Scheme = "Authorization", "Basic"
		return w.hands(c, row.Value, sink, at)
	case library.Sends:
		return w.sends(c, row, at)
	case library.Runs:
		return w.runs(c, row, at)
	case library.Hands:
		sink := w.tool(c)
		sink.Host = row.Host
		handed := w.hand(w.credentials(c, row), sink, at)
		if library.Standard(library.Package(c.Callee)) || slices.ContainsFunc(handed, givesCredential) {
			return handed
		}
		sink.Library = library.Package(c.Callee) // which may take a credential from the environment, since nothing gives it one
		return append(handed, analyzers.Step{Op: analyzers.OpCall, At: at, Sink: &sink})
	case library.HandsFile:
		return append(w.hand(contents(w.argument1(c, row.Value), c), w.tool(c), at), w.opens(w.argument1(c, row.Value), at, "reads the file")...)
	case library.LooksUp:
		return w.looksUp(c, row, at)
	case library.Leaks:
		return w.hands(c, row.Value, w.tool(c), at)
	}
	switch row.Yields {
	case library.Setting, library.Option:
		return w.readsNames(w.readVariables(w.yield(c, &summary.Expr{}, nil, 0)), at)
	}
	return nil
}

// tool is a sink that is a library's function.
func (w *writer) tool(c *call) detectors.Sink {
	pkg := library.Package(c.Callee)
	name := strings.TrimSuffix(strings.NewReplacer("(", "", "*", "", ")", "").Replace(c.Callee), "=")
	sink := detectors.Sink{Tool: lastWord(pkg) + strings.TrimPrefix(name, pkg)} // with the method's type
	for i := range c.Args {
		if texts, _ := w.argument1(c, i).texts(); len(texts) > 0 && sink.Fields == nil {
			sink.Fields = statement(texts[0])
		}
	}
	return sink
}

// givesCredential reports whether a step hands on what can be a credential.
func givesCredential(s analyzers.Step) bool {
	return s.Op == analyzers.OpOpen || code.Credentials(s.Value.Parts) || slices.ContainsFunc(s.Steps, givesCredential)
}

// lastWord is the last word of an import path that is no version.
func lastWord(importPath string) string {
	base := path.Base(importPath)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789.") == "" {
		base = path.Base(path.Dir(importPath))
	}
	return base
}

func (w *writer) reads(c *call, row library.Row, at detectors.Place) []analyzers.Step {
	given := w.argument1(c, row.Value)
	names, _ := given.texts()
	steps := w.readsNames(names, at)
	unseen := len(given) == 0
	for _, a := range given {
		switch _, plain := a.text(); {
		case plain:
		case a.computed():
			name := w.template(value{a})
			name.At = at
			steps = append(steps, guarded([]analyzers.Step{{Op: analyzers.OpRead, At: at, Value: name, Says: readsIt}}, a.conditions, at)...)
		default:
			unseen = true
		}
	}
	if unseen {
		f := w.of(at.Path)
		f.Gaps = append(f.Gaps, analyzers.Gap{At: at, Says: "the name that code reads from its environment is computed; what it reads is not known"})
	}
	return steps
}

const readsIt = "reads it from its environment"

func (w *writer) readsNames(names []string, at detectors.Place) []analyzers.Step {
	var steps []analyzers.Step
	for _, name := range names {
		if name != "" && !strings.HasPrefix(name, "--") {
			steps = append(steps, analyzers.Step{Op: analyzers.OpRead, At: at, Name: name, Says: readsIt})
		}
	}
	return steps
}

// readVariables returns the variables of the environment in a value.
func (w *writer) readVariables(v value) []string {
	var names []string
	for _, a := range v {
		for _, q := range a.parts {
			if q.variable != "" && !slices.Contains(names, q.variable) {
				names = append(names, q.variable)
			}
		}
	}
	return names
}

func (w *writer) opens(file value, at detectors.Place, says string) []analyzers.Step {
	var steps []analyzers.Step
	for _, a := range file {
		if !slices.ContainsFunc(a.parts, func(q part) bool { return q.literal && q.text != "" || q.variable != "" && len(q.fallback) > 0 }) {
			continue
		}
		open := analyzers.Step{Op: analyzers.OpOpen, At: at, File: new(w.path(value{a}, at)), Optional: true, Says: says}
		steps = append(steps, guarded([]analyzers.Step{open}, a.conditions, at)...)
	}
	return steps
}

// decodes reads the variables that the tags of a struct name.
func (w *writer) decodes(c *call, at detectors.Place) []analyzers.Step {
	var names []string
	for _, gs := range w.giving {
		for i := range gs {
			if gs[i].call == c && gs[i].row.Does == library.Decodes {
				names = append(names, w.prefixed(&gs[i], 0)...)
			}
		}
	}
	slices.Sort(names)
	return w.readsNames(slices.Compact(names), at)
}
