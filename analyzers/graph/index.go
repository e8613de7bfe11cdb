package graph

import (
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Index is an [analyzers.Index] in memory.
type Index struct {
	facts     map[string][]*analyzers.Facts
	files     map[string]bool // path: whether git tracks it
	paths     []string        // sorted; nil while files are added
	matched   map[string][]string
	factPaths []string

	// Programs says what programs need, for [Index.Needs]; it may be nil.
	Programs func(call detectors.Sink) (names []string, machine bool)
}

// NewIndex returns an empty index.
func NewIndex() *Index {
	return &Index{facts: map[string][]*analyzers.Facts{}, files: map[string]bool{}}
}

// AddFile adds a file, of which perhaps nothing is said.
func (x *Index) AddFile(p string, tracked bool) { x.files[p] = tracked; x.paths = nil }

// AddFacts adds what an analyzer says of a file.
func (x *Index) AddFacts(f *analyzers.Facts) {
	all := x.facts[f.Path]
	if all == nil {
		x.factPaths = nil
	}
	at := len(all)
	for at > 0 && all[at-1].Analyzer > f.Analyzer {
		at--
	}
	x.facts[f.Path] = slices.Insert(all, at, f)
}

// Replace puts facts in the place of those that the analyzer said of the file when not all of it was read or kept.
func (x *Index) Replace(f *analyzers.Facts) {
	all := x.facts[f.Path]
	if i := slices.IndexFunc(all, func(old *analyzers.Facts) bool { return old.Partial() && old.Analyzer == f.Analyzer }); i >= 0 {
		all[i] = f
	}
}

// Facts implements [analyzers.Index].
func (x *Index) Facts(p string) []*analyzers.Facts { return x.facts[p] }

// All implements [analyzers.Index].
func (x *Index) All() []string {
	if x.factPaths == nil {
		for p := range x.facts {
			x.factPaths = append(x.factPaths, p)
		}
		slices.Sort(x.factPaths)
	}
	return x.factPaths
}

// Exists implements [analyzers.Index].
func (x *Index) Exists(p string) bool { _, ok := x.files[p]; return ok }

// Folder implements [analyzers.Index].
func (x *Index) Folder(p string) bool { return len(below(x.Paths(), p)) > 0 }

// Needs implements [analyzers.Index].
func (x *Index) Needs(call detectors.Sink) (names []string, machine bool) {
	if x.Programs == nil {
		return nil, false
	}
	return x.Programs(call)
}

// Tracked implements [analyzers.Index].
func (x *Index) Tracked(p string) bool { return x.files[p] }

// Paths returns the paths of all files, sorted.
func (x *Index) Paths() []string {
	if x.paths == nil {
		for p := range x.files {
			x.paths = append(x.paths, p)
		}
		slices.Sort(x.paths)
		x.matched = map[string][]string{}
	}
	return x.paths
}

// Match implements [analyzers.Index]. Only the files below the pattern's literal folder are looked at, and only those that end as the
// pattern does. What one pattern matches is found once: programs that take each other in compute the same paths again and again.
func (x *Index) Match(pattern string) []string {
	pattern = path.Clean(pattern)
	paths := x.Paths()
	if matched, ok := x.matched[pattern]; ok {
		return slices.Clone(matched)
	}
	base, _ := doublestar.SplitPattern(pattern)
	if base != "." {
		paths = below(paths, base)
	}
	end := pattern[strings.LastIndexAny(pattern, `*?[]{}\`)+1:]
	var matched []string
	for _, p := range paths {
		if !strings.HasSuffix(p, end) {
			continue
		}
		if ok, err := doublestar.Match(pattern, p); ok && err == nil {
			matched = append(matched, p)
		}
	}
	x.matched[pattern] = matched
	return slices.Clone(matched)
}

// below returns the part of the sorted paths that lie in the folder.
func below(paths []string, folder string) []string {
	prefix := folder + "/"
	from := sort.SearchStrings(paths, prefix)
	to := from + sort.Search(len(paths)-from, func(i int) bool {
		p := paths[from+i]
		return len(p) < len(prefix) || p[:len(prefix)] != prefix
	})
	return paths[from:to]
}
