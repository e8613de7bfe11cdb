package makefile

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
)

// Limits of what is followed from one makefile.
const (
	maxIncluded = 200
	maxNested   = 8
)

// maxTargets bounds the targets that all makefiles have from others: makefiles that include each other have each other's.
const maxTargets = 20_000

// join adds to every makefile the targets of the files that it includes.
func join(index analyzers.Index) []*analyzers.Facts {
	var all []*analyzers.Facts
	left := maxTargets
	for _, file := range index.All() {
		f := of(index, file)
		if f == nil {
			continue
		}
		j := &joiner{index: index, into: f, left: &left, has: map[string]bool{}, seen: map[string]bool{file: true}}
		for _, p := range f.Programs {
			j.has[p.Name] = true
		}
		j.follow(f, 0)
		if len(j.programs)+len(j.gaps) > 0 {
			all = append(all, &analyzers.Facts{Path: file, Analyzer: "makefile", Programs: j.programs, Gaps: j.gaps})
		}
	}
	return all
}

// of returns what this analyzer says of a file, nil for a file that is no makefile.
func of(index analyzers.Index, file string) *analyzers.Facts {
	for _, f := range index.Facts(file) {
		if f.Analyzer == "makefile" && len(f.Programs) > 0 {
			return f
		}
	}
	return nil
}

// joiner collects the targets that one makefile includes.
type joiner struct {
	index    analyzers.Index
	into     *analyzers.Facts
	has      map[string]bool // names of programs
	seen     map[string]bool // paths of files
	left     *int            // targets that may still be added, of all makefiles
	programs []analyzers.Program
	gaps     []analyzers.Gap
}

// follow adds the targets of the files that a makefile includes.
func (j *joiner) follow(f *analyzers.Facts, depth int) {
	for _, p := range f.Programs {
		if p.Name != "" {
			continue
		}
		for _, s := range p.Steps {
			if s.Op != analyzers.OpSource {
				continue
			}
			for _, file := range j.files(s.Refers().Path) {
				included := of(j.index, file)
				if included == nil || j.seen[file] {
					continue
				}
				if depth > maxNested || len(j.seen) >= maxIncluded || *j.left <= 0 {
					j.bounded()
					return
				}
				j.seen[file] = true
				j.add(included)
				j.follow(included, depth+1)
			}
		}
	}
}

// bounded says that not all is followed.
func (j *joiner) bounded() {
	at := detectors.Place{Path: j.into.Path}
	j.gaps = []analyzers.Gap{{At: at, Says: "the makefiles that it includes have too many targets; not all of them are seen from it"}}
}

// files returns the files that an include names, seen from where make runs or from the root.
func (j *joiner) files(v analyzers.Value) []string {
	text, known := v.Text()
	if !known || text == "" || path.IsAbs(text) {
		return nil
	}
	for _, dir := range []string{path.Dir(j.into.Path), "."} {
		if files := j.index.Match(path.Join(dir, text)); len(files) > 0 {
			return files
		}
	}
	return nil
}

// add adds the targets of an included file.
func (j *joiner) add(included *analyzers.Facts) {
	dir := ""
	for _, p := range j.into.Programs {
		dir = p.Dir
	}
	for _, p := range included.Programs {
		name, ok := strings.CutPrefix(p.Name, shell.Goal)
		if !ok || name == "" || j.has[name] {
			continue
		}
		if *j.left--; *j.left < 0 {
			j.bounded()
			return
		}
		j.has[name] = true
		target := source(p, included.Path, p.Name)
		j.programs = append(j.programs,
			analyzers.Program{Name: p.Name, At: p.At, Dir: dir, Steps: []analyzers.Step{target}},
			analyzers.Program{Name: name, At: p.At, Dir: dir, Steps: []analyzers.Step{
				source(p, j.into.Path, shell.Goal), target,
			}})
	}
}

func source(p analyzers.Program, file, name string) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSource, At: p.At, Ref: new(analyzers.PathTo(file, name, p.At))}
}
