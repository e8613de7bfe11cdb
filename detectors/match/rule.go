package match

import (
	"fmt"
	"regexp"
	"sync"

	"github.com/stagewall/stagewall/detectors"
)

// pattern is an expression that is compiled on first need.
type pattern struct {
	text string
	once sync.Once
	re   *regexp.Regexp
	err  error
}

func (p *pattern) compile() (*regexp.Regexp, error) {
	p.once.Do(func() { p.re, p.err = regexp.Compile(p.text) })
	return p.re, p.err
}

// rule is a rule and what is compiled of it.
type rule struct {
	*detectors.Rule
	pattern    pattern
	path       pattern
	allowlists []*allowlist
	partners   []int // index by index of Required
	rank       int
	planned    plan
}

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
