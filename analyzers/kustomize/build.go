package kustomize

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/kube"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// maxDepth bounds how deep kustomizations build on each other.
const maxDepth = 20

// joiner builds overlays out of the facts of all files.
type joiner struct {
	index analyzers.Index
}

// hop is a line of a kustomization by which something is a part of an overlay.
type hop struct {
	file string
	at   detectors.Place
}

// workload is a workload in an overlay.
type workload struct {
	kube.Workload
	steps []analyzers.Step
	chain []hop // the outermost kustomization first
}

// object is a secret or a config map in an overlay.
type object struct {
	kind, name string
	file       string
	at         detectors.Place
	steps      []analyzers.Step
}

// build is what a kustomization holds.
type build struct {
	workloads []*workload
	objects   []*object
	namespace string
	signs     []analyzers.Sign
	labelled  bool
}

// join builds every kustomization that no other builds on.
func join(index analyzers.Index) []*analyzers.Facts {
	j := joiner{index: index}
	deployments := kube.Deployments(index)
	used := map[string]bool{}
	var overlays []string
	for _, p := range index.All() {
		f := j.facts(p)
		if f == nil || kube.Kustomization(index, path.Dir(p)) != p {
			continue
		}
		overlays = append(overlays, p)
		for _, s := range f.Programs[0].Steps {
			if s.Op == analyzers.OpSource && s.Name != patch {
				if inner := kube.Kustomization(index, target(s)); inner != "" {
					used[inner] = true
				}
			}
		}
	}
	var joined []*analyzers.Facts
	for _, p := range overlays {
		signs, ok := deployments[path.Dir(p)]
		if used[p] && !ok {
			continue
		}
		b := &build{}
		j.accumulate(b, p, nil, 0)
		b.signs = append(append(b.signs, signs...), kube.DeployedAbove(deployments, path.Dir(p))...)
		joined = append(joined, j.publish(b, p)...)
	}
	return joined
}

func target(s analyzers.Step) string {
	text, _ := s.Refers().Path.Text()
	return text
}

// facts returns what is known of a kustomization, nil if the file is none.
func (j *joiner) facts(file string) *analyzers.Facts {
	for _, f := range j.index.Facts(file) {
		if f.Analyzer == "kustomize" && len(f.Programs) > 0 && f.Programs[0].Name == "" {
			return f
		}
	}
	return nil
}

// accumulate adds a kustomization to a build: resources first, then components, generators and what changes them.
func (j *joiner) accumulate(b *build, file string, chain []hop, depth int) {
	f := j.facts(file)
	if f == nil || depth > maxDepth || slices.ContainsFunc(chain, func(h hop) bool { return h.file == file }) {
		return
	}
	for _, list := range []string{resource, component} {
		for _, s := range f.Programs[0].Steps {
			if s.Op != analyzers.OpSource || s.Name != list {
				continue
			}
			through := append(slices.Clone(chain), hop{file, s.At})
			inner := kube.Kustomization(j.index, target(s))
			switch {
			case inner != "" && list == component:
				j.accumulate(b, inner, through, depth+1)
			case inner != "":
				base := &build{}
				j.accumulate(base, inner, through, depth+1)
				b.take(base)
			default:
				j.manifest(b, target(s), through)
			}
		}
	}
	for i := range f.Programs {
		if name, ok := strings.CutPrefix(f.Programs[i].Name, generated); ok {
			b.generate(name, file, &f.Programs[i])
		}
	}
	for _, s := range f.Programs[0].Steps {
		if s.Name == patch {
			j.patch(b, s)
		}
	}
	for _, s := range f.Programs[0].Steps {
		if s.Op == analyzers.OpSet && s.Space == space {
			b.setting(s)
		}
	}
}

