package serverless

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
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

// TestBounds has functions that are all given what the provider says, and stages that each have their own of it: they are followed up to a bound, and said to be.
func TestBounds(t *testing.T) {
	many := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(line, "#", strconv.Itoa(i)))
		}
		return b.String()
	}
	const provider = "service: a\nprovider:\n  name: aws\n  environment:\n"
	for name, text := range map[string]string{
		"functions": provider + many(600, "    K#: v\n") + "functions:\n" + many(600, "  f#: {handler: a.b}\n"),
		"stages":    provider + many(3000, "    K#: ${self:custom.${sls:stage}.c}\n") + "params:\n" + many(100, "  s#: {c: d}\n") + "custom:\n" + many(100, "  s#: {c: d}\n"),
	} {
		pass := analyzers.NewPass("serverless", "serverless.yml", []byte(text))
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		steps := 0
		var count func([]analyzers.Step)
		count = func(list []analyzers.Step) {
			for _, s := range list {
				steps++
				count(s.Steps)
			}
		}
		for _, p := range pass.Facts.Programs {
			count(p.Steps)
		}
		if gaps := map[string]int{"functions": 1, "stages": 2}[name]; steps > maxSets+10_000 || len(pass.Facts.Gaps) != gaps {
			t.Errorf("%s: %d steps, gaps %v", name, steps, pass.Facts.Gaps)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("service: a\nuseDotenv: true\nparams: {b: {c: d}}\ncustom: {e: {prod: '${self:custom.f, \"g\"}'}, f: '${self:custom.e.${sls:stage}}'}\n" +
		"provider: {stage: '${opt:stage, self:custom.h}', environment: {I: '${ssm(j):/k~true}', L: '${file(m/${opt:stage}.yml):n.o}', P: '${env:Q, ''r''}'}}\n" +
		"functions: {s: {handler: t.u, environment: '${file(v.json)}'}}\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "serverless.yml"))
}
