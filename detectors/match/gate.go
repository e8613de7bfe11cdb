package match

import (
	"math"
	"regexp/syntax"
	"slices"
	"sync/atomic"
	"unicode"
)

// gate stands before a word: one automaton for all that the expressions of its rules have after it, where runs of letters may be of any
// length. Where it does not accept, none of theirs does, and none is run. So a word costs about as much for ten rules as for one: words such
// as "key" stand in every file, nearly always followed by something that no rule wants, and each provider has a rule or two for them.
//
// It is valid because an automaton for "one of these" accepts where one of these does. It is small because it counts little. It is made when
// the word was seen a few times, since making it costs more than it saves in a small file.
type gate struct {
	seen                atomic.Int32
	forwards, backwards onceProgram
}

const seenOften = 64

// gated is a word in the text that a scanner is at.
type gated struct {
	entered uint32 // the pass that the rest was last set for
	noted   bool   // it is on the list for the next text
	live    bool   // a rule that concerns the file has a place for the word
	steps   int
	machine *dfa
	given   bool // the gate was asked for; the machine is nil if it is of no use

	begins   begins // where the gate opens
	backward *dfa
}

// opens reports whether one of the rules that look for the word can match at the place where it stands, and what it looked at to find out: no
// further than to the stop. It notes that the word was seen.
func (s *Scanner) opens(word int32, at int) (opens bool, stop int) {
	h := &s.gates[word]
	if h.entered != s.pass {
		s.arrive(h, word)
	}
	if !h.live {
		return false, at
	}
	if !h.given {
		g := s.index.gates[word]
		if g.seen.Load() < seenOften {
			g.seen.Add(1)
			return true, at
		}
		h.given = true
		h.machine = s.machineFor(word, &g.forwards, false)
	}
	switch {
	case h.machine == nil:
		return true, at
	case at >= h.begins.after:
		return h.begins.has(at), len(s.text)
	}
	end := min(len(s.text), at+gateWidth)
	stop, match, _ := h.machine.run(s.text[:end], at, at)
	if h.machine.exhausted() {
		h.machine = nil
		return true, stop
	}
	if h.steps += stop - at; h.steps > s.budget() {
		if h.backward == nil {
			h.backward = s.machineFor(word, &s.index.gates[word].backwards, true)
		}
		h.begins.find(h.backward, s.text, at+1)
	}
	return match || stop == end && end < len(s.text), stop
}

// machineFor returns a dfa for a gate, or nil if it is of no use.
func (s *Scanner) machineFor(word int32, p *onceProgram, back bool) *dfa {
	p.once.Do(func() { p.program = s.engine.union(s.index.uses[word], s.index, back) })
	if p.program == nil {
		return nil
	}
	return newDFA(p.program, back, &s.tables)
}

// arrive makes a word ready for the text, and activates the rules whose keyword it is.
func (s *Scanner) arrive(h *gated, word int32) {
	h.entered, h.noted, h.live, h.steps = s.pass, false, false, 0
	h.begins.forget()
	for _, u := range s.index.uses[word] {
		q := s.enter(u.rule)
		if q.off {
			continue
		}
		if !u.own {
			s.activate(q, u.rule)
		}
		h.live = h.live || len(s.engine.places(u, s.index)) > 0
	}
}

// places returns the places of the rule's plan that a word marks for one of its uses.
func (e *Engine) places(u use, x *index) []int32 {
	p := e.compiled[u.rule].plan()
	switch {
	case u.own:
		return p.marks[u.slot]
	case p.slots != nil && !x.holds[u.rule]:
		return p.slots[u.slot]
	}
	return nil
}

// union returns a program that accepts what one of those at the word's places does, forwards or backwards, or nil if that would be of no use.
func (e *Engine) union(uses []use, x *index, back bool) *program {
	var all []*program
	for _, u := range uses {
		for _, n := range e.places(u, x) {
			var seq []*syntax.Regexp
			for _, re := range e.compiled[u.rule].planned.places[n].tail {
				seq = append(seq, relaxed(re))
			}
			if back {
				seq = backwards(seq)
			}
			p, err := newProgram(seq)
			if err != nil {
				return nil
			}
			all = append(all, p)
		}
	}
	return joined(all)
}

// relaxed returns an expression that matches what the given one does, and more: what holds no white space may be repeated without end. For
// what can hold white space that would be too much: a gate would look at half the text.
func relaxed(re *syntax.Regexp) *syntax.Regexp {
	more := *re
	more.Sub = make([]*syntax.Regexp, len(re.Sub))
	for i, sub := range re.Sub {
		more.Sub[i] = relaxed(sub)
	}
	if re.Op == syntax.OpRepeat && inWord(re.Sub[0]) {
		more.Max = -1
	}
	return &more
}

// inWord reports whether no match of the expression holds white space.
func inWord(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral:
		return !slices.ContainsFunc(re.Rune, unicode.IsSpace)
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if re.Rune[i] <= ' ' && '\t' <= re.Rune[i+1] {
				return false
			}
		}
		return true
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return false
	}
	return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !inWord(sub) })
}

// joined returns a program that accepts what one of the programs does, or nil if there are none or too many instructions. It begins with a chain
// of choices among their beginnings.
func joined(all []*program) *program {
	size := len(all)
	for _, p := range all {
		size += len(p.inst)
	}
	switch {
	case len(all) == 0, size > math.MaxUint16:
		return nil
	case len(all) == 1:
		return all[0]
	}
	j := &program{inst: make([]syntax.Inst, 0, size), high: make([]bool, size)}
	begin := uint32(len(all) - 1) // of the first program, behind the choices
	for i, p := range all[:len(all)-1] {
		j.inst = append(j.inst, syntax.Inst{Op: syntax.InstAlt, Out: begin + p.start, Arg: uint32(i + 1)})
		begin += uint32(len(p.inst))
	}
	last := len(all) - 2
	j.inst[last].Arg = begin + all[last+1].start
	for _, p := range all {
		j.longest = max(j.longest, p.longest)
		first := uint32(len(j.inst))
		for _, inst := range p.inst {
			switch inst.Op {
			case syntax.InstAlt, syntax.InstAltMatch:
				inst.Arg += first
			}
			inst.Out += first
			j.inst = append(j.inst, inst)
		}
	}
	j.inst = slices.Clip(j.inst)
	j.high = j.high[:len(j.inst)]
	j.classify()
	return j
}
