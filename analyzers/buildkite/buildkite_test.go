package buildkite

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

// Steps that a command computes and uploads are a gap, and those of a file are not: it is read.
func TestUploads(t *testing.T) {
	for command, want := range map[string]int{"./steps.sh | buildkite-agent pipeline upload": 1, "buildkite-agent pipeline upload .buildkite/deploy.yml": 0} {
		pass := analyzers.NewPass("buildkite", ".buildkite/pipeline.yml", []byte("steps:\n- command: "+command+"\n"))
		if err := Analyzer.Run(pass); err != nil || len(pass.Facts.Gaps) != want {
			t.Errorf("%s: gaps %v, %v; want %d", command, pass.Facts.Gaps, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("env: {A: $B}\nsteps:\n- {label: a, command: b, key: c, env: {D: e}, secrets: [F], branches: main, if: build.branch == \"g\"}\n- {group: h, steps: [{commands: [i, j], secrets: {K: l}, plugins: [{m: {n: [$O]}}]}]}\n- wait\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, ".buildkite/pipeline.yml"))
}
