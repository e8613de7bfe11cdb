package makefile

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads makefiles.
var Analyzer = &analyzers.Analyzer{
	Name:    "makefile",
	Doc:     "Reads makefiles: their variables, targets and recipes.",
	Version: 3,
	Files:   []string{"**/Makefile", "**/makefile", "**/GNUmakefile", "**/Makefile.*", "**/*.mk", "**/*.mak"},
	Run:     run,
	Join:    join,
}

// maxSize is the size from which on a file is not read.
const maxSize = 1 << 20

func run(pass *analyzers.Pass) error {
	if ext := path.Ext(pass.Path); ext == ".am" || ext == ".in" {
		return nil // input of automake and of configure
	}
	if pass.TooLarge(maxSize, "a makefile") {
		return nil
	}
	r := &reader{file: parse(pass.Data), pass: pass, defined: map[string]assignment{}, lazy: map[string]bool{}, own: map[string]bool{}, targets: map[string]*target{}, values: map[string]analyzers.Value{}, used: map[string]bool{}}
	for _, f := range r.failures {
		pass.Gap(pass.At(f.Start, f.End), "this line of the makefile cannot be read; what it sets or makes is not seen")
	}
	r.define()
	r.sets = slices.Sorted(maps.Keys(r.defined))
	r.collect()
	r.selections = r.selected()
	r.programs()
	return nil
}

// reader turns a parsed makefile into programs and units.
type reader struct {
	*file
	pass    *analyzers.Pass
	defined map[string]assignment // variables that are set once, or first of all
	sets    []string              // their names, sorted
	lazy    map[string]bool       // names of variables that are expanded when they are used
	own     map[string]bool       // names of variables of targets
	used    map[string]bool       // names of variables that are set or expanded
	targets map[string]*target
	names   []string                   // of the targets, in the order of the file
	values  map[string]analyzers.Value // what is known of variables, see [reader.known]
	work    int                        // see [reader.works]

	selections []selection
}

// target is what all rules of a target say.
type target struct {
	name  string
	at    detectors.Place
	parts []part
	asked bool // made from a pattern, for an environment that the file names
}

// part is what one rule says of a target.
type part struct {
	*rule
	stem string
}

func (r *reader) place(start, end int) detectors.Place { return r.pass.At(start, end) }

// folder returns the folder of the file, in which make runs recipes; empty for the root, and for a file that others include.
func (r *reader) folder() string {
	if dir := path.Dir(r.pass.Path); dir != "." && path.Ext(r.pass.Path) == "" {
		return dir
	}
	return ""
}

// options returns what is known of a piece of shell that an expansion yields.
func (r *reader) options(x *expansion) shell.Options {
	return shell.Options{Name: "recipe", Map: x.at, Fills: x.fills, Known: r.known}
}

// known returns the value that the file gives to a variable, which the command line or the environment may replace.
func (r *reader) known(h analyzers.Hole) (analyzers.Value, bool) {
	if h.Space != lineSpace {
		return analyzers.Value{}, false
	}
	if v, ok := r.values[h.Name]; ok {
		return v, len(v.Parts) > 0
	}
	d, ok := r.defined[h.Name]
	if !ok {
		return analyzers.Value{}, false
	}
	r.values[h.Name] = analyzers.Value{} // one that leads to itself is not known
	x := r.expansion(nil)
	x.text(d.value, false)
	r.values[h.Name] = x.value(r.place(d.value.Start, d.value.End))
	return r.values[h.Name], true
}

// textOf returns the text of a value as far as the file tells.
func (r *reader) textOf(v analyzers.Value) (string, bool) {
	parts, known := r.texts(v, 0)
	if !known {
		return "", false
	}
	return analyzers.Value{Parts: parts}.Text()
}

// texts returns the parts of a value with what the file gives to the variables in it, if it gives all.
func (r *reader) texts(v analyzers.Value, depth int) (parts []analyzers.Part, known bool) {
	size := 0
	for _, p := range v.Parts {
		if !r.works(1 + len(p.Text)) {
			return nil, false
		}
		inner := []analyzers.Part{p}
		switch {
		case p.Hole == nil && (p.Text != "" || p.Span.Empty()):
		case p.Hole == nil || depth >= maxExpansion:
			return nil, false
		default:
			value, ok := r.known(*p.Hole)
			if ok {
				inner, ok = r.texts(value, depth+1)
			}
			if !ok {
				return nil, false
			}
		}
		for _, one := range inner {
			size += len(one.Text)
		}
		if size > maxExpanded {
			return nil, false
		}
		parts = append(parts, inner...)
	}
	return parts, true
}

