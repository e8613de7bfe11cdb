package workflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// workflow is a workflow while it is read.
type workflow struct {
	*file
	root     *yamltree.Node
	triggers map[string]*yamltree.Node // by event; nil for an event without settings
	defaults []inputDefault            // of the inputs of workflow_call
	values   map[string][]analyzers.Value
	jobs     map[string]*job  // by id in lower case; nil while it is read
	written  map[string]entry // the jobs as they are written, by id in lower case
}

// entry is a key of a mapping and what it has.
type entry struct{ key, value *yamltree.Node }

// job is one job that was read.
type job struct {
	key         *yamltree.Node
	at          detectors.Place
	steps       []analyzers.Step
	signs       []analyzers.Sign
	conditional []analyzers.Sign // those that a call need not show
	tests       []test           // what must hold for it to be done
	outputs     map[string][]analyzers.Value
	kept        *carry.Kept // what it uploads, and what the jobs that it needs did
	unit        analyzers.Unit

	computed bool // its environment depends on an input
}

// inputDefault is the value of an input that the caller does not give.
type inputDefault struct {
	name  string
	value analyzers.Value
}

func (f *file) workflow(root *yamltree.Node) {
	w := &workflow{file: f, root: root, triggers: triggers(root.Get("on")), values: map[string][]analyzers.Value{}, jobs: map[string]*job{}, written: map[string]entry{}}
	w.inputs()
	for key, n := range root.Get("jobs").Pairs() {
		w.written[lower(key)] = entry{key, n}
	}
	var jobs []*job
	for key, n := range root.Get("jobs").Pairs() {
		if j := w.job(key, n); j != nil && !slices.Contains(jobs, j) {
			jobs = append(jobs, j)
		}
	}
	_, callable := w.triggers["workflow_call"]
	for _, j := range jobs {
		f.program("jobs."+j.key.Str(), j.at, j.steps)
		if !callable || len(w.triggers) > 1 {
			f.pass.Facts.Units = append(f.pass.Facts.Units, j.unit)
		}
	}
	if callable {
		w.publish(jobs)
	}
	w.environments(jobs)
}

// triggers returns the events that start a workflow.
func triggers(on *yamltree.Node) map[string]*yamltree.Node {
	events := map[string]*yamltree.Node{}
	for _, item := range on.List() {
		if name := item.Str(); name != "" {
			events[name] = nil
		}
	}
	for key, settings := range on.Pairs() {
		events[key.Str()] = settings
	}
	return events
}

// evaluator returns one for the expressions of the workflow.
func (w *workflow) evaluator() *evaluator {
	_, callable := w.triggers["workflow_call"]
	handed := map[string]bool{}
	for key := range w.triggers["workflow_call"].Get("secrets").Pairs() {
		handed[strings.ToUpper(key.Str())] = true
	}
	return &evaluator{
		file: w.file, inputs: inputsOf(w.pass.Path), steps: "steps", secrets: true, handed: handed, open: callable,
		values: maps.Clone(w.values), outputs: map[string]string{}, aliases: map[string]alias{}, used: map[string]bool{}, bound: map[string]bool{},
	}
}

// inputs notes what the inputs can be.
func (w *workflow) inputs() {
	e := w.evaluator()
	for key, input := range w.triggers["workflow_dispatch"].Get("inputs").Pairs() {
		name := "inputs." + lower(key)
		if options := input.Get("options"); options != nil {
			w.values[name] = e.finite(options.Items())
			continue
		}
		var values []analyzers.Value
		if d := input.Get("default"); d.Str() != "" {
			values = append(values, e.scalar(d))
		}
		if input.Get("type").Str() == "environment" { // any of those that the repository has
			values = append(values, hole(w.at(key), analyzers.Hole{Space: declared, All: true}))
		}
		if len(values) > 0 {
			w.values[name] = append(values, unknown(w.at(key)))
		}
	}
	for key, input := range w.triggers["workflow_call"].Get("inputs").Pairs() {
		if d := input.Get("default"); d.Str() != "" {
			w.defaults = append(w.defaults, inputDefault{lower(key), e.scalar(d)})
		}
	}
}

// job reads a job, and those that it needs before it. It returns nil for a job that needs itself.
func (w *workflow) job(key, n *yamltree.Node) *job {
	id := lower(key)
	if j, ok := w.jobs[id]; ok {
		return j
	}
	w.jobs[id] = nil
	r := w.reader(w.evaluator())
	w.needs(r, n.Get("needs"))
	j := &job{key: key, at: w.at(key)}
	w.read(r, j, n)
	j.outputs = r.results(n.Get("outputs"))
	j.kept = r.kept
	j.unit = analyzers.Unit{
		ID: w.pass.Path + "#" + key.Str(), Name: key.Str(), Kind: "ci-job", At: j.at,
		Signs: j.signs, Runs: analyzers.PathTo(w.pass.Path, "jobs."+key.Str(), j.at), Shows: w.shows(r, n),
	}
	w.jobs[id] = j
	return j
}

