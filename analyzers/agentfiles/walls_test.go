package agentfiles

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
)

func TestWalls(t *testing.T) {
	for _, test := range []struct{ paths, walls, deaf string }{
		{"README.md AGENTS.md src/CLAUDE.md .vscode/settings.json testdata/.claude/settings.json", "", ""},
		{"CLAUDE.md", ".claude/settings.json", ""},
		{".mcp.json", ".claude/settings.json", ""},
		{".claude/skills/a/SKILL.md .cursor/rules/a.mdc", ".claude/settings.json .cursorignore", ""},
		{"GEMINI.md .codex/config.toml .vscode/mcp.json", ".geminiignore", "GitHub Copilot, Codex"},
		{".windsurfrules .clinerules .roorules .aider.conf.yml", ".aiderignore .clineignore .codeiumignore .rooignore", ""},
		{".cursorignore", ".cursorignore", ""},
	} {
		walls, deaf := Walls(strings.Fields(test.paths))
		var files []string
		for _, w := range walls {
			files = append(files, w.File)
			if w.Tool == "" || w.Holds == "" {
				t.Errorf("%+v says nothing", w)
			}
		}
		slices.Sort(files)
		if strings.Join(files, " ") != test.walls || strings.Join(deaf, ", ") != test.deaf {
			t.Errorf("%s: %v, deaf %v", test.paths, files, deaf)
		}
	}
}

// TestRule: what is written for a file means that file, as it is read here.
func TestRule(t *testing.T) {
	for file, want := range map[string]string{
		"deploy/.env": "/deploy/.env", "a b(c).sh": "/a b(c).sh", "[x]/*?.env": `/\[x\]/\*\?.env`, "#a": "/#a", "!a": "/!a",
	} {
		list := Wall{}.Rule(file)
		pass := analyzers.NewPass(name, rulesFile, []byte(fmt.Sprintf(`{"permissions": {"deny": ["Bash", %q]}}`, Wall{Rules: true}.Rule(file))))
		if err := run(pass); err != nil {
			t.Fatal(err)
		}
		if list != want || !slices.Equal(pass.Facts.Ignores.Patterns, []string{want}) {
			t.Errorf("%s: %s, %q", file, list, pass.Facts.Ignores.Patterns)
		}
	}
}
