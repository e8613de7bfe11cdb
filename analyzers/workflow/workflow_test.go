package workflow

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, shell.Analyzer)
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("on: push\njobs:\n  a:\n    environment: ${{ inputs.x && 'a' || 'b' }}\n    steps:\n    - run: |\n        echo ${{ secrets.A }} >> $GITHUB_ENV\n"), true)
	f.Add([]byte("runs:\n  using: composite\n  steps:\n  - uses: ./a\n    with: {a: '${{ format(''{0}'', env.B) }}'}\n"), false)
	f.Fuzz(func(t *testing.T, data []byte, isWorkflow bool) {
		path := "a/action.yml"
		if isWorkflow {
			path = folder + "/a.yml"
		}
		if err := Analyzer.Run(analyzers.NewPass("workflow", path, data)); err != nil {
			t.Fatal(err)
		}
	})
}
