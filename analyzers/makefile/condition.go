package makefile

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// guard returns a condition as one on the value of the side that is not literal.
func (r *reader) guard(t test) (analyzers.Guard, bool) {
	if t.defined {
		names := r.words(t.left)
		if len(names) != 1 {
			return analyzers.Guard{}, false
		}
		return analyzers.Guard{Value: variable(names[0], r.place(t.left.Start, t.left.End)), Patterns: []string{""}, Not: !t.not}, true
	}
	sides := make([]analyzers.Value, 2)
	for i, span := range []detectors.Span{t.left, t.right} {
		sides[i] = r.expand(span)
	}
	asked := t.left
	text, literal := sides[1].Text()
	if !literal {
		asked = t.right
		sides[0], sides[1] = sides[1], sides[0]
		text, literal = sides[1].Text()
	}
	if !literal || len(text) > 32 || !slices.ContainsFunc(sides[0].Parts, func(p analyzers.Part) bool { return p.Hole != nil }) {
		return analyzers.Guard{}, false
	}
	if name, args := r.functionIn(asked); name != "" && name != "strip" {
		g, ok := r.yields(name, args, text)
		if t.not {
			g.Not = !g.Not
		}
		return g, ok
	}
	return analyzers.Guard{Value: sides[0], Patterns: []string{text}, Not: t.not}, true
}

// expand returns what the bytes of a span expand to.
func (r *reader) expand(span detectors.Span) analyzers.Value {
	x := r.expansion(nil)
	x.text(span, false)
	return x.value(r.place(span.Start, span.End))
}

// functionIn returns the function, and its arguments, that a span is a call of.
func (r *reader) functionIn(span detectors.Span) (name string, args []detectors.Span) {
	span = r.trim(span)
	text := r.data[span.Start:span.End]
	if len(text) < 4 || text[0] != '$' || text[1] != '(' && text[1] != '{' || closing(text, 1) != len(text)-1 {
		return "", nil
	}
	return r.called(detectors.Span{Start: span.Start + 2, End: span.End - 1})
}

// holds returns the condition that what a span expands to is not empty.
func (r *reader) holds(span detectors.Span) (analyzers.Guard, bool) {
	name, args := r.functionIn(span)
	if name == "strip" {
		return r.holds(args[len(args)-1])
	}
	if name != "" {
		g, ok := r.yields(name, args, "")
		g.Not = !g.Not
		return g, ok
	}
	v := r.expand(span)
	return analyzers.Guard{Value: v, Patterns: []string{""}, Not: true}, len(v.Parts) == 1 && v.Parts[0].Hole != nil
}

// yields returns the condition that a function yields a text: nothing, or what it looks for. A value that is asked for environments is one word.
// https://www.gnu.org/software/make/manual/make.html#Text-Functions
func (r *reader) yields(name string, args []detectors.Span, text string) (analyzers.Guard, bool) {
	if len(args) != 2 {
		return analyzers.Guard{}, false
	}
	value, of := r.expand(args[1]), r.expand(args[0])
	if list, literal := value.Text(); literal && name == "filter" { // $(filter $(ENV),staging production)
		value, of = of, analyzers.Value{Parts: []analyzers.Part{{Text: list}}}
	}
	sought, known := r.textOf(of)
	words := strings.Fields(strings.ReplaceAll(sought, "%", "*"))
	if !known || len(words) == 0 || len(words) > maxConditions || !slices.ContainsFunc(value.Parts, func(p analyzers.Part) bool { return p.Hole != nil }) {
		return analyzers.Guard{}, false
	}
	g := analyzers.Guard{Value: value, Patterns: words, Not: text == ""}
	switch name {
	case "filter":
		if text != "" {
			g.Patterns = []string{text}
		}
		return g, true
	case "filter-out":
		g.Not = !g.Not
		return g, text == ""
	case "findstring":
		g.Patterns = []string{"*" + sought + "*"}
		return g, text == "" || text == sought
	}
	return analyzers.Guard{}, false
}
