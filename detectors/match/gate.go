package match

import (
	"regexp/syntax"
	"slices"
	"sync/atomic"
)

// gate stands before a word: one automaton for all that the expressions of its rules have after it, where runs of letters may be of any
// length, and letters and digits are told apart only by what hexadecimal digits they are and by their case. Where it does not accept, none of
// theirs does, and none is run. So a word costs about as much for ten rules as for one: words such as "key" stand in every file, nearly always
// followed by something that no rule wants, and each provider has a rule or two for them.
//
// It is valid because an automaton for "one of these" accepts where one of these does. It is small because it counts little and tells few
// bytes apart: identifiers differ in all their letters, and a table that knew each would have to be made letter by letter. It begins behind the
// word, of which the sieve knows that it stands there.
//
// A gate is made when the word was seen some times, and spares the making of programs for the expressions themselves, which few texts call for.
type gate struct {
	seen      atomic.Int32
	exact     onceProgram // for what the word's surroundings are; see [newInstructions]
	blunt     onceProgram // for the automaton, which tells fewer bytes apart
	backwards onceProgram
	together  onceProgram // for the expressions of the word's rules, told apart
}

const (
	seenSome   = 8  // how often before a gate is made, which costs as much as to visit about so many places
	seenOften  = 64 // how often a word is seen before it is asked what can stand beside it
	gateCounts = 16 // how far a gate counts
)

// gated is a word in the text that a scanner is at.
type gated struct {
	entered uint32  // the pass that the rest was last set for
	noted   bool    // it is on the list for the next text
	live    []visit // what is to be looked at where it stands, for rules that concern the file
	steps   int
	asked   int // how often the gate was, in this text
	opened  int // how often it opened
	machine *dfa
	given   bool // the gate was asked for; the machine is nil if it is of no use

	begins   begins // where the gate opens
	backward *dfa

	together *dfa // see [Scanner.absent]
	joined   bool // it was made, if it is of any use
	pruned   bool // rules that cannot match are not among the live ones
}

// visit is a place of a rule's plan that a word marks.
type visit struct {
	search *search
	rule   *rule
	place  int32
}

// opens reports whether one of the rules that look for the word can match at the place where it stands, and what it looked at to find out: no
// further than to the stop. It notes that the word was seen.
func (s *Scanner) opens(word int32, at int) (opens bool, stop int) {
	h, g := &s.gates[word], s.index.gates[word]
	if h.entered != s.pass {
		s.arrive(h, word)
	}
	if len(h.live) == 0 {
		return false, at
	}
	if h.prune(); len(h.live) == 0 { // in what is decoded of this text they may match
		return true, at
	}
	switch seen := g.seen.Load(); {
	case !h.given && seen < seenSome:
		g.seen.Add(1)
		return true, at
	case seen < seenOften:
		g.seen.Add(1)
	}
	if !h.given {
		h.given = true
		if h.machine = s.newMachine(g.bluntProgram(s.engine, word, s.index), false); h.machine != nil {
			h.machine.word = s.index.sought[word].text
		}
	}
	switch {
	case h.machine == nil || h.asked > 0 && h.steps > s.budget() && !h.begins.known():
		return true, at
	case at >= h.begins.after:
		return h.begins.has(at), len(s.text)
	}
	behind := at + len(h.machine.word)
	end := runeEnd(s.text, behind+gateWidth)
	stop, match, _ := h.machine.run(s.text[:end], behind, behind, never)
	if h.machine.exhausted() {
		h.machine = nil
		return true, stop
	}
	opens = match || stop == end && end < len(s.text)
	if h.asked++; opens {
		h.opened++
	}
	if h.steps += stop - at; h.steps > s.budget() && !mostly(h.opened, h.asked) {
		if h.backward == nil {
			h.backward = s.newMachine(g.backwardProgram(s.engine, word, s.index), true)
		}
		h.begins.find(h.backward, s.text, at+1)
	}
	return opens, stop
}

// newMachine returns a dfa for a gate, or nil if it is of no use.
func (s *Scanner) newMachine(p *program, anywhere bool) *dfa {
	if p == nil {
		return nil
	}
	return newDFA(p, anywhere, &s.tables)
}

// arrive makes a word ready for the text, and activates the rules whose keyword it is.
func (s *Scanner) arrive(h *gated, word int32) {
	h.entered, h.noted, h.live, h.pruned = s.pass, false, h.live[:0], true
	h.steps, h.asked, h.opened = 0, 0, 0
	h.begins.forget()
	for _, u := range s.index.uses[word] {
		q := s.enter(u.rule)
		if q.off {
			continue
		}
		if !u.own && !s.engine.rules[u.rule].SkipReport {
			s.activate(q, u.rule)
		}
		for _, n := range s.engine.places(u, s.index) {
			h.live = append(h.live, visit{q, s.engine.compiled[u.rule], n})
		}
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

// tails returns what the expressions of the word's places have after it, relaxed.
func (e *Engine) tails(word int32, x *index) (all [][]*syntax.Regexp) {
	for _, u := range x.uses[word] {
		for _, n := range e.places(u, x) {
			var tail []*syntax.Regexp
			for _, re := range e.compiled[u.rule].planned.places[n].tail {
				tail = append(tail, relaxed(re))
			}
			all = append(all, tail)
		}
	}
	return all
}

func (g *gate) exactProgram(e *Engine, word int32, x *index) *program {
	return g.exact.get(func() *program {
		all := e.tails(word, x)
		if len(all) == 0 {
			return nil
		}
		p, err := newInstructions(either(all))
		if err != nil {
			return nil
		}
		return p
	})
}

func (g *gate) bluntProgram(e *Engine, word int32, x *index) *program {
	return g.blunt.get(func() *program {
		if p := g.exactProgram(e, word, x); p != nil {
			return p.blunt()
		}
		return nil
	})
}

func (g *gate) backwardProgram(e *Engine, word int32, x *index) *program {
	return g.backwards.get(func() *program {
		all := e.tails(word, x)
		for i := range all {
			all[i] = backwards(all[i])
		}
		return anyOf(all)
	})
}

// relaxed returns an expression that matches what the given one does, and more: what may be repeated may be repeated without end, and what has to
// be often, less often.
func relaxed(re *syntax.Regexp) *syntax.Regexp {
	more := re
	change := func() {
		if more == re {
			more = &syntax.Regexp{}
			*more = *re
			more.Sub = slices.Clone(re.Sub)
		}
	}
	for i, sub := range re.Sub {
		if m := relaxed(sub); m != sub {
			change()
			more.Sub[i] = m
		}
	}
	if re.Op == syntax.OpRepeat && (re.Max > max(re.Min, 1) || re.Min > gateCounts) {
		change()
		more.Min, more.Max = min(re.Min, gateCounts), -1
	}
	return more
}

// blunt returns a program that takes all bytes of a group where the given one takes one of them.
func (p *program) blunt() *program {
	b := *p // it has the same characters outside ASCII
	b.sets = slices.Clone(p.sets)
	for i := range b.sets {
		for j := range groupsOfBytes {
			if b.sets[i].meets(&groupsOfBytes[j]) {
				b.sets[i].join(&groupsOfBytes[j])
			}
		}
	}
	if b.classify() != nil { // it never has more classes
		return nil
	}
	return &b
}

var groupsOfBytes = func() (groups [5]byteSet) {
	for i, bounds := range [...]string{"09", "af", "gz", "AF", "GZ"} {
		groups[i].addRange(rune(bounds[0]), rune(bounds[1]))
	}
	return groups
}()
