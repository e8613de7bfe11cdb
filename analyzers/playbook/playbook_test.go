package playbook

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/ansible"
	"github.com/stagewall/stagewall/analyzers/graph"
)

func TestCases(t *testing.T) { analyzertest.Run(t, "testdata/*.txtar", Analyzer, ansible.Analyzer) }

func FuzzRead(f *testing.F) {
	f.Add([]byte("- hosts: [a, b]\n  vars: {c: d}\n  vars_files: ['{{ e }}.yml', [f.yml]]\n  roles: [g, {role: h}]\n  tasks:\n  - block: [{include_vars: {file: i}}, {import_role: {name: j}}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		pass := analyzers.NewPass("playbook", "site.yml", data)
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		index := graph.NewIndex()
		index.AddFile("vars/a.yml", true)
		index.AddFacts(pass.Facts)
		join(index)
	})
}

// Blocks that nest too deeply to follow are a gap.
func TestDepth(t *testing.T) {
	for depth, gaps := range map[int]int{maxDepth: 0, maxDepth + 1: 1} {
		data := "- hosts: all\n  tasks: " + strings.Repeat("[{block: ", depth) + "[{include_vars: a}]" + strings.Repeat("}]", depth) + "\n"
		pass := analyzers.NewPass("playbook", "site.yml", []byte(data))
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		if len(pass.Facts.Gaps) != gaps {
			t.Errorf("%d blocks: gaps %v, want %d", depth, pass.Facts.Gaps, gaps)
		}
	}
}
