package match

import (
	"regexp"
	"regexp/syntax"
	"sync"
	"unicode/utf8"
)

// This file runs expressions where package regexp would do so slowly.
//
// The idea: package regexp tries one way through an expression after the other, and remembers where it has been, if it has no more than 500
// instructions and the text is short. Else it follows all ways at once, which takes several times as long. Here there is no limit to the instructions: most
// of the time is saved by knowing what each takes as a set of bytes. And the text may be long, since what is remembered is a part of it that moves on: ways
// that begin behind the middle of that part begin a new one. Where a way leaves the part package regexp has to find the matches after all.
//
// It is valid because the first way that ends in a match, in the order of the alternatives, is the match, and a way that comes to an instruction and an
// offset where another one has failed fails too. After a match nothing is remembered, as the ways that were left behind had not failed.
// TestBacktracker compares both.

// backtracker is an expression to be run so.
type backtracker struct {
	*program
	branch   []int // by instruction that branches: its number
	branches int
	offsets  int     // of groups
	first    byteSet // what a match begins with
	empty    bool    // a match may have no byte
}

const (
	regexpInstructions = 500     // more make package regexp follow all ways at once
	regexpTable        = 1 << 18 // and so does a text of more bytes than this divided by the instructions
	backtrackTable     = 1 << 21 // bits that are remembered
	shortestPart       = 400     // how many offsets there has to be room for
	enoughToBacktrack  = 1 << 12 // how many bytes of windows a rule's expression is run on before it is made ready for it
)

// onceBacktracker is a backtracker that is made on first need; nil if it cannot be made.
type onceBacktracker struct {
	once sync.Once
	made *backtracker
}

// newBacktracker returns nil if there would be too many instructions.
func newBacktracker(text string) *backtracker {
	re, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil
	}
	p, err := newProgram([]*syntax.Regexp{re})
	if err != nil {
		return nil
	}
	b := &backtracker{program: p, branch: make([]int, len(p.inst)), offsets: 2 * (re.MaxCap() + 1)}
	for pc := range p.inst {
		if op := p.inst[pc].Op; op == syntax.InstAlt || op == syntax.InstAltMatch {
			b.branch[pc] = b.branches
			b.branches++
		}
	}
	if b.branches > backtrackTable/shortestPart {
		return nil
	}
	r := reacher{program: p, on: make([]bool, len(p.inst))}
	r.reach(p.start)
	b.empty = r.matches
	for pc, on := range r.on {
		if on {
			b.first.join(&p.sets[p.taken[pc]])
		}
	}
	return b
}

// findAll returns what the rule's expression matches in the text.
func (s *Scanner) findAll(q *search, r *rule, re *regexp.Regexp, text []byte) (all [][]int) {
	if b := s.backtracker(q, r, text); b != nil && s.trial.findEach(b, text, func(m []int) bool { all = append(all, m); return true }) {
		return all
	}
	return re.FindAllSubmatchIndex(text, -1)
}

// findEach yields the same matches one after the other, until yield returns false.
func (s *Scanner) findEach(q *search, r *rule, re *regexp.Regexp, text []byte, yield func([]int) bool) {
	s.findEachBy(s.backtracker(q, r, text), re, text, yield)
}

// findEachBy is findEach with the backtracker that is given, if it is not nil.
func (s *Scanner) findEachBy(b *backtracker, re *regexp.Regexp, text []byte, yield func([]int) bool) {
	done := 0
	if b != nil && s.trial.findEach(b, text, func(m []int) bool { done++; return yield(m) }) {
		return
	}
	for most := done + 4; ; most *= 4 {
		matches := re.FindAllSubmatchIndex(text, most)
		for _, m := range matches[done:] {
			if !yield(m) {
				return
			}
		}
		if done = len(matches); done < most {
			return
		}
	}
}

// findFirst returns the first of these matches, or nil.
func (s *Scanner) findFirst(q *search, r *rule, re *regexp.Regexp, text []byte) (first []int) {
	if b := s.backtracker(q, r, text); b != nil && s.trial.findEach(b, text, func(m []int) bool { first = m; return false }) {
		return first
	}
	return re.FindSubmatchIndex(text)
}

// backtracker returns what finds the rule's matches in the text sooner than package regexp, or nil.
func (s *Scanner) backtracker(q *search, r *rule, text []byte) *backtracker {
	if q.expressed += len(text); q.expressed < enoughToBacktrack || s.engine.plain {
		return nil
	}
	if b := r.pattern.backtrack(); b != nil && (len(b.inst) > regexpInstructions || len(text) > regexpTable/len(b.inst)) {
		return b
	}
	return nil
}

// backtrack returns the expression made ready for trying one way after the other, or nil if it cannot be.
func (p *pattern) backtrack() *backtracker {
	made := &p.backtracker
	made.once.Do(func() { made.made = newBacktracker(p.text) })
	return made.made
}