// needs notes the outputs of the jobs that are needed, and what files they keep.
func (w *workflow) needs(r *reader, needs *yamltree.Node) {
	for _, need := range needs.List() {
		id := lower(need)
		e, ok := w.written[id]
		if !ok {
			continue
		}
		if j := w.job(e.key, e.value); j != nil {
			r.kept.Take(j.kept)
			for name, values := range j.outputs {
				r.values["needs."+id+".outputs."+name] = values
			}
		}
	}
}

// read makes the job's steps and signs.
func (w *workflow) read(r *reader, j *job, n *yamltree.Node) {
	tests := r.condition(n.Get("if").Source())
	r.only, j.tests = tests, tests
	environment := n.Get("environment")
	if environment.IsMapping() {
		environment = environment.Get("name")
	}
	if environment.Str() == "" && environ.Path(r.pass.Path) == 0 && environ.Job(j.key.Str()+" "+n.Get("name").Str()) == 0 {
		r.learnBranches(w, n)
	}
	r.learn(environment)
	r.learnSelectors(w.root.Get("env"))
	r.learnSelectors(n.Get("env"))

	combos := r.combinations(n.Get("strategy", "matrix"))
	r.choose("matrix", "matrix.", combos)
	for _, name := range slices.Sorted(maps.Keys(r.values)) {
		if input, ok := strings.CutPrefix(name, "inputs."); ok {
			r.dispatch(input)
		}
	}
	if environment.Str() != "" {
		v := matrix.Numbered(r.environment(j, environment), func(h *analyzers.Hole) bool { return h.Space == "github" })
		r.sign(analyzers.Declared, "its key environment "+described(v, environment.Str()), v)
		r.known(v)
		if w.store == githubStore {
			r.emit(analyzers.Step{Op: analyzers.OpScope, At: v.At, Name: githubStore, Value: v})
		}
	}
	w.signs(r, j, n, tests)
	if n.Get("uses") != nil {
		w.call(r, n)
	} else {
		w.body(r, n)
	}
	r.chosen()
	j.signs, j.conditional = r.signs, r.conditional
	j.steps = append(r.refs(), block(r.asGuards(tests), r.done)...)
}

// known leaves a gap where the name of the job's environment is a matrix' value, or what another job found out, and nobody tells what that can be.
func (r *reader) known(environment analyzers.Value) {
	for _, unknown := range [...]struct{ space, says string }{
		{"matrix", "the matrix is computed; which environments the job runs for is not known"},
		{"needs", "the name is what another job puts out, and how that comes to it is not seen; which environments the job runs for is not known"},
	} {
		if slices.ContainsFunc(environment.Parts, func(p analyzers.Part) bool {
			return p.Hole != nil && p.Hole.Space == unknown.space && p.Hole.Default == nil && len(p.Hole.Values) == 0
		}) {
			r.gap(environment.At, unknown.says)
		}
	}
}

// environment returns the name of the job's environment, and notes whether an input has a say in it.
func (r *reader) environment(j *job, n *yamltree.Node) analyzers.Value {
	before := r.used
	r.used = map[string]bool{}
	v := r.flatly(n)
	for name := range r.used {
		j.computed = j.computed || strings.HasPrefix(name, "inputs.")
		before[name] = true
	}
	r.used = before
	return v
}

// body makes the steps of a job that has some.
func (w *workflow) body(r *reader, n *yamltree.Node) {
	r.container(n.Get("container"))
	for key, service := range n.Get("services").Pairs() {
		r.service(key, service)
	}
	own := overridden(n.Get("steps").Items())
	r.declare(w.root.Get("env"), own)
	r.declare(n.Get("env"), own)
	r.defaults = []*yamltree.Node{n.Get("defaults", "run"), w.root.Get("defaults", "run")}
	r.windows = onWindows(n.Get("runs-on"))
	r.unsure = strings.Contains(n.Get("runs-on").Str(), "${{")
	for _, step := range n.Get("steps").Items() {
		r.step(step)
	}
	r.saved()
}

// overridden returns the names of variables that each of a job's steps sets for itself: what else they are set to is in nobody's environment. It matters
// where a step's own value is made of it.
func overridden(steps []*yamltree.Node) map[string]bool {
	count := map[string]int{}
	var mentioned []string // what stands behind "env.", to the value's end
	for _, step := range steps {
		for key, v := range step.Get("env").Pairs() {
			count[key.Str()]++
			for rest, found := v.Str(), true; found; {
				if _, rest, found = strings.Cut(rest, "env."); found {
					mentioned = append(mentioned, rest)
				}
			}
		}
	}
	slices.Sort(mentioned)
	names := map[string]bool{}
	for name, n := range count {
		i, _ := slices.BinarySearch(mentioned, name) // what begins with the name follows it
		names[name] = n == len(steps) && (i == len(mentioned) || !strings.HasPrefix(mentioned[i], name))
	}
	return names
}

