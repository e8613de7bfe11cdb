package match

import (
	"bytes"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/stagewall/stagewall/detectors"
)

// search is the state of one rule's search in the text that a scanner is at.
type search struct {
	file, pass uint32 // what the rest was last set for
	taken      uint32 // the file that a rule for paths alone took last
	off        bool   // the path or the commit excludes the rule
	marked     bool   // a keyword was seen
	looked     bool   // a search of its own was made
	whole      bool   // windows could not be found: try the whole text
	windows    []detectors.Span
	steps      int  // bytes that were looked at for them
	visits     int  // that looked at these
	asked      bool // it is known what [Scanner.askTogether] says
	narrowed   bool // the windows are parts that the automaton of the whole expression has found
	begins     begins
	back       int        // the steps of walks to what stands before places
	walked     int        // the steps of all other walks, in all texts
	passed     int        // the offset from which on all windows were found at once
	expressed  int        // the bytes that the expression was run on, in all texts
	machines   []*dfa     // by place
	runs       []*nearest // by place
}

// machine returns the dfa for a place, which is kept from text to text; nil without a program.
func (q *search) machine(n int, p *program, anywhere bool, shared *tables) *dfa {
	for n >= len(q.machines) {
		q.machines = append(q.machines, nil)
	}
	if q.machines[n] == nil && p != nil {
		q.machines[n] = newDFA(p, anywhere, shared)
	}
	return q.machines[n]
}

// farEnough is how far a match is followed beyond its first end.
const farEnough = 4096

// verify looks at one place where a word stands, and adds a window if a match can be there. No match that holds the word there
// reaches out of the window.
func (s *Scanner) verify(q *search, r *rule, n, word int32, at int) {
	if q.whole || at >= q.passed || !q.begins.has(at) {
		return
	}
	p := &r.planned.places[n]
	if !s.reaches(q, r, n, at) {
		return
	}
	if last := len(q.windows) - 1; last >= 0 && q.windows[last].End == len(s.text) {
		start := p.prefix.start(s.text, at)
		known := start >= q.windows[last].Start
		if s.spend(q, r, word, at, at-start); known || at >= q.passed {
			return // in the window already, or in one of those that were found at once
		}
	}
	end, sure := at, false
	walked := q.walked < walkFor
	if walked {
		if !s.precedes(q, p, at) {
			return
		}
		var match bool
		if end, match, sure = s.walkOn(q, p, at); !match {
			return
		}
	}
	steps := 0
	if !sure {
		program := p.program()
		if program == nil {
			q.whole = true
			return
		}
		d := q.machine(int(n), program, false, &s.tables)
		limit := at + farEnough
		stop, match, alive := d.run(s.text, at, limit, max(limit, at+s.budget()-q.steps))
		if alive && !match { // it may well be in vain
			if s.absent(word, q) {
				return
			}
			stop, match, alive = d.run(s.text, at, limit, never)
		}
		q.whole = q.whole || d.exhausted()
		steps = stop - at
		if end = stop; alive {
			end = len(s.text)
		}
		if !match || !walked && !s.precedes(q, p, at) {
			s.spend(q, r, word, at, steps)
			return
		}
	}
	start := p.prefix.start(s.text, at)
	q.windows = append(q.windows, detectors.Span{Start: start, End: end})
	s.spend(q, r, word, at, steps+at-start)
}

// reaches reports whether the run that every match holds from the place on is near enough.
func (s *Scanner) reaches(q *search, r *rule, n int32, at int) bool {
	p := &r.planned.places[n]
	if p.run.least == 0 {
		return true
	}
	return s.nearestOf(q, r, n).reaches(s.text, s.pass, at, p.run.reach) ||
		p.run.reach < unbounded && s.blanks.reaches(s.text, s.pass, at, p.run.reach)
}

// nearestOf returns what is known of runs like the place's.
func (s *Scanner) nearestOf(q *search, r *rule, n int32) *nearest {
	if q.runs == nil {
		q.runs = make([]*nearest, len(r.planned.places))
	}
	if q.runs[n] == nil {
		q.runs[n] = s.nearest(r.planned.places[n].run.run)
	}
	return q.runs[n]
}

