package taskfile_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/analyzers/taskfile"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", taskfile.Analyzer, shell.Analyzer, dotenv.Analyzer)
}

func FuzzTaskfile(f *testing.F) {
	f.Add([]byte("version: '3'\nincludes: {a: ./b}\nvars: {C: '{{.C | default \"d\"}}', E: {sh: cat f}}\ndotenv: ['.env', '.env.{{.G}}']\ntasks:\n  h:\n    deps: [i, {task: a:j, vars: {K: l}}]\n    env: {M: n}\n    cmds:\n      - echo {{.C}}\n      - for: [o, p]\n        cmd: q {{.ITEM}}\n  r: s\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pass := analyzers.NewPass("taskfile", "Taskfile.yml", data)
		if err := taskfile.Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
	})
}
