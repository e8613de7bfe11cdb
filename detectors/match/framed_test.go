package match

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stagewall/stagewall/detectors"
)

func keysIn(t testing.TB, text string, options Options) (found []string) {
	t.Helper()
	rule := detectors.Rule{ID: "key", Pattern: `-----BEGIN[ A-Z]{0,100}KEY-----[\s\S]{8,}?KEY-----`, Keywords: []string{"-----begin"}}
	engine, err := New([]detectors.Rule{rule}, options)
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

// TestFramedOften: many blocks within one match, and many such matches, cost no more than their number.
func TestFramedOften(t *testing.T) {
	took := func(n int) time.Duration {
		text := "-----BEGIN KEY-----\n" + strings.Repeat("-----BEGIN X-----\n", n) + strings.Repeat("-----BEGIN KEY-----\n-----BEGIN X-----\n", n) + "KEY-----"
		start := time.Now()
		keysIn(t, text, Options{})
		return time.Since(start)
	}
	took(100)
	if small, large := took(2_000), took(32_000); large > 64*small+time.Second {
		t.Errorf("%v for 16 times as many as in %v", large, small)
	}
}
