package justfile

import (
	"bytes"
	"path"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads justfiles.
var Analyzer = &analyzers.Analyzer{
	Name:    "justfile",
	Doc:     "Reads the settings, variables and recipes of justfiles.",
	Version: 2,
	Files:   []string{"**/justfile", "**/Justfile", "**/JUSTFILE", "**/.justfile", "**/*.just"},
	Run:     run,
}

// maxSize is the size from which on a file is not read.
const maxSize = 1 << 20

func run(pass *analyzers.Pass) error {
	if pass.TooLarge(maxSize, "a justfile") {
		return nil
	}
	r := &reader{file: parse(pass.Data), pass: pass, defined: map[string]detectors.Span{}, values: map[string]analyzers.Value{}}
	for _, v := range r.variables {
		if _, earlier := r.defined[v.name]; !earlier {
			r.defined[v.name] = v.value
		}
	}
	r.add("", pass.At(0, 0), r.reads())
	for i := range r.recipes {
		r.recipe(&r.recipes[i])
	}
	if len(r.recipes) > 0 {
		first := r.recipes[0]
		at := r.place(first.at)
		r.add(shell.DefaultGoal, at, []analyzers.Step{{Op: analyzers.OpSource, At: at, Ref: new(analyzers.PathTo(pass.Path, first.name, at))}})
	}
	return nil
}

// reader turns a parsed justfile into programs and units.
type reader struct {
	*file
	pass    *analyzers.Pass
	defined map[string]detectors.Span  // by variable, the expression that it is
	values  map[string]analyzers.Value // what is known of variables, see [reader.known]
}

func (r *reader) place(span detectors.Span) detectors.Place { return r.pass.At(span.Start, span.End) }

func (r *reader) add(name string, at detectors.Place, steps []analyzers.Step) {
	dir := path.Dir(r.pass.Path)
	if dir == "." || path.Ext(r.pass.Path) == ".just" { // an imported file's recipes run where the importing file is
		dir = ""
	}
	r.pass.Facts.Programs = append(r.pass.Facts.Programs, analyzers.Program{Name: name, At: at, Dir: dir, Steps: steps})
}

// reads returns what reading the file does: it loads a dotenv file, takes in imported files and sets variables. Those that refer to
// others are set again when all others are.
func (r *reader) reads() []analyzers.Step {
	e := &evaluator{reader: r}
	var steps, again []analyzers.Step
	for _, span := range r.imports {
		at := r.place(span)
		steps = append(steps, analyzers.Step{Op: analyzers.OpSource, At: at, Ref: &analyzers.Ref{Path: e.value(span)}, Optional: true})
	}
	steps = append(steps, r.dotenv(e)...)
	for _, v := range r.variables {
		at := r.place(v.at)
		set := analyzers.Step{Op: analyzers.OpSet, At: at, Space: fileSpace, Name: v.name, Value: e.value(v.value)}
		steps = append(append(steps, e.steps...), set)
		e.steps = nil
		again = append(again, set)
	}
	steps = append(steps, again...)
	exportAll := r.on("export")
	for _, v := range r.variables {
		if v.export || exportAll {
			at := r.place(v.at)
			value := analyzers.Value{At: at, Parts: e.name(v.name, v.at)}
			steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: at, Name: v.name, Value: value, Export: true})
		}
	}
	return steps
}

// on reports whether a setting is switched on.
func (r *reader) on(name string) bool {
	span, ok := r.settings[name]
	return ok && strings.TrimSpace(string(r.data[span.Start:span.End])) != "false"
}

// dotenv returns the step that loads a dotenv file, if the settings say so
// (https://just.systems/man/en/settings.html#dotenv-settings).
func (r *reader) dotenv(e *evaluator) []analyzers.Step {
	file, at := analyzers.Value{Parts: []analyzers.Part{{Text: ".env"}}}, detectors.Place{}
	loads, here := false, false
	for _, name := range []string{"dotenv-load", "dotenv-required", "dotenv-override", "dotenv-filename", "dotenv-path"} {
		span, set := r.settings[name]
		if !set || !r.on(name) {
			continue
		}
		loads, at = true, r.place(detectors.Span{Start: max(0, span.Start-1), End: span.End})
		if name == "dotenv-filename" || name == "dotenv-path" {
			file, here = e.value(span), name == "dotenv-path" // no folder above is looked in for it
		}
	}
	if !loads {
		return nil
	}
	return []analyzers.Step{{
		Op: analyzers.OpLoad, At: at, Ref: &analyzers.Ref{Path: file, Here: here}, Export: true, IfUnset: !r.on("dotenv-override"), Optional: true,
	}}
}

