package playbook

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/ansible"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, ansible.Analyzer, shell.Analyzer)
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("- hosts: [a, b]\n  vars: {c: d}\n  vars_files: ['{{ e }}.yml', [f.yml]]\n  roles: [g, {role: h}]\n  tasks:\n  - block: [{include_vars: {file: i}}, {import_role: {name: j}}]\n"))
	f.Add([]byte("- hosts: a\n  vars: {b: \"{{ lookup('aws_ssm', '/c/' ~ d, profile='e') }}\"}\n  tasks: [{f: {g: \"{{ query('hashi_vault', 'secret=h:i url=j') }}\"}}]\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "site.yml", "vars/a.yml"))
}

// Blocks that nest too deeply to follow, and plays that are too many, are a gap.
func TestBounds(t *testing.T) {
	nested := func(depth int) string {
		return "- hosts: all\n  tasks: " + strings.Repeat("[{block: ", depth) + "[{include_vars: a}]" + strings.Repeat("}]", depth) + "\n"
	}
	plays := func(count int) string { return strings.Repeat("- {hosts: all}\n", count) }
	for data, gaps := range map[string]int{nested(maxDepth): 0, nested(maxDepth + 1): 1, plays(maxPlays): 0, plays(maxPlays + 1): 1} {
		pass := analyzers.NewPass("playbook", "site.yml", []byte(data))
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		if len(pass.Facts.Gaps) != gaps {
			t.Errorf("%.60q: gaps %v, want %d", data, pass.Facts.Gaps, gaps)
		}
	}
}

func TestSniff(t *testing.T) {
	for text, want := range map[string]bool{
		"---\n- name: a\n  hosts: b\n": true, "- hosts: a\n": true, "a:\n{{ if b }}\n  hosts:\n{{ end }}\n": false, "a:\n  hosts: [b]\n": false,
	} {
		if got := sniff("a.yml", []byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
