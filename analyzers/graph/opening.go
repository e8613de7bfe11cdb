package graph

import (
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

// Code opens thousands of files by paths that are computed, and hardly ever one of the few in which tokens stand.
//
// Idea: however a path is computed, what is written at its end stays there. If no file with tokens, and no folder around one, has a name
// that ends so, opening it is idle, and nobody asks for what stands before.
//
// Why it is valid: opening makes an edge only to a file with tokens, or to a folder for those in it. An importer may add an extension,
// or put one in the place of another, so names are compared without. Where the end itself is computed, or is a pattern, or so many files
// have it that it would be a gap, the opening stays.
//
// Gain: of the paths by which the code of Kubernetes 1.34 opens files a third stays, and with them the names that they ask for.

// endings knows the names of what can be opened.
type endings struct {
	held  map[string]bool // names of files with tokens and of folders around them, bare
	count map[string]int  // files that have a name
	known map[string]bool // answers, by the text at the path's end
}

// bare is a file's name without what importers add to it or replace.
func bare(name string) string {
	for _, ext := range extensions {
		if short, ok := strings.CutSuffix(name, ext); ok {
			return short
		}
	}
	return name
}

// leadsNowhere reports whether opening the file of a step can do nothing that anybody could see.
func (l *linker) leadsNowhere(s *analyzers.Step, file string) bool {
	if !s.Optional || s.Except != "" || len(s.Files().Parts) == 0 || l.isAlive(s.File, inFile(s.At, file).Path) {
		return false
	}
	last := s.Files().Parts[len(s.Files().Parts)-1]
	end := path.Base(last.Text)
	if last.Hole != nil || last.Text == "" || end == "." || end == ".." || end == "/" || strings.ContainsAny(end, `*?[]{}\`) {
		return false
	}
	whole := len(s.Files().Parts) == 1 || strings.Contains(strings.TrimRight(last.Text, "/"), "/")
	if whole {
		end = "/" + end
	}
	nowhere, ok := l.endings().known[end]
	if !ok {
		nowhere = l.endings().lacks(strings.TrimPrefix(end, "/"), whole)
		l.endings().known[end] = nowhere
	}
	return nowhere
}

// lacks reports whether nothing with tokens has a name that is the end, or with whole false ends in it, and no more files than are followed.
func (o *endings) lacks(end string, whole bool) bool {
	fits := func(name, end string) bool { return name == end || !whole && strings.HasSuffix(name, end) }
	for name := range o.held {
		if fits(name, bare(end)) {
			return false
		}
	}
	n := 0
	for name, count := range o.count {
		if fits(name, end) {
			n += count
		}
	}
	return n <= maxAlternatives
}

// endings returns what is known of names, made on first need.
func (l *linker) endings() *endings {
	if l.ended != nil {
		return l.ended
	}
	o := &endings{held: map[string]bool{}, count: map[string]int{}, known: map[string]bool{}}
	for file, stands := range l.Stands {
		for at := file; len(stands) > 0 && at != "." && at != "/"; at = path.Dir(at) {
			o.held[bare(path.Base(at))] = true
		}
	}
	for _, file := range l.paths() {
		o.count[path.Base(file)]++
	}
	l.ended = o
	return o
}
