package js

import (
	"path"
	"slices"
	"strings"

	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// What bounds the evaluation of expressions.
const (
	maxNesting = 60
	maxSpent   = 400_000
	maxParts   = 256 // of a value, and elements of what is written out
	maxCallers = 64  // calls of which the arguments are a parameter's values
)

// room reports whether a list that has some elements may have more. That it may not is a gap of the file.
func (s *source) room(some, most int) bool {
	s.cut = s.cut || some >= most
	return some < most
}

// gather adds to parts what others hold beside it and reports whether there was room for all of it.
func (s *source) gather(parts *[]analyzers.Part, others []analyzers.Part) (whole bool) {
	*parts, whole = code.Gather(*parts, others, maxParts)
	s.cut = s.cut || !whole
	return whole
}

// value is what an expression comes to, as far as the file says.
type value struct {
	parts    []analyzers.Part
	object   int              // the opening brace of an object, 0 for none
	function *function        // a function
	client   string           // the constructor of a client that was given the value: its results do not hold it
	library  string           // the package of a client that was given no credential
	address  []analyzers.Part // what a client was made with first, where that may be an address
	module   string           // the value is what another file exports under this name
	choices  []choice
}

// choice is one of the values that an expression can come to.
type choice = code.Choice[value]

// synthetic is a text that is not written in the file as it is.
func synthetic(text string) value { return value{parts: []analyzers.Part{{Text: text}}} }

// either is a value that is one of several.
func either(all ...value) value {
	var some []value
	for _, v := range all {
		if len(v.parts) > 0 || v.object != 0 || v.function != nil || v.module != "" || v.client != "" {
			some = append(some, v)
		}
	}
	if len(some) == 0 {
		return value{}
	}
	if len(some) == 1 {
		return some[0]
	}
	result := value{object: some[0].object, function: some[0].function, client: some[0].client, library: some[0].library}
	var alternatives [][]analyzers.Part
	for _, v := range some {
		if v.whole() != nil {
			alternatives = append(alternatives, v.whole())
		}
	}
	if len(alternatives) > 0 {
		result.parts = []analyzers.Part{code.Alternatives(alternatives...)}
	}
	if slices.ContainsFunc(some, func(v value) bool { return v.choices != nil }) {
		result.choices = code.Choose(some)
	}
	return result
}

// chosen is either, of which the members are told apart by the value that has them.
func chosen(all ...value) value {
	v := either(all...)
	if len(all) > 1 && v.object != 0 {
		v.choices = code.Choose(all)
	}
	return v
}

// oneOf is one of several values, each of which is taken under its guards. Of a command or an address more is read if it is no alternative: a
// value that is the only one, and no constant, stays as it is.
func oneOf(all []choice) value {
	if len(all) == 1 && slices.ContainsFunc(all[0].Value.parts, func(p analyzers.Part) bool { return p.Hole != nil }) {
		return all[0].Value
	}
	values := make([]value, len(all))
	for i, c := range all {
		values[i] = under(c.Guards, c.Value)
	}
	return either(values...)
}

// under is a value that is taken only if the guards allow.
func under(guards []analyzers.Guard, v value) value {
	if len(guards) == 0 {
		return v
	}
	taken := v
	taken.parts, taken.module = v.whole(), ""
	if code.Tells(taken.parts) {
		taken.parts = code.Under(guards, taken.parts)
	}
	if v.object != 0 || v.module != "" || v.choices != nil {
		taken.choices = []choice{{Guards: guards, Value: v}}
	}
	return taken
}

// whole returns the parts of the value, which for one of another module are that module's.
func (v value) whole() []analyzers.Part {
	if v.module == "" {
		return v.parts
	}
	return []analyzers.Part{code.Imported(v.module)}
}

// of returns the template of an expression, with the place where it is written.
func (s *source) of(i int, parts []analyzers.Part) analyzers.Value {
	return analyzers.Value{At: s.place(i, max(i, s.past(i)-1)), Parts: parts}
}

// expression evaluates the expression that begins at i and returns the token after it.
func (s *source) expression(i, depth int) (value, int) {
	if e, ok := s.evaluated[i]; ok {
		return e.value, e.next
	}
	s.spent++
	if depth > maxNesting || s.spent > maxSpent {
		return value{}, s.past(i)
	}
	v, next := s.conditional(i, depth)
	v.parts = code.Bounded(v.parts)
	s.evaluated[i] = evaluation{v, next}
	return v, next
}

// evaluation is what an expression came to, and the token after it.
type evaluation struct {
	value value
	next  int
}

func (s *source) conditional(i, depth int) (value, int) {
	v, next := s.binary(i, 0, depth)
	if s.kind(next) != lexer.QuestionToken {
		return v, next
	}
	c := s.condition(i, next, 0)
	a, next := s.expression(next+1, depth+1)
	if s.kind(next) != lexer.ColonToken {
		return a, next
	}
	b, next := s.expression(next+1, depth+1)
	return chosen(under(c.All, a), under(c.Not().All, b)), next
}

// precedence returns how strongly an operator binds; 0 for what is none.
func precedence(kind lexer.TokenType) int {
	switch kind {
	case lexer.NullishToken, lexer.OrToken:
		return 1
	case lexer.AndToken:
		return 2
	case lexer.EqEqToken, lexer.EqEqEqToken, lexer.NotEqToken, lexer.NotEqEqToken, lexer.LtToken, lexer.LtEqToken, lexer.GtToken,
		lexer.GtEqToken, lexer.InToken, lexer.InstanceofToken, lexer.BitAndToken, lexer.BitOrToken, lexer.BitXorToken:
		return 3
	case lexer.AddToken:
		return 4
	case lexer.SubToken, lexer.MulToken, lexer.DivToken, lexer.ModToken, lexer.ExpToken, lexer.LtLtToken, lexer.GtGtToken,
		lexer.GtGtGtToken:
		return 5
	}
	return 0
}

func (s *source) binary(i, least, depth int) (value, int) {
	left, i := s.operand(i, depth)
	for {
		operator := s.kind(i)
		strength := precedence(operator)
		if strength == 0 || strength <= least || depth > maxNesting {
			return left, i
		}
		right, next := s.binary(i+1, strength, depth+1)
		if next <= i {
			return left, i
		}
		left, i = combine(operator, left, right), next
	}
}

func combine(operator lexer.TokenType, left, right value) value {
	switch operator {
	case lexer.NullishToken, lexer.OrToken:
		return fallback(left, right)
	case lexer.AndToken:
		return right
	case lexer.AddToken:
		parts := append(slices.Clip(left.whole()), right.whole()...)
		return value{parts: parts[:min(len(parts), maxParts)]}
	}
	return value{} // a comparison's and a number's result holds no token
}

// fallback is a || b: the default of a name, or one of two values.
func fallback(left, right value) value {
	if parts := left.whole(); len(parts) == 1 && parts[0].Hole != nil && parts[0].Hole.Default == nil && len(right.whole()) > 0 {
		hole := *parts[0].Hole
		if hole.Space == "" {
			hole.Default = &analyzers.Value{Parts: right.whole()}
			return value{parts: []analyzers.Part{{Hole: &hole}}, object: right.object}
		}
	}
	return either(left, right)
}

// operand evaluates one operand with what is written behind it: properties, calls, types.
func (s *source) operand(i, depth int) (value, int) {
	v, next := s.primary(i, depth)
	for next > i && depth <= maxNesting {
		switch k := s.kind(next); {
		case k == lexer.OpenParenToken && s.partner[next] > next:
			v = s.called(i, next, v, depth)
			next = s.partner[next] + 1
		case s.dot(next) && s.name(next+1) != "":
			if paren := next + 2; s.kind(paren) == lexer.OpenParenToken && s.partner[paren] > paren {
				if result, ok := s.transformed(v, s.text(next+1), paren, depth); ok {
					v, next = result, s.partner[paren]+1
					continue
				}
			}
			v = s.property(v, s.text(next+1), depth)
			next += 2
		case s.dot(next):
			next++
		case k == lexer.OpenBracketToken && s.partner[next] > next:
			if key, ok := s.str(next + 1); ok && s.partner[next] == next+2 {
				v = s.property(v, key, depth)
			} else {
				v = s.lookUp(v, next+1, depth)
			}
			next = s.partner[next] + 1
		case (k == lexer.TemplateToken || k == lexer.TemplateStartToken) && !s.begins(next):
			v, next = s.template(next, depth) // a tagged template: its text is what counts
		case k == lexer.NotToken && !s.begins(next):
			next++ // x! says that x is there
		case s.is(next, "as"), s.is(next, "satisfies"):
			next = s.typeAfter(next + 1)
		default:
			return v, next
		}
	}
	return v, next
}

// typeAfter returns the token after the type that begins at i.
func (s *source) typeAfter(i int) int {
	i = s.skip(i)
	for {
		switch k := s.kind(i); {
		case s.dot(i), k == lexer.BitOrToken, k == lexer.BitAndToken:
			i = s.skip(i + 1)
		case k == lexer.OpenBracketToken:
			i = s.skip(i)
		case k == lexer.LtToken:
			end := s.angle(i)
			if end < 0 {
				return i
			}
			i = end
		default:
			return i
		}
	}
}

// angle returns the token after the list of types that begins at i with an angle bracket, -1 if it is a comparison.
func (s *source) angle(i int) int {
	const longest = 40
	open := 0
	for j := i; j < min(i+longest, len(s.toks)); j++ {
		switch k := s.kind(j); k {
		case lexer.LtToken:
			open++
		case lexer.GtToken, lexer.GtGtToken, lexer.GtGtGtToken:
			open -= map[lexer.TokenType]int{lexer.GtToken: 1, lexer.GtGtToken: 2, lexer.GtGtGtToken: 3}[k]
			if open <= 0 {
				return j + 1
			}
		case lexer.SemicolonToken, lexer.EqToken, lexer.AndToken, lexer.OrToken, lexer.OpenParenToken, lexer.CloseParenToken:
			return -1
		}
	}
	return -1
}

func (s *source) primary(i, depth int) (value, int) {
	if f := s.functionAt(i); f != nil && (s.kind(i) != lexer.IdentifierToken || s.kind(i+1) == lexer.ArrowToken || s.is(i, "async")) {
		if s.kind(f.params) != lexer.OpenParenToken || f.params == i || s.kind(i) == lexer.FunctionToken || s.is(i, "async") {
			end := f.end
			if f.block {
				end++
			}
			return value{function: f}, end
		}
	}
	switch k := s.kind(i); k {
	case lexer.StringToken:
		text, _ := s.str(i)
		return s.literal(i, text), i + 1
	case lexer.TemplateToken, lexer.TemplateStartToken:
		return s.template(i, depth)
	case lexer.OpenBraceToken:
		return value{object: i}, s.skip(i)
	case lexer.OpenBracketToken:
		return s.array(i, depth), s.skip(i)
	case lexer.OpenParenToken:
		v, _ := s.expression(i+1, depth+1)
		return v, s.skip(i)
	case lexer.AwaitToken, lexer.EllipsisToken:
		return s.operand(i+1, depth+1)
	case lexer.TypeofToken, lexer.VoidToken, lexer.DeleteToken, lexer.NotToken, lexer.SubToken, lexer.AddToken, lexer.BitNotToken,
		lexer.IncrToken, lexer.DecrToken:
		_, next := s.operand(i+1, depth+1)
		return value{}, next
	case lexer.NewToken:
		return s.instance(i, depth)
	case lexer.LtToken: // a type before the value, or an element
		if end := s.angle(i); end > 0 && s.kind(end) != lexer.LtToken {
			return value{}, end
		}
		return value{}, i + 1
	case lexer.CloseBraceToken, lexer.CloseParenToken, lexer.CloseBracketToken, lexer.CommaToken, lexer.SemicolonToken,
		lexer.ColonToken, lexer.ErrorToken, lexer.TemplateMiddleToken, lexer.TemplateEndToken:
		return value{}, i
	}
	if s.name(i) != "" {
		return s.named(i, depth)
	}
	return value{}, i + 1
}

// literal is the text of the string, or of the piece of a template, at i.
func (s *source) literal(i int, text string) value {
	if text == "" {
		return value{parts: []analyzers.Part{{}}}
	}
	return value{parts: []analyzers.Part{{Text: text, Span: s.toks[i].inner()}}}
}

// template evaluates the template that begins at i.
func (s *source) template(i, depth int) (value, int) {
	var v value
	for {
		span := s.toks[i].inner()
		if text := unescape(string(s.pass.Data[span.Start:span.End])); text != "" {
			v.parts = append(v.parts, s.literal(i, text).parts...)
		}
		if !isTemplate(s.kind(i)) {
			break
		}
		next := s.partner[i]
		if next < 0 || len(v.parts) > maxParts {
			return v, s.skip(i)
		}
		hole, _ := s.expression(i+1, depth+1)
		if parts := hole.whole(); len(parts) > 0 {
			v.parts = append(v.parts, parts...)
		} else {
			v.parts = append(v.parts, code.Unknown())
		}
		i = next
	}
	if v.parts == nil {
		v.parts = []analyzers.Part{{}}
	}
	return v, i + 1
}

// array is one of its elements.
func (s *source) array(i, depth int) value {
	var all []value
	for j := i + 1; j < s.partner[i] && s.room(len(all), maxParts); {
		v, _ := s.expression(j, depth+1)
		all = append(all, v)
		if j = s.past(j); s.kind(j) != lexer.CommaToken {
			break
		}
		j++
	}
	return either(all...)
}

// instance evaluates new X(…): a client that was given the arguments. A few classes only wrap their argument.
func (s *source) instance(i, depth int) (value, int) {
	name := s.name(i + 1)
	j := i + 2
	for s.dot(j) && s.name(j+1) != "" {
		name = s.text(j + 1)
		j += 2
	}
	if s.kind(j) == lexer.LtToken {
		if end := s.angle(j); end > 0 {
			j = end
		}
	}
	if s.kind(j) != lexer.OpenParenToken || s.partner[j] < j {
		return value{client: name, library: s.library(i+1, i)}, j
	}
	next := s.partner[j] + 1
	if parts := s.secret(j, depth); len(parts) > 0 {
		return value{parts: parts}, next
	}
	first, _ := s.expression(j+1, depth+1)
	switch name {
	case "URL":
		if arg := s.argument(j, 1); arg > 0 {
			base, _ := s.expression(arg, depth+1)
			return joined(directory(base), first), next
		}
		return first, next
	case "Headers", "Map", "Set", "Array", "Object", "String", "URLSearchParams", "Promise", "Request":
		return first, next
	}
	return value{parts: code.Opaque(s.arguments(j, depth)), client: name, object: first.object, library: s.library(i+1, j), address: first.whole()}, next
}

// library returns the package of a client that a call makes, if nothing gives the client a credential. The client's name begins at start.
func (s *source) library(start, paren int) string {
	m, ok := s.imported[s.text(start)]
	if !ok || local(m.path) {
		return ""
	}
	for n := range maxParts {
		at := s.argument(paren, n)
		if at == 0 {
			break
		}
		if v, _ := s.expression(at, 1); v.object == 0 && code.Credentials(v.whole()) || v.object != 0 && s.credentials(v.object, 0) {
			return ""
		}
	}
	return m.path
}

// credentials reports whether an object has a member that is named like a credential, or may have one.
func (s *source) credentials(brace, depth int) bool {
	for _, m := range s.object(brace) {
		if !m.spread {
			if code.Credential(m.key) {
				return true
			}
			continue
		}
		v, _ := s.expression(m.value, depth+1)
		if v.object == 0 || depth > maxNesting || v.object == brace || s.credentials(v.object, depth+8) {
			return true
		}
	}
	return false
}

// argument returns the token at which the call's n-th argument begins, counted from 0; 0 if there is none.
func (s *source) argument(paren, n int) int {
	for j := paren + 1; j < s.partner[paren]; {
		if n == 0 {
			return j
		}
		n--
		if j = s.past(j); s.kind(j) != lexer.CommaToken {
			break
		}
		j++
	}
	return 0
}

// arguments returns the parts of all arguments of a call.
func (s *source) arguments(paren, depth int) []analyzers.Part {
	var parts []analyzers.Part
	for j := paren + 1; j < s.partner[paren]; {
		v, _ := s.expression(j, depth+1)
		if !s.gather(&parts, s.flat(v, depth+1)) {
			break
		}
		if j = s.past(j); s.kind(j) != lexer.CommaToken {
			break
		}
		j++
	}
	return parts
}

// flat returns the parts of a value and, if it is an object, of all that it holds.
func (s *source) flat(v value, depth int) []analyzers.Part {
	parts := slices.Clip(v.whole())
	if depth > maxNesting {
		return parts
	}
	for _, c := range v.choices {
		if !s.room(len(parts), maxParts) || s.spent > maxSpent {
			break
		}
		parts = append(parts, code.Under(c.Guards, s.flat(c.Value, depth+8))...)
	}
	if v.object == 0 || v.choices != nil {
		return parts
	}
	for _, m := range s.object(v.object) {
		inner, _ := s.expression(m.value, depth+1)
		if s.spent > maxSpent || !s.gather(&parts, s.flat(inner, depth+8)) {
			break
		}
	}
	return parts
}

// directory is the folder of a value that is a path.
func directory(v value) value {
	text, known := (analyzers.Value{Parts: v.parts}).Text()
	if !known {
		return value{parts: code.Opaque(v.parts)}
	}
	return synthetic(path.Dir(text))
}

// joined is the path of several parts.
func joined(all ...value) value {
	var v value
	for _, one := range all {
		if text, known := (analyzers.Value{Parts: one.parts}).Text(); known && strings.HasPrefix(text, "/") {
			v.parts = nil
		}
		if len(v.parts) > 0 {
			v.parts = append(v.parts, analyzers.Part{Text: "/"})
		}
		if parts := one.whole(); len(parts) > 0 {
			v.parts = append(v.parts, parts...)
		} else {
			v.parts = append(v.parts, code.Unknown())
		}
	}
	return v
}
