package gitleaks

import (
	"bufio"
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// Ignore is a set of fingerprints, as .gitleaksignore lists them: path:rule:line, or commit:path:rule:line for one commit only.
type Ignore map[Fingerprint]bool

// Fingerprint says which findings are meant: those of a rule that begin on a line of a file.
type Fingerprint struct {
	Commit string // empty: in any commit, and in none
	Path   string // slash-separated, as the file says
	Rule   string
	Line   int // 1-based
}

// ParseIgnore reads a .gitleaksignore file: one fingerprint a line, lines that begin with # are comments. Other lines are noted and
// left out. Paths may hold colons.
func ParseIgnore(data []byte, name string) (Ignore, []Note) {
	ignore, notes := Ignore{}, []Note(nil)
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, len(data)+1)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		f, ok := parseFingerprint(text)
		if !ok {
			notes = append(notes, Note{name, n, "this is no fingerprint, path:rule:line or commit:path:rule:line, and is ignored"})
			continue
		}
		ignore[f] = true
	}
	return ignore, notes
}

func parseFingerprint(text string) (Fingerprint, bool) {
	fields := strings.Split(text, ":")
	if len(fields) < 3 {
		return Fingerprint{}, false
	}
	last := len(fields) - 1
	line, err := strconv.Atoi(fields[last])
	if err != nil {
		return Fingerprint{}, false
	}
	f := Fingerprint{Rule: fields[last-1], Line: line}
	path := fields[:last-1]
	if len(path) > 1 && isCommit(path[0]) {
		f.Commit, path = path[0], path[1:]
	}
	f.Path = strings.ReplaceAll(strings.Join(path, ":"), `\`, "/")
	return f, true
}

func isCommit(text string) bool {
	return len(text) >= 7 && strings.Trim(text, "0123456789abcdef") == ""
}

// Has reports whether findings of the rule that begin on the line of the file are to be ignored. The commit is empty outside the history.
func (g Ignore) Has(commit, path, rule string, line int) bool {
	f := Fingerprint{Path: path, Rule: rule, Line: line}
	if g[f] {
		return true
	}
	f.Commit = commit
	return g[f]
}

// String returns the fingerprint as .gitleaksignore has it.
func (f Fingerprint) String() string {
	text := fmt.Sprintf("%s:%s:%d", f.Path, f.Rule, f.Line)
	if f.Commit != "" {
		text = f.Commit + ":" + text
	}
	return text
}
