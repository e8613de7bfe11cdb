package carry

import (
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Artifact is what a job keeps for others. Its name is "" if it is not known, or if it needs none.
type Artifact struct {
	Name  string
	Files Files
}

// Bounds of what all jobs of a pipeline have of each other.
const (
	maxHanded = 16 * mostWritten // names that they are given
	maxTaken  = 1 << 20          // artifacts that they take over to hand them on
)

// Overflow says of a pipeline that its jobs keep more for each other than is followed.
const Overflow = "artifacts bring more to jobs than is followed; what the others have of them is not known"

// Artifacts are what the jobs of a pipeline keep for each other.
type Artifacts struct {
	Over bool // it is more than is followed

	handed, taken int
	cached        []Artifact
	asked         []asked
}

// Job returns what a job has that has nothing yet.
func (a *Artifacts) Job() *Kept { return &Kept{of: a, has: map[*Written]bool{}} }

// Kept are the artifacts that a job has, and that those behind it can have of it.
type Kept struct {
	All []Artifact

	of    *Artifacts
	has   map[*Written]bool // by the first name of an artifact
	names int
}

// Keep adds an artifact, if it holds anything that is not there yet. all says that the files are all that the job wrote.
func (k *Kept) Keep(a Artifact, all bool) {
	switch k.of.Over = k.of.Over || !all; {
	case len(a.Files) == 0 || k.has[&a.Files[0]]:
	case k.names+len(a.Files) > mostWritten:
		k.of.Over = true
	default:
		k.has[&a.Files[0]] = true
		k.names += len(a.Files)
		k.All = append(k.All, a)
	}
}

// Take adds what another job has.
func (k *Kept) Take(other *Kept) {
	if k.of.taken += len(other.All); k.of.taken > maxTaken {
		k.of.Over = true
		return
	}
	for _, a := range other.All {
		k.Keep(a, true)
	}
}

// Loaded returns the steps of a process that gets the artifact of a name, or all if that is not known.
func (k *Kept) Loaded(name string, at detectors.Place, says string) []analyzers.Step {
	var steps []analyzers.Step
	for _, a := range k.All {
		if a.Name == "" || name == "" || a.Name == name {
			steps = append(steps, k.of.load(a.Files, at, says)...)
		}
	}
	return steps
}

// load returns the steps of a process that gets files, if there may be more of them.
func (a *Artifacts) load(files Files, at detectors.Place, says string) []analyzers.Step {
	if a.handed += len(files); a.handed > maxHanded {
		a.Over = true
		return nil
	}
	return files.Loaded(at, says)
}

// asked is where a job asks for what is cached under one of several keys.
type asked struct {
	at   detectors.Place
	keys []string
}

// Cache notes that a job saves files under a key. They are there for each job that asks for them: if not in the same pipeline, then in the next one.
func (a *Artifacts) Cache(key string, files Files, all bool) {
	names := len(files)
	for _, c := range a.cached {
		names += len(c.Files)
	}
	switch a.Over = a.Over || !all; {
	case len(files) == 0:
	case names > mostWritten:
		a.Over = true
	default:
		a.cached = append(a.cached, Artifact{key, files})
	}
}

// Restore returns the step of a job in a file that asks for what is cached under a key that begins with one of several. What that is, [Artifacts.Caches]
// knows once all jobs are read.
func (a *Artifacts) Restore(file string, at detectors.Place, keys []string) analyzers.Step {
	a.asked = append(a.asked, asked{at, keys})
	return analyzers.Step{Op: analyzers.OpSource, At: at, Ref: new(analyzers.PathTo(file, cacheName(len(a.asked)-1), at)), Optional: true, Says: "restores a cache"}
}

func cacheName(i int) string { return "caches." + strconv.Itoa(i) }

// Caches returns the programs that the steps of [Artifacts.Restore] take in.
func (a *Artifacts) Caches() []analyzers.Program {
	var programs []analyzers.Program
	for i, one := range a.asked {
		p := analyzers.Program{Name: cacheName(i), At: one.at, Apart: true}
		for _, c := range a.cached {
			for _, key := range one.keys {
				if strings.HasPrefix(c.Name, key) {
					p.Steps = append(p.Steps, a.load(c.Files, one.at, ", which a job saves in a cache")...)
					break
				}
			}
		}
		programs = append(programs, p)
	}
	return programs
}
