package workflow

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// declared is the program, known in the whole repository, of the environments that jobs declare by name.
const declared = "@workflow/environments"

// prefix is the name of what stands before an input in the name of an environment.
const prefix = "prefix"

// published returns the name of a program that a workflow publishes for those who call it.
func published(path, what string) string { return "@workflow/" + path + "/" + what }

// publish makes the programs that a workflow which can be called consists of: the file's own, which runs its jobs, and those that say
// which environments they work for:
//
//	@workflow/FILE/jobs         the environments that jobs name
//	@workflow/FILE/defaults     those that defaults of inputs name
//	@workflow/FILE/inputs/NAME  what stands before the input in an environment's name; there if one is named by it
//	@workflow/FILE/when/NAME    those of jobs that are done if the input has a text, by that text and the job
//	@workflow/FILE/selects/NAME like inputs, where a variable or an argument selects the environment
//	@workflow/FILE/shows/CLASS  those that jobs which name none show otherwise
func (w *workflow) publish(jobs []*job) {
	steps := []analyzers.Step{set(eventOf(w.pass.Path), "called", literal(yes))}
	for _, d := range w.defaults {
		step := set(inputsOf(w.pass.Path), d.name, d.value)
		step.IfUnset = true
		steps = append(steps, step)
	}
	p := publisher{file: w.file, callee: w.pass.Path, defaults: w.defaults, said: map[string][]analyzers.Step{}}
	for _, j := range jobs {
		p.names = p.names || len(j.own()) > 0
	}
	for _, j := range jobs {
		run := analyzers.Step{Op: analyzers.OpRun, At: j.at, Ref: new(analyzers.PathTo(w.pass.Path, "jobs."+j.key.Str(), j.at))}
		steps = append(steps, block(j.own(), []analyzers.Step{run})...)
		if !p.declared(j) {
			p.shown(j)
		}
	}
	w.program("", w.at(w.root), steps)
	p.write()
}

// publisher gathers what a workflow or an action says of the environments of those who call it.
type publisher struct {
	*file
	callee   string // by which it is called
	defaults []inputDefault
	said     map[string][]analyzers.Step // by what is published
	names    bool                        // a job that is always done names its environment
}

// write makes a program of each thing that is published.
func (p *publisher) write() {
	for _, what := range slices.Sorted(maps.Keys(p.said)) {
		p.program(published(p.callee, what), p.said[what][0].At, p.said[what])
	}
}

func (p *publisher) say(what, name string, v analyzers.Value) {
	step := set("", name, v)
	step.At = v.At
	p.said[what] = append(p.said[what], step)
}

// declared says the environments that a job names, and reports whether it names any.
func (p *publisher) declared(j *job) (names bool) {
	for _, sign := range j.signs {
		if sign.Class != analyzers.Declared || sign.Value == nil {
			continue
		}
		names = true
		p.mention(j, sign)
		if name, before, byInput := p.byInput(*sign.Value); byInput {
			p.say("inputs/"+name, prefix, before)
			if d, ok := p.byDefault(name); ok {
				p.say("defaults", j.key.Str(), analyzers.Value{At: d.At, Parts: append(slices.Clone(before.Parts), d.Parts...)})
			}
		} else if !j.computed { // else the caller's own signs tell more than all that is possible
			p.always(j, "jobs", j.key.Str(), *sign.Value)
		}
	}
	return names
}

// always says an environment of a job: as what, if nothing that the caller gives decides whether the job is done.
func (p *publisher) always(j *job, what, name string, v analyzers.Value) {
	asked, texts := j.asks()
	if asked == "" {
		p.say(what, name, v)
		return
	}
	for _, text := range texts {
		p.say("when/"+asked, text+"/"+name, v)
	}
	if d, ok := p.byDefault(asked); ok && slices.ContainsFunc(texts, func(text string) bool { return literally(d, text) }) {
		p.say("defaults", name, v)
	}
}

// shown says the environments that the strongest signs of a job show, as they are the job's own where it is no called workflow's. What starts the
// workflow otherwise says nothing of a call. Beside a job that names its environment it is said as loudly: they are stages of one deployment.
func (p *publisher) shown(j *job) {
	signs := slices.DeleteFunc(slices.Clone(j.signs), func(s analyzers.Sign) bool { return slices.Contains(j.conditional, s) || !p.tells(s) })
	if len(signs) == 0 {
		return
	}
	class := slices.MaxFunc(signs, func(a, b analyzers.Sign) int { return cmp.Compare(a.Class, b.Class) }).Class
	what := shows(class)
	if p.names {
		what = "jobs"
	}
	for i, sign := range signs {
		if sign.Class != class {
			continue
		}
		name := j.key.Str() + "/" + strconv.Itoa(i)
		for _, one := range sign.Environments.Names() {
			v := literal(one)
			v.At = sign.At
			p.always(j, what, name+"/"+one, v)
		}
		if sign.Value == nil {
			continue
		}
		if input, before, byInput := p.byInput(*sign.Value); byInput {
			p.say("selects/"+input, prefix, before)
			if d, ok := p.byDefault(input); ok { // weaker than what a caller gives
				p.always(j, shows(analyzers.Given), name, analyzers.Value{At: d.At, Parts: append(slices.Clone(before.Parts), d.Parts...)})
			}
		} else if !p.mentionsInput(*sign.Value) { // else the caller's own signs tell more
			p.always(j, what, name, *sign.Value)
		}
	}
}

