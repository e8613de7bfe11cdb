package codebuild_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/codebuild"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", codebuild.Analyzer, shell.Analyzer)
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("env: {variables: {A: b}, parameter-store: {C: /d/$A}, secrets-manager: {E: 'f:g:h', I: 'arn:aws:secretsmanager:a:1:secret:b:c'}}\nphases: {build: {commands: [j, [k]], finally: l}}\n"))
	f.Fuzz(analyzertest.Fuzz(codebuild.Analyzer, "buildspec.yml"))
}
