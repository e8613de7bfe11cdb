// Package pipeline builds the units of CI services whose pipelines are lists of commands, in YAML or otherwise.
package pipeline

import (
	"slices"
	"strconv"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

const (
	maxSize = 4 << 20 // of a file in bytes; none is meant to be larger
	maxJobs = 2000    // of a file
	maxSets = 200_000 // steps of all jobs, and what scripts are given: jobs that are all given what the pipeline says come to the product
	// MaxNested bounds how deep lists, groups and conditions stand in each other.
	MaxNested = 16
)

// File is a pipeline's file while it is read.
type File struct {
	Pass      *analyzers.Pass
	Documents []*yamltree.Node

	jobs map[string]int // how often a name was used
	all  int
	deep bool // something nests too deeply, and a gap says so
	sets int  // of maxSets

	selectors map[*yamltree.Node][][2]*yamltree.Node // of mappings, what in them selects an environment: the name and the value
}

// spend counts steps of a job at a place and reports whether there may be so many. That there may not is a gap, once a file.
func (f *File) spend(steps int, at detectors.Place) bool {
	if f.sets > maxSets {
		return false
	}
	if f.sets += steps; f.sets > maxSets {
		f.Pass.Gap(at, "the pipeline's jobs are given too much to follow all of it; what this one and those after it reach is not known")
		return false
	}
	return true
}

// New returns a file that is not YAML.
func New(pass *analyzers.Pass) *File {
	return &File{Pass: pass, jobs: map[string]int{}, selectors: map[*yamltree.Node][][2]*yamltree.Node{}}
}

// Read reads the documents of a file. What does not parse is a gap.
func Read(pass *analyzers.Pass) *File {
	f := New(pass)
	if pass.TooLarge(maxSize, "a pipeline") {
		return f
	}
	documents, err := yamltree.Read(pass.Data)
	if err != nil {
		pass.Gap(yamltree.Broken(pass, err), "the pipeline does not parse as YAML; what its jobs reach is not known")
	}
	f.Documents = documents
	return f
}

// IsDeep reports whether what stands at a node is in too many others to be read. That it is not read is a gap, once a file.
func (f *File) IsDeep(n *yamltree.Node, depth int) bool {
	if depth <= MaxNested {
		return false
	}
	if !f.deep {
		f.deep = true
		f.Pass.Gap(f.At(n), "the pipeline nests too deeply; what stands deeper, and what it reaches, is not known")
	}
	return true
}

// At returns the place of a node: a scalar's bytes, otherwise where it begins.
func (f *File) At(n *yamltree.Node) detectors.Place {
	switch {
	case n == nil:
		return f.Pass.At(0, 0)
	case n.Span.Empty():
		return f.Pass.At(n.Start, n.Start+1)
	}
	return f.Pass.At(n.Span.Start, n.Span.End)
}

// Value returns a scalar's value, with the variables that the syntax finds in it.
func (f *File) Value(n *yamltree.Node, syntax interpolate.Syntax) analyzers.Value {
	return analyzers.Value{At: f.At(n), Parts: syntax.Parts(n.Source())}
}

// Job is a job, or a step that runs apart from others, while it is read.
type Job struct {
	*File
	Name    string
	Program string // its program's name
	At      detectors.Place
	Signs   []analyzers.Sign

	// Fills returns the placeholders in a script that are no shell; it may be nil.
	Fills func(script interpolate.Text) []shell.Fill

	Doubled bool // two dollar signs in a script are one, when it runs

	steps []analyzers.Step
}

// Job begins a job that stands at a node. A name that was used before gets a number.
func (f *File) Job(name string, n *yamltree.Node) *Job { return f.JobAt(name, f.At(n)) }

// JobAt begins a job that stands at a place.
func (f *File) JobAt(name string, at detectors.Place) *Job {
	f.jobs[name]++
	if times := f.jobs[name]; times > 1 {
		name += "-" + strconv.Itoa(times)
	}
	return &Job{File: f, Name: name, Program: "jobs." + name, At: at}
}

// Idle reports whether the job does nothing so far.
func (j *Job) Idle() bool { return len(j.steps) == 0 }

// Steps returns what the job does so far.
func (j *Job) Steps() []analyzers.Step { return j.steps }

// Emit adds steps to the job.
func (j *Job) Emit(steps ...analyzers.Step) {
	if j.spend(len(steps), j.At) {
		j.steps = append(j.steps, steps...)
	}
}

// Wrote returns what the job's scripts write to files that patterns mean, and whether that is all that they write. Names that nothing in the job sets
// are what given says.
func (j *Job) Wrote(patterns []string, given func(name string, at detectors.Place) (analyzers.Value, bool)) (files carry.Files, all bool) {
	all = true
	names := carry.Carrier{Look: func(h *analyzers.Hole) (analyzers.Value, bool) {
		if h.Space != "" || h.All {
			return analyzers.Value{}, false
		}
		return given(h.Name, j.At)
	}}
	c := carry.Carrier{Local: map[string]analyzers.Value{}, Out: func(s analyzers.Step, file string, v analyzers.Value) []analyzers.Step {
		all = files.Add("", file, s.Name, names.Substitute(v)) && all
		return nil
	}}
	c.Steps(j.steps)
	return files.In("", patterns), all
}

// Set returns a step that sets a variable.
func (f *File) Set(n *yamltree.Node, name string, v analyzers.Value) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: f.At(n), Name: name, Value: v, Export: true}
}

