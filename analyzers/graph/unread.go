package graph

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// Unread is a file of which not all was read or kept, and in which something can stand that matters.
type Unread struct {
	Path  string
	Words []string // it is to be read if one of these stands in it: a word, or what [code.Setter] says; the empty word stands in every text
}

// MayMatter reports whether one of the words, as [code.Sets] says, stands in the file's text.
func (u Unread) MayMatter(text []byte) bool {
	return slices.ContainsFunc(u.Words, func(word string) bool { return code.Sets(text, word) })
}

// Unread returns the files that are to be read in full, sorted by path. When they have been read, others can matter: a new linker is to be
// asked until nothing is left that was not looked at.
//
// Of a file whose facts were made lean the names that it mentions say whether it matters. One that was only glanced at matters if a program,
// or a file with tokens, takes it in, and one of five things holds. (Of what is not Go, programs are run by paths that are not known yet: it
// counts as taken in.) It can meet a name with a hash in it that is alive (see findIdle): then it stands among the files that the name
// belongs to or takes these in, and has the name's first word in its text. It can set a name that is wanted: then it is one of those that
// the name belongs to or, for a parameter, one that takes these in, and a file of Go has the word in such a place (of the files of
// Kubernetes 1.34 that have the word in any place this leaves three in five). It can make the client of a library that takes a token from
// the environment. It reads a variable or opens a file that leads to one. Or it takes in several files with something in them, of which one
// sets something: then its text says which comes first, since files that are given values come after what they are given.
func (l Linker) Unread() []Unread {
	var unread []Unread
	for _, p := range l.Index.All() {
		for _, f := range l.Index.Facts(p) {
			if f.Left != nil && l.Matters(f.Left) {
				unread = append(unread, Unread{Path: p, Words: []string{""}})
			}
		}
	}
	unread = append(unread, l.findGlanced()...)
	slices.SortStableFunc(unread, func(a, b Unread) int { return strings.Compare(a.Path, b.Path) })
	return unread
}

// Matters reports whether something of what was left out can be a token's, for [analyzers.Facts.Lean]. It can be called by several
// goroutines at once.
func (l Linker) Matters(left *analyzers.Left) bool {
	return slices.ContainsFunc(left.Names, func(name string) bool { return l.alive[name] || l.standsFor(name) }) ||
		slices.ContainsFunc(left.Below, l.aliveBelow) || slices.ContainsFunc(left.Libraries, l.fetches) ||
		slices.ContainsFunc(left.Programs, func(name string) bool { return l.named[name] }) ||
		slices.ContainsFunc(left.Sets, func(name string) bool { return l.wanted[name] })
}

// findGlanced returns the files that were only glanced at and are to be read.
func (l *linker) findGlanced() []Unread {
	words := map[string]map[string]bool{} // by file
	files := l.glanced()
	meet := func(f *glanced, word string) {
		if words[f.path] == nil {
			words[f.path] = map[string]bool{}
		}
		words[f.path][word] = true
	}
	of, takers := map[string][]*glanced{}, map[string][]*glanced{} // by key
	for i := range files {
		f := &files[i]
		of[f.outline.Key] = append(of[f.outline.Key], f)
		for _, key := range f.outline.Keys {
			takers[key] = append(takers[key], f)
		}
	}
	look := func(name string, everywhere bool) {
		key, word, hashed := strings.Cut(name, "#")
		if !hashed {
			return
		}
		setter := code.Setter(word)
		end := strings.IndexFunc(word, func(r rune) bool { return strings.ContainsRune(".()[]*", r) })
		parameter := false
		if word == "default" || strings.HasPrefix(word, "default.") {
			word, end = "", -1 // what JavaScript exports and imports without naming it
		}
		if end >= 0 {
			parameter = len(word) > end+1 && word[end] == '(' && word[end+1] != ')'
			word = word[:end]
		}
		by := of[key]
		if everywhere || parameter {
			by = slices.Concat(by, takers[key])
		}
		for _, f := range by {
			if !everywhere && isGo(f.path) {
				meet(f, setter)
			} else {
				meet(f, word)
			}
		}
	}
	for name := range l.alive {
		look(name, true)
	}
	for name := range l.wanted {
		look(name, false)
	}
	var unread []Unread
	for i := range files {
		f := &files[i]
		switch {
		case f.outline.Acts && l.acts(f.path), isGo(f.path) && l.ordered(f), slices.ContainsFunc(f.outline.Takes, l.mayFetch), slices.ContainsFunc(f.outline.Libraries, l.fetches):
			unread = append(unread, Unread{Path: f.path, Words: []string{""}})
		case words[f.path] != nil:
			u := Unread{Path: f.path}
			for word := range words[f.path] {
				u.Words = append(u.Words, word)
			}
			slices.Sort(u.Words)
			unread = append(unread, u)
		}
	}
	return unread
}

