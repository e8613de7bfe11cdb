package taskfile

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads Taskfiles.
var Analyzer = &analyzers.Analyzer{
	Name:    "taskfile",
	Doc:     "Reads the variables, environment and tasks of Taskfiles.",
	Version: 3,
	Files: []string{
		"**/Taskfile.yml", "**/taskfile.yml", "**/Taskfile.yaml", "**/taskfile.yaml", "**/Taskfile.dist.yml", "**/Taskfile.dist.yaml",
		"**/Taskfile*.yml", "**/Taskfile*.yaml",
	},
	Run: run,
}

func run(pass *analyzers.Pass) error {
	documents, err := yamltree.Read(pass.Data)
	if err != nil {
		pass.Gap(yamltree.Broken(pass, err), "the file is no YAML from here on; its tasks are not seen")
	}
	if len(documents) == 0 {
		return nil
	}
	r := &reader{pass: pass, root: documents[0]}
	r.add("", pass.At(0, 0), "", r.reads())
	r.add(everywhere, pass.At(0, 0), "", r.environments())
	for key, n := range r.root.Get("env").Pairs() {
		r.signs = append(r.signs, r.selector(key, n)...)
	}
	for key, task := range r.root.Get("tasks").Pairs() {
		r.task(key, task)
	}
	return nil
}

// reader turns a Taskfile into programs and units.
type reader struct {
	pass  *analyzers.Pass
	root  *yamltree.Node
	signs []analyzers.Sign // of the environment of all tasks
	sets  int              // of maxSets
}

// maxSets bounds what the environments of all tasks are given: tasks that all have what the file says come to the product.
const maxSets = 100_000

// bounded says, once, that not all is followed.
func (r *reader) bounded(key *yamltree.Node) {
	if r.sets == maxSets+1 {
		r.pass.Gap(r.place(key), "tasks are given too many variables; what the last of them are given is not followed")
	}
}

// add adds a program. dir is the directory that the task chooses, relative to the file's.
func (r *reader) add(name string, at detectors.Place, dir string, steps []analyzers.Step) {
	where := path.Join(path.Dir(r.pass.Path), dir)
	if where == "." || path.IsAbs(dir) || strings.Contains(dir, "{{") {
		where = path.Dir(r.pass.Path)
	}
	if where == "." {
		where = ""
	}
	r.pass.Facts.Programs = append(r.pass.Facts.Programs, analyzers.Program{Name: name, At: at, Dir: where, Steps: steps})
}

// reads returns the steps that set the variables of the file. Those that refer to others are set again when all others are.
func (r *reader) reads() []analyzers.Step {
	var steps []analyzers.Step
	for range 2 {
		for key, n := range r.root.Get("env").Pairs() {
			steps = append(steps, r.set(&scope{reader: r}, key, n, environmentSpace)...)
		}
		for _, file := range r.root.Get("dotenv").Items() {
			s := &scope{reader: r}
			steps = append(steps, analyzers.Step{
				Op: analyzers.OpLoad, At: r.place(file), Ref: &analyzers.Ref{Path: s.value(file)}, Space: environmentSpace, IfUnset: true, Optional: true,
			})
		}
		for key, n := range r.root.Get("vars").Pairs() {
			s := &scope{reader: r, skip: key.Str()}
			steps = append(steps, r.set(s, key, n, fileSpace)...)
		}
	}
	return append(steps, r.merged("")...)
}

// everywhere names the program that sets what a file says of the environment of all tasks, for those that include it.
const everywhere = "environment of all tasks"

// environments returns what the file says of the environment of all tasks, in the order in which it wins.
func (r *reader) environments() []analyzers.Step {
	return append(r.merged(everywhere), r.exports(&scope{reader: r}, r.root)...)
}

// merged returns the steps that do what a program of each included file does: variables, and the environment, of all files are one, and what included
// ones say wins (https://github.com/go-task/task/blob/main/taskfile/ast/taskfile.go).
func (r *reader) merged(name string) []analyzers.Step {
	var steps []analyzers.Step
	for key := range r.root.Get("includes").Pairs() {
		if file, ok := r.included(key.Str()); ok {
			steps = append(steps, analyzers.Step{Op: analyzers.OpSource, At: r.place(key), Ref: &analyzers.Ref{Path: file, Name: name}, Optional: true})
		}
	}
	return steps
}

