package tag

import (
	"bytes"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// Of a line that is longer than any statement only what is near the candidate is its record, so that many candidates in it cost in proportion to them. A
// comment at its end still holds for all of it.
func TestSurroundings(t *testing.T) {
	const token = 40
	long := append(bytes.Repeat([]byte("token=abc "), 5_000), "# gitleaks:allow"...)
	for _, start := range []int{0, 50, 20_000, len(long) - token} {
		text := new(Knowledge).File("x", long, 0).at(detectors.Span{Start: start, End: start + token})
		for _, s := range []detectors.Span{text.record(), text.near()} {
			if s.End-s.Start > 2*longLine+token || !s.Contains(text.at) {
				t.Errorf("at %d: %v is not near %v", start, s, text.at)
			}
		}
		if text.allowed() == "" {
			t.Errorf("at %d: the comment is not seen", start)
		}
	}
	lines := bytes.ReplaceAll(long, []byte(" "), []byte("\n"))
	if s := new(Knowledge).File("x", lines, 0).at(detectors.Span{Start: 20_000, End: 20_000 + token}).record(); s.End-s.Start != len(lines) {
		t.Errorf("the record of short lines is %v", s)
	}
}
