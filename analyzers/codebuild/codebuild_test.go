package codebuild_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/codebuild"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", codebuild.Analyzer, shell.Analyzer)
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("env: {variables: {A: b}, parameter-store: {C: /d/$A}, secrets-manager: {E: 'f:g:h', I: 'arn:aws:secretsmanager:a:1:secret:b:c'}}\nphases: {build: {commands: [j, [k]], finally: l}}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := codebuild.Analyzer.Run(analyzers.NewPass("codebuild", "buildspec.yml", data)); err != nil {
			t.Fatal(err)
		}
	})
}
