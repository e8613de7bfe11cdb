package agentfiles

import (
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
)

func TestGrants(t *testing.T) {
	tests := []struct {
		path, source string
		says         []string // the beginnings of what is said
	}{
		{".claude/settings.json", `{}`, nil},
		{".claude/settings.json", `{"permissions": {"allow": ["Bash"]}}`, []string{"may run any command"}},
		{".claude/settings.json", `{"permissions": {"allow": ["Bash(*)"]}}`, []string{"may run any command"}},
		{".claude/settings.json", `{"permissions": {"allow": ["Bash(:*)"]}}`, []string{"may run any command"}},
		{".claude/settings.json", `{"permissions": {"allow": ["Bash(git log:*)", "Bash(ls)", "Read"]}}`, []string{"may run 2 kinds"}},
		{".claude/settings.json", `{"permissions": {"allow": ["BashOutput"]}}`, nil},
		{".claude/settings.json", `{"permissions": {"ask": ["Bash(git push:*)"]}}`, []string{"asks before"}},
		{".claude/settings.json", `{"permissions": {"deny": ["Read(./.env)"]}}`, []string{"is denied the reading of 1 patterns of files, which its commands can"}},
		{".claude/settings.json", `{"permissions": {"deny": ["Read(./.env)", "Bash"]}}`, []string{"cannot run commands", "is denied the reading of 1 patterns of files, for"}},
		{".claude/settings.json", `{"permissions": {"deny": ["Bash(rm:*)"]}}`, nil},
		{".claude/settings.json", `{"permissions": {"defaultMode": "bypassPermissions"}}`, []string{"may call every tool"}},
		{".claude/settings.json", `{"permissions": {"defaultMode": "plan"}}`, nil},
		{".cursor/cli.json", `{"permissions": {"allow": ["Shell(*)"]}}`, []string{"may run any command"}},
		{".codex/config.toml", "sandbox_mode = \"danger-full-access\"\napproval_policy = \"never\"\n", []string{"never asks", "runs commands outside"}},
		{".codex/config.toml", "sandbox_mode = \"read-only\"\n", nil},
		{".gemini/settings.json", `{"general": {"defaultApprovalMode": "yolo"}}`, []string{"approves its own"}},
		{".gemini/settings.json", `{"mcpServers": {"a": {"command": "x", "trust": true}}}`, []string{"calls tools of a server unasked (trust)"}},
		{".gemini/settings.json", `{"mcpServers": {"a": {"command": "x", "trust": false}}}`, nil},
		{".roo/mcp.json", `{"mcpServers": {"a": {"command": "x", "alwaysAllow": ["run"]}}}`, []string{"calls tools of a server unasked (alwaysAllow)"}},
		{".roo/mcp.json", `{"mcpServers": {"a": {"command": "x", "alwaysAllow": []}}}`, nil},
		{".vscode/settings.json", `{"chat.tools.global.autoApprove": true}`, []string{"may call every tool"}},
		{"opencode.json", `{"permission": {"bash": "allow"}}`, []string{"may run any command"}},
		{"opencode.json", `{"permission": {"bash": {"*": "ask", "git *": "allow"}}}`, nil},
	}
	for _, test := range tests {
		pass := analyzers.NewPass(name, test.path, []byte(test.source))
		if err := run(pass); err != nil {
			t.Fatal(err)
		}
		if len(pass.Facts.Units) != 1 {
			t.Errorf("%s %s: %d units", test.path, test.source, len(pass.Facts.Units))
			continue
		}
		var says []string
		for _, sign := range pass.Facts.Units[0].Signs[1:] {
			if sign.Environments != 0 {
				t.Errorf("%s: %q names environments", test.path, sign.Says)
			}
			says = append(says, sign.Says)
		}
		if !slices.EqualFunc(says, test.says, strings.HasPrefix) {
			t.Errorf("%s %s\nsays %q\nwant %q", test.path, test.source, says, test.says)
		}
	}
}

func TestEditorOnly(t *testing.T) {
	pass := analyzers.NewPass(name, ".vscode/settings.json", []byte(`{"editor.tabSize": 2}`))
	if err := run(pass); err != nil || len(pass.Facts.Units) != 0 {
		t.Errorf("an editor's settings make %d units (%v)", len(pass.Facts.Units), err)
	}
}

func TestProject(t *testing.T) {
	tests := map[string]string{
		".claude/settings.json":          "",
		"api/.claude/settings.json":      "api",
		".kiro/settings/mcp.json":        "",
		".mcp.json":                      "",
		"a/b/.mcp.json":                  "a/b",
		"opencode.json":                  "",
		"web/opencode.json":              "web",
		"web/.codex/config.toml":         "web",
		"packages/x/.cursor/rules/a.mdc": "packages/x",
	}
	for file, want := range tests {
		if got := project(file); got != want {
			t.Errorf("project(%q) = %q, want %q", file, got, want)
		}
	}
}
