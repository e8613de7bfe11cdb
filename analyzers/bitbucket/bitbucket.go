// Package bitbucket reads the pipelines of Bitbucket.
//
// # Analyzer bitbucket
//
// A step of a pipeline is a unit, at its key; pipelines run for branches, tags, pull requests or by hand. The lines of its script run in one
// shell, and those after it in another. A pipe is handed its variables. A step sees the tracked files.
//
//	https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/
//
// What a step writes to files that are its artifacts, the steps behind it have
// (https://support.atlassian.com/bitbucket-cloud/docs/use-artifacts-in-steps/).
//
// Variables of the workspace, the repository and the deployment are not in the tree: names that a step reads and nothing sets are
// references in the store "bitbucket", and so is the token without which a command line program does nothing, by the name that it
// documents. In a step with a deployment the value may be the deployment's own
// (https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/).
//
// # Environments
//
// `deployment` declares it, of a step or of its stage; then come the branches that a pipeline is for, then names.
//
// # What is not seen
//
// What a pipe does with what it is handed, and caches. Of artifacts no more is known than what scripts write to them by name.
package bitbucket

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
	Name:    "bitbucket",
	Doc:     "reads Bitbucket's pipelines: what their steps are given and run",
	Version: 3,
	Files:   []string{"**/bitbucket-pipelines.{yml,yaml}"},
	Run:     read,
	Join:    func(index analyzers.Index) []*analyzers.Facts { return store.Join(index, "bitbucket") },
}

// store has the variables of workspaces, repositories and deployments, which have no names of their own. Names that exist anyway are those of
// https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/#Default-variables.
var store = injected.Store{Name: "bitbucket", Own: lazyregexp.New(`^(?:CI|BITBUCKET_.*|PIPELINES_.*|DOCKER_HOST)$`), Title: "Bitbucket"}

func read(pass *analyzers.Pass) error {
	f := pipeline.Read(pass)
	var artifacts carry.Artifacts
	for _, document := range f.Documents {
		for kind, n := range document.Get("pipelines").Pairs() {
			if kind.Str() == "default" {
				steps(f, place{pipeline: kind, kept: artifacts.Job()}, n, 0)
				continue
			}
			for name, list := range n.Pairs() {
				p := place{pipeline: name, kept: artifacts.Job()}
				if kind.Str() == "branches" {
					p.branch = name
				}
				steps(f, p, list, 0)
			}
		}
	}
	if artifacts.Over {
		pass.Gap(pass.At(0, 0), carry.Overflow)
	}
	return nil
}

// place is where steps stand.
type place struct {
	pipeline *yamltree.Node // its name
	branch   *yamltree.Node // the branches that it is for; nil for others
	stage    *yamltree.Node // that they are in; nil for none
	kept     *carry.Kept    // the artifacts so far
}

// steps reads a list of steps, and of steps that run at once or in a stage.
func steps(f *pipeline.File, in place, list *yamltree.Node, depth int) {
	for _, item := range list.Items() {
		for key, n := range item.Pairs() {
			switch key.Str() {
			case "step":
				step(f, in, key, n)
			case "parallel":
				if inner := n.Get("steps"); inner != nil {
					n = inner
				}
				if !f.IsDeep(n, depth+1) {
					steps(f, in, n, depth+1)
				}
			case "stage":
				inner := in
				inner.stage = n
				if !f.IsDeep(n, depth+1) {
					steps(f, inner, n.Get("steps"), depth+1)
				}
			}
		}
	}
}

func step(f *pipeline.File, in place, key, n *yamltree.Node) {
	name := in.pipeline.Str()
	if own := n.Get("name").Str(); own != "" {
		name += "/" + own
	}
	j := f.Job(name, key)
	at := j.At
	for _, deployment := range []*yamltree.Node{n.Get("deployment"), in.stage.Get("deployment")} {
		if deployment == nil {
			continue
		}
		j.Declares("deployment", deployment)
		j.Emit(analyzers.Step{Op: analyzers.OpScope, At: f.At(deployment), Name: store.Name, Value: f.Value(deployment, interpolate.Syntax{})})
		j.Emit(f.Set(deployment, "BITBUCKET_DEPLOYMENT_ENVIRONMENT", analyzers.Literal(slug(deployment.Str()), f.At(deployment))))
	}
	if in.branch != nil {
		j.Says(analyzers.Branch, environ.Branch(in.branch.Str()), "its pipeline is for branch "+in.branch.Str(), in.branch)
	}
	for _, n := range []*yamltree.Node{n.Get("name"), in.stage.Get("name"), in.pipeline} {
		j.Named(n)
	}
	j.Emit(store.Asks(f.Pass.Path, j.Program, store.Scope, at)...)
	if n.Get("clone", "enabled").Str() != "false" {
		j.Checkout(at)
	}
	artifacts := n.Get("artifacts")
	if download := artifacts.Get("download"); download.Str() != "false" {
		j.Emit(in.kept.Loaded("", at, ", which a step before it keeps")...)
	}
	j.Script("", nil, plain(n.Get("script"))...)
	pipes(j, n.Get("script"))
	j.Script("", nil, plain(n.Get("after-script"))...)
	j.Done()
	if patterns := shared(artifacts); len(patterns) > 0 {
		files, all := j.Wrote(patterns, store.Given)
		in.kept.Keep(carry.Artifact{Files: files}, all)
	}
}

// slug returns the name of a deployment as a step is told it
// (https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/#Default-variables).
func slug(name string) string { return strings.Join(strings.Fields(strings.ToLower(name)), "-") }

// shared returns the patterns of the artifacts that the steps behind one have: all but those that are scoped to it.
func shared(artifacts *yamltree.Node) []string {
	var patterns []string
	list := artifacts
	for _, key := range []string{"paths", "upload"} {
		if inner := artifacts.Get(key); inner != nil {
			list = inner
		}
	}
	for _, item := range list.Items() {
		if item.Str() != "" {
			patterns = append(patterns, item.Str())
		} else if item.Get("type").Str() != "scoped" {
			for _, one := range item.Get("paths").Items() {
				patterns = append(patterns, one.Str())
			}
		}
	}
	return patterns
}

// plain returns the lines of a script that are no pipes.
func plain(list *yamltree.Node) []*yamltree.Node {
	var lines []*yamltree.Node
	for _, item := range list.List() {
		if !item.IsMapping() {
			lines = append(lines, item)
		}
	}
	return lines
}

// pipes hands the pipes of a script their variables.
func pipes(j *pipeline.Job, list *yamltree.Node) {
	for _, item := range list.Items() {
		tool := item.Get("pipe").Str()
		if tool == "" {
			continue
		}
		for key, v := range item.Get("variables").Pairs() {
			if v.Kind == yamltree.Scalar {
				j.Emit(analyzers.Step{
					Op: analyzers.OpUse, At: j.File.At(key), Value: j.Value(v, interpolate.Syntax{}), Sink: &detectors.Sink{Tool: tool}, Says: "is handed to the pipe " + tool,
				})
			}
		}
		j.Selects(item.Get("variables"))
	}
}
