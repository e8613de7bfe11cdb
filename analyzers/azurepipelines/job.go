package azurepipelines

import (
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

// job is a job while it is read.
type job struct {
	*pipeline.Job
	defined map[string]analyzers.Value // variables, by their names in lower case
	scope   string                     // of what the file does not define: the groups
}

// job reads a job that has lists of steps.
func (r *reader) job(n *yamltree.Node, lists []*yamltree.Node, in place) {
	label := first(n, "deployment", "job")
	name := label.Str()
	if name == "" {
		name = "steps"
	}
	for _, stage := range in.names[:min(len(in.names), 1)] {
		if stage.Str() != "" {
			name = stage.Str() + "/" + name
		}
	}
	j := &job{Job: r.Job(name, n), defined: map[string]analyzers.Value{}}
	environment := n.Get("environment")
	if environment.IsMapping() {
		environment = environment.Get("name")
	}
	j.Declares("environment", environment)
	j.variables(in.variables)
	j.matrix(n.Get("strategy").Get("matrix"))
	for _, test := range in.tests {
		for _, m := range onBranch.FindAllStringSubmatch(test.Str(), pipeline.MaxNested) {
			j.Says(analyzers.Branch, environ.Branch(m[1]), "runs for branch "+m[1], test)
		}
	}
	for _, says := range append([]*yamltree.Node{label, n.Get("displayName")}, in.names...) {
		j.Named(says)
	}
	own := n.Get("deployment") == nil // a deployment job has no repository unless a step gets it
	var steps []*yamltree.Node
	for _, list := range lists {
		steps = append(steps, r.items(list)...)
	}
	for _, step := range steps {
		switch c := step.Get("checkout").Str(); {
		case c == "none":
			own = false
		case c != "":
			own = true
		}
	}
	if own {
		j.Checkout(j.At)
	}
	j.Fills = j.fills
	for _, step := range steps {
		j.step(step)
	}
	j.Done()
}

// lifecycle returns the lists of steps of a strategy's hooks.
func (r *reader) lifecycle(n *yamltree.Node, depth int) []*yamltree.Node {
	var lists []*yamltree.Node
	for key, v := range n.Pairs() {
		switch {
		case key.Str() == "steps":
			lists = append(lists, v)
		case v.IsMapping() && !r.IsDeep(v, depth+1):
			lists = append(lists, r.lifecycle(v, depth+1)...)
		}
	}
	return lists
}

// onBranch is a comparison in a condition: eq(variables['Build.SourceBranch'], 'refs/heads/main')
// (https://learn.microsoft.com/en-us/azure/devops/pipelines/process/conditions).
var onBranch = lazyregexp.New(`eq\(\s*variables(?:\[['"]|\.)Build\.SourceBranch(?:Name)?(?:['"]\])?\s*,\s*['"](?:refs/heads/)?([^'"]+)['"]`)

// variables sets variables: a mapping, or a list of variables and groups.
func (j *job) variables(all []*yamltree.Node) {
	var groups []string
	define := func(at, v *yamltree.Node, name string) {
		if name == "" || v == nil || v.Kind != yamltree.Scalar {
			return
		}
		value := analyzers.Value{At: j.File.At(v), Parts: j.parts(v.Source())}
		j.defined[strings.ToLower(name)] = value
		j.Emit(j.Set(at, exported(name), value))
		if environ.Selector(exported(name)) {
			j.Says(analyzers.Selector, environ.Value(v.Str()), name+" says so", v)
		}
	}
	for _, variables := range all {
		for key, v := range variables.Pairs() {
			define(key, v, key.Str())
		}
		for _, item := range variables.Items() {
			if group := item.Get("group"); group.Str() != "" {
				groups = append(groups, group.Str())
				j.Says(analyzers.Selector, environ.Identifier(group.Str()), "its group of variables is "+group.Str(), group)
			}
			if template := item.Get("template"); template.Str() != "" {
				j.Pass.Gap(j.File.At(template), "the template "+template.Str()+" is not followed; the variables that it defines are not known")
			}
			define(item.Get("name"), item.Get("value"), item.Get("name").Str())
		}
	}
	slices.Sort(groups)
	j.scope = strings.Join(slices.Compact(groups), "+")
}

// matrix sets the variables of a job that is run for each entry of a matrix: to what any of the entries says.
// https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/jobs-job-strategy
func (j *job) matrix(entries *yamltree.Node) {
	var names []*yamltree.Node
	holes := map[string]*analyzers.Hole{}
	for _, entry := range entries.Pairs() {
		for key, v := range entry.Pairs() {
			if v.Kind != yamltree.Scalar {
				continue
			}
			hole := holes[key.Str()]
			if hole == nil {
				hole = &analyzers.Hole{Space: "matrix"}
				holes[key.Str()] = hole
				names = append(names, key)
			}
			hole.Values = append(hole.Values, analyzers.Value{At: j.File.At(v), Parts: j.parts(v.Source())})
			if environ.Selector(exported(key.Str())) {
				j.Says(analyzers.Selector, environ.Value(v.Str()), key.Str()+" says so", v)
			}
		}
	}
	for _, name := range names {
		value := analyzers.Value{At: j.File.At(name), Parts: []analyzers.Part{{Hole: holes[name.Str()]}}}
		j.defined[strings.ToLower(name.Str())] = value
		j.Emit(j.Set(name, exported(name.Str()), value))
	}
}

// exported returns the name under which a variable is in the environment
// (https://learn.microsoft.com/en-us/azure/devops/pipelines/process/variables#environment-variables).
func exported(name string) string {
	return strings.ToUpper(strings.NewReplacer(".", "_", " ", "_").Replace(name))
}

// macro is a variable in a text.
var macro = lazyregexp.New(`\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)`)

// predefined are variables that every job has (https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables).
var predefined = lazyregexp.New(`(?i)^(?:agent|build|system|pipeline|environment|release|strategy|checks|tf_build|rev|date|counter)(?:[.:]|$)`)

// value returns the value of a variable that stands at a place.
func (j *job) value(name string, at detectors.Place) (analyzers.Value, bool) {
	if v, ok := j.defined[strings.ToLower(name)]; ok {
		return v, true
	}
	if predefined.MatchString(name) {
		return analyzers.Value{}, false
	}
	return analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: store, Name: name, Store: store, Scope: j.scope}}}}, true
}

