package tag

import (
	"bytes"
	"iter"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// keys returns what encloses the candidate, outermost first: keys of mappings, headings of sections, names of blocks, and the
// environments for which a condition takes the branch.
func (t text) keys() []string {
	keys := inlineKeys(t.before())
	lines, line := t.statements(), t.lineOf(t.at.Start)
	level := indent(t.line(line)) + 1
	if level == 1 && !mayHaveSections(t.path) {
		level = 0 // nothing is outside of it
	}
	for len(keys) < deepest && level > 0 {
		if line, level = lines.outer(line, level); line < 0 {
			break
		}
		if heading, ok := headingOf(t.line(line)); ok && level == 0 {
			keys = append(keys, heading)
		} else if key := opened(t.line(line), isHCL(t.path)); key != "" {
			keys = append(keys, key)
		}
	}
	if guard := t.guard(); guard != "" {
		keys = append(keys, guard)
	}
	if of := t.saysOfAll(); of != "" {
		keys = append(keys, of)
	}
	slices.Reverse(keys)
	return keys
}

// statements returns how lines are indented, counted from one: blank ones and comments count as none, and headings of sections are outside of all.
func (t text) statements() *nesting {
	if t.code == nil {
		sections := mayHaveSections(t.path)
		t.code = &nesting{window: t.window, level: func(line []byte) int {
			in := indent(line)
			if in < 0 || isComment(line[in:]) {
				return -1
			}
			if sections {
				if _, ok := headingOf(line); ok {
					return 0
				}
			}
			return in + 1
		}}
	}
	return t.code
}

// topKey returns the key at the beginning of a line below which the candidate stands, "" if an anchor stands on the way: other sections can then take
// over what stands in it. https://yaml.org/spec/1.2.2/#3222-anchors-and-aliases
func (t text) topKey() string {
	key, whole := "", true
	see := func(line []byte) bool {
		in := indent(line)
		if in < 0 || isComment(line[in:]) {
			return true
		}
		whole = whole && bytes.IndexByte(line, '&') < 0
		if in == 0 {
			key, _ = keyOf(line)
		}
		return whole && in > 0
	}
	start := t.lineStart(t.at.Start)
	if see(t.data[start:t.at.Start]) {
		t.up(start, func(at int, line []byte) bool { return at > t.at.Start-near && see(line) })
	}
	if !whole {
		return ""
	}
	return key
}

// guard returns the environments that the condition behind the candidate's statement compares with: "…" if Rails.env.production?
func (t text) guard() string {
	rest := t.data[t.at.End:min(t.lineEnd(t.at.End), t.at.End+longLine)]
	for _, word := range []string{" if ", " unless "} {
		if i := bytes.Index(rest, []byte(word)); i >= 0 {
			condition, _, _ := bytes.Cut(rest[i:], []byte(" else "))
			return compared(condition)
		}
	}
	return ""
}

// documentExpr is what a document of YAML says of all of itself: the namespace of an object of a cluster, or the profile that it is for.
// https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
// https://docs.spring.io/spring-boot/reference/features/external-config.html
var documentExpr = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^["']?[ \t]*:[ \t]*["']?([A-Za-z0-9][A-Za-z0-9._-]{0,62})\b`)
})

// documentWords are the words that documentExpr follows.
var documentWords = []string{"namespace", "on-profile"}

// saysOfAll returns what the document of a YAML file that holds the candidate says of all of itself: "namespace production".
func (t text) saysOfAll() string {
	if !strings.HasSuffix(t.path, ".yml") && !strings.HasSuffix(t.path, ".yaml") {
		return ""
	}
	at := t.document(t.at)
	says, known := t.documents[at]
	if !known {
		says = saidOf(t.data[at.Start:at.End])
		if t.documents == nil {
			t.documents = map[detectors.Span]string{}
		}
		t.documents[at] = says
	}
	return says
}

func saidOf(document []byte) string {
	for word, value := range said(document) {
		if word == "namespace" && !bytes.Contains(document, []byte("kind:")) {
			continue
		}
		return word + " " + value
	}
	return ""
}