// onWindows reports whether the runner is one whose default shell is PowerShell.
func onWindows(runsOn *yamltree.Node) bool {
	return slices.ContainsFunc(runsOn.List(), func(n *yamltree.Node) bool { return strings.Contains(lower(n), "windows") })
}

// described says for people what a value is, of which the file has the text. What may hold more than names is not repeated.
func described(v analyzers.Value, source string) string {
	all, known := texts(v)
	switch {
	case known && !slices.ContainsFunc(all, func(text string) bool { return !isPlainName(text) }):
		return "is " + strings.Join(all, " or ")
	case known && len(all) > 1 && slices.ContainsFunc(all, namesOne):
		return "is " + strings.Join(slices.DeleteFunc(all, func(text string) bool { return !namesOne(text) }), " or ") + ", or another"
	case isLookUp.MatchString(source), isChoice.MatchString(source):
		return "is " + strings.TrimSpace(source)
	case strings.Contains(source, "${{"):
		return "is computed"
	}
	return "is set here"
}

// isPlainName reports whether a text can only be a name: it has no numbers, or is short and names an environment.
func isPlainName(text string) bool {
	return plain.MatchString(text) && (!strings.ContainsAny(text, "0123456789") || len(text) <= 16 && environ.Value(text) != 0)
}

// namesOne reports whether a text can only be an environment's name.
func namesOne(text string) bool { return isPlainName(text) && environ.Value(text) != 0 }

var (
	// isChoice is a look-up with names to choose between: ${{ inputs.environment || 'integration' }}.
	isChoice = lazyregexp.New(`^\s*\$\{\{[ A-Za-z_.!=&|-]*(?:'[A-Za-z_-]{0,30}'[ A-Za-z_.!=&|-]*){1,4}\}\}\s*$`)
	plain    = lazyregexp.New(`^[A-Za-z][A-Za-z0-9_. /-]{0,39}$`)
	isLookUp = lazyregexp.New(`^\s*\$\{\{\s*[A-Za-z_][A-Za-z0-9_.-]{0,60}\s*\}\}\s*$`)
)

// call makes the step of a job that calls a workflow.
func (w *workflow) call(r *reader, n *yamltree.Node) {
	uses := n.Get("uses")
	callee, local := localPath(uses.Str())
	secrets := n.Get("secrets")
	if !local {
		r.handOver(uses, n.Get("with"))
		r.handOver(uses, secrets)
		if secrets.Str() == "inherit" {
			r.gap(r.at(secrets), "all secrets are handed to "+toolOf(uses.Str())+"; which ones it reads is not known")
		}
		return
	}
	step := analyzers.Step{
		Op: analyzers.OpRun, At: r.at(uses), Ref: new(analyzers.PathTo(callee, "", r.at(uses))),
		Isolated: true, Closed: secrets.Str() != "inherit", Says: "calls the workflow",
	}
	for key, v := range n.Get("with").Pairs() {
		step.Steps = append(step.Steps, set(inputsOf(callee), lower(key), r.scalar(v)))
		w.passes(r, callee, key, v)
	}
	if n.Get("with") == nil {
		r.declares("the workflow that it calls declares an environment by default", hole(r.at(uses), analyzers.Hole{Space: published(callee, "defaults"), All: true}))
	}
	for key, v := range secrets.Pairs() {
		step.Steps = append(step.Steps, set("secrets", strings.ToUpper(key.Str()), r.scalar(v)))
	}
	for _, name := range []string{"ref", "ref_name"} { // the context is the caller's
		step.Steps = append(step.Steps, set("github", name, hole(r.at(uses), analyzers.Hole{Space: "github", Name: name})))
	}
	r.declares("the workflow that it calls declares an environment", hole(r.at(uses), analyzers.Hole{Space: published(callee, "jobs"), All: true}))
	r.shownBy(callee, "a job of the workflow that it calls", n.Get("with"), r.at(uses))
	environments := environ.Path(callee) &^ detectors.Test // that it tests says nothing of what else it does
	r.named(analyzers.File, environments, "the path of the workflow that it calls says "+environments.String(), r.at(uses))
	r.emit(step)
}

// passes notes an input that a called workflow is given: it may choose the environment there, or be called so.
func (w *workflow) passes(r *reader, callee string, key, n *yamltree.Node) {
	v := r.flatly(n)
	if matrix.Selects(key.Str()) {
		r.known(v)
		r.selected("the input "+key.Str()+" of the workflow that it calls", n)
	}
	says := "the workflow that it calls declares the environment by the input " + key.Str() + ", which " + described(v, n.Str())
	r.declares(says, after(published(callee, "inputs/"+lower(key)), v))
	r.selectedBy(callee, "the workflow that it calls", key, n)
	asked, known := texts(v)
	if !known {
		asked = []string{""} // it can have any of those that are asked for
	}
	for _, text := range asked {
		name := text
		if known {
			name += "/"
		}
		r.declares(says, hole(v.At, analyzers.Hole{Space: published(callee, "when/"+lower(key)), Name: name, All: true}))
	}
}
