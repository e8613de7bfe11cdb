package agentfiles

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers/internal/tree"
)

// grant is one thing that an agent may do unasked, or is kept from.
type grant struct {
	node *tree.Node
	says string
	all  bool // any command
}

// unasked says, for people, what the agent may do in the checkout without asking.
func (s *session) unasked() string {
	for _, g := range s.grants() {
		if g.all {
			return "in the agent's checkout; the agent " + g.says
		}
	}
	return "in the agent's checkout"
}

// grants returns what the settings allow and deny, in words. No rule's text is repeated: people paste tokens into them.
func (s *session) grants() []grant {
	var grants []grant
	add := func(n *tree.Node, all bool, format string, args ...any) {
		if n != nil {
			grants = append(grants, grant{n, fmt.Sprintf(format, args...), all})
		}
	}
	switch s.tool.name {
	case "claude":
		mode := s.root.Get("permissions", "defaultMode")
		if says, ok := claudeModes[mode.Str()]; ok {
			add(mode, mode.Str() == "bypassPermissions", "%s", says)
		}
		s.rules("Bash", add)
	case "cursor":
		s.rules("Shell", add)
	case "codex":
		if n := s.root.Get("approval_policy"); n.Str() == "never" {
			add(n, false, "never asks for approval (approval_policy)")
		}
		if n := s.root.Get("sandbox_mode"); n.Str() == "danger-full-access" {
			add(n, true, "runs commands outside of any sandbox (sandbox_mode)")
		}
	case "gemini":
		if n := s.root.Get("general", "defaultApprovalMode"); n.Str() == "yolo" || n.Str() == "auto_edit" {
			add(n, n.Str() == "yolo", "approves its own calls (defaultApprovalMode)")
		}
		if n := s.root.Get("tools", "allowed"); len(n.Strings()) > 0 {
			all := slices.Contains(n.Strings(), "run_shell_command")
			add(n, all, "may call %d tools unasked (tools.allowed)", len(n.Strings()))
		}
		if s.shellExcluded() {
			add(s.root.Get("tools"), false, "cannot run commands (the shell tool is excluded)")
		}
	case "copilot":
		for _, key := range []string{"chat.tools.autoApprove", "chat.tools.global.autoApprove"} {
			if n := s.root.Get(key); n.Is("true") {
				add(n, true, "may call every tool unasked (%s)", key)
			}
		}
		if n := s.root.Get("chat.tools.terminal.autoApprove"); len(n.Keys()) > 0 {
			add(n, false, "may run some commands unasked (chat.tools.terminal.autoApprove)")
		}
	case "opencode":
		if n := s.root.Get("permission", "bash"); n.Str() == "allow" || n.Get("*").Str() == "allow" {
			add(n, true, "may run any command unasked (permission.bash)")
		}
	case "zed":
		if n := s.root.Get("agent", "always_allow_tool_actions"); n.Is("true") {
			add(n, true, "may call every tool unasked (always_allow_tool_actions)")
		}
	}
	return append(grants, s.trustedServers()...)
}

// claudeModes are the permission modes that ask less than the usual one: https://code.claude.com/docs/en/permission-modes.
var claudeModes = map[string]string{
	"acceptEdits":       "may change files unasked (defaultMode)",
	"auto":              "runs what a classifier lets pass unasked (defaultMode)",
	"dontAsk":           "runs what is allowed and asks nobody (defaultMode)",
	"bypassPermissions": "may call every tool unasked (defaultMode; recent versions take this from a person's own settings only)",
}

// rules reads permissions.allow, ask and deny, lists of Tool or Tool(pattern); shell is the tool that runs commands.
func (s *session) rules(shell string, add func(*tree.Node, bool, string, ...any)) {
	permissions := s.root.Get("permissions")
	if any, some := commands(permissions.Get("allow"), shell); any {
		add(permissions.Get("allow"), true, "may run any command unasked (permissions.allow)")
	} else if some > 0 {
		add(permissions.Get("allow"), false, "may run %d kinds of commands unasked (permissions.allow)", some)
	}
	if any, some := commands(permissions.Get("ask"), shell); any || some > 0 {
		add(permissions.Get("ask"), false, "asks before it runs some commands (permissions.ask)")
	}
	deny := permissions.Get("deny")
	if any, _ := commands(deny, shell); any {
		add(deny, false, "cannot run commands (permissions.deny)")
	}
	if reads := readRules(deny); len(reads) > 0 && len(s.denied()) == 0 {
		add(deny, false, "is denied the reading of %d patterns of files, which its commands can still open (permissions.deny)", len(reads))
	} else if len(reads) > 0 {
		add(deny, false, "is denied the reading of %d patterns of files, for its commands too", len(reads))
	}
}

