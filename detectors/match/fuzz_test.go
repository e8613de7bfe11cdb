package match

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match/matchtest"
	"github.com/stagewall/stagewall/detectors/suite"
)

// awkward are rules whose matches are hard to find by parts.
var awkward = []detectors.Rule{
	{ID: "awkward-any", Pattern: `(?s)begin.{5,}?end`, Keywords: []string{"begin"}},
	{ID: "awkward-greedy", Pattern: `begin[^;]*;`, Keywords: []string{"begin"}},
	{ID: "awkward-before", Pattern: `[a-z]+-token`, Keywords: []string{"token"}},
	{ID: "awkward-line", Pattern: `(?m)^\s*key[ \t]+(\S+)$`, Keywords: []string{"key"}},
	{ID: "awkward-text", Pattern: `^key=(\w+)|key:(\w+)\z`, Keywords: []string{"key"}},
	{ID: "awkward-words", Pattern: `\bkey\B.`, Keywords: []string{"key"}},
	{ID: "awkward-repeat", Pattern: `(?:key[0-9]?){2,4}`, Keywords: []string{"key"}},
	{ID: "awkward-prefix", Pattern: `(?:a|ab)?(?:key|token)(?:x|$)`, Keywords: []string{"key", "token"}},
	{ID: "awkward-case", Pattern: `(?i)[\w.-]{0,5}?(?:key|-i:s)=([k-s]{3,})(?:[;\s]|$)`, Keywords: []string{"key", "s="}},
	{ID: "awkward-elsewhere", Pattern: `[0-9]{4}`, Keywords: []string{"key"}},
	{ID: "awkward-always", Pattern: `[^a-z]=\S`},
	{ID: "awkward-unicode", Pattern: `é?key.é`, Keywords: []string{"key"}},
	{ID: "awkward-optional", Pattern: `(?:token)?=?k??ey`, Keywords: []string{"ey"}},
	{ID: "awkward-partner", Pattern: `token=(\w+)`, Keywords: []string{"token"}, Required: []detectors.Required{{Rule: "awkward-elsewhere"}}},
}

// pair is an engine that looks for windows, and one that tries every expression on the whole text, and on the whole of what decoding made of it.
type pair struct{ windows, whole *Scanner }

// pairsRules returns an engine whose expressions all pairs share, so that each is compiled once.
var pairsRules = sync.OnceValues(func() (*Engine, error) {
	c, err := gitleaks.Default()
	if err != nil {
		return nil, err
	}
	return New(slices.Concat(awkward, suite.Rules(suite.Providers(), c)), Options{})
})

// newPair returns a pair for the awkward rules and all others. If the first is to be grown, its index holds the words of all plans, has gates
// before all of them, and knows what surrounds them.
func newPair(tb testing.TB, opt Options, grown bool) pair {
	tb.Helper()
	like, err := pairsRules()
	if err != nil {
		tb.Fatal(err)
	}
	opt.Like = like
	windows, err := New(like.rules, opt)
	if err != nil {
		tb.Fatal(err)
	}
	whole, err := New(like.rules, opt)
	if err != nil {
		tb.Fatal(err)
	}
	if grown {
		for i := range windows.looked {
			windows.looked[i].bytes.Store(lookedMuch)
			windows.compiled[i].plan()
		}
		for range 2 {
			windows.missed.Store(growFor)
			for _, gate := range windows.current(nil).gates {
				gate.seen.Store(seenOften)
			}
		}
	}
	for _, r := range whole.compiled {
		r.planned = &plan{failed: true}
		r.planned.once.Do(func() {})
	}
	whole.plain = true
	return pair{windows.Scanner(), whole.Scanner()}
}

// results scans the text and returns the candidates as texts, after checking them.
func results(tb testing.TB, s *Scanner, in Input) []string {
	tb.Helper()
	var found []string
	last := -1
	err := s.Scan(tb.Context(), in, func(c Candidate) bool {
		rule := s.engine.rules[c.Rule]
		found = append(found, fmt.Sprint(rule.ID, c.Match, c.Secret, c.Depth, c.Encodings, " ", string(c.Value)))
		switch {
		case rule.Pattern == "":
		case c.Match.Start < last:
			tb.Errorf("%s is out of order", found[len(found)-1])
		case c.Match.Start < 0 || c.Match.Start >= c.Match.End || c.Match.End > len(in.Data):
			tb.Errorf("%s: the match is not in the data", found[len(found)-1])
		case !c.Match.Contains(c.Secret):
			tb.Errorf("%s: the secret is not in the match", found[len(found)-1])
		case c.Depth == 0 && string(in.Data[c.Secret.Start:c.Secret.End]) != string(c.Value):
			tb.Errorf("%s: the place holds %q", found[len(found)-1], in.Data[c.Secret.Start:c.Secret.End])
		}
		last = c.Match.Start
		return true
	})
	if err != nil {
		tb.Error(err)
	}
	return found
}

