package agentfiles

import (
	"path"
	"slices"
	"strings"
)

// Wall is how a coding agent can be told to keep from files.
type Wall struct {
	Tool  string // for people
	File  string // in which it is told, relative to the root
	Rules bool   // the file is settings of Claude Code's, whose rules deny; otherwise it lists patterns as .gitignore does
	Holds string // for people: which of its tools obey, and which do not
}

// rulesFile is what a team's settings of Claude Code are called.
const rulesFile = ".claude/settings.json"

// Walls returns how the tools can be told that have a file of their own at the root of a repository with these paths, and the names of those
// that cannot. AGENTS.md is nobody's own.
func Walls(paths []string) (walls []Wall, deaf []string) {
	for i := range tools {
		t := &tools[i]
		if !slices.ContainsFunc(paths, t.owns) {
			continue
		}
		w := Wall{Tool: t.title}
		switch {
		case t.name == "claude":
			w.File, w.Rules = rulesFile, true
			w.Holds = "its file tools obey; its commands, such as cat, only if Bash is denied or sandboxed, and only then does a scan count the rules"
		case t.listed() == "":
			deaf = append(deaf, t.title)
			continue
		case t.ignore != "":
			w.File = t.ignore
			w.Holds = "its file tools obey; its commands, such as cat, only if its shell tool is excluded, and only then does a scan count the list"
		default:
			w.File = t.listed()
			w.Holds = "its file tools obey; its commands, such as cat, do not, so a scan does not count the list"
		}
		walls = append(walls, w)
	}
	return walls, deaf
}

// owns reports whether a file at the root of a repository, or in a folder of the tool's there, is settings, instructions or an ignore file of this
// tool and of no other.
func (t *tool) owns(file string) bool {
	switch {
	case project(file) != "":
		return false
	case ignoreFiles[file] == t.name:
		return true
	case matchesAny(t.settings, file):
		return file != ".vscode/settings.json" // an editor's, whatever it says of agents
	}
	return matchesAny(t.instructions, file) && !strings.HasPrefix(path.Base(file), "AGENTS.")
}

// listed returns the tool's ignore file, "" if it has none.
func (t *tool) listed() string {
	if t.ignore != "" {
		return t.ignore
	}
	listed := ""
	for file, tool := range ignoreFiles {
		if tool == t.name && (listed == "" || file < listed) {
			listed = file
		}
	}
	return listed
}

// Rule returns the rule of Claude Code's settings, or the pattern of an ignore file, that means one file: a path, relative to the root.
func (w Wall) Rule(file string) string {
	var b strings.Builder
	for _, r := range file {
		if strings.ContainsRune(`\*?[]`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	text := b.String()
	if w.Rules {
		return "Read(./" + text + ")"
	}
	if strings.HasSuffix(text, " ") { // which would be left out
		text = strings.TrimSuffix(text, " ") + `\ `
	}
	return "/" + text
}