// take adds what a base holds. What the base says of the environment stays with its workloads.
func (b *build) take(base *build) {
	for _, w := range base.workloads {
		base.finish(w)
	}
	b.workloads = append(b.workloads, base.workloads...)
	b.objects = append(b.objects, base.objects...)
	if base.namespace != "" {
		b.namespace = base.namespace
	}
}

// finish gives a workload the signs of the kustomizations that hold it.
func (b *build) finish(w *workload) {
	var signs []analyzers.Sign
	for _, s := range w.Signs {
		if b.namespace != "" && kube.IsNamespaceSign(s) || b.labelled && kube.IsLabelSign(s) {
			continue
		}
		signs = append(signs, s)
	}
	w.Signs = append(signs, b.signs...)
}

// manifest adds the objects of a manifest.
func (j *joiner) manifest(b *build, file string, chain []hop) {
	for _, f := range j.index.Facts(file) {
		if f.Analyzer != "kube" {
			continue
		}
		for _, w := range kube.Workloads(f) {
			b.workloads = append(b.workloads, &workload{w, w.Program.Steps, chain})
		}
		for i := range f.Programs {
			p := &f.Programs[i]
			if kind, _, name, ok := kube.ParseName(p.Name); ok {
				b.objects = append(b.objects, &object{kind, name, file, p.At, p.Steps})
			}
		}
	}
}

// generate adds a generated object, or changes the one of the same name that is there.
func (b *build) generate(named, file string, p *analyzers.Program) {
	kind, name, _ := strings.Cut(named, "/")
	steps, behavior := p.Steps, ""
	if len(steps) > 0 && steps[0].Space == space {
		behavior, _ = steps[0].Value.Text()
		steps = steps[1:]
	}
	made := &object{kind, name, file, p.At, steps}
	i := slices.IndexFunc(b.objects, func(o *object) bool { return o.kind == kind && o.name == name })
	switch {
	case i < 0:
		b.objects = append(b.objects, made)
	case behavior == "merge":
		made.steps = slices.Concat(b.objects[i].steps, steps)
		b.objects[i] = made
	default:
		b.objects[i] = made
	}
}

// setting changes the whole build.
func (b *build) setting(s analyzers.Step) {
	text, _ := s.Value.Text()
	switch s.Name {
	case "namespace":
		b.namespace = text
		b.sign(analyzers.Selector, environ.Value(text), "its overlay's namespace says ", s.At)
	case "namePrefix", "nameSuffix":
		b.sign(analyzers.Display, environ.Identifier(strings.Trim(text, "-")), "its overlay names it so for ", s.At)
	case "label":
		b.labelled = true
		b.sign(analyzers.Declared, environ.Value(text), "its overlay's label says ", s.At)
	}
}

func (b *build) sign(class analyzers.Class, environments detectors.Environment, says string, at detectors.Place) {
	if environments != 0 {
		b.signs = append(b.signs, analyzers.Sign{Class: class, Environments: environments, Says: says + environments.String(), At: at})
	}
}

// patch changes what a patch is for: the workloads and objects of its target, or of its own kind and name.
func (j *joiner) patch(b *build, s analyzers.Step) {
	for _, f := range j.index.Facts(target(s)) {
		if f.Analyzer != "kube" && f.Analyzer != "kustomize" {
			continue
		}
		inline := s.Refers().Name // "patch N: ", where it is written in the kustomization
		if f.Analyzer == "kustomize" {
			inline = cmp.Or(inline, "patch 0: ") // a file of operations is one
		}
		for _, p := range patches(f, inline) {
			for _, w := range b.workloads {
				if isFor(cmp.Or(s.Key, p.Program.Name), w.Program.Name) {
					w.apply(p)
				}
			}
		}
		for i := range f.Programs {
			p := &f.Programs[i]
			name, own := strings.CutPrefix(p.Name, inline)
			if own && name == operation {
				b.merge(s.Key, p.Steps)
			} else if kind, _, name, ok := kube.ParseName(name); ok && own {
				b.merge(cmp.Or(s.Key, kind+"/"+name), p.Steps)
			}
		}
	}
}

