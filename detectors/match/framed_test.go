package match

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stagewall/stagewall/detectors"
)

func keysIn(t testing.TB, text string, options Options) (found []string) {
	t.Helper()
	engine, err := New([]detectors.Rule{
		{ID: "key", Pattern: `-----BEGIN[ A-Z]{0,100}KEY-----[\s\S]{8,}?KEY-----`, Keywords: []string{"-----begin"}},
		{ID: "to-end", Pattern: `-----BEGIN TO[\s\S]+?END`, Keywords: []string{"-----begin"}},
	}, options)
	if err != nil {
		t.Fatal(err)
	}
	err = engine.Scanner().Scan(context.Background(), Input{Data: []byte(text), Final: true}, func(c Candidate) bool {
		found = append(found, string(c.Value))
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestFramed: a key is found behind blocks out of which keys were cut, but for where gitleaks' findings are asked for.
func TestFramed(t *testing.T) {
	const begin, end = "-----BEGIN KEY-----\n", "-----END KEY-----\n"
	cut, whole := begin+"...\n", begin+strings.Repeat("abcd", 8)+"\n"+end
	has := func(found []string) bool {
		for _, f := range found {
			if strings.TrimSpace(f) == strings.TrimSpace(whole) {
				return true
			}
		}
		return false
	}
	for _, text := range []string{whole, cut + "text\n" + whole, cut + cut + cut + whole + whole, "-----BEGIN CERTIFICATE-----\n" + cut + end + whole} {
		if found := keysIn(t, text, Options{}); !has(found) {
			t.Errorf("%q: the key is not among %q", text, found)
		}
	}
	if found := keysIn(t, cut+whole, Options{Gitleaks: true}); has(found) {
		t.Errorf("as gitleaks: %q", found)
	}
}

// TestFramedAsWithoutWays: what is found when ways are remembered is what package regexp finds.
func TestFramedAsWithoutWays(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 11))
	pieces := []string{"-----BEGIN A", "-----BEGIN B", "-----BEGIN ", "KEY-----", "\n", "x", "END", "é", "\xff", "END "}
	for _, pattern := range []string{
		`-----BEGIN[\s\S]+?END`, `-----BEGIN [\s\S]+END`, `-----BEGIN (A|B)?([\s\S]*?)(?:KEY|END)(-----)?`, `(?:-----BEGIN A([\s\S]+?)|-----BEGIN B(.|\s){3,}?)END\b`,
		`(?s)-----BEGIN ((A)|B|\s)(?:(x)|(\n)|[^x\n])*?(K?)E\B`, `(?m)-----BEGIN .*\s(^x?.*?$|\n)+?END$`, `-----BEGIN(?:(?: A)?(\S)|\s)+(?:END|$)`,
	} {
		found := 0
		for range 60 {
			var text strings.Builder
			for range r.IntN(120) {
				text.WriteString(pieces[r.IntN(len(pieces))])
			}
			var results [2]string
			for i := range results {
				engine, err := New([]detectors.Rule{{ID: "key", Pattern: pattern, Keywords: []string{"-----begin"}}}, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if engine.plain = i == 0; !engine.plain {
					engine.patience = math.MinInt32
				}
				err = engine.Scanner().Scan(t.Context(), Input{Data: []byte(text.String()), Final: true}, func(c Candidate) bool {
					results[i] += fmt.Sprint(c.Match, c.Secret, "\n")
					found++
					return true
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			if results[0] != results[1] {
				t.Fatalf("%s in %q: found %s, want %s", pattern, text.String(), results[1], results[0])
			}
		}
		if found < 50 {
			t.Errorf("%s: found only %d times", pattern, found)
		}
	}
}

// TestFramedOften: many blocks within one match, and many such matches, cost no more than their number; also where all go on to the same end.
func TestFramedOften(t *testing.T) {
	took := func(text string) time.Duration {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		begun := spent()
		keysIn(t, text, Options{})
		return spent() - begun
	}
	const block = "-----BEGIN KEY-----\n"
	for name, text := range map[string]func(n int) string{
		"ends": func(n int) string {
			return block + strings.Repeat("-----BEGIN X-----\n", n) + strings.Repeat(block+"-----BEGIN X-----\n", n) + "KEY-----"
		},
		"one end": func(n int) string { return strings.Repeat("-----BEGIN TO-----\n", n) + "END" },
	} {
		took(text(100))
		if small, large := took(text(2_000)), took(text(32_000)); large > 64*small+time.Second {
			t.Errorf("%s: %v for 16 times as many as in %v", name, large, small)
		}
	}
}
