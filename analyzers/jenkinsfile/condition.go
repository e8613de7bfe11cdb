package jenkinsfile

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

const (
	maxGuards   = 16 // of one place, the innermost; without the others more is thought possible
	maxPatterns = 64 // of the cases of one switch
)

// on returns the place on further conditions, of which nil is one that is not known.
func (p place) on(guards ...*analyzers.Guard) place {
	guards = guards[max(0, len(guards)-maxGuards):]
	all := slices.Concat(p.guards, guards)
	p.guards = all[max(0, len(all)-maxGuards):]
	return p
}

// guard returns the innermost condition that is known.
func (p place) guard() *analyzers.Guard {
	for _, g := range slices.Backward(p.guards) {
		if g != nil {
			return g
		}
	}
	return nil
}

// guarded returns steps that are done on the conditions of the place.
func (p place) guarded(steps []analyzers.Step) []analyzers.Step {
	if len(steps) == 0 {
		return nil
	}
	for _, g := range slices.Backward(p.guards) {
		if g != nil {
			steps = []analyzers.Step{{Op: analyzers.OpBlock, At: steps[0].At, Guard: g, Steps: steps}}
		}
	}
	return steps
}

// conditional does statements, each on the conditions of the if, else or case that it stands in
// (https://groovy-lang.org/semantics.html#_conditional_structures).
func (r *reader) conditional(all []*statement, in place, do func(s *statement, in place)) {
	var passed []*analyzers.Guard // what is so if none of the conditions before held
	for _, s := range all {
		words, here := s.words, in
		if len(words) > 0 && words[0].is("else") {
			words, here = words[1:], in.on(passed...)
		} else {
			passed = nil
		}
		keyword := ""
		if len(words) > 1 && words[1].is("(") && !words[0].quoted {
			keyword = words[0].text.String
		}
		switch keyword {
		case "if":
			e := expression{reader: r, words: words[2:]}
			c := r.evaluate(e.enclosed()).truth
			words, here, passed = e.words, here.on(c.yes), append(passed, c.no)
		case "switch":
			e := expression{reader: r, words: words[2:]}
			r.cases(r.evaluate(e.enclosed()), s.block, here, do)
			continue
		}
		if len(words) != len(s.words) {
			s = &statement{words: words, block: s.block, open: s.open}
		}
		do(s, here)
	}
}

// cases does the statements of a switch over a thing. Those of a case are also done if they come from the one before, which does not end in a break.
func (r *reader) cases(of thing, all []*statement, in place, do func(s *statement, in place)) {
	var seen, patterns []string
	var begun []*statement
	telling, ended := true, false // all patterns are known; the case ended
	guard := func() *analyzers.Guard { return nil }
	end := func() {
		r.conditional(begun, in.on(guard()), do)
		begun = nil
	}
	for _, s := range all {
		words := s.words
		for {
			colon := slices.IndexFunc(words, func(w word) bool { return w.is(":") })
			if colon < 1 || !words[0].is("case") && !words[0].is("default") {
				break
			}
			end()
			if ended {
				patterns, ended = nil, false
			}
			if words[0].is("default") {
				guard = func() *analyzers.Guard {
					if !telling {
						return nil
					}
					return matching(of, seen...).no
				}
			} else {
				label := r.evaluate(words[1:colon])
				texts, ok := label.literals()
				if len(seen)+len(texts) > maxPatterns {
					ok = false
				}
				if telling = telling && ok; ok {
					patterns, seen = slices.Concat(patterns, texts), append(seen, texts...)
				}
				now := patterns
				guard = func() *analyzers.Guard {
					if !ok {
						return nil
					}
					return matching(of, now...).yes
				}
			}
			words = words[colon+1:]
		}
		if len(words) > 0 && slices.ContainsFunc([]string{"break", "return", "error", "throw"}, words[0].is) {
			ended = true
		}
		if len(words) != len(s.words) {
			s = &statement{words: words, block: s.block, open: s.open}
		}
		begun = append(begun, s)
	}
	end()
}

// literals returns the texts that it is, or that a list of it has, if all are known.
func (t thing) literals() (texts []string, known bool) {
	if text, ok := t.literal(); ok {
		return []string{text}, true
	}
	for _, e := range t.entries {
		text, ok := e.thing.literal()
		if !ok {
			return nil, false
		}
		texts = append(texts, text)
	}
	return texts, len(texts) > 0
}

// declaring are the words with which a variable is declared that is set later.
var declaring = []string{"def", "String", "Map", "List", "final", "var"}

// assign notes what NAME = … comes to. On a condition the name may be that, or else what it was.
func (r *reader) assign(s *statement, in place) {
	if len(s.words) == 2 && !s.open && len(r.bound) < maxNames && slices.ContainsFunc(declaring, s.words[0].is) {
		r.bound[s.words[1].text.String] = thing{}
	}
	equals := slices.IndexFunc(s.words, func(w word) bool { return w.is("=") })
	if equals < 1 || equals+1 == len(s.words) || s.open || s.words[equals+1].is("=") {
		return
	}
	name := s.words[equals-1]
	if name.quoted || !isName(name.text.String[0]) {
		return
	}
	t, key := r.evaluate(s.words[equals+1:]), strings.TrimPrefix(name.text.String, "env.")
	if len(in.guards) > 0 && equals == 1 {
		t = r.bound[key].or(in.guard(), t)
	}
	if t.size() > maxThings {
		t = unknown()
	}
	if _, ok := r.bound[key]; ok || len(r.bound) < maxNames {
		r.bound[key] = t
	}
}

// or returns what a thing comes to if it may be another.
func (t thing) or(guard *analyzers.Guard, other thing) thing {
	choices := slices.Clone(t.choices)
	if len(choices) == 0 && t.known() {
		choices = []choice{{nil, t}}
	}
	for i := range choices {
		if choices[i].guard == nil {
			choices[i].guard = opposite(guard)
		}
	}
	return thing{choices: append(choices, choice{guard, other})}
}
