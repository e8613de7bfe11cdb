package kustomize

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/kube"
	"github.com/stagewall/stagewall/detectors/environ"
)

// isDeployer is what the objects have that have a folder deployed: Flux' kustomizations and Argo CD's applications.
//
//	https://fluxcd.io/flux/components/kustomize/kustomizations/
//	https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/
var isDeployer = lazyregexp.New(`(?m)^apiVersion:[ ]*["']?(?:kustomize\.toolkit\.fluxcd|argoproj)\.io/`)

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
			all := []string{path.Clean(folder.Str())}
			if n.Get("kind").Str() == "Kustomization" || source.Get("directory", "recurse").Str() == "true" {
				all = append(all, all[0]+kube.Below)
			}
			for _, one := range all {
				steps = append(steps, analyzers.Step{
					Op: analyzers.OpSource, At: f.at(folder), Ref: new(analyzers.PathTo(one, "", f.at(folder))), Optional: true, Steps: f.says(n),
				})
			}
		}
	}
	if len(steps) > 0 {
		f.programs = append(f.programs, analyzers.Program{Name: kube.Deployed, At: f.pass.At(0, 0), Steps: steps})
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
