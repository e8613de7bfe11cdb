package concourse

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, shell.Analyzer)
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("resources: [{name: a, type: cf, source: {password: ((b.password)), space: staging}}]\njobs:\n- name: c\n  on_failure: {put: a}\n  plan:\n  - in_parallel: {steps: [{get: a}, {task: d, file: e/f.yml, params: {G: ((h:i/token))}}]}\n  - {task: j, config: {platform: linux, params: {K: l}, run: {path: sh, args: [-ec, 'm ((n-key))']}}}\n  - try: {do: [{put: o, resource: a, params: {p: [((.:q))]}}]}\n"))
	f.Add([]byte("platform: linux\nparams: {A: b}\nrun: {path: c/d.sh}\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "ci/pipeline.yml"))
}

// A file whose environment is a variable is set as a pipeline for each environment; a variable that is named for one makes no template of it.
func TestTemplate(t *testing.T) {
	for value, want := range map[string]bool{"((deploy_env))": true, `"((env))"`: true, "((production-env))": false, "((space))": false, "staging": false} {
		pass := analyzers.NewPass("concourse", "ci/pipeline.yml", []byte("jobs:\n- name: a\n  plan:\n  - task: b\n    params:\n      DEPLOY_ENV: "+value+"\n"))
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		steps := pass.Facts.Programs[0].Steps
		if got := steps[0].Op == analyzers.OpScope; got != want {
			t.Errorf("%s: %v", value, steps)
		}
	}
}
