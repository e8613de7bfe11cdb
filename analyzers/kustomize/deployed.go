package kustomize

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/detectors/environ"
)

// isDeployer is what the objects have that have a folder deployed: Flux' kustomizations and Argo CD's applications.
//
//	https://fluxcd.io/flux/components/kustomize/kustomizations/
//	https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/
var isDeployer = lazyregexp.New(`(?m)^apiVersion:[ ]*["']?(?:kustomize\.toolkit\.fluxcd|argoproj)\.io/`)

// deployed is the program of what a file has deployed: a source for each folder, with what the object says of the environment.
const deployed = "deployed"

// deployers notes the folders that the objects of a file have deployed.
func (f *file) deployers(documents []*yamltree.Node) {
	var steps []analyzers.Step
	for _, n := range documents {
		sources := append(n.Get("spec", "sources").Items(), n.Get("spec", "source"))
		if n.Get("kind").Str() == "Kustomization" {
			sources = []*yamltree.Node{n.Get("spec")}
		} else if n.Get("kind").Str() != "Application" {
			continue
		}
		for _, source := range sources {
			folder := source.Get("path")
			if folder.Str() == "" || strings.Contains(folder.Str(), "${") {
				continue
			}
			steps = append(steps, analyzers.Step{
				Op: analyzers.OpSource, At: f.at(folder), Ref: new(analyzers.PathTo(path.Clean(folder.Str()), "", f.at(folder))), Optional: true, Steps: f.says(n),
			})
		}
	}
	if len(steps) > 0 {
		f.programs = append(f.programs, analyzers.Program{Name: deployed, At: f.pass.At(0, 0), Steps: steps})
	}
}

// says returns what an object says of the environment that it has something deployed to.
func (f *file) says(n *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	add := func(v *yamltree.Node, says string) {
		if environments := environ.Identifier(v.Str()); environments != 0 {
			steps = append(steps, pipeline.SignSteps(analyzers.Sign{
				Class: analyzers.Selector, Environments: environments, Says: says + " " + v.Str(), At: f.at(v),
			})...)
		}
	}
	spec := n.Get("spec")
	add(spec.Get("targetNamespace"), "it is deployed to namespace")
	add(spec.Get("destination", "namespace"), "it is deployed to namespace")
	add(spec.Get("destination", "name"), "it is deployed to the cluster")
	for key, v := range spec.Get("postBuild", "substitute").Pairs() {
		if environ.Selector(strings.ToUpper(key.Str())) {
			add(v, "it is deployed with "+key.Str())
		}
	}
	if environments := nearest(f.pass.Path); environments != 0 && len(steps) == 0 {
		steps = pipeline.SignSteps(analyzers.Sign{Class: analyzers.Selector, Environments: environments, Says: "it is deployed from here", At: f.at(n.Get("kind"))})
	}
	return steps
}

// deployments returns, by the folder that is deployed, what is said of the environment.
func (j *joiner) deployments() map[string][]analyzers.Sign {
	all := map[string][]analyzers.Sign{}
	for _, p := range j.index.All() {
		for _, f := range j.index.Facts(p) {
			if f.Analyzer != "kustomize" {
				continue
			}
			for _, program := range f.Programs {
				if program.Name != deployed {
					continue
				}
				for _, s := range program.Steps {
					signs := all[target(s)]
					for _, one := range s.Steps {
						if sign, ok := pipeline.Signed(one); ok {
							signs = append(signs, sign)
						}
					}
					all[target(s)] = signs
				}
			}
		}
	}
	return all
}
