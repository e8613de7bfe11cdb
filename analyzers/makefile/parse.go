package makefile

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// file is a makefile, parsed: its statements in their order, and its targets.
type file struct {
	data       []byte
	statements []statement
	rules      []rule
	oneShell   bool
	exportAll  bool
	failures   []detectors.Span // what does not parse
}

// statement is an assignment, an export, an include or an expansion outside of rules.
type statement struct {
	kind    kind
	assign  assignment
	words   detectors.Span // of all others but assignments
	at      detectors.Span
	guards  []test
	missing bool // of an include: the file may be missing
}

type kind int

const (
	assigns kind = iota
	exports
	unexports
	includes
	undefines
	expands // a line that is a call of functions, and that makes no rule
)

// assignment is NAME = value.
type assignment struct {
	name     string
	operator string // "=", ":=", "?=", "+=", "!="; "::=" and its like are ":="
	value    detectors.Span
	export   bool
	override bool // it holds whatever the command line says
	private  bool // of a target: those that it needs do not have it
	define   bool // the value is the lines between define and endef
	at       detectors.Span
}

// rule is a rule: targets, what they need, and how they are made. A rule with variables has neither.
type rule struct {
	targets []detectors.Span
	needs   []detectors.Span
	stem    detectors.Span // the pattern of a static pattern rule
	recipe  []line
	assign  *assignment
	guards  []test
}

// line is a line of a recipe, with what continues it.
type line struct {
	span   detectors.Span
	guards []test
}

// test is a condition of ifeq, ifneq, ifdef or ifndef.
type test struct {
	left, right detectors.Span
	defined     bool // left is the name of a variable that must have a value
	not         bool
}

// conditional is one that is open: the tests of the present arm, and those that all earlier arms had.
type conditional struct {
	present []test
	earlier []test
}

// parser reads a makefile line by line.
type parser struct {
	*file
	pos   int
	stack []conditional
	rule  *rule // whose recipe may go on
}

// parse reads a makefile. It accepts any bytes.
func parse(data []byte) *file {
	p := &parser{file: &file{data: data}}
	for p.pos < len(data) {
		p.line()
	}
	p.flush()
	return p.file
}

// next returns the next line without its end; with a backslash at its end the next one belongs to it.
func (p *parser) next() detectors.Span {
	start := p.pos
	for p.pos < len(p.data) {
		length := bytes.IndexByte(p.data[p.pos:], '\n')
		if length < 0 {
			p.pos = len(p.data)
			return detectors.Span{Start: start, End: p.pos}
		}
		end := p.pos + length
		p.pos = end + 1
		if !continued(p.data[start:end]) {
			return detectors.Span{Start: start, End: end}
		}
	}
	return detectors.Span{Start: start, End: p.pos}
}

