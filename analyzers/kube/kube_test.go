package kube

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, shell.Analyzer)
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: b\n    env: [{name: A, value: $(B)}]\n    command: [sh, -c, 'x''y $(A)']\n"))
	f.Add([]byte("apiVersion: v1\nkind: SecretProviderClass\nspec:\n  parameters:\n    objects: |\n      - objectName: a\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "a.yaml"))
}
