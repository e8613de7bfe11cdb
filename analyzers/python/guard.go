package python

import (
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// maxGuards bounds the conditions of a file that are kept.
const maxGuards = 500

// conditions walks the lines for conditions that compare a value with words.
func (s *source) conditions() {
	for n, line := range s.lines {
		if len(s.guards) > maxGuards {
			return
		}
		if s.is(line.from, "if") {
			s.branches(n)
		}
	}
}

func (s *source) guard(from, to int, g analyzers.Guard) {
	if from < to {
		s.guards = append(s.guards, code.Guarded{From: s.offset(from), To: s.offset(to), Guard: g})
	}
}

// branches notes what an if statement guards, with its elif and else, and what follows it if its only branch does not go on.
func (s *source) branches(n int) {
	indent := s.lines[n].indent
	var before []analyzers.Guard // the opposites of the branches so far; nil if one of them cannot be read
	readable := true
	count := 0
	for n < len(s.lines) {
		head := s.lines[n]
		from, to := s.suite(n)
		var guards []analyzers.Guard
		if !s.is(head.from, "else") {
			colon := head.from
			for colon < head.to && !s.is(colon, ":") {
				colon = s.skip(colon)
			}
			guards = s.condition(head.from+1, colon, 0)
		}
		for _, g := range append(slices.Clone(before), guards...) {
			s.guard(from, to, g)
		}
		count++
		if len(guards) == 1 && readable {
			opposite := guards[0]
			opposite.Not = !opposite.Not
			before = append(before, opposite)
		} else {
			readable = false
		}
		next := n + 1
		for next < len(s.lines) && s.lines[next].from < to {
			next++
		}
		if next >= len(s.lines) || s.lines[next].indent != indent || !s.is(s.lines[next].from, "elif") && !s.is(s.lines[next].from, "else") {
			if count == 1 && len(before) == 1 && s.leaves(from, to) {
				s.guard(to, s.blockEnd(next, indent), before[0])
			}
			return
		}
		n = next
	}
}

// blockEnd returns the token after the block in which the line is, whose lines have the indentation.
func (s *source) blockEnd(line, indent int) int {
	for line < len(s.lines) && s.lines[line].indent >= indent {
		line++
	}
	if line >= len(s.lines) {
		return s.count
	}
	return s.lines[line].from
}

// leaves reports whether the last statement of a block does not go on with what follows the block.
func (s *source) leaves(from, to int) bool {
	if to <= from || to > len(s.toks) {
		return false
	}
	last := s.lines[s.toks[to-1].line].from
	if last < from {
		last = from
	}
	return s.is(last, "raise") || s.is(last, "return") || s.is(last, "continue") || s.is(last, "break") ||
		s.is(last, "sys", ".", "exit") || s.is(last, "exit", "(") || s.is(last, "quit", "(") || s.is(last, "os", ".", "_exit")
}

// condition reads a condition between two tokens: all of the guards hold where it does. What it cannot read is left out.
func (s *source) condition(from, to, depth int) []analyzers.Guard {
	if depth > 4 {
		return nil
	}
	for s.is(from, "(") && s.partner[from] == to-1 {
		from, to = from+1, to-1
	}
	if parts := s.split(from, to, "or"); len(parts) > 1 {
		var all analyzers.Guard
		for i, p := range parts {
			one := s.condition(p[0], p[1], depth+1)
			if len(one) != 1 || one[0].Not {
				return nil
			}
			if i == 0 {
				all.Value = one[0].Value
			}
			all.Patterns = append(all.Patterns, one[0].Patterns...)
		}
		return []analyzers.Guard{all}
	}
	if parts := s.split(from, to, "and"); len(parts) > 1 {
		var guards []analyzers.Guard
		for _, p := range parts {
			guards = append(guards, s.condition(p[0], p[1], depth+1)...)
		}
		return guards
	}
	if s.is(from, "not") {
		inner := s.condition(from+1, to, depth+1)
		if len(inner) == 1 {
			inner[0].Not = !inner[0].Not
			return inner
		}
		return nil
	}
	return s.comparison(from, to, depth)
}

// split returns the stretches between a word at the top of an expression.
func (s *source) split(from, to int, word string) [][2]int {
	var parts [][2]int
	start := from
	for i := from; i < to; i = s.skip(i) {
		if s.is(i, word) {
			parts = append(parts, [2]int{start, i})
			start = i + 1
		}
	}
	return append(parts, [2]int{start, to})
}

// comparison reads x == "a", x in ("a", "b"), or a name that holds one.
func (s *source) comparison(from, to, depth int) []analyzers.Guard {
	if name := s.name(from); name != "" && to == from+1 {
		for _, d := range s.find(name, s.offset(from)) {
			if d.init > 0 && d.function == nil {
				return s.condition(d.init, s.past(d.init), depth+1)
			}
		}
		return nil
	}
	left, next := s.operand(from, 0)
	not := false
	if s.is(next, "not", "in") {
		not = true
		next++
	}
	operator := s.text(next)
	right, _ := s.operand(next+1, 0)
	switch operator {
	case "!=":
		not = true
	case "==":
	case "in":
		var words []string
		if s.is(next+1, "(") || s.is(next+1, "[") || s.is(next+1, "{") {
			for j := next + 2; j < s.partner[next+1]; j++ {
				if text, ok := s.str(j); ok {
					words = append(words, text)
				}
			}
		}
		if len(words) == 0 || !code.Compared(left.whole()) {
			return nil
		}
		return []analyzers.Guard{{Value: s.of(from, left.whole()), Patterns: words, Not: not}}
	default:
		return nil
	}
	a, b := left.whole(), right.whole()
	if code.Compared(b) && !code.Compared(a) {
		a, b = b, a
	}
	word, ok := code.Text(b)
	if !ok || word == "" || !code.Compared(a) {
		return nil
	}
	return []analyzers.Guard{{Value: s.of(from, a), Patterns: []string{word}, Not: not}}
}
