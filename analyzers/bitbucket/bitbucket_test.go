package bitbucket

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, shell.Analyzer, dotenv.Analyzer)
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("pipelines:\n  default:\n    - step: {name: a, deployment: staging, script: [a $B, {pipe: a/b:1, variables: {C: $D}}], after-script: [c]}\n    - parallel: [{step: {script: [d]}}]\n    - stage: {name: s, steps: [{step: {script: e}}]}\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "bitbucket-pipelines.yml"))
}
