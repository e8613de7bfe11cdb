package kustomize

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/kube"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// What bounds the building of all overlays.
const (
	maxDepth   = 20      // how deep kustomizations build on each other
	maxBuilt   = 20_000  // kustomizations and objects in them, each counted as often as something builds on it
	maxPatched = 500_000 // steps of what patches change, and what they may be for if their targets are patterns
	maxSigns   = 64      // of one workload, unless more say something else
)

// joiner builds overlays out of the facts of all files.
type joiner struct {
	index   analyzers.Index
	built   int
	patched int
	gaps    []analyzers.Gap
	inline  map[*analyzers.Facts]map[string][]analyzers.Program // see patches
}

// spend counts what is built or patched and reports whether it may be. That it may not is said once.
func (j *joiner) spend(of *int, n, most int, at detectors.Place) bool {
	if *of > most {
		return false
	}
	if *of += n; *of <= most {
		return true
	}
	j.gaps = append(j.gaps, analyzers.Gap{At: at, Says: "kustomizations come to too much to build all of it; what the workloads that are left out, or not patched, reach is not known"})
	return false
}

// hop is a line of a kustomization by which something is a part of an overlay.
type hop struct {
	file string
	at   detectors.Place
}

// workload is a workload in an overlay.
type workload struct {
	kube.Workload
	steps   []analyzers.Step
	chain   []hop // the outermost kustomization first
	deleted bool
}

// object is a secret or a config map in an overlay.
type object struct {
	kind, name string
	file       string
	at         detectors.Place
	steps      []analyzers.Step
	patched    bool // its steps are its own
}

// build is what a kustomization holds.
type build struct {
	workloads []*workload
	objects   []*object
	named     map[[2]string]int // the first of the objects with a kind and a name
	known     int               // of the objects, those that named has
	namespace string
	signs     []analyzers.Sign
	labelled  bool
}

