package match

import (
	"bytes"
	"context"
	"fmt"

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
}

// Scanner runs an engine's rules over one text after the other. It owns all scratch memory and must not be used by two goroutines at
// the same time.
type Scanner struct {
	engine *Engine
	in     Input
	text   []byte    // what is scanned now: the data, or what a pass of decoding made of it
	marked []bool    // by rule: one of its keywords stands in the text
	active []int32   // the marked rules
	found  []finding // of the fragment
	values []byte    // the secrets of decoded findings
	err    error     // the first rule that could not be run
}

// finding is a candidate in the making.
type finding struct {
	rule          int
	match, secret detectors.Span
	value         []byte
	depth         int
	encodings     encodings
	entropy       float64
}

// Scanner returns a new scanner.
func (e *Engine) Scanner() *Scanner {
	return &Scanner{engine: e, marked: make([]bool, len(e.rules))}
}

// Scan calls yield for every candidate in the input, ordered by offset, then rule, until it returns false. It accepts any bytes. A rule
// whose expression cannot be compiled is left out; Scan then returns an error that names it, after all other rules have run.
func (s *Scanner) Scan(ctx context.Context, in Input, yield func(Candidate) bool) error {
	s.in, s.err = in, nil
	for _, a := range s.engine.global {
		if a.allowsFile(in.Path, in.Commit) {
			return nil
		}
	}
	for start, end := range s.engine.pieces(in.Data) {
		s.found, s.values = s.found[:0], s.values[:0]
		if err := s.piece(ctx, start, end); err != nil {
			return err
		}
		for _, f := range s.engine.resolve(s.found, in.Data) {
			if !yield(f.candidate()) {
				return s.err
			}
		}
	}
	return s.err
}

// piece finds what stands in the data between two offsets, plain and decoded.
func (s *Scanner) piece(ctx context.Context, start, end int) error {
	s.text = s.in.Data[start:end]
	s.pass(ctx)
	return ctx.Err()
}

// pass runs the rules over the text.
func (s *Scanner) pass(ctx context.Context) {
	s.mark()
	for _, r := range s.active {
		if ctx.Err() != nil {
			break
		}
		s.run(int(r))
	}
}

// mark sets active to the rules that have no keyword or one that stands in the text.
func (s *Scanner) mark() {
	for _, r := range s.active {
		s.marked[r] = false
	}
	s.active = append(s.active[:0], s.engine.always...)
	s.engine.keywords.scan(s.text, func(word int32, _ int) {
		for _, r := range s.engine.byWord[word] {
			if !s.marked[r] {
				s.marked[r] = true
				s.active = append(s.active, r)
			}
		}
	})
}

// run adds the findings of a rule and of its partners.
func (s *Scanner) run(number int) {
	r := s.engine.compiled[number]
	if r.SkipReport {
		return
	}
	first := len(s.found)
	s.matches(number)
	if len(r.partners) > 0 && len(s.found) > first {
		s.requirePartners(r, first)
	}
}

// matches adds the findings of a rule, whatever it requires.
func (s *Scanner) matches(number int) {
	r := s.engine.compiled[number]
	for _, a := range r.allowlists {
		if a.allowsFile(s.in.Path, s.in.Commit) {
			return
		}
	}
	if r.Path != "" {
		re, err := r.path.compile()
		if err != nil {
			s.fail(r, err)
			return
		}
		if !re.MatchString(s.in.Path) {
			return
		}
	}
	if r.Pattern == "" {
		if s.in.Base == 0 {
			s.found = append(s.found, finding{rule: number})
		}
		return
	}
	re, err := r.pattern.compile()
	if err != nil {
		s.fail(r, err)
		return
	}
	for _, loc := range re.FindAllSubmatchIndex(s.text, -1) {
		s.consider(number, loc)
	}
}

func (s *Scanner) fail(r *rule, err error) {
	if s.err == nil {
		s.err = fmt.Errorf("rule %q: %w", r.ID, err)
	}
}

// consider adds a match, given by the offsets of its groups, unless it is cut off, too regular or allowed.
func (s *Scanner) consider(number int, groups []int) {
	r := s.engine.compiled[number]
	whole := s.text[groups[0]:groups[1]]
	match := detectors.Span{Start: groups[1] - len(bytes.TrimLeft(whole, "\n"))}
	match.End = match.Start + len(bytes.Trim(whole, "\n"))
	if match.Empty() {
		return
	}
	secret := secretOf(r, match, groups)
	value := s.text[secret.Start:secret.End]
	bits := entropy(value)
	if r.Entropy != 0 && bits <= r.Entropy {
		return
	}
	subject := subject{s.in.Path, s.in.Commit, value, s.text[match.Start:match.End], lines(s.text, match)}
	for _, a := range s.engine.global {
		if a.allows(&subject) {
			return
		}
	}
	for _, a := range r.allowlists {
		if a.allows(&subject) {
			return
		}
	}
	s.found = append(s.found, finding{rule: number, match: match, secret: secret, value: value, entropy: bits})
}

// secretOf returns where the secret stands: the rule's group, or the first that is not empty, or else the match.
func secretOf(r *rule, match detectors.Span, groups []int) detectors.Span {
	group := func(n int) (detectors.Span, bool) {
		if 2*n+1 >= len(groups) || groups[2*n] < 0 {
			return detectors.Span{}, false
		}
		return detectors.Span{Start: groups[2*n], End: groups[2*n+1]}, groups[2*n] < groups[2*n+1]
	}
	if r.Group > 0 {
		span, _ := group(r.Group)
		return span
	}
	for n := 1; 2*n < len(groups); n++ {
		if span, ok := group(n); ok {
			return span
		}
	}
	return match
}

// lines returns the lines that hold the span, without the last line break.
func lines(text []byte, span detectors.Span) []byte {
	start := bytes.LastIndexByte(text[:span.Start], '\n') + 1
	end := len(text)
	if i := bytes.IndexByte(text[span.End:], '\n'); i >= 0 {
		end = span.End + i
	}
	return text[start:end]
}

func (f *finding) candidate() Candidate {
	return Candidate{
		Rule: f.rule, Match: f.match, Secret: f.secret, Value: f.value,
		Depth: f.depth, Encodings: f.encodings.names(), Entropy: f.entropy,
	}
}
