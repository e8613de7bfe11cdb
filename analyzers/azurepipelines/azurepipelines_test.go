package azurepipelines

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, shell.Analyzer, dotenv.Analyzer)
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("variables: [{group: a}, {name: b, value: $(c)}, {template: d}]\nstages:\n- stage: e\n  condition: eq(variables.Build.SourceBranchName, \"f\")\n  jobs:\n  - {deployment: g, environment: {name: h}, strategy: {runOnce: {deploy: {steps: [{script: i $(j), env: {K: $(l)}}, {task: m@1, inputs: {n: $(o)}}]}}}}\n  - ${{ if p }}:\n    - {job: q, steps: [{pwsh: r}, {checkout: none}]}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := Analyzer.Run(analyzers.NewPass("azurepipelines", "azure-pipelines.yml", data)); err != nil {
			t.Fatal(err)
		}
	})
}