// define notes what the file sets variables to: the first assignment that is under no condition, or else the first.
func (r *reader) define() {
	for _, s := range r.statements {
		if s.kind != assigns || s.assign.operator == "+=" || s.assign.operator == "!=" {
			continue
		}
		if _, ok := r.defined[s.assign.name]; !ok {
			r.defined[s.assign.name] = s.assign
		}
	}
}

// collect gathers the rules by target.
func (r *reader) collect() {
	for i := range r.rules {
		rule := &r.rules[i]
		for _, span := range rule.targets {
			for _, name := range r.words(span) {
				r.target(name, r.place(span.Start, span.End)).add(part{rule: rule, stem: r.stem(name, rule.stem)})
			}
		}
	}
	r.patterns()
}

// maxParts bounds the rules of one target that are told apart.
const maxParts = 100

func (t *target) add(p part) {
	if len(t.parts) < maxParts {
		t.parts = append(t.parts, p)
	}
}

// target returns the target of a name, made on first need. It stands where its recipe is, or else where it is first named.
func (r *reader) target(name string, at detectors.Place) *target {
	t, ok := r.targets[name]
	if !ok {
		t = &target{name: name, at: at}
		r.targets[name] = t
		r.names = append(r.names, name)
	}
	return t
}

// words returns the words of a span with their variables put in, nothing for what is not known.
func (r *reader) words(span detectors.Span) []string {
	x := r.expansion(nil)
	x.text(span, false)
	text, ok := r.textOf(x.value(r.place(span.Start, span.End)))
	if !ok {
		return nil
	}
	return strings.Fields(text)
}

// stem returns what a pattern's per cent sign stands for in a name.
func (r *reader) stem(name string, pattern detectors.Span) string {
	if pattern.Empty() {
		return ""
	}
	stem, _ := match(string(r.data[pattern.Start:pattern.End]), name)
	return stem
}

// match returns the text that a pattern's per cent sign stands for in a name, if the name fits the pattern.
func match(pattern, name string) (stem string, ok bool) {
	before, after, has := strings.Cut(pattern, "%")
	if !has || len(name) <= len(before)+len(after) || !strings.HasPrefix(name, before) || !strings.HasSuffix(name, after) {
		return "", false
	}
	return name[len(before) : len(name)-len(after)], true
}

// usual are the words of environments for which a pattern's programs are made, whether or not the file names them.
var usual = []string{"dev", "development", "prod", "production", "qa", "staging", "stage", "stg", "test"}

// patterns makes a target of every name that fits a pattern and is in the file: as what another target needs, or in .PHONY.
func (r *reader) patterns() {
	var wanted []string
	for i := range r.rules {
		for _, need := range r.rules[i].needs {
			wanted = append(wanted, r.words(need)...)
		}
	}
	for _, pattern := range slices.Clone(r.names) {
		if !strings.Contains(pattern, "%") || strings.Contains(path.Ext(pattern), "%") && strings.HasPrefix(pattern, "%") {
			continue
		}
		if r.specific(pattern) {
			continue
		}
		names := slices.Clone(wanted)
		for _, word := range usual {
			names = append(names, strings.Replace(pattern, "%", word, 1))
		}
		of := r.targets[pattern]
		for _, name := range names {
			stem, ok := match(pattern, name)
			if _, explicit := r.targets[name]; !ok || explicit || strings.Contains(name, "%") {
				continue
			}
			t := &target{name: name, at: of.at, asked: slices.Contains(wanted, name) && environ.Identifier(name) != 0}
			for _, p := range of.parts {
				t.add(part{rule: p.rule, stem: stem})
			}
			r.targets[name] = t
		}
	}
}

