package tag

import (
	"bytes"
	"slices"
	"strings"
)

// schemes are the words that stand before a credential in a header: https://www.iana.org/assignments/http-authschemes, and custom.
var schemes = map[string]bool{"bearer": true, "basic": true, "token": true, "apikey": true, "api-key": true, "key": true, "ssws": true, "bot": true,
	"digest": true, "oauth": true, "jwt": true, "genie": true, "private": true, "sso-key": true, "app": true, "flyv1": true}

// name returns the name that the candidate is given to, and the scheme before it where that name is a header.
func (t text) name() (name, scheme string) {
	start := t.lineStart(t.at.Start)
	before := trimQuotes(t.before())
	if n := len(before); n > 0 && (before[n-1] == '{' || before[n-1] == '?') { // the value is an object's inside, or a query
		before = trimQuotes(before[:n-1])
	}
	before = trimQuotes(bytes.TrimSuffix(before, []byte("jdbc:")))
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

// near is how far around a candidate its variable, and the section that it stands in, are looked for, and before how far before that a header.
const near, before = 16 << 10, 64

// bearers are what methods are called that send their argument as a bearer token: of reqwest, Laravel's client, Ktor.
var bearers = []string{"bearer", "bearer_auth", "bearerauth", "bearertoken", "bearertokens", "withtoken"}

// sentAs returns the header that the candidate's variable is put into close by, as it is written, in whatever language: "Bearer #{NAME}",
// 'Bearer ' . NAME, bearer_auth(NAME), Bearer {{name}}, "Project-Access-Token: $NAME". Code that is followed says the same by where values flow.
// Of variables of one name in several functions it is not known which is sent how: two headers say nothing.
func (t text) sentAs(k *Knowledge, name, scheme string) (header, as string) {
	const shortest, most = 3, 16
	if len(name) < shortest {
		return "", scheme
	}
	from := max(0, t.at.Start-near)
	around := t.data[from:min(len(t.data), t.at.End+near)]
	for at, tries := 0, 0; tries < most; tries++ {
		i := bytes.Index(around[at:], []byte(name))
		if i < 0 {
			break
		}
		start := at + i
		at = start + len(name)
		if at < len(around) && isNameByte(around[at]) || start > 0 && isNameByte(around[start-1]) {
			continue
		}
		line := around[max(0, start-before):start]
		one, oneAs := k.headerBefore(line[bytes.LastIndexByte(line, '\n')+1:])
		switch {
		case one == "":
		case header == "":
			header, as = one, oneAs
		case !strings.EqualFold(header, one):
			return "", scheme
		}
	}
	if header == "" {
		return "", scheme
	}
	return header, as
}

// headerBefore returns the header that a variable is put into behind the beginning of a line.
func (k *Knowledge) headerBefore(line []byte) (header, scheme string) {
	for _, object := range []string{"this->", "this.", "self.", "ENV["} {
		line = bytes.TrimSuffix(bytes.TrimRight(line, "\"'"), []byte(object))
	}
	line = bytes.TrimRight(line, " \t\"'`+.,#$%{}()[@&:=<>-")
	word := len(line)
	for word > 0 && (isNameByte(line[word-1]) || line[word-1] == '-') {
		word--
	}
	switch lower := strings.ToLower(string(line[word:])); {
	case slices.Contains(bearers, lower):
		return "Authorization", "Bearer"
	case k.headers[lower] && lower != "authorization" && strings.Contains(lower, "-"):
		return string(line[word:]), ""
	}
	return "", ""
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

// clean returns the name without dashes and points around it, "" if it is too long to be one, or may be a credential itself, as the
// user in user:password.
func clean(name string) string {
	name = strings.Trim(name, "-.")
	if len(name) > longestName || looksRandom(name) {
		return ""
	}
	return name
}

// looksRandom reports whether a part of the name, between separators, is no word: it is very long, or capitals alone, has several
// digits within, or changes between small letters, capitals and digits more often than camel case does.
func looksRandom(name string) bool {
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return !isNameByte(byte(r)) || r > 0x7f || r == '_' }) {
		inner := strings.Trim(part, "0123456789")
		digits, changes, capitals := 0, 0, 0
		for i := range len(inner) {
			if class(inner[i]) == 'd' {
				digits++
			}
			if class(inner[i]) == 'U' {
				capitals++
			}
			if i > 0 && class(inner[i]) != class(inner[i-1]) {
				changes++
			}
		}
		switch n := len(part); {
		case n > 40, n >= 20 && capitals == len(inner), n >= 10 && digits >= 3, n >= 16 && changes*100 > 45*n:
			return true
		}
	}
	return false
}

// class returns whether a byte is a digit (d), a capital (U) or another letter (l).
func class(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return 'd'
	case isUpper(c):
		return 'U'
	}
	return 'l'
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
		line = line[max(0, len(line)-longLine):]
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

// attribute returns the value that a line gives to a key, the last where entries follow each other: name: K, key="K", "name": "K".
func attribute(line []byte, key string) string {
	for end := len(line); ; {
		i := bytes.LastIndex(line[:end], []byte(key))
		if i < 0 {
			return ""
		}
		end = i
		rest := line[i+len(key):]
		if (i == 0 || !isNameByte(line[i-1])) && len(rest) > 0 && !isNameByte(rest[0]) {
			if value := valueOf(rest); value != "" {
				return clean(value)
			}
		}
	}
}

// keyOf returns the key that a line begins with: key:, "key": {, key = {, block "name" {.
func keyOf(line []byte) (string, bool) {
	line = bytes.TrimLeft(line, "- \t")
	if len(line) == 0 {
		return "", false
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
		name := clean(string(bytes.TrimSpace(line[:i])))
		return name, name != ""
	}
	return "", false
}