// before returns the parts of the text that hold every word of a place, of those which are near to their runs, where a match can be.
func (s *Scanner) before(r *rule, places []int32) spans {
	var parts spans
	longest := 0
	for _, text := range r.planned.texts {
		longest = max(longest, len(text))
	}
	for _, n := range places {
		p := &r.planned.places[n]
		if s.blanks.reaches(s.text, s.pass, 0, len(s.text)) {
			return spans{{End: len(s.text)}} // a match with many of them can begin further before its run
		}
		parts = p.run.before(parts, s.text, longest)
	}
	return parts.merge()
}

// reachesAny reports whether there can be matches from one of the places on anywhere in the text.
func (s *Scanner) reachesAny(r *rule, places []int32) bool {
	return slices.ContainsFunc(places, func(n int32) bool {
		p := &r.planned.places[n]
		return p.run.least == 0 || s.nearest(p.run.run).reaches(s.text, s.pass, 0, len(s.text))
	})
}

// lookFor visits the places where words of the rule's own stand.
func (s *Scanner) lookFor(q *search, n int32, of *own, parts spans) {
	r, found := s.engine.compiled[n], 0
	p := r.planned
	for _, part := range parts {
		of.words().scan(s.text[part.Start:part.End], func(word int32, end int) bool {
			found++
			for _, n := range p.marks[word] {
				if slices.Contains(of.places, n) {
					s.verify(q, r, n, noWord, part.Start+end-len(p.texts[word]))
				}
			}
			return true
		})
	}
	if bytes := int64(size(parts)); bytes > 0 && !r.apart() {
		s.engine.looked[n].texts.Add(1)
		s.engine.looked[n].bytes.Add(bytes)
		s.engine.looked[n].words.Add(int64(found))
		if s.engine.worthHolding(int(n)) {
			s.engine.missed.Add(bytes)
		}
	}
}

// look fills a rule's windows by a search of its own, unless the index has filled them.
func (s *Scanner) look(q *search, n int32) {
	r := s.engine.compiled[n]
	if q.off || r.Pattern == "" {
		return
	}
	p := r.plan()
	if q.looked || s.index.has(n, r) {
		return
	}
	q.looked = true
	switch {
	case p.failed, len(p.places) == 0 && s.engine.options.Gitleaks: // to which matches without a character are something
		q.whole = true
	case len(p.places) > 0:
		s.lookFor(q, n, &p.near, s.before(r, p.near.places))
		if s.reachesAny(r, p.far.places) {
			s.lookFor(q, n, &p.far, spans{{End: len(s.text)}})
		}
	default:
		s.sift(q, 0, p.whole)
	}
}

// sift fills a rule's windows by running the program, of the whole expression, over the whole text.
func (s *Scanner) sift(q *search, n int, p *program) {
	d := q.machine(n, p, true, &s.tables)
	q.windows = q.windows[:0]
	d.search(s.text, 0, func(start, end int) {
		q.windows = append(q.windows, detectors.Span{Start: start, End: end})
	})
	q.whole = d.exhausted()
}

// settle makes the rule's windows ready for its expression: ordered, none overlapping another, and, if that is worth it, narrowed.
func (s *Scanner) settle(q *search, r *rule) {
	if q.whole {
		q.windows = append(q.windows[:0], detectors.Span{End: len(s.text)})
	}
	q.windows = spans(q.windows).merge()
	if len(r.plan().places) > 0 && !q.narrowed && size(q.windows) > len(s.text)/muchOf+s.engine.patience {
		s.narrowWindows(q, r)
	}
}

// size returns how many bytes the spans have.
func size(all []detectors.Span) (sum int) {
	for _, w := range all {
		sum += w.End - w.Start
	}
	return sum
}

