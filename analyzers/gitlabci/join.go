package gitlabci

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/detectors"
)

// Bounds of GitLab's own (https://docs.gitlab.com/ci/yaml/#include, https://docs.gitlab.com/ci/yaml/#extends).
const (
	maxIncludes = 150
	maxExtends  = 11
)

// What bounds the putting together of all pipelines. Jobs have what the pipeline has, what they extend and what jobs before them report, which
// is a product of what files say.
const (
	maxSteps    = 300_000 // that are merged, or taken over
	maxReported = 1_000   // of the jobs before one, more than GitLab takes: https://docs.gitlab.com/administration/instance_limits/#cicd-limits
)

// part is what is known of a job: the place where it is said last, and its keyed steps.
type part struct {
	name  string
	at    detectors.Place
	steps []analyzers.Step
}

// whole is a pipeline with all that it includes.
type whole struct {
	index    analyzers.Index
	global   []analyzers.Step // the pipeline's variables and stages
	defaults []analyzers.Step
	jobs     map[string]*part
	included map[string]bool
	gaps     []analyzers.Gap
	left     *int // of maxSteps

	resolved  map[extended][]analyzers.Step
	completed map[string][]analyzers.Step
	stages    map[string]int

	// Of a child pipeline: what the jobs that start it say of the environment, and what they hand it, each its own.
	signs []analyzers.Sign
	given []matrix.Combination
}

// extended is a job that others extend, so many jobs away.
type extended struct {
	name  string
	depth int
}

func newWhole(index analyzers.Index, left *int) *whole {
	return &whole{
		index: index, left: left, jobs: map[string]*part{}, included: map[string]bool{},
		resolved: map[extended][]analyzers.Step{}, completed: map[string][]analyzers.Step{},
	}
}

// spend counts steps and reports whether they may be taken. Where they may not, it says so once, at the place that they are taken to.
func (w *whole) spend(steps int, at detectors.Place) bool {
	if *w.left <= 0 {
		return false
	}
	if *w.left -= steps; *w.left <= 0 {
		w.gap(analyzers.Step{At: at, Says: "the pipelines come to too much to put all of them together; what this job and others reach is not known"})
		return false
	}
	return true
}

// join puts the pipelines together.
func join(index analyzers.Index) []*analyzers.Facts {
	left := maxSteps
	included := map[string]bool{}
	var roots []string
	for _, p := range index.All() {
		f := facts(index, p)
		if f == nil {
			continue
		}
		if named(p) {
			roots = append(roots, p)
		}
		for i := range f.Programs {
			for _, s := range append(find(f.Programs[i].Steps, section+child).Steps, f.Programs[i].Steps...) {
				for _, inner := range includes(index, s) {
					included[inner] = true
				}
			}
		}
	}
	var joined []*analyzers.Facts
	for _, p := range roots {
		if included[p] {
			continue
		}
		w := newWhole(index, &left)
		w.include(p, nil)
		joined = append(joined, w.publish(0)...)
	}
	return joined
}

// facts returns what is known of a file of a pipeline.
func facts(index analyzers.Index, file string) *analyzers.Facts {
	for _, f := range index.Facts(file) {
		if f.Analyzer == "gitlabci" && len(f.Programs) > 0 && f.Programs[0].Name == "" {
			return f
		}
	}
	return nil
}

// includes returns the files that a step includes, in order.
func includes(index analyzers.Index, s analyzers.Step) []string {
	if s.Op != analyzers.OpSource || s.Name != include && s.Name != child {
		return nil
	}
	text, _ := s.Refers().Path.Text()
	switch {
	case strings.Contains(text, "*"):
		return index.Match(text)
	case index.Exists(text):
		return []string{text}
	}
	return nil
}

