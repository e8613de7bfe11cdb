package match

import (
	"regexp/syntax"
	"slices"
	"unicode"
	"unicode/utf8"
)

// This file says which bytes a program tells apart. Those that no instruction and no assertion does share a class, wherever they stand:
// where case does not matter, a letter and its capital; and mostly all letters that no word of the expression holds. The fewer classes there
// are, the fewer entries a table has, and each is made once: half as many as when a class is a range of bytes, for all rules over the sources
// of Go's library.

// classify numbers the classes.
func (p *program) classify() {
	parts := []byteSet{everyByte}
	for i := range p.sets[1:] {
		parts = refine(parts, &p.sets[1+i])
	}
	for _, set := range p.asserted() {
		parts = refine(parts, &set)
	}
	p.sample, p.classes = make([]byte, len(parts)), len(parts)
	for n := range parts {
		for c := range parts[n].all() {
			p.class[c], p.sample[n] = uint8(n), c
		}
	}
}

// refine splits parts of the bytes by whether they are in the set.
func refine(parts []byteSet, set *byteSet) []byteSet {
	for n := range parts {
		in, out := parts[n], parts[n]
		for i := range set {
			in[i] &= set[i]
			out[i] &^= set[i]
		}
		if in != (byteSet{}) && out != (byteSet{}) {
			parts[n] = in
			parts = append(parts, out)
		}
	}
	return parts
}

// note notes what each instruction takes. Where an expression is repeated its instructions share their ranges.
func (p *program) note() {
	p.taken = make([]uint16, len(p.inst))
	p.sets = make([]byteSet, 1, 16)
	type ranges struct {
		op    syntax.InstOp
		first *rune
		n     int
	}
	ofRanges := map[ranges]uint16{}
	var ofOne [2][utf8.RuneSelf]uint16 // by whether case matters, and by character
	for pc := range p.inst {
		inst := &p.inst[pc]
		switch inst.Op {
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		default:
			continue
		}
		if len(inst.Rune) == 1 && inst.Rune[0] < utf8.RuneSelf {
			n := &ofOne[inst.Arg&uint32(syntax.FoldCase)][inst.Rune[0]]
			if *n == 0 {
				*n = p.number(taken(inst))
			}
			p.taken[pc] = *n
			continue
		}
		key := ranges{op: inst.Op, n: len(inst.Rune)}
		if len(inst.Rune) > 0 {
			key.first = &inst.Rune[0]
		}
		n, ok := ofRanges[key]
		if !ok {
			n = p.number(taken(inst))
			ofRanges[key] = n
		}
		p.taken[pc] = n
	}
}

// number returns the number of the set, which is added if it is new.
func (p *program) number(set byteSet) uint16 {
	n := slices.Index(p.sets, set)
	if n < 0 {
		n = len(p.sets)
		p.sets = append(p.sets, set)
	}
	return uint16(n)
}

// taken returns the bytes that the instruction takes: of characters outside ASCII all.
func taken(inst *syntax.Inst) (set byteSet) {
	switch inst.Op {
	case syntax.InstRuneAny:
		return everyByte
	case syntax.InstRuneAnyNotNL:
		set = everyByte
		set.remove('\n')
	case syntax.InstRune, syntax.InstRune1:
		if len(inst.Rune) == 1 {
			set.addRange(inst.Rune[0], inst.Rune[0])
			if inst.Op == syntax.InstRune && syntax.Flags(inst.Arg)&syntax.FoldCase != 0 {
				for r := unicode.SimpleFold(inst.Rune[0]); r != inst.Rune[0]; r = unicode.SimpleFold(r) {
					set.addRange(r, r)
				}
			}
			return set
		}
		for i := 0; i < len(inst.Rune); i += 2 {
			set.addRange(inst.Rune[i], inst.Rune[i+1])
			if inst.Rune[i+1] >= utf8.RuneSelf {
				break
			}
		}
	}
	return set
}

// addRange adds the bytes of the characters from low to high: of those outside ASCII all.
func (s *byteSet) addRange(low, high rune) {
	for i := range rune(2) {
		if from, to := max(low-64*i, 0), min(high-64*i, 63); from <= to {
			s[i] |= ^uint64(0) << from & (^uint64(0) >> (63 - to))
		}
	}
	if high >= utf8.RuneSelf {
		s[2], s[3] = everyByte[2], everyByte[3]
	}
}

// asserted returns the bytes that the program's assertions ask for.
func (p *program) asserted() (sets []byteSet) {
	var asked syntax.EmptyOp
	for pc := range p.inst {
		if p.inst[pc].Op == syntax.InstEmptyWidth {
			asked |= syntax.EmptyOp(p.inst[pc].Arg)
		}
	}
	if asked&(syntax.EmptyBeginLine|syntax.EmptyEndLine) != 0 {
		sets = append(sets, allOf(kindNewline))
	}
	if asked&(syntax.EmptyWordBoundary|syntax.EmptyNoWordBoundary) != 0 {
		sets = append(sets, allOf(kindWord))
	}
	return sets
}

func allOf(k kind) (set byteSet) {
	for c := range 256 {
		if kindOf(byte(c)) == k {
			set.add(byte(c))
		}
	}
	return set
}

// takes reports whether the instruction takes the byte.
func (p *program) takes(pc uint32, b byte) bool { return p.sets[p.taken[pc]].has(b) }
