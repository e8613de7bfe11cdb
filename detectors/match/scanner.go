package match

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/stagewall/stagewall/detectors"
)

// Input is one text to scan.
type Input struct {
	Path   string // slash-separated, relative to the root; empty where there is none
	Commit string // the commit that the text is of, for allowlists; empty where there is none
	Data   []byte

	// Base is the offset of Data in its file, and Final says that Data ends there. Of a file that is scanned in pieces, a match that
	// touches a cut is left to the neighbour, so pieces have to overlap by as much as the longest match.
	Base  int
	Final bool

	// Allows, if not nil, says in gitleaks' mode whether a comment allows a match, which then is none.
	Allows func(Gitleaks) bool
}

// Candidate is one match of one rule.
type Candidate struct {
	Rule      int            // index into [Engine.Rules]
	Match     detectors.Span // in Data; empty for a rule that looks at paths only
	Secret    detectors.Span // in Data; for a decoded candidate the encoded text
	Value     []byte         // the secret, decoded; valid until the callback returns
	Depth     int            // how many encodings were undone
	Encodings []string       // which ones: "percent", "unicode", "hex", "base64"
	Entropy   float64        // of Value, in bits a character
	Gitleaks  Gitleaks       // what gitleaks says of it; in gitleaks' mode only
}

// Scanner runs an engine's rules over one text after the other. It owns all scratch memory and must not be used by two goroutines at
// the same time.
type Scanner struct {
	engine *Engine
	index  *index
	in     Input
	path   []byte // of the input

	start    int     // where the piece that is scanned now begins in the data
	end      int     // and where it ends
	depth    int     // how many passes of decoding made the text of it
	text     []byte  // the piece, or what decoding made of it
	active   []int32 // the rules without keywords and those of which one stands in the text
	partners bool    // what is looked for now are partners of others
	found    []finding
	values   []byte // the secrets of decoded findings
	err      error  // the first rule that could not be run

	searches   []search          // by rule
	gates      []gated           // by word of the index
	patterns   map[*pattern]*dfa // of paths and of allowlists; nil for those that have none
	runs       map[run]*nearest
	blanks     nearest             // many in a row
	narrow     []detectors.Span    // scratch
	lines      map[*pattern]answer // of allowlists: what they say of the line that they were asked about last
	nearby     nearby              // the line that was looked for last
	breaks     breaks              // in gitleaks' mode
	tables     tables              // of all dfas
	file, pass uint32              // counters, never 0
	placed     uint32              // the file for which placing was last set
	placing    bool                // its path may be one for which there are rules of its own

	memo  memo
	trial trial
	texts *sample // nil in a small scan

	layers  []layer   // by pass
	buffers [2][]byte // the texts that odd and even passes made
	encoded []encoded
	again   again

	decoded  []byte // what one part of a text decodes to, and its segments
	segments []segment
}

// Scanner returns a new scanner.
func (e *Engine) Scanner() *Scanner {
	return &Scanner{
		engine: e, searches: make([]search, len(e.rules)), patterns: map[*pattern]*dfa{}, runs: map[run]*nearest{}, lines: map[*pattern]answer{},
		blanks: nearest{run: run{blanks, manyBlanks}},
		tables: tables{most: cmp.Or(e.options.Tables, largestTables)},
	}
}

// Scan calls yield for every candidate in the input, ordered by offset, then rule, until it returns false. It accepts any bytes. A rule
// whose expression cannot be compiled is left out; Scan then returns an error that names it, after all other rules have run.
func (s *Scanner) Scan(ctx context.Context, in Input, yield func(Candidate) bool) error {
	s.in, s.err = in, nil
	if x := s.engine.current(s.texts); x != s.index {
		s.adopt(x)
	}
	s.learn(in.Data)
	s.path = append(s.path[:0], in.Path...)
	s.file++
	s.spare()
	if slices.ContainsFunc(s.engine.global, s.allowsFile) {
		return nil
	}
	for start, end := range s.engine.pieces(in.Data) {
		s.found, s.values = s.found[:0], s.values[:0]
		if err := s.piece(ctx, start, end); err != nil {
			return err
		}
		s.dropAllowed(0)
		for _, f := range s.engine.resolve(s.found, in.Data) {
			c := f.candidate()
			if s.engine.options.Gitleaks {
				c.Gitleaks = f.gitleaks(detectors.Span{Start: start, End: end})
			}
			if !yield(c) {
				return s.err
			}
		}
	}
	return s.err
}

