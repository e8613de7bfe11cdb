// Package drone reads the pipelines of Drone and of Woodpecker, which began as one.
//
// # Analyzer drone
//
// A step is a unit, at its entry: a container of its own, with the workspace mounted. Its commands run in one shell; a step without commands
// is a plugin, which is handed its settings. A step's environment is given to it, and `from_secret` is a reference in the store "drone".
//
//	https://docs.drone.io/pipeline/docker/syntax/steps/
//	https://docs.drone.io/secret/
//	https://woodpecker-ci.org/docs/usage/workflow-syntax
//	https://woodpecker-ci.org/docs/usage/secrets
//
// # Environments
//
// Variables that select an environment say it, then the branches that a step or its pipeline is for, the target that a promotion is to
// (https://docs.drone.io/promote/), and the names of steps, pipelines and files.
//
// # What is not seen
//
// What plugins do with what they are handed, and pipelines in Starlark and Jsonnet.
package drone

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads pipelines.
var Analyzer = &analyzers.Analyzer{
	Name:    "drone",
	Doc:     "reads the pipelines of Drone and Woodpecker: what their steps are given and run",
	Version: 1,
	Files:   []string{"**/.drone.{yml,yaml}", "**/.woodpecker.{yml,yaml}", "**/.woodpecker/**/*.{yml,yaml}"},
	Run:     read,
}

// store has the secrets of repositories and organisations.
const store = "drone"

func read(pass *analyzers.Pass) error {
	f := pipeline.Read(pass)
	for _, document := range f.Documents {
		if kind := document.Get("kind").Str(); kind != "" && kind != "pipeline" {
			continue
		}
		for _, list := range []string{"steps", "pipeline"} { // pipeline is the older key
			n := document.Get(list)
			for _, item := range n.Items() {
				step(f, document, item, item, item.Get("name"))
			}
			for key, item := range n.Pairs() {
				step(f, document, key, item, key)
			}
		}
	}
	return nil
}

// step reads a step that stands at a node and has a name.
func step(f *pipeline.File, document, at, n, label *yamltree.Node) {
	if !n.IsMapping() {
		return
	}
	name := label.Str()
	if whole := document.Get("name").Str(); whole != "" {
		name = whole + "/" + name
	}
	j := f.Job(name, at)
	conditions(j, n.Get("when"))
	conditions(j, document.Get("trigger"))
	conditions(j, document.Get("when"))
	j.Selects(n.Get("environment"))
	for _, says := range []*yamltree.Node{label, document.Get("name")} {
		j.Named(says)
	}
	j.Says(analyzers.File, environ.Path(f.Pass.Path), "its file is named so", at)
	environment(j, n.Get("environment"))
	for _, secret := range n.Get("secrets").Items() { // the older form: a name, or a source and a target
		source, target := secret, strings.ToUpper(secret.Str())
		if secret.IsMapping() {
			source, target = secret.Get("source"), strings.ToUpper(secret.Get("target").Str())
		}
		j.Emit(f.Set(secret, target, f.Secret(source, store, "", source.Str())))
	}
	j.Checkout(j.At)
	j.Script("", nil, n.Get("commands"))
	hand(j, image(n), n.Get("settings"), 0)
	j.Done()
}

// image returns the name of a step's image, without its tag.
func image(n *yamltree.Node) string {
	text := n.Get("image").Str()
	if i := strings.LastIndexByte(text, ':'); i > strings.LastIndexByte(text, '/') {
		text = text[:i]
	}
	return text
}

// environment sets a step's variables, of which some are secrets.
func environment(j *pipeline.Job, n *yamltree.Node) {
	j.Emit(j.Variables(n, interpolate.Syntax{Doubled: true})...)
	for key, v := range n.Pairs() {
		if secret := v.Get("from_secret"); secret.Str() != "" {
			j.Emit(j.Set(key, key.Str(), j.Secret(secret, store, "", secret.Str())))
		}
	}
}

// hand hands a plugin its settings.
func hand(j *pipeline.Job, tool string, n *yamltree.Node, depth int) {
	if n == nil || j.IsDeep(n, depth) {
		return
	}
	use := func(at *yamltree.Node, v analyzers.Value) {
		j.Emit(analyzers.Step{
			Op: analyzers.OpUse, At: j.File.At(at), Value: v, Sink: &detectors.Sink{Tool: tool}, Says: "is handed to the plugin " + tool,
		})
	}
	secret := n.Get("from_secret")
	switch {
	case secret.Str() != "":
		use(secret, j.Secret(secret, store, "", secret.Str()))
	case n.Kind == yamltree.Scalar && n.Text != "":
		use(n, j.Value(n, interpolate.Syntax{Doubled: true}))
	case n.IsMapping():
		for key, v := range n.Pairs() {
			if environ.Selector(key.Str()) {
				j.Says(analyzers.Selector, environ.Value(v.Str()), "the setting "+key.Str()+" says so", v)
			}
			hand(j, tool, v, depth+1)
		}
	default:
		for _, item := range n.Items() {
			hand(j, tool, item, depth+1)
		}
	}
}

// conditions adds what conditions say: one, or a list of which one must hold.
func conditions(j *pipeline.Job, n *yamltree.Node) {
	for _, one := range append(n.Items(), n) {
		for _, key := range []string{"branch", "branches"} {
			branch := one.Get(key)
			if branch.IsMapping() {
				branch = branch.Get("include")
			}
			j.Branches(branch)
		}
		for _, key := range []string{"target", "environment"} {
			for _, target := range one.Get(key).List() {
				j.Declares(key, target)
			}
		}
	}
}
