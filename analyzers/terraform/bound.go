package terraform

import (
	"bytes"
	"unicode"
)

// The parser recurses, and cannot be stopped once its stack overflows, which ends the program; and it joins the lines of a heredoc one by one, each
// time copying what it has, which takes a minute for a megabyte of short lines.
//
// Idea: before a file is parsed, one pass finds what is more than the parser can take. The pass knows little of the language: it takes brackets and
// operators in texts and comments for what they look like, and so it finds too much rather than too little.
//
// Why it is valid: brackets, the operators with one operand, conditions and splats are what one expression can have within another without end. An item of
// a list, an object or a block's body ends with a comma or a line, and what is in it is not within the next one.
const (
	maxSize       = 1 << 20
	maxDepth      = 1000    // of brackets and operators, one within the other
	maxDirectives = 400     // %{ if }: each has all that comes before its end
	maxJoined     = 1 << 30 // bytes of heredocs, each times its lines: a second
)

// parses reports whether the parser can take a file.
func parses(data []byte) bool {
	return len(data) <= maxSize && bytes.Count(data, []byte("%{")) <= maxDirectives && depth(data) <= maxDepth && joined(data) <= maxJoined
}

// depth returns how deep brackets and operators are within each other at most.
func depth(data []byte) int {
	most, now, item := 0, 0, 0 // item: how many of now are operators of the present item
	var outer []int            // the items that the open brackets stand in
	var ends []bool            // whether a line ends an item in them
	for _, c := range data {
		switch c {
		case '{', '[', '(':
			outer, ends = append(outer, item), append(ends, c == '{')
			now, item = now+1, 0
		case '}', ']', ')':
			if now -= item; len(outer) == 0 {
				item = 0
				continue
			}
			last := len(outer) - 1
			now, item = now-1, outer[last]
			outer, ends = outer[:last], ends[:last]
			if c == ']' { // a splat or an index: each is within the next one
				now, item = now+1, item+1
			}
		case '?', '!', '-', '*':
			now, item = now+1, item+1
		case ',':
			now, item = now-item, 0
		case '\n':
			if len(ends) == 0 || ends[len(ends)-1] {
				now, item = now-item, 0
			}
		}
		most = max(most, now)
	}
	return most
}

// joined returns how many bytes the parser copies to join the lines of heredocs.
func joined(data []byte) (sum int) {
	for {
		_, rest, found := bytes.Cut(data, []byte("<<"))
		if !found {
			return sum
		}
		first, text, _ := bytes.Cut(rest, []byte("\n"))
		mark := bytes.TrimPrefix(bytes.TrimRight(first, "\r"), []byte("-"))
		if data = rest; len(mark) == 0 || bytes.ContainsFunc(mark, notOfMark) {
			continue
		}
		lines, size := 0, 0
		for line := range bytes.Lines(text) {
			if bytes.Equal(bytes.TrimSpace(line), mark) {
				break
			}
			lines, size = lines+1, size+len(line)
		}
		sum += lines * size
		data = text[size:]
	}
}

func notOfMark(r rune) bool {
	return r != '_' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}
