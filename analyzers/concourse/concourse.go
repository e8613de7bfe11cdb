// Package concourse reads the pipelines of Concourse, and the files of their tasks.
//
// # Analyzer concourse
//
// A job is a unit, at its entry. A task runs with its parameters in its environment: those of its file, or of its configuration in the step, and
// those of the step, which win. What a step puts is handed the step's parameters and the source of its resource, all but ids; what it gets
// Concourse fetches by itself, as it does to see whether it changed. A variable in doubled brackets whose name says that it is a credential
// is a reference in the store "concourse", of the file's pipeline or of the source that is named; by any other name it is a parameter of
// the pipeline, whose value is not known. A variable is one value for all jobs of a pipeline, but in a file whose environment is a variable
// too: it is set as a pipeline for each, and the values may differ.
//
//	https://concourse-ci.org/docs/jobs
//	https://concourse-ci.org/docs/tasks
//	https://concourse-ci.org/docs/vars
//
// # Environments
//
// Parameters and sources that select an environment say it, then the folder and file, and the names of jobs and of what they put.
//
// # What is not seen
//
// Which repository a task's file comes from: the path behind its first part is looked for in this one. Values that a pipeline is given when it is
// set, and what resources do with what they are handed.
package concourse

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads pipelines and tasks.
var Analyzer = &analyzers.Analyzer{
	Name:    "concourse",
	Doc:     "reads the pipelines of Concourse: what their jobs are given and run",
	Version: 2,
	Files:   []string{"**/{ci,.ci,concourse,pipelines,tasks}/**/*.{yml,yaml}", "**/*{pipeline,concourse,task}*.{yml,yaml}"},
	Run:     read,
}

const (
	store = "concourse" // of variables
	task  = "task"      // the program of a task's file
)

func read(pass *analyzers.Pass) error {
	has := func(keys ...string) bool {
		return !slices.ContainsFunc(keys, func(key string) bool { return !bytes.Contains(pass.Data, []byte(key)) })
	}
	isPipeline, isTask := has("jobs:", "plan:"), has("platform:", "run:", "path:")
	if !isPipeline && !isTask {
		return nil
	}
	f := &file{File: pipeline.Read(pass)}
	if at := annotation.FindSubmatchIndex(pass.Data); at != nil {
		pass.Gap(pass.At(at[2], at[3]), "ytt puts in what the file does not say; what jobs are given by that, and what they run, is not known")
	}
	for _, m := range environment.FindAllSubmatch(pass.Data, -1) {
		f.template = f.template || environ.Identifier(string(m[1])) == 0
	}
	for _, document := range f.Documents {
		f.resources = map[string]*yamltree.Node{}
		for _, resource := range document.Get("resources").Items() {
			f.resources[resource.Get("name").Str()] = resource
		}
		for _, n := range document.Get("jobs").Items() {
			if plan := n.Get("plan"); plan != nil && n.Get("name").Str() != "" {
				f.job(n, plan)
			}
		}
		if document.Get("platform").Str() != "" && document.Get("run", "path").Str() != "" {
			f.task(document)
		}
	}
	return nil
}

// annotation is where ytt, with which people make pipelines, puts in what code or another file says (https://carvel.dev/ytt/docs/latest/syntax/).
var annotation = lazyregexp.New(`(?m)(?:^|[:-])[ \t]*(#@)[ \t/]`)

// file is a file while it is read.
type file struct {
	*pipeline.File
	resources map[string]*yamltree.Node
	template  bool // of pipelines for several environments
}

func (f *file) job(n, plan *yamltree.Node) {
	j := &job{f.Job(n.Get("name").Str(), n), f}
	j.Fills = j.fills
	if f.template {
		j.Emit(analyzers.Step{Op: analyzers.OpScope, At: j.At, Name: store})
	}
	j.Named(n.Get("name"))
	j.Says(analyzers.File, environ.Path(f.Pass.Path), "its file is named so", n)
	j.plan(plan, 0)
	j.hooks(n, 0)
	j.Done()
}

// task writes down the program of a task's file, which a step runs with parameters of its own.
func (f *file) task(n *yamltree.Node) {
	j := &job{f.Job(task, n), f}
	j.Fills = j.fills
	for key, v := range n.Get("params").Pairs() {
		if v.Kind == yamltree.Scalar {
			set := j.Set(key, key.Str(), j.value(v))
			set.IfUnset = true
			j.Emit(set)
		}
	}
	j.Emit(j.run(n.Get("run"))...)
	f.Pass.Facts.Programs = append(f.Pass.Facts.Programs, analyzers.Program{Name: task, At: j.At, Steps: j.Steps()})
}

