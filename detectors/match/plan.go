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
	once    sync.Once
	made    atomic.Bool
	places  []place
	slots   [][]int32        // by keyword of the rule: the places that it marks; nil where keywords mark none
	texts   []string         // the words of all places
	longest int              // of these words, in bytes
	words   func() *fewWords // made where the index does not find them
	marks   [][]int32        // by word: the places that it marks
	near    own              // the words of places whose run begins near them
	far     own              // the words of all others
	whole   *program         // without places: the whole expression
	failed  bool             // without places and program: the expression is tried on the whole text

	forwards, backwards onceProgram // see [plan.anyPlace]
}

// own are words that a rule is searched for by itself, where the index does not find them: those of some of its places.
type own struct {
	places []int32
	words  func() *fewWords // by the numbers that the plan has for them; made when first needed
}

// place is a cut ready to be looked for: where one of its words stands, the program says whether and how far a match can go on.
type place struct {
	prefix  prefix
	head    []*syntax.Regexp // what the prefix was made of
	tail    []*syntax.Regexp // what the program is made of
	run     runAhead         // that what the tail matches holds
	unsure  bool             // more must stand before the place than any of the bytes that the prefix may have
	program func() *program  // made when first needed; nil if it would be enormous
}

// plan returns the rule's plan.
func (r *rule) plan() *plan {
	r.planned.once.Do(func() {
		r.planned.make(r.Rule, r.parser)
		r.planned.made.Store(true)
	})
	return r.planned
}

func (p *plan) make(r *detectors.Rule, parser *parser) {
	seq, err := parser.parse(r.Pattern)
	if err != nil {
		p.failed = true // compiling will fail too, and say why
		return
	}
	var keywords []string
	for _, k := range r.Keywords {
		keywords = append(keywords, strings.ToLower(k))
	}
	cuts, byKeyword := findCuts(seq, keywords)
	if len(cuts) == 0 {
		p.whole, err = newProgram(seq)
		p.failed = err != nil
		return
	}
	if byKeyword {
		p.slots = make([][]int32, len(keywords))
	}
	for i, c := range cuts {
		program := sync.OnceValue(func() *program {
			program, _ := newProgram(c.after)
			return program
		})
		p.places = append(p.places, place{c.before, c.head, c.after, parser.runOf(c.after), !sure(c.head), program})
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
	for n := range p.places {
		of := &p.far
		if p.places[n].run.near() {
			of = &p.near
		}
		of.places = append(of.places, int32(n))
	}
	p.near.words = sync.OnceValue(func() *fewWords { return p.wordsOf(p.near.places) })
	p.far.words = sync.OnceValue(func() *fewWords { return p.wordsOf(p.far.places) })
}

// wordsOf returns what finds the words of the places, by the numbers that the plan has for them.
func (p *plan) wordsOf(places []int32) *fewWords {
	words := make([]string, len(p.texts))
	for n, marks := range p.marks {
		if slices.ContainsFunc(marks, func(place int32) bool { return slices.Contains(places, place) }) {
			words[n] = p.texts[n]
		}
	}
	return newFewWords(words)
}

// sure reports whether the bytes that can stand before a cut are all that is asked of them.
func sure(head []*syntax.Regexp) bool {
	if len(head) != 1 {
		return len(head) == 0
	}
	re := head[0]
	switch re.Op {
	case syntax.OpStar, syntax.OpQuest:
	case syntax.OpRepeat:
		if re.Min > 0 {
			return false
		}
	default:
		return false
	}
	return re.Sub[0].Op == syntax.OpCharClass
}
