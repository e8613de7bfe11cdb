package match

import (
	"bytes"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"

	"github.com/stagewall/stagewall/detectors"
)

// allowlist is an allowlist and what is compiled of it.
//
// Expressions of one kind are joined into one, as gitleaks joins them: a flag such as (?i) that one of them sets for its rest holds
// for those after it too.
type allowlist struct {
	*detectors.Allowlist
	commits map[string]bool
	paths   pattern
	regexes pattern

	once  sync.Once
	stops *automaton
}

func newAllowlist(a *detectors.Allowlist) *allowlist {
	c := &allowlist{Allowlist: a, paths: pattern{text: join(a.Paths)}, regexes: pattern{text: join(a.Regexes)}}
	if len(a.Commits) > 0 {
		c.commits = make(map[string]bool, len(a.Commits))
		for _, commit := range a.Commits {
			c.commits[strings.ToLower(strings.TrimSpace(commit))] = true
		}
	}
	return c
}

// join returns an expression that matches where one of the expressions does.
func join(expressions []string) string {
	if len(expressions) == 0 {
		return ""
	}
	return "(?:" + strings.Join(expressions, "|") + ")"
}

func (a *allowlist) check() error {
	for _, kind := range [][]string{a.Paths, a.Regexes} {
		for _, text := range kind {
			if _, err := regexp.Compile(text); err != nil {
				return err
			}
		}
	}
	switch a.Target {
	case "", "secret", "match", "line":
	default:
		return fmt.Errorf("the target is %q, not secret, match or line", a.Target)
	}
	for _, p := range []*pattern{&a.paths, &a.regexes} {
		if _, err := p.compile(); err != nil {
			return err
		}
	}
	return nil
}

// allowsFile reports whether the allowlist allows whatever the scanner's file holds.
func (s *Scanner) allowsFile(a *allowlist) bool {
	if s.in.Path == "" && s.in.Commit == "" {
		return false
	}
	if !a.MatchAll {
		return a.hasCommit(s.in.Commit) || s.hasPath(a)
	}
	if len(a.Regexes) > 0 || len(a.StopWords) > 0 {
		return false // the match decides too
	}
	return (len(a.Commits) == 0 || a.hasCommit(s.in.Commit)) && (len(a.Paths) == 0 || s.hasPath(a)) && len(a.Commits)+len(a.Paths) > 0
}

// hasPath is [allowlist.hasPath] for the scanner's file. Most paths match nothing, which an automaton tells sooner than the expression.
func (s *Scanner) hasPath(a *allowlist) bool {
	if s.in.Path == "" || len(a.Paths) == 0 {
		return false
	}
	d, ok := s.paths[a]
	if !ok {
		if re, err := syntax.Parse(a.paths.text, syntax.Perl); err == nil {
			if p, err := newProgram(flatten(re)); err == nil {
				d = newDFA(p, true, &s.tables)
			}
		}
		s.paths[a] = d
	}
	if d != nil {
		if _, match, _ := d.run(s.path, 0, 0); !match {
			return false
		}
	}
	return a.hasPath(s.in.Path)
}

// subject is a match that an allowlist may allow.
type subject struct {
	path, commit string
	secret       []byte
	text         []byte
	match        detectors.Span // in text
	wholeLine    bool           // however long it is
}

// farthest is how far from a match its line is looked at, so that many matches in one long line stay cheap.
const farthest = 1 << 12

// line returns the line or lines that hold the match, without the last line break.
func (s *subject) line() []byte {
	from, to := 0, len(s.text)
	if !s.wholeLine {
		from, to = max(from, s.match.Start-farthest), min(to, s.match.End+farthest)
	}
	start := bytes.LastIndexByte(s.text[from:s.match.Start], '\n') + 1 + from
	if i := bytes.IndexByte(s.text[s.match.End:to], '\n'); i >= 0 {
		to = s.match.End + i
	}
	return s.text[start:to]
}

// allows reports whether the allowlist allows the match. Without MatchAll its paths and commits were asked before.
func (a *allowlist) allows(s *subject) bool {
	if !a.MatchAll {
		return a.hasRegex(s) || a.hasStopWord(s.secret)
	}
	return (len(a.Commits) == 0 || a.hasCommit(s.commit)) &&
		(len(a.Paths) == 0 || a.hasPath(s.path)) &&
		(len(a.Regexes) == 0 || a.hasRegex(s)) &&
		(len(a.StopWords) == 0 || a.hasStopWord(s.secret)) &&
		len(a.Commits)+len(a.Paths)+len(a.Regexes)+len(a.StopWords) > 0
}

func (a *allowlist) hasCommit(commit string) bool {
	return commit != "" && a.commits[strings.ToLower(commit)]
}

func (a *allowlist) hasPath(path string) bool {
	if path == "" || len(a.Paths) == 0 {
		return false
	}
	re, err := a.paths.compile()
	return err == nil && re.MatchString(path)
}

func (a *allowlist) hasRegex(s *subject) bool {
	if len(a.Regexes) == 0 {
		return false
	}
	target := s.secret
	switch a.Target {
	case "match":
		target = s.text[s.match.Start:s.match.End]
	case "line":
		target = s.line()
	}
	if len(target) == 0 {
		return false
	}
	re, err := a.regexes.compile()
	return err == nil && re.Match(target)
}

func (a *allowlist) hasStopWord(secret []byte) bool {
	if len(a.StopWords) == 0 {
		return false
	}
	a.once.Do(func() {
		words := make([]string, len(a.StopWords))
		for i, word := range a.StopWords {
			words[i] = strings.ToLower(word)
		}
		a.stops = newAutomaton(words)
	})
	return a.stops.contains(secret)
}
