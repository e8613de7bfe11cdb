package kustomize

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/kube"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// publish returns the facts that a built overlay is: its objects, under names of its own, its workloads and their units.
func (j *joiner) publish(b *build, file string) []*analyzers.Facts {
	o := &overlay{build: b, file: file, dir: path.Dir(file), facts: map[string]*analyzers.Facts{}}
	for _, x := range b.objects {
		if x.kind == "" { // a patch takes it away
			continue
		}
		o.program(x.file, analyzers.Program{Name: o.name(x.kind, x.name), At: x.at, Steps: o.steps(x.steps)})
	}
	b.sign(analyzers.Selector, nearest(file), "its overlay is for ", detectors.Place{Path: file, Line: 1, Column: 1})
	for _, w := range b.workloads {
		if w.deleted {
			continue
		}
		b.finish(w)
		o.workload(w)
	}
	var all []*analyzers.Facts
	for _, p := range o.order {
		all = append(all, o.facts[p])
	}
	return all
}

// nearest returns the environments that the innermost folder with such a name says: in production-scale/overlays/staging it is the overlay
// that is named for one.
func nearest(file string) detectors.Environment {
	var e detectors.Environment
	var folder string
	for _, cue := range environ.PathCues(file) {
		if in := file[:strings.LastIndexByte(file[:cue.Span.Start], '/')+1]; in != folder {
			folder, e = in, 0
		}
		e |= cue.Environments
	}
	return e
}

// overlay is a build while it is published.
type overlay struct {
	*build
	file  string // its kustomization
	dir   string
	facts map[string]*analyzers.Facts // by path
	order []string
}

func (o *overlay) at(file string) *analyzers.Facts {
	if o.facts[file] == nil {
		o.facts[file] = &analyzers.Facts{Path: file, Analyzer: "kustomize"}
		o.order = append(o.order, file)
	}
	return o.facts[file]
}

func (o *overlay) program(file string, p analyzers.Program) {
	f := o.at(file)
	f.Programs = append(f.Programs, p)
}

// name is the name by which the whole repository knows an object of the overlay.
func (o *overlay) name(kind, name string) string {
	return "@kustomize/" + o.dir + "/" + kind + "/" + name
}

// workload publishes a workload: a program at its manifest, and one at each kustomization on the way to it, so that a path through
// them shows all.
func (o *overlay) workload(w *workload) {
	name := w.Program.Name + "@" + o.dir
	o.program(w.File, analyzers.Program{Name: name, At: w.Program.At, Steps: o.steps(w.mounted())})
	next := w.File
	for _, h := range slices.Backward(w.chain) {
		o.program(h.file, analyzers.Program{Name: name, At: h.at, Steps: []analyzers.Step{{
			Op: analyzers.OpSource, At: h.at, Ref: new(analyzers.PathTo(next, name, h.at)), Says: "lists it",
		}}})
		next = h.file
	}
	unit := analyzers.Unit{
		ID: w.File + "#" + name, Name: w.Name(), Kind: "workload", At: w.Program.At, Signs: o.signs(w.Signs),
		Runs: analyzers.PathTo(next, name, w.Program.At),
	}
	for _, h := range w.chain {
		unit.Files = append(unit.Files, h.file)
	}
	f := o.at(w.File)
	f.Units = append(f.Units, unit)
}

// mounted returns the steps of a workload whose containers mount what its volumes came to hold.
func (w *workload) mounted() []analyzers.Step {
	holds := map[string][]analyzers.Step{}
	for _, v := range w.Volumes {
		holds[v.Name] = v.Steps
	}
	steps := slices.Clone(w.steps)
	for i := range steps {
		steps[i].Steps = slices.Clone(steps[i].Steps)
		for k, s := range steps[i].Steps {
			if volume, ok := kube.Mounted(s); ok {
				steps[i].Steps[k] = kube.Mount(s, holds[volume])
			}
		}
	}
	return steps
}

func (o *overlay) signs(signs []analyzers.Sign) []analyzers.Sign {
	out := slices.Clone(signs)
	for i := range out {
		if out[i].Value != nil {
			v := o.value(*out[i].Value)
			out[i].Value = &v
		}
	}
	return out
}

// steps returns a copy of steps in which objects are looked up as the overlay does.
func (o *overlay) steps(steps []analyzers.Step) []analyzers.Step {
	out := slices.Clone(steps)
	for i := range out {
		s := &out[i]
		s.Value = o.value(s.Value)
		if strings.HasPrefix(s.Refers().Name, "@") {
			ref := *s.Ref
			ref.Name = o.lookUp(ref.Name)
			s.Ref = &ref
		}
		if s.Guard != nil {
			guard := *s.Guard
			guard.Value = o.value(guard.Value)
			s.Guard = &guard
		}
		s.Steps = o.steps(s.Steps)
	}
	return out
}

func (o *overlay) value(v analyzers.Value) analyzers.Value {
	out := v
	out.Parts = slices.Clone(v.Parts)
	for i, part := range out.Parts {
		if part.Hole == nil {
			continue
		}
		h := *part.Hole
		if strings.HasPrefix(h.Space, "@") {
			h.Space = o.lookUp(h.Space)
		}
		if h.Store == detectors.Kubernetes {
			h.Scope = o.scope(part.Hole)
		}
		h.Values = slices.Clone(h.Values)
		for k := range h.Values {
			h.Values[k] = o.value(h.Values[k])
		}
		if h.Default != nil {
			d := o.value(*h.Default)
			h.Default = &d
		}
		out.Parts[i].Hole = &h
	}
	return out
}

// scope returns the scope of a reference to the cluster's own secret in the overlay's namespace.
func (o *overlay) scope(h *analyzers.Hole) string {
	namespace, name := path.Split(h.Scope)
	namespace = strings.TrimSuffix(namespace, "/")
	_, place, _, _ := kube.ParseName(h.Space)
	switch own, _ := kube.Cluster(namespace); {
	case o.namespace != "":
		namespace = o.namespace + namespace[len(own):] // whose cluster's it is stays
	case place == "./"+namespace:
		namespace = o.dir
	}
	return namespace + "/" + name
}

// lookUp returns the program that an object's name leads to in the overlay.
func (o *overlay) lookUp(program string) string {
	kind, namespace, named, ok := kube.ParseName(program)
	if !ok {
		return program
	}
	own, marked := kube.Cluster(namespace)
	isFolder := strings.HasPrefix(own, "./")
	if o.namespace != "" {
		own, isFolder = o.namespace, false
	}
	if _, known := o.find(kind, named); isFolder || known {
		return o.name(kind, named)
	}
	if marked {
		own = kube.In(own, environ.Path(o.file))
	}
	return kube.ProgramName(kind, own, named)
}
