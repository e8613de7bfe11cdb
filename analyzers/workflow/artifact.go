package workflow

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
)

// artifact is what a job uploads, for those that need it.
//
//	https://github.com/actions/upload-artifact#inputs
//	https://github.com/actions/download-artifact#inputs
type artifact struct {
	name  string // "" if it is computed
	files carry.Files
}

// upload notes what an artifact holds of what the job wrote. Files that are hidden are in it if they are named, or asked for.
func (r *reader) upload(with *yamltree.Node) {
	patterns := strings.Split(with.Get("path").Str(), "\n")
	files := r.files.In(patterns)
	if with.Get("include-hidden-files").Str() != "true" {
		files = slices.DeleteFunc(files, func(f carry.Written) bool { return f.Hidden() && !slices.Contains(patterns, f.File) })
	}
	if r.more {
		r.overflows()
	}
	r.keeps = r.added(r.keeps, artifact{r.artifactName(with, "artifact"), files})
}

// added returns artifacts with one more, if it holds anything and there is room for its names.
func (r *reader) added(all []artifact, a artifact) []artifact {
	switch {
	case len(a.files) == 0:
	case room(all) < len(a.files):
		r.overflows()
	default:
		all = append(all, a)
	}
	return all
}

// overflows says that artifacts are not followed any further.
func (r *reader) overflows() {
	r.gap(r.pass.At(0, 0), "artifacts bring more to jobs than is followed; what the others have of them is not known")
}

// room returns for how many more names there is room in a job's artifacts.
func room(keeps []artifact) int {
	room := carry.MostWritten
	for _, a := range keeps {
		room -= len(a.files)
	}
	return room
}

// maxHanded is how many names artifacts bring to all jobs of a workflow.
const maxHanded = 16 * carry.MostWritten

// download returns the steps by which the job has what is in the artifacts of jobs before it: one, or all.
func (r *reader) download(uses, with *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	name := r.artifactName(with, "")
	for _, a := range slices.Concat(r.before, r.keeps) {
		if a.name == "" || name == "" || a.name == name {
			if r.handed += len(a.files); r.handed > maxHanded {
				r.overflows()
				break
			}
			steps = append(steps, a.files.Loaded(r.at(uses), ", which a job before it uploads")...)
		}
	}
	return steps
}

// artifactName returns the name that an action is given, "" if it is computed.
func (r *reader) artifactName(with *yamltree.Node, otherwise string) string {
	n := with.Get("name")
	if n.Str() == "" {
		return otherwise
	}
	if all, known := texts(r.flatly(n)); known && len(all) == 1 {
		return all[0]
	}
	return ""
}

// take notes what another job keeps. Jobs that need the same one have the same of it.
func (r *reader) take(keeps []artifact) {
	for _, a := range keeps {
		if !slices.ContainsFunc(r.before, func(b artifact) bool { return &b.files[0] == &a.files[0] }) {
			r.before = r.added(r.before, a)
		}
	}
}
