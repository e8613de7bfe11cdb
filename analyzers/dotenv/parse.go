package dotenv

import (
	"bytes"

	"github.com/stagewall/stagewall/detectors"
)

// assignment is where one stands in the file.
type assignment struct {
	name, value detectors.Span // value without quotes
	quote       byte           // the quote around the value, 0 for none
	alone       bool           // a name without a value
	exported    bool           // the word export stands before it, which matters to a shell that sources the file
}

// parser walks over the lines of a file.
type parser struct {
	data []byte
	pos  int
}

// line returns the bytes of the next line without its end, and moves behind it.
func (p *parser) line() detectors.Span {
	line := detectors.Span{Start: p.pos, End: len(p.data)}
	p.pos = len(p.data)
	if i := bytes.IndexByte(p.data[line.Start:], '\n'); i >= 0 {
		line.End = line.Start + i
		p.pos = line.End + 1
	}
	return line
}

// assignment reads the assignment that begins on the line, and moves behind it if it goes over several lines.
func (p *parser) assignment(line detectors.Span) (assignment, bool) {
	var a assignment
	at := p.space(line.Start, line.End)
	if word := "export"; bytes.HasPrefix(p.data[at:line.End], []byte(word)) {
		if after := p.space(at+len(word), line.End); after > at+len(word) {
			at = after
			a.exported = true
		}
	}
	a.name = detectors.Span{Start: at, End: p.name(at, line.End)}
	if a.name.Empty() {
		return a, false
	}
	at = p.space(a.name.End, line.End)
	if at == line.End {
		a.value, a.alone = detectors.Span{Start: at, End: at}, true
		return a, true
	}
	if p.data[at] != '=' && p.data[at] != ':' {
		return a, false
	}
	p.value(&a, detectors.Span{Start: p.space(at+1, line.End), End: line.End})
	return a, true
}

// value reads what stands behind the sign of equality.
func (p *parser) value(a *assignment, rest detectors.Span) {
	if rest.Start < rest.End {
		if q := p.data[rest.Start]; q == '"' || q == '\'' || q == '`' {
			if end := p.closing(rest.Start+1, q); end >= 0 {
				a.quote, a.value = q, detectors.Span{Start: rest.Start + 1, End: end}
				p.pos = max(p.pos, end)
				if end >= rest.End {
					p.line()
				}
				return
			}
			rest.Start++ // never closed: what is on the line is the value
		}
	}
	text := p.data[rest.Start:rest.End]
	for i, c := range text {
		if c == '#' && (i == 0 || text[i-1] == ' ' || text[i-1] == '\t') {
			text = text[:i]
			break
		}
	}
	a.value = detectors.Span{Start: rest.Start, End: rest.Start + len(bytes.TrimRight(text, " \t\r\f\v"))}
}

// closing returns where the quote that was opened before start is closed, and -1 if it is not. A backslash hides a quote.
func (p *parser) closing(start int, quote byte) int {
	for i := start; i < len(p.data); i++ {
		switch p.data[i] {
		case '\\':
			i++
		case quote:
			return i
		}
	}
	return -1
}

// space returns where the blanks that begin at start end.
func (p *parser) space(start, end int) int {
	for start < end && bytes.IndexByte([]byte(" \t\r\f\v"), p.data[start]) >= 0 {
		start++
	}
	return start
}

// name returns where the name that begins at start ends: start, if none does.
func (p *parser) name(start, end int) int {
	at := start
	for at < end {
		c := p.data[at]
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (at == start || (c < '0' || c > '9') && c != '.' && c != '-') {
			break
		}
		at++
	}
	return at
}
