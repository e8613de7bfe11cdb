package detectors

import (
	"cmp"
	"slices"
)

// Span is a half-open range of byte offsets in a file, [Start, End).
type Span struct{ Start, End int }

// Overlaps reports whether the two spans have a byte in common.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// Contains reports whether t lies within s.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Empty reports whether the span holds no byte.
func (s Span) Empty() bool { return s.End <= s.Start }

// Spans are sorted and do not overlap each other. See [Merge].
type Spans []Span

// Merge returns what the spans cover.
func Merge(spans []Span) Spans {
	sorted := slices.SortedFunc(slices.Values(spans), func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	merged := sorted[:0]
	for _, s := range sorted {
		if last := len(merged) - 1; last >= 0 && s.Start < merged[last].End {
			merged[last].End = max(merged[last].End, s.End)
		} else {
			merged = append(merged, s)
		}
	}
	return merged
}

// Overlap reports whether the span has a byte in common with one of them.
func (s Spans) Overlap(t Span) bool {
	i, _ := slices.BinarySearchFunc(s, t.Start, func(s Span, start int) int { return cmp.Compare(s.End, start+1) })
	return i < len(s) && s[i].Overlaps(t)
}

// Place says where something is written. Path is slash-separated and relative to the root of the repository. Lines and columns are
// 1-based and columns count bytes; EndColumn is the column behind the last byte, on its line. A place without a line (0) is the file as a whole.
type Place struct {
	Path                             string
	Line, Column, EndLine, EndColumn int
	Span                             Span
	Commit                           string // the commit, where the place is one of history; otherwise empty
}

// Evidence is one reason to believe a tag, an edge or a verdict: what was seen, and where.
type Evidence struct {
	About    string // "reach", "intent", "privilege", "kind" or "environment" (of a unit)
	Says     string // a sentence's predicate, in words for people, without the secret
	Decibans int    // 10·log10 of the likelihood ratio that production is touched; 0 where the evidence decides or is no cue
	Path     string // where it was seen; empty for a fact about the kind
	Line     int    // 1-based; 0 for the file as a whole
	Source   string // the address of the document behind a fact, where there is one

	Environments Environment // about "environment": those that it speaks for
}
