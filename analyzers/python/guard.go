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
		switch {
		case s.is(line.from, "if"):
			s.branches(n)
		case s.is(line.from, "match") && s.is(line.to-1, ":"):
			s.cases(n)
		}
	}
}

// cases notes what the cases of a match statement guard that compare its subject with words.
// https://docs.python.org/3/reference/compound_stmts.html#the-match-statement
func (s *source) cases(n int) {
	subject := s.eval(s.lines[n].from + 1).whole()
	if !code.Compared(subject) || n+1 == len(s.lines) {
		return
	}
	v := s.of(s.lines[n].from+1, subject)
	var all []string // the words of the cases so far
	for c := n + 1; c < len(s.lines) && s.lines[c].indent > s.lines[n].indent; c++ {
		head := s.lines[c]
		if head.indent != s.lines[n+1].indent || !s.is(head.from, "case") {
			continue
		}
		from, to := s.suite(c)
		var words []string
		readable := true
		i := head.from + 1
		for ; i < head.to && !s.is(i, ":"); i++ {
			if word, ok := s.str(i); ok {
				words = append(words, word)
			} else if !s.is(i, "|") {
				readable = false
			}
		}
		switch {
		case s.is(head.from+1, "_", ":") && len(all) > 0:
			s.guard(from, to, code.Comparison(v, true, all...).All[0])
		case readable && len(words) > 0:
			s.guard(from, to, code.Comparison(v, false, words...).All[0])
			all = append(all, words...)
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
	var before []analyzers.Guard // the opposites of the branches so far, as far as they can be read
	count := 0
	for n < len(s.lines) {
		head := s.lines[n]
		from, to := s.suite(n)
		var c code.Condition
		if !s.is(head.from, "else") {
			colon := head.from
			for colon < head.to && !s.is(colon, ":") {
				colon = s.skip(colon)
			}
			c = s.condition(head.from+1, colon, 0)
		}
		for _, g := range slices.Concat(before, c.All) {
			s.guard(from, to, g)
		}
		count++
		before = append(before, c.Not().All...)
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

// condition reads a condition between two tokens.
func (s *source) condition(from, to, depth int) code.Condition {
	if depth > 4 {
		return code.Condition{}
	}
	for s.is(from, "(") && s.partner[from] == to-1 {
		from, to = from+1, to-1
	}
	if parts := s.split(from, to, "or"); len(parts) > 1 {
		return s.joined(parts, code.Condition.Or, depth)
	}
	if parts := s.split(from, to, "and"); len(parts) > 1 {
		return s.joined(parts, code.Condition.And, depth)
	}
	if s.is(from, "not") {
		return s.condition(from+1, to, depth+1).Not()
	}
	return s.comparison(from, to, depth)
}

// joined reads conditions that a word joins.
func (s *source) joined(parts [][2]int, join func(a, b code.Condition) code.Condition, depth int) code.Condition {
	c := s.condition(parts[0][0], parts[0][1], depth+1)
	for _, p := range parts[1:] {
		c = join(c, s.condition(p[0], p[1], depth+1))
	}
	return c
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
func (s *source) comparison(from, to, depth int) code.Condition {
	if name := s.name(from); name != "" && to == from+1 {
		for _, d := range s.find(name, s.offset(from)) {
			if d.init > 0 && d.function == nil {
				return s.condition(d.init, s.past(d.init), depth+1)
			}
		}
		return code.Condition{}
	}
	next, after := s.comparing(from, to)
	if next == 0 {
		return code.Condition{}
	}
	not := s.is(next, "!=") || s.is(next, "not")
	left, _ := s.operand(from, 0)
	if s.is(after-1, "in") {
		var words []string
		if s.is(after, "(") || s.is(after, "[") || s.is(after, "{") {
			for j := after + 1; j < s.partner[after]; j++ {
				if text, ok := s.str(j); ok {
					words = append(words, text)
				} else if !s.is(j, ",") {
					return code.Condition{}
				}
			}
		}
		if len(words) == 0 || !code.Compared(left.whole()) {
			return code.Condition{}
		}
		return code.Comparison(s.of(from, left.whole()), not, words...)
	}
	right, _ := s.operand(after, 0)
	a, b := left.whole(), right.whole()
	if code.Compared(b) && !code.Compared(a) {
		a, b = b, a
	}
	word, ok := code.Text(b)
	if !ok || word == "" || !code.Compared(a) {
		return code.Condition{}
	}
	return code.Comparison(s.of(from, a), not, word)
}

// comparing returns the operator that asks in a condition whether two values are equal, or one is among several, and the token after it; 0
// if there is none.
func (s *source) comparing(from, to int) (operator, after int) {
	for i := from; i < to; i = s.skip(i) {
		switch {
		case s.is(i, "==") || s.is(i, "!=") || s.is(i, "in"):
			return i, i + 1
		case s.is(i, "not", "in"):
			return i, i + 2
		}
	}
	return 0, 0
}
