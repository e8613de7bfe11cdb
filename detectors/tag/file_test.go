package tag

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// Which lines stand around others is what going up and down line by line finds.
func TestNesting(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var text strings.Builder
		for range random.IntN(40) {
			text.WriteString(strings.Repeat(" ", random.IntN(5)) + []string{"", "", "a: b", "- c", `d \`}[random.IntN(5)] + "\n")
		}
		w := new(Knowledge).File("x", []byte(text.String()), 0).windowOf(detectors.Span{})
		lines := w.lines()
		for i := range w.starts {
			for level := range 7 {
				outer, after := i-1, i+1
				encloses := func(line int) bool { in := indent(w.line(line)); return 0 <= in && in < level }
				for outer >= 0 && !encloses(outer) {
					outer--
				}
				for after < len(w.starts) && !encloses(after) {
					after++
				}
				above, _ := lines.outer(i, level)
				if below := lines.after(i, level); above != outer || below != after {
					t.Fatalf("around line %d at %d: %d and %d, want %d and %d\n%s", i, level, above, below, outer, after, text.String())
				}
			}
		}
	}
}

// What many candidates ask of what surrounds them is found once, however they stand: each would look through all of it.
func TestManyCandidates(t *testing.T) {
	const many = 1000
	k := NewKnowledge(acme())
	for name, line := range map[string]string{"lines": "  A%d_PASSWORD=%s\n", "one line": "A%d_PASSWORD=%s,"} {
		text := "data:\n  DB_HOST=db\n  "
		for i := range many {
			text += fmt.Sprintf(line, i, marker)
		}
		f := k.File("a.yaml", []byte(text), 0)
		var first *window
		seen := 0
		for at := 0; ; at += len(marker) {
			i := bytes.Index(f.text[at:], []byte(marker))
			if i < 0 {
				break
			}
			at += i
			f.Observe(detectors.Rule{ID: "r"}, []byte(marker), detectors.Place{Path: "a.yaml", Line: 1, Span: detectors.Span{Start: at, End: at + len(marker)}})
			if first == nil {
				first = f.around
			}
			seen++
		}
		w := f.around
		if seen != many || w != first || w.all.levels == nil || w.code.levels == nil || len(w.documents) != 1 || name == "lines" && len(w.variables) == 0 {
			t.Errorf("%s: %d candidates, the same window: %v, documents %d, %d variables", name, seen, w == first, len(w.documents), len(w.variables))
		}
	}
}

// An index of the variables finds what looking through the text does.
func TestAssigned(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	words := []string{"HOST", "DB_HOST", "db-host", "a.host", "=", ": ", "x", "10.0.0.1", "\n", "\n# ", " ", `"`, "value: ", "(", ", ", "-", "DB"}
	for range 2000 {
		text := ""
		for range random.IntN(40) {
			text += words[random.IntN(len(words))]
		}
		w := new(Knowledge).File("x", []byte(text), 0).windowOf(detectors.Span{})
		s := detectors.Span{End: len(text)}
		for _, variable := range []string{"HOST", "DB_HOST", "db-host", "a.host"} {
			for _, comments := range []bool{false, true} {
				if found, want := w.find(s, variable, comments), assigned(w.data, variable, comments); found != want {
					t.Fatalf("%s in %q: %q, want %q", variable, text, found, want)
				}
			}
		}
	}
}

// Of a file that is read piece by piece, what surrounds a candidate is found in its piece.
func TestPiece(t *testing.T) {
	const base = 1000
	piece := "ACME_TOKEN=" + marker + "\n"
	at := detectors.Span{Start: base + strings.Index(piece, marker), End: base + strings.Index(piece, marker) + len(marker)}
	o := NewKnowledge(acme()).File("a.env", []byte(piece), base).Observe(detectors.Rule{ID: "r"}, []byte(marker), detectors.Place{Path: "a.env", Line: 9, Span: at})
	if o.Variable != "ACME_TOKEN" || o.At.Span != at {
		t.Errorf("%q at %v", o.Variable, o.At.Span)
	}
}