// parts returns a text as the parts of a value, with the variables in it.
func (j *job) parts(text interpolate.Text) []analyzers.Part {
	var parts []analyzers.Part
	from := 0
	for _, m := range macro.FindAllStringSubmatchIndex(text.String, -1) {
		span := text.Span(m[0], m[1])
		v, known := j.value(text.String[m[2]:m[3]], j.Pass.At(span.Start, span.End))
		if !known {
			continue
		}
		parts = append(append(parts, text.Slice(from, m[0]).Literal()...), v.Parts...)
		from = m[1]
	}
	return append(parts, text.Slice(from, len(text.String)).Literal()...)
}

// fills returns the variables in a script.
func (j *job) fills(script interpolate.Text) []shell.Fill {
	var fills []shell.Fill
	for _, m := range macro.FindAllStringSubmatchIndex(script.String, -1) {
		span := script.Span(m[0], m[1])
		if v, known := j.value(script.String[m[2]:m[3]], j.Pass.At(span.Start, span.End)); known {
			fills = append(fills, shell.Fill{Start: m[0], End: m[1], Value: v})
		}
	}
	return fills
}

// step reads a step: a script in sh, one in PowerShell, or a task.
func (j *job) step(n *yamltree.Node) {
	var sets []analyzers.Step
	for key, v := range n.Get("env").Pairs() {
		if v.Kind == yamltree.Scalar {
			sets = append(sets, j.Set(key, key.Str(), analyzers.Value{At: j.File.At(v), Parts: j.parts(v.Source())}))
		}
	}
	j.Selects(n.Get("env"))
	task, _, _ := strings.Cut(n.Get("task").Str(), "@")
	inputs := n.Get("inputs")
	switch script := first(n, "script", "bash"); {
	case script != nil:
		j.Script("", sets, script)
		return
	case task == "Bash" || task == "CmdLine" || task == "AzureCLI" || task == "ShellScript":
		j.Script("", sets, first(inputs, "script", "inlineScript"))
		inputs = nil
	}
	handed := slices.Clip(sets)
	for _, key := range []string{"powershell", "pwsh"} {
		handed = append(handed, j.hand(n.Get(key), "is written into the script", key)...)
	}
	for key, v := range inputs.Pairs() {
		handed = append(handed, j.hand(v, "is handed to the task "+task+" as "+key.Str(), task)...)
	}
	if len(handed) > 0 {
		j.Emit(analyzers.Step{Op: analyzers.OpRun, At: j.File.At(n), Steps: handed})
	}
}

// hand returns the step that hands a text to a tool.
func (j *job) hand(n *yamltree.Node, says, tool string) []analyzers.Step {
	if n == nil || n.Kind != yamltree.Scalar || n.Text == "" {
		return nil
	}
	at := j.File.At(n)
	return []analyzers.Step{{
		Op: analyzers.OpUse, At: at, Value: analyzers.Value{At: at, Parts: j.parts(n.Source())}, Sink: &detectors.Sink{Tool: tool}, Says: says,
	}}
}
