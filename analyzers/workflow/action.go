package workflow

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/detectors"
)

// use makes the steps of a step that uses an action.
func (r *reader) use(n *yamltree.Node, sets []analyzers.Step) {
	uses := n.Get("uses")
	if action, ok := localPath(uses.Str()); ok {
		if r.root != "" {
			action = path.Clean(r.relative(action))
		}
		r.source(n, action, sets)
		return
	}
	tool := toolOf(uses.Str())
	steps := sets
	for key, v := range n.Get("with").Pairs() {
		value := r.scalar(v)
		steps = append(steps, r.flush()...)
		name, sink := variables[strings.ToLower(tool)][lower(key)], &detectors.Sink{Tool: tool}
		if strings.EqualFold(tool, "docker/login-action") && lower(key) == "password" {
			name, sink = r.login(n.Get("with"))
		}
		if name != "" {
			bound := set("", name, value)
			bound.At, bound.Says = r.at(key), "is the input "+key.Str()
			steps, value = append(steps, bound), hole(r.at(key), analyzers.Hole{Name: name})
		}
		steps = append(steps, analyzers.Step{Op: analyzers.OpUse, At: r.at(key), Value: value, Sink: sink, Says: "is handed to " + tool})
		if matrix.Selects(key.Str()) {
			r.selected("the input "+key.Str()+" of "+tool, v)
		}
	}
	if tool == "actions/github-script" {
		steps = append(steps, r.foreign(n.Get("with", "script").Source())...)
	}
	steps = append(steps, r.started(tool, uses, n.Get("with"))...)
	steps = append(steps, analyzers.Step{Op: analyzers.OpCall, At: r.at(uses), Sink: &detectors.Sink{Tool: tool}})
	r.emit(analyzers.Step{Op: analyzers.OpRun, At: r.at(uses), Steps: steps})
	if tool == "actions/checkout" {
		r.checkout(n)
	}
	switch tool {
	case "actions/github-script":
		r.emit(r.handed(n, sets)...)
	case "actions/upload-artifact":
		r.upload(n.Get("with"))
	case "actions/download-artifact":
		r.emit(r.download(uses, n.Get("with"))...)
	case "actions/cache", "actions/cache/save", "actions/cache/restore":
		r.emit(r.cache(tool, uses, n.Get("with"))...)
	}
	r.emit(r.leaves(tool, n)...)
}

// login returns where docker/login-action takes a password: it runs docker login, for Docker's own registry if it is given none. A user can say
// that the password is the key of a service account, and what that is called.
//
//	https://github.com/docker/login-action#customizing
//	https://cloud.google.com/artifact-registry/docs/docker/authentication#json-key
func (r *reader) login(with *yamltree.Node) (name string, sink *detectors.Sink) {
	argv := []detectors.Word{{Text: "docker"}, {Text: "login"}, {Text: "--password-stdin"}}
	if registry := with.Get("registry"); registry.Str() != "" {
		host := "" // computed
		if all, known := texts(r.flatly(registry)); known && len(all) == 1 {
			host = all[0]
		}
		argv = append(argv, detectors.Word{Text: host})
	}
	if strings.HasPrefix(with.Get("username").Str(), "_json_key") {
		name = "GOOGLE_CREDENTIALS"
	}
	return name, &detectors.Sink{Tool: "docker", Argv: argv}
}

// toolOf returns an action's name without its version: "owner/name", "owner/name/folder", "docker".
func toolOf(uses string) string {
	if strings.HasPrefix(uses, "docker://") {
		return "docker"
	}
	name, _, _ := strings.Cut(uses, "@")
	return name
}

// handOver hands the inputs or secrets of a call to another repository's workflow.
func (r *reader) handOver(uses, with *yamltree.Node) {
	tool := toolOf(uses.Str())
	for key, v := range with.Pairs() {
		r.emit(analyzers.Step{
			Op: analyzers.OpUse, At: r.at(key), Value: r.scalar(v), Sink: &detectors.Sink{Tool: tool}, Says: "is handed to " + tool,
		})
		if matrix.Selects(key.Str()) {
			r.selected("the input "+key.Str()+" of "+tool, v)
		}
	}
}

// checkout makes the files of the repository lie about, if it is this repository that is checked out.
func (r *reader) checkout(n *yamltree.Node) {
	with := n.Get("with")
	if repository := with.Get("repository").Str(); repository != "" && !strings.Contains(repository, "github.repository") {
		return
	}
	if dir := with.Get("path").Str(); dir != "" && !strings.Contains(dir, "${{") {
		r.root = path.Clean(dir)
	}
	if r.proposed {
		return // who proposes anything has the files already: the checkout's unit says so
	}
	r.emit(analyzers.Step{Op: analyzers.OpSee, At: r.at(n.Get("uses")), File: new(literal(".")), Tracked: true, Says: "checks the repository out"})
}

