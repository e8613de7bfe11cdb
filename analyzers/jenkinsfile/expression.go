package jenkinsfile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/interpolate"
)

// Of Groovy's expressions those are read by which pipelines choose a credential: texts, names, maps and lists that are written out, looked up by
// a key, sums, and one of two by a condition. A choice by what is not known yet, a parameter or a branch, is left to the linker, which knows what
// a stage runs for. Anything else comes to a text that is not known.
//
//	https://groovy-lang.org/operators.html

// thing is what an expression comes to.
type thing struct {
	parts   []analyzers.Part // of a text
	truth   condition
	entries []entry // of a map or a list
	choices []choice
}

// entry is one of a map, or of a list, whose keys are numbers.
type entry struct {
	key   string
	thing thing
}

// choice is one of several things that it can be, if the guard allows it.
type choice struct {
	guard *analyzers.Guard
	thing thing
}

const (
	maxThings   = 256  // that one thing is made of
	maxNested   = 32   // expressions in each other
	maxOperands = 1000 // of one expression
	maxCompared = 16   // parts of what a condition is about
	maxNames    = 500  // of variables
)

func unknown() thing { return thing{parts: []analyzers.Part{code.Unknown()}} }

// known reports whether anything is known of it.
func (t thing) known() bool {
	return len(t.entries) > 0 || len(t.choices) > 0 || t.truth != condition{} || len(t.parts) > 0 && (t.parts[0].Hole == nil || t.parts[0].Hole.Space != "unknown")
}

// size counts what it is made of.
func (t thing) size() int {
	n := 1 + sizeOf(t.parts)
	for _, e := range t.entries {
		n += e.thing.size()
	}
	for _, c := range t.choices {
		n += c.thing.size()
	}
	return n
}

func sizeOf(parts []analyzers.Part) int {
	n := len(parts)
	for _, p := range parts {
		if p.Hole != nil {
			for _, v := range p.Hole.Values {
				n += sizeOf(v.Parts)
			}
		}
	}
	return n
}

// text returns the parts of the text that it is.
func (t thing) text() []analyzers.Part {
	if len(t.choices) == 0 {
		if t.parts == nil {
			return unknown().parts
		}
		return t.parts
	}
	hole := &analyzers.Hole{Space: "choice"}
	for _, c := range t.choices {
		hole.Values = append(hole.Values, analyzers.Value{Parts: c.thing.text(), If: c.guard})
	}
	return []analyzers.Part{{Hole: hole}}
}

// expression is one while it is read.
type expression struct {
	*reader
	words    []word
	depth    int
	operands int // so far
}

// evaluate returns what words come to.
func (r *reader) evaluate(words []word) thing { return r.within(words, 0) }

func (r *reader) within(words []word, depth int) thing {
	if depth > maxNested {
		return unknown()
	}
	e := &expression{reader: r, words: words, depth: depth}
	t := e.either()
	if len(e.words) > 0 || t.size() > maxThings {
		return unknown()
	}
	return t
}

// next takes signs that stand next, and reports whether they did.
func (e *expression) next(signs ...string) bool {
	if len(e.words) < len(signs) {
		return false
	}
	for i, sign := range signs {
		if !e.words[i].is(sign) {
			return false
		}
	}
	e.words = e.words[len(signs):]
	return true
}

// enclosed takes what stands up to the bracket that closes one that is open, and that bracket.
func (e *expression) enclosed() []word {
	depth := 0
	for i, w := range e.words {
		switch {
		case w.is("(") || w.is("["):
			depth++
		case w.is(")") || w.is("]"):
			if depth--; depth < 0 {
				inner := e.words[:i]
				e.words = e.words[i+1:]
				return inner
			}
		}
	}
	inner := e.words
	e.words = nil
	return inner
}

// either reads CONDITION ? A : B, and A ?: B, which is A unless that is empty.
func (e *expression) either() thing {
	t := e.or()
	if !e.next("?") {
		return t
	}
	if e.next(":") {
		otherwise := e.either()
		if len(t.parts) == 1 && t.parts[0].Hole != nil && t.parts[0].Hole.Name != "" {
			hole := *t.parts[0].Hole
			hole.Default = &analyzers.Value{Parts: otherwise.text()}
			return thing{parts: []analyzers.Part{{Hole: &hole}}}
		}
		return thing{choices: []choice{{nil, t}, {nil, otherwise}}}
	}
	yes := e.either()
	if !e.next(":") {
		return unknown()
	}
	return thing{choices: []choice{{t.truth.yes, yes}, {t.truth.no, e.either()}}}
}

