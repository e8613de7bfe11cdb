package match

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/stagewall/stagewall/detectors"
)

// Options say how an engine reads. The zero value is the native mode without decoding.
type Options struct {
	// DecodeDepth is how many encodings, one inside the other, are undone; 0 decodes nothing. Callers pass 5 by default.
	DecodeDepth int

	// Global allowlists hold for every rule; a path or commit that one of them allows is not scanned at all.
	Global []detectors.Allowlist

	// Gitleaks finds what gitleaks finds: texts are cut into its fragments, a generic rule yields to a named one only on the
	// same line, and nothing else is dropped.
	Gitleaks bool

	// Apart finds what begins in a line whatever stands before the line: also matches that begin within one of the same rule that goes
	// over from a line before; and none is dropped because another rule matches the same bytes.
	Apart bool

	// Tables bounds the tables of each scanner, in bytes; 0: 32 MB. What does not fit is made again.
	Tables int

	// Like is an engine that has some of the rules, perhaps with other keywords or for other paths; nil if there is none. What either makes
	// of an expression serves both.
	Like *Engine

	// Timings makes [Engine.Timings] tell what each rule costs, which costs some time itself.
	Timings bool
}

// Engine holds rules ready to run. It does not change after New, but for expressions that it compiles on first need, and is shared by
// all workers; each works with a [Scanner] of its own.
type Engine struct {
	rules    []detectors.Rule
	compiled []*rule
	byID     map[string]int
	global   []*allowlist
	options  Options
	always   []int32  // rules without a keyword
	takers   []int32  // those of them that look at paths only
	bound    []int32  // rules for some paths only, which are looked for by themselves
	timings  []timing // of all rules together, and of each; nil if nobody asks
	foreign  []foreign
	odd      func() *allKeywords // made when first needed, see markOdd
	paths    pattern             // of the rules for some paths only, any of them: most files are asked once, not for each
	parser   parser
	patience int  // bytes that may be looked at for a rule or a word in any text
	plain    bool // what decoding made is sieved as a whole, and package regexp runs all expressions, for tests to compare with

	index   atomic.Pointer[index]
	looked  []looked     // by rule
	scanned atomic.Int64 // bytes of all texts
	ripe    atomic.Int64 // how many of them call for a new index
	missed  atomic.Int64 // bytes that were searched for rules' own words which should be in the index
	mutex   sync.Mutex   // held while the index grows
}

// looked is what a rule's search for its own words has cost.
type looked struct {
	texts atomic.Int64 // that were searched
	bytes atomic.Int64 // of them
	words atomic.Int64 // that were found
}

// index finds the words of all rules in one pass: their keywords and, of rules that were searched for much, the words that their plans
// look for. It is made anew when it is known which words are common: of these it finds only those beside what can stand beside them.
type index struct {
	words   *sieve
	numbers map[string]int32 // of words, by text
	sought  []sought         // by word
	uses    [][]use          // by word
	gates   []*gate          // by word
	holds   []bool           // by rule: the plan's words are among them
}

// has reports whether the index finds all places where the rule can match.
func (x *index) has(n int32, r *rule) bool { return x.holds[n] || r.indexed && r.plan().slots != nil }

// use is one rule's use of a word.
type use struct {
	rule int32
	slot int32 // the keyword's index in the rule, or the word's in its plan
	own  bool  // it is a word of the plan
}

// foreign is a keyword with letters outside ASCII, whose cases the automaton does not know.
type foreign struct {
	word []byte // in lower case
	rule int32
}

// New returns an engine for the rules. Expressions are compiled when a text first calls for them, so that starting is cheap and a bad
// one shows up late; [Engine.Check] compiles them all. New refuses what it can see without compiling: rules without an id or with the
// id of another, rules with neither pattern nor path, and partners that do not exist.
func New(rules []detectors.Rule, opt Options) (*Engine, error) {
	e := &Engine{rules: rules, options: opt, byID: make(map[string]int, len(rules)), patience: stepsAlways}
	for i := range rules {
		r := &rules[i]
		switch _, twice := e.byID[r.ID]; {
		case strings.TrimSpace(r.ID) == "":
			return nil, fmt.Errorf("rule %d has no id", i+1)
		case twice:
			return nil, fmt.Errorf("rule %q is given twice", r.ID)
		case r.Pattern == "" && r.Path == "":
			return nil, fmt.Errorf("rule %q has neither a pattern nor a path", r.ID)
		}
		e.byID[r.ID] = i
	}
	if opt.Timings {
		e.timings = make([]timing, len(rules)+1)
	}
	e.compiled = make([]*rule, len(rules))
	for i := range rules {
		c, err := e.prepare(&rules[i])
		if err != nil {
			return nil, err
		}
		e.compiled[i] = c
	}
	if like := opt.Like; like != nil && same(opt.Global, like.options.Global) {
		e.global = like.global
	} else {
		e.global = newAllowlists(opt.Global)
	}
	e.setAside()
	e.odd = sync.OnceValue(func() *allKeywords { return newAllKeywords(rules) })
	e.looked = make([]looked, len(rules))
	e.ripe.Store(ripens)
	e.index.Store(e.newIndex(nil, nil))
	return e, nil
}

