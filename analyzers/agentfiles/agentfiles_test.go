package agentfiles_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/agentfiles"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/js"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestReaches(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", agentfiles.Analyzer, dotenv.Analyzer, js.Analyzer, shell.Analyzer)
}

func FuzzRun(f *testing.F) {
	f.Add(".claude/settings.json", []byte(`{"env": {"A": "b"}, "permissions": {"deny": ["Read(./.env)", "Bash"]}}`))
	f.Add(".gemini/settings.json", []byte(`{"mcpServers": {"a": {"command": "npx", "args": ["$B"], "env": {"C": "${D:-e}"}}}}`))
	f.Add(".codex/config.toml", []byte("[mcp_servers.a]\nurl = \"https://h/p\"\nbearer_token_env_var = \"T\"\n"))
	f.Add("CLAUDE.md", []byte("see @docs/x.md\n```\n@y.md\n```\n`@z.md`\n"))
	f.Fuzz(func(t *testing.T, path string, data []byte) { analyzertest.Fuzz(agentfiles.Analyzer, path)(t, data) })
}
