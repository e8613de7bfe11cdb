package compose

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
)

// Compose fills variables from the environment that it is started in before it looks into the project's files of variables.
// https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#ways-to-set-variables-with-interpolation
//
// What the caller has set before its call stands in the caller's program. It becomes a program of its own, of those steps alone, and the variables that
// the set's files ask for are what that leaves in its environment.

// given is what a caller has in its environment when it calls compose.
type given struct {
	file    string             // the caller's
	program string             // the caller
	number  int                // which set it is of
	calls   [][]analyzers.Step // for each of its calls, as far as they differ in what matters
}

// joins takes another call in, and reports whether it could: one that is given the same, or another one of the same caller. Of a Makefile each target
// is a caller, and mostly all are given the same.
func (g *given) joins(other *given) bool {
	switch {
	case g == nil || other == nil:
		return g == nil && other == nil
	case g.file != other.file:
		return false
	case slices.ContainsFunc(g.calls, func(known []analyzers.Step) bool { return equalSteps(known, other.calls[0]) }):
		return true
	case g.program != other.program || len(g.calls) == maxCalls:
		return false
	}
	g.calls = append(slices.Clip(g.calls), other.calls...)
	return true
}

// maxCalls bounds the calls of one caller that are told apart.
const maxCalls = 32

// space is the name of the program of a call, which is that of the space that the linker knows it by.
func (g *given) space(call int) string {
	return analyzers.CallerSpace + strconv.Itoa(g.number) + " " + strconv.Itoa(call)
}

// given returns what of the steps before a call concerns the names that a set asks for, nil if nothing does.
func (c *invocation) given(names []string) *given {
	concerned := map[string]bool{}
	for _, name := range names {
		concerned[name] = true
	}
	var kept []analyzers.Step
	for before, n := -1, 0; before < len(concerned) && n < maxFill; n++ { // what is set to what another variable holds asks for that
		before = len(concerned)
		kept = concerning(c.before, concerned)
	}
	gives := false
	walk(kept, func(s *analyzers.Step) {
		gives = gives || s.Op == analyzers.OpSet || s.Op == analyzers.OpLoad || s.Op == analyzers.OpSource
	})
	if len(names) == 0 || !gives {
		return nil
	}
	return &given{file: c.file, program: c.program, calls: [][]analyzers.Step{kept}}
}

// concerning returns the steps that can change one of the names, and notes the names that they ask for.
func concerning(steps []analyzers.Step, names map[string]bool) []analyzers.Step {
	ask := func(v analyzers.Value) {
		for _, p := range v.Parts {
			if p.Hole != nil && p.Hole.Space == "" {
				names[p.Hole.Name] = true
			}
		}
	}
	var kept []analyzers.Step
	for _, s := range steps {
		switch s.Op {
		case analyzers.OpSet, analyzers.OpUnset:
			if !names[s.Name] {
				continue
			}
			ask(s.Value)
		case analyzers.OpLoad, analyzers.OpSource:
			ask(s.Refers().Path)
		case analyzers.OpExport:
			if s.Name != "" && !names[s.Name] {
				continue
			}
		case analyzers.OpBlock:
			if s.Steps = concerning(s.Steps, names); len(s.Steps) == 0 {
				continue
			}
			if s.Guard != nil {
				ask(s.Guard.Value)
			}
		}
		kept = append(kept, s)
	}
	return kept
}

// maxGiven bounds the steps before all calls that are looked at.
const maxGiven = 200_000

// givenBy returns what a program of a file sets before one of its steps.
func (f *finder) givenBy(facts *analyzers.Facts, program *analyzers.Program, call *analyzers.Step) []analyzers.Step {
	if f.looked > maxGiven {
		f.cut = append(f.cut, analyzers.Gap{
			At:   detectors.Place{Path: facts.Path, Line: call.At.Line},
			Says: "the calls of compose are too many to follow; which variables this one gives to the services is not known",
		})
		return nil
	}
	walk(program.Steps, func(*analyzers.Step) { f.looked++ })
	steps, _ := f.before(program.Steps, call)
	return append(f.around(facts, program), steps...)
}