// set returns the steps that set a variable in a space: to a scalar, to what a command prints, or to another variable.
func (r *reader) set(s *scope, key, n *yamltree.Node, space string) []analyzers.Step {
	step := analyzers.Step{Op: analyzers.OpSet, At: r.place(key), Space: space, Name: key.Str()}
	var steps []analyzers.Step
	switch command, ref := n.Get("sh"), n.Get("ref"); {
	case command != nil:
		text := command.Source()
		steps, step.Value = shell.Output(r.pass, []byte(text.String), 0, s.options("variable "+key.Str(), text))
	case ref != nil:
		step.Value = s.variable(strings.TrimPrefix(ref.Str(), "."), nil)
	case n.Kind != yamltree.Scalar || n.Str() == "":
		return nil
	default:
		step.Value = s.value(n)
	}
	return append(steps, step)
}

// spaceOf is the space of the variables of a task: those that it is called with, and its own.
func spaceOf(task string) string { return "task " + task }

// task adds the program and the unit of a task.
func (r *reader) task(key, task *yamltree.Node) {
	name, at := key.Str(), r.place(key)
	s := &scope{reader: r, space: spaceOf(name)}
	steps := []analyzers.Step{{Op: analyzers.OpSource, At: at, Ref: new(analyzers.PathTo(r.pass.Path, "", at))}}
	var signs []analyzers.Sign
	for key, n := range task.Get("vars").Pairs() {
		steps = append(steps, r.set(s, key, n, s.space)...)
		signs = append(signs, r.selector(key, n)...)
	}
	for key, n := range task.Get("env").Pairs() {
		signs = append(signs, r.selector(key, n)...)
	}
	signs = append(signs, r.signs...)
	var done []analyzers.Step
	for _, d := range task.Get("deps").Items() {
		one, says := r.called(s, d)
		done, signs = append(done, one...), append(signs, says...)
	}
	for _, c := range commands(task) {
		one, says := r.command(s, c)
		done, signs = append(done, one...), append(signs, says...)
	}
	steps = append(steps, r.within(s, task, done)...)
	if e := environ.Identifier(name); e != 0 {
		signs = []analyzers.Sign{{Class: analyzers.Selector, Environments: e, Says: "its name says " + e.String(), At: at}}
	}
	r.add(name, at, task.Get("dir").Str(), steps)
	for _, alias := range task.Get("aliases").Items() {
		source := analyzers.Step{Op: analyzers.OpSource, At: at, Ref: new(analyzers.PathTo(r.pass.Path, name, at))}
		r.add(alias.Str(), at, task.Get("dir").Str(), []analyzers.Step{source})
	}
	r.pass.Facts.Units = append(r.pass.Facts.Units, analyzers.Unit{
		ID: r.pass.Path + "#" + name, Name: name, Kind: "task", At: at, Signs: signs, Runs: analyzers.PathTo(r.pass.Path, name, at),
	})
}

// within returns what a task does, in the environment that it does it in. Its own is that of its commands, and not of the tasks that it calls.
// https://taskfile.dev/docs/guide#environment-variables
func (r *reader) within(s *scope, task *yamltree.Node, done []analyzers.Step) []analyzers.Step {
	if !task.IsMapping() || task.Get("env") == nil && task.Get("dotenv") == nil {
		return append(r.environment(s, r.root), done...)
	}
	var steps []analyzers.Step
	calls := func(s analyzers.Step) bool { return s.Ref != nil }
	for len(done) > 0 {
		n, set := 1, r.environment(s, r.root)
		if !calls(done[0]) {
			set = r.environment(s, task, r.root)
		}
		for n < len(done) && calls(done[n]) == calls(done[0]) {
			n++
		}
		steps = append(steps, analyzers.Step{Op: analyzers.OpRun, At: r.place(task), Steps: append(set, done[:n]...)})
		done = done[n:]
	}
	return steps
}

// commands returns the commands of a task, which is one itself if it is a text or a list.
func commands(task *yamltree.Node) []*yamltree.Node {
	if !task.IsMapping() {
		return task.List()
	}
	return append(slices.Clone(task.Get("cmds").List()), task.Get("cmd").List()...)
}

// selector returns the sign of a variable that selects an environment.
func (r *reader) selector(key, n *yamltree.Node) []analyzers.Sign {
	if e := environ.Value(n.Str()); e != 0 && environ.Selector(key.Str()) {
		return []analyzers.Sign{{Class: code.ClassOf(key.Str()), Environments: e, Says: key.Str() + " says " + e.String(), At: r.place(key)}}
	}
	return nil
}

