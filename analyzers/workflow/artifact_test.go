package workflow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/workflow"
)

// What a job writes beyond what is followed is a gap, and so is what its artifacts bring to others of it.
func TestManyNamesInArtifacts(t *testing.T) {
	for _, names := range []int{256, 257} {
		var b strings.Builder
		b.WriteString("on: push\njobs:\n  build:\n    steps:\n    - run: |\n")
		for i := range names {
			fmt.Fprintf(&b, "        echo \"K%d=v\" >> app.env\n", i)
		}
		b.WriteString("    - uses: actions/upload-artifact@v4\n      with: {path: app.env}\n")
		pass := analyzers.NewPass("workflow", ".github/workflows/ci.yml", []byte(b.String()))
		if err := workflow.Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		told := slices.ContainsFunc(pass.Facts.Gaps, func(g analyzers.Gap) bool { return strings.HasPrefix(g.Says, "artifacts bring more") })
		if told != (names > 256) {
			t.Errorf("%d names: gaps %v", names, pass.Facts.Gaps)
		}
	}
}
