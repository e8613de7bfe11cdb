package jenkinsfile

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers/interpolate"
)

// word is a piece of a statement: a name, a string, or one character of punctuation.
type word struct {
	text   interpolate.Text
	quoted bool // a string
	filled bool // a string in double quotes: ${X} and $X in it are Groovy's
	start  int

	fillers []filler // of a string in a function that is called, in order
}

func (w word) is(text string) bool { return !w.quoted && w.text.String == text }

// statement is a line of words and the block behind it.
type statement struct {
	words []word
	block []*statement
	open  bool // it has a block
}

const (
	maxDepth = 200    // blocks in each other
	maxWords = 400000 // of a file
)

// parser cuts Groovy into statements.
type parser struct {
	data  []byte
	at    int
	words int
	over  bool // there was more than is read
}

// statements reads up to the end of a block. Within parentheses and brackets, lines are one statement; a block in them is one of its own.
func (p *parser) statements(depth int) []*statement {
	var all []*statement
	current := &statement{}
	nested := 0
	end := func() {
		if len(current.words) > 0 || current.open {
			all = append(all, current)
		}
		current = &statement{}
	}
	for p.at < len(p.data) {
		if p.words++; p.words > maxWords || depth > maxDepth {
			p.over, p.at = true, len(p.data)
			break
		}
		switch c := p.data[p.at]; {
		case c == '\n' || c == ';':
			p.at++
			if n := len(current.words); nested == 0 && !(c == '\n' && n > 0 && current.words[n-1].is(",")) {
				end()
			}
		case c == ' ' || c == '\t' || c == '\r':
			p.at++
		case p.comment():
		case c == '{':
			p.at++
			current.open = true
			current.block = append(current.block, p.statements(depth+1)...)
			if nested == 0 {
				end()
			}
		case c == '}':
			p.at++
			end()
			return all
		case c == '\'' || c == '"':
			current.words = append(current.words, p.quoted(c))
		case isName(c):
			start := p.at
			for p.at < len(p.data) && isName(p.data[p.at]) {
				p.at++
			}
			current.words = append(current.words, word{text: interpolate.Plain(string(p.data[start:p.at]), start), start: start})
		default:
			if c == '(' || c == '[' {
				nested++
			} else if (c == ')' || c == ']') && nested > 0 {
				nested--
			}
			current.words = append(current.words, word{text: interpolate.Plain(string(p.data[p.at:p.at+1]), p.at), start: p.at})
			p.at++
		}
	}
	end()
	return all
}

func isName(c byte) bool {
	return c == '_' || c == '.' || c == '$' || c == '@' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

// comment passes over a comment and reports whether there was one.
func (p *parser) comment() bool {
	rest := p.data[p.at:]
	for _, form := range [...]struct{ begin, end string }{{"//", "\n"}, {"/*", "*/"}} {
		if !strings.HasPrefix(string(rest[:min(2, len(rest))]), form.begin) {
			continue
		}
		length := strings.Index(string(rest[2:]), form.end)
		switch {
		case length < 0:
			p.at = len(p.data)
		case form.end == "\n":
			p.at += 2 + length // the line's end ends a statement
		default:
			p.at += 2 + length + len(form.end)
		}
		return true
	}
	return false
}

// quoted reads a string, of one quote or of three (https://groovy-lang.org/syntax.html#all-strings).
func (p *parser) quoted(quote byte) word {
	w := word{quoted: true, filled: quote == '"', start: p.at}
	mark := string(quote)
	if three := strings.Repeat(mark, 3); strings.HasPrefix(string(p.data[p.at:min(p.at+3, len(p.data))]), three) {
		mark = three
	}
	p.at += len(mark)
	from := p.at
	flush := func(end int) {
		if end > from {
			w.text.Append(string(p.data[from:end]), from, end)
		}
	}
	for p.at < len(p.data) {
		switch {
		case p.data[p.at] == '\\' && p.at+1 < len(p.data):
			flush(p.at)
			switch c := p.data[p.at+1]; c {
			case 'n':
				w.text.Append("\n", p.at, p.at+2)
			case 't':
				w.text.Append("\t", p.at, p.at+2)
			case '\n': // the line goes on
			default:
				w.text.Append(string(c), p.at, p.at+2)
			}
			p.at += 2
			from = p.at
		case strings.HasPrefix(string(p.data[p.at:min(p.at+3, len(p.data))]), mark):
			flush(p.at)
			p.at += len(mark)
			return w
		case p.data[p.at] == '\n' && len(mark) == 1: // it is not closed
			flush(p.at)
			return w
		default:
			p.at++
		}
	}
	flush(p.at)
	return w
}
