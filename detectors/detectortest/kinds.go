package detectortest

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// A kind counts as known when its examples show it in two syntaxes and show two texts that only look like it.
const wanted = 2

// kindsOf returns the kinds that a match of the rule is an example of: the one that its text says, else those whose variable or header
// stands beside it, else all that the rule leaves open.
func (a *acceptance) kindsOf(rule string, e example) []string {
	if a.p.Decode != nil {
		if kind := a.p.Decode(e.secret()).Kind; kind != "" {
			return []string{kind}
		}
	}
	open := a.rule(rule).Kinds
	var beside []string
	for _, k := range a.p.Kinds {
		if slices.Contains(open, k.Name) && named(k, e.text[:e.start]+" "+e.text[e.end:]) {
			beside = append(beside, k.Name)
		}
	}
	if beside != nil {
		return beside
	}
	return open
}

// named reports whether one of the kind's variables or headers stands in the text.
func named(k detectors.Kind, text string) bool {
	has := func(name string) bool {
		return regexp.MustCompile(`(?i)(?:^|[^0-9A-Z_])` + regexp.QuoteMeta(name) + `(?:$|[^0-9A-Z_])`).MatchString(text)
	}
	return slices.ContainsFunc(k.Variables, has) || slices.ContainsFunc(k.Headers, func(h string) bool {
		name, scheme, _ := strings.Cut(h, " ")
		return has(name) && (scheme == "" || has(scheme))
	})
}

func (a *acceptance) rule(id string) detectors.Rule {
	i := slices.IndexFunc(a.p.Rules, func(r detectors.Rule) bool { return r.ID == id })
	return a.p.Rules[i]
}

// shown notes that a match is an example of its kinds.
func (a *acceptance) shown(rule string, e example) {
	for _, kind := range a.kindsOf(rule, e) {
		if a.syntaxes[kind] == nil {
			a.syntaxes[kind] = map[string]bool{}
		}
		a.syntaxes[kind][syntax(e)] = true
		if !slices.Contains(a.secrets[kind], e.secret()) {
			a.secrets[kind] = append(a.secrets[kind], e.secret())
		}
	}
}

// syntax returns what tells how a token is written down: the punctuation and the spaces right before and after it.
func syntax(e example) string {
	before, after := e.text[:e.start], e.text[e.end:]
	i := len(before)
	for i > 0 && !isWord(before[i-1]) {
		i--
	}
	j := strings.IndexFunc(after, func(r rune) bool { return r < 0x80 && isWord(byte(r)) })
	if j < 0 {
		j = len(after)
	}
	return before[i:] + "TOKEN" + after[:j]
}

// near notes for which kinds a text is a near miss: one that makes a rule of the kind be tried.
func (a *acceptance) near(path, text string) {
	text = strings.ToLower(text)
	for _, k := range a.p.Kinds {
		if slices.ContainsFunc(a.p.Rules, func(r detectors.Rule) bool {
			has := func(word string) bool { return strings.Contains(text, strings.ToLower(word)) }
			return slices.Contains(r.Kinds, k.Name) && (slices.ContainsFunc(r.Keywords, has) || len(r.Keywords) == 0) &&
				(r.Path == "" || regexp.MustCompile(r.Path).MatchString(path))
		}) {
			a.missed[k.Name]++
		}
	}
}

// keywords returns the words that make the kind's rules be tried.
func (a *acceptance) keywords(k detectors.Kind) []string {
	var words []string
	for _, r := range a.p.Rules {
		if slices.Contains(r.Kinds, k.Name) {
			words = append(words, r.Keywords...)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// known checks that every kind that a rule can find has its examples.
func (a *acceptance) known(t testing.TB) {
	t.Helper()
	for _, k := range a.p.Kinds {
		if !slices.ContainsFunc(a.p.Rules, func(r detectors.Rule) bool { return slices.Contains(r.Kinds, k.Name) }) {
			if len(k.Variables) == 0 && len(k.Headers) == 0 && k.Shape == "" && k.Store == "" {
				t.Errorf("kind %s: no rule finds it, and no variable, header, shape or store tells it", k.Name)
			}
			continue
		}
		if n := len(a.syntaxes[k.Name]); n < wanted {
			t.Errorf("kind %s: matches in %d syntaxes, want %d: %q", k.Name, n, wanted, slices.Sorted(maps.Keys(a.syntaxes[k.Name])))
		}
		if n := a.missed[k.Name]; n < wanted {
			t.Errorf("kind %s: %d near misses, want %d: texts without a token that hold one of %q", k.Name, n, wanted, a.keywords(k))
		}
	}
}
