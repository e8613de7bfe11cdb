package js

import (
	"maps"
	"slices"

	lexer "github.com/tdewolff/parse/v2/js"
)

// declaration is a name with a value that may be known.
type declaration struct {
	from, to int      // the tokens between which the name is known
	init     int      // the token at which the value's expression begins
	keys     []string // the properties of that value that lead to the name's: const {a: {b}} = init
	function *function
	index    int  // function is set: the name is its parameter of this index, or with -1 the function's own
	again    bool // the name had a value before: a text that is no token says nothing beside that

	busy, done bool
	value      value
}

// function is a function, a method or an arrow.
type function struct {
	name   string // the name by which it is called; of a constructor the class; empty if unknown
	params int    // the opening parenthesis, or a single parameter
	body   int    // the opening brace, or the first token of an arrow's expression
	end    int    // the token after it
	block  bool   // the body is a block

	busy, done bool
	result     value // what it returns
}

// declare walks the tokens and notes what they declare.
func (s *source) declare() {
	class := s.classes()
	for _, brace := range slices.Sorted(maps.Keys(class)) {
		if s.partner[brace] > brace {
			s.fields(brace)
		}
	}
	for i := range s.toks {
		switch s.kind(i) {
		case lexer.ConstToken, lexer.LetToken, lexer.VarToken:
			s.variables(i + 1)
		case lexer.FunctionToken:
			s.function(i)
		case lexer.ArrowToken:
			s.arrow(i)
		case lexer.EqToken, lexer.OrEqToken, lexer.NullishEqToken:
			s.assignment(i, class)
		case lexer.OpenParenToken:
			if name := s.name(i - 1); name != "" {
				s.calls[name] = append(s.calls[name], i)
				s.method(i, class)
			}
		}
	}
	s.nameFunctions()
}

// classes returns the classes' names, by their opening braces.
func (s *source) classes() map[int]string {
	classes := map[int]string{}
	for i := range s.toks {
		if s.kind(i) != lexer.ClassToken || s.dot(i-1) {
			continue
		}
		name := ""
		if s.kind(i+1) != lexer.ExtendsToken {
			name = s.name(i + 1)
		}
		const longest = 60 // words of what a class extends and implements
		for j := i + 1; j < min(i+longest, len(s.toks)); j++ {
			if s.kind(j) == lexer.OpenBraceToken {
				classes[j] = name
				break
			}
		}
	}
	return classes
}

// scope returns the tokens between which a name is known that is declared at i.
func (s *source) scope(i int) (from, to int) {
	if brace := s.around[i]; brace >= 0 {
		return brace, s.partner[brace]
	}
	return 0, len(s.toks)
}

func (s *source) add(name string, d declaration) {
	s.declared[name] = append(s.declared[name], &d)
}

// variables notes the names of a declaration of which the first pattern is at i.
func (s *source) variables(i int) {
	for i < len(s.toks) {
		pattern := i
		i = s.skip(i)
		if s.kind(i) == lexer.NotToken { // a: x!: T
			i++
		}
		if s.kind(i) == lexer.ColonToken {
			i = s.afterType(i + 1)
		}
		from, to := s.scope(pattern)
		if s.kind(i) != lexer.EqToken && !s.is(i, "of") {
			if name := s.name(pattern); name != "" {
				s.unset[name] = &declaration{from: from, to: to}
			}
			return
		}
		s.pattern(pattern, declaration{from: from, to: to, init: i + 1})
		if i = s.past(i + 1); s.kind(i) != lexer.CommaToken {
			return
		}
		i++
	}
}

// afterType returns the token after the type annotation that begins at i: an equals sign or what else ends it.
func (s *source) afterType(i int) int {
	const longest = 200
	for end := i + longest; i < end; i = s.skip(i) {
		switch s.kind(i) {
		case lexer.EqToken, lexer.SemicolonToken, lexer.CommaToken, lexer.CloseParenToken, lexer.ErrorToken:
			return i
		}
		if s.is(i, "of") {
			return i
		}
	}
	return i
}