// job is a job, or a task's file, while it is read.
type job struct {
	*pipeline.Job
	file *file
}

// hooks are steps that follow others. https://concourse-ci.org/docs/steps/modifier-and-hooks
var hooks = []string{"on_success", "on_failure", "on_error", "on_abort", "ensure"}

func (j *job) hooks(n *yamltree.Node, depth int) {
	for _, hook := range hooks {
		if step := n.Get(hook); step != nil {
			j.step(step, depth+1)
		}
	}
}

func (j *job) plan(n *yamltree.Node, depth int) {
	if j.IsDeep(n, depth) {
		return
	}
	for _, step := range n.Items() {
		j.step(step, depth)
	}
}

func (j *job) step(n *yamltree.Node, depth int) {
	if !n.IsMapping() || j.IsDeep(n, depth) {
		return
	}
	for _, key := range []string{"in_parallel", "aggregate", "do"} {
		list := n.Get(key)
		if list.IsMapping() {
			list = list.Get("steps")
		}
		j.plan(list, depth+1)
	}
	if try := n.Get("try"); try != nil {
		j.step(try, depth+1)
	}
	if label := n.Get("put"); label.Str() != "" {
		j.put(n, label)
	}
	if n.Get(task).Str() != "" {
		j.task(n)
	}
	j.hooks(n, depth)
}

// put hands what a step puts its parameters, and its resource's source.
func (j *job) put(n, label *yamltree.Node) {
	name := label.Str()
	if other := n.Get("resource").Str(); other != "" {
		name = other
	}
	resource := j.file.resources[name]
	tool := resource.Get("type").Str()
	if tool == "" {
		tool = name
	}
	j.Named(label)
	for _, handed := range []*yamltree.Node{resource.Get("source"), n.Get("params")} {
		j.Selects(handed)
		j.hand(tool, handed, 0)
	}
}

// hand hands a resource's type a value.
func (j *job) hand(tool string, n *yamltree.Node, depth int) {
	switch {
	case n == nil || j.IsDeep(n, depth):
	case n.IsMapping():
		for key, v := range n.Pairs() {
			if !strings.HasSuffix(key.Str(), "_id") {
				j.hand(tool, v, depth+1)
			}
		}
	case n.Kind == yamltree.Scalar:
		if n.Text != "" {
			j.Emit(analyzers.Step{
				Op: analyzers.OpUse, At: j.File.At(n), Value: j.value(n), Sink: &detectors.Sink{Tool: tool}, Says: "is handed to the resource " + tool,
			})
		}
	default:
		for _, item := range n.Items() {
			j.hand(tool, item, depth+1)
		}
	}
}

// task runs a task: in a container of its own, with nothing but its parameters.
func (j *job) task(n *yamltree.Node) {
	j.Selects(n.Get("params"))
	config := n.Get("config")
	j.Selects(config.Get("params"))
	at := j.File.At(n.Get(task))
	run := analyzers.Step{Op: analyzers.OpRun, At: at, Isolated: true, Says: "runs the task"}
	run.Steps = append(j.parameters(config.Get("params")), j.parameters(n.Get("params"))...)
	run.Steps = append(run.Steps, j.run(config.Get("run"))...)
	if from := n.Get("file"); from.Str() != "" && config == nil {
		run.Ref = &analyzers.Ref{Path: j.inRepository(from), Name: task}
		run.Optional = true
	}
	j.Emit(run)
}

func (j *job) parameters(n *yamltree.Node) []analyzers.Step {
	var sets []analyzers.Step
	for key, v := range n.Pairs() {
		if v.Kind == yamltree.Scalar {
			sets = append(sets, j.Set(key, key.Str(), j.value(v)))
		}
	}
	return sets
}

// run does what a task runs: a script of the repository, or one that is an argument of a shell.
func (j *job) run(n *yamltree.Node) []analyzers.Step {
	program := n.Get("path")
	if program.Str() == "" {
		return nil
	}
	if dir := n.Get("dir"); dir.Str() != "" { // https://concourse-ci.org/docs/tasks#task.run.dir
		at := j.File.At(dir)
		var steps []analyzers.Step
		for _, folder := range j.inRepository(dir).Parts[0].Hole.Values { // the one that there is
			steps = append(steps, analyzers.Step{Op: analyzers.OpEnter, At: at, File: &folder})
		}
		return []analyzers.Step{{Op: analyzers.OpRun, At: at, Steps: append(steps, j.program(n)...)}}
	}
	return j.program(n)
}

