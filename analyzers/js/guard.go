package js

import (
	"maps"
	"slices"

	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// maxGuards bounds the conditions of a file that are kept.
const maxGuards = 500

// conditions walks the tokens for conditions that compare a value with words.
func (s *source) conditions() {
	for i := range s.toks {
		if len(s.guards) > maxGuards || s.kind(i+1) != lexer.OpenParenToken || s.partner[i+1] < i {
			continue
		}
		switch s.kind(i) {
		case lexer.IfToken:
			s.ifs(i)
		case lexer.SwitchToken:
			s.switches(i)
		}
	}
}

// callers has a function stand under the conditions that all its calls stand under, if nobody else can call it: it is not exported, and its name
// stands nowhere but where it is declared and called.
func (s *source) callers() {
	if len(s.guards) == 0 {
		return
	}
	stands := map[string][]int{} // names: their tokens
	for i := range s.toks {
		if name := s.name(i); name != "" && !s.dot(i-1) {
			stands[name] = append(stands[name], i)
		}
	}
	var found []code.Guarded
	for _, params := range slices.Sorted(maps.Keys(s.functions)) {
		f := s.functions[params]
		if f.name == "" || !slices.ContainsFunc(s.declared[f.name], func(d *declaration) bool { return d.function == f && d.index < 0 }) {
			continue
		}
		calls := s.onlyCalls(f, stands[f.name])
		for _, g := range s.guards {
			if len(calls) > 0 && len(found) < maxGuards && !slices.ContainsFunc(calls, func(i int) bool { return !g.Holds(i) }) {
				found = append(found, code.Guarded{From: f.body, To: f.end, Guard: g.Guard})
			}
		}
	}
	s.guards = append(s.guards, found...)
}

// onlyCalls returns the tokens by which a function is called, of those that its name is; none if it can be called otherwise.
func (s *source) onlyCalls(f *function, stands []int) (calls []int) {
	for _, i := range stands {
		switch {
		case i+1 == f.params && !s.exporting(i):
		case s.kind(i+1) == lexer.OpenParenToken && s.kind(i-1) != lexer.FunctionToken:
			calls = append(calls, i)
		default:
			return nil
		}
	}
	return calls
}

// exporting reports whether the function whose name is at i is exported where it is declared.
func (s *source) exporting(i int) bool {
	for i--; s.kind(i) == lexer.FunctionToken || s.is(i, "async") || s.is(i, "*"); i-- {
	}
	return s.kind(i) == lexer.ExportToken || s.kind(i) == lexer.DefaultToken
}

// ifs notes what the if statement at i guards: its branches, and what follows it if its branch does not go on.
func (s *source) ifs(i int) {
	end := s.partner[i+1]
	c := s.condition(i+2, end, 0)
	if len(c.All) == 0 {
		return
	}
	then := end + 1
	after := s.statementEnd(then, 0)
	s.guard(then, after, c)
	if s.kind(after) == lexer.ElseToken {
		s.guard(after, s.statementEnd(after+1, 0), c.Not())
	} else if s.leaves(then, after) {
		_, to := s.scope(i)
		s.guard(after, to, c.Not())
	}
}

// guard notes the condition on what stands between two tokens.
func (s *source) guard(from, to int, c code.Condition) {
	for _, g := range c.All {
		s.guards = append(s.guards, code.Guarded{From: from, To: to, Guard: g})
	}
}

// statementEnd returns the token after the statement that begins at i.
func (s *source) statementEnd(i, depth int) int {
	switch {
	case s.kind(i) == lexer.OpenBraceToken && s.partner[i] > i:
		return s.partner[i] + 1
	case s.kind(i) == lexer.IfToken && s.kind(i+1) == lexer.OpenParenToken && s.partner[i+1] > i && depth < maxNesting:
		end := s.statementEnd(s.partner[i+1]+1, depth+1)
		if s.kind(end) == lexer.ElseToken {
			end = s.statementEnd(end+1, depth+1)
		}
		return end
	}
	end := s.past(i)
	if s.kind(end) == lexer.SemicolonToken {
		end++
	}
	return end
}

// leaves reports whether the statement or block between the tokens does not go on with what follows it.
func (s *source) leaves(from, to int) bool {
	block := s.around[min(from, len(s.toks)-1)]
	if s.kind(from) == lexer.OpenBraceToken {
		block = from
	}
	for i := from; i < to; i++ {
		if s.around[i] != block {
			continue
		}
		if k := s.kind(i); k == lexer.ThrowToken || k == lexer.ReturnToken || s.is(i, "process", ".", "exit", "(") {
			return true
		}
	}
	return false
}

// switches notes what the cases of the switch statement at i guard.
func (s *source) switches(i int) {
	subject, _ := s.expression(i+2, 0)
	brace := s.partner[i+1] + 1
	if s.kind(brace) != lexer.OpenBraceToken || s.partner[brace] < brace || !code.Compared(subject.parts) {
		return
	}
	value := s.of(i+2, subject.parts)
	var all, open []string // the words of all cases, and of those that the present statements belong to
	start := 0             // where the present statements begin
	named := true          // the present statements belong to cases and not to the default
	flush := func(to int) {
		if start > 0 && named && len(open) > 0 {
			s.guards = append(s.guards, code.Guarded{From: start, To: to, Guard: analyzers.Guard{Value: value, Patterns: slices.Clone(open)}})
		}
	}
	others, othersEnd := 0, 0 // where the default's statements are
	for j := brace + 1; j < s.partner[brace]; j = s.skip(j) {
		k := s.kind(j)
		if k != lexer.CaseToken && k != lexer.DefaultToken || s.dot(j-1) {
			continue
		}
		if start > 0 && start < j {
			flush(j)
			if s.ends(start, j) {
				open, named = nil, true
			}
			if others > 0 && othersEnd == 0 {
				othersEnd = j
			}
		}
		colon := s.colon(j + 1)
		if k == lexer.CaseToken {
			text, ok := s.constant(j + 1)
			if ok {
				open, all = append(open, text), append(all, text)
			} else {
				named = false
			}
		} else {
			named = false
			others, othersEnd = colon+1, 0
		}
		start = colon + 1
		j = max(j, colon-1)
	}
	flush(s.partner[brace])
	if others > 0 && len(all) > 0 {
		if othersEnd == 0 {
			othersEnd = s.partner[brace]
		}
		s.guards = append(s.guards, code.Guarded{From: others, To: othersEnd, Guard: analyzers.Guard{Value: value, Patterns: all, Not: true}})
	}
}

// colon returns the colon at or after i that ends a case.
func (s *source) colon(i int) int {
	for i < len(s.toks) && s.kind(i) != lexer.ColonToken && s.kind(i) != lexer.CloseBraceToken {
		i = s.skip(i)
	}
	return i
}

// ends reports whether the statements between the tokens do not fall through to the next case.
func (s *source) ends(from, to int) bool {
	for i := from; i < to; i++ {
		switch s.kind(i) {
		case lexer.BreakToken, lexer.ReturnToken, lexer.ThrowToken, lexer.ContinueToken:
			return true
		}
	}
	return false
}

// condition reads a condition between two tokens.
func (s *source) condition(from, to, depth int) code.Condition {
	if depth > 4 {
		return code.Condition{}
	}
	for s.kind(from) == lexer.OpenParenToken && s.partner[from] == to-1 {
		from, to = from+1, to-1
	}
	if parts := s.split(from, to, lexer.OrToken); len(parts) > 1 {
		return s.joins(parts, code.Condition.Or, depth)
	}
	if parts := s.split(from, to, lexer.AndToken); len(parts) > 1 {
		return s.joins(parts, code.Condition.And, depth)
	}
	return s.comparison(from, to, depth)
}

// joins reads conditions that an operator joins.
func (s *source) joins(parts [][2]int, join func(a, b code.Condition) code.Condition, depth int) code.Condition {
	c := s.condition(parts[0][0], parts[0][1], depth+1)
	for _, p := range parts[1:] {
		c = join(c, s.condition(p[0], p[1], depth+1))
	}
	return c
}

// split returns the stretches between the operators at the top of an expression.
func (s *source) split(from, to int, operator lexer.TokenType) [][2]int {
	var parts [][2]int
	start := from
	for i := from; i < to; i = s.skip(i) {
		if s.kind(i) == operator {
			parts = append(parts, [2]int{start, i})
			start = i + 1
		}
	}
	return append(parts, [2]int{start, to})
}

// comparison reads one comparison: with a word, with a list of words, or by a constant that holds one.
func (s *source) comparison(from, to, depth int) code.Condition {
	if s.kind(from) == lexer.NotToken {
		return s.condition(from+1, to, depth+1).Not()
	}
	if from >= to {
		return code.Condition{}
	}
	if c := s.includes(from, to); len(c.All) > 0 {
		return c
	}
	if name := s.name(from); name != "" && to == from+1 { // const isProduction = …
		for _, d := range s.find(name, from) {
			if d.init > 0 && len(d.keys) == 0 && d.function == nil {
				return s.condition(d.init, s.past(d.init), depth+1)
			}
		}
		return code.Condition{}
	}
	next := s.comparing(from, to)
	if next == 0 {
		return code.Condition{}
	}
	not := s.kind(next) == lexer.NotEqToken || s.kind(next) == lexer.NotEqEqToken
	left, _ := s.operand(from, 0)
	right, _ := s.operand(next+1, 0)
	if code.Compared(right.parts) {
		left, right = right, left
	}
	word, ok := analyzers.Value{Parts: right.parts}.Text()
	if !ok || word == "" || !code.Compared(left.parts) {
		return code.Condition{}
	}
	return code.Comparison(s.of(from, left.parts), not, word)
}

// comparing returns the operator that asks in a condition whether two values are equal, 0 if there is none.
func (s *source) comparing(from, to int) int {
	for i := from; i < to; i = s.skip(i) {
		switch s.kind(i) {
		case lexer.EqEqToken, lexer.EqEqEqToken, lexer.NotEqToken, lexer.NotEqEqToken:
			return i
		}
	}
	return 0
}

// includes reads ['a', 'b'].includes(x), x.startsWith('a') and their like.
func (s *source) includes(from, to int) code.Condition {
	paren := to - 1
	if s.kind(paren) != lexer.CloseParenToken || s.partner[paren] <= from {
		return code.Condition{}
	}
	paren = s.partner[paren]
	method := s.name(paren - 1)
	if method != "startsWith" && method != "endsWith" && method != "includes" || !s.dot(paren-2) {
		return code.Condition{}
	}
	arg, _ := s.expression(paren+1, 0)
	if s.kind(from) == lexer.OpenBracketToken && s.is(s.partner[from]+1, ".", "includes") && code.Compared(arg.parts) {
		var words []string
		for j := from + 1; j < s.partner[from]; j++ {
			if text, ok := s.str(j); ok {
				words = append(words, text)
			} else if s.kind(j) != lexer.CommaToken {
				return code.Condition{}
			}
		}
		if len(words) == 0 {
			return code.Condition{}
		}
		return code.Comparison(s.of(paren+1, arg.parts), false, words...)
	}
	subject, next := s.primary(from, 0)
	word, ok := analyzers.Value{Parts: arg.parts}.Text()
	if next != paren-2 || !ok || word == "" || !code.Compared(subject.parts) {
		return code.Condition{}
	}
	pattern := map[string]string{"startsWith": word + "*", "endsWith": "*" + word, "includes": "*" + word + "*"}[method]
	return code.Comparison(s.of(from, subject.parts), false, pattern)
}

// nested returns the steps in the order in which they happen.
func (s *source) nested() []analyzers.Step {
	return code.Nest(s.found, s.guards, func(token int) detectors.Place { return s.place(token, token) })
}