// prepare returns the rule with its expressions uncompiled and its partners found.
func (e *Engine) prepare(r *detectors.Rule) (*rule, error) {
	c := &rule{Rule: r, pattern: &pattern{text: r.Pattern}, path: pattern{text: r.Path}, planned: &plan{}, parser: &e.parser, rank: rank(r)}
	c.keywords = sync.OnceValue(func() *fewWords {
		lower := make([]string, len(r.Keywords))
		for i, word := range r.Keywords {
			lower[i] = strings.ToLower(word)
		}
		return newFewWords(lower)
	})
	if !e.adopt(c) {
		c.allowlists = newAllowlists(r.Allowlists)
	}
	for _, q := range r.Required {
		partner, ok := e.byID[q.Rule]
		if !ok {
			return nil, fmt.Errorf("rule %q requires rule %q, which does not exist", r.ID, q.Rule)
		}
		c.partners = append(c.partners, partner)
	}
	return c, nil
}

// adopt takes for the rule what another engine makes of its expression, if there is one that has the rule, and reports whether it has the
// same allowlists too.
func (e *Engine) adopt(c *rule) bool {
	like := e.options.Like
	if like == nil {
		return false
	}
	n, ok := like.byID[c.ID]
	if !ok {
		return false
	}
	other := like.compiled[n]
	if other.Pattern == c.Pattern {
		c.pattern = other.pattern
		if slices.Equal(other.Keywords, c.Keywords) {
			c.planned = other.planned
		}
	}
	if !same(other.Allowlists, c.Allowlists) {
		return false
	}
	c.allowlists = other.allowlists
	return true
}

// same reports whether two lists of allowlists are one.
func same(a, b []detectors.Allowlist) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// setAside notes the rules that need no keyword, and the keywords that need another search than the index. A rule that is nothing by itself
// is looked for where another one requires it, and so its words are in nobody's way; but words that are looked for anyway are of use to it.
func (e *Engine) setAside() {
	words := map[string]bool{}
	var paths []string
	for i := range e.rules {
		r := &e.rules[i]
		if r.Path != "" {
			paths = append(paths, "(?:"+r.Path+")")
		}
		if r.SkipReport {
			continue
		}
		if e.compiled[i].indexed = !e.compiled[i].apart(); e.compiled[i].indexed {
			for _, word := range r.Keywords {
				words[strings.ToLower(word)] = true
			}
		}
		switch {
		case len(r.Keywords) == 0:
			e.always = append(e.always, int32(i))
			if r.Pattern == "" {
				e.takers = append(e.takers, int32(i))
			}
		case e.compiled[i].apart():
			e.bound = append(e.bound, int32(i))
		}
		for _, word := range r.Keywords {
			if strings.ContainsFunc(word, func(r rune) bool { return r >= utf8.RuneSelf }) {
				e.foreign = append(e.foreign, foreign{[]byte(strings.ToLower(word)), int32(i)})
			}
		}
	}
	e.paths.text = join(paths)
	for i := range e.rules {
		if r := &e.rules[i]; r.SkipReport && !e.compiled[i].apart() {
			unknown := func(word string) bool { return !words[strings.ToLower(word)] }
			e.compiled[i].indexed = len(r.Keywords) > 0 && !slices.ContainsFunc(r.Keywords, unknown)
		}
	}
}

// newIndex returns an index of all keywords, and of the plans' words of the rules that ask for it. What the old one, if there is one, knows
// of its words is kept.
func (e *Engine) newIndex(old *index, texts *sample) *index {
	x := &index{numbers: map[string]int32{}, holds: make([]bool, len(e.rules))}
	add := func(text string, u use) {
		n, ok := x.numbers[text]
		if !ok {
			n = int32(len(x.sought))
			x.numbers[text] = n
			x.sought = append(x.sought, sought{text: text})
			x.uses = append(x.uses, nil)
		}
		x.uses[n] = append(x.uses[n], u)
	}
	for i := range e.rules {
		r := &e.rules[i]
		if e.compiled[i].apart() {
			continue
		}
		if e.compiled[i].indexed {
			for slot, word := range r.Keywords {
				add(strings.ToLower(word), use{int32(i), int32(slot), false})
			}
		}
		if old != nil && old.holds[i] || e.worthHolding(i) {
			texts := e.compiled[i].plan().texts
			x.holds[i] = len(texts) > 0
			for slot, word := range texts {
				add(word, use{int32(i), int32(slot), true})
			}
		}
	}
	x.gates = make([]*gate, len(x.sought))
	for n := range x.sought {
		e.learn(x, int32(n), old)
	}
	x.words = newSieve(x.sought, texts)
	return x
}