// pattern notes the names that a pattern at i binds to the value of d.
func (s *source) pattern(i int, d declaration) {
	switch s.kind(i) {
	case lexer.OpenBraceToken:
		for _, m := range s.object(i) {
			inner := d
			if !m.spread {
				inner.keys = append(d.keys[:len(d.keys):len(d.keys)], m.key)
			}
			s.pattern(m.value, inner)
		}
	case lexer.OpenBracketToken:
		// elements are not told apart
		for j := i + 1; j < s.partner[i]; j = s.past(j) + 1 {
			s.pattern(j, d)
		}
	default:
		if name := s.name(i); name != "" {
			s.add(name, d)
		}
	}
}

// function notes a function that is written with its keyword at i.
func (s *source) function(i int) {
	name, j := "", i+1
	if s.is(j, "*") {
		j++
	}
	if s.kind(j) != lexer.OpenParenToken {
		name = s.name(j)
		j++
	}
	f := s.body(j, name)
	if f != nil && name != "" {
		from, to := s.scope(i)
		s.add(name, declaration{from: from, to: to, function: f, index: -1})
	}
}

// body notes the function whose parameters begin at the parenthesis i and whose body is a block, nil if there is none.
func (s *source) body(i int, name string) *function {
	if s.kind(i) != lexer.OpenParenToken || s.partner[i] < i {
		return nil
	}
	j := s.partner[i] + 1
	if s.kind(j) == lexer.ColonToken { // a type
		const longest = 60
		for end := j + longest; j < end && s.kind(j) != lexer.OpenBraceToken; j++ {
			if s.kind(j) == lexer.SemicolonToken || s.kind(j) == lexer.ErrorToken {
				return nil
			}
		}
	}
	if s.kind(j) != lexer.OpenBraceToken || s.partner[j] < j {
		return nil
	}
	f := &function{name: name, params: i, body: j, end: s.partner[j], block: true}
	s.functions[i] = f
	s.parameters(f)
	return f
}

// arrow notes the function whose arrow is at i.
func (s *source) arrow(i int) {
	params := i - 1
	if s.kind(params) == lexer.CloseParenToken {
		params = s.partner[params]
	} else if open := s.typedArrow(i); open >= 0 {
		params = open
	}
	if params < 0 || s.kind(i+1) == lexer.ErrorToken {
		return
	}
	f := &function{params: params, body: i + 1}
	if f.block = s.kind(i+1) == lexer.OpenBraceToken; f.block {
		f.end = s.partner[i+1]
	} else {
		f.end = s.past(i + 1)
	}
	if f.end <= f.body {
		return
	}
	s.functions[params] = f
	s.parameters(f)
}

// typedArrow returns the opening parenthesis of an arrow at i whose result has a type: (a): T => b.
func (s *source) typedArrow(i int) int {
	const longest = 30
	for j := i - 1; j > max(0, i-longest); j-- {
		switch k := s.kind(j); {
		case k == lexer.ColonToken && s.kind(j-1) == lexer.CloseParenToken:
			return s.partner[j-1]
		case k == lexer.SemicolonToken, k == lexer.CommaToken, k == lexer.EqToken, k == lexer.OpenBraceToken:
			return -1
		}
	}
	return -1
}

// method notes a method or a constructor whose parameters begin at i.
func (s *source) method(i int, classes map[int]string) {
	brace := s.around[i]
	class, ok := classes[brace]
	if !ok || s.dot(i-2) || s.kind(i-2) == lexer.NewToken {
		return
	}
	name := s.name(i - 1)
	if name == "constructor" {
		name = class
	}
	if f := s.body(i, name); f != nil {
		s.add("this."+s.name(i-1), declaration{from: brace, to: s.partner[brace], function: f, index: -1})
	}
}

// parameters notes a function's parameters.
func (s *source) parameters(f *function) {
	scope := declaration{from: f.body, to: f.end, function: f}
	if s.kind(f.params) != lexer.OpenParenToken {
		s.add(s.name(f.params), scope)
		return
	}
	end := s.partner[f.params]
	for i := f.params + 1; i < end; scope.index++ {
		property := false
		for s.is(i, "private") || s.is(i, "public") || s.is(i, "protected") || s.is(i, "readonly") || s.is(i, "override") {
			i++
			property = true
		}
		if s.kind(i) == lexer.EllipsisToken {
			i++
		}
		s.pattern(i, scope)
		if name := s.name(i); property && name != "" {
			field := scope
			field.from, field.to = s.scope(f.params)
			s.add("this."+name, field)
		}
		for i < end && s.kind(i) != lexer.CommaToken {
			i = s.skip(i)
		}
		i++
	}
}