// include merges a file into the pipeline, with some inputs, after those that it includes.
func (w *whole) include(file string, given []analyzers.Step) {
	f := facts(w.index, file)
	if f == nil {
		return
	}
	fill, key := inputsOf(f, given)
	if w.included[file+key] {
		return
	}
	w.included[file+key] = true
	if len(w.included) > maxIncludes {
		return
	}
	for _, s := range f.Programs[0].Steps {
		for _, inner := range includes(w.index, s) {
			w.include(inner, fill.steps(s.Steps))
		}
		if s.Op == analyzers.OpGap {
			w.gap(s)
		}
	}
	for i := range f.Programs {
		p := &f.Programs[i]
		name, isJob := strings.CutPrefix(fill.name(p.Name), jobPrefix)
		switch {
		case isJob:
			j := w.jobs[name]
			if j == nil {
				j = &part{name: name}
				w.jobs[name] = j
			}
			j.at = p.At
			if w.spend(len(j.steps)+len(p.Steps), p.At) {
				j.steps = merge(j.steps, fill.steps(p.Steps))
			}
		case p.Name == defaults:
			w.defaults = merge(w.defaults, fill.steps(p.Steps))
		case w.spend(len(w.global)+len(p.Steps), p.At):
			w.global = merge(w.global, fill.steps(p.Steps))
		}
	}
}

// gap says once what is not followed.
func (w *whole) gap(s analyzers.Step) {
	if g := (analyzers.Gap{At: s.At, Says: s.Says}); !slices.Contains(w.gaps, g) {
		w.gaps = append(w.gaps, g)
	}
}

// merge returns the steps of both; of those with one key, the last.
func merge(base, own []analyzers.Step) []analyzers.Step {
	all := slices.Concat(base, own)
	last := map[string]int{}
	for i, s := range all {
		last[s.Key] = i
	}
	var merged []analyzers.Step
	for i, s := range all {
		if s.Key == "" || last[s.Key] == i {
			merged = append(merged, s)
		}
	}
	return merged
}

// resolve returns a job's steps with those of the jobs that it extends.
func (w *whole) resolve(name string, depth int) []analyzers.Step {
	j := w.jobs[name]
	if j == nil || depth > maxExtends {
		return nil
	}
	steps, ok := w.resolved[extended{name, depth}]
	if !ok {
		for _, s := range find(j.steps, section+"extends").Steps {
			if more := w.resolve(s.Name, depth+1); w.spend(len(steps)+len(more), j.at) {
				steps = merge(steps, more)
			}
		}
		steps = merge(steps, j.steps)
		w.resolved[extended{name, depth}] = steps
	}
	return steps
}

// find returns the step with the key, an empty one if there is none.
func find(steps []analyzers.Step, key string) analyzers.Step {
	for _, s := range steps {
		if s.Key == key {
			return s
		}
	}
	return analyzers.Step{}
}

// text returns a setting's text.
func text(steps []analyzers.Step, name string) string {
	s, _ := find(steps, setting+name).Value.Text()
	return s
}

// publish returns the facts that the pipeline's jobs are, and those of the pipelines that they start.
func (w *whole) publish(depth int) []*analyzers.Facts {
	byFile := map[string]*analyzers.Facts{}
	children := w.children(depth)
	of := func(file string) *analyzers.Facts {
		if byFile[file] == nil {
			byFile[file] = &analyzers.Facts{Path: file, Analyzer: "gitlabci"}
		}
		return byFile[file]
	}
	written := reports{byJob: map[string][]analyzers.Step{}, before: map[int][]analyzers.Step{}, cached: map[string][]analyzers.Step{}}
	for _, name := range slices.Sorted(maps.Keys(w.jobs)) {
		if steps := w.reported(name, written); len(steps) > 0 {
			written.byJob[name] = steps
			written.all = append(written.all, report{w.stage(name), steps})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w.jobs)) {
		if strings.HasPrefix(name, ".") {
			continue
		}
		at := w.jobs[name].at
		f := of(at.Path)
		r := &result{whole: w, keyed: w.complete(name), signs: slices.Clone(w.signs)}
		if reported := slices.Concat(w.before(name, written), w.restored(name, written)); w.spend(len(r.keyed)+len(reported), at) {
			r.build(reported)
			f.Programs = append(f.Programs, analyzers.Program{Name: "jobs." + name, At: at, Steps: r.provided(f, at)})
		}
		r.named(name, at)
		f.Units = append(f.Units, analyzers.Unit{
			ID: at.Path + "#" + name, Name: name, Kind: "ci-job", At: at, Signs: r.signs, Runs: analyzers.PathTo(at.Path, "jobs."+name, at),
		})
	}
	for _, g := range w.gaps {
		f := of(g.At.Path)
		f.Gaps = append(f.Gaps, g)
	}
	var all []*analyzers.Facts
	for _, p := range slices.Sorted(maps.Keys(byFile)) {
		all = append(all, byFile[p])
	}
	return append(all, children...)
}