// commands reports whether the rules name every command, and how many name some.
func commands(rules *tree.Node, shell string) (every bool, some int) {
	for _, rule := range rules.Strings() {
		tool, pattern := rule, ""
		if open := strings.IndexByte(rule, '('); open >= 0 && strings.HasSuffix(rule, ")") {
			tool, pattern = rule[:open], rule[open+1:len(rule)-1]
		}
		switch {
		case tool == "*" && pattern == "":
			every = true
		case tool != shell:
		case strings.Trim(pattern, ":* ") == "":
			every = true
		default:
			some++
		}
	}
	return every, some
}

// readRules returns the patterns of the rules that deny Read, "**" for one that denies it altogether.
func readRules(deny *tree.Node) []string {
	var patterns []string
	for _, rule := range deny.Strings() {
		if rule == "Read" || rule == "*" {
			patterns = append(patterns, "**")
		} else if p, ok := strings.CutPrefix(rule, "Read("); ok {
			patterns = append(patterns, strings.TrimSuffix(p, ")"))
		}
	}
	return patterns
}

// denied returns the files that neither Claude Code's file tools nor its commands can read, as patterns relative to the folder of the
// settings. The file tools go by the rules that deny Read. Commands are stopped if Bash is denied, or if they run in the sandbox, to
// which those rules apply too, and cannot leave it: by being run again outside of it unasked, or by being excluded from it.
// https://code.claude.com/docs/en/permissions https://code.claude.com/docs/en/sandboxing
func (s *session) denied() []string {
	permissions, sandbox := s.root.Get("permissions"), s.root.Get("sandbox")
	noBash, _ := commands(permissions.Get("deny"), "Bash")
	freely, _ := commands(permissions.Get("allow"), "Bash")
	freely = freely || permissions.Get("defaultMode").Str() == "bypassPermissions"
	leaves := freely && !sandbox.Get("allowUnsandboxedCommands").Is("false") || len(sandbox.Get("excludedCommands").Elements()) > 0
	held := sandbox.Get("enabled").Is("true") && !sandbox.Get("filesystem", "disabled").Is("true") && !leaves
	if !noBash && !held {
		return nil
	}
	readable := sandbox.Get("filesystem", "allowRead").Strings()
	var patterns []string
	for _, pattern := range readRules(permissions.Get("deny")) {
		if !noBash && slices.Contains(readable, pattern) {
			continue
		}
		if p, ok := relative(pattern); ok {
			patterns = append(patterns, p)
		}
	}
	return patterns
}

// relative returns a rule's path as a pattern anchored at the project's folder. A path that begins with two slashes is absolute, one
// that begins with a tilde is of the home folder: neither is of the checkout.
func relative(pattern string) (string, bool) {
	if strings.HasPrefix(pattern, "//") || strings.HasPrefix(pattern, "~") || strings.HasPrefix(pattern, "../") {
		return "", false
	}
	pattern = strings.TrimPrefix(strings.TrimPrefix(pattern, "./"), "/")
	return "/" + pattern, pattern != ""
}

// shellExcluded reports whether Gemini's settings take its shell tool away.
func (s *session) shellExcluded() bool {
	for _, excluded := range []*tree.Node{s.root.Get("tools", "exclude"), s.root.Get("excludeTools")} {
		if slices.Contains(excluded.Strings(), "run_shell_command") || slices.Contains(excluded.Strings(), "ShellTool") {
			return true
		}
	}
	return false
}

// concernsAgent reports whether an editor's settings say something of an agent.
func concernsAgent(root *tree.Node) bool {
	return slices.ContainsFunc(root.Keys(), func(n *tree.Node) bool {
		return n.Key == "mcp" || strings.HasPrefix(n.Key, "chat.") || strings.HasPrefix(n.Key, "github.copilot.")
	})
}