// Variables returns the sets of a mapping of variables; the mappings among their values are left out.
func (f *File) Variables(n *yamltree.Node, syntax interpolate.Syntax) []analyzers.Step {
	var sets []analyzers.Step
	for key, v := range n.Pairs() {
		if v != nil && v.Kind == yamltree.Scalar {
			sets = append(sets, f.Set(key, key.Str(), f.Value(v, syntax)))
		}
	}
	return sets
}

// Secret returns the value of a name in a store.
func (f *File) Secret(n *yamltree.Node, store, scope, name string) analyzers.Value {
	at := f.At(n)
	return analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: store, Name: name, Store: store, Scope: scope}}}}
}

// Checkout says that the job has the tracked files.
func (j *Job) Checkout(at detectors.Place) {
	j.Emit(analyzers.Step{
		Op: analyzers.OpSee, At: at, File: &analyzers.Value{Parts: []analyzers.Part{{Text: "."}}}, Tracked: true, Says: "has the repository checked out",
	})
}

// Script does the commands of scalars, in lists or not, as [Job.Lines] does.
func (j *Job) Script(dir string, sets []analyzers.Step, lists ...*yamltree.Node) {
	var lines []interpolate.Text
	var each func(n *yamltree.Node, depth int)
	each = func(n *yamltree.Node, depth int) {
		switch {
		case n == nil || j.IsDeep(n, depth):
		case n.Kind == yamltree.Scalar:
			lines = append(lines, n.Source())
		default:
			for _, item := range n.Items() {
				each(item, depth+1)
			}
		}
	}
	for _, list := range lists {
		each(list, 0)
	}
	j.Emit(j.Lines(dir, sets, lines...)...)
}

// Choose gives the job the values of a matrix as names of a space: in a run for an environment those of the combinations in which it occurs, and any where
// nothing tells the environment.
func (j *Job) Choose(space string, combos []matrix.Combination) {
	set := func(name string, v analyzers.Value) analyzers.Step {
		return analyzers.Step{Op: analyzers.OpSet, At: v.At, Space: space, Name: name, Value: v, Export: true}
	}
	selector := matrix.Selector(combos)
	if selector == "" {
		j.Emit(matrix.Any(combos, set)...)
		return
	}
	values := matrix.Distinct(combos, selector)
	v := matrix.OneOf(values[0].At, values)
	j.Sign(analyzers.Sign{Class: analyzers.Selector, Says: "the matrix chooses " + selector, At: v.At, Value: &v})
	for _, name := range matrix.Names(combos) { // what a combination does not say is replaced by nothing
		if slices.ContainsFunc(combos, func(c matrix.Combination) bool { _, says := c[name]; return !says }) {
			j.Emit(set(name, analyzers.Value{At: v.At}))
		}
	}
	j.Emit(matrix.ByEnvironmentOrAny(combos, selector, set)...)
}