// tells reports whether a sign can say an environment. That a job tests says nothing of the workflow's others.
func (p *publisher) tells(s analyzers.Sign) bool {
	if s.Value == nil {
		return s.Environments&^detectors.Test != 0
	}
	all, known := texts(*s.Value)
	var environments detectors.Environment
	for _, text := range all {
		environments |= environ.Value(text)
	}
	return !known || environments&^detectors.Test != 0
}

// mentionsInput reports whether a value depends on what the caller gives.
func (p *publisher) mentionsInput(v analyzers.Value) bool {
	return slices.ContainsFunc(v.Parts, func(part analyzers.Part) bool {
		return part.Hole != nil && (part.Hole.Space == inputsOf(p.callee) || slices.ContainsFunc(part.Hole.Values, func(one analyzers.Value) bool {
			return one.If != nil && p.mentionsInput(one.If.Value) || p.mentionsInput(one)
		}))
	})
}

// shows returns what is published of signs of a class.
func shows(class analyzers.Class) string { return "shows/" + strconv.Itoa(int(class)) }

// shownBy adds the signs that what is called may show. Where the caller gives an input that is called so as to select the environment, that tells more.
func (r *reader) shownBy(callee, who string, with *yamltree.Node, at detectors.Place) {
	for key := range with.Pairs() {
		if matrix.Selects(key.Str()) {
			return
		}
	}
	for class := analyzers.Display; class < analyzers.Declared; class++ {
		r.sign(class, who+" says so", hole(at, analyzers.Hole{Space: published(callee, shows(class)), All: true}))
	}
}

// selectedBy adds the sign that an input is which selects an environment in what is called. A secret's name is none.
func (r *reader) selectedBy(callee, who string, key, n *yamltree.Node) {
	if strings.Contains(n.Str(), "secrets") {
		return
	}
	v := r.flatly(n)
	r.sign(analyzers.Selector, who+" selects the environment by the input "+key.Str()+", which "+described(v, n.Str()), after(published(callee, "selects/"+lower(key)), v))
}

// after returns a value behind what is published to stand before it.
func after(space string, v analyzers.Value) analyzers.Value {
	named := hole(v.At, analyzers.Hole{Space: space, Name: prefix})
	named.Parts = append(named.Parts, v.Parts...)
	return named
}

// asks returns the input by whose text it is decided whether the job is done, and the texts.
func (j *job) asks() (input string, texts []string) {
	if t, ok := decidesBy(j.tests); ok && !t.not {
		return strings.TrimPrefix(t.name, "inputs."), t.patterns
	}
	return "", nil
}

// decidesBy returns the first test of an input.
func decidesBy(tests []test) (test, bool) {
	i := slices.IndexFunc(tests, func(t test) bool { return strings.HasPrefix(t.name, "inputs.") })
	if i < 0 {
		return test{}, false
	}
	return tests[i], true
}

// own returns the guard of a job that is always done and says of which environment it is: a run for another one is of the workflow's other jobs.
func (j *job) own() []analyzers.Guard {
	if asked, _ := j.asks(); asked != "" {
		return nil
	}
	for _, s := range j.signs {
		if s.Class != analyzers.Declared || s.Value == nil {
			continue
		}
		if text, ok := s.Value.Text(); ok && environ.Value(text) != 0 {
			return []analyzers.Guard{{Value: matrix.Run(j.at), Patterns: environ.Value(text).Names()}}
		}
	}
	return nil
}

// byDefault returns what an input has that the caller does not give.
func (p *publisher) byDefault(input string) (analyzers.Value, bool) {
	for _, d := range p.defaults {
		if d.name == input {
			return d.value, true
		}
	}
	return analyzers.Value{}, false
}

// literally reports whether a value is a text, in any case.
func literally(v analyzers.Value, text string) bool {
	is, ok := v.Text()
	return ok && strings.EqualFold(is, text)
}

// byInput returns the input that a name ends with, and what stands before it.
func (p *publisher) byInput(v analyzers.Value) (name string, before analyzers.Value, ok bool) {
	if len(v.Parts) == 0 {
		return "", v, false
	}
	last := v.Parts[len(v.Parts)-1].Hole
	if last == nil || last.Space != inputsOf(p.callee) {
		return "", v, false
	}
	return last.Name, analyzers.Value{At: v.At, Parts: v.Parts[:len(v.Parts)-1]}, true
}

func (p *publisher) mention(j *job, sign analyzers.Sign) {
	if text, ok := sign.Value.Text(); ok {
		says := "the environment of job " + j.key.Str() + " " + described(*sign.Value, "")
		p.pass.Facts.Mentions = append(p.pass.Facts.Mentions, analyzers.Sign{
			Class: analyzers.Declared, Environments: environ.Value(text), Says: says, At: sign.At,
		})
	}
}

