package shell

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
)

// condition is what holds if a command succeeds: all of the guards. Without any nothing is known, unless it is decided.
type condition struct {
	all     []analyzers.Guard
	partial bool // more than the guards must hold; nothing is known if the command fails
	decided bool // only literal words are compared
	fails   bool // they are decided not to hold
}

// always reports whether what stands under the condition counts as happening without one.
func (c condition) always() bool { return len(c.all) == 0 && !c.never() }

// never reports whether what stands under the condition does not happen.
func (c condition) never() bool { return c.decided && c.fails }

// not returns what holds if the command fails.
func (c condition) not() condition {
	if c.decided {
		return condition{decided: true, fails: !c.fails}
	}
	if c.partial || len(c.all) == 0 {
		return condition{}
	}
	g := c.all[0]
	for _, h := range c.all[1:] { // x != a && x != b fails if x is one of a, b
		if !g.Not || !h.Not || !sameSource(g.Value, h.Value) {
			return condition{}
		}
		g.Patterns = append(g.Patterns[:len(g.Patterns):len(g.Patterns)], h.Patterns...)
	}
	g.Not = !g.Not
	return condition{all: []analyzers.Guard{g}}
}

// and returns what holds if both do.
func (c condition) and(d condition) condition {
	switch {
	case c.never() || d.decided && !d.fails:
		return c
	case d.never() || c.decided && !c.fails:
		return d
	}
	return condition{
		all:     append(c.all[:len(c.all):len(c.all)], d.all...),
		partial: c.partial || d.partial || c.always() != d.always(),
	}
}

// or returns what holds if one of the two does: something is known only where both ask about the same value.
func (c condition) or(d condition) condition {
	switch {
	case c.never() || d.decided && !d.fails:
		return d
	case d.never() || c.decided && !c.fails:
		return c
	}
	if len(c.all) != 1 || len(d.all) != 1 {
		return condition{}
	}
	g, h := c.all[0], d.all[0]
	if g.Not || h.Not || !sameSource(g.Value, h.Value) {
		return condition{}
	}
	g.Patterns = append(g.Patterns[:len(g.Patterns):len(g.Patterns)], h.Patterns...)
	return condition{all: []analyzers.Guard{g}, partial: c.partial || d.partial}
}

// sameSource reports whether two values are one and the same hole.
func sameSource(a, b analyzers.Value) bool {
	if len(a.Parts) != 1 || len(b.Parts) != 1 || a.Parts[0].Hole == nil || b.Parts[0].Hole == nil {
		return false
	}
	return a.Parts[0].Hole.Space == b.Parts[0].Hole.Space && a.Parts[0].Hole.Name == b.Parts[0].Hole.Name
}

// matches returns the condition that a value matches one of the patterns. Without patterns nothing is known, nor if the value cannot
// differ. Texts that could be a credential are in no condition, since patterns are kept as they are.
func matches(value analyzers.Value, patterns []string) condition {
	if text, literal := value.Text(); literal {
		fits := slices.ContainsFunc(patterns, func(p string) bool { return fits(p, text) })
		return condition{decided: true, fails: !fits}
	}
	differs := false
	for _, p := range value.Parts {
		differs = differs || p.Hole != nil && !credential.MatchString(p.Hole.Name)
	}
	if len(patterns) == 0 || !differs || slices.ContainsFunc(patterns, random) {
		return condition{}
	}
	return condition{all: []analyzers.Guard{{Value: value, Patterns: patterns}}}
}

// fits reports whether a text matches a pattern of the shell, of which only * and ? are left.
func fits(pattern, text string) bool {
	if star := strings.IndexByte(pattern, '*'); star < 0 || star > len(text) {
		return len(pattern) == len(text) && begins(pattern, text)
	}
	pieces := strings.Split(pattern, "*")
	if !begins(pieces[0], text) {
		return false
	}
	text = text[len(pieces[0]):]
	for i, piece := range pieces[1:] {
		if i == len(pieces)-2 {
			return len(piece) <= len(text) && begins(piece, text[len(text)-len(piece):])
		}
		at := 0
		for ; at+len(piece) <= len(text) && !begins(piece, text[at:]); at++ {
		}
		if at+len(piece) > len(text) {
			return false
		}
		text = text[at+len(piece):]
	}
	return true
}

// begins reports whether a text begins with a pattern without stars.
func begins(pattern, text string) bool {
	if len(pattern) > len(text) {
		return false
	}
	for i := range len(pattern) {
		if pattern[i] != '?' && pattern[i] != text[i] {
			return false
		}
	}
	return true
}

