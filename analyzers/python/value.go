package python

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// What bounds the evaluation of expressions.
const (
	maxNesting = 60
	maxSpent   = 400_000
	maxParts   = 64
	maxCallers = 32      // values that one name can have
	maxTokens  = 1 << 20 // with those of formatted strings
)

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
	if code.Holds(taken.parts) {
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
	if depth > maxNesting || s.spent > maxSpent {
		return value{}, s.past(i)
	}
	v, next := s.conditional(i, depth)
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

// formatted is format % values: of a tuple each in its place.
func (s *source) formatted(format, values value, at int) value {
	template, ok := code.Text(format.parts)
	if !ok || len(format.parts) != 1 || strings.Count(template, "%s") == 0 {
		return value{parts: code.Opaque(append(slices.Clip(format.parts), s.flat(values, 0)...))}
	}
	given := []value{values}
	if s.is(at, "(") && s.partner[at] > at {
		given = nil
		for j := at + 1; j < s.partner[at]; j = s.past(j) + 1 {
			given = append(given, s.eval(j))
		}
	}
	return fill(format.parts[0], template, "%s", given)
}

// fill puts values into the places of a literal that a mark stands for.
func fill(literal analyzers.Part, template, mark string, given []value) value {
	var v value
	from := 0
	exact := literal.Span.End-literal.Span.Start == len(template)
	add := func(to int) {
		if to > from {
			part := analyzers.Part{Text: template[from:to], Span: literal.Span}
			if exact {
				part.Span = detectors.Span{Start: literal.Span.Start + from, End: literal.Span.Start + to}
			}
			v.parts = append(v.parts, part)
		}
	}
	for n := 0; len(v.parts) < maxParts; n++ {
		at := strings.Index(template[from:], mark)
		if at < 0 {
			break
		}
		add(from + at)
		from += at + len(mark)
		if n < len(given) && len(given[n].whole()) > 0 {
			v.parts = append(v.parts, given[n].whole()...)
		} else {
			v.parts = append(v.parts, code.Unknown())
		}
	}
	add(len(template))
	return v
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

// strings evaluates the strings at i, which are one if they follow each other.
func (s *source) strings(i, depth int) (value, int) {
	var v value
	for ; s.kind(i) == text && len(v.parts) < maxParts; i++ {
		span, raw, formatted := content(s.pass.Data, s.toks[i])
		if formatted {
			v.parts = append(v.parts, s.interpolated(span, raw, depth)...)
			continue
		}
		if content := unescape(string(s.pass.Data[span.Start:span.End]), raw); content != "" {
			v.parts = append(v.parts, analyzers.Part{Text: content, Span: span})
		}
	}
	if v.parts == nil {
		v.parts = []analyzers.Part{{}}
	}
	return v, i
}

// interpolated returns the parts of a formatted string's content.
func (s *source) interpolated(span detectors.Span, raw bool, depth int) []analyzers.Part {
	var parts []analyzers.Part
	data := s.pass.Data
	from := span.Start
	literal := func(to int) {
		if to > from {
			plain := strings.NewReplacer("{{", "{", "}}", "}").Replace(unescape(string(data[from:to]), raw))
			parts = append(parts, analyzers.Part{Text: plain, Span: detectors.Span{Start: from, End: to}})
		}
	}
	eachHole(data, span, func(open, end, close int) bool {
		if len(parts) >= maxParts {
			return false
		}
		literal(open)
		if hole := s.embedded(open+1, end, depth); len(hole) > 0 {
			parts = append(parts, hole...)
		} else {
			parts = append(parts, code.Unknown())
		}
		from = min(close+1, span.End)
		return true
	})
	literal(span.End)
	return parts
}

// eachHole calls visit for each expression in a formatted string, until it returns false: with where its brace opens, where the expression ends,
// and where its brace closes, behind a conversion or a format.
func eachHole(data []byte, span detectors.Span, visit func(open, end, close int) bool) {
	for i := span.Start; i < span.End; i++ {
		if data[i] != '{' {
			continue
		}
		if i+1 < span.End && data[i+1] == '{' {
			i++
			continue
		}
		end := hole(data, i+1, span.End)
		close := end
		for close < span.End && data[close] != '}' {
			close++
		}
		if !visit(i, end, close) {
			return
		}
		i = close
	}
}

// hole returns where the expression of a formatted string ends that begins at i: at its closing brace, conversion or format.
func hole(data []byte, i, end int) int {
	depth := 0
	for ; i < end; i++ {
		switch data[i] {
		case '(', '[', '{':
			depth++
		case ')', ']':
			depth--
		case '}':
			if depth == 0 {
				return i
			}
			depth--
		case '!', ':', '=':
			if depth == 0 && !(data[i] == '!' && i+1 < end && data[i+1] == '=') {
				return i
			}
		case '\'', '"':
			i = stringEnd(data[:end], i, false) - 1
		}
	}
	return end
}

// embedded evaluates an expression within a string, whose tokens are added to the file's.
func (s *source) embedded(from, to, depth int) []analyzers.Part {
	if from >= to || len(s.toks) > maxTokens {
		return nil
	}
	toks, _ := lex(s.pass.Data[from:to], from)
	first := len(s.toks)
	s.toks = append(s.toks, toks...)
	s.partner = append(s.partner, pairs(s.pass.Data, toks, first)...)
	if len(toks) == 0 {
		return nil
	}
	s.lineOf(first)
	v, _ := s.expression(first, depth+1)
	return v.whole()
}

// lineOf gives embedded tokens a line of their own, which nothing else is of.
func (s *source) lineOf(first int) {
	for i := first; i < len(s.toks); i++ {
		s.toks[i].line = -first
	}
}

// elements is one of the elements of a list or a tuple.
func (s *source) elements(i, depth int) value {
	var all []value
	for j := i + 1; j < s.partner[i] && len(all) < maxParts; j = s.past(j) + 1 {
		v, next := s.expression(j, depth+1)
		all = append(all, v)
		if s.is(next, "for") { // a comprehension
			break
		}
	}
	return either(all...)
}

// member is one entry of a dictionary, or one keyword of a call.
type member struct {
	key    string // empty if it is computed
	token  int
	value  int
	spread bool
}

// dictionary is what members finds: it is asked for again with each key that is looked up.
type dictionary struct {
	all     []member
	last    map[string]int // of the entries with a key, the last
	spreads bool
}

// members returns the entries of the dictionary or of the call whose bracket is at i.
func (s *source) members(bracket int) []member { return s.dictionary(bracket).all }

func (s *source) dictionary(bracket int) *dictionary {
	d := s.dictionaries[bracket]
	if d == nil {
		if s.dictionaries == nil {
			s.dictionaries = map[int]*dictionary{}
		}
		d = &dictionary{all: s.listed(bracket), last: map[string]int{}}
		for i, m := range d.all {
			d.spreads = d.spreads || m.spread
			if m.key != "" && !m.spread {
				d.last[m.key] = i
			}
		}
		s.dictionaries[bracket] = d
	}
	return d
}

func (s *source) listed(bracket int) []member {
	var all []member
	for j := bracket + 1; j < s.partner[bracket]; j++ {
		switch {
		case s.is(j, "**"):
			all = append(all, member{token: j, value: j + 1, spread: true})
		case s.is(bracket, "("):
			if s.is(j+1, "=") {
				all = append(all, member{key: s.text(j), token: j, value: j + 2})
			}
		default:
			if colon := s.past(j); s.is(colon, ":") {
				key, _ := s.str(j)
				all = append(all, member{key: key, token: j, value: colon + 1})
			}
		}
		for j < s.partner[bracket] && !s.is(j, ",") {
			j = s.skip(j)
		}
	}
	return all
}

// membersOf returns the entries of a value that is a dictionary, or one of several: of those each key once.
func (s *source) membersOf(v value, depth int) []member {
	if v.choices == nil || depth > maxNesting {
		return s.members(v.object)
	}
	var all []member
	for _, c := range v.choices {
		if c.Value.object == 0 {
			continue
		}
		for _, m := range s.membersOf(c.Value, depth+1) {
			if !slices.ContainsFunc(all, func(o member) bool { return o.key == m.key }) {
				all = append(all, m)
			}
		}
	}
	return all
}

// memberOf returns the value of an entry of v.
func (s *source) memberOf(v value, m member) value {
	if v.choices == nil {
		return s.eval(m.value)
	}
	return s.attribute(v, m.key, 0)
}

// field returns where the value under a key begins, 0 if there is none.
func (s *source) field(bracket int, key string, depth int) int {
	if bracket == 0 || depth > maxNesting {
		return 0
	}
	d := s.dictionary(bracket)
	if !d.spreads {
		if i, ok := d.last[key]; ok {
			return d.all[i].value
		}
		return 0
	}
	for _, m := range slices.Backward(d.all) {
		if m.spread {
			if v, _ := s.expression(m.value, depth+1); v.object != 0 && v.object != bracket {
				if at := s.field(v.object, key, depth+8); at != 0 {
					return at
				}
			}
		} else if m.key == key && key != "" {
			return m.value
		}
	}
	return 0
}

// attribute returns the value of v.key, or v["key"].
func (s *source) attribute(v value, key string, depth int) value {
	switch {
	case v.choices != nil && v.client == "" && depth <= maxNesting:
		var all []value
		for _, c := range v.choices {
			all = append(all, under(c.Guards, s.attribute(c.Value, key, depth+1)))
		}
		return either(all...)
	case v.client != "":
		return value{parts: v.parts, client: v.client, library: v.library, module: v.module, object: v.object}
	case v.object != 0:
		if at := s.field(v.object, key, depth+1); at != 0 {
			inner, _ := s.expression(at, depth+1)
			return inner
		}
		return value{}
	case v.class != nil:
		return s.known(v.class.name+"."+key, v.class.from, depth+1)
	case v.module != "":
		one := value{module: propertyOf(v.module, key)}
		if v.also != "" {
			one.also = propertyOf(v.also, key)
		}
		return one
	case key == "parent" && v.folder:
		return directory(v)
	case v.folder:
		return v
	}
	if below, ok := code.Below(v.parts, key); ok {
		return value{parts: below}
	}
	return value{parts: code.Opaque(v.parts)}
}

// lookUp returns the value of v[key], the key being computed by the expression at i: each entry where the key is the entry's own.
func (s *source) lookUp(v value, i, depth int) value {
	key := s.eval(i).whole()
	if v.module != "" && v.client == "" && code.Compared(key) {
		above := propertyOf(v.module, "")
		return value{parts: code.Entry(append([]analyzers.Part{{Text: above}}, key...), code.Everything(above))}
	}
	if v.object == 0 || v.client != "" || s.is(v.object, "(") {
		return value{parts: code.Opaque(s.flat(v, depth+1))}
	}
	var all []value
	for _, m := range s.members(v.object) {
		if len(all) == code.MaxChoices {
			return value{parts: code.Opaque(s.flat(v, depth+1))}
		}
		one, _ := s.expression(m.value, depth+1)
		if m.key != "" && code.Compared(key) {
			one = under(code.Comparison(s.of(i, key), false, m.key).All, one)
		}
		all = append(all, one)
	}
	return chosen(all...)
}

func propertyOf(name, key string) string {
	if strings.HasSuffix(name, "#") {
		return name + key
	}
	return name + "." + key
}

// flat returns the parts of a value and, if it is a dictionary, of all that it holds.
func (s *source) flat(v value, depth int) []analyzers.Part {
	parts := slices.Clip(v.whole())
	if depth > maxNesting {
		return parts
	}
	for _, c := range v.choices {
		if len(parts) > maxParts || s.spent > maxSpent {
			break
		}
		parts = append(parts, code.Under(c.Guards, s.flat(c.Value, depth+8))...)
	}
	if v.object == 0 || v.choices != nil {
		return parts
	}
	for _, m := range s.members(v.object) {
		if len(parts) > maxParts || s.spent > maxSpent {
			break
		}
		inner, _ := s.expression(m.value, depth+1)
		parts = append(parts, s.flat(inner, depth+8)...)
	}
	return parts
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

// named evaluates what begins with a name at i.
func (s *source) named(i, depth int) (value, int) {
	if name, next := s.variable(i); next > 0 {
		if name == "" {
			return value{parts: []analyzers.Part{code.Unknown()}}, next
		}
		v := value{parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: name}}}}
		if at := s.defaultOf(i, next); at > 0 {
			other, _ := s.expression(at, depth+1)
			v = fallback(v, other)
		}
		return v, next
	}
	switch {
	case s.is(i, "__file__"):
		return value{parts: []analyzers.Part{{Text: s.pass.Path}}, folder: true}, i + 1
	case s.is(i, "self", ".") || s.is(i, "cls", "."):
		return s.known("self."+s.text(i+2), s.offset(i), depth), i + 3
	case s.is(i, "sys", ".", "argv", "["):
		return s.argv(i), s.skip(i + 3)
	}
	if dotted, next := s.dotted(i); next > i+1 {
		if full, ok := s.longest(dotted); ok { // import a.b; a.b.c
			words := strings.Count(full, ".")
			return s.moduleValue(s.imported[full]), i + 1 + 2*words
		}
		first, rest, _ := strings.Cut(dotted, ".")
		key, _, _ := strings.Cut(rest, ".")
		if len(s.declared[first+"."+key]) > 0 { // config.token = x was written somewhere
			if v := s.known(first+"."+key, s.offset(i), depth); len(v.whole()) > 0 || v.object != 0 {
				return v, i + 3
			}
		}
	}
	return s.known(s.text(i), s.offset(i), depth), i + 1
}