// source takes the steps of an action of the repository in. Its inputs are set first, those that an earlier use gave are removed.
func (r *reader) source(n *yamltree.Node, action string, sets []analyzers.Step) {
	uses := r.at(n.Get("uses"))
	space := inputsOf(action)
	var inputs []analyzers.Step
	for _, name := range r.passed[action] {
		inputs = append(inputs, analyzers.Step{Op: analyzers.OpUnset, At: uses, Space: space, Name: name})
	}
	for key, v := range n.Get("with").Pairs() {
		step := set(space, lower(key), r.scalar(v))
		step.At = r.at(key)
		inputs = append(inputs, step)
		if !slices.Contains(r.passed[action], lower(key)) {
			r.passed[action] = append(r.passed[action], lower(key))
		}
		if matrix.Selects(key.Str()) {
			r.selected("the input "+key.Str(), v)
		}
		r.selectedBy(action, "the action that it uses", key, v)
	}
	if r.sourced[action] == 0 {
		r.shownBy(action, "the action that it uses", n.Get("with"), uses)
		if name := path.Base(action); isDeployment(name) {
			r.signs = append(r.signs, displayed(name, uses)...)
		}
	}
	if id := lower(n.Get("id")); id != "" {
		r.outputs[id] = outputsOf(action)
	}
	r.sourced[action]++
	run := slices.Concat(sets, inputs, taken(action, uses))
	if r.sourced[action] > maxSourced {
		r.emit(analyzers.Step{Op: analyzers.OpRun, At: uses, Steps: run})
		return
	}
	r.emit(run...)
	r.emit(r.restored(sets)...)
}

// taken returns the steps that take an action's file in, under both of its names.
func taken(action string, at detectors.Place) []analyzers.Step {
	var steps []analyzers.Step
	for _, name := range []string{"action.yml", "action.yaml"} {
		steps = append(steps, analyzers.Step{
			Op: analyzers.OpSource, At: at, Ref: new(analyzers.PathTo(path.Join(action, name), "", at)), Optional: true, Says: "uses the action",
		})
	}
	return steps
}

// restored returns the steps that take the variables of a step back.
func (r *reader) restored(sets []analyzers.Step) []analyzers.Step {
	var steps []analyzers.Step
	for _, s := range sets {
		before := slices.IndexFunc(r.env, func(e analyzers.Step) bool { return e.Name == s.Name })
		for i, e := range r.env {
			if e.Name == s.Name {
				before = i // the last one holds
			}
		}
		if before < 0 {
			steps = append(steps, analyzers.Step{Op: analyzers.OpUnset, At: s.At, Name: s.Name})
		} else {
			steps = append(steps, r.env[before])
		}
	}
	return steps
}

// action reads the metadata file of an action: its program is what the using step does.
func (f *file) action(root *yamltree.Node) {
	dir := path.Dir(f.pass.Path)
	e := &evaluator{
		file: f, inputs: inputsOf(dir), steps: "steps of " + dir, open: true,
		values: map[string][]analyzers.Value{}, outputs: map[string]string{}, aliases: map[string]alias{}, used: map[string]bool{}, bound: map[string]bool{},
	}
	r := f.reader(e)
	p := publisher{file: f, callee: dir, said: map[string][]analyzers.Step{}}
	for key, input := range root.Get("inputs").Pairs() {
		if d := input.Get("default"); d.Str() != "" {
			p.defaults = append(p.defaults, inputDefault{lower(key), e.scalar(d)})
			step := set(e.inputs, lower(key), e.scalar(d))
			step.IfUnset = true
			r.emit(step)
		}
	}
	runs := root.Get("runs")
	switch using := lower(runs.Get("using")); {
	case using == "composite":
		for _, step := range runs.Get("steps").Items() {
			r.step(step)
		}
		r.saved()
	case using == "docker":
		r.image(dir, root)
	case strings.HasPrefix(using, "node"):
		for _, name := range []string{"pre", "main", "post"} {
			if n := runs.Get(name); n.Str() != "" {
				r.emit(r.start(n, path.Join(dir, n.Str()), root))
			}
		}
	}
	for key, output := range root.Get("outputs").Pairs() {
		if v := output.Get("value"); v.Str() != "" {
			r.emit(set(outputsOf(dir), lower(key), e.scalar(v)))
		}
	}
	f.program("", f.at(root), r.done)
	p.shown(&job{signs: r.signs, conditional: r.conditional})
	p.write()
}

// start returns the step that runs an action's own program, which finds its inputs in variables
// (https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#inputs).
func (r *reader) start(n *yamltree.Node, file string, root *yamltree.Node) analyzers.Step {
	at := r.at(n)
	step := analyzers.Step{Op: analyzers.OpRun, At: at, Ref: new(analyzers.PathTo(file, "", at)), Optional: true, Says: "runs the action's program"}
	for key := range root.Get("inputs").Pairs() {
		name := "INPUT_" + strings.ToUpper(strings.ReplaceAll(key.Str(), " ", "_"))
		step.Steps = append(step.Steps, set("", name, hole(r.at(key), analyzers.Hole{Space: r.inputs, Name: lower(key)})))
	}
	return step
}

// image runs an action's container.
func (r *reader) image(dir string, root *yamltree.Node) {
	runs := root.Get("runs")
	image := runs.Get("image")
	steps := r.variables(runs.Get("env"))
	for _, arg := range runs.Get("args").Items() {
		v := r.scalar(arg)
		steps = append(steps, r.flush()...)
		steps = append(steps, analyzers.Step{Op: analyzers.OpUse, At: v.At, Value: v, Sink: &detectors.Sink{Tool: "docker"}, Says: "is an argument of the container"})
	}
	step := r.start(image, path.Join(dir, image.Str()), root)
	if strings.HasPrefix(image.Str(), "docker://") {
		step.Ref = nil
	}
	inputs := step.Steps
	step.Steps = slices.Concat(inputs, steps)
	r.emit(step)
}
