package match

import (
	"regexp/syntax"
	"strings"
	"sync"
)

// parser parses expressions for their plans.
//
// The idea: the expressions of providers have much in common, such as all the ways in which a name is given a value, which is a thousand characters. So an
// expression is parsed in pieces, between its outermost groups, and each piece once for all rules. A piece alone is cheap to parse, too: what
// takes long in a large expression is to find out whether its repetitions, one inside the other, are too many.
//
// What runs and lengths the parts of a piece have is found out once, too: see [measures]. With that, and automata for rules' own words made only where
// these are looked for, the plans of all rules take 0.8 times as many instructions.
//
// Together with not looking for words where none can begin it takes one of the 8 ms that a first small file took, measured with BenchmarkFirst.
//
// It is valid because what stands in a row matches what its pieces match one after the other, if no flag is set for what follows and no
// alternative reaches from one piece to the next: then the expression is parsed as a whole. The pieces are not changed by those that share them.
type parser struct {
	pieces sync.Map // by text
	measures
}

// parse returns the expression as a sequence.
func (p *parser) parse(text string) ([]*syntax.Regexp, error) {
	pieces := split(text)
	if pieces == nil {
		pieces = []string{text}
	}
	var seq []*syntax.Regexp
	for _, piece := range pieces {
		known, ok := p.pieces.Load(piece)
		if !ok {
			re, err := syntax.Parse(piece, syntax.Perl)
			if err != nil {
				return nil, err
			}
			known, _ = p.pieces.LoadOrStore(piece, flatten(re))
		}
		seq = append(seq, known.([]*syntax.Regexp)...)
	}
	return seq, nil
}

// split returns the outermost groups of an expression, with what says how often they are repeated, and what is between them; nil if it cannot be
// divided so.
func split(text string) (pieces []string) {
	depth, begin := 0, 0
	piece := func(end int) {
		if end > begin {
			pieces = append(pieces, text[begin:end])
		}
		begin = end
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			if i++; i < len(text) && text[i] == 'Q' {
				return nil
			}
		case '[':
			if i = classEnd(text, i); i < 0 {
				return nil
			}
		case '|':
			if depth == 0 {
				return nil
			}
		case '(':
			if depth == 0 {
				if setsFlags(text[i:]) {
					return nil
				}
				piece(i)
			}
			depth++
		case ')':
			if depth--; depth < 0 {
				return nil
			}
			if depth == 0 {
				end := i + 1 + repetition(text[i+1:])
				piece(end)
				i = end - 1
			}
		}
	}
	if depth != 0 {
		return nil
	}
	piece(len(text))
	return pieces
}

// setsFlags reports whether a group is none, but sets flags for what follows.
func setsFlags(group string) bool {
	flags, ok := strings.CutPrefix(group, "(?")
	if !ok {
		return false
	}
	end := strings.IndexAny(flags, ":)<")
	return end >= 0 && flags[end] == ')'
}

// classEnd returns where a class ends that begins at the offset, or -1.
func classEnd(text string, i int) int {
	i++
	if i < len(text) && text[i] == '^' {
		i++
	}
	for first := i; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case strings.HasPrefix(text[i:], "[:"):
			if end := strings.Index(text[i:], ":]"); end >= 0 {
				i += end + 1
			}
		case text[i] == ']' && i > first:
			return i
		}
	}
	return -1
}

// repetition returns how long what says how often something is repeated is.
func repetition(text string) (n int) {
	switch {
	case text == "":
		return 0
	case strings.IndexByte("*+?", text[0]) >= 0:
		n = 1
	case text[0] == '{':
		if n = strings.IndexByte(text, '}') + 1; strings.Trim(text[1:max(1, n-1)], "0123456789,") != "" {
			return 0
		}
	}
	if n > 0 && n < len(text) && text[n] == '?' {
		n++
	}
	return n
}
