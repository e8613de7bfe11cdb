package terraform

import (
	"bytes"
	"unicode"
)

// The parser recurses, and cannot be stopped once its stack overflows, which ends the program; and it joins the pieces of a text one by one, each
// time copying what it has, which takes a minute for a heredoc of a megabyte of short lines.
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
	maxJoined     = 1 << 30 // bytes of texts, each times its pieces: a second
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

// joined returns how many bytes the parser copies to join the pieces of texts: the lines of heredocs, and what is between signs that could begin a
// template.
func joined(data []byte) (sum int) {
	var mark []byte // of the heredoc that is open
	pieces, size := 0, 0
	for line := range bytes.Lines(data) {
		line = bytes.TrimSpace(line)
		if mark != nil && !bytes.Equal(line, mark) {
			pieces, size = pieces+1+signs(line), size+len(line)+1
			continue
		}
		sum += pieces*size + signs(line)*len(line)
		pieces, size, mark = 0, 0, opened(line)
	}
	return sum + pieces*size
}

// signs returns how many signs of a line could begin a template.
func signs(line []byte) int {
	return bytes.Count(line, []byte("$")) + bytes.Count(line, []byte("%"))
}

// opened returns the mark that ends the heredoc that a line opens, nil if it opens none.
func opened(line []byte) []byte {
	i := bytes.LastIndex(line, []byte("<<"))
	if i < 0 {
		return nil
	}
	mark := bytes.TrimPrefix(line[i+2:], []byte("-"))
	if len(mark) == 0 || bytes.ContainsFunc(mark, notOfMark) {
		return nil
	}
	return mark
}

func notOfMark(r rune) bool {
	return r != '_' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}
