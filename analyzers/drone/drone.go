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
// A matrix of Woodpecker's gives each step variables; in a run for an environment they have the values of its combinations.
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
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
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
	Version: 5,
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
		w := &workflow{f, document, combinations(f, document.Get("matrix"))}
		for _, list := range []string{"steps", "pipeline"} { // pipeline is the older key
			n := document.Get(list)
			for _, item := range n.Items() {
				w.step(item, item, item.Get("name"))
			}
			for key, item := range n.Pairs() {
				w.step(key, item, key)
			}
		}
	}
	return nil
}

// workflow is one document while it is read.
type workflow struct {
	*pipeline.File
	document *yamltree.Node
	matrix   []matrix.Combination
}

// step reads a step that stands at a node and has a name.
func (w *workflow) step(at, n, label *yamltree.Node) {
	if !n.IsMapping() {
		return
	}
	f, document, name := w.File, w.document, label.Str()
	if whole := document.Get("name").Str(); whole != "" {
		name = whole + "/" + name
	}
	j := f.Job(name, at)
	conditions(j, n.Get("when"))
	conditions(j, document.Get("trigger"))
	conditions(j, document.Get("when"))
	j.Choose("", w.matrix)
	j.Selects(n.Get("environment"))
	for _, says := range []*yamltree.Node{label, document.Get("name")} {
		j.Named(says)
	}
	j.Says(analyzers.File, environ.Path(f.Pass.Path), "its file is named so", at)
	environment(j, n.Get("environment"))
	for _, item := range n.Get("secrets").Items() { // the older form: a name, or a source and a target
		source, target := item, strings.ToUpper(item.Str())
		if item.IsMapping() {
			source, target = item.Get("source"), strings.ToUpper(item.Get("target").Str())
		}
		j.Emit(f.Set(item, target, secret(j, source)))
	}
	j.Checkout(j.At)
	var enter []analyzers.Step
	if folder := n.Get("directory"); folder.Str() != "" { // https://woodpecker-ci.org/docs/usage/workflow-syntax#directory
		enter = append(enter, analyzers.Step{Op: analyzers.OpEnter, At: f.At(folder), File: new(analyzers.Literal(folder.Str(), f.At(folder)))})
	}
	j.Script("", enter, n.Get("commands"))
	hand(j, image(n), n.Get("settings"), 0)
	j.Done()
}

// maxCombinations bounds the runs of one workflow.
const maxCombinations = 128

// combinations returns those of a matrix of Woodpecker's: each value of a name with each of the others', or what a list includes.
// https://woodpecker-ci.org/docs/usage/matrix-workflows
func combinations(f *pipeline.File, n *yamltree.Node) []matrix.Combination {
	var included []matrix.Combination
	combos, whole := []matrix.Combination{{}}, true
	for key, values := range n.Pairs() {
		var dimension []analyzers.Value
		for _, v := range values.Items() {
			switch {
			case key.Str() != "include" || !v.IsMapping():
				dimension = append(dimension, f.Value(v, interpolate.Syntax{}))
			case len(included) == maxCombinations:
				whole = false
			default:
				one := matrix.Combination{}
				for name, own := range v.Pairs() {
					one[name.Str()] = f.Value(own, interpolate.Syntax{})
				}
				included = append(included, one)
			}
		}
		some, all := matrix.Product(combos, matrix.Single(key.Str(), dimension), maxCombinations)
		combos, whole = some, whole && all
	}
	if !whole {
		f.Pass.Gap(f.At(n), "the matrix has too many combinations; what the rest of them are given is not known")
	}
	if len(included) > 0 {
		return included
	}
	return combos
}

// secret returns the value of a secret whose name can have variables of the matrix in it.
func secret(j *pipeline.Job, n *yamltree.Node) analyzers.Value {
	hole := code.SecretIn(store, j.File.At(n), nil, syntax.Parts(n.Source()))
	return analyzers.Value{At: j.File.At(n), Parts: []analyzers.Part{{Hole: &hole}}}
}

// syntax is that of variables, which are replaced before anything starts.
var syntax = interpolate.Syntax{Doubled: true}

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
	j.Emit(j.Variables(n, syntax)...)
	for key, v := range n.Pairs() {
		if from := v.Get("from_secret"); from.Str() != "" {
			j.Emit(j.Set(key, key.Str(), secret(j, from)))
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
	from := n.Get("from_secret")
	switch {
	case from.Str() != "":
		use(from, secret(j, from))
	case n.Kind == yamltree.Scalar && n.Text != "":
		use(n, j.Value(n, syntax))
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