var credential = lazyregexp.New(`(?i)token|secret|passw|passphrase|credential|api_?key|private_?key`)

// random reports whether a text is too long, or has too many digits, for a word that somebody compares with.
func random(text string) bool {
	digits := 0
	for i := range len(text) {
		if '0' <= text[i] && text[i] <= '9' {
			digits++
		}
	}
	return len(text) > 32 || digits > 6
}

// conditions reads the commands of a condition, of which the last one decides.
func (r *reader) conditions(list []*syntax.Stmt) (c condition) {
	for i, s := range list {
		if i < len(list)-1 {
			r.statement(s)
			continue
		}
		c = r.condition(s)
	}
	return c
}

// condition reads a command and returns what holds if it succeeds.
func (r *reader) condition(s *syntax.Stmt) (c condition) {
	if r.nested++; r.nested > maxNesting {
		r.nested--
		return condition{}
	}
	defer func() { r.nested-- }()
	known := true
	switch n := s.Cmd.(type) {
	case *syntax.TestClause:
		c = r.test(n.X)
	case *syntax.CallExpr:
		if c, known = r.bracket(n); !known {
			r.statement(s)
			return condition{}
		}
	case *syntax.BinaryCmd:
		c = r.both(n)
	case *syntax.Block:
		c = r.conditions(n.Stmts)
	case *syntax.Subshell:
		if len(n.Stmts) != 1 {
			r.statement(s)
			return condition{}
		}
		c = r.condition(n.Stmts[0])
	default:
		r.statement(s)
		return condition{}
	}
	if s.Negated {
		return c.not()
	}
	return c
}

// both reads a && b and a || b in a condition.
func (r *reader) both(n *syntax.BinaryCmd) condition {
	switch n.Op {
	case syntax.AndStmt, syntax.OrStmt:
	default:
		r.binary(n)
		return condition{}
	}
	x := r.condition(n.X)
	under := x
	if n.Op == syntax.OrStmt {
		under = x.not()
	}
	var y condition
	r.block(under, r.at(n.Y), func() { y = r.condition(n.Y) })
	if n.Op == syntax.OrStmt {
		return x.or(y)
	}
	return x.and(y)
}

// test reads the expression of [[ … ]].
func (r *reader) test(x syntax.TestExpr) condition {
	switch x := x.(type) {
	case *syntax.ParenTest:
		return r.test(x.X)
	case *syntax.Word:
		return matches(r.value(x), []string{""}).not()
	case *syntax.UnaryTest:
		return r.unaryTest(x)
	case *syntax.BinaryTest:
		return r.binaryTest(x)
	}
	return condition{}
}

func (r *reader) unaryTest(x *syntax.UnaryTest) condition {
	if x.Op == syntax.TsNot {
		return r.test(x.X).not()
	}
	w, ok := x.X.(*syntax.Word)
	if !ok {
		return condition{}
	}
	value := r.value(w)
	switch x.Op {
	case syntax.TsEmpStr:
		return matches(value, []string{""})
	case syntax.TsNempStr:
		return matches(value, []string{""}).not()
	}
	return condition{}
}

func (r *reader) binaryTest(x *syntax.BinaryTest) condition {
	switch x.Op {
	case syntax.AndTest:
		return r.test(x.X).and(r.test(x.Y))
	case syntax.OrTest:
		return r.test(x.X).or(r.test(x.Y))
	}
	left, ok := x.X.(*syntax.Word)
	if !ok {
		return condition{}
	}
	right, ok := x.Y.(*syntax.Word)
	if !ok {
		return condition{}
	}
	value := r.value(left)
	switch x.Op {
	case syntax.TsMatch, syntax.TsMatchShort, syntax.TsNoMatch:
		patterns, known := r.patterns([]*syntax.Word{right})
		if !known {
			return condition{}
		}
		if x.Op == syntax.TsNoMatch {
			return matches(value, patterns).not()
		}
		return matches(value, patterns)
	case syntax.TsReMatch:
		text, known := r.value(right).Text()
		if !known {
			return condition{}
		}
		return matches(value, alternatives(text))
	}
	return condition{}
}

// bracket reads [ … ] and test …; it reports whether the command is one.
func (r *reader) bracket(n *syntax.CallExpr) (condition, bool) {
	if len(n.Args) == 0 {
		return condition{}, false
	}
	args := n.Args[1:]
	switch n.Args[0].Lit() {
	case "test":
	case "[":
		if len(args) > 0 && args[len(args)-1].Lit() == "]" {
			args = args[:len(args)-1]
		}
	default:
		return condition{}, false
	}
	words := make([]word, len(args))
	for i, a := range args {
		words[i] = r.word(a)
	}
	return disjunction(words), true
}

