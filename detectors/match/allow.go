package match

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

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
	stops   stopWords
}

func newAllowlists(list []detectors.Allowlist) []*allowlist {
	var all []*allowlist
	for i := range list {
		all = append(all, newAllowlist(&list[i]))
	}
	return all
}

func newAllowlist(a *detectors.Allowlist) *allowlist {
	c := &allowlist{Allowlist: a, paths: pattern{text: join(a.Paths)}, regexes: pattern{text: join(a.Regexes)}}
	if len(a.Commits) > 0 {
		c.commits = make(map[string]bool, len(a.Commits))
		for _, commit := range a.Commits {
			c.commits[strings.ToLower(strings.TrimSpace(commit))] = true
		}
	}
	c.stops.words = slices.DeleteFunc(slices.Clone(a.StopWords), func(word string) bool { return word == "" }) // which stands nowhere
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
	for _, text := range slices.Concat(a.Paths, a.Regexes) {
		if _, err := regexp.Compile(text); err != nil {
			return err
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

// allowsFile reports whether the allowlist allows whatever the file holds.
func (s *Scanner) allowsFile(a *allowlist) bool {
	if s.in.Path == "" && s.in.Commit == "" {
		return false
	}
	if !a.MatchAll {
		return s.hasCommit(a) || s.hasPath(a)
	}
	if len(a.Regexes) > 0 || len(a.StopWords) > 0 {
		return false // the match decides too
	}
	return (len(a.Commits) == 0 || s.hasCommit(a)) && (len(a.Paths) == 0 || s.hasPath(a)) && len(a.Commits)+len(a.Paths) > 0
}

// subject is a match that an allowlist may allow.
type subject struct {
	secret []byte
	match  detectors.Span // in the scanner's text
	whole  detectors.Span // with the line breaks that were trimmed
}

// allows reports whether the allowlist allows the match. Without MatchAll its paths and commits were asked before.
func (s *Scanner) allows(a *allowlist, m *subject) bool {
	if !a.MatchAll {
		return a.stops.in(m.secret) || s.hasRegex(a, m)
	}
	return (len(a.Commits) == 0 || s.hasCommit(a)) &&
		(len(a.Paths) == 0 || s.hasPath(a)) &&
		(len(a.StopWords) == 0 || a.stops.in(m.secret)) &&
		(len(a.Regexes) == 0 || s.hasRegex(a, m)) &&
		len(a.Commits)+len(a.Paths)+len(a.Regexes)+len(a.StopWords) > 0
}

func (s *Scanner) hasCommit(a *allowlist) bool {
	return s.in.Commit != "" && a.commits[strings.ToLower(s.in.Commit)]
}

func (s *Scanner) hasPath(a *allowlist) bool {
	if s.in.Path == "" || len(a.Paths) == 0 {
		return false
	}
	has, err := s.matchIn(&a.paths, s.path)
	return has && err == nil
}

func (s *Scanner) hasRegex(a *allowlist, m *subject) bool {
	if len(a.Regexes) == 0 {
		return false
	}
	switch a.Target {
	case "match":
		return s.holds(&a.regexes, s.text[m.match.Start:m.match.End])
	case "line":
		return s.lineHolds(&a.regexes, s.line(m))
	}
	return s.holds(&a.regexes, m.secret)
}

// holds reports whether the text holds something that the expression matches.
func (s *Scanner) holds(p *pattern, text []byte) bool {
	if len(text) == 0 {
		return false
	}
	has, err := s.matchIn(p, text)
	return has && err == nil
}

// lineHolds is like holds for a part of the scanner's text, but does not look again at the part that it looked at last: a line may hold many
// matches.
func (s *Scanner) lineHolds(p *pattern, line detectors.Span) bool {
	last, ok := s.lines[p]
	if !ok || last.pass != s.pass || last.line != line {
		last = answer{s.pass, line, s.holds(p, s.text[line.Start:line.End])}
		s.lines[p] = last
	}
	return last.holds
}

// answer is what was found out about a line.
type answer struct {
	pass  uint32 // the text that it is of
	line  detectors.Span
	holds bool
}

// farthest is how far from a match its line is looked at, at least, and half of how far at most.
const farthest = 1 << 12

// nearby is a line, or the part of a long one that is looked at, between two offsets.
type nearby struct {
	pass     uint32 // the text that it is of
	from, to int
	line     detectors.Span
}

// line returns the line or lines that hold the match, without the last line break. Of a long line it is a part that many matches have in common,
// so that it is looked at a few times only.
func (s *Scanner) line(m *subject) detectors.Span {
	if s.engine.options.Gitleaks {
		return s.gitleaksLine(m)
	}
	from := max(0, m.match.Start/farthest-1) * farthest
	to := min(len(s.text), (m.match.End/farthest+2)*farthest)
	if n := &s.nearby; n.pass == s.pass && n.from == from && n.to == to && n.line.Contains(m.match) {
		return n.line
	}
	line := detectors.Span{Start: from + bytes.LastIndexByte(s.text[from:m.match.Start], '\n') + 1, End: to}
	if i := bytes.IndexByte(s.text[m.match.End:to], '\n'); i >= 0 {
		line.End = m.match.End + i
	}
	if bytes.IndexByte(s.text[m.match.Start:m.match.End], '\n') < 0 {
		s.nearby = nearby{s.pass, from, to, line}
	}
	return line
}

// stopWords finds words in a secret, in any case. Something is made to look for all at once when they were asked for a few times: many texts hold no
// secret, and the lists are long.
type stopWords struct {
	words []string
	asked atomic.Int32
	once  sync.Once
	all   *fewWords
}

const askedOften = 64

// in reports whether one of the words stands in the secret.
func (w *stopWords) in(secret []byte) bool {
	if len(w.words) == 0 {
		return false
	}
	var buffer [256]byte
	secret = appendLower(buffer[:0], secret)
	if w.asked.Load() < askedOften {
		w.asked.Add(1)
		return slices.ContainsFunc(w.words, func(word string) bool { return bytes.Contains(secret, []byte(strings.ToLower(word))) })
	}
	w.once.Do(func() {
		lower := make([]string, len(w.words))
		for i, word := range w.words {
			lower[i] = strings.ToLower(word)
		}
		w.all = newFewWords(lower)
	})
	return w.all.stand(secret)
}

// appendLower appends the text in lower case.
func appendLower(to, text []byte) []byte {
	for i, c := range text {
		switch {
		case c >= utf8.RuneSelf:
			return append(to, bytes.ToLower(text[i:])...)
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		to = append(to, c)
	}
	return to
}
