package circleci

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
)

// before gives the job what the jobs have that it requires. Each name is that of one job, or of all that a matrix makes.
// https://circleci.com/docs/reference/configuration-reference/#requires
func (f *file) before(j *job) {
	for _, need := range j.entry.Get("requires").List() {
		names := []string{need.Str()}
		for key := range need.Pairs() { // with the states in which that one may end
			names = append(names, key.Str())
		}
		for _, name := range names {
			for _, r := range f.runs[[2]string{j.workflow, name}] {
				if upstream := f.job(r); upstream != nil {
					j.kept.Take(upstream.kept)
				}
			}
		}
	}
}

// wrote notes what a script writes to files. A name that the job's variables do not say, and that no system has, is one of the store's.
func (s *scope) wrote(dir string, body []analyzers.Step) {
	given := carry.Carrier{Look: s.look}
	c := carry.Carrier{Local: map[string]analyzers.Value{}, Out: func(set analyzers.Step, file string, v analyzers.Value) []analyzers.Step {
		if inner := inside(file, s.workspace()); inner != "" && strings.HasPrefix(file, s.workspace()) {
			dir, file = "", inner
		}
		s.more = !s.files.Add(dir, file, set.Name, given.Substitute(v)) || s.more
		return nil
	}}
	c.Steps(body)
}

// look returns what a name is for all steps of the job.
func (j *job) look(h *analyzers.Hole) (analyzers.Value, bool) {
	if h.Space != "" || h.All {
		return analyzers.Value{}, false
	}
	if v, ok := j.given[h.Name]; ok {
		return v, true
	}
	if j.holder == "" {
		return analyzers.Value{}, false
	}
	from := store
	from.Scope = j.holder
	return from.Given(h.Name, j.at(j.key))
}

// persist notes what a step adds to the workspace, which the jobs downstream of this one can attach.
// https://circleci.com/docs/reference/configuration-reference/#persist_to_workspace
func (s *scope) persist(settings *yamltree.Node) {
	root, _ := s.template(settings.Get("root")).Text()
	s.kept.Keep(carry.Artifact{Files: s.keeps(root, settings.Get("paths"))}, !s.more)
}

// keeps returns what the job wrote so far to files that patterns mean, as seen from a folder.
func (s *scope) keeps(root string, paths *yamltree.Node) carry.Files {
	var patterns []string
	for _, n := range paths.List() {
		text, _ := s.template(n).Text()
		patterns = append(patterns, text)
	}
	return s.files.In(s.inWorkspace(root), patterns)
}

// workspace returns the folder in which the job works: https://circleci.com/docs/reference/configuration-reference/#jobs
func (s *scope) workspace() string {
	dir, _ := s.template(s.node.Get("working_directory")).Text()
	return cmp.Or(dir, "~/project")
}

// inWorkspace returns a folder as it is seen from the one in which the job works.
func (s *scope) inWorkspace(dir string) string {
	root := s.workspace()
	if inner := inside(dir, root); inner != "" || dir == root || !strings.HasPrefix(dir, "/") && !strings.HasPrefix(dir, "~") {
		return inner
	}
	return dir
}

// attach gives the job what is in the workspace. https://circleci.com/docs/reference/configuration-reference/#attach_workspace
func (s *scope) attach(key *yamltree.Node) {
	s.emit(s.kept.Loaded("", s.at(key), ", which a job before it persists to the workspace")...)
}

// save notes what a step saves in a cache. https://circleci.com/docs/reference/configuration-reference/#save_cache
func (s *scope) save(settings *yamltree.Node) {
	s.artifacts.Cache(s.cacheKey(settings.Get("key")), s.keeps("", settings.Get("paths")), !s.more)
}

// restore gives the job what is in a cache. https://circleci.com/docs/reference/configuration-reference/#restore_cache
func (s *scope) restore(key, settings *yamltree.Node) {
	var keys []string
	for _, n := range slices.Concat(settings.Get("key").List(), settings.Get("keys").List()) {
		keys = append(keys, s.cacheKey(n))
	}
	s.emit(s.artifacts.Restore(s.pass.Path, s.at(key), keys))
}

// cacheKey returns a key. What is computed in it is compared as it is written.
func (s *scope) cacheKey(n *yamltree.Node) string {
	if text, known := s.template(n).Text(); known {
		return text
	}
	return n.Str()
}
