package azurepipelines

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads pipelines and their templates.
var Analyzer = &analyzers.Analyzer{
	Name:    "azurepipelines",
	Doc:     "reads the pipelines of Azure DevOps: what their jobs are given and run",
	Version: 5,
	Files:   []string{"**/azure-pipelines*.{yml,yaml}", "**/azure-pipeline*.{yml,yaml}", "**/.azure-pipelines/**/*.{yml,yaml}", "**/.azuredevops/**/*.{yml,yaml}"},
	Sniff:   sniff,
	Run:     read,
	Join:    join,
}

// isPart is a key with which a pipeline or a template begins.
var isPart = lazyregexp.New(`(?m)^(?:parameters|variables|stages|jobs|steps|extends|trigger|pr|pool|schedules|resources):`)

// sniff reports whether a file can be a template, or a pipeline that is not named so.
func sniff(name string, head []byte) bool {
	ext := path.Ext(name)
	return (ext == ".yml" || ext == ".yaml") && !strings.HasPrefix(name, ".github/") && isPart.Match(head)
}

// named reports whether a file is a pipeline by its name. Others are if they say what starts them, or if they are taken in.
func named(name string) bool {
	return strings.HasPrefix(path.Base(name), "azure-pipeline") || strings.Contains("/"+name, "/.azure-pipelines/") || strings.Contains("/"+name, "/.azuredevops/")
}

// store has the variables of pipelines and of groups.
const store = "azure-pipelines"

// A file is one program, "", of steps that are yet to be put together, as they can have parameters in them, and stand under conditions:
//
//	parameter NAME      a set, in a space of its own, of what the parameter is unless it is given
//	variable NAME       a set of a variable
//	setting NAME        a set of a group of variables, of a job's environment, …
//	a block             of a kind: a stage, a job, the steps of one, a list that is handed on, a condition
//	a source            a template, with its parameters
const (
	parameter = "parameter" // spaces
	variable  = "variable"
	setting   = "setting"

	ofStage   = "stage" // kinds of blocks
	ofJob     = "job"
	ofSteps   = "steps"
	ofStep    = "step"
	ofEntry   = "entry"  // of a matrix
	ofList    = "list"   // a list that a parameter is, by the name of the parameter
	ofChoices = "values" // what a parameter can be, by its name
	ofTests   = "tests"  // guards
	ofIf      = "if"
	ofElseIf  = "elseif"
	ofElse    = "else"
	ofEach    = "each"

	template = "template" // the name of a source
	insert   = "insert"   // the name of a step in whose place the list that a parameter is stands
	root     = "root"     // a set that says that the file is a pipeline
)

func read(pass *analyzers.Pass) error {
	f := pipeline.New(pass)
	if named(pass.Path) {
		f = pipeline.Read(pass)
	} else if documents, err := yamltree.Read(pass.Data); err == nil {
		f.Documents = documents
	}
	r := &reader{File: f, logs: logs(pass.Data)}
	for _, document := range f.Documents[:min(len(f.Documents), 1)] {
		if steps := r.file(document); len(steps) > 0 {
			pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{At: pass.At(0, 0), Steps: steps})
		}
	}
	return nil
}

// reader is one file while it is read.
type reader struct {
	*pipeline.File
	logs map[string]bool // the names of variables that its steps set
}

// file reads a pipeline or a template.
func (r *reader) file(n *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	starts := n.Key("trigger") != nil || n.Key("pr") != nil || n.Key("schedules") != nil
	if named(r.Pass.Path) || starts && n.Key("kind") == nil {
		steps = append(steps, analyzers.Step{Op: analyzers.OpSet, Space: setting, Name: root, At: r.At(n)})
	}
	return append(append(steps, r.parameters(n.Get("parameters"))...), r.body(n)...)
}

// body reads what a file, a stage or a job has: it ends in stages, jobs or steps.
func (r *reader) body(n *yamltree.Node) []analyzers.Step {
	steps := append(r.variables(n.Get("variables")), r.tested(n.Get("condition"))...)
	if extends := n.Get("extends"); extends != nil {
		steps = append(steps, r.include(extends)...)
	}
	steps = append(steps, r.list(n.Get("stages"), r.stage, 0)...)
	steps = append(steps, r.list(n.Get("jobs"), r.job, 0)...)
	if list := n.Get("steps"); list != nil {
		steps = append(steps, r.block(ofSteps, n, r.list(list, r.step, 0)))
	}
	return steps
}