// complete returns a job's steps with the defaults and the pipeline's variables that it inherits.
func (w *whole) complete(name string) []analyzers.Step {
	steps, ok := w.completed[name]
	if ok {
		return steps
	}
	own := w.resolve(name, 0)
	if !w.spend(len(w.global)+len(w.defaults)+len(own), w.jobs[name].at) {
		return own
	}
	var base []analyzers.Step
	inherits := inherited(own, "variables")
	for _, s := range w.global {
		if strings.HasPrefix(s.Key, variables) && inherits(s.Name) {
			base = append(base, s)
		}
	}
	inherits = inherited(own, "default")
	for _, s := range w.defaults {
		if inherits(path.Base(s.Key)) {
			base = append(base, s)
		}
	}
	steps = merge(base, own)
	w.completed[name] = steps
	return steps
}

// inherited returns what reports whether a job inherits a variable or a default of some name.
func inherited(job []analyzers.Step, what string) func(name string) bool {
	s := find(job, setting+inherits+what)
	if s.Op == analyzers.OpBlock {
		names := map[string]bool{}
		for _, one := range s.Steps {
			names[one.Name] = true
		}
		return func(name string) bool { return names[name] }
	}
	text, _ := s.Value.Text()
	return func(string) bool { return text != "false" }
}

// reports are what jobs report.
type reports struct {
	byJob  map[string][]analyzers.Step
	all    []report // by the jobs' names
	before map[int][]analyzers.Step
	cached map[string][]analyzers.Step // by the key of a cache
}

type report struct {
	stage int
	steps []analyzers.Step
}

// before returns what the jobs before a job report: those that it needs, or all of earlier stages.
func (w *whole) before(name string, written reports) []analyzers.Step {
	var steps []analyzers.Step
	take := func(more []analyzers.Step) bool {
		if len(steps)+len(more) > maxReported {
			w.gap(analyzers.Step{At: w.jobs[name].at, Says: "jobs before this one report more variables than are followed; what it has of the others is not known"})
			return false
		}
		steps = append(steps, more...)
		return true
	}
	if needs := find(w.complete(name), section+"needs"); needs.Op != "" {
		for _, need := range needs.Steps {
			if !take(written.byJob[need.Name]) {
				break
			}
		}
		return steps
	}
	stage := w.stage(name)
	if known, ok := written.before[stage]; ok {
		return known
	}
	for _, other := range written.all {
		if other.stage < stage && !take(other.steps) {
			break
		}
	}
	written.before[stage] = steps
	return steps
}

// stage returns the number of a job's stage.
func (w *whole) stage(name string) int {
	if w.stages == nil {
		w.stages = map[string]int{".pre": 0}
		add := func(stage string) {
			if _, ok := w.stages[stage]; !ok {
				w.stages[stage] = len(w.stages)
			}
		}
		for _, s := range w.global {
			if s.Name == "stages" {
				one, _ := s.Value.Text()
				add(one)
			}
		}
		if len(w.stages) == 1 {
			add("build")
			add("test")
			add("deploy")
		}
	}
	if i, ok := w.stages[cmp.Or(text(w.complete(name), "stage"), "test")]; ok {
		return i
	}
	return len(w.stages) // .post
}

