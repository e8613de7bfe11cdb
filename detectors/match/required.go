package match

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/stagewall/stagewall/detectors"
)

// spot is where a finding begins: its line, counted from 0, and its column.
type spot struct{ line, column int }

// missing reports whether the index has found no place where the partner can match. To ask costs nothing, while to look for a rule or its
// partner by itself is to search the text once more; and of most rules that need one, most texts hold no partner.
func (s *Scanner) missing(partner int) bool {
	n := int32(partner)
	q := s.enter(n)
	return q.off || s.index.has(n, s.engine.compiled[n]) && len(q.windows) == 0 && !q.whole
}

// findPartners looks for the rule's partners. It returns for each of them what tells whether one is near, and false if there is none of one.
func (s *Scanner) findPartners(r *rule) ([]func(spot) bool, bool) {
	first := len(s.found)
	near := make([]func(spot) bool, len(r.partners))
	for i, n := range r.partners {
		s.partners = true
		q := s.enter(int32(n))
		s.look(q, int32(n))
		s.matches(q, int32(n))
		s.partners = false
		s.dropAllowed(first)
		if len(s.found) == first {
			return nil, false
		}
		near[i] = within(s.spots(s.found[first:]), r.Required[i])
		s.found = s.found[:first]
	}
	return near, true
}

// near returns those of the findings that have a partner of every kind near them.
func (s *Scanner) near(found []finding, near []func(spot) bool) []finding {
	spots := s.spots(found)
	var kept []finding
	for i, f := range found {
		if !slices.ContainsFunc(near, func(near func(spot) bool) bool { return !near(spots[i]) }) {
			kept = append(kept, f)
		}
	}
	return kept
}

// spots returns where the findings begin, in their order.
func (s *Scanner) spots(found []finding) []spot {
	order := make([]int, len(found))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(found[a].match.Start, found[b].match.Start) })
	spots := make([]spot, len(found))
	lines := lineCounter{data: s.in.Data}
	for _, i := range order {
		if s.engine.options.Gitleaks {
			spots[i] = s.gitleaksSpot(&found[i], &lines)
			continue
		}
		start := found[i].match.Start
		spots[i].line = lines.at(start)
		spots[i].column = start - lines.start
	}
	return spots
}

// within returns a function that reports whether one of the partners is as near to a place as required.
func within(partners []spot, q detectors.Required) func(spot) bool {
	slices.SortFunc(partners, func(a, b spot) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column)) })
	partners = slices.Compact(partners)
	return func(at spot) bool {
		near := partners
		if q.WithinLines != nil {
			near = inLines(near, at.line-*q.WithinLines, at.line+*q.WithinLines)
		}
		if q.WithinColumns == nil {
			return len(near) > 0
		}
		return slices.ContainsFunc(near, func(p spot) bool {
			return max(p.column-at.column, at.column-p.column) <= *q.WithinColumns
		})
	}
}

// inLines returns those of the sorted spots that are in lines first to last.
func inLines(spots []spot, first, last int) []spot {
	index := func(line int) int {
		i, _ := slices.BinarySearchFunc(spots, line, func(s spot, line int) int { return cmp.Compare(s.line, line) })
		return i
	}
	return spots[index(first):max(index(first), index(last+1))]
}

// lineCounter says in which line an offset is. It is fast for offsets that ascend.
type lineCounter struct {
	data   []byte
	offset int
	line   int
	start  int // of the line
}

// at returns the line of the offset, counted from 0. A line begins after the line break of the one before.
func (l *lineCounter) at(offset int) int {
	if offset < l.offset {
		*l = lineCounter{data: l.data}
	}
	passed := l.data[l.offset:offset]
	if n := bytes.Count(passed, newline); n > 0 {
		l.line += n
		l.start = l.offset + bytes.LastIndexByte(passed, '\n') + 1
	}
	l.offset = offset
	return l.line
}

var newline = []byte("\n")