// learn notes that a text is scanned, and what is frequent in it if it may soon be asked for.
func (s *Scanner) learn(text []byte) {
	if s.engine.scanned.Add(int64(len(text))) < ripens/8 {
		return
	}
	if s.texts == nil {
		s.texts = &sample{}
	}
	s.texts.add(text)
}

// adopt goes on with another index, and with the machines of the gates that both have.
func (s *Scanner) adopt(x *index) {
	gates := make([]gated, len(x.gates))
	if s.index != nil {
		for n, g := range x.gates {
			if m, ok := s.index.numbers[x.sought[n].text]; ok && s.index.gates[m] == g {
				gates[n] = s.gates[m]
			}
		}
	}
	s.index, s.gates = x, gates
}

// Skips reports whether gitleaks does not open a file, or go into a folder, of the path: a global allowlist has the path, whatever else it asks for.
func (s *Scanner) Skips(path string) bool {
	s.in = Input{Path: path}
	s.path = append(s.path[:0], path...)
	return slices.ContainsFunc(s.engine.global, s.hasPath)
}

// Takes returns the rules, as indices into [Engine.Rules], that look at paths only and take a file of this path for a credential, whatever it
// holds. Scan yields a candidate without a value for each.
func (s *Scanner) Takes(path, commit string) []int {
	if len(s.engine.takers) == 0 {
		return nil
	}
	s.file++
	s.in = Input{Path: path, Commit: commit}
	s.path = append(s.path[:0], path...)
	var rules []int
	for _, n := range s.engine.takers {
		if s.concerns(s.engine.compiled[n]) {
			rules = append(rules, int(n))
		}
	}
	if len(rules) > 0 && slices.ContainsFunc(s.engine.global, s.allowsFile) {
		return nil
	}
	return rules
}

// roomy is how many bytes a buffer has at the most that is kept for the next text: hardly any text is longer.
const roomy = 1 << 20

// spare gives memory back if a text made dfas or buffers grow beyond measure.
func (s *Scanner) spare() {
	for i, b := range s.buffers {
		if cap(b) > roomy {
			s.buffers[i] = nil
		}
	}
	if s.tables.size < s.tables.most/2 {
		return
	}
	for i := range s.searches {
		s.searches[i].machines = nil
	}
	clear(s.gates)
	clear(s.patterns)
	s.tables.size = 0
}

// piece finds what stands in the data between two offsets, plain and decoded.
func (s *Scanner) piece(ctx context.Context, start, end int) error {
	s.start, s.end, s.text, s.depth = start, end, s.in.Data[start:end], 0
	for {
		var text []byte
		var next layer
		if s.depth < s.engine.options.DecodeDepth {
			buffer := &s.buffers[s.depth%2]
			text, next = s.decode((*buffer)[:0], s.depth)
			*buffer = text
		}
		s.prepareAgain(next)
		if err := s.scanText(ctx); err != nil || len(next) == 0 {
			return err
		}
		s.text = text
		s.depth++
	}
}

// scanText runs the rules over the text.
func (s *Scanner) scanText(ctx context.Context) error {
	s.pass++
	s.engine.timed(-1, s.mark)
	for _, n := range s.active {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.engine.timed(n, func() { s.run(n) })
	}
	return nil
}