// block returns a block of a kind.
func (r *reader) block(kind string, n *yamltree.Node, steps []analyzers.Step) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpBlock, At: r.At(n), Name: kind, Steps: steps}
}

// setting returns the set of a setting to a scalar, if there is one.
func (r *reader) setting(name string, n *yamltree.Node) []analyzers.Step {
	if n.Str() == "" {
		return nil
	}
	return []analyzers.Step{{Op: analyzers.OpSet, At: r.At(n), Space: setting, Name: name, Value: r.value(n)}}
}

// value returns a scalar's value.
func (r *reader) value(n *yamltree.Node) analyzers.Value {
	return analyzers.Value{At: r.At(n), Parts: r.parts(n.Source())}
}

// list reads the items of a list, those that stand under template expressions under these, and the templates that are taken in.
// https://learn.microsoft.com/en-us/azure/devops/pipelines/process/template-expressions
func (r *reader) list(n *yamltree.Node, each func(*yamltree.Node) []analyzers.Step, depth int) []analyzers.Step {
	if n == nil || r.IsDeep(n, depth) {
		return nil
	}
	var steps []analyzers.Step
	if n.Kind == yamltree.Scalar {
		return r.insertion(n)
	}
	for _, item := range n.Items() {
		if item.Kind == yamltree.Scalar {
			steps = append(steps, r.insertion(item)...)
			continue
		}
		if item.Get("template").Str() != "" {
			steps = append(steps, r.include(item)...)
			continue
		}
		conditional := false
		for key, inner := range item.Pairs() {
			if directive, at, ok := r.directive(key); ok {
				conditional = true
				steps = append(steps, r.under(directive, at, key, func() []analyzers.Step { return r.list(inner, each, depth+1) })...)
			}
		}
		if !conditional {
			steps = append(steps, each(item)...)
		}
	}
	return steps
}

// insertion returns the step that a list which a parameter is stands in for: ${{ parameters.steps }}.
func (r *reader) insertion(n *yamltree.Node) []analyzers.Step {
	parts := r.parts(n.Source())
	if len(parts) != 1 || parts[0].Hole == nil || parts[0].Hole.Space != template {
		return nil
	}
	return []analyzers.Step{{Op: analyzers.OpSource, At: r.At(n), Name: insert, Key: parts[0].Hole.Name}}
}

// include returns the step that takes a template in, with its parameters.
func (r *reader) include(n *yamltree.Node) []analyzers.Step {
	from := n.Get("template")
	return []analyzers.Step{{
		Op: analyzers.OpSource, At: r.At(from), Name: template, Ref: &analyzers.Ref{Path: r.value(from)}, Optional: true, Steps: r.given(n.Get("parameters")),
	}}
}

// given returns the sets of the parameters that a template is given.
func (r *reader) given(n *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for key, v := range n.Pairs() {
		if directive, at, ok := r.directive(key); ok {
			steps = append(steps, r.under(directive, at, key, func() []analyzers.Step { return r.given(v) })...)
			continue
		}
		steps = append(steps, r.argument(strings.ToLower(key.Str()), v, 0)...)
	}
	return steps
}

// argument returns the sets of a parameter: of an object, by the paths of what is in it, and of steps, jobs and stages, those.
func (r *reader) argument(name string, v *yamltree.Node, depth int) []analyzers.Step {
	if v == nil || r.IsDeep(v, depth) {
		return nil
	}
	if v.Kind == yamltree.Scalar {
		return []analyzers.Step{{Op: analyzers.OpSet, At: r.At(v), Space: parameter, Name: name, Value: r.value(v)}}
	}
	var steps []analyzers.Step
	if list := r.list(v, r.any, depth); len(list) > 0 {
		steps = append(steps, analyzers.Step{Op: analyzers.OpBlock, At: r.At(v), Name: ofList, Key: "parameters." + name, Steps: list})
	}
	for i, item := range v.Items() {
		steps = append(steps, r.argument(name+"["+strconv.Itoa(i)+"]", item, depth+1)...)
	}
	for key, inner := range v.Pairs() {
		steps = append(steps, r.argument(name+"."+strings.ToLower(key.Str()), inner, depth+1)...)
	}
	return steps
}

// any reads a stage, a job or a step.
func (r *reader) any(n *yamltree.Node) []analyzers.Step {
	switch {
	case n.Key("stage") != nil || n.Key("jobs") != nil:
		return r.stage(n)
	case n.Key("job") != nil || n.Key("deployment") != nil || n.Key("steps") != nil:
		return r.job(n)
	case first(n, "script", "bash", "pwsh", "powershell", "task", "checkout", "publish", "download") != nil:
		return r.step(n)
	}
	return nil
}