// learn gives a word of the index its gate and, if it is common, its surroundings.
func (e *Engine) learn(x *index, n int32, old *index) {
	w := &x.sought[n]
	if old != nil {
		if m, ok := old.numbers[w.text]; ok && slices.Equal(old.uses[m], x.uses[n]) {
			x.gates[n], w.around = old.gates[m], old.sought[m].around
		}
	}
	switch {
	case x.gates[n] == nil:
		x.gates[n] = &gate{}
	case w.around == nil && x.gates[n].seen.Load() >= seenOften:
		w.around = e.around(n, x)
	}
}

// around returns what can stand beside a word for one of its uses, or nil if it concerns a rule wherever it stands.
func (e *Engine) around(word int32, x *index) *surroundings {
	text := x.sought[word].text
	var before byteSet
	for _, u := range x.uses[word] {
		r := e.compiled[u.rule]
		if !r.planned.made.Load() || !u.own && (r.planned.slots == nil || x.holds[u.rule]) {
			return nil
		}
		for _, n := range e.places(u, x) {
			set := r.planned.places[n].before(text)
			before.join(&set)
		}
	}
	program := x.gates[word].exactProgram(e, word, x)
	if program == nil {
		return nil
	}
	return &surroundings{before, program.after(text)}
}

const (
	ripens  = 1 << 20 // how many bytes are scanned before the index is made anew, for what is common is known then
	ripened = 16      // how many times as many before it is made once more

	lookedOften = 8       // in how many texts a rule's own words are searched for before it is asked whether the index had better find them
	lookedMuch  = 1 << 17 // and how many bytes these have to have
	foundFor    = 24      // how many bytes are searched at the cost of one word that the index finds
	growFor     = 1 << 21 // how many bytes are searched for words that the index had better find, at the cost of making it anew
)

// worthHolding reports whether to search for a rule's own words by themselves, where one of its keywords stands, costs more than the index
// would take to find them in every text: that depends on how many texts they were searched for in, and on how common they are. Two letters are
// nearly always too common.
func (e *Engine) worthHolding(rule int) bool {
	bytes, words := float64(e.looked[rule].bytes.Load()), float64(e.looked[rule].words.Load())
	return bytes >= lookedMuch && e.looked[rule].texts.Load() >= lookedOften && bytes*bytes > foundFor*words*float64(e.scanned.Load()) &&
		!slices.ContainsFunc(e.compiled[rule].plan().texts, func(word string) bool { return len(word) < 3 })
}

// current returns the index, made anew if that is due and nobody else is at it.
func (e *Engine) current(texts *sample) *index {
	ripe := e.ripe.Load()
	if (e.missed.Load() >= growFor || e.scanned.Load() >= ripe) && e.mutex.TryLock() {
		e.missed.Store(0)
		if e.scanned.Load() >= ripe {
			e.ripe.Store(ripe * ripened)
		}
		e.index.Store(e.newIndex(e.index.Load(), texts))
		e.mutex.Unlock()
	}
	return e.index.Load()
}

// Rules returns the rules in the order given to New. The caller must not change them.
func (e *Engine) Rules() []detectors.Rule { return e.rules }

// Commits reports whether what is found depends on the commit that a text is of: some allowlist names commits.
func (e *Engine) Commits() bool {
	names := func(a detectors.Allowlist) bool { return len(a.Commits) > 0 }
	return slices.ContainsFunc(e.options.Global, names) ||
		slices.ContainsFunc(e.rules, func(r detectors.Rule) bool { return slices.ContainsFunc(r.Allowlists, names) })
}

// Wordless returns the ids of the rules whose matches need not hold any word, in the order of the rules. Where a keyword of theirs stands, or
// everywhere if they have none, they are looked for byte by byte, which costs more than all other rules together.
func (e *Engine) Wordless() []string {
	var ids []string
	for _, r := range e.compiled {
		if r.Pattern != "" && len(r.plan().places) == 0 {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// Check compiles every expression and returns an error that names the first rule with one that RE2 does not accept, or whose Group
// its pattern does not have.
func (e *Engine) Check() error {
	for _, r := range e.compiled {
		if err := r.check(); err != nil {
			return err
		}
	}
	for _, a := range e.global {
		if err := a.check(); err != nil {
			return fmt.Errorf("global allowlist: %w", err)
		}
	}
	return nil
}