// continued reports whether a line ends with a backslash that is not itself quoted.
func continued(line []byte) bool {
	line = bytes.TrimSuffix(line, []byte("\r"))
	n := 0
	for n < len(line) && line[len(line)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

func (p *parser) flush() {
	if p.rule != nil {
		p.rules = append(p.rules, *p.rule)
		p.rule = nil
	}
}

// maxConditions bounds the conditionals that are open at once, and the arms of one, that are told apart.
const maxConditions = 16

// guards returns the conditions that hold at the present place.
func (p *parser) guards() []test {
	var all []test
	for _, c := range p.stack[:min(len(p.stack), maxConditions)] {
		all = append(all, c.present...)
	}
	return all
}

func (p *parser) line() {
	span := p.next()
	if p.data[span.Start] == '\t' && p.rule != nil {
		if text := p.trim(detectors.Span{Start: span.Start + 1, End: span.End}); !text.Empty() {
			p.rule.recipe = append(p.rule.recipe, line{span: text, guards: p.guards()})
		}
		return
	}
	span = p.trim(p.uncomment(span))
	if span.Empty() {
		return
	}
	p.directive(span)
}

// directive reads a line that is no part of a recipe.
func (p *parser) directive(span detectors.Span) {
	word, rest := p.word(span)
	switch word {
	case "ifeq", "ifneq", "ifdef", "ifndef":
		p.stack = append(p.stack, conditional{})
		p.open(word, rest)
	case "else":
		p.otherwise(rest)
	case "endif":
		if n := len(p.stack); n > 0 {
			p.stack = p.stack[:n-1]
		}
	case "include", "-include", "sinclude":
		p.flush()
		p.statements = append(p.statements, statement{kind: includes, words: rest, at: span, guards: p.guards(), missing: word != "include"})
	case "undefine":
		p.flush()
		p.statements = append(p.statements, statement{kind: undefines, words: rest, at: span, guards: p.guards()})
	case "vpath", "load", "-load":
		p.flush()
	default:
		p.declaration(span)
	}
}

// open begins an arm of the innermost conditional.
func (p *parser) open(word string, rest detectors.Span) {
	c := &p.stack[len(p.stack)-1]
	t := test{not: word == "ifneq" || word == "ifndef", defined: strings.HasSuffix(word, "def")}
	if t.defined {
		t.left = rest
	} else {
		var ok bool
		if t.left, t.right, ok = p.sides(rest); !ok {
			p.failures = append(p.failures, rest)
			return
		}
	}
	c.present = append(c.present, t)
	if len(c.earlier) < maxConditions {
		opposite := t
		opposite.not = !t.not
		c.earlier = append(c.earlier, opposite)
	}
}

// otherwise begins the next arm: none of the earlier tests held.
func (p *parser) otherwise(rest detectors.Span) {
	if len(p.stack) == 0 {
		return
	}
	c := &p.stack[len(p.stack)-1]
	c.present = append([]test(nil), c.earlier...)
	switch word, more := p.word(rest); word {
	case "ifeq", "ifneq", "ifdef", "ifndef":
		p.open(word, more)
	}
}

// sides returns the two sides of (a,b), "a" "b" or 'a' 'b'.
func (p *parser) sides(span detectors.Span) (left, right detectors.Span, ok bool) {
	text := p.data[span.Start:span.End]
	if len(text) < 2 {
		return left, right, false
	}
	if text[0] == '(' {
		comma := topLevel(text[1:], ',')
		if comma < 0 || text[len(text)-1] != ')' {
			return left, right, false
		}
		left = detectors.Span{Start: span.Start + 1, End: span.Start + 1 + comma}
		right = detectors.Span{Start: span.Start + comma + 2, End: span.End - 1}
		return p.trim(left), p.trim(right), true
	}
	end := bytes.IndexByte(text[1:], text[0])
	if text[0] != '"' && text[0] != '\'' || end < 0 {
		return left, right, false
	}
	left = detectors.Span{Start: span.Start + 1, End: span.Start + 1 + end}
	second := p.trim(detectors.Span{Start: left.End + 1, End: span.End})
	if second.End-second.Start < 2 {
		return left, right, false
	}
	return left, detectors.Span{Start: second.Start + 1, End: second.End - 1}, true
}

// topLevel returns the offset of the first c that is not inside $(…) or ${…}, -1 if there is none.
func topLevel(text []byte, c byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '$' && i+1 < len(text) && (text[i+1] == '(' || text[i+1] == '{'):
			depth++
			i++
		case depth > 0 && (text[i] == '(' || text[i] == '{'):
			depth++
		case depth > 0 && (text[i] == ')' || text[i] == '}'):
			depth--
		case depth == 0 && text[i] == c:
			return i
		}
	}
	return -1
}

var variableName = lazyregexp.New(`^[A-Za-z0-9_.%/-]+$`)

