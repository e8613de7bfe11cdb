package kustomize

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/kube"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", kube.Analyzer, Analyzer, dotenv.Analyzer)
}

// FuzzRead reads a kustomization and builds it.
func FuzzRead(f *testing.F) {
	f.Add([]byte("resources: [a.yaml]\npatches:\n- patch: |\n    apiVersion: v1\n    kind: Pod\n    spec: {containers: [{name: a}]}\nsecretGenerator: [{name: a, literals: [A=b], envs: [c.env]}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pass := analyzers.NewPass("kustomize", "a/kustomization.yaml", data)
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		index := graph.NewIndex()
		index.AddFile(pass.Path, true)
		index.AddFacts(pass.Facts)
		join(index)
	})
}
