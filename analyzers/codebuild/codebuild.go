// Package codebuild reads the build specifications of AWS CodeBuild.
//
// # Analyzer codebuild
//
// A specification is a unit, at its phases: what env gives it, and its commands, which one shell runs one after the other. What is looked up in the
// parameter store and in Secrets Manager is a reference. A build sees the tracked files.
//
//	https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
//
// # Environments
//
// A variable that selects one, then the file's name.
//
// # What is not seen
//
// The variables of the project, whom the build is, and matrices of builds.
package codebuild

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads build specifications.
var Analyzer = &analyzers.Analyzer{
	Name:    "codebuild",
	Doc:     "reads CodeBuild's specifications: what a build is given and runs",
	Version: 3,
	Files:   []string{"**/buildspec*.{yml,yaml}"},
	Run:     read,
}

// phases are those of a build, in their order.
var phases = []string{"install", "pre_build", "build", "post_build"}

func read(pass *analyzers.Pass) error {
	f := pipeline.Read(pass)
	for _, document := range f.Documents {
		all := document.Get("phases")
		if all == nil {
			continue
		}
		j := f.Job("build", document.Key("phases"))
		j.Signs = append(j.Signs, named(pass, j.At)...)
		env := document.Get("env")
		j.Selects(env.Get("variables"))
		sets := f.Variables(env.Get("variables"), interpolate.Syntax{})
		for _, of := range [...]struct{ key, store string }{{"parameter-store", detectors.ParameterStore}, {"secrets-manager", detectors.SecretsManager}} {
			for key, from := range env.Get(of.key).Pairs() {
				if h, ok := lookUp(f, of.store, from); ok {
					sets = append(sets, f.Set(key, key.Str(), analyzers.Value{At: f.At(from), Parts: []analyzers.Part{{Hole: &h}}}))
				}
			}
		}
		build(j, all, sets)
		for _, list := range []string{"build-list", "build-graph"} {
			for _, one := range document.Get("batch", list).Items() {
				batched(f, one, all, sets)
			}
		}
	}
	return nil
}

// build does the commands of a build, which has variables.
func build(j *pipeline.Job, all *yamltree.Node, sets []analyzers.Step) {
	j.Emit(sets...)
	j.Checkout(j.At)
	var commands []*yamltree.Node
	for _, phase := range phases {
		commands = append(commands, all.Get(phase, "commands"), all.Get(phase, "finally"))
	}
	j.Script("", nil, commands...)
	j.Done()
}

// batched reads a build of a batch, whose own variables beat those of the file, unless it has a file of its own.
// https://docs.aws.amazon.com/codebuild/latest/userguide/batch-build-buildspec.html
func batched(f *pipeline.File, n, all *yamltree.Node, sets []analyzers.Step) {
	name := n.Get("identifier")
	if n.Get("buildspec") != nil || name.Str() == "" {
		return
	}
	j := f.Job(name.Str(), name)
	own := n.Get("env", "variables")
	j.Selects(own)
	j.Named(name)
	j.Signs = append(j.Signs, named(f.Pass, j.At)...)
	build(j, all, append(sets[:len(sets):len(sets)], f.Variables(own, interpolate.Syntax{})...))
}

// named returns what the file's path says.
func named(pass *analyzers.Pass, at detectors.Place) []analyzers.Sign {
	environments := environ.Path(pass.Path) &^ detectors.Test
	if environments == 0 {
		return nil
	}
	return []analyzers.Sign{{Class: analyzers.File, Environments: environments, Says: "the file's path says " + environments.String(), At: at}}
}

// lookUp reads NAME of a parameter, and SECRET:KEY:STAGE:VERSION, where the secret's address has colons too.
func lookUp(f *pipeline.File, store string, from *yamltree.Node) (analyzers.Hole, bool) {
	text, syntax := from.Source(), interpolate.Syntax{}
	var scope []analyzers.Part
	if store == detectors.SecretsManager {
		colons := 0
		if strings.HasPrefix(text.String, "arn:") {
			colons = strings.Count("arn:aws:secretsmanager:region:account:secret:name", ":")
		}
		words := strings.SplitN(text.String, ":", colons+3)
		if len(words) > colons+1 && words[colons+1] != "" {
			secret := len(strings.Join(words[:colons+1], ":"))
			scope = syntax.Parts(text.Slice(0, secret))
			text = text.Slice(secret+1, secret+1+len(words[colons+1]))
		} else if len(words) > colons+1 {
			text = text.Slice(0, len(strings.Join(words[:colons+1], ":")))
		}
	}
	return code.SecretIn(store, f.At(from), scope, syntax.Parts(text)), text.String != ""
}
