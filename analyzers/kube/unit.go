package kube

import (
	"path"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
)

// The signs of a workload are a program beside the workload's own, since whether it is a unit is known only when all files are: what a
// kustomization lists is one for each overlay, and not by itself. They are sets in the space "sign", of the name of their class.
const (
	signsOf    = "signs of "
	patchSigns = "signs of patch "
	volumesOf  = "volumes of " // the volumes too, since patches can change them
	signSpace  = "sign"
)

// What signs say that an overlay can take back.
const (
	labelSays     = "its label says "
	namespaceSays = "its namespace says "
)

func signStep(class analyzers.Class, says string, v analyzers.Value) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: v.At, Space: signSpace, Name: strconv.Itoa(int(class)), Value: v, Says: says}
}

// Workload is a workload of a manifest.
type Workload struct {
	File    string
	Program *analyzers.Program // named by its kind and name: "Deployment/app"
	Signs   []analyzers.Sign
	Patch   bool             // it is only a part of one
	Volumes []analyzers.Step // a block for each, by its name, of what it holds
}

// Name returns the workload's own name.
func (w Workload) Name() string { return path.Base(w.Program.Name) }

// IsNamespaceSign reports whether a sign is the workload's namespace, which an overlay can change.
func IsNamespaceSign(s analyzers.Sign) bool { return strings.HasPrefix(s.Says, namespaceSays) }

// IsLabelSign reports whether a sign is one of the workload's labels.
func IsLabelSign(s analyzers.Sign) bool { return strings.HasPrefix(s.Says, labelSays) }

// Workloads returns those of a manifest's facts.
func Workloads(f *analyzers.Facts) []Workload {
	beside := map[string]*analyzers.Program{}
	for i := range f.Programs {
		if name := f.Programs[i].Name; strings.HasPrefix(name, signsOf) || strings.HasPrefix(name, volumesOf) {
			beside[name] = &f.Programs[i]
		}
	}
	volumes := func(p *analyzers.Program) []analyzers.Step {
		if own, ok := beside[volumesOf+p.Name]; ok {
			return own.Steps
		}
		return nil
	}
	var all []Workload
	for i := range f.Programs {
		p := &f.Programs[i]
		if own, ok := beside[signsOf+p.Name]; ok {
			all = append(all, Workload{f.Path, p, decode(own.Steps), false, volumes(p)})
		} else if own, ok := beside[patchSigns+p.Name]; ok {
			all = append(all, Workload{f.Path, p, decode(own.Steps), true, volumes(p)})
		}
	}
	return all
}

func decode(steps []analyzers.Step) []analyzers.Sign {
	var signs []analyzers.Sign
	for i := range steps {
		class, err := strconv.Atoi(steps[i].Name)
		if err == nil && steps[i].Space == signSpace {
			signs = append(signs, analyzers.Sign{Class: analyzers.Class(class), Says: steps[i].Says, At: steps[i].At, Value: &steps[i].Value})
		}
	}
	return signs
}

// Deployed is the program of what a file has deployed: a source for each folder, and one that ends in Below if what lies below it is too, with
// what is said of the environment.
const (
	Deployed = "deployed"
	Below    = "/**"
)

// Deployments returns, by the folder that is deployed, what is said of the environment. Of a folder with a kustomization only that is deployed.
func Deployments(index analyzers.Index) map[string][]analyzers.Sign {
	all := map[string][]analyzers.Sign{}
	for _, p := range index.All() {
		for _, f := range index.Facts(p) {
			for _, program := range f.Programs {
				if f.Analyzer != "kustomize" || program.Name != Deployed {
					continue
				}
				for _, s := range program.Steps {
					folder, _ := s.Refers().Path.Text()
					if above, below := strings.CutSuffix(folder, Below); below && Kustomization(index, above) != "" {
						continue
					}
					signs := all[folder]
					for _, one := range s.Steps {
						if sign, ok := pipeline.Signed(one); ok {
							signs = append(signs, sign)
						}
					}
					all[folder] = signs
				}
			}
		}
	}
	return all
}

// DeployedAbove returns what is said of a folder by who has one above it deployed, with all that lies below.
func DeployedAbove(deployments map[string][]analyzers.Sign, folder string) []analyzers.Sign {
	var signs []analyzers.Sign
	for folder != "." {
		folder = path.Dir(folder)
		signs = append(signs, deployments[folder+Below]...)
	}
	return signs
}

// Kustomization returns the file of a folder's kustomization, "" if there is none.
func Kustomization(index analyzers.Index, folder string) string {
	for _, name := range []string{"kustomization.yaml", "kustomization.yml", "Kustomization"} {
		if p := path.Join(folder, name); index.Exists(p) {
			return p
		}
	}
	return ""
}

// join makes units of the workloads that no kustomization lists. Those that lie in a folder that is deployed as it is are for the environments
// of who has it deployed (https://fluxcd.io/flux/components/kustomize/kustomizations/#generating-a-kustomizationyaml-file,
// https://argo-cd.readthedocs.io/en/stable/user-guide/directory/).
func join(index analyzers.Index) []*analyzers.Facts {
	deployments := Deployments(index)
	listed := map[string]bool{}
	for _, p := range index.All() {
		for _, f := range index.Facts(p) {
			if f.Analyzer == "kustomize" {
				list(f, listed)
			}
		}
	}
	var joined []*analyzers.Facts
	for _, p := range index.All() {
		for _, f := range index.Facts(p) {
			if f.Analyzer != "kube" || listed[p] {
				continue
			}
			units := units(f)
			if len(units) == 0 {
				continue
			}
			signs := DeployedAbove(deployments, path.Dir(p))
			if Kustomization(index, path.Dir(p)) == "" {
				signs = append(signs, deployments[path.Dir(p)]...)
			}
			for i := range units {
				units[i].Signs = append(units[i].Signs, signs...)
			}
			joined = append(joined, &analyzers.Facts{Path: p, Analyzer: f.Analyzer, Units: units})
		}
	}
	return joined
}

// list notes the files that a kustomization names.
func list(f *analyzers.Facts, listed map[string]bool) {
	for _, p := range f.Programs {
		for _, s := range p.Steps {
			if text, ok := s.Refers().Path.Text(); ok && s.Op == analyzers.OpSource {
				listed[text] = true
			}
		}
	}
}

func units(f *analyzers.Facts) []analyzers.Unit {
	var all []analyzers.Unit
	for _, w := range Workloads(f) {
		if w.Patch {
			continue
		}
		all = append(all, analyzers.Unit{
			ID: f.Path + "#" + w.Program.Name, Name: w.Name(), Kind: "workload", At: w.Program.At, Signs: w.Signs,
			Runs: analyzers.PathTo(f.Path, w.Program.Name, w.Program.At),
		})
	}
	return all
}