// mark finds all words of the index: the rules that they call for, and the windows of those whose matches hold them.
func (s *Scanner) mark() {
	e, x := s.engine, s.index
	s.active = append(s.active[:0], e.always...)
	found := func(word int32, at int) {
		opens, stop := s.opens(word, at)
		if s.again.on {
			s.note(word, at, opens, stop)
		}
		if !opens {
			return
		}
		for _, v := range s.gates[word].live {
			if at < v.search.passed && !v.search.whole {
				s.verify(v.search, v.rule, v.place, word, at)
			}
		}
	}
	if s.depth == 0 || e.plain {
		x.words.scan(s.text, func(word int32, end int) { found(word, end-int(x.words.lengths[word])) })
	} else {
		s.wordsAgain(found)
	}
	for _, n := range e.bound {
		if q := s.enter(n); !q.off && e.compiled[n].keywords().stand(s.text) {
			s.activate(q, n)
		}
	}
	if e.options.Gitleaks {
		if odd, folds := isOdd(s.text); odd {
			s.markOdd(folds)
			return
		}
	}
	if len(e.foreign) == 0 {
		return
	}
	lower := bytes.ToLower(s.text)
	for _, f := range e.foreign {
		if q := s.enter(f.rule); !q.off && bytes.Contains(lower, f.word) {
			s.activate(q, f.rule)
		}
	}
}

// activate notes that one of the rule's keywords was seen.
func (s *Scanner) activate(q *search, n int32) {
	if !q.marked {
		q.marked = true
		s.active = append(s.active, n)
	}
}

// enter returns the search of a rule, made ready for the text.
func (s *Scanner) enter(n int32) *search {
	q := &s.searches[n]
	if q.file != s.file {
		q.file = s.file
		q.off = !s.concerns(s.engine.compiled[n])
	}
	if q.pass != s.pass {
		q.pass = s.pass
		q.marked, q.looked, q.whole, q.asked, q.windows, q.passed = false, false, false, false, q.windows[:0], never
		q.steps, q.visits, q.back, q.narrowed = 0, 0, 0, false
		q.begins.forget()
	}
	return q
}

// concerns reports whether the rule is to be tried on files of the path and the commit.
func (s *Scanner) concerns(r *rule) bool {
	for _, a := range r.allowlists {
		if s.allowsFile(a) {
			return false
		}
	}
	if r.Path == "" {
		return true
	}
	if s.placed != s.file {
		s.placed = s.file
		calls, err := s.matchIn(&s.engine.paths, s.path)
		s.placing = calls || err != nil
	}
	if !s.placing {
		return false
	}
	concerns, err := s.matchIn(&r.path, s.path)
	if err != nil {
		s.fail(r, err)
	}
	return concerns
}

// run adds the findings of a rule, as far as it has its partners.
func (s *Scanner) run(n int32) {
	r := s.engine.compiled[n]
	q := s.enter(n)
	if len(r.partners) == 0 || r.Pattern == "" { // of a rule that looks at paths only gitleaks asks for no partners
		s.look(q, n)
		s.matches(q, n)
		return
	}
	if slices.ContainsFunc(r.partners, s.missing) {
		return
	}
	first := len(s.found)
	own := func() bool {
		s.look(q, n)
		s.matches(q, n)
		return len(s.found) > first
	}
	if wordless := len(r.plan().places) == 0; !wordless && !own() {
		return
	} else if near, all := s.findPartners(r); !all {
		s.found = s.found[:first]
	} else if !wordless || own() { // to look for what has no word is dear
		s.found = slices.Concat(s.found[:first], s.near(s.found[first:], near))
	}
}

// matches adds the findings of a rule in its windows, whatever it requires.
func (s *Scanner) matches(q *search, n int32) {
	r := s.engine.compiled[n]
	switch {
	case q.off:
	case r.Pattern == "":
		if s.depth == 0 && (s.partners || s.in.Base == 0 && q.taken != s.file) { // once a file, but in every piece for others
			s.found = append(s.found, finding{rule: int(n)})
			if !s.partners {
				q.taken = s.file
			}
		}
	case q.whole || len(q.windows) > 0:
		if s.settle(q, r); len(q.windows) == 0 {
			return
		}
		re, err := r.pattern.compile()
		if err != nil {
			s.fail(r, err)
			return
		}
		for _, w := range q.windows {
			s.inWindow(q, n, re, w, func(groups []int) { s.consider(n, re, groups) })
		}
	}
}

func (s *Scanner) fail(r *rule, err error) {
	if s.err == nil {
		s.err = fmt.Errorf("rule %q: %w", r.ID, err)
	}
}