// parameters reads the parameters of a file: a list, with types and what they can be, or a mapping of what they are by default
// (https://learn.microsoft.com/en-us/azure/devops/pipelines/process/template-parameters).
func (r *reader) parameters(n *yamltree.Node) []analyzers.Step {
	steps := r.given(n)
	for _, item := range n.Items() {
		name := strings.ToLower(item.Get("name").Str())
		if name == "" {
			continue
		}
		steps = append(steps, r.argument(name, item.Get("default"), 0)...)
		choices := analyzers.Step{Op: analyzers.OpBlock, At: r.At(item.Get("name")), Name: ofChoices, Key: "parameters." + name}
		for _, v := range item.Get("values").Items() {
			choices.Steps = append(choices.Steps, analyzers.Step{Op: analyzers.OpSet, At: r.At(v), Space: parameter, Name: name, Value: r.value(v)})
		}
		if len(choices.Steps) > 0 {
			steps = append(steps, choices)
		}
	}
	return steps
}

// variables reads variables: a mapping, or a list of variables, groups and templates
// (https://learn.microsoft.com/en-us/azure/devops/pipelines/process/variables).
func (r *reader) variables(n *yamltree.Node) []analyzers.Step {
	define := func(at, v *yamltree.Node, name string) []analyzers.Step {
		if name == "" || v == nil || v.Kind != yamltree.Scalar {
			return nil
		}
		return []analyzers.Step{{Op: analyzers.OpSet, At: r.At(at), Space: variable, Name: name, Value: r.value(v)}}
	}
	var steps []analyzers.Step
	for key, v := range n.Pairs() {
		if directive, at, ok := r.directive(key); ok {
			steps = append(steps, r.under(directive, at, key, func() []analyzers.Step { return r.variables(v) })...)
			continue
		}
		steps = append(steps, define(key, v, key.Str())...)
	}
	listed := r.list(n, func(item *yamltree.Node) []analyzers.Step {
		return append(r.setting("group", item.Get("group")), define(item.Get("name"), item.Get("value"), item.Get("name").Str())...)
	}, 0)
	return append(steps, listed...)
}

func (r *reader) stage(n *yamltree.Node) []analyzers.Step {
	label := first(n, "stage", "displayName")
	stage := r.block(ofStage, n, append(append(r.setting("name", label), r.setting("display", n.Get("displayName"))...), r.body(n)...))
	return []analyzers.Step{stage}
}

func (r *reader) job(n *yamltree.Node) []analyzers.Step {
	label := first(n, "deployment", "job")
	steps := append(r.setting("name", label), r.setting("display", n.Get("displayName"))...)
	if n.Get("deployment") != nil { // it has no repository unless a step gets it
		steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: r.At(n), Space: setting, Name: "checkout", Value: analyzers.Literal("none", detectors.Place{})})
	}
	environment := n.Get("environment")
	if environment.IsMapping() {
		environment = environment.Get("name")
	}
	steps = append(steps, r.setting("environment", environment)...)
	strategy := n.Get("strategy")
	for _, entry := range strategy.Get("matrix").Pairs() {
		var sets []analyzers.Step
		for key, v := range entry.Pairs() {
			if v.Kind == yamltree.Scalar {
				sets = append(sets, analyzers.Step{Op: analyzers.OpSet, At: r.At(key), Space: variable, Name: key.Str(), Value: r.value(v)})
			}
		}
		if len(sets) > 0 {
			steps = append(steps, r.block(ofEntry, entry, sets))
		}
	}
	steps = append(steps, r.body(n)...)
	for _, hooks := range strategy.Pairs() { // runOnce, rolling, canary
		for _, list := range r.lifecycle(hooks, 0) {
			steps = append(steps, r.block(ofSteps, list, r.list(list, r.step, 0)))
		}
	}
	if n.Get("template") == nil {
		return []analyzers.Step{r.block(ofJob, n, steps)}
	}
	return nil
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

// first returns the first of the values that is there.
func first(n *yamltree.Node, names ...string) *yamltree.Node {
	for _, name := range names {
		if v := n.Get(name); v.Str() != "" {
			return v
		}
	}
	return nil
}

// onBranch is a comparison in a condition: eq(variables['Build.SourceBranch'], 'refs/heads/main')
// (https://learn.microsoft.com/en-us/azure/devops/pipelines/process/conditions).
var onBranch = lazyregexp.New(`eq\(\s*variables(?:\[['"]|\.)Build\.SourceBranch(?:Name)?(?:['"]\])?\s*,\s*['"](?:refs/heads/)?([^'"]+)['"]`)

