package tag

import (
	"bytes"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// text is a span of a file that holds a candidate, and what surrounds it. What surrounds the span is read by indentation and punctuation alone,
// whatever the file's language is: it is evidence, and what a language really says is the analyzers' work.
type text struct {
	*File
	*window
	at detectors.Span
}

// How far the surroundings are read, so that a candidate costs the same in a file of any size.
const (
	farthest    = 64 << 10 // bytes up and down, at least
	longestRun  = 60       // lines of a statement
	longLine    = 4 << 10  // bytes of the candidate's line on either side: a longer one, of minified code or of a dump, is no statement and no record
	longRecord  = 4 << 10  // bytes of a record whose hosts count
	longestName = 80       // bytes of a name
	deepest     = 12       // enclosing keys
)

// at returns the surroundings of a span, which is moved into the text.
func (f *File) at(span detectors.Span) text {
	span.Start = max(0, min(span.Start-f.base, len(f.text)))
	span.End = max(span.Start, min(span.End-f.base, len(f.text)))
	w := f.windowOf(span)
	return text{f, w, detectors.Span{Start: span.Start - w.from, End: span.End - w.from}}
}

// before returns what stands before the candidate in its line, as far as it is near.
func (t text) before() []byte {
	return t.data[max(t.lineStart(t.at.Start), t.at.Start-longLine):t.at.Start]
}

// within clips a span to what is near the candidate where its line is longer than any statement or record.
func (t text) within(s detectors.Span) detectors.Span {
	if near := max(0, t.at.Start-longLine); bytes.IndexByte(t.data[near:t.at.Start], '\n') < 0 {
		s.Start = max(s.Start, near)
	}
	if near := min(len(t.data), t.at.End+longLine); bytes.IndexByte(t.data[t.at.End:near], '\n') < 0 {
		s.End = min(s.End, near)
	}
	return s
}

// isAll reports whether the candidate is all that the file holds.
func (t text) isAll() bool {
	return t.from+t.base == 0 && len(bytes.TrimSpace(t.data)) == t.at.End-t.at.Start
}

// indent returns how many blanks a line begins with, -1 for one without anything else.
func indent(line []byte) int {
	for i, c := range line {
		if c != ' ' && c != '\t' && c != '\r' {
			return i
		}
	}
	return -1
}

// up yields the lines above an offset that begins a line, nearest first, with the offset of each, until yield is false.
func (t text) up(offset int, yield func(start int, line []byte) bool) {
	for i := t.lineOf(offset) - 1; i >= 0 && yield(t.starts[i], t.line(i)); i-- {
	}
}

// down yields the lines below an offset that ends a line, nearest first, with the end of each, until yield is false.
func (t text) down(offset int, yield func(end int, line []byte) bool) {
	for i := t.lineOf(offset) + 1; i < len(t.starts) && yield(t.end(i), t.line(i)); i++ {
	}
}

// allowed returns the comment on the candidate's lines that says that it is no leak to report.
func (t text) allowed() string {
	lines := detectors.Span{Start: t.lineStart(t.at.Start), End: t.lineEnd(t.at.End)}
	mark, known := t.allows[lines]
	if !known {
		mark = t.allowing(lines)
		if t.allows == nil {
			t.allows = map[detectors.Span]string{}
		}
		t.allows[lines] = mark
	}
	return mark
}

func (t text) allowing(s detectors.Span) string {
	lines := t.data[s.Start:s.End]
	for _, mark := range allowances {
		if bytes.Contains(lines, []byte(mark)) {
			return mark
		}
	}
	// detect-secrets' comment for the line below it.
	if i := t.lineOf(s.Start); i > 0 && bytes.Contains(t.line(i-1), []byte(allowNextLine)) {
		return allowNextLine
	}
	if i := bytes.Index(lines, []byte("nosec")); i > 0 && bytes.ContainsAny(lines[max(0, i-3):i], "#/-") {
		return "nosec"
	}
	return ""
}

const allowNextLine = "pragma: allowlist nextline secret"

// allowances are the comments by which scanners are told to pass over a line.
var allowances = []string{
	"stagewall:allow",
	"gitleaks:allow",
	"betterleaks:allow",
	"trufflehog:ignore",
	"kingfisher:ignore",
	"pragma: allowlist secret",
	"pragma: whitelist secret",
	"ggignore",
	"ggshield:ignore",
}

// statement returns the span of the statement that holds the candidate: its lines, those joined to them by a continuation at a
// line's end, and the call whose arguments they are.
func (t text) statement() detectors.Span {
	s := detectors.Span{Start: t.lineStart(t.at.Start), End: t.lineEnd(t.at.End)}
	s = t.continued(s)
	if call, ok := t.call(s); ok {
		s = t.continued(call)
	}
	return detectors.Span{Start: max(s.Start, t.at.Start-longLine), End: min(s.End, t.at.End+longLine)}
}

// continued adds the lines that a backslash, a backtick or a caret at a line's end joins.
func (t text) continued(s detectors.Span) detectors.Span {
	lines := 0
	t.up(s.Start, func(start int, line []byte) bool {
		lines++
		if !continues(line) || lines > longestRun {
			return false
		}
		s.Start = start
		return true
	})
	last := t.data[t.lineStart(s.End):s.End]
	t.down(s.End, func(end int, line []byte) bool {
		lines++
		if !continues(last) || lines > 2*longestRun {
			return false
		}
		s.End, last = end, line
		return true
	})
	return s
}

func continues(line []byte) bool {
	line = bytes.TrimRight(line, " \t\r")
	if len(line) == 0 {
		return false
	}
	switch line[len(line)-1] {
	case '\\', '^':
		return true
	case '`': // PowerShell; a closing backtick of JavaScript has its opening one before it
		return bytes.Count(line, []byte("`"))%2 == 1
	}
	return false
}

// call returns the span of the call whose arguments the lines of s are: from the nearest line further out that opens a parenthesis
// to where the indentation is back.
func (t text) call(s detectors.Span) (detectors.Span, bool) {
	first := t.data[s.Start:t.lineEnd(s.Start)]
	level := indent(first)
	begin, found := s.Start, opens(first)
	lines := 0
	if !found {
		t.up(s.Start, func(start int, line []byte) bool {
			lines++
			in := indent(line)
			if lines > longestRun || level <= 0 {
				return false
			}
			if in < 0 || in >= level {
				return true
			}
			if opens(line) {
				begin, level, found = start, in, true
				return false
			}
			level = in
			return isKeyOpener(line) || bytes.HasPrefix(line[in:], []byte("."))
		})
	}
	if !found {
		return s, false
	}
	s.Start = begin
	t.down(s.End, func(end int, line []byte) bool {
		lines++
		in := indent(line)
		if in >= 0 && in <= level && !bytes.ContainsRune([]byte(")}]"), rune(line[in])) || lines > 2*longestRun {
			return false
		}
		s.End = end
		return in < 0 || in > level
	})
	return s, true
}

// opens reports whether a line opens a parenthesis and does not close it.
func opens(line []byte) bool { return bytes.Count(line, []byte("(")) > bytes.Count(line, []byte(")")) }

// isKeyOpener reports whether a line is a key whose object or list begins: headers: {
func isKeyOpener(line []byte) bool {
	line = bytes.TrimSpace(line)
	if len(line) == 0 || !bytes.ContainsAny(line[len(line)-1:], "{[:") {
		return false
	}
	name, ok := keyOf(line)
	return ok && name != ""
}

// record returns the span of the mapping or list that the candidate's line belongs to: the lines around it that are indented as it is,
// or deeper. In a list of names and values it is the list. A candidate that is not indented belongs to the whole text. A line that goes on
// from the one above it, which ends in a backslash, is indented as that is.
func (t text) record() detectors.Span {
	first := t.firstLine(t.lineOf(t.at.Start))
	start, line, lines := t.starts[first], t.line(first), t.lines()
	level := indent(line)
	if level <= 0 {
		return t.within(detectors.Span{End: len(t.data)})
	}
	if isPlainSlot(assignee(trimQuotes(t.data[max(start, t.at.Start-longLine):t.at.Start]))) && !bytes.HasPrefix(line[level:], []byte("{")) {
		if outer, is := lines.outer(first, level); outer >= 0 {
			level = max(is, 1)
		}
	}
	isObject := isItem(line) && bytes.Contains(line, []byte(": ")) && !bytes.HasPrefix(line[level:], []byte("- name:"))
	s := detectors.Span{Start: start, End: len(t.data)}
	below := level
	if isObject {
		below++
	} else if outer, _ := lines.outer(first, level); outer >= 0 && isItem(t.line(outer)) {
		s.Start = t.starts[outer] // the first key of the element of a list that the candidate's line belongs to
	} else {
		s.Start = t.starts[outer+1]
	}
	if after := lines.after(t.lineOf(t.at.End), below); after < len(t.starts) {
		s.End = t.end(after - 1)
	}
	return t.within(s)
}

// isItem reports whether a line begins an element of a list.
func isItem(line []byte) bool {
	in := indent(line)
	return in >= 0 && bytes.HasPrefix(line[in:], []byte("- "))
}

// hosts returns the hosts that are named in the candidate's statement, in its record where the file holds data, by the variable that goes
// with the candidate's, and by the contexts of a kubeconfig. A host is what follows "://", or a word that is the host of a provider.
// Those that go with the candidate, by a name or by a program's flag, are returned apart as well: the others may be a proxy's, a link's, or
// stand in a command beside.
func (t text) hosts(k *Knowledge, variable string) (hosts, own []string) {
	add := func(host string) {
		if host != "" && !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	own = t.servers()
	flagged := func(host string) {
		if !slices.Contains(own, host) {
			own = append(own, host)
		}
	}
	t.eachHost(t.statement(), k, add, flagged)
	if t.isData() {
		if r := t.record(); r.End-r.Start < longRecord && r.Start > 0 {
			t.eachHost(r, k, add, flagged)
		}
	}
	if host := t.companion(variable); host != "" && !slices.Contains(own, host) {
		own = append(own, host)
	}
	for _, host := range own {
		add(host)
	}
	slices.Sort(hosts)
	return hosts, own
}

// mentionsHeader reports whether the candidate's statement speaks of headers.
func (t text) mentionsHeader() bool {
	s := t.statement()
	statement := bytes.ToLower(t.data[s.Start:s.End])
	return bytes.Contains(statement, []byte("header")) || bytes.Contains(statement, []byte("-h \"")) || bytes.Contains(statement, []byte("-h '"))
}

// companion returns the host that a variable of the same record is set to whose name differs from the candidate's only in the noun:
// DB_HOST beside DB_PASSWORD, host beside password, ACME_URL beside ACME_TOKEN.
func (t text) companion(variable string) string {
	base, style := withoutNoun(variable)
	if style == nil {
		return ""
	}
	record := t.record()
	if base == "" && variable == strings.ToUpper(variable) && !t.has(record, "HOST") { // HOST=, of a shell, is the own one
		return ""
	}
	for _, base := range []string{base, withoutAuth(base)} { // ARGOCD_SERVER beside ARGOCD_AUTH_TOKEN
		for _, noun := range []string{"HOST", "URL", "HOSTNAME", "ENDPOINT", "SERVER", "URI", "ADDR"} {
			value := t.assigned(record, base+style(noun), t.commented())
			if host := t.hostIn(record, base+style(noun), value); host != "" {
				return host
			}
			if base != "" && noun != "URL" && noun != "URI" && isLabel(value) { // DB_HOST=db, which is a service of compose's or of a cluster's
				return value
			}
		}
	}
	return ""
}

// isTag reports whether the candidate is the tag of an image, whose name a path ends in: registry.acme.example/shop/api:v1
// (https://github.com/distribution/reference).
func (t text) isTag() bool {
	before, ok := bytes.CutSuffix(t.before(), []byte(":"))
	if !ok {
		return false
	}
	word := before[bytes.LastIndexAny(before, " \t\"'`=,([{")+1:]
	slash := bytes.LastIndexByte(word, '/')
	return slash > 0 && word[slash-1] != '/' && !bytes.Contains(word, []byte("://")) && !bytes.ContainsAny(word, "@$")
}

// commented reports whether the candidate stands in a comment: only then what others say in comments is said of it.
func (t text) commented() bool { return isRemark(t.data[t.lineStart(t.at.Start):t.at.Start]) }

// isRemark reports whether a line, or its beginning, is a comment.
func isRemark(line []byte) bool {
	in := indent(line)
	return in >= 0 && isComment(line[in:])
}

// withoutNoun cuts the noun of a credential off a name's end, and returns how nouns are written in it.
func withoutNoun(name string) (base string, style func(string) string) {
	for _, noun := range []string{"PASSWORD", "PASSWD", "PASS", "PWD", "API_TOKEN", "ACCESS_TOKEN", "TOKEN", "API_KEY", "KEY", "SECRET"} {
		lower := strings.ToLower(noun)
		for _, s := range []func(string) string{
			func(s string) string { return s },
			strings.ToLower,
			func(s string) string { return s[:1] + strings.ToLower(s[1:]) },
		} {
			if base, found := strings.CutSuffix(name, s(noun)); found && (base != "" || s(noun) == lower || s(noun) == noun) {
				return base, s
			}
		}
	}
	return "", nil
}

// withoutAuth cuts the words off a name's end that say no more than that a credential follows.
func withoutAuth(base string) string {
	for _, word := range []string{"AUTH_", "API_", "ACCESS_", "auth_", "api_", "access_", "Auth", "Api", "Access"} {
		if rest, ok := strings.CutSuffix(base, word); ok && rest != "" {
			return rest
		}
	}
	return base
}

// hostIn returns the host in the value that the text in a span gives to a variable, a URL or the host alone; "" if there is none.
func (t text) hostIn(s detectors.Span, variable, value string) string {
	if value == "http" || value == "https" || value == "tcp" || value == "jdbc" {
		piece := t.data[s.Start:s.End]
		i := bytes.Index(piece, []byte(variable))
		if _, after, found := bytes.Cut(piece[i:], []byte("://")); found {
			return authorityHost(after)
		}
	}
	if strings.IndexByte(value, '.') < 0 && strings.IndexByte(value, '-') < 0 {
		return ""
	}
	return strings.ToLower(value)
}

// isLabel reports whether the text is one label of a host's name, in small letters, as services are called, and none that is the own host's.
func isLabel(text string) bool {
	return len(text) > 1 && 'a' <= text[0] && text[0] <= 'z' && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == "" &&
		text != "localhost" && text != "true" && text != "false" && text != "null" && text != "none"
}

// isData reports whether the file's name says that it holds records of data.
func (t text) isData() bool {
	for _, ext := range []string{".yml", ".yaml", ".json", ".toml"} {
		if strings.HasSuffix(t.path, ext) {
			return true
		}
	}
	return false
}

// eachHost calls add for the hosts in the span, with the candidate's own bytes masked, and flagged for those behind a flag that takes a host.
func (t text) eachHost(s detectors.Span, k *Knowledge, add, flagged func(string)) {
	piece := bytes.Clone(t.data[s.Start:s.End])
	if !t.commented() {
		blankComments(piece)
	}
	for i := max(s.Start, t.at.Start); i < min(s.End, t.at.End); i++ {
		piece[i-s.Start] = 'x'
	}
	for rest := piece; ; {
		_, after, found := bytes.Cut(rest, []byte("://"))
		if !found {
			break
		}
		add(authorityHost(after))
		rest = after
	}
	flag := false // the word before is a flag that takes a host
	for word := range bytes.FieldsFuncSeq(piece, func(r rune) bool { return !isHostRune(r) }) {
		if len(word) < 128 && bytes.IndexByte(word, '.') > 0 {
			host := strings.ToLower(string(word))
			switch {
			case flag && word[0] != '-':
				flagged(host)
			case k.isHost(host):
				add(host)
			}
		}
		flag = hostFlags[string(word)]
	}
}

// blankComments overwrites the lines that are comments.
func blankComments(piece []byte) {
	for line := range bytes.Lines(piece) {
		if isRemark(line) {
			for i := range line[:len(line)-1] {
				line[i] = ' '
			}
		}
	}
}

func (k *Knowledge) isHost(host string) bool {
	if len(k.hosts[host]) > 0 {
		return true
	}
	return slices.ContainsFunc(k.domains, func(d domain) bool { return strings.HasSuffix(host, d.suffix) })
}

// authorityHost returns the host of a URL after its "://", lower case and without port; "" if a template leaves it open.
func authorityHost(after []byte) string {
	end := bytes.IndexFunc(after, func(r rune) bool { return strings.ContainsRune("/?#\"'`<> \t\r\n\\,;)", r) })
	if end < 0 {
		end = min(len(after), 512)
	}
	authority := after[:end]
	if at := bytes.LastIndexByte(authority, '@'); at >= 0 {
		authority = authority[at+1:]
	}
	if colon := bytes.LastIndexByte(authority, ':'); colon >= 0 {
		authority = authority[:colon]
	}
	if len(authority) == 0 || len(authority) > 253 || bytes.ContainsFunc(authority, func(r rune) bool { return !isHostRune(r) }) {
		return ""
	}
	return strings.ToLower(string(authority))
}

func isHostRune(r rune) bool {
	return r == '.' || r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// beside returns what a variable beside the candidate is set to: in its section, or else in its record. One that is set to several values
// says nothing.
func (t text) beside(variable string) string {
	record := t.record()
	if section := t.section(record, t.at); section != record {
		if value := t.assigned(section, variable, t.commented()); value != "" {
			return value
		}
	}
	return t.assigned(record, variable, t.commented())
}

// assigned returns the one literal value that the text gives to a variable, "" if there is none or more than one. Lines that are comments
// count only with comments.
func assigned(piece []byte, variable string, comments bool) string {
	found := ""
	for rest := piece; ; {
		i := bytes.Index(rest, []byte(variable))
		if i < 0 {
			return found
		}
		at := len(piece) - len(rest) + i
		whole := at == 0 || !isNameByte(piece[at-1])
		if whole && !comments {
			whole = !isRemark(piece[bytes.LastIndexByte(piece[:at], '\n')+1 : at])
		}
		rest = rest[i+len(variable):]
		if !whole || len(rest) == 0 || isNameByte(rest[0]) {
			continue
		}
		value := valueOf(rest)
		if value == "" {
			continue
		}
		if found != "" && found != value {
			return ""
		}
		found = value
	}
}

// valueOf returns the plain value that follows a name: =v, : v, ": "v", or value: v on the line below.
func valueOf(after []byte) string {
	s := literal(after)
	return string(after[s.Start:s.End])
}

// literal returns where the plain value stands that follows a name; its end is 0 if there is none.
func literal(after []byte) detectors.Span {
	start, handed := argument(after)
	rest := after
	if handed {
		rest = after[:min(len(after), start+256)]
	} else {
		named := bytes.TrimLeft(after, "\"'`]),; \t\r\n")
		named = bytes.TrimPrefix(bytes.TrimPrefix(named, []byte("value")), []byte(`"`))
		named = bytes.TrimLeft(named, " \t")
		if len(named) == 0 || named[0] != '=' && named[0] != ':' || bytes.HasPrefix(named, []byte(":-")) { // a default of a shell's says what holds where nothing else does
			return detectors.Span{}
		}
		start = len(after) - len(named) + 1
	}
	start = len(rest) - len(bytes.TrimLeft(rest[start:], "=\"'` \t"))
	end := start
	for end < len(rest) && end-start <= longestValue && (isNameByte(rest[end]) || rest[end] == '-' || rest[end] == '.') {
		end++
	}
	if end == start || end-start > longestValue || end < len(rest) && strings.IndexByte("$({[", rest[end]) >= 0 {
		return detectors.Span{}
	}
	return detectors.Span{Start: start, End: end}
}

// longestValue is the length up to which a value is plain.
const longestValue = 128

// argument returns where the argument begins behind a name that is the first argument of a call: define('DB_HOST', 'h'),
// os.environ.setdefault("DB_HOST", "h").
func argument(after []byte) (start int, ok bool) {
	if len(after) == 0 || after[0] != '\'' && after[0] != '"' {
		return 0, false
	}
	rest := bytes.TrimLeft(after[1:], " \t")
	if len(rest) == 0 || rest[0] != ',' {
		return 0, false
	}
	rest = bytes.TrimLeft(rest[1:], " \t\r\n")
	return len(after) - len(rest), len(rest) > 0 && rest[0] == after[0]
}

func isNameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
