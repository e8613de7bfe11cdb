package match

import (
	"math/bits"
	"regexp/syntax"
	"unicode"
	"unicode/utf8"
)

// This file asks of a few places whether an expression matches there, without making anything of the expression first.
//
// The idea: to make an automaton for a provider's expression takes as long as to read some hundred kilobytes, and most of them are asked for a few
// places only. So at first the parsed expression itself is walked, with the set of all offsets that were reached as bits: a part of the
// expression takes the set from which it may begin to the set at which it may end. Nearly always the set is empty after a few parts. Only when
// a rule's places have taken as many steps as its automaton is worth, or one reaches beyond the bits, the automaton is made. In the same way what
// stands before a place is walked from its end: of the words "secret" that GitHub's secrets, R2's and AWS's are looked for at, hardly one has its
// vendor's name before it.
//
// Measured over the sources of Go's library with all rules: of the 42 automata that runs leave, 7 are made, with 840 states instead of 5,000. With what
// runs.go and parse.go save, all rules take 1.3 times what gitleaks' own take there, where it was 1.5, and the first small file 6.9 ms instead of 10.9.
//
// It is valid because a walk takes whatever the automaton for the expression takes; where a walk ends early it says that anything is possible.

const (
	walkWords = 4
	walkWidth = 64*walkWords - 1 // how far a walk sees, in bytes
	walkSteps = 1 << 11          // that one walk may take
	walkFor   = 1 << 14          // and all of a rule's walks, before an automaton is made
)

// walkOn walks on from a place. It returns how far a match can reach and whether there can be one, and whether that is sure.
func (s *Scanner) walkOn(q *search, p *place, at int) (end int, match, sure bool) {
	w := walk{text: s.text, at: at}
	match = w.matches(p.tail)
	q.walked += w.steps
	return min(len(s.text), at+w.most), match, !w.far
}

// precedes reports whether what a match has before the place can stand there. In a text it is asked only as long as that takes a part of what it
// takes to read the text; then everything is possible.
func (s *Scanner) precedes(q *search, p *place, at int) bool {
	if !p.unsure || q.back > walkSteps/2+len(s.text)/32 {
		return true
	}
	w := walk{text: s.text, at: at, back: true}
	match := w.matches(p.head)
	q.back += w.steps
	return match
}

// reached is a set of offsets from where a walk began.
type reached [walkWords]uint64

func (r *reached) add(n int) { r[n>>6] |= 1 << (n & 63) }

func (r *reached) join(t *reached) {
	for i := range r {
		r[i] |= t[i]
	}
}

func (r *reached) empty() bool { return *r == reached{} }

// walk is a walk through an expression, from an offset of the text on or back.
type walk struct {
	text  []byte
	at    int
	back  bool
	steps int
	most  int  // bytes that were looked at
	far   bool // it did not see all
}

// matches reports whether the sequence can match what follows the offset, or what stands before it.
func (w *walk) matches(seq []*syntax.Regexp) bool {
	r := w.all(seq, reached{1})
	return w.far || !r.empty()
}

// all returns what is reached behind a sequence.
func (w *walk) all(seq []*syntax.Regexp, from reached) reached {
	for i := range seq {
		re := seq[i]
		if w.back {
			re = seq[len(seq)-1-i]
		}
		if from = w.one(re, from); from.empty() {
			break
		}
	}
	return from
}

// one returns what is reached behind an expression.
func (w *walk) one(re *syntax.Regexp, from reached) (to reached) {
	switch re.Op {
	case syntax.OpLiteral:
		for i := range re.Rune {
			r := re.Rune[i]
			if w.back {
				r = re.Rune[len(re.Rune)-1-i]
			}
			if from = w.take(re, r, &from); from.empty() {
				break
			}
		}
		return from
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return w.take(re, 0, &from)
	case syntax.OpCapture, syntax.OpConcat:
		return w.all(re.Sub, from)
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			either := w.one(sub, from)
			to.join(&either)
		}
	case syntax.OpQuest:
		return w.upTo(re.Sub[0], from, 1)
	case syntax.OpStar:
		return w.upTo(re.Sub[0], from, -1)
	case syntax.OpPlus:
		return w.upTo(re.Sub[0], w.one(re.Sub[0], from), -1)
	case syntax.OpRepeat:
		for range re.Min {
			if from = w.one(re.Sub[0], from); from.empty() {
				return from
			}
		}
		if re.Max < 0 {
			return w.upTo(re.Sub[0], from, -1)
		}
		return w.upTo(re.Sub[0], from, re.Max-re.Min)
	case syntax.OpEmptyMatch:
		return from
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return w.where(asserts[re.Op], from)
	}
	return to
}

