package buildkite_test

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/buildkite"
)

// TestManyCombinations has a matrix that makes more jobs than are looked at: that is said.
func TestManyCombinations(t *testing.T) {
	list := "[" + strings.Repeat("x, ", 11) + "x]"
	text := "steps:\n- command: ./deploy.sh\n  matrix:\n    setup:\n      a: " + list + "\n      b: " + list + "\n"
	pass := analyzers.NewPass("buildkite", ".buildkite/pipeline.yml", []byte(text))
	if err := buildkite.Analyzer.Run(pass); err != nil {
		t.Fatal(err)
	}
	if len(pass.Facts.Gaps) != 1 || !strings.Contains(pass.Facts.Gaps[0].Says, "combinations") {
		t.Errorf("gaps %v", pass.Facts.Gaps)
	}
}