// restored returns what is in the caches that a job has, whichever job saves it: if not in the same pipeline, it was in the one before.
// https://docs.gitlab.com/ci/caching/
func (w *whole) restored(name string, written reports) []analyzers.Step {
	var steps []analyzers.Step
	for _, one := range find(w.complete(name), setting+cache).Steps {
		more := written.cached[one.Name]
		switch {
		case one.Says == "push":
		case len(steps)+len(more) > maxReported:
			w.gap(analyzers.Step{At: one.At, Says: manyCached})
		default:
			steps = append(steps, more...)
		}
	}
	return steps
}

const manyCached = "jobs save more in caches than is followed; what a job has of the rest is not known"

// reported returns what a job hands on: the variables that it writes into its report, and what it writes into the files that it keeps. What it saves in
// caches is noted.
// https://docs.gitlab.com/ci/jobs/job_artifacts/
func (w *whole) reported(name string, written reports) []analyzers.Step {
	keyed := w.complete(name)
	report, kept, caches := text(keyed, "dotenv"), find(keyed, setting+artifacts), find(keyed, setting+cache)
	patterns := names(kept)
	if report == "" && patterns == nil && len(caches.Steps) == 0 {
		return nil
	}
	r := &result{whole: w, keyed: keyed}
	var files carry.Files
	more := false
	c := carry.Carrier{Local: r.variables(), Out: func(s analyzers.Step, file string, v analyzers.Value) []analyzers.Step {
		if report == "" || path.Clean(file) != path.Clean(report) {
			more = !files.Add("", file, s.Name, v) || more
			return nil
		}
		return []analyzers.Step{{Op: analyzers.OpSet, At: s.At, Name: s.Name, Value: v, Export: true, Says: "was reported by a job before it"}}
	}}
	steps := c.Steps(slices.Concat(r.section("before_script", 0), r.section("script", 0)))
	if more && patterns != nil {
		w.gap(analyzers.Step{At: kept.At, Says: "the job writes more to files than is followed; what those that it keeps hold of the rest is not known"})
	}
	for _, one := range caches.Steps {
		if one.Says == "pull" || strings.HasPrefix(name, ".") {
			continue
		}
		saved := files.In("", names(one))
		over := len(written.cached[one.Name])+len(saved) > maxReported
		if over || more {
			w.gap(analyzers.Step{At: one.At, Says: manyCached})
		}
		if over {
			continue
		}
		written.cached[one.Name] = append(written.cached[one.Name], saved.Loaded(one.At, ", which the job "+name+" saves in a cache")...)
	}
	return append(steps, files.In("", patterns).Loaded(kept.At, ", which the job "+name+" hands on")...)
}

// names returns the names of the steps in a block.
func names(block analyzers.Step) (all []string) {
	for _, s := range block.Steps {
		all = append(all, s.Name)
	}
	return all
}

// with returns the combination with each of the branches, or as it is if there are none.
func with(c matrix.Combination, branches []analyzers.Value) (all []matrix.Combination) {
	if len(branches) == 0 {
		return []matrix.Combination{c}
	}
	for _, v := range branches {
		one := maps.Clone(c)
		one[branch] = v
		all = append(all, one)
	}
	return all
}

// selector returns the name by whose values the environment of a combination is known, "" if there is none: the branch, if nothing else says so.
func selector(combos []matrix.Combination) string {
	others, last := make([]matrix.Combination, len(combos)), ""
	for i, c := range combos {
		others[i] = maps.Clone(c)
		if _, asks := c[branch]; asks {
			last = branch
			delete(others[i], branch)
		}
	}
	return cmp.Or(matrix.Selector(others), last)
}