func (e *expression) or() thing {
	t := e.and()
	for e.next("|", "|") {
		t = thing{truth: t.truth.or(e.and().truth)}
	}
	return t
}

func (e *expression) and() thing {
	t := e.equal()
	for e.next("&", "&") {
		t = thing{truth: t.truth.and(e.equal().truth)}
	}
	return t
}

func (e *expression) equal() thing {
	t := e.sum()
	switch {
	case e.next("=", "="):
		return thing{truth: equals(t, e.sum())}
	case e.next("!", "="):
		return thing{truth: equals(t, e.sum()).not()}
	case e.next("in"):
		return thing{truth: oneOf(t, e.sum())}
	}
	return t
}

func (e *expression) sum() thing {
	t := e.operand()
	for e.next("+") {
		t = thing{parts: slices.Concat(t.text(), e.operand().text())}
	}
	return t
}

// operand reads a text, a name, what stands in brackets, or a call, and what it is asked for behind it.
func (e *expression) operand() thing {
	if e.operands++; len(e.words) == 0 || e.operands > maxOperands {
		e.words = nil
		return unknown()
	}
	w := e.words[0]
	e.words = e.words[1:]
	var t thing
	switch {
	case w.quoted:
		t = thing{parts: e.value(w).Parts}
	case w.is("!"):
		return thing{truth: e.operand().truth.not()}
	case w.is("("):
		t = e.within(e.enclosed(), e.depth+1)
	case w.is("["):
		t = e.written(e.enclosed())
	case '0' <= w.text.String[0] && w.text.String[0] <= '9':
		t = literally(w.text.String)
	case isName(w.text.String[0]):
		t = e.named(w)
	default:
		return unknown()
	}
	for len(e.words) > 0 {
		switch w := e.words[0]; {
		case w.is("["):
			e.words = e.words[1:]
			t = t.at(e.within(e.enclosed(), e.depth+1))
		case !w.quoted && strings.HasPrefix(w.text.String, "."):
			e.words = e.words[1:]
			t = e.member(t, strings.Split(w.text.String[1:], "."))
		default:
			return t
		}
	}
	return t
}

// written reads a list or a map.
func (e *expression) written(words []word) thing {
	var t thing
	for i, one := range cut(words) {
		switch {
		case len(one) == 0: // behind the last comma
		case len(one) > 2 && one[1].is(":"):
			t.entries = append(t.entries, entry{one[0].string(), e.within(one[2:], e.depth+1)})
		default:
			t.entries = append(t.entries, entry{strconv.Itoa(i), e.within(one, e.depth+1)})
		}
	}
	return t
}

// named reads a name, with what it is asked for, or a call.
func (e *expression) named(w word) thing {
	if e.next("(") {
		return e.called(w, e.enclosed())
	}
	name := w.text.String
	first, rest, _ := strings.Cut(strings.TrimPrefix(name, "env."), ".")
	if t, ok := e.bound[first]; ok {
		if rest == "" {
			return t
		}
		return e.member(t, strings.Split(rest, "."))
	}
	if (name == "params" || name == "env") && e.next("[") {
		if key, ok := (thing{parts: e.within(e.enclosed(), e.depth+1).text()}).literal(); ok {
			name += "." + key
		}
	}
	hole := named(name)
	return thing{parts: []analyzers.Part{{Hole: &hole}}}
}

// called reads a call: of credentials, of a function of the file, or of a method of what has a name.
func (e *expression) called(function word, words []word) thing {
	name := function.text.String
	if name == "credentials" {
		return thing{parts: e.credential(function, e.within(words, e.depth+1).text()).Parts}
	}
	if f := e.functions[name]; f != nil {
		return e.returned(f, cut(words))
	}
	of, method := "", name
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		of, method = name[:dot], name[dot+1:]
	}
	if of == "" {
		return unknown()
	}
	function.text = interpolate.Plain(of, function.start)
	t := e.named(function)
	return e.method(t, method, words)
}

// member asks for something by names one after the other, of which the last can be called.
func (e *expression) member(t thing, names []string) thing {
	last := len(names) - 1
	for _, name := range names[:last] {
		t = t.at(literally(name))
	}
	if e.next("(") {
		return e.method(t, names[last], e.enclosed())
	}
	return t.at(literally(names[last]))
}

