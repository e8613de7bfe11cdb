package match

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"sync"

	"github.com/stagewall/stagewall/detectors"
)

// rule is a rule and what is compiled of it.
type rule struct {
	*detectors.Rule
	pattern    *pattern
	path       pattern
	allowlists []*allowlist
	partners   []int // index by index of Required
	rank       int
	planned    *plan
	parser     *parser          // of the engine
	keywords   func() *fewWords // of a rule that is looked for by itself
	indexed    bool             // the index finds the rule's keywords
}

// apart reports whether the rule is for some paths only. It is looked for by itself then, so that elsewhere its words are in nobody's way.
func (r *rule) apart() bool { return r.Path != "" }

func (r *rule) check() error {
	re, err := r.pattern.compile()
	if err != nil {
		return fmt.Errorf("rule %q: pattern: %w", r.ID, err)
	}
	if r.Group < 0 || r.Pattern != "" && r.Group > re.NumSubexp() {
		return fmt.Errorf("rule %q: there is no group %d: the pattern has %d", r.ID, r.Group, re.NumSubexp())
	}
	if _, err := r.path.compile(); err != nil {
		return fmt.Errorf("rule %q: path: %w", r.ID, err)
	}
	for _, a := range r.allowlists {
		if err := a.check(); err != nil {
			return fmt.Errorf("rule %q: allowlist: %w", r.ID, err)
		}
	}
	return nil
}

// The ranks of rules whose matches overlap: the highest stays.
const (
	rankGeneric = iota
	rankGenericProvider
	rankNamed
	rankProvider
)

func rank(r *detectors.Rule) int {
	switch {
	case r.Generic && r.Provider == "":
		return rankGeneric
	case r.Generic:
		return rankGenericProvider
	case r.Provider == "":
		return rankNamed
	}
	return rankProvider
}

// pattern is an expression that is compiled on first need.
type pattern struct {
	text string
	once sync.Once
	re   *regexp.Regexp
	err  error

	programOnce sync.Once
	program     *program

	backtracker onceBacktracker
}

func (p *pattern) compile() (*regexp.Regexp, error) {
	p.once.Do(func() { p.re, p.err = regexp.Compile(p.text) })
	return p.re, p.err
}

// compileProgram returns the expression as a program, or nil if it cannot be one.
func (p *pattern) compileProgram() *program {
	p.programOnce.Do(func() {
		if re, err := syntax.Parse(p.text, syntax.Perl); err == nil {
			p.program, _ = newProgram(flatten(re)) // without one the expression itself is tried
		}
	})
	return p.program
}

// matchIn reports whether the expression matches somewhere in the text. An automaton tells that sooner than the expression.
func (s *Scanner) matchIn(p *pattern, text []byte) (bool, error) {
	d, ok := s.patterns[p]
	if !ok {
		if program := p.compileProgram(); program != nil {
			d = newDFA(program, true, &s.tables)
		}
		s.patterns[p] = d
	}
	if d != nil {
		if _, match, _ := d.run(text, 0, 0, never); !d.exhausted() {
			return match, nil
		}
	}
	re, err := p.compile()
	if err != nil {
		return false, err
	}
	return re.Match(text), nil
}