// tested returns the signs that a condition is.
func (r *reader) tested(n *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for _, m := range onBranch.FindAllStringSubmatch(n.Str(), pipeline.MaxNested) {
		steps = append(steps, pipeline.SignSteps(analyzers.Sign{
			Class: analyzers.Branch, Environments: environ.Branch(m[1]), Says: "runs for branch " + m[1], At: r.At(n),
		})...)
	}
	return steps
}

// step reads a step: a script in sh, one in PowerShell, or a task.
func (r *reader) step(n *yamltree.Node) []analyzers.Step {
	if checkout := n.Get("checkout"); checkout != nil {
		return r.setting("checkout", checkout)
	}
	kept := r.artifact(n)
	j := &pipeline.Job{File: r.File, Fills: r.fills}
	var sets []analyzers.Step
	for key, v := range n.Get("env").Pairs() {
		if v.Kind == yamltree.Scalar {
			sets = append(sets, r.Set(key, key.Str(), r.value(v)))
			if environ.Selector(key.Str()) {
				v := r.value(v)
				j.Sign(analyzers.Sign{Class: code.ClassOf(key.Str()), Says: key.Str() + " says so", At: v.At, Value: &v})
			}
		}
	}
	task, _, _ := strings.Cut(n.Get("task").Str(), "@")
	inputs := n.Get("inputs")
	connected := r.connections(task, inputs)
	script := first(n, "script", "bash")
	sets = append(sets, r.enter(n.Get("workingDirectory"))...)
	var file *yamltree.Node
	if script == nil && slices.Contains([]string{"Bash", "CmdLine", "AzureCLI", "ShellScript"}, task) {
		sets = append(sets, r.enter(first(inputs, "workingDirectory", "cwd"))...)
		script, file, inputs = first(inputs, "script", "inlineScript"), first(inputs, "filePath", "scriptPath"), nil
	}
	switch {
	case script != nil:
		j.Script("", sets, script)
	case file != nil:
		runs := analyzers.Step{Op: analyzers.OpRun, At: r.At(file), Ref: &analyzers.Ref{Path: r.inRepository(file)}, Optional: true, Says: "runs it"}
		j.Emit(analyzers.Step{Op: analyzers.OpRun, At: r.At(n), Steps: append(sets, runs)})
	default:
		handed := slices.Clip(sets)
		for _, key := range []string{"powershell", "pwsh"} {
			handed = append(handed, r.hand(n.Get(key), "is written into the script", key)...)
		}
		for key, v := range inputs.Pairs() {
			handed = append(handed, r.hand(v, "is handed to the task "+task+" as "+key.Str(), task)...)
		}
		if len(handed) > 0 {
			j.Emit(analyzers.Step{Op: analyzers.OpRun, At: r.At(n), Steps: handed})
		}
	}
	steps := append(connected, j.Steps()...)
	for _, sign := range j.Signs {
		steps = append(steps, pipeline.SignSteps(sign)...)
	}
	return append(kept, r.block(ofStep, n, steps))
}

// enter returns the step by which a script runs in a folder, none without one.
// https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/steps-script
func (r *reader) enter(folder *yamltree.Node) []analyzers.Step {
	if folder.Str() == "" {
		return nil
	}
	v := r.inRepository(folder)
	return []analyzers.Step{{Op: analyzers.OpEnter, At: v.At, File: &v}}
}

// inRepository returns the path of a file or folder, without what every job has for the folder into which the repository is checked out.
// https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables#build-variables-devops-services
func (r *reader) inRepository(n *yamltree.Node) analyzers.Value {
	v := r.value(n)
	if len(v.Parts) > 0 {
		if m := checkedOut.FindString(v.Parts[0].Text); m != "" {
			v.Parts = slices.Clone(v.Parts)
			v.Parts[0] = analyzers.Part{Text: "./" + v.Parts[0].Text[len(m):]}
		}
	}
	return v
}

var checkedOut = lazyregexp.New(`^(?i:\$\((?:System\.DefaultWorkingDirectory|Build\.SourcesDirectory|Build\.Repository\.LocalPath)\))/*`)