// nameFunctions gives arrows and functions without a name the name of the variable that holds them.
func (s *source) nameFunctions() {
	for _, name := range slices.Sorted(maps.Keys(s.declared)) {
		for _, d := range s.declared[name] {
			if d.function != nil || len(d.keys) > 0 {
				continue
			}
			if f := s.functionAt(d.init); f != nil && f.name == "" {
				f.name = name
			}
		}
	}
}

// functionAt returns the function that is written at i.
func (s *source) functionAt(i int) *function {
	if s.is(i, "async") {
		i++
	}
	if s.kind(i) == lexer.FunctionToken {
		for i++; s.is(i, "*") || s.name(i) != ""; i++ {
		}
	}
	return s.functions[i]
}

// assignment notes what is assigned at the equals sign i: a property, this.token = x, or a variable that was declared before.
func (s *source) assignment(i int, classes map[int]string) {
	start := i - 1
	for start > 0 && s.name(start) != "" && s.dot(start-1) {
		start -= 2
	}
	name := s.name(start)
	if name == "" {
		return
	}
	d := declaration{init: i + 1}
	if start < i-1 {
		name = s.dotted(start, i)
		d.from, d.to = s.assigned(start, classes)
		s.add(name, d)
	} else if first := s.unset[name]; first != nil {
		d.from, d.to = first.from, first.to
		s.add(name, d)
	} else if len(s.declared[name]) >= maxCallers {
		return
	} else if before := s.find(name, start); len(before) > 0 && before[0].function == nil && before[len(before)-1].init != d.init {
		d.from, d.to, d.again = before[0].from, before[0].to, true
		s.add(name, d)
	}
}

// assigned returns the tokens between which a property is known that is assigned at i: of this within the class.
func (s *source) assigned(i int, classes map[int]string) (from, to int) {
	if s.kind(i) != lexer.ThisToken {
		return 0, len(s.toks)
	}
	for brace := s.around[i]; brace >= 0; brace = s.around[brace] {
		if _, ok := classes[brace]; ok {
			return brace, s.partner[brace]
		}
	}
	return 0, len(s.toks)
}

// fields notes the fields of the class whose body begins at the brace.
func (s *source) fields(brace int) {
	for i := brace + 1; i < s.partner[brace]; {
		for s.is(i, "private") || s.is(i, "public") || s.is(i, "protected") || s.is(i, "readonly") || s.is(i, "static") {
			i++
		}
		name := s.name(i)
		i++
		if s.kind(i) == lexer.NotToken || s.kind(i) == lexer.QuestionToken {
			i++
		}
		if s.kind(i) == lexer.ColonToken {
			i = s.afterType(i + 1)
		}
		if s.kind(i) != lexer.EqToken {
			i = s.skip(i - 1)
			continue
		}
		if name != "" {
			s.add("this."+name, declaration{from: brace, to: s.partner[brace], init: i + 1})
		}
		i = s.past(i + 1)
	}
}

// dotted returns the words from i to j joined by dots.
func (s *source) dotted(i, j int) string {
	name := s.text(i)
	for i++; i < j; i++ {
		if !s.dot(i) {
			name += "." + s.text(i)
		}
	}
	return name
}

// find returns the declarations of a name that a token sees: those of the innermost scope that has one. A variable that is assigned
// more than once has several.
func (s *source) find(name string, at int) []*declaration {
	var best []*declaration
	s.spent += len(s.declared[name])
	for _, d := range s.declared[name] {
		switch {
		case at < d.from || at >= d.to || len(best) > 0 && d.from < best[0].from:
		case len(best) > 0 && d.from == best[0].from:
			best = append(best, d)
		default:
			best = []*declaration{d}
		}
	}
	return best
}
