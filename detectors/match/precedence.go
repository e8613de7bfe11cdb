package match

import (
	"cmp"
	"slices"

	"github.com/stagewall/stagewall/detectors"
)

// resolve drops findings that another one makes needless, and sorts the rest by offset, then rule.
func (e *Engine) resolve(found []finding, data []byte) []finding {
	slices.SortStableFunc(found, func(a, b finding) int {
		return cmp.Or(
			cmp.Compare(a.match.Start, b.match.Start), cmp.Compare(a.match.End, b.match.End),
			cmp.Compare(a.rule, b.rule), cmp.Compare(a.secret.Start, b.secret.Start), cmp.Compare(a.depth, b.depth),
		)
	})
	if e.options.Gitleaks {
		return e.yieldToNamed(found, data)
	}
	found = slices.CompactFunc(found, func(a, b finding) bool {
		return a.rule == b.rule && a.match == b.match && a.secret == b.secret
	})
	return e.outrank(found)
}

// outrank drops the findings whose secret overlaps that of a rule of higher rank.
func (e *Engine) outrank(found []finding) []finding {
	var taken []detectors.Span // of higher ranks, merged and sorted
	for rank := rankProvider; rank >= rankGeneric; rank-- {
		var own []detectors.Span
		found = slices.DeleteFunc(found, func(f finding) bool {
			if e.compiled[f.rule].rank != rank || f.secret.Empty() {
				return false
			}
			if overlapsAny(taken, f.secret) {
				return true
			}
			own = append(own, f.secret)
			return false
		})
		taken = merge(append(taken, own...))
	}
	return found
}

// merge sorts the spans and joins those that overlap.
func merge(spans []detectors.Span) []detectors.Span {
	slices.SortFunc(spans, func(a, b detectors.Span) int { return cmp.Compare(a.Start, b.Start) })
	merged := spans[:0]
	for _, s := range spans {
		if last := len(merged) - 1; last >= 0 && s.Start < merged[last].End {
			merged[last].End = max(merged[last].End, s.End)
		} else {
			merged = append(merged, s)
		}
	}
	return merged
}

// overlapsAny reports whether the span overlaps one of spans that are sorted and do not overlap each other.
func overlapsAny(spans []detectors.Span, span detectors.Span) bool {
	i, _ := slices.BinarySearchFunc(spans, span.Start, func(s detectors.Span, start int) int { return cmp.Compare(s.End, start+1) })
	return i < len(spans) && spans[i].Overlaps(span)
}