// around returns what the programs set that a file's other programs take in before this one: what a Makefile gives to the recipes of all targets.
func (f *finder) around(facts *analyzers.Facts, program *analyzers.Program) []analyzers.Step {
	if facts.Analyzer != "makefile" || program.Name == "" {
		return nil
	}
	var all []analyzers.Step
	for i := range facts.Programs {
		if p := &facts.Programs[i]; p.Name == "" || p.Name == shell.Exports {
			all = append(all, f.settings(p.Steps)...)
		}
	}
	return all
}

// before returns those of the steps before the target that set something.
func (f *finder) before(steps []analyzers.Step, target *analyzers.Step) (set []analyzers.Step, found bool) {
	for i := range steps {
		if &steps[i] == target {
			return f.settings(steps[:i]), true
		}
		if inner, found := f.before(steps[i].Steps, target); found {
			if steps[i].Op == analyzers.OpBlock {
				inner = []analyzers.Step{{Op: analyzers.OpBlock, At: steps[i].At, Guard: steps[i].Guard, Steps: inner}}
			}
			return append(f.settings(steps[:i]), inner...), true
		}
	}
	return nil, false
}

// settings returns those of the steps that change what is in the environment, and do nothing else.
func (f *finder) settings(steps []analyzers.Step) []analyzers.Step {
	var all []analyzers.Step
	for _, s := range steps {
		switch s.Op {
		case analyzers.OpSet, analyzers.OpUnset:
			if s.Space == "" {
				all = append(all, s)
			}
		case analyzers.OpExport, analyzers.OpScope, analyzers.OpEnter:
			all = append(all, s)
		case analyzers.OpLoad, analyzers.OpSource:
			if s.Space == "" && f.onlySets(s.Refers()) {
				all = append(all, s)
			}
		case analyzers.OpBlock:
			if s.Steps = f.settings(s.Steps); len(s.Steps) > 0 {
				all = append(all, s)
			}
		}
	}
	return all
}

// onlySets reports whether a reference leads to files of variables, and to nothing that does anything.
func (f *finder) onlySets(ref analyzers.Ref) bool {
	if ref.Name != "" || len(ref.Path.Parts) == 0 {
		return false
	}
	last := ref.Path.Parts[len(ref.Path.Parts)-1]
	text, known := ref.Path.Text()
	if !known {
		text = last.Text
	}
	name := text[strings.LastIndexByte(text, '/')+1:]
	return strings.HasPrefix(name, ".env") || strings.HasSuffix(name, ".env") || !known && strings.Contains(ref.Path.Parts[0].Text, ".env")
}

// asked returns the names of the project's variables that the files of a set ask for, sorted, with those that these include, extend or load.
func asked(index analyzers.Index, files map[string]*analyzers.Facts, s *set) []string {
	a := &asker{index: index, files: files, seen: map[string]bool{}}
	for _, file := range s.files {
		a.file(file, s.folder)
	}
	for _, file := range s.env {
		a.variables(file)
	}
	slices.Sort(a.names)
	return slices.Compact(a.names)
}

// asker looks for the names that files ask for.
type asker struct {
	index analyzers.Index
	files map[string]*analyzers.Facts
	seen  map[string]bool // files
	names []string
}

// file looks at a compose file, whose paths are relative to the folder, and what that names.
func (a *asker) file(file, folder string) {
	facts := a.files[file]
	if facts == nil || a.seen[file] {
		return
	}
	a.seen[file] = true
	other := func(v analyzers.Value) {
		if text, known := v.Text(); known && text != "" {
			p := inFolder(folder, text)
			a.file(p, path.Dir(p))
			a.variables(path.Join(path.Dir(p), ".env"))
		}
	}
	for i := range facts.Programs {
		walk(facts.Programs[i].Steps, func(step *analyzers.Step) {
			a.value(&step.Value)
			if step.File != nil {
				a.value(step.File)
			}
			ref := step.Refers()
			a.value(&ref.Path)
			switch step.Op {
			case opExtends:
				other(ref.Path)
			case opInclude:
				for _, p := range ref.Args {
					other(p)
				}
			case analyzers.OpLoad:
				if text, known := ref.Path.Text(); known {
					a.variables(inFolder(folder, text))
				}
			}
		})
	}
}

