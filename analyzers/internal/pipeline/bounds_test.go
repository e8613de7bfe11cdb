package pipeline

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
)

// TestManySets has jobs that are all given what a pipeline says: they are read up to a bound, and said to be.
func TestManySets(t *testing.T) {
	f := New(analyzers.NewPass("x", "p.yml", []byte("./x\n")))
	given := make([]analyzers.Step, 1000)
	steps := 0
	for range maxJobs {
		j := f.JobAt("a", detectors.Place{})
		j.Emit(given...)
		j.Emit(j.Lines("", given, interpolate.Plain("./x", 0))...)
		for _, s := range j.Steps() {
			steps += 1 + len(s.Steps)
		}
	}
	if steps > maxSets+10_000 || len(f.Pass.Facts.Gaps) != 1 {
		t.Errorf("%d steps, gaps %v", steps, f.Pass.Facts.Gaps)
	}
}