// beside returns the pair with the other's engine for the whole, which remembers what it found.
func (p pair) beside(other pair) pair { return pair{p.windows, other.whole} }

// hasty makes the first engine pass the rest of every text after one look, narrow all windows, and try one way after the other at once.
func (p pair) hasty() pair {
	p.windows.engine.patience = math.MinInt32
	for i := range p.windows.searches {
		p.windows.searches[i].expressed = enoughToBacktrack
	}
	return p
}

// compare reports where the two engines differ.
func (p pair) compare(tb testing.TB, in Input) int {
	tb.Helper()
	windows, whole := results(tb, p.windows, in), results(tb, p.whole, in)
	if slices.ContainsFunc(whole, func(f string) bool { return p.folded(f, in.Data) }) {
		return 0 // what is beside or beneath it may differ too
	}
	for _, f := range whole {
		if !slices.Contains(windows, f) {
			tb.Errorf("not in its window: %s", f)
		}
	}
	for _, f := range windows {
		if !slices.Contains(whole, f) {
			tb.Errorf("in a window only: %s", f)
		}
	}
	return len(whole)
}

// folded reports whether a candidate in plain text holds a word of its rule's plan with a long s or a Kelvin sign in it, which is not looked for.
func (p pair) folded(result string, data []byte) bool {
	var id string
	var match detectors.Span
	if n, _ := fmt.Sscanf(strings.ReplaceAll(result, "{", " "), "%s %d %d}", &id, &match.Start, &match.End); n < 3 {
		return false
	}
	text := data[match.Start:match.End]
	lower := bytes.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return unicode.ToLower(r)
		}
		return r
	}, text)
	fold := strings.ToLower(strings.NewReplacer("ſ", "s", "\u212a", "k").Replace(string(text)))
	return slices.ContainsFunc(p.windows.engine.compiled[p.windows.engine.byID[id]].plan().texts, func(word string) bool {
		return strings.Count(fold, word) > strings.Count(string(lower), word)
	})
}

// TestWindowsHoldEveryMatch compares both engines on texts that are full of matches.
func TestWindowsHoldEveryMatch(t *testing.T) {
	for variant := range 4 {
		p := newPair(t, Options{DecodeDepth: 2, Gitleaks: variant == 2}, variant == 1 || variant == 3)
		if variant == 3 {
			p = p.hasty()
		}
		found := 0
		for i, rule := range p.windows.engine.rules {
			if i%3 != variant%3 && (variant > 0 || testing.Short()) {
				continue
			}
			re, err := syntax.Parse(rule.Pattern, syntax.Perl)
			if err != nil {
				t.Fatal(err)
			}
			r := rand.New(rand.NewPCG(uint64(i), 2))
			spelled := matchtest.Spell(r, matchtest.Text(r, re))
			r.Shuffle(len(spelled), func(i, j int) { spelled[i], spelled[j] = spelled[j], spelled[i] })
			in := Input{Path: "a/" + rule.ID + ".yaml", Data: []byte(strings.Join(spelled[:3], "")), Final: true}
			found += p.compare(t, in)
			if t.Failed() {
				t.Fatalf("%s: %q", rule.ID, in.Data)
			}
		}
		t.Logf("%d candidates", found)
		if found < 500 {
			t.Errorf("only %d candidates: the texts are too thin", found)
		}
	}
}

// FuzzScan checks that no text makes the engine panic, that candidates lie where they say, and that looking for windows loses nothing.
func FuzzScan(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, rule := range awkward {
		re, err := syntax.Parse(rule.Pattern, syntax.Perl)
		if err != nil {
			f.Fatal(err)
		}
		for _, text := range matchtest.Spell(r, matchtest.Text(r, re)) {
			f.Add([]byte(text), "a/b.yaml", false)
		}
	}
	f.Add([]byte("kind: Secret\ndata:\n  a: "+strings.Repeat("YWJj", 9)+"\n%41\\u0042 U+0043 "+strings.Repeat("61", 20)), "x.yml", true)
	native, compatible := newPair(f, Options{DecodeDepth: 5}, false), newPair(f, Options{DecodeDepth: 5, Gitleaks: true}, true)
	hasty := newPair(f, Options{DecodeDepth: 1}, true).hasty()
	f.Fuzz(func(t *testing.T, text []byte, path string, final bool) {
		in := Input{Path: path, Data: text, Final: final}
		native.compare(t, in)
		compatible.compare(t, in)
		hasty.compare(t, in)
	})
}
