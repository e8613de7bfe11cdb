package yamltree

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/stagewall/stagewall/analyzers/interpolate"
)

// cursor is where the last node was found: counting goes on from there, since nodes are read in their order.
type cursor struct{ line, column, at int }

// offset returns the offset of a line and a column, both 1-based. YAML counts characters, and knows more line breaks than most.
func (f *file) offset(line, column int) int {
	if f.lines == nil {
		f.lines = lineStarts(f.data)
	}
	if line < 1 || line > len(f.lines) {
		return len(f.data)
	}
	at, from := f.lines[line-1], 1
	if c := f.cursor; c.line == line && c.column <= column {
		at, from = c.at, c.column
	}
	for ; from < column && at < len(f.data); from++ {
		_, size := utf8.DecodeRune(f.data[at:])
		at += size
	}
	f.cursor = cursor{line, from, at}
	return at
}

// lineStarts returns the offsets at which lines begin; a mark of the byte order is no part of the first.
func lineStarts(data []byte) []int {
	var starts []int
	i := 0
	if bytes.HasPrefix(data, []byte("\ufeff")) {
		i = 3
	}
	starts = append(starts, i)
	for i < len(data) {
		n := lineBreak(data[i:])
		if n == 0 {
			i++
			continue
		}
		i += n
		starts = append(starts, i)
	}
	return starts
}

// lineBreak returns the length of the line break at the beginning of the text, 0 if there is none.
func lineBreak[T string | []byte](s T) int {
	switch {
	case len(s) == 0:
		return 0
	case s[0] == '\n':
		return 1
	case s[0] == '\r':
		if len(s) > 1 && s[1] == '\n' {
			return 2
		}
		return 1
	case len(s) > 1 && s[0] == 0xc2 && s[1] == 0x85: // next line
		return 2
	case len(s) > 2 && s[0] == 0xe2 && s[1] == 0x80 && (s[2] == 0xa8 || s[2] == 0xa9): // line and paragraph separators
		return 3
	}
	return 0
}

// skipProperties returns the offset behind the anchor and the tag that a node may begin with.
func (f *file) skipProperties(at int) int {
	for at < len(f.data) && (f.data[at] == '&' || f.data[at] == '!') {
		for at < len(f.data) && !isBlank(f.data[at]) {
			at++
		}
		at = f.skipSpace(at)
	}
	return at
}

// skipSpace skips blanks, line breaks and comments.
func (f *file) skipSpace(at int) int {
	for at < len(f.data) {
		switch {
		case isBlank(f.data[at]):
			at++
		case f.data[at] == '#':
			for at < len(f.data) && lineBreak(f.data[at:]) == 0 {
				at++
			}
		default:
			return at
		}
	}
	return at
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// source finds the bytes behind a scalar's value. Where they cannot be found, the rest of the line stands for all of them.
func (f *file) source(n *yaml.Node, start int) interpolate.Text {
	a := &aligner{src: f.text, at: start, want: n.Value}
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		a.quoted('"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		a.quoted('\'')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		a.block()
	default:
		a.plain()
	}
	if a.text.String == n.Value {
		return a.text
	}
	var text interpolate.Text
	end := start
	for end < len(f.data) && lineBreak(f.data[end:]) == 0 {
		end++
	}
	if end-start == len(n.Value) { // Append would take the bytes to be the same
		end = min(end+1, len(f.data))
	}
	text.Append(n.Value, start, end)
	return text
}

// aligner reads a scalar again, knowing what comes out.
type aligner struct {
	src  string
	at   int
	want string
	text interpolate.Text
}

// take appends what is written at [a.at, end).
func (a *aligner) take(text string, end int) {
	if text != "" {
		a.text.Append(text, a.at, end)
	}
	a.at = end
}

// plain reads a scalar without quotes. If it lies on one line it is as it is written.
func (a *aligner) plain() {
	if strings.HasPrefix(a.src[a.at:], a.want) {
		a.text = interpolate.Plain(a.want, a.at)
		return
	}
	for a.at < len(a.src) && len(a.text.String) < len(a.want) {
		if !a.fold() {
			a.take(a.src[a.at:a.at+1], a.at+1)
		}
	}
}