// method calls one that lists and texts have.
func (e *expression) method(t thing, name string, words []word) thing {
	argument := func() thing { return e.within(words, e.depth+1) }
	switch name {
	case "get", "getAt":
		return t.at(argument())
	case "equals":
		return thing{truth: equals(t, argument())}
	case "contains":
		if len(t.entries) > 0 {
			return thing{truth: oneOf(argument(), t)}
		}
	case "startsWith":
		if text, ok := argument().literal(); ok {
			return thing{truth: matching(t, text+"*")}
		}
	case "toString", "trim":
		return t
	case "toUpperCase":
		return thing{parts: code.Cased(analyzers.Upper, t.text())}
	case "toLowerCase":
		return thing{parts: code.Cased(analyzers.Lower, t.text())}
	}
	return unknown()
}

func literally(text string) thing { return thing{parts: []analyzers.Part{{Text: text}}} }

// literal returns the text that it is, if that is known.
func (t thing) literal() (string, bool) {
	if len(t.parts) == 0 {
		return "", false
	}
	return analyzers.Value{Parts: t.parts}.Text()
}

// at returns what a map has under a key: if it is not known which, it is any, on the condition that the key is that.
func (t thing) at(key thing) thing {
	if len(t.choices) > 0 {
		var all thing
		for _, c := range t.choices {
			all.choices = append(all.choices, choice{c.guard, c.thing.at(key)})
		}
		return all
	}
	if text, ok := key.literal(); ok {
		if i := slices.IndexFunc(t.entries, func(e entry) bool { return e.key == text }); i >= 0 {
			return t.entries[i].thing
		}
		return unknown()
	}
	var all thing
	for _, e := range t.entries {
		all.choices = append(all.choices, choice{matching(key, e.key).yes, e.thing})
	}
	if all.choices == nil {
		return unknown()
	}
	return all
}

// condition is what must be so if it holds, and what if it does not; nil is what is not known.
type condition struct{ yes, no *analyzers.Guard }

// matching is the condition that a text fits one of several patterns.
func matching(t thing, patterns ...string) condition {
	if len(patterns) == 0 || len(t.choices) > 0 || !t.known() || sizeOf(t.parts) > maxCompared {
		return condition{}
	}
	g := analyzers.Guard{Value: analyzers.Value{Parts: t.text()}, Patterns: patterns}
	return condition{&g, opposite(&g)}
}

// opposite returns the guard that allows what another does not.
func opposite(g *analyzers.Guard) *analyzers.Guard {
	if g == nil {
		return nil
	}
	other := *g
	other.Not = !g.Not
	return &other
}

func equals(a, b thing) condition {
	if text, ok := b.literal(); ok {
		return matching(a, text)
	}
	if text, ok := a.literal(); ok {
		return matching(b, text)
	}
	return condition{}
}

func oneOf(t, list thing) condition {
	var patterns []string
	for _, e := range list.entries {
		text, ok := e.thing.literal()
		if !ok {
			return condition{}
		}
		patterns = append(patterns, text)
	}
	return matching(t, patterns...)
}

func (c condition) not() condition { return condition{c.no, c.yes} }

// and holds if both do. Of what must be so then one is kept, and of two exceptions from one value both.
func (c condition) and(other condition) condition { return c.not().or(other.not()).not() }

// or holds if one does. If both ask the same value, it is one of the patterns of both.
func (c condition) or(other condition) condition {
	either := condition{no: c.no}
	if either.no == nil {
		either.no = other.no
	}
	if c.yes != nil && other.yes != nil && !c.yes.Not && !other.yes.Not && same(c.yes.Value, other.yes.Value) {
		g := *c.yes
		g.Patterns = slices.Concat(g.Patterns, other.yes.Patterns)
		return condition{&g, opposite(&g)}
	}
	return either
}

// same reports whether two values are of one name.
func same(a, b analyzers.Value) bool {
	if len(a.Parts) != 1 || len(b.Parts) != 1 || a.Parts[0].Hole == nil || b.Parts[0].Hole == nil {
		return false
	}
	x, y := a.Parts[0].Hole, b.Parts[0].Hole
	return x.Space == y.Space && x.Name == y.Name && x.Name != ""
}