// recipe adds the program and the unit of a recipe.
func (r *reader) recipe(c *recipe) {
	at := r.place(c.at)
	steps := []analyzers.Step{{Op: analyzers.OpSource, At: at, Ref: new(analyzers.PathTo(r.pass.Path, "", at))}}
	e := &evaluator{reader: r, parameters: map[string]bool{}, mentioned: map[string]bool{}}
	var signs []analyzers.Sign
	for i, p := range c.parameters {
		steps = append(steps, r.parameter(e, p, i+1, at)...)
		signs = append(signs, r.selects(p.name, p.fallback)...)
	}
	for _, n := range c.needs {
		place := r.place(n.at)
		ref := analyzers.PathTo(r.pass.Path, n.name, place)
		for _, a := range n.arguments {
			ref.Args = append(ref.Args, e.value(a))
		}
		steps = append(steps, analyzers.Step{Op: analyzers.OpRun, At: place, Ref: new(ref)})
		if env := environ.Identifier(n.name); env != 0 {
			says := "it needs " + n.name + ", which is for " + env.String()
			signs = append(signs, analyzers.Sign{Class: analyzers.Selector, Environments: env, Says: says, At: place})
		}
	}
	body, says := r.body(e, c)
	r.add(c.name, at, append(steps, body...))
	signs = append(signs, says...)
	for _, v := range r.variables {
		if e.mentioned[v.name] {
			signs = append(signs, r.selects(v.name, v.value)...)
		}
	}
	if env := environ.Identifier(c.name); env != 0 {
		signs = []analyzers.Sign{{Class: analyzers.Selector, Environments: env, Says: "its name says " + env.String(), At: at}}
	}
	r.pass.Facts.Units = append(r.pass.Facts.Units, analyzers.Unit{
		ID: r.pass.Path + "#" + c.name, Name: c.name, Kind: "just-recipe", At: at, Signs: signs,
		Runs: analyzers.PathTo(r.pass.Path, c.name, at),
	})
}

// selects returns the sign of a parameter or variable that selects an environment, by what it is if nobody gives another.
func (r *reader) selects(name string, by detectors.Span) []analyzers.Sign {
	if by.Empty() || !matrix.Selects(name) {
		return nil
	}
	v := (&evaluator{reader: r, parameters: map[string]bool{}}).value(by)
	if len(v.Parts) == 1 && v.Parts[0].Hole != nil && v.Parts[0].Hole.Default != nil {
		v = *v.Parts[0].Hole.Default
	}
	text, _ := v.Text()
	env := environ.Value(text)
	if env == 0 {
		return nil
	}
	return []analyzers.Sign{{Class: analyzers.Selector, Environments: env, Says: "by default " + name + " says " + env.String(), At: r.place(by)}}
}

// parameter returns the steps that give a parameter its argument, or else its default.
func (r *reader) parameter(e *evaluator, p parameter, position int, at detectors.Place) []analyzers.Step {
	hole := &analyzers.Hole{Space: "args", Name: strconv.Itoa(position)}
	if p.rest {
		hole = &analyzers.Hole{Space: "args", All: true}
	}
	if !p.fallback.Empty() {
		fallback := e.value(p.fallback)
		hole.Default = &fallback
	}
	e.parameters[p.name] = true
	value := analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: hole}}}
	steps := append(e.steps, analyzers.Step{Op: analyzers.OpSet, At: at, Space: parameterSpace, Name: p.name, Value: value})
	e.steps = nil
	if p.export || r.on("export") {
		steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: at, Name: p.name, Value: value, Export: true})
	}
	return steps
}

// interpreter says whose name the interpreter of a script is: a shell's.
var interpreter = lazyregexp.New(`(?:^|[/'"\s])(?:ba|da|k|mk|z|a)?sh\b`)