// artifact reads a step that keeps files for other jobs, or gets them: the set of the setting publish to where they are, or of download to from where they
// come, by the name of the artifact. It returns nothing for other steps.
//
//	https://learn.microsoft.com/en-us/azure/devops/pipelines/artifacts/pipeline-artifacts
//	https://learn.microsoft.com/en-us/azure/devops/pipelines/artifacts/build-artifacts
func (r *reader) artifact(n *yamltree.Node) []analyzers.Step {
	task, _, _ := strings.Cut(n.Get("task").Str(), "@")
	inputs := n.Get("inputs")
	does, files, name := "", n, n.Get("artifact")
	switch {
	case n.Get("publish") != nil:
		does, files = "publish", n.Get("publish")
	case n.Get("download") != nil:
		does, files = "download", n.Get("download")
	case task == "PublishPipelineArtifact" || task == "PublishBuildArtifacts":
		does, files, name = "publish", first(inputs, "targetPath", "path", "PathtoPublish", "pathToPublish"), first(inputs, "artifact", "artifactName", "ArtifactName")
	case task == "DownloadPipelineArtifact" || task == "DownloadBuildArtifacts":
		does, files, name = "download", first(inputs, "buildType", "source"), first(inputs, "artifact", "artifactName")
	default:
		return nil
	}
	return []analyzers.Step{{Op: analyzers.OpSet, At: r.At(n), Space: setting, Name: does, Key: name.Str(), Value: analyzers.Literal(files.Str(), r.At(files))}}
}

// connects are the inputs by which tasks are given a service connection, in lower case: of subscriptions and resources of Azure, clusters and accounts of
// AWS.
//
//	https://learn.microsoft.com/en-us/azure/devops/pipelines/library/service-endpoints
//	https://learn.microsoft.com/en-us/azure/devops/pipelines/tasks/reference/azure-cli-v2#inputs
var connects = []string{
	"azuresubscription", "connectedservicename", "connectedservicenamearm", "azureresourcemanagerconnection", "azuresubscriptionendpoint", "azureconnection",
	"deploymentserviceconnection", "backendservicearm", "environmentservicenameazurerm", "environmentservicenameaws", "environmentservicenamegcp", "awscredentials",
	"kubernetesserviceconnection", "kubernetesserviceendpoint", "azuresubscriptionendpointforsecrets", "serviceconnection",
}

// connections returns the steps that hand a task the service connections that it is given by name.
func (r *reader) connections(task string, inputs *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for key, n := range inputs.Pairs() {
		if slices.Contains(connects, strings.ToLower(key.Str())) && n.Str() != "" {
			steps = append(steps, connect(r.value(n), "the task ", task))
		}
	}
	return steps
}

// connect returns the step that hands somebody the service connection of a name.
func connect(name analyzers.Value, what, whom string) analyzers.Step {
	h := analyzers.Hole{Space: connection, Store: connection, Computed: &name}
	if text, known := name.Text(); known {
		h.Name, h.Computed = text, nil
	}
	v := analyzers.Value{At: name.At, Parts: []analyzers.Part{{Hole: &h}}}
	return analyzers.Step{
		Op: analyzers.OpUse, At: name.At, Value: v, Sink: &detectors.Sink{Tool: whom}, Says: "gives " + what + whom + " the service connection",
	}
}

// handed returns the step of a job that stands for a template of another repository, which is not seen: it has what its parameters hold. One that is
// called like the input of a task, or after a service connection, names that.
func handed(taking analyzers.Step, template string) analyzers.Step {
	var uses []analyzers.Step
	for _, s := range taking.Steps {
		if s.Op != analyzers.OpSet || s.Space != parameter {
			continue
		}
		name := s.Name[strings.LastIndexByte(s.Name, '.')+1:]
		if slices.Contains(connects, name) || strings.HasSuffix(name, "serviceconnection") {
			uses = append(uses, connect(s.Value, "the template ", template))
			continue
		}
		uses = append(uses, analyzers.Step{
			Op: analyzers.OpUse, At: s.At, Value: s.Value, Sink: &detectors.Sink{Tool: template}, Says: "is handed to the template " + template,
		})
	}
	run := analyzers.Step{Op: analyzers.OpRun, At: taking.At, Steps: uses}
	return analyzers.Step{Op: analyzers.OpBlock, At: taking.At, Name: ofStep, Steps: []analyzers.Step{run}}
}

// connection is the store of what jobs are let be by the project.
const connection = "azure-service-connection"

// hand returns the step that hands a text to a tool.
func (r *reader) hand(n *yamltree.Node, says, tool string) []analyzers.Step {
	if n == nil || n.Kind != yamltree.Scalar || n.Text == "" {
		return nil
	}
	return []analyzers.Step{{Op: analyzers.OpUse, At: r.At(n), Value: r.value(n), Sink: &detectors.Sink{Tool: tool}, Says: says}}
}
