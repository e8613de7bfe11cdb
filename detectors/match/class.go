package match

import (
	"errors"
	"regexp/syntax"
	"slices"
	"unicode"
	"unicode/utf8"
)

// This file says which bytes a program tells apart. Those that no instruction and no assertion does share a class, wherever they stand:
// where case does not matter, a letter and its capital; and mostly all letters that no word of the expression holds. The fewer classes there
// are, the fewer entries a table has, and each is made once: half as many as when a class is a range of bytes, for all rules over the sources
// of Go's library.
//
// Characters outside ASCII have classes too: most expressions take none of them but the long s and the Kelvin sign, or all. A program that takes one
// decodes them, and what is not UTF-8, as expressions do. The bytes that they begin with have a column of the table to themselves, of entries that are
// never made. So a run looks at its entry only, where it would do anyway, to find out that it has to decode.

// classify numbers the classes.
func (p *program) classify() error {
	asserted := p.asserted()
	parts := []byteSet{everyByte}
	if p.decodes = slices.ContainsFunc(p.beyond, func(ranges []rune) bool { return len(ranges) > 0 }); p.decodes {
		parts[0] = allASCII
	}
	for i := range p.sets[1:] {
		parts = refine(parts, &p.sets[1+i])
	}
	for i := range asserted {
		parts = refine(parts, &asserted[i])
	}
	p.sample = make([]rune, len(parts))
	for n := range parts {
		for c := range parts[n].all() {
			p.class[c], p.sample[n] = uint8(n), rune(c)
		}
	}
	if p.decodes {
		p.classifyBeyond(asserted)
	}
	if p.classes = len(p.sample); p.classes > mostClasses {
		return errors.New("too many classes")
	}
	if p.decodes {
		for c := utf8.RuneSelf; c < len(p.class); c++ {
			p.class[c] = uint8(p.encoded())
		}
	}
	return nil
}

const mostClasses = 250

// classifyBeyond numbers the classes of characters outside ASCII. Those that the same instructions take as take one in ASCII share its class.
func (p *program) classifyBeyond(asserted []byteSet) {
	p.firsts = []rune{utf8.RuneSelf}
	for _, ranges := range p.beyond {
		for i := 0; i < len(ranges); i += 2 {
			p.firsts = append(p.firsts, ranges[i], ranges[i+1]+1)
		}
	}
	slices.Sort(p.firsts)
	p.firsts = slices.Compact(p.firsts)
	var key []byte
	takers := func(r rune) []byte { // a bit for each set that has the character
		key = append(key[:0], make([]byte, len(p.sets)/8+1)...)
		for n := range p.sets {
			if p.has(n, r) {
				key[n/8] |= 1 << (n % 8)
			}
		}
		return key
	}
	alike := make(map[string]int, len(p.sample))
	for n := len(p.sample) - 1; n >= 0; n-- {
		if r := p.sample[n]; !slices.ContainsFunc(asserted, func(set byteSet) bool { return set.has(byte(r)) }) {
			alike[string(takers(r))] = n
		}
	}
	p.classBeyond = make([]uint8, len(p.firsts))
	for i, first := range p.firsts {
		n, ok := alike[string(takers(first))]
		if !ok {
			n = len(p.sample)
			p.sample = append(p.sample, first)
			alike[string(key)] = n
		}
		p.classBeyond[i] = uint8(min(n, mostClasses))
	}
}

// encoded returns the column of the bytes that begin what has to be decoded.
func (p *program) encoded() int { return p.classes + 1 }

// decode returns the class of a character outside ASCII.
func (p *program) decode(r rune) int32 {
	i, first := slices.BinarySearch(p.firsts, r)
	if !first {
		i--
	}
	return int32(p.classBeyond[i])
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
	p.sets, p.beyond = make([]byteSet, 1, 16), make([][]rune, 1, 16)
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

// number returns the number of what an instruction takes, which is added if it is new.
func (p *program) number(set byteSet, beyond []rune) uint16 {
	for n := range p.sets {
		if p.sets[n] == set && slices.Equal(p.beyond[n], beyond) {
			return uint16(n)
		}
	}
	p.sets, p.beyond = append(p.sets, set), append(p.beyond, beyond)
	return uint16(len(p.sets) - 1)
}

// taken returns the bytes that the instruction takes, of characters outside ASCII all, and the ranges of these.
func taken(inst *syntax.Inst) (set byteSet, beyond []rune) {
	add := func(low, high rune) {
		set.addRange(low, high)
		if high >= utf8.RuneSelf {
			beyond = append(beyond, max(low, utf8.RuneSelf), high)
		}
	}
	switch inst.Op {
	case syntax.InstRuneAny:
		add(0, unicode.MaxRune)
	case syntax.InstRuneAnyNotNL:
		add(0, '\n'-1)
		add('\n'+1, unicode.MaxRune)
	case syntax.InstRune, syntax.InstRune1:
		if len(inst.Rune) == 1 {
			add(inst.Rune[0], inst.Rune[0])
			if inst.Op == syntax.InstRune && syntax.Flags(inst.Arg)&syntax.FoldCase != 0 {
				for r := unicode.SimpleFold(inst.Rune[0]); r != inst.Rune[0]; r = unicode.SimpleFold(r) {
					add(r, r)
				}
			}
			break
		}
		for i := 0; i < len(inst.Rune); i += 2 {
			add(inst.Rune[i], inst.Rune[i+1])
		}
	}
	return set, beyond
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

// takes reports whether the instruction takes the byte, or, outside ASCII, may take a character that has it.
func (p *program) takes(pc uint32, b byte) bool { return p.sets[p.taken[pc]].has(b) }

// has reports whether a set has the character.
func (p *program) has(set int, r rune) bool {
	if r < utf8.RuneSelf {
		return p.sets[set].has(byte(r))
	}
	ranges := p.beyond[set]
	for i := 0; i < len(ranges); i += 2 {
		if ranges[i] <= r && r <= ranges[i+1] {
			return true
		}
	}
	return false
}
