package agentfiles

import (
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// tool is a coding agent: where it reads its settings and its instructions in a repository. Patterns are doublestar's.
type tool struct {
	name         string // its word in names of programs
	title        string
	settings     []string
	instructions []string
	ignore       string // its ignore file, if its file tools skip what that lists
	bare         bool   // its settings expand $NAME beside ${NAME}
}

// The instructions of several tools, as each documents them: https://agents.md and the pages named below.
var tools = []tool{
	{ // https://code.claude.com/docs/en/settings https://code.claude.com/docs/en/memory
		name: "claude", title: "Claude Code",
		settings: []string{"**/.claude/settings.json", "**/.claude/settings.local.json", "**/.mcp.json"},
		instructions: []string{
			"**/CLAUDE.md", "**/CLAUDE.local.md", "**/.claude/{rules,commands,agents}/**/*.md", "**/.claude/skills/**/SKILL.md",
		},
	},
	{ // https://cursor.com/docs/mcp.md https://cursor.com/docs/cli/reference/permissions
		name: "cursor", title: "Cursor",
		settings:     []string{"**/.cursor/mcp.json", "**/.cursor/cli.json"},
		instructions: []string{"**/.cursor/rules/**", "**/.cursorrules", "**/AGENTS.md"},
	},
	{ // https://code.visualstudio.com/docs/agents/reference/mcp-configuration.md
		name: "copilot", title: "GitHub Copilot",
		settings: []string{"**/.vscode/mcp.json", "**/.vscode/settings.json"},
		instructions: []string{
			"**/.github/copilot-instructions.md", "**/.github/{instructions,prompts,agents,chatmodes}/**/*.md", "**/AGENTS.md",
		},
	},
	{ // https://developers.openai.com/codex/config-reference
		name: "codex", title: "Codex",
		settings:     []string{"**/.codex/config.toml"},
		instructions: []string{"**/AGENTS.md", "**/AGENTS.override.md", "**/.codex/prompts/**/*.md"},
	},
	{ // https://geminicli.com/docs/reference/configuration.md
		name: "gemini", title: "Gemini",
		settings:     []string{"**/.gemini/settings.json"},
		instructions: []string{"**/GEMINI.md", "**/.gemini/commands/**/*.toml"},
		ignore:       ".geminiignore", bare: true,
	},
	{ // https://opencode.ai/docs/config
		name: "opencode", title: "opencode",
		settings:     []string{"**/opencode.{json,jsonc}"},
		instructions: []string{"**/AGENTS.md", "**/.opencode/{agent,command}/**/*.md"},
	},
	{ // https://docs.roocode.com/features/mcp/using-mcp-in-roo
		name: "roo", title: "Roo Code",
		settings:     []string{"**/.roo/mcp.json"},
		instructions: []string{"**/.roo/rules*/**", "**/.roorules", "**/AGENTS.md"},
	},
	{ // https://kiro.dev/docs/mcp/configuration
		name: "kiro", title: "Kiro",
		settings:     []string{"**/.kiro/settings/mcp.json"},
		instructions: []string{"**/.kiro/steering/**/*.md"},
	},
	{ // https://docs.aws.amazon.com/amazonq/latest/qdeveloper-ug/command-line-mcp-configuration.html
		name: "amazonq", title: "Amazon Q",
		settings:     []string{"**/.amazonq/mcp.json"},
		instructions: []string{"**/.amazonq/rules/**/*.md"},
	},
	{ // https://www.jetbrains.com/help/junie/model-context-protocol-mcp.html
		name: "junie", title: "Junie",
		settings:     []string{"**/.junie/mcp/mcp.json"},
		instructions: []string{"**/.junie/guidelines.md"},
	},
	{ // https://zed.dev/docs/ai/mcp
		name: "zed", title: "Zed",
		settings:     []string{"**/.zed/settings.json"},
		instructions: []string{"**/.rules"},
	},
	{ // https://docs.windsurf.com/windsurf/cascade/memories
		name: "windsurf", title: "Windsurf",
		instructions: []string{"**/.windsurfrules", "**/.windsurf/{rules,workflows}/**/*.md"},
	},
	{ // https://docs.cline.bot/features/cline-rules
		name: "cline", title: "Cline",
		instructions: []string{"**/.clinerules", "**/.clinerules/**/*.md"},
	},
	{ // https://aider.chat/docs/config/aider_conf.html
		name: "aider", title: "aider",
		settings: []string{"**/.aider.conf.yml"},
	},
}

// ignoreFiles are the agents' ignore files, all in the syntax of .gitignore. Left out is .claudeignore, which no tool documents, and
// .cursorindexingignore, which only keeps files out of a search index.
var ignoreFiles = map[string]string{
	".cursorignore":  "cursor", // https://cursor.com/docs/reference/ignore-file.md
	".geminiignore":  "gemini", // https://www.geminicli.com/docs/cli/gemini-ignore
	".aiexclude":     "gemini", // https://cloud.google.com/gemini/docs/codeassist/create-aiexclude-file
	".codeiumignore": "windsurf",
	".aiderignore":   "aider", // https://aider.chat/docs/config/options.html
	".rooignore":     "roo",   // https://docs.roocode.com/features/rooignore
	".clineignore":   "cline",
}

// patterns returns the patterns of all files that the package reads.
func patterns() []string {
	var all []string
	for _, t := range tools {
		for _, p := range slices.Concat(t.settings, t.instructions) {
			if !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	for name := range ignoreFiles {
		all = append(all, "**/"+name)
	}
	slices.Sort(all)
	return all
}

// settingsOf returns the tool whose settings the file holds, nil if it holds none.
func settingsOf(file string) *tool {
	for i, t := range tools {
		if matchesAny(t.settings, file) {
			return &tools[i]
		}
	}
	return nil
}

// readers returns the tools that read the file as instructions.
func readers(file string) []*tool {
	var all []*tool
	for i, t := range tools {
		if matchesAny(t.instructions, file) {
			all = append(all, &tools[i])
		}
	}
	return all
}

func matchesAny(patterns []string, file string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return doublestar.MatchUnvalidated(p, file) })
}

// project returns the folder that a settings file is for, "" for the root: the one that holds the tool's own folder or file.
func project(file string) string {
	segments := strings.Split(file, "/")
	own := slices.IndexFunc(segments, func(s string) bool { return strings.HasPrefix(s, ".") })
	if own < 0 {
		own = len(segments) - 1
	}
	return path.Join(segments[:own]...)
}