// variables looks at a file of variables.
func (a *asker) variables(file string) {
	if a.seen[file] {
		return
	}
	a.seen[file] = true
	for _, step := range variablesOf(a.index, file) {
		a.value(&step.Value)
	}
}

func (a *asker) value(v *analyzers.Value) {
	for _, p := range v.Parts {
		if p.Hole == nil {
			continue
		}
		if p.Hole.Space == projectSpace {
			a.names = append(a.names, p.Hole.Name)
		}
		if p.Hole.Default != nil {
			a.value(p.Hole.Default)
		}
		for i := range p.Hole.Values {
			a.value(&p.Hole.Values[i])
		}
	}
}

// facts returns what holds the programs of the calls.
func (g *given) facts() *analyzers.Facts {
	f := &analyzers.Facts{Path: g.file, Analyzer: name}
	for i, steps := range g.calls {
		f.Programs = append(f.Programs, analyzers.Program{Name: g.space(i), At: detectors.Place{Path: g.file}, Steps: steps})
	}
	return f
}

// text returns the text that the caller gives a name, if all of its calls give the same; gives says whether any of them gives one.
func (g *given) text(j *joiner, name string) (text string, gives, known bool) {
	for i, steps := range g.calls {
		own, gave, tells := j.textGiven(steps, name)
		if gives = gives || gave; i > 0 && (own != text || tells != known) {
			return "", gives, false
		}
		text, known = own, tells
	}
	return text, gives, known
}

// textGiven returns the text that a name has behind some steps, if it is known; gives says whether they may set it.
func (j *joiner) textGiven(steps []analyzers.Step, name string) (text string, gives, known bool) {
	exported := slices.ContainsFunc(steps, func(s analyzers.Step) bool { return s.Op == analyzers.OpExport && (s.Name == "" || s.Name == name) })
	for _, s := range steps {
		switch {
		case s.Op == analyzers.OpSet && s.Name == name && (s.Export || exported):
			text, known = j.fill(s.Value, nil, 0)
			gives = true
		case s.Op == analyzers.OpBlock:
			if _, inner, _ := j.textGiven(s.Steps, name); inner {
				text, gives, known = "", true, false
			}
		case s.Op == analyzers.OpLoad, s.Op == analyzers.OpSource:
			file, _ := s.Refers().Path.Text()
			for _, v := range j.variables(path.Clean(file)) {
				if v.Name == name {
					text, known = j.fill(v.Value, nil, 0)
					gives = true
				}
			}
		}
	}
	return text, gives, known
}

// caller returns the caller that one of the steps of [given.fills] asks.
func (j *joiner) caller(fill *analyzers.Step) *given {
	calls := fill.Value.Parts[0].Hole.Values
	return j.callers[calls[0].Parts[0].Hole.Space]
}

// fills returns the steps that let the project have what the caller gives: the names that are asked for, over what its files say.
func (g *given) fills(names []string, at string) []analyzers.Step {
	var steps []analyzers.Step
	for _, name := range names {
		otherwise := analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: projectSpace, Name: name}}}}
		filled := &analyzers.Hole{Space: "unknown"}
		for i := range g.calls {
			filled.Values = append(filled.Values, analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: g.space(i), Name: name, Default: &otherwise, Unset: true}}}})
		}
		steps = append(steps, analyzers.Step{
			Op: analyzers.OpSet, At: detectors.Place{Path: at}, Space: projectSpace, Name: name, Value: analyzers.Value{Parts: []analyzers.Part{{Hole: filled}}},
		})
	}
	return steps
}