// quoted reads a scalar in quotes.
func (a *aligner) quoted(quote byte) {
	a.at++ // the quote
	if end := a.at + len(a.want); end < len(a.src) && a.src[a.at:end] == a.want && a.src[end] == quote {
		a.text = interpolate.Plain(a.want, a.at)
		return
	}
	for a.at < len(a.src) && len(a.text.String) <= len(a.want) {
		switch c := a.src[a.at]; {
		case c == '\'' && quote == c && strings.HasPrefix(a.src[a.at:], "''"):
			a.take("'", a.at+2)
		case c == quote:
			return
		case c == '\\' && quote == '"':
			a.escape()
		case !a.fold():
			a.take(a.src[a.at:a.at+1], a.at+1)
		}
	}
}

// fold reads blanks that a line break follows, with all that belongs to the break: one break is a blank, more are one less.
func (a *aligner) fold() bool {
	end, breaks := a.at, 0
	for end < len(a.src) {
		if n := lineBreak(a.src[end:]); n > 0 {
			end += n
			breaks++
		} else if c := a.src[end]; c == ' ' || c == '\t' {
			end++
		} else {
			break
		}
	}
	switch breaks {
	case 0:
		return false
	case 1:
		a.take(" ", end)
	default:
		a.take(strings.Repeat("\n", breaks-1), end)
	}
	return true
}

var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b", ' ': " ",
	'"': `"`, '\'': "'", '/': "/", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// escape reads a backslash and what it escapes.
func (a *aligner) escape() {
	if a.at+1 >= len(a.src) {
		a.at++
		return
	}
	if n := lineBreak(a.src[a.at+1:]); n > 0 { // the line goes on
		a.at += 1 + n
		for a.at < len(a.src) && (a.src[a.at] == ' ' || a.src[a.at] == '\t') {
			a.at++
		}
		return
	}
	c := a.src[a.at+1]
	if digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]; digits > 0 && a.at+2+digits <= len(a.src) {
		code, err := strconv.ParseUint(a.src[a.at+2:a.at+2+digits], 16, 32)
		if err == nil {
			a.take(string(rune(code)), a.at+2+digits)
			return
		}
	}
	a.take(escapes[c], a.at+2)
}

// block reads a literal or folded block: its lines without the indentation that the first of them has, as far as the value says so.
func (a *aligner) block() {
	a.line() // the block's header
	indent := a.indent()
	for a.at < len(a.src) && len(a.text.String) < len(a.want) {
		line := a.at
		for a.at < len(a.src) && a.at-line < indent && a.src[a.at] == ' ' {
			a.at++
		}
		end := a.at
		for end < len(a.src) && lineBreak(a.src[end:]) == 0 {
			end++
		}
		content := a.src[a.at:end]
		if rest := a.want[len(a.text.String):]; !strings.HasPrefix(rest, content) {
			return
		}
		if content != "" {
			a.take(content, end)
		}
		a.breaks()
	}
}

// breaks reads the line break at the end of a block's line: as the value has it, a break, a blank or nothing.
func (a *aligner) breaks() {
	rest := a.want[len(a.text.String):]
	n := lineBreak(a.src[a.at:])
	switch {
	case rest == "":
	case rest[0] == '\n' || rest[0] == ' ' && n > 0:
		a.take(rest[:1], a.at+n)
	default:
		a.at += n
	}
}

// line skips the rest of the line.
func (a *aligner) line() {
	for a.at < len(a.src) {
		if n := lineBreak(a.src[a.at:]); n > 0 {
			a.at += n
			return
		}
		a.at++
	}
}

// indent returns by how much the block's lines are indented: what the first line that is not blank has before the value's first line.
func (a *aligner) indent() int {
	lines, wanted := a.src[a.at:], strings.TrimLeft(a.want, "\n")
	for lines != "" {
		line, rest, _ := strings.Cut(lines, "\n")
		line = strings.TrimSuffix(line, "\r")
		spaces := len(line) - len(strings.TrimLeft(line, " "))
		if spaces < len(line) {
			for n := spaces; n > 0; n-- {
				if strings.HasPrefix(wanted, line[n:]) {
					return n
				}
			}
			return 0
		}
		lines = rest
	}
	return 0
}
