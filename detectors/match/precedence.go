package match

import (
	"cmp"
	"slices"

	"github.com/stagewall/stagewall/detectors"
)

// resolve drops findings that another one makes needless, and sorts the rest by offset, then rule.
func (e *Engine) resolve(found []finding, data []byte) []finding {
	if len(found) == 0 {
		return nil
	}
	if e.options.Gitleaks {
		found = e.yieldToNamed(found, data)
	} else if found = unique(found); !e.options.Apart {
		found = e.outrank(found)
	}
	slices.SortStableFunc(found, func(a, b finding) int {
		if c := cmp.Compare(a.match.Start, b.match.Start); c != 0 {
			return c
		}
		return cmp.Or(
			cmp.Compare(a.match.End, b.match.End), cmp.Compare(a.rule, b.rule),
			cmp.Compare(a.secret.Start, b.secret.Start), cmp.Compare(a.depth, b.depth), cmp.Compare(a.begin, b.begin),
		)
	})
	return found
}

// unique drops what says the same as another finding of its rule at the same place: the same value; or, where what stands there was found
// both encoded and decoded, the encoded. Only per cent signs count as part of a value, that of an address. In one text a rule's matches share nothing.
func unique(found []finding) []finding {
	if !slices.ContainsFunc(found, func(f finding) bool { return f.depth > 0 }) {
		return found
	}
	type place struct {
		rule          int
		match, secret detectors.Span
	}
	type statement struct {
		place
		value string
	}
	depths := make(map[place]int, len(found)) // of the findings to keep
	for _, f := range found {
		p := place{f.rule, f.match, f.secret}
		depth, other := depths[p]
		switch {
		case !other:
			depths[p] = f.depth
		case f.depth > depth && f.encodings != asPercent:
			depths[p] = f.depth
		}
	}
	said := make(map[statement]bool, len(found))
	return slices.DeleteFunc(found, func(f finding) bool {
		p := place{f.rule, f.match, f.secret}
		s := statement{p, string(f.value)}
		if f.depth != depths[p] || said[s] {
			return true
		}
		said[s] = true
		return false
	})
}

// outrank drops the findings whose secret shares bytes with that of a rule of higher rank.
func (e *Engine) outrank(found []finding) []finding {
	var higher secrets
	for rank := rankProvider; rank >= rankGeneric; rank-- {
		var own []*finding
		for i := range found {
			if e.compiled[found[i].rule].rank == rank && !found[i].secret.Empty() {
				own = append(own, &found[i])
			}
		}
		for _, f := range own {
			f.outranked = higher.overlap(f)
		}
		for _, f := range own {
			if !f.outranked {
				higher.add(f)
			}
		}
		higher.merge()
	}
	return slices.DeleteFunc(found, func(f finding) bool { return f.outranked })
}

// secrets holds the spans of secrets in the texts that they were found in. Two secrets in one encoded text stand at the same place of the
// data, and share bytes only if they do so in the text that was made last of those that both stand in.
type secrets struct {
	in []spans // by depth: of secrets found there or deeper
	at []spans // by depth: of secrets found there
}

func (s *secrets) add(f *finding) {
	for len(s.in) <= f.depth {
		s.in, s.at = append(s.in, nil), append(s.at, nil)
	}
	for depth := range f.depth + 1 {
		s.in[depth] = append(s.in[depth], f.secretAt(depth))
	}
	s.at[f.depth] = append(s.at[f.depth], f.secretAt(f.depth))
}

func (s *secrets) merge() {
	for depth := range s.in {
		s.in[depth], s.at[depth] = s.in[depth].merge(), s.at[depth].merge()
	}
}

// overlap reports whether the finding's secret shares bytes with one of those added, which must be merged.
func (s *secrets) overlap(f *finding) bool {
	for depth := range min(f.depth, len(s.at)) {
		if s.at[depth].overlap(f.secretAt(depth)) {
			return true
		}
	}
	return f.depth < len(s.in) && s.in[f.depth].overlap(f.secretAt(f.depth))
}

// spans is a list of spans; merged, it is sorted and they do not overlap each other.
type spans []detectors.Span

func (s spans) merge() spans {
	slices.SortFunc(s, func(a, b detectors.Span) int { return cmp.Compare(a.Start, b.Start) })
	merged := s[:0]
	for _, span := range s {
		if last := len(merged) - 1; last >= 0 && span.Start < merged[last].End {
			merged[last].End = max(merged[last].End, span.End)
		} else {
			merged = append(merged, span)
		}
	}
	return merged
}

// overlap reports whether the span overlaps one of the merged ones.
func (s spans) overlap(span detectors.Span) bool {
	i, _ := slices.BinarySearchFunc(s, span.Start, func(s detectors.Span, start int) int { return cmp.Compare(s.End, start+1) })
	return i < len(s) && s[i].Overlaps(span)
}
