package match

import (
	"fmt"
	"math/rand/v2"
	"regexp/syntax"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors/match/matchtest"
)

// TestWordsAgain compares what is found around decoded parts with what is found in the whole of what decoding made: in texts in which words that
// gates dismiss, matches, and parts that are encoded in several ways stand near each other and far from each other.
func TestWordsAgain(t *testing.T) {
	filler := []string{
		" ", "\n", "x", "key ", "token=", "api_key = 'abc'\n", "password: ", "%41", "%00", "%25", "%2541", `\u0041`, `\u0025`, "U+0041 ", "41", "61626364", "QUJD",
		"abcdefghijklmnopqrstuvwxyz", "c2VjcmV0IGtleSA9IA==", "5cdb1f7a", "\t// what the key of the token is for, see there\n",
		strings.Repeat("func (s *secret) of(key string) error { return nil }\n", 4),
	}
	for variant := range 4 {
		p := newPair(t, Options{DecodeDepth: 5, Gitleaks: variant%2 == 1}, true)
		if variant > 1 {
			p = p.hasty()
		}
		r := rand.New(rand.NewPCG(uint64(variant), 21))
		found, rules, rounds := 0, p.windows.engine.rules, 40
		if testing.Short() {
			rounds = 10
		}
		for range rounds {
			var text strings.Builder
			for range 1 + r.IntN(6) {
				for range r.IntN(8) {
					text.WriteString(filler[r.IntN(len(filler))])
				}
				re, err := syntax.Parse(rules[r.IntN(len(rules))].Pattern, syntax.Perl)
				if err != nil {
					t.Fatal(err)
				}
				spelled := matchtest.Spell(r, matchtest.Text(r, re))
				one := spelled[r.IntN(len(spelled))]
				from := r.IntN(len(one) + 1)
				to := min(len(one), from+r.IntN(6))
				text.WriteString(one[:from])
				for i := from; i < to; i++ {
					fmt.Fprintf(&text, "%%%02x", one[i])
				}
				text.WriteString(one[to:])
			}
			in := Input{Path: "a/b.yaml", Data: []byte(text.String()), Final: true}
			found += p.compare(t, in)
			if t.Failed() {
				t.Fatalf("variant %d: %q", variant, in.Data)
			}
		}
		t.Logf("%d candidates", found)
	}
}
