package tag

import (
	"bytes"
	"strings"
)

// schemes are the words that stand before a credential in a header: https://www.iana.org/assignments/http-authschemes, and custom.
var schemes = map[string]bool{"bearer": true, "basic": true, "token": true, "apikey": true, "api-key": true, "key": true, "ssws": true, "bot": true,
	"digest": true, "oauth": true, "jwt": true, "genie": true, "private": true, "sso-key": true, "app": true, "prefect": true}

// name returns the name that the candidate is given to, and the scheme before it where that name is a header.
func (t text) name() (name, scheme string) {
	start := t.lineStart(t.at.Start)
	before := t.data[start:t.at.Start]
	before = trimQuotes(before)
	before, scheme = cutScheme(before)
	name = assignee(before)
	if isPlainSlot(name) {
		if other := t.sibling(start, before); other != "" {
			name = other
		}
	}
	if name == "" && scheme == "" && len(bytes.TrimSpace(before)) == 0 && start > 0 {
		above := t.data[t.lineStart(start-1) : start-1] // K =\n  "v"
		name = assignee(trimQuotes(bytes.TrimRight(above, " \t\r(")))
	}
	return name, scheme
}

// cutScheme cuts a scheme off the end of what stands before a value: "Bearer , "Bearer " + ".
func cutScheme(before []byte) (rest []byte, scheme string) {
	trimmed := bytes.TrimRight(before, " \t")
	if n := len(trimmed); n > 0 && (trimmed[n-1] == '+' || trimmed[n-1] == '.') {
		trimmed = trimQuotes(bytes.TrimRight(trimmed[:n-1], " \t"))
		trimmed = bytes.TrimRight(trimmed, " \t")
	} else if len(trimmed) == len(before) {
		return before, ""
	}
	i := len(trimmed)
	for i > 0 && (isNameByte(trimmed[i-1]) || trimmed[i-1] == '-') {
		i--
	}
	word := string(trimmed[i:])
	if !schemes[strings.ToLower(word)] {
		return before, ""
	}
	rest = bytes.TrimRight(trimmed[:i], " \t")
	if len(rest) == 0 || strings.IndexByte("\"'`:=(,\\", rest[len(rest)-1]) < 0 {
		return before, ""
	}
	return trimQuotes(rest), word
}

func trimQuotes(b []byte) []byte { return bytes.TrimRight(b, "\"'`\\") }

// types stand between a name and its value: let token: string = "v".
var types = map[string]bool{"string": true, "str": true, "String": true, "&str": true, "text": true, "any": true, "const": true, "SecretStr": true, "NSString": true}

// isPlainSlot reports whether the name only says that a value follows, and what it is named stands elsewhere.
func isPlainSlot(name string) bool {
	switch strings.ToLower(name) {
	case "value", "default", "defaultvalue", "default_value", "val", "content", "data":
		return true
	}
	return false
}

// assignee returns the name in front of a separator at the end of before: K=, K: , "K": , K := , env["K"] = , get("K") || , <K>,
// ENV K , --flag .
func assignee(before []byte) string {
	rest := bytes.TrimRight(before, " \t")
	spaced := len(rest) < len(before)
	n := len(rest)
	switch {
	case n == 0:
		return ""
	case strings.IndexByte("=:>|?", rest[n-1]) >= 0:
		rest = bytes.TrimRight(rest, "=:>|?-~")
	case n > 1 && rest[n-1] == '-' && rest[n-2] == ':': // ${K:-v}
		rest = rest[:n-2]
	case rest[n-1] == ',':
		rest = bytes.TrimRight(rest, ", \t")
		if len(rest) == 0 || strings.IndexByte("\"'`", rest[len(rest)-1]) < 0 {
			return ""
		}
	case spaced && bytes.HasSuffix(rest, []byte(" or")):
		rest = rest[:n-3]
	case spaced:
		return apart(rest)
	default:
		return ""
	}
	return lastName(rest)
}

// apart returns the name that a blank alone sets apart from its value: --token v, ENV K v.
func apart(rest []byte) string {
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return ""
	}
	last := string(fields[len(fields)-1])
	if strings.HasPrefix(last, "--") && len(last) <= longestName {
		return strings.TrimLeft(last, "-")
	}
	if len(fields) > 1 {
		switch strings.ToLower(string(fields[len(fields)-2])) {
		case "env", "arg", "set", "setx", "setenv", "export", "add":
			return clean(last)
		}
	}
	return ""
}

// lastName returns the identifier at the end of rest, which quotes and brackets may close.
func lastName(rest []byte) string {
	rest = bytes.TrimRight(rest, " \t\"'`\\)]}")
	i := len(rest)
	for i > 0 && (isNameByte(rest[i-1]) || rest[i-1] == '-' || rest[i-1] == '.') {
		i--
	}
	name := string(rest[i:])
	if types[name] {
		if before := bytes.TrimRight(rest[:i], " \t"); len(before) > 0 && (before[len(before)-1] == ':' || len(before) < i) {
			return lastName(bytes.TrimRight(before, ": \t?"))
		}
	}
	return clean(name)
}

// clean returns the name without dashes and points around it, "" if it is too long to be one.
func clean(name string) string {
	name = strings.Trim(name, "-.")
	if len(name) > longestName {
		return ""
	}
	return name
}

