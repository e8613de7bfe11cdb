package python

import (
	"bytes"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// kind is what a token is.
type kind uint8

const (
	end kind = iota // there is no token
	identifier
	text   // a string
	number // or what begins like one
	sign   // an operator or a bracket
)

// token is a word of the source.
type token struct {
	kind       kind
	start, end int
	line       int // the logical line that it is of
}

// logical is a logical line: a statement, or the head of a compound one.
type logical struct {
	from, to int // its tokens
	indent   int // columns before it
}

// lex returns the tokens and the logical lines of a stretch of source that begins at an offset of the file.
func lex(src []byte, base int) (toks []token, lines []logical) {
	depth := 0
	open := false // a logical line is open
	column := 0
	begin := true // only blanks stood on the physical line
	for i := 0; i < len(src); {
		c := src[i]
		switch {
		case c == '\n':
			i++
			if begin || depth == 0 {
				column = 0
			}
			if depth == 0 && open {
				lines[len(lines)-1].to = len(toks)
				open = false
			}
			begin = true
			continue
		case c == '\\' && i+1 < len(src) && (src[i+1] == '\n' || src[i+1] == '\r'):
			i++
			for i < len(src) && (src[i] == '\r' || src[i] == '\n') {
				i++
				if src[i-1] == '\n' {
					break
				}
			}
			continue
		case c == filler:
			i++
			continue
		case c == ' ' || c == '\t' || c == '\r' || c == '\f':
			if begin && depth == 0 {
				column++
				if c == '\t' {
					column = (column + 7) / 8 * 8
				}
			}
			i++
			continue
		case c == '#':
			if n := bytes.IndexByte(src[i:], '\n'); n >= 0 {
				i += n
			} else {
				i = len(src)
			}
			continue
		}
		if !open {
			lines = append(lines, logical{from: len(toks), indent: column})
			open = true
		}
		begin = false
		t := next(src, i)
		if t.kind == sign && t.end == i+1 {
			switch c {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth = max(0, depth-1)
			case ';':
				if depth == 0 {
					lines[len(lines)-1].to = len(toks)
					lines = append(lines, logical{from: len(toks) + 1, indent: lines[len(lines)-1].indent})
				}
			}
		}
		i = t.end
		t.start, t.end, t.line = t.start+base, t.end+base, len(lines)-1
		toks = append(toks, t)
	}
	if open {
		lines[len(lines)-1].to = len(toks)
	}
	return toks, lines
}

// next returns the token that begins at i.
func next(src []byte, i int) token {
	c := src[i]
	switch {
	case isName(c):
		j := i
		for j < len(src) && (isName(src[j]) || '0' <= src[j] && src[j] <= '9') {
			j++
		}
		if j < len(src) && (src[j] == '"' || src[j] == '\'') && prefix(src[i:j]) {
			return token{kind: text, start: i, end: stringEnd(src, j, bytes.ContainsAny(src[i:j], "rR"))}
		}
		return token{kind: identifier, start: i, end: j}
	case c == '"' || c == '\'':
		return token{kind: text, start: i, end: stringEnd(src, i, false)}
	case '0' <= c && c <= '9':
		j := i
		for j < len(src) && (isName(src[j]) || '0' <= src[j] && src[j] <= '9' || src[j] == '.') {
			j++
		}
		return token{kind: number, start: i, end: j}
	}
	return token{kind: sign, start: i, end: i + signLength(src[i:])}
}

// signLength returns the length of the operator or bracket that a text begins with.
func signLength(src []byte) int {
	if len(src) < 2 {
		return 1
	}
	c, d := src[0], src[1]
	switch {
	case c == d && (c == '*' || c == '/' || c == '<' || c == '>'):
		if len(src) > 2 && src[2] == '=' {
			return 3
		}
		return 2
	case c == '.' && d == '.' && len(src) > 2 && src[2] == '.':
		return 3
	case d == '=' && strings.IndexByte(":=!<>+-*/%|&", c) >= 0, c == '-' && d == '>':
		return 2
	}
	return 1
}

func isName(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= 0x80
}

// prefix reports whether letters are those that may stand before a string.
func prefix(letters []byte) bool {
	if len(letters) > 2 {
		return false
	}
	for _, c := range letters {
		if !strings.ContainsRune("rRbBuUfFtT", rune(c)) {
			return false
		}
	}
	return true
}

// stringEnd returns the offset behind the string whose first quote is at i. One that is not closed ends with its line, or with the file
// if it could have had more lines. A backslash keeps a quote from ending it, in raw strings too.
func stringEnd(src []byte, i int, _ bool) int {
	quote := src[i : i+1]
	long := len(src) >= i+3 && src[i+1] == src[i] && src[i+2] == src[i]
	if long {
		quote = src[i : i+3]
	}
	for j := i + len(quote); j < len(src); j++ {
		switch {
		case src[j] == '\\':
			j++
		case bytes.HasPrefix(src[j:], quote):
			return j + len(quote)
		case src[j] == '\n' && !long:
			return j
		}
	}
	return len(src)
}

// content returns the bytes of a string token without its prefix and quotes, and whether it is raw and whether it is formatted.
func content(src []byte, t token) (span detectors.Span, raw, formatted bool) {
	i := t.start
	for i < t.end && src[i] != '"' && src[i] != '\'' {
		switch src[i] {
		case 'r', 'R':
			raw = true
		case 'f', 'F', 't', 'T':
			formatted = true
		}
		i++
	}
	quotes := 1
	if i+2 < t.end && src[i+1] == src[i] && src[i+2] == src[i] {
		quotes = 3
	}
	span = detectors.Span{Start: min(i+quotes, t.end), End: t.end}
	if i < t.end && t.end-quotes >= span.Start && bytes.HasSuffix(src[span.Start:t.end], bytes.Repeat(src[i:i+1], quotes)) {
		span.End = t.end - quotes
	}
	return span, raw, formatted
}

// pairs returns, for every bracket, the index of its partner, -1 for those that have none and for other tokens.
func pairs(src []byte, toks []token, first int) []int {
	partner := make([]int, len(toks))
	var open []int
	for i, t := range toks {
		partner[i] = -1
		if t.kind != sign || t.end != t.start+1 {
			continue
		}
		switch c := src[t.start]; c {
		case '(', '[', '{':
			open = append(open, i)
		case ')', ']', '}':
			if n := len(open) - 1; n >= 0 && closes(src[toks[open[n]].start], c) {
				partner[i], partner[open[n]] = open[n]+first, i+first
				open = open[:n]
			}
		}
	}
	return partner
}

func closes(open, end byte) bool {
	return open == '(' && end == ')' || open == '[' && end == ']' || open == '{' && end == '}'
}
