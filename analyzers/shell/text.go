package shell

import (
	"bytes"
	"slices"
	"sort"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// text is a piece of shell and where its bytes lie in the file.
type text struct {
	bytes []byte // placeholders are blanked with letters, so that they parse as a part of a word
	at    func(offset int) int
	fills []Fill // sorted by start
}

// newText returns the piece with its placeholders blanked.
func newText(src []byte, opt Options) text {
	fills := append([]Fill(nil), opt.Fills...)
	if opt.Holes != nil {
		fills = append(fills, expressions(src, opt)...)
	}
	t := text{bytes: blank(src, fills), at: opt.Map, fills: sortFills(fills)}
	if bytes.Contains(t.bytes, arithmetic) && !t.tooLarge() {
		return t.parted()
	}
	return t
}

var arithmetic = []byte("$((")

// parted returns the text with a space behind the dollar sign and parenthesis of each substitution of a command that begins with a subshell, as in
// $((a || b) | c): what begins so is arithmetic to the parser, and to a shell only if two parentheses end it
// (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_06_03).
func (t text) parted() text {
	var spaces []int // the offsets before which one is put
	for from := 0; ; {
		i := bytes.Index(t.bytes[from:], arithmetic)
		if i < 0 {
			break
		}
		from += i + len(arithmetic)
		if beginsSubshell(t.bytes[from:]) {
			spaces = append(spaces, from-1)
		}
	}
	if len(spaces) == 0 {
		return t
	}
	shift := func(offset int) int { return offset + sort.SearchInts(spaces, offset+1) }
	at := t.at
	out := text{at: func(offset int) int {
		return at(offset - sort.Search(len(spaces), func(i int) bool { return spaces[i]+i >= offset }))
	}}
	from := 0
	for _, s := range spaces {
		out.bytes = append(append(out.bytes, t.bytes[from:s]...), ' ')
		from = s
	}
	out.bytes = append(out.bytes, t.bytes[from:]...)
	for _, f := range t.fills {
		f.Start, f.End = shift(f.Start), shift(f.End-1)+1
		out.fills = append(out.fills, f)
	}
	return out
}

// maxSubshell bounds where the end of a subshell is looked for.
const maxSubshell = 1 << 14

// beginsSubshell reports whether the second of two parentheses, which the text stands behind, is closed before the first.
func beginsSubshell(src []byte) bool {
	src = src[:min(len(src), maxSubshell)]
	depth := 2
	for i := 0; i < len(src); i++ {
		switch c := src[i]; c {
		case '\\':
			i++
		case '\'', '"':
			for i++; i < len(src) && src[i] != c; i++ {
				if c == '"' && src[i] == '\\' {
					i++
				}
			}
		case '(':
			depth++
		case ')':
			if depth--; depth == 1 {
				return i+1 < len(src) && src[i+1] != ')'
			}
		}
	}
	return false
}

// expressions returns a fill for every "${{ … }}" of the piece.
func expressions(src []byte, opt Options) []Fill {
	var fills []Fill
	for from := 0; ; {
		start := bytes.Index(src[from:], []byte("${{"))
		if start < 0 {
			return fills
		}
		start += from
		length := bytes.Index(src[start:], []byte("}}"))
		if length < 0 {
			return fills
		}
		from = start + length + len("}}")
		value, ok := opt.Holes(string(src[start:from]))
		if !ok {
			span := detectors.Span{Start: opt.Map(start), End: opt.Map(from-1) + 1}
			value = analyzers.Value{Parts: []analyzers.Part{{Span: span}}}
		}
		fills = append(fills, Fill{Start: start, End: from, Value: value})
	}
}

func sortFills(fills []Fill) []Fill {
	slices.SortStableFunc(fills, func(a, b Fill) int { return a.Start - b.Start })
	return slices.DeleteFunc(fills, func(f Fill) bool { return f.End <= f.Start })
}

// blank returns a copy of the piece in which the bytes of the fills are letters.
func blank(src []byte, fills []Fill) []byte {
	out := bytes.Clone(src)
	for _, f := range fills {
		for i := max(f.Start, 0); i < min(f.End, len(out)); i++ {
			out[i] = '_'
		}
	}
	return out
}

// span returns where the bytes [start, end) of the piece lie in the file.
func (t text) span(start, end int) detectors.Span {
	start = max(0, min(start, len(t.bytes)))
	end = max(start, min(end, len(t.bytes)))
	if start == end {
		return detectors.Span{Start: t.at(start), End: t.at(start)}
	}
	return detectors.Span{Start: t.at(start), End: t.at(end-1) + 1}
}

// fill returns the placeholder that covers the offset, nil if none does, and where the next one begins, or the end if that comes before.
func (t text) fill(offset, end int) (covers *Fill, next int) {
	i := sort.Search(len(t.fills), func(i int) bool { return t.fills[i].End > offset })
	switch {
	case i == len(t.fills):
		return nil, end
	case t.fills[i].Start <= offset:
		return &t.fills[i], offset
	}
	return nil, min(t.fills[i].Start, end)
}

// Limits beyond which a piece is not parsed: the parser descends once for every level, and takes quadratic time for some of them.
const (
	maxSize    = 1 << 20 // bytes
	maxNesting = 500     // brackets and compound commands that are open at once
	maxChoices = 5000    // question marks; conditional expressions in arithmetic nest to the right
)

// tooLarge reports whether the piece is too large, or nests too deep, to be parsed.
func (t text) tooLarge() bool {
	if len(t.bytes) > maxSize || bytes.Count(t.bytes, []byte("?")) > maxChoices {
		return true
	}
	depth, command := 0, true // command: a keyword can stand here
	for i := 0; i < len(t.bytes); i++ {
		c := t.bytes[i]
		switch c {
		case ' ', '\t':
		case '(', '{', '[':
			depth++
			command = true
		case ')', '}', ']':
			depth = max(0, depth-1)
		case '\n', ';', '&', '|', '`':
			command = true
		default:
			if c < 'a' || 'z' < c {
				command = false
				break
			}
			start := i
			for i+1 < len(t.bytes) && 'a' <= t.bytes[i+1] && t.bytes[i+1] <= 'z' {
				i++
			}
			if command {
				level := keywords[string(t.bytes[start:i+1])]
				depth = max(0, depth+level.nests)
				command = level.command
			}
		}
		if depth > maxNesting {
			return true
		}
	}
	return false
}

// keywords says how many levels a reserved word opens, and whether a command follows it.
var keywords = map[string]struct {
	nests   int
	command bool
}{
	"if": {1, true}, "while": {1, true}, "until": {1, true}, "for": {1, false}, "case": {1, false}, "select": {1, false},
	"fi": {-1, false}, "done": {-1, false}, "esac": {-1, false},
	"then": {0, true}, "do": {0, true}, "else": {0, true}, "elif": {0, true},
	"time": {0, true}, "coproc": {0, true}, "function": {1, false},
}
