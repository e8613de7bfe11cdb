package js

import (
	"bytes"
	"slices"

	"github.com/tdewolff/parse/v2"
	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/detectors"
)

// token is a word of the source: blanks and comments are left out.
type token struct {
	start, end int32
	kind       lexer.TokenType
	line       bool // a line begins before it
}

// lex returns the tokens of a source, and whether that is all of it. TypeScript and JSX are lexed as well, since the words are the
// same: what is no word of JavaScript, such as an apostrophe in the text of an element, is passed over.
func lex(src []byte) (toks []token, whole bool) {
	buffer := append(slices.Grow([]byte{}, len(src)+1), src...) // the lexer writes behind the end of its input
	s := scan{src: buffer, toks: make([]token, 0, len(src)/bytesPerToken), line: true, patience: 16*len(src) + 1<<16}
	from := 0
	if bytes.HasPrefix(src, []byte("#!")) {
		from = bytes.IndexByte(append(src[:len(src):len(src)], '\n'), '\n')
	}
	for from < len(src) {
		if s.patience <= 0 {
			return s.toks, false
		}
		from = s.from(from)
	}
	return s.toks, true
}

// bytesPerToken is a little more than code has, so that most lists of tokens grow once.
const bytesPerToken = 8

// scan is the state of lexing one source.
type scan struct {
	src      []byte
	toks     []token
	line     bool // a line begins before the next token
	patience int  // bytes that may still be read in vain: by a string that never ends, or by the lexer to describe an error
}

// from lexes until something is no word, and returns where to go on after it. The lexer keeps no offsets: they are the sum of the
// lengths of what it returned.
func (s *scan) from(at int) int {
	input := parse.NewInputBytes(s.src[at:])
	l := lexer.NewLexer(input)
	base := at
	for {
		kind, text := l.Next()
		if (kind == lexer.DivToken || kind == lexer.DivEqToken) && beginsExpression(s.toks) {
			if kind, text = l.RegExp(); kind == lexer.ErrorToken {
				s.failed(at, base+input.Offset())
				s.add(lexer.DivToken, at, at+1)
				return at + 1
			}
		}
		switch kind {
		case lexer.ErrorToken:
			s.failed(at, base+input.Offset())
			return at + 1
		case lexer.LineTerminatorToken, lexer.CommentLineTerminatorToken:
			s.line = true
		case lexer.WhitespaceToken, lexer.CommentToken:
		default:
			s.add(kind, at, at+len(text))
		}
		at += len(text)
	}
}

// failed counts what an error has cost: what was read, the line, of which the lexer makes a description, and all that is left, which it copies for
// that, and copying is cheap.
func (s *scan) failed(at, end int) {
	end = min(max(end, at), len(s.src))
	s.patience -= end - at + 1 + (len(s.src)-end)/64
	if rest := bytes.IndexByte(s.src[end:], '\n'); rest >= 0 {
		s.patience -= rest
	} else {
		s.patience -= len(s.src) - end
	}
}

func (s *scan) add(kind lexer.TokenType, start, end int) {
	s.toks = append(s.toks, token{int32(start), int32(end), kind, s.line})
	s.line = false
}

// beginsExpression reports whether a slash after the tokens begins a regular expression, and is no division and no end of an element.
func beginsExpression(toks []token) bool {
	if len(toks) == 0 {
		return true
	}
	switch last := toks[len(toks)-1].kind; {
	case last == lexer.CloseParenToken, last == lexer.CloseBracketToken, last == lexer.CloseBraceToken, last == lexer.LtToken:
		return false
	case lexer.IsOperator(last):
		return last != lexer.IncrToken && last != lexer.DecrToken
	case lexer.IsPunctuator(last):
		return true
	case lexer.IsReservedWord(last):
		return last != lexer.ThisToken && last != lexer.SuperToken && last != lexer.NullToken && last != lexer.TrueToken &&
			last != lexer.FalseToken
	}
	return false
}

// pairs returns, for every bracket and every piece of a template, the index of its partner, -1 for those that have none and for other
// tokens. The partner of a template's piece is the next piece.
func pairs(toks []token) (partner []int) {
	partner = make([]int, len(toks))
	var open []int
	for i, t := range toks {
		partner[i] = -1
		switch t.kind {
		case lexer.OpenBraceToken, lexer.OpenParenToken, lexer.OpenBracketToken, lexer.TemplateStartToken:
			open = append(open, i)
		case lexer.TemplateMiddleToken, lexer.TemplateEndToken:
			if n := len(open); n > 0 && isTemplate(toks[open[n-1]].kind) {
				partner[open[n-1]] = i
				open = open[:n-1]
			}
			if t.kind == lexer.TemplateMiddleToken {
				open = append(open, i)
			}
		case lexer.CloseBraceToken, lexer.CloseParenToken, lexer.CloseBracketToken:
			// What was not closed in between was opened by text that is no code.
			for n := len(open) - 1; n >= 0 && len(open)-n <= maxUnclosed; n-- {
				if closes(toks[open[n]].kind, t.kind) {
					partner[i], partner[open[n]] = open[n], i
					open = open[:n]
					break
				}
			}
		}
	}
	return partner
}

// maxUnclosed bounds how many brackets without a partner are passed over in the search for one.
const maxUnclosed = 16

func isTemplate(kind lexer.TokenType) bool {
	return kind == lexer.TemplateStartToken || kind == lexer.TemplateMiddleToken
}

func closes(open, end lexer.TokenType) bool {
	switch open {
	case lexer.OpenBraceToken:
		return end == lexer.CloseBraceToken
	case lexer.OpenParenToken:
		return end == lexer.CloseParenToken
	case lexer.OpenBracketToken:
		return end == lexer.CloseBracketToken
	}
	return false
}

// blocks returns, for every token, the index of the innermost brace that is open before it, -1 for none.
func blocks(toks []token, partner []int) []int {
	around := make([]int, len(toks))
	var open []int
	for i, t := range toks {
		if t.kind == lexer.CloseBraceToken && len(open) > 0 && partner[i] == open[len(open)-1] {
			open = open[:len(open)-1]
		}
		around[i] = -1
		if len(open) > 0 {
			around[i] = open[len(open)-1]
		}
		if t.kind == lexer.OpenBraceToken && partner[i] > i {
			open = append(open, i)
		}
	}
	return around
}

// inner returns the span of a string's or a template piece's content, without its delimiters.
func (t token) inner() detectors.Span {
	span := detectors.Span{Start: int(t.start) + 1, End: int(t.end) - 1}
	if t.kind == lexer.TemplateStartToken || t.kind == lexer.TemplateMiddleToken {
		span.End = int(t.end) - len("${")
	}
	span.End = max(span.Start, span.End)
	return span
}