// environments publishes the environments that jobs declare by name, for inputs of the type environment.
func (w *workflow) environments(jobs []*job) {
	var steps []analyzers.Step
	for _, j := range jobs {
		for _, sign := range j.signs {
			if sign.Class == analyzers.Declared && sign.Value != nil {
				if _, literal := sign.Value.Text(); literal {
					steps = append(steps, set("", j.key.Str(), *sign.Value))
				}
			}
		}
	}
	if len(steps) > 0 {
		w.program(declared, steps[0].At, steps)
	}
}

// join makes units of the jobs of workflows that can only be called and that nothing in the repository calls, and says what computed
// names of references can be.
func join(index analyzers.Index) []*analyzers.Facts {
	called := map[string]bool{}
	var files, callable []*analyzers.Facts
	for _, p := range index.All() {
		for _, f := range index.Facts(p) {
			if f.Analyzer != "workflow" {
				continue
			}
			files = append(files, f)
			if !isWorkflow(p) {
				continue
			}
			isCallable := false
			for _, program := range f.Programs {
				calls(program.Steps, called)
				isCallable = isCallable || program.Name == ""
			}
			if isCallable && len(f.Units) == 0 {
				callable = append(callable, f)
			}
		}
	}
	joined := answers(files)
	for _, f := range callable {
		if !called[f.Path] {
			joined = append(joined, &analyzers.Facts{Path: f.Path, Analyzer: f.Analyzer, Units: units(f)})
		}
	}
	return joined
}

// calls notes the workflows that steps run.
func calls(steps []analyzers.Step, called map[string]bool) {
	for _, s := range steps {
		if text, ok := s.Refers().Path.Text(); ok && s.Op == analyzers.OpRun && s.Refers().Name == "" && isWorkflow(text) {
			called[text] = true
		}
		calls(s.Steps, called)
	}
}

// units makes units of a file's jobs, with what their programs show of environments.
func units(f *analyzers.Facts) []analyzers.Unit {
	var all []analyzers.Unit
	for _, program := range f.Programs {
		id, ok := strings.CutPrefix(program.Name, "jobs.")
		if !ok {
			continue
		}
		unit := analyzers.Unit{
			ID: f.Path + "#" + id, Name: id, Kind: "ci-job", At: program.At,
			Runs: analyzers.PathTo(f.Path, program.Name, program.At),
		}
		unit.Signs = append(shown(program.Steps), displayed(id, program.At)...)
		all = append(all, unit)
	}
	return all
}

// shown returns the signs that a program's steps are.
func shown(steps []analyzers.Step) []analyzers.Sign {
	var signs []analyzers.Sign
	for _, s := range steps {
		switch {
		case s.Op == analyzers.OpScope:
			signs = append(signs, analyzers.Sign{Class: analyzers.Declared, Says: "its key environment " + described(s.Value, expressionOf(s.Value)), At: s.At, Value: &s.Value})
		case s.Op == analyzers.OpSet && s.Space == "" && environ.Selector(s.Name):
			signs = append(signs, analyzers.Sign{Class: analyzers.Selector, Says: s.Name + " " + described(s.Value, expressionOf(s.Value)), At: s.At, Value: &s.Value})
		case s.Op == analyzers.OpBlock, s.Op == analyzers.OpRun:
			signs = append(signs, shown(s.Steps)...)
		}
	}
	return signs
}

// expressionOf returns a value as an expression says it that is one name, with what is taken if that has no value.
func expressionOf(v analyzers.Value) string {
	const open, end = "${{ ", " }}"
	if len(v.Parts) != 1 || v.Parts[0].Hole == nil || v.Parts[0].Hole.Space == "" || v.Parts[0].Hole.All {
		return open
	}
	h := v.Parts[0].Hole
	space, _, _ := strings.Cut(h.Space, " of ") // a file's own inputs
	name := space + "." + h.Name
	if h.Default == nil {
		return open + name + end
	}
	if text, ok := h.Default.Text(); ok && isPlainName(text) {
		return open + name + " || '" + text + "'" + end
	}
	return open
}

// displayed returns the sign that a name for people is.
func displayed(name string, at detectors.Place) []analyzers.Sign {
	environments := environ.Job(name)
	if environments == 0 {
		return nil
	}
	return []analyzers.Sign{{Class: analyzers.Display, Environments: environments, Says: "its name says " + environments.String(), At: at}}
}

// selectorsIn calls visit for the variables of a mapping that select an environment. Jobs ask the same of what their workflow gives them.
func (f *file) selectorsIn(env *yamltree.Node, visit func(key, value *yamltree.Node)) {
	selectors, known := f.selectors[env]
	if !known {
		for key, value := range env.Pairs() {
			if environ.Selector(key.Str()) {
				selectors = append(selectors, [2]*yamltree.Node{key, value})
			}
		}
		if f.selectors == nil {
			f.selectors = map[*yamltree.Node][][2]*yamltree.Node{}
		}
		f.selectors[env] = selectors
	}
	for _, s := range selectors {
		visit(s[0], s[1])
	}
}