// sibling returns the name that stands beside a plain slot: name: K above value:, key="K" on the line, variable "K" { above default.
func (t text) sibling(start int, before []byte) string {
	for _, key := range []string{"name", "key", "Name", "Key", "id", "variable"} {
		if value := attribute(before, key); value != "" {
			return value
		}
	}
	name := ""
	lines := 0
	t.up(start, func(_ int, line []byte) bool {
		lines++
		if lines > 6 {
			return false
		}
		for _, key := range []string{"name", "key", "Name", "Key"} {
			if value := attribute(line, key); value != "" {
				name = value
				return false
			}
		}
		if fields := bytes.Fields(line); len(fields) >= 2 && string(fields[0]) == "variable" {
			name = clean(string(bytes.Trim(fields[1], `"{`)))
			return false
		}
		return true
	})
	return name
}

// attribute returns the value that a line gives to a key: name: K, key="K", "name": "K".
func attribute(line []byte, key string) string {
	for rest := line; ; {
		i := bytes.Index(rest, []byte(key))
		if i < 0 {
			return ""
		}
		whole := i == 0 || !isNameByte(rest[i-1])
		rest = rest[i+len(key):]
		if whole && len(rest) > 0 && !isNameByte(rest[0]) {
			if value := literal(rest); value != "" {
				return clean(value)
			}
		}
	}
}

// keyOf returns the key that a line begins with: key:, "key": {, key = {, block "name" {, [section].
func keyOf(line []byte) (string, bool) {
	line = bytes.TrimLeft(line, "- \t")
	if len(line) == 0 {
		return "", false
	}
	if line[0] == '[' {
		end := bytes.IndexByte(line, ']')
		if end < 0 || end > longestName {
			return "", false
		}
		return string(bytes.Trim(line[:end], "[] \t\"'")), true
	}
	line = bytes.TrimLeft(line, "\"'`")
	i := 0
	for i < len(line) && (isNameByte(line[i]) || strings.IndexByte("-./ ", line[i]) >= 0) {
		i++
	}
	if i == 0 || i > longestName || i == len(line) {
		return "", false
	}
	switch line[i] {
	case ':', '=', '{', '"', '\'', '`', '(':
		return string(bytes.TrimSpace(line[:i])), true
	}
	return "", false
}

// keys returns the keys and section headings that enclose the candidate, outermost first.
func (t text) keys() []string {
	start := t.lineStart(t.at.Start)
	line := t.data[start:t.lineEnd(start)]
	keys := inlineKeys(t.data[max(start, t.at.Start-4096):t.at.Start])
	level := indent(line)
	t.up(start, func(_ int, line []byte) bool {
		in := indent(line)
		if in < 0 || isComment(line[in:]) {
			return true
		}
		if line[in] == '[' && in == 0 {
			if heading, ok := keyOf(line); ok && bytes.HasSuffix(bytes.TrimSpace(line), []byte("]")) && heading != "" {
				keys = append(keys, heading)
			}
			return false
		}
		if in < level {
			level = in
			if key, ok := openedKey(line); ok {
				keys = append(keys, key)
			}
		}
		return len(keys) < deepest && (level > 0 || mayHaveSections(t.path))
	})
	for i, j := 0, len(keys)-1; i < j; i, j = i+1, j-1 {
		keys[i], keys[j] = keys[j], keys[i]
	}
	return keys
}

// mayHaveSections reports whether lines of such a file can lie under a heading in brackets.
func mayHaveSections(path string) bool {
	for _, ext := range []string{".toml", ".ini", ".cfg", ".conf", ".config", "/config", "/credentials", ".properties", "rc"} {
		if strings.HasSuffix(path, ext) {
			return true
		}
	}
	return false
}

func isComment(line []byte) bool {
	return line[0] == '#' || bytes.HasPrefix(line, []byte("//")) || line[0] == ';'
}

// openedKey returns the key of a line after which something lies deeper: it ends in a colon or an opening bracket.
func openedKey(line []byte) (string, bool) {
	line = bytes.TrimRight(line, " \t\r")
	if i := bytes.Index(line, []byte(" #")); i > 0 {
		line = bytes.TrimRight(line[:i], " \t")
	}
	if n := len(line); n == 0 || strings.IndexByte(":{[(=|>&", line[n-1]) < 0 && !bytes.Contains(line, []byte(": &")) {
		return "", false
	}
	return keyOf(bytes.TrimSpace(line))
}

// inlineKeys returns the keys of the braces that are open at the end of a line's beginning, innermost first: {"staging": {"token": "
func inlineKeys(before []byte) []string {
	var keys []string
	depth := 0
	for i := len(before) - 1; i >= 0 && len(keys) < deepest; i-- {
		switch before[i] {
		case '}', ']':
			depth++
		case '{', '[':
			if depth > 0 {
				depth--
				continue
			}
			head := bytes.TrimRight(before[:i], " \t")
			if n := len(head); n > 0 && (head[n-1] == ':' || head[n-1] == '=') {
				if key := lastName(bytes.TrimRight(head, ":= \t")); key != "" {
					keys = append(keys, key)
				}
			}
		}
	}
	return keys
}
