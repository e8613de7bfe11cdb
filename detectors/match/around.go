package match

import (
	"iter"
	"math/bits"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// surroundings are the bytes that can stand beside a word where a match is. They are what dismisses most of the places of a common word.
type surroundings struct {
	before byteSet
	after  [3]byteSet // the first, second and third byte behind it
}

// are reports whether the text between the offsets has the surroundings. At the text's start everything is possible, at its end only a
// match that needs no further byte.
func (a *surroundings) are(text []byte, start, end int) bool {
	if start > 0 && !a.before.has(text[start-1]) {
		return false
	}
	for i := range a.after {
		switch {
		case end+i >= len(text):
			return a.after[i] == everyByte
		case !a.after[i].has(text[end+i]):
			return false
		}
	}
	return true
}

// before returns the bytes that can stand before a word that a match holds at the place.
func (p *place) before(word string) byteSet {
	b := beforeWord{word: word, steps: 1000}
	return b.first(p.head, p.tail)
}

// beforeWord finds out which bytes can stand before a word.
type beforeWord struct {
	word  string
	steps int // that may still be taken
}

// first returns the bytes that can stand before the word if it begins what the tail matches, behind what the head does.
func (b *beforeWord) first(head, tail []*syntax.Regexp) (set byteSet) {
	if b.steps--; b.steps < 0 || len(tail) == 0 {
		return everyByte
	}
	re, tail := tail[0], tail[1:]
	switch re.Op {
	case syntax.OpWordBoundary, syntax.OpBeginLine, syntax.OpBeginText:
		return b.first(append(slices.Clip(head), re), tail)
	case syntax.OpCapture, syntax.OpConcat:
		return b.first(head, slices.Concat(re.Sub, tail))
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			either := b.first(head, slices.Concat([]*syntax.Regexp{sub}, tail))
			set.join(&either)
		}
		return set
	case syntax.OpLiteral:
		for i, r := range re.Rune[:min(len(re.Rune), len(b.word))] {
			if r < utf8.RuneSelf && lower(byte(r)) != b.word[i] {
				return set
			}
			if r >= utf8.RuneSelf {
				break
			}
		}
	}
	return b.last(head)
}

// last returns the bytes that can stand before the word if the sequence matches what is before it, and maybe nothing.
func (b *beforeWord) last(seq []*syntax.Regexp) byteSet {
	if b.steps--; b.steps < 0 || len(seq) == 0 {
		return everyByte
	}
	seq, re := seq[:len(seq)-1:len(seq)-1], seq[len(seq)-1]
	var set byteSet
	either := func(sets ...byteSet) {
		for i := range sets {
			set.join(&sets[i])
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		set.addRune(re.Rune[len(re.Rune)-1], re.Flags&syntax.FoldCase != 0)
	case syntax.OpCharClass:
		set.addClass(re.Rune)
	case syntax.OpAnyCharNotNL:
		set = everyByte
		set.remove('\n')
	case syntax.OpCapture, syntax.OpConcat:
		set = b.last(append(seq, re.Sub...))
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			either(b.last(append(seq, sub)))
		}
	case syntax.OpQuest, syntax.OpStar:
		either(b.last(seq), b.last(append(seq, re.Sub[0])))
	case syntax.OpPlus:
		set = b.last(append(seq, re.Sub[0]))
	case syntax.OpRepeat:
		set = b.last(append(seq, re.Sub[0]))
		if re.Min == 0 {
			either(b.last(seq))
		}
	case syntax.OpWordBoundary:
		set = b.last(seq)
		for c := range 256 {
			if (kindOf(byte(c)) == kindWord) == (kindOf(b.word[0]) == kindWord) {
				set.remove(byte(c))
			}
		}
	case syntax.OpBeginLine:
		set.add('\n')
	case syntax.OpBeginText: // nothing
	case syntax.OpEmptyMatch, syntax.OpNoWordBoundary, syntax.OpEndLine, syntax.OpEndText:
		set = b.last(seq)
	default:
		set = everyByte
	}
	return set
}