// inShell reports whether a recipe that is one program is written for a shell: sh where neither the recipe nor the file says another.
// https://just.systems/man/en/script-recipes.html
func (r *reader) inShell(c *recipe) bool {
	var by detectors.Span
	if c.script != nil {
		by = *c.script
	}
	if by.Empty() {
		by = r.settings["script-interpreter"]
	}
	return by.Empty() || interpreter.Match(r.data[by.Start:by.End])
}

var shellShebang = lazyregexp.New(`^\s*#!\s*(?:\S*/env\s+(?:-S\s*)?)?(?:\S*/)?(?:ba|da|k|mk|z|a)?sh\b`)

// body returns what the lines of a recipe do.
func (r *reader) body(e *evaluator, c *recipe) (steps []analyzers.Step, signs []analyzers.Sign) {
	if len(c.body) == 0 {
		return nil, nil
	}
	first := r.data[c.body[0].Start:c.body[0].End]
	bang := bytes.HasPrefix(bytes.TrimSpace(first), []byte("#!"))
	if bang || c.script != nil || r.on("default-script") {
		if bang && !shellShebang.Match(first) || !bang && !r.inShell(c) {
			r.pass.Gap(r.place(c.body[0]), "the recipe "+c.name+" is in another language than the shell; what it does is not seen")
			return nil, nil
		}
		return r.piece(e, c.body, indentation(r.data, c.body))
	}
	for start := 0; start < len(c.body); {
		end := start + 1
		for end < len(c.body) && bytes.HasSuffix(bytes.TrimRight(r.data[c.body[end-1].Start:c.body[end-1].End], "\r"), []byte(`\`)) {
			end++
		}
		one, says := r.piece(e, c.body[start:end], indentation(r.data, c.body[start:end]))
		if len(one) > 0 {
			at := r.place(detectors.Span{Start: c.body[start].Start, End: c.body[end-1].End})
			steps = append(steps, analyzers.Step{Op: analyzers.OpRun, At: at, Steps: one})
		}
		signs = append(signs, says...)
		start = end
	}
	return steps, signs
}

// indentation returns how many blanks all lines begin with.
func indentation(data []byte, lines []detectors.Span) int {
	least := -1
	for _, l := range lines {
		text := data[l.Start:l.End]
		if n := len(text) - len(bytes.TrimLeft(text, " \t")); n < len(text) && (least < 0 || n < least) {
			least = n
		}
	}
	return max(least, 0)
}

// piece returns what lines do that one shell reads.
func (r *reader) piece(e *evaluator, lines []detectors.Span, indent int) ([]analyzers.Step, []analyzers.Sign) {
	var src []byte
	var offsets []int
	for _, l := range lines {
		start := min(l.Start+indent, l.End)
		for i := start; i < l.End; i++ {
			src, offsets = append(src, r.data[i]), append(offsets, i)
		}
		src, offsets = append(src, '\n'), append(offsets, min(l.End, len(r.data)-1)) // the last line may have no end
	}
	quiet := len(src) - len(bytes.TrimLeft(src, "@-"))
	src, offsets = src[quiet:], append(offsets[quiet:], lines[len(lines)-1].End)
	opt := shell.Options{Name: "recipe", Known: r.known, Map: func(offset int) int { return offsets[max(0, min(offset, len(offsets)-1))] }}
	for from := 0; ; {
		start := bytes.Index(src[from:], []byte("{{"))
		if start < 0 {
			break
		}
		start += from
		length := bytes.Index(src[start:], []byte("}}"))
		if length < 0 {
			break
		}
		from = start + length + len("}}")
		if bytes.HasPrefix(src[start:], []byte("{{{{")) { // two braces, quoted
			continue
		}
		value := e.value(detectors.Span{Start: offsets[start+2], End: offsets[start+length]})
		opt.Fills = append(opt.Fills, shell.Fill{Start: start, End: from, Value: value})
	}
	steps, signs := shell.Read(r.pass, src, 0, opt)
	steps = append(e.steps, steps...)
	e.steps = nil
	return steps, signs
}

// known returns the value that the file gives to a variable.
func (r *reader) known(h analyzers.Hole) (analyzers.Value, bool) {
	if h.Space != lineSpace {
		return analyzers.Value{}, false
	}
	if v, ok := r.values[h.Name]; ok {
		return v, true
	}
	span, ok := r.defined[h.Name]
	if !ok {
		return analyzers.Value{}, false
	}
	v := (&evaluator{reader: r}).value(span)
	r.values[h.Name] = v
	return v, true
}