// longest returns the longest beginning of a dotted name that was imported as such.
func (s *source) longest(dotted string) (string, bool) {
	for name := dotted; strings.Contains(name, "."); name = name[:strings.LastIndexByte(name, '.')] {
		if _, ok := s.imported[name]; ok {
			return name, true
		}
	}
	return "", false
}

// argv is sys.argv[n].
func (s *source) argv(i int) value {
	n := s.text(i + 4)
	if len(n) != 1 || n[0] < '1' || n[0] > '9' || s.partner[i+3] != i+5 {
		return value{parts: []analyzers.Part{code.Unknown()}}
	}
	return value{parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: "args", Name: n}}}}
}

// known returns the value of a name that is used at an offset.
func (s *source) known(name string, at, depth int) value {
	if s.spent++; depth > maxNesting || s.spent > maxSpent {
		return value{}
	}
	var all []choice
	for _, d := range s.find(name, at) {
		if d.busy || len(all) == maxCallers {
			continue
		}
		if !d.done {
			d.busy = true
			d.value = s.declaredValue(d, depth+1)
			d.busy, d.done = false, true
		}
		if d.function != nil {
			all = append(all, choice{Value: d.value})
		} else {
			all = append(all, choice{Guards: code.GuardsAt(s.guards, s.offset(d.init), at), Value: d.value})
		}
	}
	if len(all) == 0 {
		if full, ok := s.imported[name]; ok {
			return s.moduleValue(full)
		}
	}
	return oneOf(all)
}