// acts reports whether a file takes in something that can lead to a token.
func (l *linker) acts(file string) bool {
	for _, f := range l.Index.Facts(file) {
		for i := range f.Programs {
			for j := range f.Programs[i].Steps {
				switch s := &f.Programs[i].Steps[j]; s.Op {
				case analyzers.OpRead, analyzers.OpOpen, analyzers.OpBlock:
					if !l.idle(s, file) {
						return true
					}
				}
			}
		}
	}
	return false
}

// outlined returns the outline of a file that was only glanced at.
func outlined(index analyzers.Index, file string) *analyzers.Outline {
	for _, f := range index.Facts(file) {
		if f.Outline != nil {
			return f.Outline
		}
	}
	return nil
}

// glanced is a file that was only glanced at.
type glanced struct {
	path    string
	outline *analyzers.Outline
}

// glanced returns the files that were only glanced at and that can be taken in by a program, or by a file with tokens, in their order.
func (l *linker) glanced() []glanced {
	seen := map[taken]bool{}
	var queue []taken
	visit := func(t taken) {
		if !seen[t] {
			seen[t] = true
			queue = append(queue, t)
		}
	}
	for _, targets := range l.programs {
		for _, t := range targets {
			visit(l.takenIn(t, ""))
		}
	}
	for file := range l.Stands {
		if !isGo(file) {
			continue // what is not Go takes no Go in
		}
		for _, f := range l.Index.Facts(file) {
			for i := range f.Programs {
				visit(taken{file: file, name: f.Programs[i].Name})
			}
		}
	}
	var found []glanced
	for len(queue) > 0 {
		t := queue[0]
		queue = queue[1:]
		l.takes(t, visit)
		if o := outlined(l.Index, t.file); o != nil && t.folder == "" {
			found = append(found, glanced{t.file, o})
		}
	}
	for _, file := range l.Index.All() {
		if !isGo(file) {
			if o := outlined(l.Index, file); o != nil {
				found = append(found, glanced{file, o})
			}
		}
	}
	slices.SortFunc(found, func(a, b glanced) int { return strings.Compare(a.path, b.path) })
	return slices.CompactFunc(found, func(a, b glanced) bool { return a.path == b.path })
}

func isGo(file string) bool { return path.Ext(file) == ".go" }

// mayFetch reports whether what a file takes in is a library whose client takes a token from the environment.
func (l *linker) mayFetch(t analyzers.Take) bool {
	library, ok := strings.CutPrefix(t.Path, importPrefix)
	return ok && l.fetches(library)
}

// ordered reports whether it matters in which order the file takes in others.
func (l *linker) ordered(f *glanced) bool {
	moved := map[taken]bool{}
	most := still
	for _, take := range f.outline.Takes {
		l.packageTaken(take.Path, detectors.Place{Path: f.path}, func(t taken) {
			if m := l.motionOf(t); m > still && !strings.HasPrefix(take.Path, packagePrefix) {
				moved[t], most = true, max(most, m)
			}
		})
	}
	return len(moved) > 1 && most == setting
}
