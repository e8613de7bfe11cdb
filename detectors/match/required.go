package match

import (
	"bytes"

	"github.com/stagewall/stagewall/detectors"
)

// requirePartners keeps those of the findings from first on, all of one rule, that have a finding of every partner near them.
func (s *Scanner) requirePartners(r *rule, first int) {
	last := len(s.found)
	s.partners = true
	for _, n := range r.partners {
		q := s.enter(int32(n))
		if partner := s.engine.compiled[n]; !q.off && partner.Pattern != "" {
			s.look(q, partner)
		}
		s.matches(q, int32(n))
	}
	s.partners = false
	partners := s.found[last:]
	kept := s.found[:first]
	for _, f := range s.found[first:last] {
		if s.hasPartners(r, f.match, partners) {
			kept = append(kept, f)
		}
	}
	s.found = kept
}

func (s *Scanner) hasPartners(r *rule, match detectors.Span, partners []finding) bool {
	for i, q := range r.Required {
		ok := false
		for _, p := range partners {
			if p.rule == r.partners[i] && s.near(match, p.match, q) {
				ok = true
				break
			}
		}
		if !ok {
			return false
		}
	}
	return true
}

// near reports whether the starts of two matches are as near in lines and columns as the rule wants them to be.
func (s *Scanner) near(a, b detectors.Span, q detectors.Required) bool {
	if q.WithinLines != nil {
		between := s.in.Data[min(a.Start, b.Start):max(a.Start, b.Start)]
		if bytes.Count(between, newline) > *q.WithinLines {
			return false
		}
	}
	if q.WithinColumns != nil {
		distance := s.column(a.Start) - s.column(b.Start)
		if max(distance, -distance) > *q.WithinColumns {
			return false
		}
	}
	return true
}

func (s *Scanner) column(offset int) int {
	return offset - bytes.LastIndexByte(s.in.Data[:offset], '\n')
}

var newline = []byte("\n")
