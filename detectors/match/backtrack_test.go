package match

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"testing"

	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match/matchtest"
	"github.com/stagewall/stagewall/detectors/suite"
)

// TestBacktracker compares matches and groups with those of package regexp.
func TestBacktracker(t *testing.T) {
	none := 0
	compare := func(pattern string, all []string) (found int) {
		re := regexp.MustCompile(pattern)
		b := newBacktracker(pattern)
		if b == nil {
			t.Logf("%s: none was made", pattern)
			none++
			return 0
		}
		var tried trial
		for _, text := range all {
			want := re.FindAllSubmatchIndex([]byte(text), -1)
			var got [][]int
			ok := tried.findEach(b, []byte(text), func(m []int) bool { got = append(got, m); return true })
			if !ok && len(got) <= len(want) {
				want = want[:len(got)]
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%s on %q: got %v, want %v", pattern, text, got, want)
			}
			if !ok && len(text) < 400 {
				t.Fatalf("%s on %q: a way left the part", pattern, text)
			}
			found += len(want)
		}
		for i, part := range tried.been {
			if part != 0 {
				t.Fatalf("%s: %x is left at %d", pattern, part, i)
			}
		}
		return found
	}
	short := append(texts("abcABk_ =\n;é\x00\xff", 500, 12), texts("aké\u212a世\x00\xff", 500, 6)...)
	long := texts("aab ;b\n", 20, 9000)
	for _, pattern := range []string{
		`abc`, `a+b`, `(?i)(a)Bk`, `a{2,3}b?$`, `\bab\b`, `a\B.b`, `(?m)^(a.*)b$`, `^ab`, `a\z`, `(a).(c)`, `(?s)a.c`, `[^a]b`, `é`, `(a[^b]*)b`, `(?:(ab)|(a))(?:c|bcd)`,
		`a??b`, `\s+a`, `a(?:\n|$)`, `a{0}`, `a|`, `(|a)+`, `(a*)*`, `(a|b)*?c?`, `(?:a|(b))*`, `[\w.-]{0,3}?(?:ab|c)[ =]{0,2}([ab]{2,})(?:[ ;]|$)`,
		`(?i)ak`, `[^a]{3}`, `.{2}é`, `\x{fffd}{2}`, `\b[^é]\B`, `(\n|.)\z`,
	} {
		compare(pattern, short)
		compare(pattern, long)
	}
	c, err := gitleaks.Default()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	step := 1
	if testing.Short() {
		step = 4
	}
	for i, rule := range suite.Rules(suite.Providers(), c) {
		if i%step > 0 {
			continue
		}
		re, err := syntax.Parse(rule.Pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(uint64(i), 11))
		all := matchtest.Spell(r, matchtest.Text(r, re))
		if near := matchtest.Near(r, re, rule.Keywords); len(near) > 0 {
			all = append(all, near[r.IntN(len(near))])
		}
		found += compare(rule.Pattern, all)
	}
	if found < 5000/step || none > 3 {
		t.Errorf("only %d matches, and %d expressions were left out: the test is too thin", found, none)
	}
}