// isFor reports whether a target, as [file.target] returns it, is what is named: a kind and a name, with a namespace between them or not.
func isFor(target, named string) bool {
	kind, name, _ := strings.Cut(named, "/")
	ofKind, ofName, _ := strings.Cut(target, "/")
	matches := func(patterns, text string) bool {
		for pattern := range strings.SplitSeq(patterns, "|") {
			if ok, err := path.Match(pattern, text); ok && err == nil {
				return true
			}
		}
		return false
	}
	return target == named || matches(ofKind, kind) && matches(ofName, path.Base(name))
}

// merge adds a patch's keys to the objects of the name; of equal keys the patch's stay.
func (b *build) merge(named string, steps []analyzers.Step) {
	for i, x := range b.objects {
		if isFor(named, x.kind+"/"+x.name) {
			changed := *x
			changed.steps = slices.Concat(x.steps, steps)
			b.objects[i] = &changed
		}
	}
}

// patches returns the workloads that a patch consists of.
func patches(f *analyzers.Facts, inline string) []kube.Workload {
	if inline == "" {
		return kube.Workloads(f)
	}
	var own analyzers.Facts
	for _, p := range f.Programs {
		if name, ok := strings.CutPrefix(p.Name, inline); ok {
			p.Name = name
			own.Programs = append(own.Programs, p)
		}
	}
	found := kube.Workloads(&own)
	for i := range own.Programs { // a patch in JSON has no signs
		p := &own.Programs[i]
		if p.Name == "" {
			found = append(found, kube.Workload{File: f.Path, Program: p})
		}
	}
	return found
}

// apply changes a workload by a patch, container by container.
func (w *workload) apply(p kube.Workload) {
	steps := slices.Clone(w.steps)
	for i := range steps {
		if steps[i].Op != analyzers.OpRun {
			continue
		}
		for _, change := range p.Program.Steps {
			switch {
			case change.Op != analyzers.OpRun:
			case p.Program.Name == "": // operations
				if change.Key == steps[i].Key {
					steps[i].Steps = operate(steps[i].Steps, change.Steps[0])
				}
			case change.Name == steps[i].Name:
				steps[i].Steps = merge(steps[i].Steps, change.Steps)
			}
		}
	}
	for _, change := range p.Program.Steps { // a container of its own
		if change.Op == analyzers.OpRun && p.Program.Name != "" &&
			!slices.ContainsFunc(steps, func(s analyzers.Step) bool { return s.Op == analyzers.OpRun && s.Name == change.Name }) {
			change.Key = "" // its number is another one here
			steps = append(steps, change)
		}
	}
	w.steps = steps
	for _, sign := range p.Signs {
		w.Signs = slices.DeleteFunc(slices.Clone(w.Signs), func(s analyzers.Sign) bool { return s.Class == sign.Class && s.Says == sign.Says })
		w.Signs = append(w.Signs, sign)
	}
}

// merge returns the steps of a container with those of a patch: the list of sources and the command are replaced, variables and
// mounts are added to, and the patch's come last.
func merge(base, change []analyzers.Step) []analyzers.Step {
	replaced := func(phase int) bool {
		return slices.ContainsFunc(change, func(s analyzers.Step) bool { return s.Phase == phase })
	}
	var merged []analyzers.Step
	for _, phase := range []int{kube.Sources, kube.Variables, kube.Mounts, kube.Command} {
		if phase == kube.Variables || phase == kube.Mounts || !replaced(phase) {
			merged = append(merged, inPhase(base, phase)...)
		}
		merged = append(merged, inPhase(change, phase)...)
	}
	return merged
}

func inPhase(steps []analyzers.Step, phase int) []analyzers.Step {
	var found []analyzers.Step
	for _, s := range steps {
		if s.Phase == phase {
			found = append(found, s)
		}
	}
	return found
}
