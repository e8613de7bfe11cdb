package scan

import (
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/stagewall/stagewall/analyzers"
)

// selection finds the analyzers that read a file.
//
// Idea: nearly every pattern ends in letters that are no pattern, as in "**/*.go" or "**/Makefile", and a path that the pattern matches
// ends in the same letters. So patterns are kept by the extension of those letters, and only those with the path's extension are
// matched. Most say nothing but what a file is called, wherever it lies, with one star at most: then comparing the name is enough. Of all others
// it is looked first whether the path has their longest letters at all, such as "inventory" in "**/inventory/**/hosts".
//
// Why it is valid: braces are written out first, and a pattern whose last letters hold no dot, so that the path's extension is
// unknown, is tried on every path. A star stands for any letters of a name, or for none. Two stars can stand for no folder, and
// then for no slash beside it.
//
// Gain: of some two hundred patterns fifty are tried on a path of Go, and 142 on one of YAML. Of a scan of Kubernetes 1.34 the choice took 0.44 s of
// processor time at first, 0.14 s without such letters, and 0.05 s with them.
type selection struct {
	all      []*analyzers.Analyzer
	suffixed map[string][]filePattern // by the extension that the pattern ends in
	others   []filePattern
	sniffers []int // analyzers that look at a file's first bytes
}

// filePattern is a pattern of the paths that an analyzer reads.
type filePattern struct {
	analyzer int // index into all
	glob     string
	named    bool // it is of a file's name only
	before   string
	star     bool
	after    string
	needs    string // if it is not: letters that the path has if the pattern matches it
}

func newFilePattern(analyzer int, glob string) filePattern {
	f := filePattern{analyzer: analyzer, glob: glob}
	name, anywhere := strings.CutPrefix(glob, "**/")
	if f.before, f.after, f.star = strings.Cut(name, "*"); anywhere && f.before+f.after != "" && !strings.ContainsAny(f.before+f.after, `*?[]{}\/`) {
		f.named = true
	} else {
		f.needs = letters(glob)
	}
	return f
}

// letters returns the longest letters in a row that all paths have which the pattern matches.
func letters(glob string) (longest string) {
	if strings.ContainsAny(glob, `{\`) {
		return "" // braces that nest, and what is escaped, are not looked into
	}
	class := false
	for run := range strings.FieldsFuncSeq(glob, func(r rune) bool {
		class = r == '[' || class && r != ']'
		return class || strings.ContainsRune("]*?", r)
	}) {
		if run = strings.Trim(run, "/"); len(run) > len(longest) {
			longest = run
		}
	}
	return longest
}

// matches reports whether the pattern matches a path with a name at its end.
func (f *filePattern) matches(p, name string) bool {
	switch {
	case !f.named:
		if !strings.Contains(p, f.needs) {
			return false
		}
		matches, _ := doublestar.Match(f.glob, p)
		return matches
	case f.star:
		return len(name) >= len(f.before)+len(f.after) && strings.HasPrefix(name, f.before) && strings.HasSuffix(name, f.after)
	}
	return name == f.before
}

func newSelection(all []*analyzers.Analyzer) *selection {
	s := &selection{all: all, suffixed: map[string][]filePattern{}}
	for i, a := range all {
		if a.Run == nil {
			continue
		}
		if a.Sniff != nil {
			s.sniffers = append(s.sniffers, i)
		}
		for _, pattern := range a.Files {
			for _, glob := range braces(pattern) {
				if ext := path.Ext(tail(glob)); ext != "" {
					s.suffixed[ext] = append(s.suffixed[ext], newFilePattern(i, glob))
				} else {
					s.others = append(s.others, newFilePattern(i, glob))
				}
			}
		}
	}
	return s
}

// braces writes out the pattern's alternatives. What nests is left as it is: [tail] then finds no extension in it.
func braces(pattern string) []string {
	before, rest, open := strings.Cut(pattern, "{")
	inner, after, closed := strings.Cut(rest, "}")
	if !open || !closed || strings.ContainsAny(inner, `{\`) {
		return []string{pattern}
	}
	var all []string
	for word := range strings.SplitSeq(inner, ",") {
		for _, end := range braces(after) {
			all = append(all, before+word+end)
		}
	}
	return all
}

// tail returns the letters after the last that mean something in a pattern.
func tail(glob string) string { return glob[strings.LastIndexAny(glob, `*?[]{}\/`)+1:] }

// of returns the analyzers that read the file, in their order. head is the file's beginning.
func (s *selection) of(p string, head []byte) []*analyzers.Analyzer {
	chosen := make([]bool, len(s.all))
	name := p[strings.LastIndexByte(p, '/')+1:]
	for _, patterns := range [][]filePattern{s.suffixed[path.Ext(p)], s.others} {
		for i := range patterns {
			if f := &patterns[i]; !chosen[f.analyzer] {
				chosen[f.analyzer] = f.matches(p, name)
			}
		}
	}
	for _, i := range s.sniffers {
		chosen[i] = chosen[i] || s.all[i].Sniff(p, head)
	}
	var found []*analyzers.Analyzer
	for i, yes := range chosen {
		if yes {
			found = append(found, s.all[i])
		}
	}
	return found
}