// disjunction returns the condition of the arguments of test: -o binds weakest, then -a, then !.
func disjunction(words []word) condition {
	for i, w := range words {
		if w.text == "-o" && i > 0 {
			return conjunction(words[:i]).or(disjunction(words[i+1:]))
		}
	}
	return conjunction(words)
}

func conjunction(words []word) condition {
	for i, w := range words {
		if w.text == "-a" && i > 0 {
			return primary(words[:i]).and(conjunction(words[i+1:]))
		}
	}
	return primary(words)
}

func primary(words []word) condition {
	switch {
	case len(words) > 1 && words[0].text == "!":
		return primary(words[1:]).not()
	case len(words) == 1:
		return matches(words[0].value, []string{""}).not()
	case len(words) == 2 && words[0].text == "-z":
		return matches(words[1].value, []string{""})
	case len(words) == 2 && words[0].text == "-n":
		return matches(words[1].value, []string{""}).not()
	case len(words) == 3:
		return comparison(words[0], words[1].text, words[2])
	}
	return condition{}
}

// comparison returns the condition of a = b and a != b. Autoconf's x prefix ("x$1" = xprod) is taken off both sides.
func comparison(left word, operator string, right word) condition {
	if left.literal && !right.literal {
		left, right = right, left
	}
	if !right.literal {
		return condition{}
	}
	value, text := left.value, right.text
	if p := value.Parts; len(p) > 1 && strings.EqualFold(p[0].Text, "x") && len(text) > 0 && strings.EqualFold(text[:1], "x") {
		value.Parts, text = p[1:], text[1:]
	}
	switch operator {
	case "=", "==":
		return matches(value, []string{text})
	case "!=":
		return matches(value, []string{text}).not()
	}
	return condition{}
}

// patterns returns the patterns of a case's arm or of the right side of a comparison; known is false if one of them is computed.
func (r *reader) patterns(words []*syntax.Word) (patterns []string, known bool) {
	for _, w := range words {
		texts := []string{""}
		for _, part := range w.Parts {
			var ends []string
			if glob, ok := part.(*syntax.ExtGlob); ok && glob.Pattern != nil && glob.Op != syntax.GlobExcept {
				ends = strings.Split(glob.Pattern.Value, "|")
			} else {
				text, ok := analyzers.Value{Parts: r.part(part, unquoted)}.Text()
				if !ok {
					return nil, false
				}
				ends = brackets(text)
			}
			texts = product(texts, ends)
		}
		patterns = append(patterns, texts...)
	}
	return patterns, true
}

// maxPatterns is how many patterns one pattern with alternatives is written out as.
const maxPatterns = 16

// product returns every combination of a beginning and an end, the beginnings with "*" if there are too many.
func product(begins, ends []string) []string {
	var all []string
	for _, b := range begins {
		if len(begins)*len(ends) > maxPatterns {
			all = append(all, b+"*")
			continue
		}
		for _, e := range ends {
			all = append(all, b+e)
		}
	}
	return all
}

var bracketPattern = lazyregexp.New(`\[([A-Za-z0-9])([A-Za-z0-9])\]|\[[^\]]*\]`)

// brackets writes out a pattern's brackets: of two characters as two patterns, of others as "?".
func brackets(pattern string) []string {
	m := bracketPattern.FindStringSubmatchIndex(pattern)
	if m == nil {
		return []string{pattern}
	}
	choices := []string{"?"}
	if m[2] >= 0 {
		choices = []string{pattern[m[2]:m[3]], pattern[m[4]:m[5]]}
	}
	var all []string
	for _, rest := range brackets(pattern[m[1]:]) {
		for _, c := range choices {
			all = append(all, pattern[:m[0]]+c+rest)
		}
	}
	if len(all) > maxPatterns {
		return []string{pattern[:m[0]] + "*"}
	}
	return all
}

var simpleExpression = lazyregexp.New(`^\^?\(?([\w.*|/-]+?)\)?(\.\*)?\$?$`)

// alternatives returns the patterns that a regular expression of words amounts to, nil if it is more than that.
func alternatives(expression string) []string {
	m := simpleExpression.FindStringSubmatch(expression)
	if m == nil {
		return nil
	}
	var patterns []string
	for _, p := range strings.Split(m[1], "|") {
		p = strings.ReplaceAll(strings.ReplaceAll(p, ".*", "*"), ".", "?")
		if !strings.HasPrefix(expression, "^") {
			p = "*" + p
		}
		if !strings.HasSuffix(expression, "$") {
			p += "*"
		}
		patterns = append(patterns, p)
	}
	return patterns
}
