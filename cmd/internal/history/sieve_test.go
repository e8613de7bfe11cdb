package history

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/cmd/internal/git"
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

// wholly returns an engine of the rules that looks at whole texts, under any path.
func wholly(t *testing.T, rules []detectors.Rule, opt match.Options) *match.Engine {
	t.Helper()
	var all []detectors.Rule
	for _, r := range rules {
		if r.Pattern != "" && !r.SkipReport {
			r.Path, r.Required = "", nil
			all = append(all, r)
		}
	}
	engine, err := match.New(all, opt)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// check fails for every value that is found in the text and that the sieve does not tell.
func check(t *testing.T, name string, w *worker, whole *match.Engine, scanner *match.Scanner, text []byte) {
	t.Helper()
	got, err := w.sift(context.Background(), text, ^uint64(0))
	if err != nil {
		t.Fatal(err)
	}
	err = scanner.Scan(context.Background(), match.Input{Data: text, Final: true}, func(c match.Candidate) bool {
		n := w.number(c.Value)
		if !slices.ContainsFunc(got, func(value uint32) bool { return value&(mostNumbers-1) == n }) {
			t.Errorf("%s: rule %s finds %d bytes at %d, which the sieve does not tell", name, whole.Rules()[c.Rule].ID, len(c.Value), c.Match.Start)
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSieve: of each of many versions of a text, of which most is known, the sieve tells every value that the rules find in it.
func TestSieve(t *testing.T) {
	rules := rulesOf(t)
	opt := match.Options{DecodeDepth: 5}
	s := newSieve(rules, opt)
	whole := wholly(t, rules, opt)
	w, scanner := s.worker(), whole.Scanner()
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
		check(t, fmt.Sprintf("version %d", n), w, whole, scanner, text)
		if t.Failed() {
			return
		}
	}
}

// TestOrder: what the sieve tells of a text depends on no other text that it saw before.
func TestOrder(t *testing.T) {
	rules := rulesOf(t)
	r := rand.New(rand.NewPCG(3, 4))
	lines := strings.Split(strings.Repeat("nothing = here(that, matters)\n\tor here\n}\n", 60), "\n")
	var texts [][]byte
	for range 60 {
		at := r.IntN(len(lines))
		one := []string{"BLOCK-BEGIN", "BLOCK-END", fmt.Sprintf("  b-%d", r.IntN(50)), fmt.Sprintf("line %d", r.IntN(50)), fmt.Sprintf("x far-%06d wanted", r.IntN(50))}
		lines = slices.Insert(lines, at, one[r.IntN(len(one))])
		texts = append(texts, []byte(strings.Join(lines, "\n")))
	}
	forwards, backwards := newSieve(rules, match.Options{DecodeDepth: 5}), newSieve(rules, match.Options{DecodeDepth: 5})
	backwards.numbers = forwards.numbers
	w := forwards.worker()
	want := make([][]uint32, len(texts))
	for i, text := range texts {
		values, err := w.sift(t.Context(), text, 0)
		if err != nil {
			t.Fatal(err)
		}
		want[i] = slices.Clone(values)
	}
	w = backwards.worker()
	for i, text := range slices.Backward(texts) {
		if got, err := w.sift(t.Context(), text, 0); err != nil || !slices.Equal(got, want[i]) {
			t.Fatalf("text %d: %v, and before the others %v, %v", i, want[i], got, err)
		}
	}
}

// repository is where TestHistory finds a history.
var repository = flag.String("history", "../../..", "`folder` of a repository, whose history is sifted and scanned whole")

// TestHistory: in the versions of a real history the sieve tells all that is found in them.
func TestHistory(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	repo, err := git.Open(t.Context(), *repository)
	if err != nil {
		t.Skip(err)
	}
	rules, opt := rulesOf(t), match.Options{DecodeDepth: 5}
	s := newSieve(rules, opt)
	whole := wholly(t, rules, opt)
	w, scanner := s.worker(), whole.Scanner()
	read := 0
	err = repo.AllBlobs(t.Context(), func(b git.Blob) error {
		text, err := io.ReadAll(b)
		if err != nil || read > 100<<20 || bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0 {
			return err
		}
		read += len(text)
		check(t, b.ID, w, whole, scanner, text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes, of which %d were scanned by a layer", read, w.scanned)
}

// TestForget: what is forgotten is scanned again.
func TestForget(t *testing.T) {
	s := newSieve(rulesOf(t), match.Options{})
	text := []byte(strings.Repeat("nothing\n", 500) + "first:\n second: a\n third=t-1\n")
	w := s.worker()
	once, _ := w.sift(t.Context(), text, 0)
	once = slices.Clone(once)
	for i := range uint64(mostHeld + slots*perSlot) {
		s.note(i*0x9e3779b97f4a7c15, []uint32{1})
	}
	if len(s.held) > mostHeld {
		t.Errorf("under %d hashes something is held", len(s.held))
	}
	again, _ := w.sift(t.Context(), text, 0)
	if len(once) != 1 || !slices.Equal(once, again) {
		t.Errorf("%v, then %v", once, again)
	}
}

// TestKnown: what was noted is known, until too much else was.
func TestKnown(t *testing.T) {
	k := newKnown()
	for i := range uint64(1000) {
		k.note(i<<20|2, nil)
		k.note(i<<20|4, []uint32{uint32(i)})
	}
	for i := range uint64(1000) {
		if values, ok := k.has(i<<20 | 2); !ok || values != nil {
			continue // one slot has several
		}
		if values, ok := k.has(i<<20 | 4); ok && !slices.Equal(values, []uint32{uint32(i)}) {
			t.Fatalf("%d: %v", i, values)
		}
	}
	if _, ok := k.has(999<<20 | 6); ok {
		t.Error("what was never noted is known")
	}
	if _, ok := k.has(0); ok {
		t.Error("an empty slot is known")
	}
}

func TestExtent(t *testing.T) {
	for pattern, want := range map[string]int{
		`key=[a-z]{20}`:                 24,
		`key=[a-z]{20,150}`:             widest,
		`key=.*`:                        widest,
		`key=\s*[a-z]+`:                 2 * widest,
		`key=\s*[a-z]+\s*x`:             3 * widest,
		`key=[\s'"]{0,3}v[^\n]{0,500}x`: 4 + 3 + 2 + widest,
		`a\nb`:                          3,
		`a(?s:.){0,200}b`:               1 + 200 + 1,
		`a[\s\S]*b`:                     unbounded,
		`(?:[^\n]*\n){0,5}x`:            5*widest + 1,
		`(?:[^\n]*\n)*x`:                unbounded,
		`a|b\nc|d.*e`:                   widest,
		`\b^x$`:                         1,
		`[^a]{0,300}`:                   300,
	} {
		re, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := extent(re); got != want {
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
		{`x[\s\S]*long-word`, "long-word", true},
		{`far[0-9]+`, "far", false},
	} {
		wide, n, words := widened(detectors.Rule{Pattern: test.pattern, Keywords: []string{"far"}, Path: `\.go$`})
		if got := strings.Join(wide.Keywords, " "); got != test.words || (n > far || !words) != test.tall || wide.Path != "" {
			t.Errorf("%s: %q, %d, %v", test.pattern, got, n, words)
		}
	}
}

// TestWeightOfBlanks: however wide a line of blanks is, it weighs nothing.
func TestWeightOfBlanks(t *testing.T) {
	if n := weight([]byte(strings.Repeat(" ", 1000) + "\n")); n != 0 {
		t.Error(n)
	}
}

func TestWords(t *testing.T) {
	w := newWords()
	for i, word := range []string{"-----BEGIN", "akia", "aws", "dd_", "ab"} {
		w.add(word, 1<<i)
	}
	for text, want := range map[string]bool{
		"": false, "a": false, "AKIA": true, "xAkIa": true, "-----begin": true, "-----begi": false, "aw": false, "AWS": true, "d_": false, "éDD_": true, "aB": true,
	} {
		if got := w.in([]byte(text)) != 0; got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	if got := w.in([]byte("aws akia")); got != 1<<1|1<<2 {
		t.Errorf("%b", got)
	}
	if w.add("", 1<<7); w.in(nil) != 1<<7 {
		t.Error("an empty word stands nowhere")
	}
}

// FuzzCut: chunks follow one another, end with lines, and all but the last are large enough.
func FuzzCut(f *testing.F) {
	f.Add([]byte("a\nb\n"))
	f.Add(bytes.Repeat([]byte("a line that weighs something\n\n"), 100))
	s := newSieve(nil, match.Options{})
	f.Fuzz(func(t *testing.T, text []byte) {
		end := 0
		chunks := cut(nil, s.seed, text)
		for i, c := range chunks {
			if c.Start != end || c.End <= c.Start {
				t.Fatalf("a chunk %v follows %d", c.Span, end)
			}
			end = c.End
			if i < len(chunks)-1 && (c.End-c.Start < leastChunk || text[end-1] != '\n') {
				t.Fatalf("chunk %v", c.Span)
			}
		}
		if end != len(text) {
			t.Fatalf("%d of %d bytes", end, len(text))
		}
	})
}

// TestWorth: partners alone bring nothing, and something where a value needs one.
func TestWorth(t *testing.T) {
	for _, test := range []struct {
		brings, all []uint32
		want        bool
	}{
		{nil, []uint32{1, 2 | needs}, false},
		{[]uint32{1}, []uint32{1}, true},
		{[]uint32{2 | needs}, []uint32{2 | needs}, true},
		{[]uint32{3 | isPartner}, []uint32{1, 3 | isPartner}, false},
		{[]uint32{3 | isPartner}, []uint32{2 | needs, 3 | isPartner}, true},
	} {
		if got := worth(test.brings, test.all); got != test.want {
			t.Errorf("%x of %x: %v", test.brings, test.all, got)
		}
	}
}

// TestHeld: of each set every match holds a word.
func TestHeld(t *testing.T) {
	for _, test := range []struct {
		pattern string
		want    [][]string
	}{
		{`abc[0-9]{40}defg`, [][]string{{"defg"}, {"abc"}}},
		{`(?:host=[a-z]+;password=x|password=x;host=[a-z]+)+`, [][]string{{";password=x", "password=x;host="}}},
		{`(?:host=[a-z]+;(?:pass|pwd)=[^;]+|pwd=[^;]+)`, [][]string{{"host=", "pwd="}}},
		{`(?:host=[a-z]+)?(?:far-){2}[0-9]+`, [][]string{{"far-"}}},
		{`(?:host=[a-z]+|[a-z])x`, nil},
		{`begin[0-9]*middle[0-9]*end of it`, [][]string{{"end of it"}, {"middle"}}},
	} {
		re, err := syntax.Parse(test.pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := held(re); !slices.EqualFunc(got, test.want, slices.Equal) {
			t.Errorf("%s: %q", test.pattern, got)
		}
	}
}

// TestNeed: a text meets a need only with a word of each set, and one that no bit is left for always.
func TestNeed(t *testing.T) {
	w := newWords()
	one := needOf(detectors.Rule{Pattern: `host=[a-z]+;.*password=`}, []string{"password"})
	one.add(w)
	for text, want := range map[string]bool{"": false, "host=a": false, "a password": false, "password= host=": true, "password host=": false} {
		if one.met(w.in([]byte(text))) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
	for range 64 {
		w.bit()
	}
	late := needOf(detectors.Rule{Pattern: `alone-[a-z]+`}, nil)
	if late.add(w); !late.met(w.in([]byte("nothing"))) {
		t.Error("a need without a bit of its own is not met")
	}
	if none := needOf(detectors.Rule{Pattern: `[a-z]+`}, nil); !none.met(0) {
		t.Error("a need without words is not met")
	}
}
