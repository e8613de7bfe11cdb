package injected

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// What is read behind more steps than are followed is not given, and that is said.
func TestBounds(t *testing.T) {
	s := Store{Name: "ci", Title: "CI", Own: lazyregexp.New(`^CI$`)}
	for _, test := range []struct{ before, given, gaps int }{{maxSteps - 1, 1, 0}, {maxSteps, 0, 1}} {
		steps := make([]analyzers.Step, test.before, test.before+1)
		steps = append(steps, analyzers.Step{Op: analyzers.OpRead, Name: "TOKEN"})
		facts := &analyzers.Facts{Path: "ci.yml"}
		given := s.Steps(graph.NewIndex(), facts, steps, detectors.Place{Path: "ci.yml", Line: 1})
		if len(given) != test.given || len(facts.Gaps) != test.gaps {
			t.Errorf("behind %d steps: %d given, gaps %v", test.before, len(given), facts.Gaps)
		}
	}
}
