package match

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestBreaks compares what is remembered of line breaks with a look at the whole text.
func TestBreaks(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	s := &Scanner{}
	for _, text := range texts("ab\n\n\r", 300, 40) {
		s.pass++
		s.text = []byte(text)
		at := 0
		for range 30 {
			if at = at + r.IntN(9) - 3; at < 0 || at >= len(text) {
				at = r.IntN(len(text) + 1)
			}
			if got, want := s.lineBreak(at), max(0, bytes.LastIndexByte(s.text[:min(at+1, len(text))], '\n')); got != want {
				t.Fatalf("%q: the line break before %d is at %d, want %d", text, at, got, want)
			}
			first := func(c byte) int {
				if i := bytes.IndexByte(s.text[at:], c); i >= 0 {
					return at + i
				}
				return len(text)
			}
			if got, want := s.lineEnd(at), first('\n'); got != want {
				t.Fatalf("%q: the line break after %d is at %d, want %d", text, at, got, want)
			}
			if got, want := s.breaksAt(at).returns.next(s.text, at), first('\r'); got != want {
				t.Fatalf("%q: the carriage return after %d is at %d, want %d", text, at, got, want)
			}
		}
	}
}

// TestNamedSecrets compares few and many secrets with a look at each.
func TestNamedSecrets(t *testing.T) {
	for _, count := range []int{0, 1, manySecrets - 1, manySecrets, 5 * manySecrets} {
		var n namedSecrets
		for _, secret := range texts("abc\n", count, 12) {
			n.secrets = append(n.secrets, []byte(secret))
		}
		for _, value := range texts("abc\n", 500, 6) {
			want := slices.ContainsFunc(n.secrets, func(secret []byte) bool { return bytes.Contains(secret, []byte(value)) })
			if got := n.hold([]byte(value)); got != want {
				t.Fatalf("%d secrets hold %q: %v, want %v", count, value, got, want)
			}
		}
	}
}
