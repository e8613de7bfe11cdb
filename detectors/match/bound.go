package match

import (
	"math"
	"regexp/syntax"
	"slices"
	"sync"

	"github.com/stagewall/stagewall/detectors"
)

// This file bounds what texts cost in which words stand everywhere, each followed by what nearly is a match.
//
// The idea: to visit one place after the other looks at the same bytes as often as there are places before them, whereas an automaton for matches that
// may begin anywhere looks at every byte once, however many places there are. It is not used from the start, since in an ordinary text there are few
// places, most of which are dismissed by the first byte, and since its tables are larger. But when the visits to a rule's places, or to a word's gate,
// have looked at an eighth as many bytes as the text has, the rest of the text is passed once instead. Before that all rules that look for the word
// are asked at once whether they can match at all; together.go has how. Then the rest is passed from its end, by an automaton for the reversed expression,
// which says exactly where something begins that matches. If there is so much of this that the visits cost as much again, the text is passed forwards,
// and windows are made of the parts that hold matches: by the automaton of the whole expression, or, if its tables get too large, by one of what is
// behind places, for the rest.
//
// Measured with BenchmarkHostile, in times as much as a byte of Go's library: "curl=" again and again fell from 155 to 5, railway_token from 135 to 7,
// "key=" from 50 to 4, all keywords in lines from 59 to 7, headers from 28 to 5, "password " from 17 to 8. What Go's library costs has not changed.
//
// Where nearly every visit finds something the first pass is left out, and a gate is left open.
//
// It is valid because both passes cover all matches that begin in the rest. What can stand before a place can stand before the part that holds
// it; see [Scanner.passRest].
//
// In the same way windows are narrowed that hold much of the text: the expression itself is ten times as slow as an automaton for the whole of it,
// which knows what has to stand before a place.
//
// A gate is asked about no more than a few bytes behind the word, and opens if it needs more: it lets runs of letters be of any length, so that in
// a text of letters alone the gates of all words would each follow the text to its end.

const (
	stepsPer    = 8       // for how many bytes of the text one may be looked at before the rest of the text is passed instead
	stepsAlways = 1 << 12 // and how many in any text
	gateWidth   = 64      // how far behind a word a gate looks
	muchOf      = 8       // windows are narrowed if they are more than one in so many bytes of the text
)

// mostly reports whether nearly every visit finds something, so that it is no use to ask where something begins.
func mostly(found, visits int) bool { return 4*found > 3*visits }

// budget returns how many bytes may be looked at for one rule or word.
func (s *Scanner) budget() int { return len(s.text)/stepsPer + s.engine.patience }

// noWord is the number of none of the index's words.
const noWord = -1

// never is an offset behind every text.
const never = math.MaxInt

// spend counts bytes that were looked at for a place of the rule, where the word stands, and passes what is behind the place if they are too many.
func (s *Scanner) spend(q *search, r *rule, word int32, at, steps int) {
	q.visits++
	if q.steps += steps; q.steps <= s.budget() {
		return
	}
	q.steps = 0
	p := r.plan()
	switch {
	case s.absent(word, q):
	case !q.begins.known() && !mostly(len(q.windows), q.visits):
		d := q.machine(len(p.places)+1, p.anyPlace(true), true, &s.tables)
		q.begins.find(d, s.text, at+1)
	case at+1 < q.passed && !s.passWhole(q, r):
		s.passRest(q, r, at+1)
	}
}

// passWhole makes windows of the parts of the whole text that hold matches, by the automaton of the whole expression, which would narrow those that
// [Scanner.passRest] makes. It returns false if there is none for this text.
func (s *Scanner) passWhole(q *search, r *rule) bool {
	d := q.machine(len(r.plan().places), r.pattern.compileProgram(), true, &s.tables)
	if d == nil {
		return false
	}
	parts := s.narrow[:0]
	d.search(s.text, 0, func(start, end int) { parts = append(parts, detectors.Span{Start: start, End: end}) })
	s.narrow = parts
	if d.exhausted() {
		return false
	}
	s.narrow, q.windows = q.windows, parts
	q.passed, q.narrowed = 0, true
	return true
}

// passRest fills the rule's windows with all that its places at the offset and behind it call for.
//
// A part that the automaton finds holds what matches from a place on. A window begins as far before it as what can stand before the place
// reaches from the part's first byte. That is far enough for a place later in the part: where such bytes reach back from there to before the
// part, they reach from its first byte at least as far. For the same reason a window that would reach into the one before is joined to it.
func (s *Scanner) passRest(q *search, r *rule, from int) {
	q.passed = from
	p := r.plan()
	d := q.machine(len(p.places)+2, p.anyPlace(false), true, &s.tables)
	if d == nil {
		q.whole = true
		return
	}
	first := len(q.windows)
	d.search(s.text, from, func(start, end int) {
		least := 0
		if last := len(q.windows) - 1; last >= first {
			least = q.windows[last].End
		}
		begin := start
		for i := range p.places {
			begin = min(begin, p.places[i].prefix.startAfter(s.text, start, least))
		}
		if begin == least && len(q.windows) > first {
			q.windows[len(q.windows)-1].End = end
			return
		}
		q.windows = append(q.windows, detectors.Span{Start: begin, End: end})
	})
	q.whole = q.whole || d.exhausted()
}