// specific gives the variables of a pattern to the targets that the file names and that fit it, before their own, and reports whether the pattern
// is there for nothing else. https://www.gnu.org/software/make/manual/html_node/Pattern_002dspecific.html
func (r *reader) specific(pattern string) bool {
	var assigns []part
	of := r.targets[pattern]
	for _, p := range of.parts {
		if p.assign != nil {
			assigns = append(assigns, p)
		}
	}
	if len(assigns) == 0 {
		return false
	}
	for _, name := range r.names {
		stem, ok := match(pattern, name)
		if !ok || strings.Contains(name, "%") {
			continue
		}
		t := r.targets[name]
		own := t.parts
		t.parts = nil
		for _, p := range assigns {
			t.add(part{rule: p.rule, stem: stem})
		}
		for _, p := range own {
			t.add(p)
		}
	}
	if len(assigns) < len(of.parts) {
		return false
	}
	delete(r.targets, pattern)
	r.names = slices.DeleteFunc(r.names, func(name string) bool { return name == pattern })
	return true
}

// inner is the name of the program of a target as what another one needs: the file has been read, and variables of that one hold.
func inner(name string) string { return shell.Goal + name }

// programs adds the file's programs and units.
func (r *reader) programs() {
	start := r.place(0, 0)
	r.add("", start, r.reads())
	r.add(shell.Exports, start, r.exported())
	if all := r.everything(); len(all) > 0 {
		r.add(allVariables, start, all)
	}
	for _, name := range r.sorted() {
		t := r.targets[name]
		if strings.HasPrefix(name, ".") && !strings.Contains(name, "/") {
			continue
		}
		steps, signs := r.makes(t)
		r.add(inner(name), t.at, steps)
		r.add(name, t.at, r.starts(t))
		if t.asked || slices.Contains(r.names, name) {
			r.unit(t, signs)
		}
	}
	r.add(inner(""), start, r.begins(start))
	r.add(shell.NextGoal, start, r.goesOn(start))
	for _, name := range r.names {
		if !strings.HasPrefix(name, ".") && !strings.Contains(name, "%") {
			at := r.targets[name].at
			goal := analyzers.Step{Op: analyzers.OpSource, At: at, Ref: new(analyzers.PathTo(r.pass.Path, name, at))}
			r.add(shell.DefaultGoal, at, []analyzers.Step{goal})
			return
		}
	}
}

// sorted returns the names of all targets: those of the file in their order, then those made from patterns.
func (r *reader) sorted() []string {
	var made []string
	for name := range r.targets {
		if !slices.Contains(r.names, name) {
			made = append(made, name)
		}
	}
	slices.Sort(made)
	return append(slices.Clone(r.names), made...)
}

func (r *reader) add(name string, at detectors.Place, steps []analyzers.Step) {
	r.pass.Facts.Programs = append(r.pass.Facts.Programs, analyzers.Program{Name: name, At: at, Dir: r.folder(), Steps: steps})
}

func (r *reader) unit(t *target, signs []analyzers.Sign) {
	r.pass.Facts.Units = append(r.pass.Facts.Units, analyzers.Unit{
		ID: r.pass.Path + "#" + t.name, Name: t.name, Kind: "make-target", At: t.at, Signs: r.signs(t, signs),
		Runs: analyzers.PathTo(r.pass.Path, t.name, t.at),
	})
}

// signs returns the signs of a target: its name and its own variables say what it is for; if they do not, what its recipe does, and
// then what the file sets variables to that it has.
func (r *reader) signs(t *target, recipe []analyzers.Sign) []analyzers.Sign {
	var signs []analyzers.Sign
	if e := environ.Identifier(t.name); e != 0 {
		signs = append(signs, analyzers.Sign{Class: analyzers.Selector, Environments: e, Says: "its name says " + e.String(), At: t.at})
	}
	for _, p := range t.parts {
		if p.assign != nil {
			signs = append(signs, r.selector(*p.assign)...)
		}
	}
	if len(signs) > 0 {
		return signs
	}
	if len(recipe) > 0 {
		return recipe
	}
	for i := range r.selections {
		if s := &r.selections[i]; s.everywhere || r.uses(t, s, map[string]bool{}) {
			signs = append(signs, s.signs...)
		}
	}
	return signs
}

// selector returns the sign of a variable that selects an environment.
func (r *reader) selector(a assignment) []analyzers.Sign {
	if !environ.Selector(a.name) {
		return nil
	}
	x := r.expansion(nil)
	x.text(a.value, false)
	text, _ := r.textOf(x.value(detectors.Place{}))
	e := environ.Value(strings.TrimSpace(text))
	if e == 0 {
		return nil
	}
	return []analyzers.Sign{{
		Class: code.ClassOf(a.name), Environments: e, Says: a.name + " says " + e.String(), At: r.place(a.at.Start, a.at.End),
	}}
}
