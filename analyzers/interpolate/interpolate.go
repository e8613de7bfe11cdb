// Package interpolate reads the variables in a text: $NAME, ${NAME} and ${NAME:-default}, as dotenv files, compose files and
// Dockerfiles write them. What it returns are the parts of a value, each with the bytes of the file that it is read from.
//
// The formats share the operators and differ in how a dollar sign loses its meaning; [Syntax] holds the differences.
//
//	https://docs.docker.com/reference/compose-file/interpolation/
//	https://docs.docker.com/reference/dockerfile/#environment-replacement
package interpolate

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

// maxDepth bounds how deep defaults nest, ${A:-${B:-…}}. What lies deeper is read as text.
const maxDepth = 16

// Syntax says how a format writes variables.
type Syntax struct {
	Escape  byte // takes a following dollar sign its meaning: a backslash; 0: nothing does
	Doubled bool // two dollar signs are one without meaning
	Space   string

	// Hole, if not nil, says what a hole with a name, and perhaps a default, is. Otherwise it is one of Space.
	Hole func(h analyzers.Hole) *analyzers.Hole
}

// Piece is a part of a text before it becomes one of a value: a hole, or a text that still knows where each of its bytes lies.
type Piece struct {
	Text Text
	Hole *analyzers.Hole
}

// Parts returns the parts of the text: literals and holes, never two literals in a row.
func (s Syntax) Parts(text Text) []analyzers.Part { return Parts(s.Pieces(text)) }

// Parts makes the parts of a value of pieces.
func Parts(pieces []Piece) []analyzers.Part {
	var parts []analyzers.Part
	for _, p := range pieces {
		if p.Hole != nil {
			parts = append(parts, analyzers.Part{Hole: p.Hole})
			continue
		}
		parts = append(parts, p.Text.Literal()...)
	}
	return parts
}

// Pieces returns the pieces of the text: literals that are not empty and holes, never two literals in a row.
func (s Syntax) Pieces(text Text) []Piece { return s.pieces(text, 0) }

func (s Syntax) pieces(text Text, depth int) []Piece {
	var pieces []Piece
	var literal Text // what was read since the last hole, if escapes broke it up
	from, str := 0, text.String
	closed := s.braces(str)
	flush := func(to int) {
		if to > from {
			literal.Add(text.Slice(from, to))
		}
		if literal.String != "" {
			pieces = append(pieces, Piece{Text: literal})
		}
		literal = Text{}
	}
	for i := 0; i < len(str); {
		if s.escaped(str[i:]) {
			literal.Add(text.Slice(from, i))
			from = i + 1
			i += 2
			continue
		}
		if str[i] != '$' || depth == maxDepth {
			i++
			continue
		}
		hole, end := s.hole(text, i, closed, depth)
		if end == i {
			i++
			continue
		}
		flush(i)
		pieces = append(pieces, hole...)
		i, from = end, end
	}
	flush(len(str))
	return pieces
}

// escaped reports whether the text begins with a dollar sign without meaning, and its escape.
func (s Syntax) escaped(str string) bool {
	return len(str) > 1 && str[1] == '$' && (s.Escape != 0 && str[0] == s.Escape || s.Doubled && str[0] == '$')
}

// hole reads the variable at text[start], a dollar sign, and returns what stands for it and where it ends: start, if it is none.
func (s Syntax) hole(text Text, start int, closed map[int]int, depth int) (pieces []Piece, end int) {
	str := text.String
	if n := nameLength(str[start+1:]); n > 0 {
		end = start + 1 + n
		return s.one(analyzers.Hole{Name: str[start+1 : end]}), end
	}
	if !strings.HasPrefix(str[start+1:], "{") {
		return nil, start
	}
	name := start + 2
	last, ok := closed[name-1]
	if !ok {
		return nil, start
	}
	n := nameLength(str[name:last])
	if n == 0 {
		return nil, start
	}
	hole := analyzers.Hole{Name: str[name : name+n]}
	operator, orEmpty := strings.CutPrefix(str[name+n:last], ":")
	if operator == "" || !strings.ContainsRune("-+", rune(operator[0])) {
		return s.one(hole), last + 1
	}
	word := s.pieces(text.Slice(last-len(operator)+1, last), depth+1)
	if operator[0] == '+' {
		return []Piece{{Hole: s.alternative(hole, word, orEmpty)}}, last + 1
	}
	hole.Default, hole.Unset = &analyzers.Value{Parts: Parts(word)}, !orEmpty
	return s.one(hole), last + 1
}

// alternative returns the word if the name is set, and, with orEmpty, is not empty; else nothing.
func (s Syntax) alternative(of analyzers.Hole, word []Piece, orEmpty bool) *analyzers.Hole {
	set := analyzers.Guard{Value: analyzers.Value{Parts: Parts(s.one(of))}, Patterns: []string{"*"}}
	if orEmpty {
		set.Patterns, set.Not = []string{""}, true
	}
	unset := set
	unset.Not = !set.Not
	return &analyzers.Hole{Space: "choice", Values: []analyzers.Value{{Parts: Parts(word), If: &set}, {If: &unset}}}
}

func (s Syntax) one(h analyzers.Hole) []Piece {
	if s.Hole != nil {
		return []Piece{{Hole: s.Hole(h)}}
	}
	h.Space = s.Space
	return []Piece{{Hole: &h}}
}

// braces returns, for every "${" by the offset of its brace, where the brace is closed. Braces in between are counted.
func (s Syntax) braces(str string) map[int]int {
	var closed map[int]int
	var open []int
	for i := 0; i < len(str); i++ {
		switch {
		case s.escaped(str[i:]):
			i++
		case str[i] == '{' && (len(open) > 0 || i > 0 && str[i-1] == '$'):
			open = append(open, i)
		case str[i] == '}' && len(open) > 0:
			if closed == nil {
				closed = map[int]int{}
			}
			closed[open[len(open)-1]] = i
			open = open[:len(open)-1]
		}
	}
	return closed
}

// nameLength returns how many bytes of a variable's name the text begins with.
func nameLength(str string) int {
	for i := range len(str) {
		c := str[i]
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return i
		}
	}
	return len(str)
}