// narrowWindows leaves of the rule's windows the parts that hold matches, by an automaton of the whole expression. A match lies in a window and
// in a part, and so in what both have in common.
func (s *Scanner) narrowWindows(q *search, r *rule) {
	d := q.machine(len(r.plan().places), r.pattern.compileProgram(), true, &s.tables)
	if d == nil {
		return
	}
	narrow, i := s.narrow[:0], 0
	d.search(s.text, 0, func(start, end int) {
		for ; i < len(q.windows) && q.windows[i].Start < end; i++ {
			w := q.windows[i]
			if common := (detectors.Span{Start: max(w.Start, start), End: min(w.End, end)}); !common.Empty() {
				narrow = append(narrow, common)
			}
			if w.End > end {
				break
			}
		}
	})
	d.exhausted() // all that it left out is in one part
	s.narrow, q.windows = q.windows, narrow
}

// anyPlace returns a program that accepts what that of one of the places does, forwards or backwards, or nil if there would be too many
// instructions.
func (p *plan) anyPlace(back bool) *program {
	made := &p.forwards
	if back {
		made = &p.backwards
	}
	return made.get(func() *program {
		var all [][]*syntax.Regexp
		for i := range p.places {
			tail := p.places[i].tail
			if back {
				tail = backwards(tail)
			}
			all = append(all, tail)
		}
		return anyOf(all)
	})
}

// anyOf returns a program that accepts what one of the sequences matches, or nil if there are none or too many instructions.
func anyOf(all [][]*syntax.Regexp) *program {
	if len(all) == 0 {
		return nil
	}
	p, err := newProgram(either(all))
	if err != nil {
		return nil
	}
	return p
}

// either returns a sequence that matches what one of the given ones does.
func either(all [][]*syntax.Regexp) []*syntax.Regexp {
	re := &syntax.Regexp{Op: syntax.OpAlternate}
	for _, seq := range all {
		re.Sub = append(re.Sub, &syntax.Regexp{Op: syntax.OpConcat, Sub: seq})
	}
	return []*syntax.Regexp{re}
}

// onceProgram is a program that is made on first need; nil if it cannot be made.
type onceProgram struct {
	once    sync.Once
	program *program
}

func (o *onceProgram) get(made func() *program) *program {
	o.once.Do(func() { o.program = made() })
	return o.program
}

// backwards returns a sequence that matches the reverse of what the given one does.
func backwards(seq []*syntax.Regexp) []*syntax.Regexp {
	all := make([]*syntax.Regexp, len(seq))
	for i, re := range seq {
		turned := *re
		turned.Sub = backwards(re.Sub)
		switch re.Op {
		case syntax.OpAlternate: // in any order
		case syntax.OpLiteral:
			turned.Rune = slices.Clone(re.Rune)
			slices.Reverse(turned.Rune)
		case syntax.OpBeginLine:
			turned.Op = syntax.OpEndLine
		case syntax.OpEndLine:
			turned.Op = syntax.OpBeginLine
		case syntax.OpBeginText:
			turned.Op = syntax.OpEndText
		case syntax.OpEndText:
			turned.Op = syntax.OpBeginText
		}
		all[len(all)-1-i] = &turned
	}
	return all
}

// begins says where, from an offset on, something begins that a program accepts, and maybe one byte behind.
type begins struct {
	after int // the offset; never before it is known
	parts []detectors.Span
	next  int // the part that is looked at next
}

func (b *begins) forget() { b.after = never }

func (b *begins) known() bool { return b.after != never }

// find passes the text from its end to the offset. The dfa is one for the reversed program, or nil: then it can begin everywhere.
func (b *begins) find(d *dfa, text []byte, from int) {
	b.after, b.parts, b.next = from, b.parts[:0], 0
	if d == nil {
		b.parts = append(b.parts, detectors.Span{Start: from, End: len(text)})
		return
	}
	d.searchBack(text, from, func(start, end int) {
		if last := len(b.parts) - 1; last >= 0 && b.parts[last].Start <= end {
			b.parts[last].Start = start
		} else {
			b.parts = append(b.parts, detectors.Span{Start: start, End: end})
		}
	})
	slices.Reverse(b.parts)
}

// has reports whether something may begin at the offset. It is fast for offsets that ascend, more or less.
func (b *begins) has(at int) bool {
	if at < b.after {
		return true
	}
	for b.next > 0 && b.parts[b.next-1].End > at {
		b.next--
	}
	for b.next < len(b.parts) && b.parts[b.next].End <= at {
		b.next++
	}
	return b.next < len(b.parts) && b.parts[b.next].Start <= at
}
