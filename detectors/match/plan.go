package match

import (
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/stagewall/stagewall/detectors"
)

// plan says where in a text a rule's expression is to be tried. It is made when one of the rule's keywords is first seen.
type plan struct {
	once   sync.Once
	made   atomic.Bool
	places []place
	slots  [][]int32 // by keyword of the rule: the places that it marks; nil where keywords mark none
	texts  []string  // the words of all places
	words  *automaton
	marks  [][]int32 // by word: the places that it marks
	whole  *program  // without places: the whole expression
	failed bool      // without places and program: the expression is tried on the whole text

	forwards, backwards onceProgram // see [plan.anyPlace]
}

// place is a cut ready to be looked for: where one of its words stands, the program says whether and how far a match can go on.
type place struct {
	before  prefix
	head    []*syntax.Regexp // what the prefix was made of
	tail    []*syntax.Regexp // what the program was made of
	program *program
}

// plan returns the rule's plan.
func (r *rule) plan() *plan {
	r.planned.once.Do(func() {
		r.planned.make(r.Rule)
		r.planned.made.Store(true)
	})
	return &r.planned
}

func (p *plan) make(r *detectors.Rule) {
	re, err := syntax.Parse(r.Pattern, syntax.Perl)
	if err != nil {
		p.failed = true // compiling will fail too, and say why
		return
	}
	var keywords []string
	for _, k := range r.Keywords {
		keywords = append(keywords, strings.ToLower(k))
	}
	var cuts []cut
	if len(keywords) > 0 {
		cuts = findCuts(re, keywords)
	}
	byKeyword := len(cuts) > 0
	if !byKeyword {
		cuts = findCuts(re, nil)
	}
	if len(cuts) == 0 || !p.take(cuts) {
		p.places = nil
		p.whole, err = newProgram(flatten(re))
		p.failed = err != nil
		return
	}
	if byKeyword {
		p.slots = make([][]int32, len(keywords))
	}
	for i, c := range cuts {
		for _, word := range c.words {
			n := slices.Index(p.texts, word)
			if n < 0 {
				n = len(p.texts)
				p.texts = append(p.texts, word)
				p.marks = append(p.marks, nil)
			}
			p.marks[n] = append(p.marks[n], int32(i))
			if byKeyword {
				slot := slices.Index(keywords, word)
				p.slots[slot] = append(p.slots[slot], int32(i))
			}
		}
	}
	p.words = newAutomaton(p.texts)
}

// take compiles the cuts.
func (p *plan) take(cuts []cut) bool {
	for _, c := range cuts {
		program, err := newProgram(c.after)
		if err != nil {
			return false
		}
		p.places = append(p.places, place{c.before, c.head, c.after, program})
	}
	return true
}
