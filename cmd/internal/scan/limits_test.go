package scan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/verdict"
)

// TestManyCrossings has jobs that each see the tokens of a file: of their product so many are told as somebody may read, and a gap says how many more
// there are.
func TestManyCrossings(t *testing.T) {
	const jobs, tokens = 120, 100
	var files strings.Builder
	files.WriteString("-- .gitlab-ci.yml --\n")
	for i := range jobs {
		fmt.Fprintf(&files, "j%d: {environment: staging, script: [./x]}\n", i)
	}
	files.WriteString("-- keys.txt --\n")
	for i := range tokens {
		fmt.Fprintf(&files, "stripe {{stripe-live#%d}}\n", i+1)
	}
	r := scanTree(t, files.String())
	if len(r.Crossings) != maxCrossings || len(r.Gaps) != 1 || !strings.Contains(r.Gaps[0].Says, fmt.Sprint((jobs+1)*tokens-maxCrossings, " more crossings")) {
		t.Errorf("%d crossings, gaps %v", len(r.Crossings), r.Gaps)
	}
	seen := map[string]bool{}
	for _, x := range r.Crossings {
		if x.From == "unit:checkout" {
			seen[x.Token] = true
		}
	}
	if len(seen) != tokens {
		t.Errorf("%d tokens can be seen from the checkout, want all %d", len(seen), tokens)
	}
}

// TestLimits: a flood of crossings of one severity hides none of another.
func TestLimits(t *testing.T) {
	l := limits{told: map[verdict.Severity]int{}}
	for range 3 * maxCrossings {
		l.allow(verdict.Low)
	}
	if !l.allow(verdict.Critical) || l.allow(verdict.Low) || len(l.gaps()) != 1 {
		t.Error("a flood hides others")
	}
	l.paths = maxPaths + 1
	if l.crossingPaths(nil, graph.Unit{}) != nil || len(l.gaps()) != 2 {
		t.Error("paths are looked at without bound")
	}
}