func (s *source) declaredValue(d *declaration, depth int) value {
	switch {
	case d.class != nil:
		return value{class: d.class}
	case d.function != nil && d.index < 0:
		return value{function: d.function}
	}
	var all []value
	if d.function != nil {
		all = append(all, s.given(d.function, d.index, depth))
	}
	if d.init >= 0 {
		v, _ := s.expression(d.init, depth)
		all = append(all, v)
	}
	return either(all...)
}

// given returns what the calls in this file give to a function's parameter.
func (s *source) given(f *function, index, depth int) value {
	p := index
	if f.method {
		p++
	}
	var all []choice
	for _, paren := range s.calls[f.name] {
		if len(all) == maxCallers {
			break
		}
		at := s.argument(paren, index)
		if p < len(f.parameters) {
			if keyword := s.field(paren, f.parameters[p].name, 0); keyword > 0 {
				at = keyword
			}
		}
		if at > 0 {
			v, _ := s.expression(at, depth)
			all = append(all, choice{Guards: code.GuardsAt(s.guards, s.offset(paren), f.from), Value: v})
		}
	}
	return oneOf(all)
}

// argument returns the token at which the call's n-th positional argument begins, 0 if there is none.
func (s *source) argument(paren, n int) int {
	for j := paren + 1; paren >= 0 && j < s.partner[paren]; j++ {
		if s.is(j+1, "=") || s.is(j, "**") {
			return 0
		}
		if n == 0 {
			return j
		}
		n--
		for j < s.partner[paren] && !s.is(j, ",") {
			j = s.skip(j)
		}
	}
	return 0
}

// result returns what a function returns.
func (s *source) result(f *function, depth int) value {
	if f.busy || depth > maxNesting {
		return value{}
	}
	if f.done {
		return f.result
	}
	f.busy = true
	var all []choice
	for i := f.first; i < f.last && len(all) < maxCallers; i++ {
		if s.is(i, "return") && i+1 < s.lines[s.toks[i].line].to {
			v, _ := s.expression(i+1, depth+8)
			all = append(all, choice{Guards: code.GuardsAt(s.guards, s.offset(i), f.from), Value: v})
		}
	}
	f.result = oneOf(all)
	f.busy, f.done = false, true
	return f.result
}