// Lines returns the step that does commands one after the other in one shell, which has variables of its own, in a folder of the repository. What
// they say of the environment is a sign of the job.
func (j *Job) Lines(dir string, sets []analyzers.Step, lines ...interpolate.Text) []analyzers.Step {
	var text []byte
	var at []int // the file's offset of each byte
	var fills []shell.Fill
	for _, line := range lines {
		if line.String == "" {
			continue
		}
		if j.Fills != nil {
			for _, fill := range j.Fills(line) {
				fill.Start += len(text)
				fill.End += len(text)
				fills = append(fills, fill)
			}
		}
		end := 0
		for i := range len(line.String) {
			if j.Doubled && i > 0 && line.String[i-1] == '$' && line.String[i] == '$' {
				continue
			}
			span := line.Span(i, i+1)
			text, at = append(text, line.String[i]), append(at, span.Start)
			end = span.End
		}
		text, at = append(text, '\n'), append(at, end)
	}
	if len(text) == 0 || !j.spend(len(sets), j.At) {
		return nil
	}
	body, signs := shell.Read(j.Pass, text, 0, shell.Options{Name: "script", Dir: dir, Variables: true, Fills: fills, Map: func(offset int) int {
		return at[min(offset, len(at)-1)]
	}})
	for _, s := range signs {
		j.Sign(s)
	}
	return []analyzers.Step{{Op: analyzers.OpRun, At: j.Pass.At(at[0], at[len(at)-1]), Steps: slices.Concat(sets, shell.Held(text, fills), body)}}
}

// Sign adds a sign, once.
func (j *Job) Sign(sign analyzers.Sign) {
	if !slices.ContainsFunc(j.Signs, func(s analyzers.Sign) bool { return s.At == sign.At && s.Says == sign.Says }) {
		j.Signs = append(j.Signs, sign)
	}
}

// Says adds a sign of known environments, if there are any.
func (j *Job) Says(class analyzers.Class, environments detectors.Environment, says string, n *yamltree.Node) {
	if environments != 0 {
		j.Sign(analyzers.Sign{Class: class, Environments: environments, Says: says, At: j.File.At(n)})
	}
}

// Declares adds that a key made for it names the environment.
func (j *Job) Declares(key string, n *yamltree.Node) {
	j.Says(analyzers.Declared, environ.Value(n.Str()), "its key "+key+" names it", n)
}

// Selects adds what variables say that select an environment.
func (j *Job) Selects(n *yamltree.Node) {
	selectors, known := j.selectors[n]
	if !known { // jobs ask the same of what their pipeline gives them
		for key, v := range n.Pairs() {
			if environ.Selector(key.Str()) {
				selectors = append(selectors, [2]*yamltree.Node{key, v})
			}
		}
		j.selectors[n] = selectors
	}
	for _, s := range selectors {
		j.Says(code.ClassOf(s[0].Str()), environ.Value(s[1].Str()), s[0].Str()+" says so", s[1])
	}
}

// Branches adds the branches that the job is for. What begins with an exclamation mark excludes one.
func (j *Job) Branches(n *yamltree.Node) {
	for _, item := range n.List() {
		if text := item.Str(); text != "" && text[0] != '!' {
			j.Says(analyzers.Branch, environ.Branch(text), "runs for branch "+text, item)
		}
	}
}

// Named adds what a name for people says.
func (j *Job) Named(n *yamltree.Node) {
	j.Says(analyzers.Display, environ.Job(n.Str()), "the name "+n.Str()+" says so", n)
}

// Done writes the job down.
func (j *Job) Done() {
	if j.all++; j.all > maxJobs {
		if j.all == maxJobs+1 {
			j.Pass.Gap(j.At, "the jobs are too many to follow; what the rest of them reach is not known")
		}
		return
	}
	j.Pass.Facts.Programs = append(j.Pass.Facts.Programs, analyzers.Program{Name: j.Program, At: j.At, Steps: j.steps})
	j.Pass.Facts.Units = append(j.Pass.Facts.Units, analyzers.Unit{
		ID: j.Pass.Path + "#" + j.Name, Name: j.Name, Kind: "ci-job", At: j.At, Signs: j.Signs, Runs: analyzers.PathTo(j.Pass.Path, j.Program, j.At),
	})
}
