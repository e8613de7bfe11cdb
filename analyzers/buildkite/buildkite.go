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
// What a step writes to files that are its artifacts, the steps behind it have that download them (https://buildkite.com/docs/pipelines/configure/artifacts).
//
// `secrets` are references in the store "buildkite" (https://buildkite.com/docs/pipelines/security/secrets/buildkite-secrets), and so are
// names that a step reads and nothing sets, which hooks and settings of pipelines give; of a program that does nothing without a token it is
// the name that the program documents.
//
// # Environments
//
// Variables that select an environment say it, and a matrix whose values name environments, then the branches that a step is for, then its key and label.
//
// # What is not seen
//
// Steps that a command computes and uploads are a gap. What plugins do with what they are handed, steps that a script uploads, and the agents' hooks.
// Of artifacts no more is known than what scripts write to them by name.
package buildkite

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
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
	Version: 4,
	Files:   []string{"**/.buildkite/**/*.{yml,yaml}", "**/buildkite.{yml,yaml}", "**/buildkite/pipeline*.{yml,yaml}"},
	Run:     read,
	Join:    func(index analyzers.Index) []*analyzers.Facts { return store.Join(index, "buildkite") },
}

// store has the secrets of clusters and what hooks and pipelines' settings give. Names that exist anyway are those of
// https://buildkite.com/docs/pipelines/configure/environment-variables.
var store = injected.Store{Name: "buildkite", Own: lazyregexp.New(`^(?:CI|BUILDKITE(?:_.*)?)$`), Title: "Buildkite"}

func read(pass *analyzers.Pass) error {
	f := pipeline.Read(pass)
	var artifacts carry.Artifacts
	for _, document := range f.Documents {
		r := &reader{File: f, env: document.Get("env"), kept: artifacts.Job()}
		r.sets = r.Variables(r.env, syntax)
		list := document.Get("steps")
		if document != nil && document.Kind == yamltree.Sequence {
			list = document
		}
		r.steps(list, nil, 0)
	}
	if artifacts.Over {
		pass.Gap(pass.At(0, 0), carry.Overflow)
	}
	return nil
}

// reader is one pipeline while it is read.
type reader struct {
	*pipeline.File
	env  *yamltree.Node
	sets []analyzers.Step // what that gives to all steps
	kept *carry.Kept      // the artifacts so far
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
	j.Emit(r.sets...)
	own := r.Variables(n.Get("env"), syntax)
	if combos := r.combinations(n.Get("matrix")); len(combos) > 0 {
		j.Choose(matrixSpace, combos)
		j.Fills = r.fills
		for i := range own {
			own[i].Value = filled(own[i].Value)
		}
	}
	j.Emit(own...)
	r.secrets(j, n.Get("secrets"))
	j.Emit(store.Asks(r.Pass.Path, j.Program, store.Scope, j.At)...)
	j.Checkout(j.At)
	r.download(j, n.Get("plugins"), commands)
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
	if patterns := kept(n, commands); len(patterns) > 0 {
		files, all := j.Wrote(patterns, store.Given)
		r.kept.Keep(carry.Artifact{Files: files}, all)
	}
}

// artifact is a command by which a step keeps files, or gets those of steps before it: https://buildkite.com/docs/agent/cli/reference/artifact
var artifact = lazyregexp.New(`\bbuildkite-agent\s+artifact\s+(upload|download)\s+(?:--?[\w-]+\s+)*["']?([^\s"']+)`)

// kept returns the patterns of the files that a step keeps: https://buildkite.com/docs/pipelines/configure/step-types/command-step#artifact_paths
func kept(n, commands *yamltree.Node) []string {
	var patterns []string
	for _, item := range n.Get("artifact_paths").List() {
		patterns = append(patterns, strings.Split(item.Str(), ";")...)
	}
	for _, m := range artifacts(commands, "upload") {
		patterns = append(patterns, strings.Split(m, ";")...)
	}
	return patterns
}

// artifacts returns the patterns that commands upload or download.
func artifacts(commands *yamltree.Node, does string) []string {
	var patterns []string
	for _, command := range commands.List() {
		for _, m := range artifact.FindAllStringSubmatch(command.Str(), pipeline.MaxNested) {
			if m[1] == does {
				patterns = append(patterns, m[2])
			}
		}
	}
	return patterns
}

// download gives a step the artifacts that its commands download, or a plugin (https://github.com/buildkite-plugins/artifacts-buildkite-plugin).
func (r *reader) download(j *pipeline.Job, plugins, commands *yamltree.Node) {
	gets := len(artifacts(commands, "download")) > 0
	for _, plugin := range plugins.Items() {
		for key, settings := range plugin.Pairs() {
			gets = gets || strings.HasPrefix(key.Str(), "artifacts#") && settings.Get("download") != nil
		}
	}
	if gets {
		j.Emit(r.kept.Loaded("", j.At, ", which a step before it keeps")...)
	}
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
