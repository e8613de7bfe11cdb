package tag

import (
	"bytes"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// Of a line that is longer than any statement only what is near the candidate is looked at, so that many candidates in it cost in proportion to them.
func TestSurroundings(t *testing.T) {
	const token = 40
	long := bytes.Repeat([]byte("token=abc "), 10_000)
	lines := bytes.ReplaceAll(long, []byte(" "), []byte("\n"))
	for _, test := range []struct {
		data []byte
		most int
	}{{long, 2*longLine + token}, {lines, 2*farthest + token}} {
		for _, start := range []int{0, 50, 50_000, len(test.data) - token} {
			if got := newText("x", test.data, detectors.Span{Start: start, End: start + token}); len(got.data) > test.most || got.from+got.at.Start != start {
				t.Errorf("at %d: %d bytes from %d, candidate at %v; want %d at the most", start, len(got.data), got.from, got.at, test.most)
			}
		}
	}
}