// upTo returns what is reached when an expression is repeated no more than so often; -1 for any number.
func (w *walk) upTo(re *syntax.Regexp, from reached, times int) reached {
	for last := from; times != 0 && !last.empty(); times-- {
		next := w.one(re, last)
		for i := range next {
			last[i] = next[i] &^ from[i]
		}
		from.join(&last)
	}
	return from
}

// take returns what is reached behind one character.
func (w *walk) take(re *syntax.Regexp, r rune, from *reached) (to reached) {
	for i, part := range from {
		for ; part != 0; part &= part - 1 {
			n := 64*i + bits.TrailingZeros64(part)
			if w.steps++; w.steps > walkSteps {
				w.far = true
				return reached{}
			}
			c, width := w.character(n)
			if width == 0 || !takes(re, r, c) {
				continue
			}
			if n+width > walkWidth {
				w.far = true
				return reached{}
			}
			to.add(n + width)
		}
	}
	return to
}

// character returns the character behind so many bytes, and how many it has; 0 if there is none.
func (w *walk) character(n int) (r rune, width int) {
	at := w.at + n
	if w.back {
		at = w.at - n - 1
	}
	switch {
	case at < 0 || at >= len(w.text):
		w.most = max(w.most, n+1)
		return 0, 0
	case w.text[at] < utf8.RuneSelf:
		r, width = rune(w.text[at]), 1
	case w.back:
		r, width = utf8.DecodeLastRune(w.text[:at+1])
	default:
		r, width = utf8.DecodeRune(w.text[at:])
	}
	w.most = max(w.most, n+width)
	return r, width
}

// where returns the offsets at which an assertion holds.
func (w *walk) where(op syntax.EmptyOp, from reached) (to reached) {
	for i, part := range from {
		for ; part != 0; part &= part - 1 {
			n := 64*i + bits.TrailingZeros64(part)
			at := w.at + n
			if w.back {
				at = w.at - n
			}
			w.steps++
			w.most = max(w.most, n+1)
			after := kindEdge
			if at < len(w.text) {
				after = kindOf(w.text[at])
			}
			if op&^assertions(before(w.text, at), after) == 0 {
				to.add(n)
			}
		}
	}
	return to
}

var asserts = map[syntax.Op]syntax.EmptyOp{
	syntax.OpBeginLine:      syntax.EmptyBeginLine,
	syntax.OpEndLine:        syntax.EmptyEndLine,
	syntax.OpBeginText:      syntax.EmptyBeginText,
	syntax.OpEndText:        syntax.EmptyEndText,
	syntax.OpWordBoundary:   syntax.EmptyWordBoundary,
	syntax.OpNoWordBoundary: syntax.EmptyNoWordBoundary,
}

// takes reports whether the character is one that the expression takes: the given one, of a literal.
func takes(re *syntax.Regexp, r, c rune) bool {
	switch re.Op {
	case syntax.OpAnyChar:
		return true
	case syntax.OpAnyCharNotNL:
		return c != '\n'
	case syntax.OpLiteral:
		if c == r || re.Flags&syntax.FoldCase == 0 {
			return c == r
		}
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			if f == c {
				return true
			}
		}
		return false
	}
	for i := 0; i+1 < len(re.Rune); i += 2 {
		if c < re.Rune[i] {
			return false
		}
		if c <= re.Rune[i+1] {
			return true
		}
	}
	return false
}