// inWindow yields the matches that begin in the window.
//
// The expression is run on a part of the text, and sees the part's edges as the text's: an assertion may hold there that does not hold
// in the text. A match that relies on it touches that edge, and then the part was too small. One character beside the window is
// enough for every assertion to be right within it.
func (s *Scanner) inWindow(q *search, n int32, re *regexp.Regexp, w detectors.Span, yield func(groups []int)) {
	text := s.text
	var groups []int
	for margin := 1; ; margin *= 8 {
		from, to := runeStart(text, w.Start-margin), runeEnd(text, w.End+margin)
		matches := s.memo.find(n, text[from:to], func(text []byte) [][]int {
			r := s.engine.compiled[n]
			matches := s.findAll(q, r, re, text)
			each := func(text []byte, yield func([]int) bool) { s.findEach(q, r, re, text, yield) }
			switch {
			case s.engine.options.Apart:
				matches = append(matches, inside(each, text, matches)...)
			case !s.engine.options.Gitleaks:
				matches = append(matches, s.framed(q, r, re, text, matches)...)
			}
			return matches
		})
		if doubtful(matches, from, to, len(text), w) {
			continue
		}
		for _, m := range matches {
			groups = groups[:0]
			for _, at := range m {
				if at >= 0 {
					at += from
				}
				groups = append(groups, at)
			}
			if w.Start <= groups[0] && (groups[0] < w.End || w.End == len(s.text)) {
				yield(groups)
			}
		}
		return
	}
}

// doubtful reports whether a match that matters for the window touches an edge of the part [from, to) that is none of the text.
func doubtful(matches [][]int, from, to, length int, w detectors.Span) bool {
	if len(matches) == 0 {
		return false
	}
	first := matches[0]
	if from > 0 && first[0] == 0 && first[1]+from > w.Start {
		return true
	}
	return to < length && slices.ContainsFunc(matches, func(m []int) bool { return m[1] == to-from && m[0]+from < w.End })
}

// finds yields what an expression matches in the text, one match after the other, until yield returns false.
type finds func(text []byte, yield func(match []int) bool)

// inside returns the matches that one would find that begins to look at the beginning of a line, where one of the given matches goes over it.
// Such a search need not go on beyond a match that begins where a known one does: from there on it finds the same.
func inside(each finds, text []byte, matches [][]int) [][]int {
	var more [][]int
	var known seen
	for _, m := range matches {
		for at := m[0] + 1; at < m[1]-1; {
			n := bytes.IndexByte(text[at:m[1]-1], '\n')
			if n < 0 {
				break
			}
			at += n + 1
			if known.begun == nil {
				known = seenOf(matches)
			}
			if rest := bytes.TrimLeft(text[at:m[1]], " \t\r"); len(rest) > 0 && rest[0] != '\n' { // of blank lines the last break will do
				more = behind(each, text, at-1, known, more)
			}
		}
	}
	return more
}

// seen says where known matches begin and end.
type seen struct{ begun, ended map[int]bool }

func seenOf(matches [][]int) seen {
	s := seen{make(map[int]bool, len(matches)), make(map[int]bool, len(matches))}
	for _, m := range matches {
		s.begun[m[0]], s.ended[m[1]] = true, true
	}
	return s
}

// behind adds the matches behind an offset up to one that is known, or ends where one does: from there on a search finds what is known.
func behind(each finds, text []byte, offset int, known seen, more [][]int) [][]int {
	each(text[offset:], func(m []int) bool {
		for i := range m {
			if m[i] >= 0 {
				m[i] += offset
			}
		}
		if known.begun[m[0]] {
			return false
		}
		ended := known.ended[m[1]]
		known.begun[m[0]], known.ended[m[1]] = true, true
		more = append(more, m)
		return !ended
	})
	return more
}

// runeStart returns the offset at or before the given one at which a character starts, within the text.
func runeStart(text []byte, offset int) int {
	offset = max(offset, 0)
	for n := 0; n < utf8.UTFMax-1 && offset > 0 && offset < len(text) && !utf8.RuneStart(text[offset]); n++ {
		offset--
	}
	return offset
}

// runeEnd returns the offset at or after the given one at which a character starts, or the text's end.
func runeEnd(text []byte, offset int) int {
	for n := 0; n < utf8.UTFMax-1 && offset < len(text) && !utf8.RuneStart(text[offset]); n++ {
		offset++
	}
	return min(offset, len(text))
}
