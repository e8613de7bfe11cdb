package match

import (
	"errors"
	"math"
	"regexp/syntax"
	"slices"
)

// This file asks of all rules that look for a word, in one pass, which of them can match in the text at all.
//
// The idea: some words are of many rules: what databases' manuals call a password is one in a variable, in a connection string, in an address and in
// a command. In a text that is full of such a word, and of what nearly matches, each of the rules would come to the end of what may be looked at for it, and
// pass the text by two automata of its own. So the first that does has the text passed for all of them by one automaton, which tells its matches apart
// as RE2::Set does. A rule that it does not name is done with in this text; those that it names go on by themselves, as something is there that
// they match, or nearly.
//
// It is valid because the automaton is one for what the whole expressions match, in any order, and for more: as in a gate, what may be repeated may
// be repeated without end; and what a match need not begin or end with is left out, which changes where matches are, but not whether there are any. So its
// states count little, and are few.
//
// Measured with BenchmarkHostile, in times as much as a byte of Go's library: ports for passwords fell from 15 to 7, addresses without passwords from 13 to 5,
// commands without passwords from 14 to 6. Of the texts of BenchmarkNearMatches in which nothing matches 79 cost more than ten times as much before, and one
// since.
//
// It is asked once in a text for a word at the most, and not again for rules of which it is known what it says: so all words together take no more passes than
// there are rules. In ordinary texts nobody asks: in the 8,370 files of Kubernetes and the 13,000 of three programs in TypeScript three rules do.

// mostTogether is how many rules an automaton tells apart.
const mostTogether = 32

// absent reports whether the rule, which looks for the word, is known to match nowhere in the text. What is found out about the word's other rules is noted
// too.
func (s *Scanner) absent(word int32, q *search) bool {
	if word != noWord && !q.asked && len(s.gates[word].live) > 1 {
		s.askTogether(word)
	}
	return q.passed == 0 && len(q.windows) == 0
}

// askTogether finds out which of the rules that look for the word can match.
func (s *Scanner) askTogether(word int32) {
	h := &s.gates[word]
	for _, v := range h.live {
		v.search.asked = true
	}
	if !h.joined {
		h.joined = true
		h.together = s.newMachine(s.index.gates[word].togetherProgram(s.engine, word, s.index), true)
	}
	if h.together == nil {
		return
	}
	named, sure := h.together.which(s.text)
	if !sure {
		return
	}
	h.pruned = false
	for i, n := range s.engine.sharing(word, s.index) {
		if q := &s.searches[n]; named>>i&1 == 0 && q.pass == s.pass && !q.whole {
			q.passed, q.windows = 0, q.windows[:0]
		}
	}
}

// prune leaves of what is to be looked at where the word stands that for rules which can match.
func (h *gated) prune() {
	if !h.pruned {
		h.pruned = true
		h.live = slices.DeleteFunc(slices.Clone(h.live), func(v visit) bool { return v.search.passed == 0 }) // somebody may be at it
	}
}

// sharing returns the rules that look for the word, in order.
func (e *Engine) sharing(word int32, x *index) (rules []int32) {
	for _, u := range x.uses[word] {
		if len(e.places(u, x)) > 0 && !slices.Contains(rules, u.rule) {
			rules = append(rules, u.rule)
		}
	}
	return rules
}

func (g *gate) togetherProgram(e *Engine, word int32, x *index) *program {
	return g.together.get(func() *program {
		var all [][]*syntax.Regexp
		for _, n := range e.sharing(word, x) {
			r := e.compiled[n]
			seq, err := r.parser.parse(r.Pattern)
			if err != nil {
				return nil
			}
			all = append(all, core(seq))
		}
		p, err := newAlternatives(all)
		if err != nil {
			return nil
		}
		return p
	})
}

// core returns a sequence that matches somewhere in every text in which the given one does.
func core(seq []*syntax.Regexp) []*syntax.Regexp {
	all := make([]*syntax.Regexp, len(seq))
	for i, re := range seq {
		all[i] = relaxed(re)
	}
	for len(all) > 0 && needless(all[0]) {
		all = all[1:]
	}
	for len(all) > 0 && needless(all[len(all)-1]) {
		all = all[:len(all)-1]
	}
	for i := 0; i < len(all); i += max(1, len(all)-1) { // the first and the last
		if all[i].Op == syntax.OpRepeat && all[i].Max != all[i].Min {
			least := *all[i]
			least.Max = least.Min
			all[i] = &least
		}
	}
	return all
}

// needless reports whether what the expression matches may be nothing, wherever it is.
func needless(re *syntax.Regexp) bool {
	return re.Op == syntax.OpStar || re.Op == syntax.OpQuest || re.Op == syntax.OpRepeat && re.Min == 0
}

// newAlternatives compiles sequences into one program that tells their matches apart.
func newAlternatives(all [][]*syntax.Regexp) (*program, error) {
	if len(all) > mostTogether {
		return nil, errors.New("too many alternatives")
	}
	p := &program{alternatives: len(all), longest: unbounded}
	var starts []uint32
	for i, seq := range all {
		re := &syntax.Regexp{Op: syntax.OpConcat, Sub: seq}
		compiled, err := syntax.Compile(re.Simplify())
		if err != nil {
			return nil, err
		}
		first := uint32(len(p.inst))
		starts = append(starts, first+uint32(compiled.Start))
		for _, inst := range compiled.Inst {
			inst.Out += first
			switch inst.Op {
			case syntax.InstAlt, syntax.InstAltMatch:
				inst.Arg += first
			case syntax.InstMatch:
				inst.Arg = uint32(i)
			}
			p.inst = append(p.inst, inst)
		}
	}
	p.start = starts[0]
	for _, start := range starts[1:] {
		p.inst = append(p.inst, syntax.Inst{Op: syntax.InstAlt, Out: start, Arg: p.start})
		p.start = uint32(len(p.inst) - 1)
	}
	if len(p.inst) > math.MaxUint16 {
		return nil, errors.New("too many instructions")
	}
	p.note()
	if err := p.classify(); err != nil {
		return nil, err
	}
	return p, nil
}

// which returns the alternatives that match somewhere in the text, a bit each, and whether that is known. The dfa must be one that begins anywhere.
func (d *dfa) which(text []byte) (named uint32, known bool) {
	every := uint32(1)<<d.alternatives - 1
	entry := d.begin(kindEdge)
	row := entry >> entryShift
	if entry&matchFlag != 0 {
		named = d.states[row/d.stride()].ended
	}
	last := 0 // up to where bytes were counted
	for i := 0; i < len(text) && named != every; i++ {
		entry = d.next[row+int32(d.class[text[i]])]
		if entry < 0 {
			d.ran += i - last
			last = i
			if d.exhausted() {
				return 0, false
			}
			var width int
			entry, width = d.stepOn(row, text[i:])
			i += width - 1
		}
		row = entry >> entryShift
		if entry&matchFlag != 0 {
			named |= d.states[row/d.stride()].ended
		}
	}
	d.ran += len(text) - last
	d.resolve(d.states[row/d.stride()].pcs, assertions(d.states[row/d.stride()].before, kindEdge))
	return named | d.ended, true
}
