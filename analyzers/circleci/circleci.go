package circleci

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/detectors"
)

// Analyzer reads configurations, the continued ones of a dynamic configuration too.
var Analyzer = &analyzers.Analyzer{
	Name:    "circleci",
	Doc:     "reads CircleCI's configuration: what its jobs are given, run and hand on",
	Version: 3,
	Files:   []string{"**/.circleci/**/*.{yml,yaml}"},
	Run:     read,
	Join:    join,
}

const (
	// maxSize is the size beyond which a file is no configuration; CircleCI reads none larger than 3 MB
	// (https://circleci.com/docs/reference/configuration-reference/).
	maxSize = 4 << 20
	// maxSteps and maxScripts bound the steps of one file and the bytes of their scripts, after commands are put in their places.
	maxSteps   = 10000
	maxScripts = 8 << 20
	// maxNested bounds how deep commands, conditions and parameters stand in each other.
	maxNested = 16
	// maxChain bounds how many jobs are read one for the other, each required by the one before.
	maxChain = 1000
	// maxValues bounds the finite set of values that one place can take.
	maxValues = 64
)

func read(pass *analyzers.Pass) error {
	if pass.TooLarge(maxSize, "a configuration of CircleCI") {
		return nil
	}
	documents, err := yamltree.Read(pass.Data)
	if err != nil {
		pass.Gap(yamltree.Broken(pass, err), "the file does not parse as YAML; what its jobs reach is not known")
		return nil
	}
	if len(documents) == 0 {
		return nil
	}
	f := &file{pass: pass, root: documents[0], names: map[string]int{}, runs: map[[2]string][]*run{}}
	f.run()
	return nil
}

// file is one configuration while it is read.
type file struct {
	pass    *analyzers.Pass
	root    *yamltree.Node
	names   map[string]int       // how often a name of a job is used
	runs    map[[2]string][]*run // by the workflow, and the name by which others require it
	made    int                  // steps so far
	scripts int                  // bytes of scripts so far
	over    bool                 // it was reported that there are too many

	artifacts carry.Artifacts
	chain     int // of jobs that require each other, up to the one that is read
}

// run is a use of a job under the name that it has among all.
type run struct {
	use
	named string
	begun bool
	job   *job // nil until it is read
}

// use is a job's use in a workflow.
type use struct {
	workflow string         // the workflow's name; empty without workflows
	settings *yamltree.Node // the workflow
	key      *yamltree.Node // the job's name, where it is used
	entry    *yamltree.Node // what the use says beside it; nil if nothing
}

// name returns the name that the use gives the job.
func (u use) name() string {
	if own := u.entry.Get("name").Str(); own != "" {
		return own
	}
	return u.key.Str()
}

func (f *file) run() {
	uses := f.uses()
	for _, u := range uses {
		f.names[u.name()]++
	}
	taken := map[string]int{}
	var runs []*run
	for _, u := range uses {
		name := u.name()
		if f.names[name] > 1 && u.workflow != "" {
			name = u.workflow + "/" + name
		}
		taken[name]++
		if n := taken[name]; n > 1 { // CircleCI numbers them so
			name += "-" + string(rune('0'+min(n-1, 9)))
		}
		if taken[name] > 1 {
			continue
		}
		r := &run{use: u, named: name}
		runs = append(runs, r)
		for _, required := range []string{u.name(), u.entry.Get("matrix", "alias").Str()} {
			if required != "" {
				f.runs[[2]string{u.workflow, required}] = append(f.runs[[2]string{u.workflow, required}], r)
			}
		}
	}
	for _, r := range runs {
		f.job(r)
		f.publish(r)
	}
	f.pass.Facts.Programs = append(f.pass.Facts.Programs, f.artifacts.Caches()...)
	if f.artifacts.Over {
		f.pass.Gap(f.pass.At(0, 0), carry.Overflow)
	}
}

// uses returns the uses of jobs in workflows; without workflows the job "build" runs.
func (f *file) uses() []use {
	workflows := f.root.Get("workflows")
	if workflows == nil {
		if key := f.root.Get("jobs").Key("build"); key != nil {
			return []use{{key: key}}
		}
		return nil
	}
	var uses []use
	for name, w := range workflows.Pairs() {
		for _, item := range w.Get("jobs").Items() {
			if item.Str() != "" {
				uses = append(uses, use{name.Str(), w, item, nil})
			}
			for key, entry := range item.Pairs() {
				uses = append(uses, use{name.Str(), w, key, entry})
			}
		}
	}
	kept := uses[:0]
	for _, u := range uses {
		own := f.root.Get("jobs", u.key.Str())
		isKnown := own != nil || strings.Contains(u.key.Str(), "/")
		if isKnown && !waits(u.entry) && !waits(own) {
			kept = append(kept, u)
		}
	}
	return kept
}

// waits reports whether a job is of a type that runs nothing.
func waits(n *yamltree.Node) bool {
	switch n.Get("type").Str() {
	case "approval", "no-op":
		return true
	}
	return false
}

// at returns the place of a node: a scalar's bytes, otherwise where it begins.
func (f *file) at(n *yamltree.Node) detectors.Place {
	if n == nil {
		return f.pass.At(0, 0)
	}
	if n.Span.Empty() {
		return f.pass.At(n.Start, n.Start+1)
	}
	return f.pass.At(n.Span.Start, n.Span.End)
}

// set returns a step that sets a name in a space; all variables are exported.
func set(space, name string, v analyzers.Value, at detectors.Place) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: at, Space: space, Name: name, Value: v, Export: space == ""}
}

func hole(at detectors.Place, h analyzers.Hole) analyzers.Value {
	return analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &h}}}
}

// block puts steps under guards.
func block(guards []analyzers.Guard, steps []analyzers.Step) []analyzers.Step {
	for i := len(guards) - 1; i >= 0 && len(steps) > 0; i-- {
		steps = []analyzers.Step{{Op: analyzers.OpBlock, At: guards[i].Value.At, Guard: &guards[i], Steps: steps}}
	}
	return steps
}

// inside returns the folder of the repository that a step's working directory is, in a job that checks out to root.
func inside(dir, root string) string {
	if dir == root {
		return ""
	}
	dir = strings.TrimPrefix(dir, strings.TrimSuffix(root, "/")+"/")
	dir = path.Clean(dir)
	if dir == "." || path.IsAbs(dir) || strings.HasPrefix(dir, "~") || strings.HasPrefix(dir, "..") {
		return ""
	}
	return dir
}