// trial is the memory of backtracking.
type trial struct {
	been  []uint64 // a bit for each branch, by offset from the base
	base  int
	width int // how many offsets there is room for
	most  int // the greatest that a bit is set for
	ways  []way
	at    []int // where groups begin and end on this way
	left  bool  // a way left the part
	known *knownWays
	steps []step // of this way, where ways are to be known
}

// way is a way that was not tried yet, or what an offset of a group was before the last one that was tried.
type way struct {
	pc    uint32
	group int32 // -1 for a way
	at    int
	steps int // that led to it
}

// findEach yields what [regexp.Regexp.FindAllSubmatchIndex] finds, one match after the other, until yield returns false. It returns false if a way left
// the part that is remembered, so that there may be more.
func (t *trial) findEach(b *backtracker, text []byte, yield func(match []int) bool) bool {
	if t.been == nil {
		t.been = make([]uint64, backtrackTable/64)
	}
	t.width, t.base, t.most, t.left = min(len(text)+1, backtrackTable/max(1, b.branches)), 0, -1, false
	for at, last, more := 0, -1, true; more && at <= len(text); {
		match := t.find(b, text, at)
		if match == nil || t.left {
			break
		}
		keep := true
		if match[1] == at { // no byte
			keep = match[0] != last
			at += max(1, widthAt(text, at))
		} else {
			at = match[1]
		}
		if last = match[1]; keep {
			more = yield(match)
		}
	}
	t.forget(b, 0)
	return !t.left
}

// widthAt returns how many bytes the character at the offset has, 0 at the end.
func widthAt(text []byte, at int) int {
	if at < len(text) && text[at] < utf8.RuneSelf {
		return 1
	}
	_, width := utf8.DecodeRune(text[at:])
	return width
}

// forget begins a new part.
func (t *trial) forget(b *backtracker, base int) {
	if t.most >= t.base {
		bits := (t.most - t.base + 1) * b.branches
		clear(t.been[:(bits+63)/64])
	}
	t.base, t.most = base, base-1
}

// find returns the offsets of the first match that begins at the offset or behind it, or nil.
func (t *trial) find(b *backtracker, text []byte, from int) []int {
	t.forget(b, from)
	for start := from; start <= len(text); start += max(1, widthAt(text, start)) {
		if !b.empty && (start == len(text) || !b.first.has(text[start])) {
			continue
		}
		if start-t.base > t.width/2 {
			t.forget(b, start)
		}
		if match := t.try(b, text, start); match != nil || t.left {
			return match
		}
	}
	return nil
}

// try returns the offsets of the match that begins at the offset, or nil.
func (t *trial) try(b *backtracker, text []byte, start int) []int {
	t.at = t.at[:0]
	for range b.offsets {
		t.at = append(t.at, -1)
	}
	t.ways, t.steps = append(t.ways[:0], way{uint32(b.start), -1, start, 0}), t.steps[:0]
next:
	for len(t.ways) > 0 {
		w := t.ways[len(t.ways)-1]
		t.ways = t.ways[:len(t.ways)-1]
		if w.group >= 0 {
			t.at[w.group] = w.at
			continue
		}
		t.steps = t.steps[:w.steps]
		for pc, at := w.pc, w.at; ; {
			inst := &b.inst[pc]
			switch inst.Op {
			case syntax.InstAlt, syntax.InstAltMatch:
				offset := at - t.base
				if offset >= t.width {
					t.left = true
					return nil
				}
				bit := offset*b.branches + b.branch[pc]
				if t.been[bit>>6]>>(bit&63)&1 != 0 {
					continue next
				}
				t.been[bit>>6] |= 1 << (bit & 63)
				t.most = max(t.most, at)
				if t.known != nil {
					if match := t.known.rest(pc, at, start, t.at); match != nil {
						return match
					}
					t.steps = append(t.steps, step{pc, -1, at})
				}
				t.ways = append(t.ways, way{inst.Arg, -1, at, len(t.steps)})
			case syntax.InstCapture:
				if group := int(inst.Arg); group < len(t.at) {
					t.ways = append(t.ways, way{0, int32(group), t.at[group], 0})
					t.at[group] = at
					if t.known != nil {
						t.steps = append(t.steps, step{pc, int32(group), at})
					}
				}
			case syntax.InstEmptyWidth:
				after := kindEdge
				if at < len(text) {
					after = kindOf(text[at])
				}
				if syntax.EmptyOp(inst.Arg)&^assertions(before(text, at), after) != 0 {
					continue next
				}
			case syntax.InstNop:
			case syntax.InstMatch:
				match := make([]int, len(t.at))
				copy(match, t.at)
				match[0], match[1] = start, at
				if t.known != nil {
					t.known.note(t.steps, match)
				}
				return match
			case syntax.InstFail:
				continue next
			default:
				if at == len(text) {
					continue next
				}
				set := b.taken[pc]
				switch c := text[at]; {
				case !b.sets[set].has(c):
					continue next
				case c < utf8.RuneSelf:
					at++
				default:
					r, width := utf8.DecodeRune(text[at:])
					if !b.has(int(set), r) {
						continue next
					}
					at += width
				}
			}
			pc = inst.Out
		}
	}
	return nil
}
