package compat

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match"
)

// TestLocate compares what is remembered of a fragment's lines from one match to the next with a fresh look.
func TestLocate(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		var b strings.Builder
		for range r.IntN(30) {
			b.WriteString([]string{"a", "bc", "\n", "\r", " gitleaks:allow", "gitleaks:"}[r.IntN(6)])
		}
		b.WriteString("end")
		data := []byte(b.String())
		lines := newFragmentLines(data)
		cut := r.IntN(len(data))
		for _, fragment := range []detectors.Span{{Start: 0, End: cut}, {Start: cut, End: len(data)}} {
			at := fragment.Start
			for range 20 {
				if at = at + r.IntN(9) - 3; at < fragment.Start || at >= fragment.End {
					if at = fragment.Start; fragment.Empty() {
						break
					}
				}
				g := match.Gitleaks{Fragment: fragment, Begin: at, End: min(fragment.End, at+1+r.IntN(5))}
				fresh := newFragmentLines(data)
				got, want := lines.locate(g), fresh.locate(g)
				if got != want {
					t.Fatalf("%q: %+v is at %+v, want %+v", data, g, got, want)
				}
				last := bytes.LastIndexByte(data[fragment.Start:fragment.End], '\n')
				if last >= 0 && g.Begin >= fragment.Start+last { // the line ends with any line break
					end := fragment.End
					if i := bytes.IndexAny(data[g.End:end], "\r\n"); i >= 0 {
						end = g.End + i
					}
					if got.to != end {
						t.Fatalf("%q: the line of %+v ends at %d, want %d", data, g, got.to, end)
					}
				}
				if got, want := lines.allowed(got), bytes.Contains(data[got.from:got.to], []byte("gitleaks:allow")); got != want {
					t.Fatalf("%q: %+v is allowed: %v, want %v", data, g, got, want)
				}
			}
		}
	}
}
