package taskfile_test

import (
	"fmt"
	"strings"
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

// TestBounds has a task with many variables for each of many commands between others' calls: they are given them up to a bound, and what is left out is
// said.
func TestBounds(t *testing.T) {
	const many = 600
	var file strings.Builder
	file.WriteString("version: 3\ntasks:\n  t:\n    env:\n")
	for i := range many {
		fmt.Fprintf(&file, "      A%d: b\n", i)
	}
	file.WriteString("    cmds:\n" + strings.Repeat("      - ./x\n      - task: u\n", many))
	pass := analyzers.NewPass("taskfile", "Taskfile.yml", []byte(file.String()))
	if err := taskfile.Analyzer.Run(pass); err != nil {
		t.Fatal(err)
	}
	steps := 0
	for _, p := range pass.Facts.Programs {
		for _, s := range p.Steps {
			steps += 1 + len(s.Steps)
		}
	}
	if steps > 100_000+10*many || len(pass.Facts.Gaps) != 1 || len(pass.Facts.Units) != 1 {
		t.Errorf("%d steps, %d units, gaps %v", steps, len(pass.Facts.Units), pass.Facts.Gaps)
	}
}

func FuzzTaskfile(f *testing.F) {
	f.Add([]byte("version: '3'\nincludes: {a: ./b}\nvars: {C: '{{.C | default \"d\"}}', E: {sh: cat f}}\ndotenv: ['.env', '.env.{{.G}}']\ntasks:\n  h:\n    deps: [i, {task: a:j, vars: {K: l}}]\n    env: {M: n}\n    cmds:\n      - echo {{.C}}\n      - for: [o, p]\n        cmd: q {{.ITEM}}\n  r: s\n"))
	f.Fuzz(analyzertest.Fuzz(taskfile.Analyzer, "Taskfile.yml"))
}