// declaration reads an assignment, an export, a define or a rule.
func (p *parser) declaration(span detectors.Span) {
	a := assignment{at: span}
	rest := span
	for {
		word, more := p.word(rest)
		switch word {
		case "export":
			a.export = true
		case "override":
			a.override = true
		case "private":
		case "unexport":
			p.flush()
			p.statements = append(p.statements, statement{kind: unexports, words: more, at: span, guards: p.guards()})
			return
		case "define":
			p.flush()
			p.define(a, more)
			return
		default:
			p.assignOrRule(a, rest)
			return
		}
		if rest = more; rest.Empty() {
			break
		}
	}
	if a.export {
		p.flush()
		p.statements = append(p.statements, statement{kind: exports, words: rest, at: span, guards: p.guards()})
	}
}

func (p *parser) assignOrRule(a assignment, span detectors.Span) {
	if p.assignment(&a, span) {
		p.flush()
		p.statements = append(p.statements, statement{kind: assigns, assign: a, at: a.at, guards: p.guards()})
		return
	}
	if a.export {
		p.flush()
		p.statements = append(p.statements, statement{kind: exports, words: span, at: a.at, guards: p.guards()})
		return
	}
	p.flush()
	p.readRule(span)
}

// assignment reads NAME operator value.
func (p *parser) assignment(a *assignment, span detectors.Span) bool {
	text := p.data[span.Start:span.End]
	equals := topLevel(text, '=')
	if equals < 0 {
		return false
	}
	begin := equals
	for begin > 0 && strings.IndexByte(":?+!", text[begin-1]) >= 0 {
		begin--
	}
	name := strings.TrimSpace(string(text[:begin]))
	if !variableName.MatchString(name) {
		return false
	}
	a.name = name
	a.operator = operator(string(text[begin : equals+1]))
	a.value = p.trimLeft(detectors.Span{Start: span.Start + equals + 1, End: span.End})
	return true
}

// operator returns how an assignment is told from others, whichever way it is written.
func operator(text string) string {
	if strings.HasPrefix(text, ":") {
		return ":="
	}
	return text
}

// define reads the lines of a define up to its endef.
func (p *parser) define(a assignment, name detectors.Span) {
	text := strings.TrimSpace(string(p.data[name.Start:name.End]))
	a.name = strings.TrimRight(text, ":?+!= ")
	a.operator, a.define = operator(cmp.Or(strings.TrimSpace(text[len(a.name):]), "=")), true
	a.value = detectors.Span{Start: p.pos, End: p.pos}
	for depth := 1; p.pos < len(p.data); {
		start := p.pos
		word, _ := p.word(p.trim(p.next()))
		switch word {
		case "define":
			depth++
		case "endef":
			depth--
		}
		if depth == 0 {
			a.value.End = max(a.value.Start, start-1)
			a.define = bytes.ContainsAny(p.data[a.value.Start:a.value.End], " \t\n") // else it is a value like any other
			p.statements = append(p.statements, statement{kind: assigns, assign: a, at: a.at, guards: p.guards()})
			return
		}
	}
	p.failures = append(p.failures, a.at)
}