// environment returns the steps that make the environment of a task's commands of what some nodes say, the ones that win first: what the task says, then
// what the file says, a dotenv file after env.
func (r *reader) environment(s *scope, from ...*yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for _, n := range from {
		if !n.IsMapping() {
			continue
		}
		if n == r.root {
			steps = append(steps, r.merged(everywhere)...)
		}
		steps = append(steps, r.exports(s, n)...)
		for _, file := range n.Get("dotenv").Items() {
			steps = append(steps, analyzers.Step{
				Op: analyzers.OpLoad, At: r.place(file), Ref: &analyzers.Ref{Path: s.value(file)}, Export: true, IfUnset: true, Optional: true,
			})
		}
	}
	return steps
}

// exports returns the steps that export what a node says of the environment, unless it is there already.
func (r *reader) exports(s *scope, n *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for key, value := range n.Get("env").Pairs() {
		if r.sets++; r.sets > maxSets {
			r.bounded(key)
			break
		}
		set := r.set(s, key, value, "")
		for i := range set {
			if set[i].Op == analyzers.OpSet && set[i].Space == "" {
				set[i].Export, set[i].IfUnset = true, true
			}
		}
		steps = append(steps, set...)
	}
	return steps
}

// command returns what a command of a task does: a text for the shell, or the call of another task.
func (r *reader) command(s *scope, n *yamltree.Node) ([]analyzers.Step, []analyzers.Sign) {
	if items := n.Get("for"); items != nil {
		s = s.over(items, n.Get("for", "as").Str())
	}
	if n.Get("task") != nil {
		return r.called(s, n)
	}
	text := n
	if n.IsMapping() {
		if text = n.Get("cmd"); text == nil {
			text = n.Get("defer")
		}
		if text.IsMapping() {
			return r.called(s, text)
		}
	}
	if text == nil || text.Str() == "" {
		return nil, nil
	}
	source := text.Source()
	steps, signs := shell.Read(r.pass, []byte(source.String), 0, s.options("command", source))
	if len(steps) == 0 {
		return nil, signs
	}
	return []analyzers.Step{{Op: analyzers.OpRun, At: r.place(text), Steps: steps}}, signs
}

// over returns the scope of a loop over a list of words.
func (s *scope) over(items *yamltree.Node, name string) *scope {
	if name == "" {
		name = "ITEM"
	}
	hole := &analyzers.Hole{Space: "each", Name: name}
	for _, item := range items.Items() {
		hole.Values = append(hole.Values, s.value(item))
	}
	if len(hole.Values) == 0 {
		return s
	}
	inner := *s
	inner.local = map[string]analyzers.Value{name: {Parts: []analyzers.Part{{Hole: hole}}}}
	return &inner
}

// called returns the step that runs another task, with the variables that it is given.
func (r *reader) called(s *scope, n *yamltree.Node) ([]analyzers.Step, []analyzers.Sign) {
	target := n
	if n.IsMapping() {
		target = n.Get("task")
	}
	if target.Str() == "" {
		return nil, nil
	}
	at := r.place(target)
	name := strings.TrimPrefix(target.Str(), ":")
	ref := analyzers.PathTo(r.pass.Path, name, at)
	var given []analyzers.Step // to all tasks of the file: https://taskfile.dev/docs/guide#vars-of-included-taskfiles
	if namespace, rest, ok := strings.Cut(name, ":"); ok {
		if file, ok := r.included(namespace); ok {
			ref, name = analyzers.Ref{Path: file, Name: rest}, rest
			for key, value := range r.root.Get("includes", namespace, "vars").Pairs() {
				given = append(given, r.set(s, key, value, spaceOf(name))...)
			}
		}
	}
	step := analyzers.Step{Op: analyzers.OpRun, At: at, Ref: new(ref), Optional: true, Steps: given}
	var signs []analyzers.Sign
	for key, value := range n.Get("vars").Pairs() {
		step.Steps = append(step.Steps, r.set(s, key, value, spaceOf(name))...)
		signs = append(signs, r.selector(key, value)...)
	}
	if e := environ.Identifier(name); e != 0 {
		says := "it runs " + name + ", which is for " + e.String()
		signs = append(signs, analyzers.Sign{Class: analyzers.Selector, Environments: e, Says: says, At: at})
	}
	return []analyzers.Step{step}, signs
}

// included returns the file that is included under a name. A folder means the Taskfile in it.
func (r *reader) included(namespace string) (analyzers.Value, bool) {
	n := r.root.Get("includes", namespace)
	if n.IsMapping() {
		n = n.Get("taskfile")
	}
	if n == nil || n.Str() == "" || r.root.Get("tasks", namespace) != nil {
		return analyzers.Value{}, false
	}
	s := &scope{reader: r}
	v := s.value(n)
	if ext := path.Ext(n.Str()); ext != ".yml" && ext != ".yaml" {
		v.Parts = append(v.Parts, analyzers.Part{Text: "/Taskfile.yml"})
	}
	return v, true
}
