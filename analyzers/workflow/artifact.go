package workflow

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
)

// upload notes what an artifact holds of what the job wrote. Files that are hidden are in it if they are named, or asked for.
// https://github.com/actions/upload-artifact#inputs
func (r *reader) upload(with *yamltree.Node) {
	patterns := patterns(with.Get("path").Str())
	files := r.files.In("", patterns)
	if with.Get("include-hidden-files").Str() != "true" {
		files = slices.DeleteFunc(files, func(f carry.Written) bool { return f.Hidden() && !slices.Contains(patterns, f.File) })
	}
	r.kept.Keep(carry.Artifact{Name: r.artifactName(with, "artifact"), Files: files}, !r.more)
}

// patterns returns those of an input, with folders of the runner named as a script that is given them by an expression names files.
func patterns(paths string) []string {
	return strings.Split(ofRunner.ReplaceAllString(paths, "$$$1:$2"), "\n")
}

var ofRunner = lazyregexp.New(`\$\{\{\s*(github|runner)\.(\w+)\s*\}\}`)

// download returns the steps by which the job has what is in the artifacts of jobs before it: one, or all.
// https://github.com/actions/download-artifact#inputs
func (r *reader) download(uses, with *yamltree.Node) []analyzers.Step {
	return r.kept.Loaded(r.artifactName(with, ""), r.at(uses), ", which a job before it uploads")
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

// cache notes what a step saves in a cache of what the job wrote, and returns the steps by which it has what others saved there.
// https://docs.github.com/en/actions/reference/workflows-and-actions/dependency-caching
func (r *reader) cache(tool string, uses, with *yamltree.Node) []analyzers.Step {
	paths := patterns(with.Get("path").Str())
	if tool != "actions/cache/restore" {
		r.saves = append(r.saves, cached{with.Get("key").Str(), paths})
	}
	if tool == "actions/cache/save" {
		return nil
	}
	keys := slices.DeleteFunc(strings.Split(with.Get("key").Str()+"\n"+with.Get("restore-keys").Str(), "\n"), func(key string) bool { return strings.TrimSpace(key) == "" })
	return []analyzers.Step{r.artifacts.Restore(r.pass.Path, r.at(uses), keys)}
}

// cached is what a job saves in a cache when it ends.
type cached struct {
	key   string
	paths []string
}

// saved saves it.
func (r *reader) saved() {
	for _, s := range r.saves {
		r.artifacts.Cache(s.key, r.files.In("", s.paths), !r.more)
	}
}
