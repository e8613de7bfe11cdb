// Package buildkite reads the pipelines of Buildkite.
//
// # Analyzer buildkite
//
// A command step is a unit, at its entry; its commands run in one shell. A step's variables beat the pipeline's. A block, an input, a wait
// and a trigger run nothing. A step sees the tracked files.
//
//	https://buildkite.com/docs/pipelines/configure/defining-steps
//	https://buildkite.com/docs/pipelines/configure/step-types/command-step
//
// `secrets` are references in the store "buildkite" (https://buildkite.com/docs/pipelines/security/secrets/buildkite-secrets), and so are
// names that a step reads and nothing sets, which hooks and settings of pipelines give; of a program that does nothing without a token it is
// the name that the program documents.
//
// # Environments
//
// Variables that select an environment say it, then the branches that a step is for, then its key and label.
//
// # What is not seen
//
// Steps that a command computes and uploads are a gap. What plugins do with what they are handed, steps that a script uploads, artifacts and the agents' hooks.
package buildkite

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/injected"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads pipelines.
var Analyzer = &analyzers.Analyzer{
	Name:    "buildkite",
	Doc:     "reads Buildkite's pipelines: what their steps are given and run",
	Version: 1,
	Files:   []string{"**/.buildkite/**/*.{yml,yaml}", "**/buildkite.{yml,yaml}", "**/buildkite/pipeline*.{yml,yaml}"},
	Run:     read,
	Join:    func(index analyzers.Index) []*analyzers.Facts { return store.Join(index, "buildkite") },
}

// store has the secrets of clusters and what hooks and pipelines' settings give. Names that exist anyway are those of
// https://buildkite.com/docs/pipelines/configure/environment-variables.
var store = injected.Store{Name: "buildkite", Own: lazyregexp.New(`^(?:CI|BUILDKITE(?:_.*)?)$`), Title: "Buildkite"}

func read(pass *analyzers.Pass) error {
	f := pipeline.Read(pass)
	for _, document := range f.Documents {
		r := &reader{File: f, env: document.Get("env")}
		list := document.Get("steps")
		if document != nil && document.Kind == yamltree.Sequence {
			list = document
		}
		r.steps(list, nil, 0)
	}
	return nil
}

// reader is one pipeline while it is read.
type reader struct {
	*pipeline.File
	env *yamltree.Node
}

// steps reads a list of steps, which may be in groups.
func (r *reader) steps(list, group *yamltree.Node, depth int) {
	for _, item := range list.Items() {
		if inner := item.Get("steps"); inner != nil {
			if r.IsDeep(inner, depth+1) {
				continue
			}
			label := item.Get("group")
			if label.Str() == "" {
				label = item.Get("label")
			}
			r.steps(inner, label, depth+1)
			continue
		}
		r.step(item, group)
	}
}

// first returns the first of the values that is there.
func first(n *yamltree.Node, names ...string) *yamltree.Node {
	for _, name := range names {
		if v := n.Get(name); v != nil {
			return v
		}
	}
	return nil
}

func (r *reader) step(n, group *yamltree.Node) {
	commands := first(n, "commands", "command", "script")
	if commands == nil && n.Get("plugins") == nil {
		return
	}
	label := first(n, "label", "name")
	name := first(n, "key", "id", "identifier").Str()
	if name == "" {
		name = label.Str()
	}
	if name == "" {
		name = "step"
	}
	j := r.Job(name, n)
	j.Doubled = true
	for _, env := range []*yamltree.Node{n.Get("env"), r.env} {
		j.Selects(env)
	}
	j.Branches(n.Get("branches"))
	for _, m := range onBranch.FindAllStringSubmatch(n.Get("if").Str(), pipeline.MaxNested) {
		j.Says(analyzers.Branch, environ.Branch(m[1]), "runs for branch "+m[1], n.Get("if"))
	}
	for _, says := range []*yamltree.Node{first(n, "key", "id", "identifier"), label, group} {
		j.Named(says)
	}
	j.Emit(r.Variables(r.env, syntax)...)
	j.Emit(r.Variables(n.Get("env"), syntax)...)
	r.secrets(j, n.Get("secrets"))
	j.Emit(store.Asks(r.Pass.Path, j.Program, store.Scope, j.At)...)
	j.Checkout(j.At)
	j.Script("", nil, commands)
	for _, command := range commands.List() {
		if uploads.MatchString(command.Str()) {
			r.Pass.Gap(r.At(command), "the steps that are uploaded are computed; what they are given, and what they run, is not known")
		}
	}
	for _, plugin := range n.Get("plugins").Items() {
		for key, settings := range plugin.Pairs() {
			r.hand(j, key.Str(), settings, 0)
		}
	}
	j.Done()
}

// onBranch is a comparison in a condition (https://buildkite.com/docs/pipelines/configure/conditionals).
var onBranch = lazyregexp.New(`build\.branch\s*(?:==|=~)\s*["'/^]+([A-Za-z0-9_./-]+?)\$?["'/]`)

// uploads is a command that adds steps to the pipeline which it reads from its input, and not from a file
// (https://buildkite.com/docs/agent/cli/reference/pipeline#uploading-pipelines).
var uploads = lazyregexp.New(`\|\s*buildkite-agent\s+pipeline\s+upload\b`)

// syntax is that of variables in a pipeline's values, which are replaced when it is uploaded
// (https://buildkite.com/docs/agent/cli/reference/pipeline#environment-variable-substitution).
var syntax = interpolate.Syntax{Escape: '\\', Doubled: true}

// secrets sets the variables of secrets: those of a list have the secrets' names, and those of a mapping names of their own.
func (r *reader) secrets(j *pipeline.Job, n *yamltree.Node) {
	for _, item := range n.Items() {
		j.Emit(r.Set(item, item.Str(), r.Secret(item, store.Name, store.Scope, item.Str())))
	}
	for key, v := range n.Pairs() {
		j.Emit(r.Set(key, key.Str(), r.Secret(v, store.Name, store.Scope, v.Str())))
	}
}

// hand hands a plugin its settings.
func (r *reader) hand(j *pipeline.Job, tool string, n *yamltree.Node, depth int) {
	if r.IsDeep(n, depth) {
		return
	}
	if n != nil && n.Kind == yamltree.Scalar && n.Text != "" {
		j.Emit(analyzers.Step{
			Op: analyzers.OpUse, At: r.At(n), Value: r.Value(n, syntax), Sink: &detectors.Sink{Tool: tool}, Says: "is handed to the plugin " + tool,
		})
	}
	for _, item := range n.Items() {
		r.hand(j, tool, item, depth+1)
	}
	for _, v := range n.Pairs() {
		r.hand(j, tool, v, depth+1)
	}
}
