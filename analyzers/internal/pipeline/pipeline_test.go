package pipeline_test

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/azurepipelines"
	"github.com/stagewall/stagewall/analyzers/bitbucket"
	"github.com/stagewall/stagewall/analyzers/buildkite"
	"github.com/stagewall/stagewall/analyzers/drone"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
)

// What nests too deeply is said, once a file; what is just not too deep is read.
func TestDeep(t *testing.T) {
	for _, test := range []struct {
		name           string
		analyzer       *analyzers.Analyzer
		path           string
		head           string
		open, in, shut string // of a list, group or condition, and what stands in the innermost
		tail           string
	}{
		{"a script's lists", buildkite.Analyzer, ".buildkite/pipeline.yml", "steps: [{command: [", "[", "env", "]", "]}]"},
		{"groups", buildkite.Analyzer, ".buildkite/pipeline.yml", "steps: [", "{steps: [", "{command: env}", "]}", "]"},
		{"a plugin's settings", buildkite.Analyzer, ".buildkite/pipeline.yml", "steps: [{plugins: [{a: ", "[", "b", "]", "}]}]"},
		{"settings", drone.Analyzer, ".drone.yml", "{kind: pipeline, type: docker, steps: [{name: a, image: b, settings: {c: ", "[", "d", "]", "}}]}"},
		{"stages", bitbucket.Analyzer, "bitbucket-pipelines.yml", "pipelines: {default: [", "{stage: {steps: [", "{step: {script: [env]}}", "]}}", "]}"},
		{"conditions", azurepipelines.Analyzer, "azure-pipelines.yml", "steps: [", "{'${{ if a }}': [", "{script: env}", "]}", "]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			depth := 0 // of which nothing is said
			for n := 1; n < 2*pipeline.MaxNested; n++ {
				text := test.head + strings.Repeat(test.open, n) + test.in + ", " + test.in + strings.Repeat(test.shut, n) + test.tail + "\n"
				pass := analyzers.NewPass(test.analyzer.Name, test.path, []byte(text))
				if err := test.analyzer.Run(pass); err != nil {
					t.Fatal(err)
				}
				switch {
				case len(pass.Facts.Gaps) == 0 && depth == n-1:
					depth = n
				case len(pass.Facts.Gaps) != 1:
					t.Fatalf("%d in each other: gaps %v, want one", n, pass.Facts.Gaps)
				case !strings.Contains(pass.Facts.Gaps[0].Says, "too deeply"):
					t.Fatalf("%d in each other: %v", n, pass.Facts.Gaps)
				}
			}
			if depth < pipeline.MaxNested-1 || depth > pipeline.MaxNested {
				t.Errorf("what stands %d in each other is read, want %d", depth, pipeline.MaxNested)
			}
		})
	}
}
