package serverless

import (
	"slices"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/js"
	"github.com/stagewall/stagewall/analyzers/npm"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, dotenv.Analyzer, js.Analyzer, npm.Analyzer, shell.Analyzer)
}

// Stages are the keys of objects, and objects; what custom itself has is a value like any other.
func TestStages(t *testing.T) {
	pass := analyzers.NewPass("serverless", "serverless.yml", []byte("service: a\nprovider: {name: aws}\ncustom: {qa_bucket_arn: b, staging: {c: d}, e: {prod: f}}\n"))
	if err := Analyzer.Run(pass); err != nil {
		t.Fatal(err)
	}
	var stages []string
	for _, u := range pass.Facts.Units {
		stages = append(stages, u.Name)
	}
	if want := []string{"dev", "staging", "prod"}; !slices.Equal(stages, want) {
		t.Errorf("stages %v, want %v", stages, want)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("service: a\nuseDotenv: true\nparams: {b: {c: d}}\ncustom: {e: {prod: '${self:custom.f, \"g\"}'}, f: '${self:custom.e.${sls:stage}}'}\n" +
		"provider: {stage: '${opt:stage, self:custom.h}', environment: {I: '${ssm(j):/k~true}', L: '${file(m/${opt:stage}.yml):n.o}', P: '${env:Q, ''r''}'}}\n" +
		"functions: {s: {handler: t.u, environment: '${file(v.json)}'}}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pass := analyzers.NewPass("serverless", "serverless.yml", data)
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		index := graph.NewIndex()
		index.AddFacts(pass.Facts)
		join(index)
	})
}