// join builds every kustomization that no other builds on.
func join(index analyzers.Index) []*analyzers.Facts {
	j := joiner{index: index, inline: map[*analyzers.Facts]map[string][]analyzers.Program{}}
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
	for _, g := range j.gaps {
		joined = append(joined, &analyzers.Facts{Path: g.At.Path, Analyzer: "kustomize", Gaps: []analyzers.Gap{g}})
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

// accumulate adds a kustomization to a build: resources first, then what it generates, components, and what changes all of them.
// https://github.com/kubernetes-sigs/kustomize/pull/5170
func (j *joiner) accumulate(b *build, file string, chain []hop, depth int) {
	f := j.facts(file)
	if f == nil || slices.ContainsFunc(chain, func(h hop) bool { return h.file == file }) {
		return
	}
	if depth > maxDepth {
		j.gaps = append(j.gaps, analyzers.Gap{At: chain[len(chain)-1].at, Says: "kustomizations build on each other too deeply; what the workloads of the innermost reach is not known"})
		return
	}
	j.list(b, f, resource, chain, depth)
	for i := range f.Programs {
		if name, ok := strings.CutPrefix(f.Programs[i].Name, generated); ok {
			b.generate(name, file, &f.Programs[i])
		}
	}
	j.list(b, f, component, chain, depth)
	subjects := b.subjects()
	for _, s := range f.Programs[0].Steps {
		if s.Name == patch {
			j.patch(b, subjects, s)
		}
	}
	for _, s := range f.Programs[0].Steps {
		if s.Op == analyzers.OpSet && s.Space == space {
			b.setting(s)
		}
	}
}

// list adds what a kustomization has in one of its lists.
func (j *joiner) list(b *build, f *analyzers.Facts, list string, chain []hop, depth int) {
	for _, s := range f.Programs[0].Steps {
		if s.Op != analyzers.OpSource || s.Name != list {
			continue
		}
		if !j.spend(&j.built, 1, maxBuilt, s.At) {
			return
		}
		through := append(slices.Clone(chain), hop{f.Path, s.At})
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
	w.Signs = few(append(signs, b.signs...))
}

// few returns the signs, and of very many only those that speak for something else than the ones before.
func few(signs []analyzers.Sign) []analyzers.Sign {
	if len(signs) <= maxSigns {
		return signs
	}
	type what struct {
		analyzers.Class
		detectors.Environment
		says string
	}
	said := map[what]bool{}
	var kept []analyzers.Sign
	for _, s := range signs {
		w := what{Class: s.Class, Environment: s.Environments}
		if s.Value != nil {
			w.says, _ = s.Value.Text()
		}
		if !said[w] {
			said[w] = true
			kept = append(kept, s)
		}
	}
	return kept
}

// manifest adds the objects of a manifest.
func (j *joiner) manifest(b *build, file string, chain []hop) {
	for _, f := range j.index.Facts(file) {
		if f.Analyzer != "kube" {
			continue
		}
		for _, w := range kube.Workloads(f) {
			if !j.spend(&j.built, 1, maxBuilt, w.Program.At) {
				return
			}
			b.workloads = append(b.workloads, &workload{w, w.Program.Steps, chain, false})
		}
		for i := range f.Programs {
			p := &f.Programs[i]
			if kind, _, name, ok := kube.ParseName(p.Name); ok {
				b.objects = append(b.objects, &object{kind, name, file, p.At, p.Steps, false})
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
	made := &object{kind, name, file, p.At, steps, false}
	i, known := b.find(kind, name)
	switch {
	case !known:
		b.objects = append(b.objects, made)
	case behavior == "merge":
		made.steps = slices.Concat(b.objects[i].steps, steps)
		b.objects[i] = made
	default:
		b.objects[i] = made
	}
}

// find returns where among the objects the one of a kind and a name is.
func (b *build) find(kind, name string) (i int, known bool) {
	if b.named == nil {
		b.named = map[[2]string]int{}
	}
	for ; b.known < len(b.objects); b.known++ {
		key := [2]string{b.objects[b.known].kind, b.objects[b.known].name}
		if _, earlier := b.named[key]; !earlier {
			b.named[key] = b.known
		}
	}
	i, known = b.named[[2]string{kind, name}]
	return i, known
}

// subject is a workload or an object that patches can be for: one of a kind and a name, which has a namespace before it or not.
type subject struct {
	named    string
	workload *workload
	object   int
}

// subjects are those of a build by kind and name, and all of them.
type subjects struct {
	by  map[string][]subject
	all []subject
}

func (b *build) subjects() subjects {
	found := subjects{by: map[string][]subject{}}
	add := func(s subject) {
		kind, name, _ := strings.Cut(s.named, "/")
		short := kind + "/" + path.Base(name)
		found.by[short] = append(found.by[short], s)
		if s.named != short {
			found.by[s.named] = append(found.by[s.named], s)
		}
		found.all = append(found.all, s)
	}
	for _, w := range b.workloads {
		add(subject{named: w.Program.Name, workload: w})
	}
	for i, x := range b.objects {
		add(subject{named: x.kind + "/" + x.name, object: i})
		if external := kube.Origin(x.steps); external != "" {
			add(subject{named: external, object: i})
		}
	}
	return found
}

// of yields what a patch can be for that has a target, as [file.target] returns it.
func (j *joiner) of(s subjects, target string, at detectors.Place) []subject {
	if !strings.ContainsAny(target, `*?[\|`) {
		return s.by[target]
	}
	if !j.spend(&j.patched, len(s.all), maxPatched, at) {
		return nil
	}
	return s.all
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
func (j *joiner) patch(b *build, subjects subjects, s analyzers.Step) {
	for _, f := range j.index.Facts(target(s)) {
		if f.Analyzer != "kube" && f.Analyzer != "kustomize" {
			continue
		}
		inline := s.Refers().Name // "patch N: ", where it is written in the kustomization
		if f.Analyzer == "kustomize" {
			inline = cmp.Or(inline, "patch 0: ") // a file of operations is one
		}
		for _, p := range j.patches(f, inline) {
			target := cmp.Or(s.Key, p.Program.Name)
			for _, one := range j.of(subjects, target, s.At) {
				if w := one.workload; w != nil && isFor(target, w.Program.Name) && j.spend(&j.patched, size(w.steps)+len(p.Program.Steps), maxPatched, s.At) {
					w.apply(p)
				}
			}
		}
		merge := func(target string, steps []analyzers.Step) {
			for _, one := range j.of(subjects, target, s.At) {
				if one.workload == nil && isFor(target, one.named) && j.spend(&j.patched, len(steps), maxPatched, s.At) {
					b.merge(one.object, steps)
				}
			}
		}
		for _, p := range j.programs(f, inline) {
			if p.Name == operation {
				merge(s.Key, p.Steps)
			} else if kind, _, name, ok := kube.ParseName(p.Name); ok {
				merge(cmp.Or(s.Key, kind+"/"+name), p.Steps)
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

// size returns how many steps a workload has, those of its containers included.
func size(steps []analyzers.Step) int {
	n := len(steps)
	for i := range steps {
		n += len(steps[i].Steps)
	}
	return n
}

// merge adds a patch's keys to an object; of equal keys the patch's stay.
func (b *build) merge(i int, steps []analyzers.Step) {
	x := b.objects[i]
	if kube.DropsAll(steps) {
		b.objects[i] = &object{file: x.file}
		b.named, b.known = nil, 0
		return
	}
	if !x.patched {
		changed := *x
		changed.steps, changed.patched = slices.Clone(changed.steps), true
		x, b.objects[i] = &changed, &changed
	}
	for _, s := range steps {
		if s.Op == analyzers.OpUnset {
			x.remove(s)
			continue
		}
		if s.Name != remote || s.Op != analyzers.OpBlock {
			x.steps = append(x.steps, s)
			continue
		}
		for i := range x.steps {
			if strings.HasSuffix(x.steps[i].Key, "/"+s.Key) {
				x.steps[i] = redirect(x.steps[i], s)
			}
		}
	}
}

// remove takes a key out of an object. What it may have from a file is unset after that.
func (x *object) remove(unset analyzers.Step) {
	x.steps = slices.DeleteFunc(x.steps, func(s analyzers.Step) bool { return s.Op == analyzers.OpSet && s.Name == unset.Name })
	if slices.ContainsFunc(x.steps, func(s analyzers.Step) bool { return s.Op == analyzers.OpLoad }) {
		x.steps = append(x.steps, unset)
	}
}

// programs returns the programs of a patch, under names that leave out which of a kustomization's patches it is.
func (j *joiner) programs(f *analyzers.Facts, inline string) []analyzers.Program {
	if inline == "" {
		return f.Programs
	}
	by, ok := j.inline[f]
	if !ok {
		by = map[string][]analyzers.Program{}
		for _, p := range f.Programs {
			if number, name, ok := strings.Cut(p.Name, ": "); ok {
				p.Name = name
				by[number+": "] = append(by[number+": "], p)
			}
		}
		j.inline[f] = by
	}
	return by[inline]
}

// patches returns the workloads that a patch consists of.
func (j *joiner) patches(f *analyzers.Facts, inline string) []kube.Workload {
	if inline == "" {
		return kube.Workloads(f)
	}
	own := analyzers.Facts{Programs: j.programs(f, inline)}
	found := kube.Workloads(&own)
	for i := range own.Programs { // a patch in JSON has no signs
		p := &own.Programs[i]
		if p.Name == "" {
			found = append(found, kube.Workload{File: f.Path, Program: p})
		}
	}
	return found
}

// apply changes a workload by a patch.
func (w *workload) apply(p kube.Workload) {
	if p.Program.Name == "" {
		w.operate(p.Program.Steps)
		return
	}
	if kube.DropsAll(p.Program.Steps) && len(p.Program.Steps) == 1 {
		w.deleted = true
		return
	}
	w.steps = containers(w.steps, p.Program.Steps)
	w.Volumes = listed(w.Volumes, p.Volumes, nil)
	for _, sign := range p.Signs {
		w.Signs = slices.DeleteFunc(slices.Clone(w.Signs), func(s analyzers.Sign) bool { return s.Class == sign.Class && s.Says == sign.Says })
		w.Signs = append(w.Signs, sign)
	}
}

// operate changes the containers that operations are for.
func (w *workload) operate(operations []analyzers.Step) {
	steps := slices.Clone(w.steps)
	for i := range steps {
		for _, change := range operations {
			if steps[i].Op == analyzers.OpRun && change.Key == steps[i].Key {
				steps[i].Steps = operate(steps[i].Steps, change.Steps[0])
			}
		}
	}
	w.steps = steps
}

// containers returns the steps of a workload with those of a patch. Each list of containers is numbered anew.
func containers(base, change []analyzers.Step) []analyzers.Step {
	in := func(steps []analyzers.Step, list string) []analyzers.Step {
		var found []analyzers.Step
		for _, s := range steps {
			if of, _, _ := strings.Cut(s.Key, "/"); of == list {
				found = append(found, s)
			}
		}
		return found
	}
	pod := func(s analyzers.Step) bool { return s.Op != analyzers.OpRun && s.Op != kube.OpDrop }
	var merged []analyzers.Step
	for _, s := range base {
		if pod(s) {
			merged = append(merged, s)
		}
	}
	for _, s := range change {
		if pod(s) && s.Op == analyzers.OpSet {
			merged = append(merged, s)
		}
	}
	for _, list := range kube.Lists {
		for i, s := range listed(in(base, list), in(change, list), merge) {
			s.Key = list + "/" + strconv.Itoa(i)
			merged = append(merged, s)
		}
	}
	return merged
}

// listed returns a list whose entries have names with a patch to it: first the patch's, in its order, then those that it neither names nor takes out.
// Entries of one name are merged, or else the patch's stays.
// https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/
func listed(base, change []analyzers.Step, merge func(base, change []analyzers.Step) []analyzers.Step) []analyzers.Step {
	if len(change) == 0 {
		return base
	}
	if kube.DropsAll(change) {
		base = nil
	}
	number := map[string]int{}
	for i, s := range base {
		number[s.Name] = i
	}
	named := map[string]bool{}
	var all []analyzers.Step
	for _, s := range change {
		named[s.Name] = true
		if s.Op == kube.OpDrop {
			continue
		}
		if i, known := number[s.Name]; known && merge != nil {
			s.Steps = merge(base[i].Steps, s.Steps)
		}
		all = append(all, s)
	}
	for _, s := range base {
		if !named[s.Name] {
			all = append(all, s)
		}
	}
	return all
}

// merge returns the steps of a container with those of a patch: the list of sources and the command are replaced, variables and
// mounts are merged.
func merge(base, change []analyzers.Step) []analyzers.Step {
	var merged []analyzers.Step
	for _, phase := range []int{kube.Sources, kube.Variables, kube.Mounts, kube.Command} {
		own, changed := inPhase(base, phase), inPhase(change, phase)
		switch {
		case phase == kube.Variables || phase == kube.Mounts:
			own = listed(own, filled(own, changed), nil)
		case len(changed) > 0:
			own = slices.DeleteFunc(changed, func(s analyzers.Step) bool { return s.Op == kube.OpDrop })
		}
		merged = append(merged, own...)
	}
	return merged
}

// filled returns entries of a patch with the base's value for those that have none, where that comes from a secret or a config map: both fields are then in
// the merged entry, and the empty one counts as if it were not there.
func filled(base, change []analyzers.Step) []analyzers.Step {
	for i, s := range change {
		if s.Key != kube.Blank {
			continue
		}
		for _, b := range base {
			if b.Name == s.Name && len(b.Value.Parts) == 1 && b.Value.Parts[0].Hole != nil && strings.HasPrefix(b.Value.Parts[0].Hole.Space, "@") {
				change[i] = b
			}
		}
	}
	return change
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
