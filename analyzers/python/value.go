package python

import (
	"path"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// What bounds the evaluation of expressions.
const (
	maxNesting = 60
	maxSpent   = 400_000
	maxParts   = 256     // of a value, and elements of what is written out
	maxCallers = 64      // values that one name can have
	maxTokens  = 1 << 20 // with those of formatted strings
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
	object   int // the opening bracket of a dictionary, or of a call with keywords that makes one; 0 for none
	function *function
	class    *class
	client   string // the class of a client that was given the value: its results do not hold it
	library  string // the package of a client that was given no credential
	module   string // the value is what another module has under this name
	also     string // or under this one: an imported name can be a module or what is in it
	folder   bool   // a path: a slash joins another to it
	opened   bool   // the value is the path of a file that was opened
	choices  []choice
}

// choice is one of the values that an expression can come to.
type choice = code.Choice[value]

// evaluation is what an expression came to, and the token after it.
type evaluation struct {
	value value
	next  int
}

// whole returns the parts of the value, which for one of another module are that module's.
func (v value) whole() []analyzers.Part {
	if v.module == "" {
		return v.parts
	}
	own := code.Imported(v.module)
	if v.also != "" {
		own = code.Alternatives([]analyzers.Part{own}, []analyzers.Part{code.Imported(v.also)})
	}
	return append(slices.Clip(v.parts), own)
}

// either is a value that is one of several.
func either(all ...value) value {
	all = slices.DeleteFunc(all, func(v value) bool {
		return len(v.parts) == 0 && v.object == 0 && v.function == nil && v.class == nil && v.module == "" && v.client == ""
	})
	if len(all) == 0 {
		return value{}
	}
	if len(all) == 1 {
		return all[0]
	}
	result := value{object: all[0].object, function: all[0].function, class: all[0].class, client: all[0].client, library: all[0].library, folder: all[0].folder}
	var alternatives [][]analyzers.Part
	for _, v := range all {
		if parts := v.whole(); len(parts) > 0 {
			alternatives = append(alternatives, parts)
		}
	}
	if len(alternatives) > 0 {
		result.parts = []analyzers.Part{code.Alternatives(alternatives...)}
	}
	if slices.ContainsFunc(all, func(v value) bool { return v.choices != nil }) {
		result.choices = code.Choose(all)
	}
	return result
}

// chosen is either, of which the entries and attributes are told apart by the value that has them.
func chosen(all ...value) value {
	v := either(all...)
	if len(all) > 1 && (v.object != 0 || v.class != nil) {
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
	taken.parts, taken.module, taken.also = v.whole(), "", ""
	if code.Tells(taken.parts) {
		taken.parts = code.Under(guards, taken.parts)
	}
	if v.object != 0 || v.class != nil || v.module != "" || v.choices != nil {
		taken.choices = []choice{{Guards: guards, Value: v}}
	}
	return taken
}

// expression evaluates the expression that begins at i and returns the token after it.
func (s *source) expression(i, depth int) (value, int) {
	if e, ok := s.evaluated[i]; ok {
		return e.value, e.next
	}
	s.spent++
	if depth > maxNesting || s.nested > 4*maxNesting || s.spent > maxSpent {
		return value{}, s.past(i)
	}
	s.nested++ // a dictionary can hold what is made of itself, and depth says only how deep what is written nests
	v, next := s.conditional(i, depth)
	s.nested--
	v.parts = code.Bounded(v.parts)
	s.evaluated[i] = evaluation{v, next}
	return v, next
}

func (s *source) eval(i int) value {
	v, _ := s.expression(i, 0)
	return v
}

// conditional evaluates a if c else b.
func (s *source) conditional(i, depth int) (value, int) {
	v, next := s.binary(i, 0, depth)
	if !s.is(next, "if") {
		return v, next
	}
	from := next + 1
	_, next = s.binary(from, 0, depth+1)
	if !s.is(next, "else") {
		return v, next
	}
	c := s.condition(from, next, 0)
	other, next := s.expression(next+1, depth+1)
	return chosen(under(c.All, v), under(c.Not().All, other)), next
}

// precedence returns how strongly an operator binds; 0 for what is none.
func precedence(operator string) int {
	switch operator {
	case "or":
		return 1
	case "and":
		return 2
	case "==", "!=", "<", ">", "<=", ">=", "in", "is", "not":
		return 3
	case "|", "^", "&":
		return 4
	case "+":
		return 5
	case "-", "*", "/", "//", "%", "@", "**", "<<", ">>":
		return 6
	}
	return 0
}

func (s *source) binary(i, least, depth int) (value, int) {
	left, i := s.operand(i, depth)
	for {
		operator := s.text(i)
		strength := precedence(operator)
		if strength == 0 || strength <= least || depth > maxNesting || s.kind(i) == text {
			return left, i
		}
		at := i + 1
		if operator == "not" || operator == "is" && s.is(at, "not") {
			at++ // not in, is not
		}
		right, next := s.binary(at, strength, depth+1)
		if next <= i {
			return left, i
		}
		left, i = s.combine(operator, left, right, at), next
	}
}

func (s *source) combine(operator string, left, right value, at int) value {
	switch operator {
	case "or":
		return fallback(left, right)
	case "and":
		return right
	case "+", "|":
		parts := append(slices.Clip(left.whole()), right.whole()...)
		return value{parts: parts[:min(len(parts), maxParts)], object: left.object}
	case "/":
		if left.folder || right.folder {
			return joined(left, right)
		}
	case "%":
		return s.formatted(left, right, at)
	}
	return value{} // a comparison's and a number's result holds no token
}

// fallback is a value with another in its place if it is not there.
func fallback(left, right value) value {
	if len(left.parts) == 1 && left.module == "" && left.parts[0].Hole != nil && left.parts[0].Hole.Default == nil &&
		!code.IsUnknown(left.parts[0].Hole) && len(right.whole()) > 0 {
		hole := *left.parts[0].Hole
		hole.Default = &analyzers.Value{Parts: right.whole()}
		return value{parts: []analyzers.Part{{Hole: &hole}}}
	}
	return either(left, right)
}

// operand evaluates one operand with what is written behind it.
func (s *source) operand(i, depth int) (value, int) {
	v, next := s.primary(i, depth)
	var receiver value // what a method is called on
	for next > i && depth <= maxNesting {
		switch {
		case s.is(next, "(") && s.partner[next] > next:
			v = s.called(next, v, receiver, depth)
			next = s.partner[next] + 1
		case s.is(next, ".") && s.kind(next+1) == identifier:
			if s.is(next+2, "(") && s.partner[next+2] > next {
				if result, ok := s.method(v, s.text(next+1), next+2, depth); ok {
					v, next = result, s.partner[next+2]+1
					continue
				}
			}
			receiver = v
			v = s.attribute(v, s.text(next+1), depth)
			next += 2
		case s.is(next, "[") && s.partner[next] > next:
			if key, ok := s.str(next + 1); ok && s.partner[next] == next+2 {
				v = s.attribute(v, key, depth)
			} else {
				v = s.lookUp(v, next+1, depth)
			}
			next = s.partner[next] + 1
		default:
			return v, next
		}
	}
	return v, next
}

func (s *source) primary(i, depth int) (value, int) {
	switch s.kind(i) {
	case text:
		return s.strings(i, depth)
	case number:
		return value{}, i + 1
	}
	switch s.text(i) {
	case "(":
		v, next := s.expression(i+1, depth+1)
		if s.is(next, ",") {
			v = s.elements(i, depth)
		}
		return v, s.skip(i)
	case "[":
		return s.elements(i, depth), s.skip(i)
	case "{":
		if i > 0 {
			return value{object: i}, s.skip(i)
		}
		return value{}, s.skip(i)
	case "await", "*", "**":
		return s.operand(i+1, depth+1)
	case "not", "-", "+", "~":
		_, next := s.operand(i+1, depth+1)
		return value{}, next
	case "lambda":
		next := s.past(i)
		return value{}, max(next, i+1)
	case "None", "True", "False":
		return value{}, i + 1
	}
	if s.name(i) != "" {
		return s.named(i, depth)
	}
	return value{}, i
}

// synthetic is a text that is not written in the file as it is.
func synthetic(text string) value { return value{parts: []analyzers.Part{{Text: text}}} }

// directory is the folder of a value that is a path.
func directory(v value) value {
	if text, ok := code.Text(v.parts); ok {
		return value{parts: []analyzers.Part{{Text: path.Dir(text)}}, folder: true}
	}
	return value{parts: code.Opaque(v.parts), folder: true}
}

// joined is the path of several parts.
func joined(all ...value) value {
	v := value{folder: true}
	for i, one := range all {
		if i > 0 {
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