// said returns the first words of documents in a text, with what follows them. Every candidate asks of its whole document, so the words are
// searched as bytes, and only what follows them as a pattern: of a scan of gumroad, whose recorded requests are long documents with many
// candidates each, half of the processor time went into a pattern of both.
func said(document []byte) iter.Seq2[string, string] {
	return func(yield func(word, value string) bool) {
		var next [2]int // where each word stands next
		find := func(n, from int) {
			if i := bytes.Index(document[from:], []byte(documentWords[n])); i >= 0 {
				next[n] = from + i
			} else {
				next[n] = len(document)
			}
		}
		find(0, 0)
		find(1, 0)
		for count := 0; count < deepest; {
			n := 0
			if next[1] < next[0] {
				n = 1
			}
			at := next[n]
			if at == len(document) {
				return
			}
			end := at + len(documentWords[n])
			m := documentExpr().FindSubmatch(document[end:])
			if m == nil || at > 0 && isNameByte(document[at-1]) {
				find(n, end)
				continue
			}
			if count++; !yield(documentWords[n], string(m[1])) {
				return
			}
			end += len(m[0])
			for n := range next {
				if next[n] < end {
					find(n, end)
				}
			}
		}
	}
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

// headingOf returns the heading that a line is: [section], [[array.of.tables]].
func headingOf(line []byte) (string, bool) {
	line = bytes.TrimRight(line, " \t\r")
	if len(line) < 3 || line[0] != '[' || line[len(line)-1] != ']' || len(line) > longestName {
		return "", false
	}
	heading := clean(string(bytes.Trim(line, "[] \t\"'")))
	return heading, heading != ""
}

func isHCL(path string) bool {
	return strings.HasSuffix(path, ".tf") || strings.HasSuffix(path, ".hcl") || strings.HasSuffix(path, ".tfvars") || strings.HasSuffix(path, ".nomad")
}

func isComment(line []byte) bool {
	return line[0] == '#' || bytes.HasPrefix(line, []byte("//")) || line[0] == ';' || line[0] == '*'
}

// opened returns what a line opens for those that lie deeper, "" if nothing has a name: the key of a mapping, the pattern of a case,
// the environments that a condition compares with, the name and labels of a block.
func opened(line []byte, labelled bool) string {
	line = bytes.TrimSpace(line)
	if i := bytes.Index(line, []byte(" #")); i > 0 {
		line = bytes.TrimRight(line[:i], " \t")
	}
	n := len(line)
	if n == 0 || n > 4*longestName {
		return ""
	}
	if line[n-1] == ')' && !bytes.ContainsRune(line, '(') && n <= longestName { // staging)
		return clean(string(line[:n-1]))
	}
	opens := strings.IndexByte(":{[(=|>&", line[n-1]) >= 0 || bytes.Contains(line, []byte(": &"))
	if !opens && !bytes.HasSuffix(line, []byte(" do")) && !bytes.HasSuffix(line, []byte("then")) {
		return ""
	}
	if isCondition(line) {
		return compared(line)
	}
	if block, ok := bytes.CutSuffix(line, []byte(" do")); ok && len(block) <= longestName && !bytes.ContainsAny(block, "\"'`") {
		return clean(string(block)) // configure :production do
	}
	key, ok := keyOf(line)
	if !ok {
		return ""
	}
	if labelled {
		for _, label := range quoted(line) {
			key += " " + label
		}
	}
	return key
}

// isCondition reports whether a line chooses a branch: if, elif, case, when, unless, switch.
func isCondition(line []byte) bool {
	line = bytes.TrimLeft(line, "} \t")
	word, _, _ := bytes.Cut(line, []byte(" "))
	switch string(bytes.TrimRight(word, "(:[")) {
	case "if", "elif", "elsif", "else", "case", "when", "unless", "switch", "while":
		return true
	}
	return false
}

// compared returns the environments, as written, that a condition compares with; none if it is negated.
func compared(line []byte) string {
	for _, negation := range []string{"!", "unless", " not ", "-ne ", "<>"} {
		if bytes.Contains(line, []byte(negation)) {
			return ""
		}
	}
	var found []string
	for _, word := range append(quoted(line), predicates(line)...) {
		if environ.Value(word) != 0 {
			found = append(found, word)
		}
	}
	return strings.Join(found, " ")
}

// predicates returns the names of methods that ask something, without the question mark: production for Rails.env.production?
func predicates(line []byte) []string {
	var words []string
	for i := bytes.IndexByte(line, '?'); i > 0; {
		start := i
		for start > 0 && isNameByte(line[start-1]) {
			start--
		}
		if start > 0 && line[start-1] == '.' && start < i && i-start <= 40 {
			words = append(words, string(line[start:i]))
		}
		next := bytes.IndexByte(line[i+1:], '?')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return words
}

// quoted returns the short words of a line that stand in quotes, or after a colon or an equals sign.
func quoted(line []byte) []string {
	var words []string
	for i := 0; i < len(line); {
		end := i
		for end < len(line) && (isNameByte(line[end]) || line[end] == '-') {
			end++
		}
		if end == i {
			i++
			continue
		}
		before := bytes.TrimRight(line[:i], " \t")
		if n := len(before); n > 0 && end-i <= 40 && (line[i-1] == '"' || line[i-1] == '\'' || line[i-1] == '`' || before[n-1] == ':' || before[n-1] == '=') {
			if word := clean(string(line[i:end])); word != "" {
				words = append(words, word)
			}
		}
		i = end
	}
	return words
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
