package dockerfile

import (
	"encoding/json"
	"strings"

	"github.com/stagewall/stagewall/analyzers/interpolate"
)

// words splits a text at blanks outside of quotes. Quotes and escapes stay.
func words(text interpolate.Text, escape byte) []interpolate.Text {
	var list []interpolate.Text
	str := text.String
	for i := 0; i < len(str); {
		if isBlank(str[i]) {
			i++
			continue
		}
		start := i
		for i < len(str) && !isBlank(str[i]) {
			switch str[i] {
			case escape:
				i += 2
			case '"', '\'':
				i = closing(str, i, escape) + 1
			default:
				i++
			}
		}
		i = min(i, len(str))
		list = append(list, text.Slice(start, i))
	}
	return list
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// closing returns where the quote that opens at start is closed: the end of the text, if it is not.
func closing(str string, start int, escape byte) int {
	for i := start + 1; i < len(str); i++ {
		switch {
		case str[i] == str[start]:
			return i
		case str[i] == escape && str[start] == '"':
			i++
		}
	}
	return len(str)
}

// unquote returns the pieces of a word without its quotes. Variables have no meaning in single quotes.
func unquote(word interpolate.Text, escape byte, syntax interpolate.Syntax) []interpolate.Piece {
	var pieces []interpolate.Piece
	var open interpolate.Text // what variables are to be looked for in
	flush := func() {
		pieces = append(pieces, syntax.Pieces(open)...)
		open = interpolate.Text{}
	}
	str := word.String
	for i := 0; i < len(str); {
		switch c := str[i]; {
		case c == escape && i+1 < len(str):
			if str[i+1] == '$' { // left to the syntax
				open.Add(word.Slice(i, i+2))
			} else {
				open.Add(word.Slice(i+1, i+2))
			}
			i += 2
		case c == '\'':
			end := closing(str, i, escape)
			flush()
			if end > i+1 {
				pieces = append(pieces, interpolate.Piece{Text: word.Slice(i+1, end)})
			}
			i = min(end+1, len(str))
		case c == '"':
			end := closing(str, i, escape)
			flush() // a quote also ends a variable's name
			quoted(&open, word.Slice(i+1, max(end, i+1)), escape)
			flush()
			i = min(end+1, len(str))
		default:
			open.Add(word.Slice(i, i+1))
			i++
		}
	}
	flush()
	return pieces
}

// quoted adds what stands in double quotes: an escape is one only before a quote, a dollar sign and itself.
func quoted(to *interpolate.Text, text interpolate.Text, escape byte) {
	str := text.String
	for i := 0; i < len(str); {
		if str[i] == escape && i+1 < len(str) && (str[i+1] == '"' || str[i+1] == escape) {
			i++
		} else if str[i] == escape && i+1 < len(str) && str[i+1] == '$' {
			to.Add(text.Slice(i, i+1))
			i++
		}
		to.Add(text.Slice(i, i+1))
		i++
	}
}

// list reads the words of a JSON array of strings, the exec form of an instruction.
func list(text interpolate.Text) ([]interpolate.Text, bool) {
	if !strings.HasPrefix(text.String, "[") || !json.Valid([]byte(text.String)) {
		return nil, false
	}
	words := []interpolate.Text{}
	str := text.String
	for i := 1; i < len(str); {
		switch c := str[i]; {
		case c == '"':
			word, end := element(text, i)
			words = append(words, word)
			i = end
		case c == ',' || c == ']' || isBlank(c) || c == '\n' || c == '\r':
			i++
		default:
			return nil, false // no array of strings
		}
	}
	return words, true
}

// element reads the JSON string that begins at start, which is valid, and returns where it ends.
func element(text interpolate.Text, start int) (word interpolate.Text, end int) {
	end = closing(text.String, start, '\\')
	return interpolate.JSON(text.Slice(start+1, end)), end + 1
}
