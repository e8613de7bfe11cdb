package graph

import (
	"path"
	"slices"
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
// Where the end is what a name holds, what can stand there are the ends of all that steps set the name to, from whichever file, and of
// what these mention in turn. A name that nothing sets has no text; a path without one is looked for only if what stands before is known.
// Files that were glanced at can set the name, too: for the choice of what is read in full all these names are asked for, see wanted.
//
// Gain: of the paths by which the code of Kubernetes 1.34 opens files a third stays if only what is written counts, and with them the names
// that they ask for. If names are followed, too, 102 of 389 files need not be read in full any more.

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
	if l.nowhere[s] {
		return true
	}
	if !s.Optional || s.Except != "" || s.File == nil || l.isAlive(s.File, inFile(s.At, file).Path) {
		return false
	}
	return l.holdsNothing(s.File)
}

// holdsNothing reports whether no file with tokens can be meant by a path, by what is written at its end.
func (l *linker) holdsNothing(v *analyzers.Value) bool {
	if len(v.Parts) == 0 {
		return false
	}
	last := v.Parts[len(v.Parts)-1]
	return last.Hole == nil && l.lacks(last.Text, len(v.Parts) == 1)
}

// lacks reports whether no file with tokens can be meant by a path that ends in a text; whole says that nothing stands before.
func (l *linker) lacks(text string, whole bool) bool {
	end := path.Base(text)
	if text == "" || end == "." || end == ".." || end == "/" || strings.ContainsAny(end, `*?[]{}\`) {
		return false
	}
	if whole = whole || strings.Contains(strings.TrimRight(text, "/"), "/"); whole {
		end = "/" + end
	}
	nowhere, ok := l.endings().known[end]
	if !ok {
		nowhere = l.endings().lacks(strings.TrimPrefix(end, "/"), whole)
		l.endings().known[end] = nowhere
	}
	return nowhere
}

// ending is a name at the end of a path; whole says that nothing stands before.
type ending struct {
	name  string
	whole bool
}

// followEnds finds the openings that lead nowhere whatever the names at the ends of their paths hold.
func (w *idleness) followEnds() {
	for _, it := range w.items {
		s := it.step
		if s.Op != analyzers.OpOpen || !s.Optional || s.Except != "" || len(s.Files().Parts) == 0 || w.isAlive(s.File, inFile(s.At, it.file).Path) {
			continue
		}
		parts := s.File.Parts
		before, last := parts[:len(parts)-1], parts[len(parts)-1]
		if last.Hole != nil && !slices.ContainsFunc(before, w.mayTell) && w.allLack(parts, true, map[ending]bool{}) {
			w.nowhere[s] = true
		}
	}
}

// followReads finds the names that can have what a file with tokens holds, and the paths by which nothing of that is read. That a script is given
// the path by whoever runs it is not followed: it is known to read the file then, and not what becomes of that.
func (w *idleness) followReads() {
	for _, r := range w.reads {
		if can := w.canEnd(r.path.Parts, map[string]bool{}); can {
			w.live(r.name)
		} else {
			w.empty[r.path] = true
		}
	}
}

// canEnd reports whether a path can be that of a file with tokens, or of a folder around one, by what it ends in.
func (w *idleness) canEnd(parts []analyzers.Part, seen map[string]bool) bool {
	if len(parts) == 0 {
		return false
	}
	before, last := parts[:len(parts)-1], parts[len(parts)-1]
	h := last.Hole
	switch {
	case h == nil:
		return !w.lacks(last.Text, len(before) == 0)
	case w.canEnd(before, seen): // there may be no text behind it, or any
		return true
	case h.All, elsewhere(h), seen[analyzers.InSpace(h.Space, h.Name)]:
		return false
	case strings.Contains(h.Name, "#"): // what code sets is not known in full yet
		return true
	}
	name := analyzers.InSpace(h.Space, h.Name)
	seen[name] = true
	return h.Default != nil && w.canEnd(h.Default.Parts, seen) ||
		slices.ContainsFunc(h.Values, func(v analyzers.Value) bool { return w.canEnd(v.Parts, seen) }) ||
		slices.ContainsFunc(w.setting(name), func(it item) bool {
			return it.step.Op == analyzers.OpSet && w.canEnd(it.step.Value.Parts, seen)
		})
}

// mayTell reports whether a part of a path can have a text that says more than that it is a path.
func (w *idleness) mayTell(p analyzers.Part) bool {
	h := p.Hole
	if h == nil {
		return strings.Trim(p.Text, "/.") != ""
	}
	return elsewhere(h) || !h.All && len(w.setting(analyzers.InSpace(h.Space, h.Name))) > 0 ||
		h.Default != nil && slices.ContainsFunc(h.Default.Parts, w.mayTell) ||
		slices.ContainsFunc(h.Values, func(v analyzers.Value) bool { return slices.ContainsFunc(v.Parts, w.mayTell) })
}

// setting returns the steps that change a name, and notes that they matter.
func (w *idleness) setting(name string) []item {
	w.traced[name] = true
	return w.sets[name]
}

// elsewhere reports whether a hole is filled by something else than steps that set its name.
func elsewhere(h *analyzers.Hole) bool {
	return h.File != nil || h.Store != "" || h.Space == "args" || strings.HasPrefix(h.Space, "@")
}

// allLack reports whether none of the texts that a value can have is the end of a path to a file with tokens.
func (w *idleness) allLack(parts []analyzers.Part, whole bool, seen map[ending]bool) bool {
	if len(parts) == 0 {
		return whole
	}
	last := parts[len(parts)-1]
	whole = whole && len(parts) == 1
	h := last.Hole
	switch {
	case h == nil:
		return w.lacks(last.Text, whole)
	case elsewhere(h):
		return false
	case h.All:
		return true // it has no text
	case h.Default != nil && !w.allLack(h.Default.Parts, whole, seen):
		return false
	}
	for i := range h.Values {
		if !w.allLack(h.Values[i].Parts, whole, seen) {
			return false
		}
	}
	e := ending{analyzers.InSpace(h.Space, h.Name), whole}
	if seen[e] {
		return true
	}
	seen[e] = true
	return !slices.ContainsFunc(w.setting(e.name), func(it item) bool {
		return it.step.Op == analyzers.OpSet && !w.allLack(it.step.Value.Parts, whole, seen)
	})
}

// lacks reports whether nothing with tokens has a name that is the end, or with whole false ends in it, and no more files than are followed.
func (o *endings) lacks(end string, whole bool) bool {
	if whole {
		return !o.held[bare(end)] && o.count[end] <= maxAlternatives
	}
	for name := range o.held {
		if strings.HasSuffix(name, bare(end)) {
			return false
		}
	}
	n := 0
	for name, count := range o.count {
		if strings.HasSuffix(name, end) {
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
	for _, name := range l.placed(o.held) {
		o.held[name] = true
	}
	for _, file := range l.paths() {
		o.count[path.Base(file)]++
	}
	l.ended = o
	return o
}

// placed returns the names, bare, that files or folders with the names that are held have in containers, where these put them at other places.
func (l *linker) placed(held map[string]bool) []string {
	var names []string
	for _, file := range l.Index.All() {
		for _, f := range l.Index.Facts(file) {
			for i := range f.Programs {
				for _, s := range f.Programs[i].Steps {
					if s.Op != analyzers.OpMount || !path.IsAbs(s.Name) {
						continue
					}
					if text, known := s.Files().Text(); !known || held[bare(path.Base(text))] {
						names = append(names, bare(path.Base(s.Name)))
					}
				}
			}
		}
	}
	return names
}
