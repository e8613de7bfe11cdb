package history

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/suite"
)

// rulesOf are all rules, and some whose matches go down lines or need a word that stands elsewhere.
func rulesOf(t *testing.T) []detectors.Rule {
	t.Helper()
	config, err := gitleaks.Default()
	if err != nil {
		t.Fatal(err)
	}
	return append(suite.Rules(suite.Providers(), config),
		detectors.Rule{ID: "block", Pattern: `BLOCK-BEGIN[\s\S]*?(b-[0-9]+)[\s\S]*?BLOCK-END`, Keywords: []string{"block-begin"}},
		detectors.Rule{ID: "far", Pattern: `far-[0-9]{6}`, Keywords: []string{"Wanted"}},
		detectors.Rule{ID: "nowhere", Pattern: `\b([0-9]{9}[xyz])\b`, Keywords: []string{"wanted"}},
		detectors.Rule{ID: "lines", Pattern: `first:\s*\n\s*second:[^\n]*\n[^\n]*third=(t-[0-9]+)`, Keywords: []string{"first"}},
	)
}

// TestSieve: of each of many versions of a text, of which most is known, the sieve tells every value that the rules find in it.
func TestSieve(t *testing.T) {
	rules := rulesOf(t)
	opt := match.Options{DecodeDepth: 5}
	s, err := newSieve(rules, opt)
	if err != nil {
		t.Fatal(err)
	}
	w, whole := s.worker(), s.all.Scanner()
	r := rand.New(rand.NewPCG(1, 2))
	lines := strings.Split(strings.Repeat("nothing = here(that, matters)\n\tor here\n}\n\n  more of it, with a longer line than the others have\n", 200), "\n")
	secrets := []func() string{
		func() string { return fmt.Sprintf("STRIPE_SECRET_KEY=%s", detectortest.Mint("stripe-live")) },
		func() string { return "BLOCK-BEGIN" },
		func() string { return fmt.Sprintf("  b-%d", r.IntN(1000)) },
		func() string { return "BLOCK-END" },
		func() string { return fmt.Sprintf("x far-%06d", r.IntN(100)) },
		func() string { return "wanted" },
		func() string { return fmt.Sprintf("(%09dx)", r.IntN(1000)) },
		func() string { return fmt.Sprintf("first:\n\n  second: and\n  third=t-%d", r.IntN(1000)) },
		func() string { return "second:" },
		func() string { return "password: " + fmt.Sprintf("%x", r.Uint64()) },
	}
	for n := range 100 {
		for range 1 + r.IntN(3) {
			at := r.IntN(len(lines))
			switch r.IntN(4) {
			case 0:
				lines = slices.Delete(lines, at, min(at+1+r.IntN(3), len(lines)))
			case 1:
				lines = slices.Insert(lines, at, fmt.Sprintf("line %d", r.IntN(1<<30)))
			default:
				lines = slices.Insert(lines, at, secrets[r.IntN(len(secrets))]())
			}
		}
		if n%7 == 0 { // moved about
			at := r.IntN(len(lines))
			lines = append(slices.Clone(lines[at:]), lines[:at]...)
		}
		text := []byte(strings.Join(lines, "\n"))
		got, err := w.sift(context.Background(), text)
		if err != nil {
			t.Fatal(err)
		}
		err = whole.Scan(context.Background(), match.Input{Data: text, Final: true}, func(c match.Candidate) bool {
			if _, ok := slices.BinarySearch(got, s.number(c.Value)); !ok {
				t.Errorf("version %d: rule %s finds %q, which the sieve does not tell", n, s.all.Rules()[c.Rule].ID, c.Value)
			}
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			return
		}
	}
	if all := int64(100 * len(strings.Join(lines, "\n"))); w.scanned > all*2/3 {
		t.Errorf("%d of %d bytes were scanned", w.scanned, all)
	}
}

// TestForget: what is forgotten is scanned again.
func TestForget(t *testing.T) {
	s, err := newSieve(rulesOf(t), match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := []byte(strings.Repeat("nothing\n", 500) + "first:\n second: a\n third=t-1\n")
	w := s.worker()
	once, _ := w.sift(context.Background(), text)
	for i := range uint64(mostPairs + 1) {
		s.cache.pairs[i] = struct{}{}
	}
	if _, err := w.sift(context.Background(), []byte("something else")); err != nil {
		t.Fatal(err)
	}
	if len(s.cache.pairs) > mostPairs {
		t.Errorf("%d pairs are remembered", len(s.cache.pairs))
	}
	again, _ := w.sift(context.Background(), text)
	if len(once) != 1 || !slices.Equal(once, again) {
		t.Errorf("%v, then %v", once, again)
	}
}

func TestExtent(t *testing.T) {
	for pattern, want := range map[string]int{
		`key=[a-z]{20}`:                 24,
		`key=[a-z]{20,150}`:             widest,
		`key=.*`:                        widest,
		`key=\s*[a-z]+`:                 4 + 2*widest + widest,
		`key=[\s'"]{0,3}v[^\n]{0,500}x`: 4 + 3 + widest,
		`a\nb`:                          3,
		`a(?s:.){0,200}b`:               1 + 200 + 1,
		`a[\s\S]*b`:                     unbounded,
		`(?:[^\n]*\n){0,5}x`:            5*(widest+1) + 1,
		`(?:[^\n]*\n)*x`:                unbounded,
		`a|b\nc|d.*e`:                   widest,
		`\b^x$`:                         1,
		`[^a]{0,300}`:                   300,
	} {
		re, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := extent(re); got != want {
			t.Errorf("%s: %d, want %d", pattern, got, want)
		}
	}
}

func TestWeight(t *testing.T) {
	for line, want := range map[string]int{
		"": 0, "\n": 0, " \t\r\n": 0, "a\n": 2, "é\n": 2, "\xff\n": 2, "  }\n": 4,
		strings.Repeat("a", 200): widest, strings.Repeat("é", 200): widest, strings.Repeat("é", 20): 20,
	} {
		if got := weight([]byte(line)); got != want {
			t.Errorf("%q: %d, want %d", line, got, want)
		}
	}
}

func TestImplied(t *testing.T) {
	for _, test := range []struct {
		pattern  string
		keywords []string
		want     bool
	}{
		{`AKIA[A-Z]{16}`, []string{"akia"}, true},
		{`(?i)a(?:kia|sia)[A-Z]{16}`, []string{"akia", "asia"}, true},
		{`(?:AKIA|[A-Z]{4})x`, []string{"akia"}, false},
		{`[a-f0-9]{40}`, []string{"sourcegraph"}, false},
		{`xox[bp]-[0-9]+`, []string{"xoxb-", "xoxp-"}, true},
		{`xox[bpa]-[0-9]+`, []string{"xoxb-", "xoxp-"}, false},
		{`(?:key)?=x`, []string{"key"}, false},
		{`(?:key)+=x`, []string{"key"}, true},
		{`anything`, nil, true},
	} {
		re, err := syntax.Parse(test.pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := implied(re, test.keywords); got != test.want {
			t.Errorf("%s, %v: %v", test.pattern, test.keywords, got)
		}
	}
}

// TestWidened: a rule whose keywords may stand anywhere gets words of its matches, or else has to see whole texts.
func TestWidened(t *testing.T) {
	for _, test := range []struct {
		pattern, words string
		tall           bool
	}{
		{`(pub[0-9a-f]{32})`, "pub", false},
		{`(?i:gh|github)_?secret=[a-z]+`, "gh_secret= ghsecret= github_secret= githubsecret=", false},
		{`(?:alpha|beta)[0-9]{3}`, "alpha beta", false},
		{`(?:alpha|[a-z]+)[0-9]{3}`, "far", true},
		{`SK[0-9a-f]{32}`, "far", true},
		{`x[\s\S]*long-word`, "far", true},
		{`far[0-9]+`, "far", false},
	} {
		wide, tall := widened(detectors.Rule{Pattern: test.pattern, Keywords: []string{"far"}, Path: `\.go$`}, chunkWeight)
		if got := strings.Join(wide.Keywords, " "); got != test.words || tall != test.tall || wide.Path != "" {
			t.Errorf("%s: %q, %v", test.pattern, got, tall)
		}
	}
}

func TestWords(t *testing.T) {
	w := newWords([]string{"-----BEGIN", "akia", "aws", "dd_", "ab"})
	for text, want := range map[string]bool{
		"": false, "a": false, "AKIA": true, "xAkIa": true, "-----begin": true, "-----begi": false, "aw": false, "AWS": true, "d_": false, "éDD_": true, "aB": true,
	} {
		if got := w.in([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if !newWords([]string{"akia", ""}).in(nil) {
		t.Error("an empty word stands nowhere")
	}
}

// FuzzCut: chunks follow one another, end with lines, and all but the last are heavy enough.
func FuzzCut(f *testing.F) {
	f.Add([]byte("a\nb\n"))
	f.Add(bytes.Repeat([]byte("a line that weighs something\n\n"), 100))
	s, err := newSieve(nil, match.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		end := 0
		chunks := cut(nil, s.seed, text)
		for i, c := range chunks {
			if c.Start != end || c.End <= c.Start {
				t.Fatalf("a chunk %v follows %d", c.Span, end)
			}
			end = c.End
			sum := 0
			for line := range bytes.Lines(text[c.Start:c.End]) {
				sum += weight(line)
			}
			if i < len(chunks)-1 && (sum < chunkWeight || text[end-1] != '\n') {
				t.Fatalf("chunk %v weighs %d", c.Span, sum)
			}
		}
		if end != len(text) {
			t.Fatalf("%d of %d bytes", end, len(text))
		}
	})
}