// program does what a task runs, wherever it stands.
func (j *job) program(n *yamltree.Node) []analyzers.Step {
	program := n.Get("path")
	args := n.Get("args").Items()
	if shells[path.Base(program.Str())] {
		for i, arg := range args {
			if flag := arg.Str(); strings.HasPrefix(flag, "-") && !strings.HasPrefix(flag, "--") && strings.Contains(flag, "c") && i+1 < len(args) {
				return j.Lines("", nil, args[i+1].Source())
			}
		}
		if len(args) > 0 {
			program = args[len(args)-1]
		}
	}
	return []analyzers.Step{{
		Op: analyzers.OpRun, At: j.File.At(program), Ref: &analyzers.Ref{Path: j.inRepository(program)}, Optional: true, Says: "runs it",
	}}
}

var shells = map[string]bool{"sh": true, "bash": true, "dash": true, "ash": true, "ksh": true, "zsh": true}

// inRepository returns the path of a file in the repository: that behind the folder of the input that it lies in, or else the path as a whole.
func (j *job) inRepository(n *yamltree.Node) analyzers.Value {
	at := j.File.At(n)
	text := path.Clean(n.Str())
	hole := &analyzers.Hole{Space: "unknown"}
	if _, inside, ok := strings.Cut(text, "/"); ok {
		hole.Values = append(hole.Values, analyzers.Value{At: at, Parts: []analyzers.Part{{Text: inside}}})
	}
	hole.Values = append(hole.Values, analyzers.Value{At: at, Parts: []analyzers.Part{{Text: text}}})
	return analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: hole}}}
}

var (
	// variable is ((source:path.field)). https://concourse-ci.org/docs/vars#var-syntax
	variable = lazyregexp.New(`\(\((?:([A-Za-z0-9_.-]*):)?([A-Za-z0-9_./"-]+)\)\)`)
	// environment is a parameter that says which environment it is, and is a variable.
	environment = lazyregexp.New(`(?mi)^[ ]*(?:[A-Z_]*_)?(?:ENV|ENVIRONMENT|STAGE):[ ]*["']?\(\(([a-z0-9_.-]*(?:env|environment|stage))\)\)`)
	// credential is a word in the names of credentials.
	credential = lazyregexp.New(`(?i)(?:^|[^a-z])(?:tokens?|(?:api)?key|secrets?|pass(?:word|wd|phrase)?|pwd|credentials?|creds?|auth|pem|private|webhook|dsn|login|pat)(?:[^a-z]|$)`)
)

// each visits the variables in a text; the spans are of the text.
func (j *job) each(text interpolate.Text, visit func(start, end int, v analyzers.Value)) {
	for _, m := range variable.FindAllStringSubmatchIndex(text.String, -1) {
		span := text.Span(m[0], m[1])
		at := j.Pass.At(span.Start, span.End)
		name, scope := strings.ReplaceAll(text.String[m[4]:m[5]], `"`, ""), ""
		switch {
		case m[2] >= 0:
			scope = text.String[m[2]:m[3]]
		case !j.file.template:
			scope = strings.TrimSuffix(j.Pass.Path, path.Ext(j.Pass.Path))
		}
		hole := &analyzers.Hole{Space: "unknown", Name: name}
		if scope != "." && credential.MatchString(name) { // of the source . are those that steps load
			hole = &analyzers.Hole{Space: store, Name: name, Store: store, Scope: scope}
		}
		visit(m[0], m[1], analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: hole}}})
	}
}

func (j *job) value(n *yamltree.Node) analyzers.Value {
	text := n.Source()
	var parts []analyzers.Part
	from := 0
	j.each(text, func(start, end int, v analyzers.Value) {
		parts = append(append(parts, text.Slice(from, start).Literal()...), v.Parts...)
		from = end
	})
	return analyzers.Value{At: j.File.At(n), Parts: append(parts, text.Slice(from, len(text.String)).Literal()...)}
}

func (j *job) fills(script interpolate.Text) []shell.Fill {
	var fills []shell.Fill
	j.each(script, func(start, end int, v analyzers.Value) {
		fills = append(fills, shell.Fill{Start: start, End: end, Value: v})
	})
	return fills
}