// readRule reads targets: prerequisites ; recipe, and targets: NAME = value.
func (p *parser) readRule(span detectors.Span) {
	text := p.data[span.Start:span.End]
	colon := topLevel(text, ':')
	if colon < 0 {
		if !bytes.HasPrefix(text, []byte("$(")) {
			p.failures = append(p.failures, span)
			return
		}
		p.statements = append(p.statements, statement{kind: expands, words: span, at: span, guards: p.guards()})
		return
	}
	targets := detectors.Span{Start: span.Start, End: span.Start + colon}
	if targets.End > targets.Start && p.data[targets.End-1] == '&' {
		targets.End--
	}
	r := rule{targets: p.words(targets), guards: p.guards()}
	rest := detectors.Span{Start: span.Start + colon + 1, End: span.End}
	if !rest.Empty() && p.data[rest.Start] == ':' {
		rest.Start++
	}
	rest = p.trim(rest)
	if p.ofTarget(&r, rest) {
		p.rules = append(p.rules, r)
		return
	}
	if semicolon := topLevel(p.data[rest.Start:rest.End], ';'); semicolon >= 0 {
		recipe := p.trim(detectors.Span{Start: rest.Start + semicolon + 1, End: rest.End})
		if !recipe.Empty() {
			r.recipe = append(r.recipe, line{span: recipe, guards: nil})
		}
		rest.End = rest.Start + semicolon
	}
	if second := topLevel(p.data[rest.Start:rest.End], ':'); second >= 0 { // targets: pattern: prerequisites
		r.stem = p.trim(detectors.Span{Start: rest.Start, End: rest.Start + second})
		rest.Start += second + 1
	}
	for _, w := range p.words(rest) {
		if string(p.data[w.Start:w.End]) != "|" {
			r.needs = append(r.needs, w)
		}
	}
	p.special(r)
	p.rule = &r
}

// ofTarget reads what follows a target's colon as a variable of the target.
func (p *parser) ofTarget(r *rule, rest detectors.Span) bool {
	a := assignment{at: rest}
	for {
		word, more := p.word(rest)
		switch word {
		case "export":
			a.export = true
		case "override":
			a.override = true
		case "private":
			a.private = true
		default:
			if !p.assignment(&a, rest) {
				return false
			}
			r.assign = &a
			return true
		}
		rest = more
	}
}

// special notes the targets that change how the file is read.
func (p *parser) special(r rule) {
	for _, t := range r.targets {
		switch string(p.data[t.Start:t.End]) {
		case ".ONESHELL":
			p.oneShell = true
		case ".EXPORT_ALL_VARIABLES":
			p.exportAll = true
		}
	}
}

// words returns the words of a span, $(…) counting as a part of one.
func (p *parser) words(span detectors.Span) []detectors.Span {
	var words []detectors.Span
	start, depth := -1, 0
	for i := span.Start; i <= span.End; i++ {
		if i == span.End || depth == 0 && (isBlank(p.data[i]) || p.data[i] == '\n' || p.data[i] == '\\' && i+1 < span.End && p.data[i+1] == '\n') {
			if start >= 0 {
				words = append(words, detectors.Span{Start: start, End: i})
			}
			start = -1
			continue
		}
		if start < 0 {
			start = i
		}
		switch p.data[i] {
		case '(', '{':
			depth++
		case ')', '}':
			depth = max(0, depth-1)
		}
	}
	return words
}

// word returns the first word of a span and what follows it.
func (p *parser) word(span detectors.Span) (string, detectors.Span) {
	end := span.Start
	for end < span.End && !isBlank(p.data[end]) {
		end++
	}
	return string(p.data[span.Start:end]), p.trim(detectors.Span{Start: end, End: span.End})
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

func (f *file) trim(span detectors.Span) detectors.Span {
	span = f.trimLeft(span)
	for span.End > span.Start && isBlank(f.data[span.End-1]) {
		span.End--
	}
	return span
}

func (f *file) trimLeft(span detectors.Span) detectors.Span {
	for span.Start < span.End && isBlank(f.data[span.Start]) {
		span.Start++
	}
	return span
}

// uncomment returns the span up to a comment. A number sign in $(…) begins none.
func (p *parser) uncomment(span detectors.Span) detectors.Span {
	depth := 0
	for i := span.Start; i < span.End; i++ {
		switch c := p.data[i]; {
		case c == '$' && i+1 < span.End && (p.data[i+1] == '(' || p.data[i+1] == '{'):
			depth++
			i++
		case depth > 0 && (c == '(' || c == '{'):
			depth++
		case depth > 0 && (c == ')' || c == '}'):
			depth--
		case c == '#' && depth == 0 && (i == span.Start || p.data[i-1] != '\\'):
			span.End = i
		}
	}
	return span
}