// after returns the bytes that can follow a word with which a match begins.
func (p *program) after(word string) (after [3]byteSet) {
	r := reacher{program: p, on: make([]bool, len(p.inst))}
	r.reach(p.start)
	for i := range len(word) {
		r.step(func(pc uint32) bool { return p.takes(pc, word[i]) || p.takes(pc, upper(word[i])) }, word[i] >= utf8.RuneSelf)
	}
	for i := range after {
		if r.matches {
			after[i] = everyByte
			continue
		}
		for pc, on := range r.on {
			if on {
				after[i].join(&p.sets[p.taken[pc]])
			}
		}
		r.step(func(uint32) bool { return true }, true)
	}
	return after
}

// reacher runs through a program as if every assertion held.
type reacher struct {
	*program
	on      []bool // by instruction: it is reached
	matches bool
}

// reach adds an instruction and what follows it without a byte.
func (r *reacher) reach(pc uint32) {
	for !r.on[pc] {
		r.on[pc] = true
		switch inst := &r.inst[pc]; inst.Op {
		case syntax.InstMatch:
			r.matches = true
			return
		case syntax.InstAlt, syntax.InstAltMatch:
			r.reach(inst.Out)
			pc = inst.Arg
		case syntax.InstNop, syntax.InstCapture, syntax.InstEmptyWidth:
			pc = inst.Out
		default:
			return
		}
	}
}

// step goes on by one byte, from the instructions that take it; high says that it may be outside ASCII, where a character has several.
func (r *reacher) step(takes func(pc uint32) bool, high bool) {
	from := r.on
	r.on = make([]bool, len(from))
	for pc, on := range from {
		if on && r.taken[pc] != 0 && takes(uint32(pc)) {
			r.reach(r.inst[pc].Out)
			if high && r.takes(uint32(pc), utf8.RuneSelf) {
				r.reach(uint32(pc))
			}
		}
	}
}

// byteSet is a set of bytes.
type byteSet [4]uint64

var (
	everyByte = byteSet{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
	allASCII  = byteSet{^uint64(0), ^uint64(0)}
)

func (s *byteSet) has(c byte) bool { return s[c>>6]>>(c&63)&1 != 0 }
func (s *byteSet) add(c byte)      { s[c>>6] |= 1 << (c & 63) }
func (s *byteSet) remove(c byte)   { s[c>>6] &^= 1 << (c & 63) }

func (s *byteSet) join(t *byteSet) {
	for i := range s {
		s[i] |= t[i]
	}
}

// meets reports whether the sets have a byte in common.
func (s *byteSet) meets(t *byteSet) bool {
	return s[0]&t[0]|s[1]&t[1]|s[2]&t[2]|s[3]&t[3] != 0
}

// in reports whether the other set has all bytes of this one.
func (s *byteSet) in(t *byteSet) bool {
	return s[0]&^t[0]|s[1]&^t[1]|s[2]&^t[2]|s[3]&^t[3] == 0
}

// all yields the bytes of the set.
func (s byteSet) all() iter.Seq[byte] {
	return func(yield func(byte) bool) {
		for i, part := range s {
			for ; part != 0; part &= part - 1 {
				if !yield(byte(64*i + bits.TrailingZeros64(part))) {
					return
				}
			}
		}
	}
}

// addRune adds the last bytes of a character, in any case if it folds.
func (s *byteSet) addRune(r rune, fold bool) {
	var p prefix
	p.addRune(r, fold)
	s.addLast(&p)
}

// addClass adds the last bytes of a class's characters.
func (s *byteSet) addClass(ranges []rune) {
	var p prefix
	p.addClass(ranges)
	s.addLast(&p)
}

// addLast adds the bytes of a prefix. Of a character outside ASCII they include its last.
func (s *byteSet) addLast(p *prefix) {
	for c, has := range p.bytes {
		if has {
			s.add(byte(c))
		}
	}
}
