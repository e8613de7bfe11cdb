package js

import (
	"slices"
	"strings"

	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// Output is what a script in a workflow hands to what comes after it.
type Output struct {
	Name     string // empty for what the script returns
	Exported bool   // the name is a variable's
	Text     bool   // the value is a text; otherwise it is the JSON of an array or an object
	Value    analyzers.Value
}

// Outputs returns what a script of actions/github-script hands on. span is where the script stands in the pass' file, as it is written. A text in a
// value can hold expressions of the workflow.
//
//	https://github.com/actions/toolkit/tree/main/packages/core#inputsoutputs
//	https://github.com/actions/github-script#return-values
func Outputs(pass *analyzers.Pass, span detectors.Span) []Output {
	if span.Start >= span.End {
		return nil
	}
	toks, _ := lex(pass.Data[span.Start:span.End])
	for i := range toks {
		toks[i].start += int32(span.Start)
		toks[i].end += int32(span.Start)
	}
	s := newSource(pass, toks)
	s.workflow = true
	s.declare()
	var all []Output
	for _, name := range []string{"setOutput", "exportVariable"} {
		for _, paren := range s.calls[name] {
			given, known := s.constant(s.argument(paren, 0))
			if at := s.argument(paren, 1); known && at > 0 && s.is(paren-3, "core", ".") {
				o := Output{Name: given, Exported: name == "exportVariable"}
				o.Value, o.Text = s.output(at)
				all = append(all, o)
			}
		}
	}
	for _, i := range s.returns(0, len(s.toks)) {
		o := Output{}
		o.Value, o.Text = s.output(i)
		all = append(all, o)
	}
	return all
}

// output returns what the expression at i comes to outside the script, and whether it is a text in the script too.
func (s *source) output(i int) (v analyzers.Value, isText bool) {
	if parts := s.encoded(i, 0); parts != nil {
		return s.of(i, code.Bounded(parts)), false
	}
	text, _ := s.expression(i, 0)
	parts := text.whole()
	if parts == nil {
		parts = []analyzers.Part{code.Unknown()}
	}
	return s.of(i, parts), true
}

// encoded returns the JSON of the array or object that the expression at i comes to, nil if it is something else.
func (s *source) encoded(i, depth int) []analyzers.Part {
	if s.spent++; depth > maxNesting || s.spent > maxSpent {
		return nil
	}
	if _, next := s.binary(i, 0, depth); s.kind(next) == lexer.QuestionToken {
		_, colon := s.expression(next+1, depth+1)
		return s.oneEncoded([]int{next + 1, colon + 1}, depth+1)
	}
	switch {
	case s.is(i, "JSON", ".", "stringify", "("):
		return s.encoded(s.argument(i+3, 0), depth+1)
	case !s.narrowed(i):
		return nil
	case s.kind(i) == lexer.OpenBracketToken:
		return s.encodedArray(i, depth+1)
	case s.kind(i) == lexer.OpenBraceToken:
		return s.encodedObject(i, depth+1)
	}
	var values []int
	for _, d := range s.find(s.name(i), i) {
		if d.init > 0 && d.init != i && len(d.keys) == 0 {
			values = append(values, d.init)
		}
	}
	return s.oneEncoded(values, depth+1)
}

// narrowed reports whether nothing is done to the word or literal at i but that elements are left out: all of them can be there.
func (s *source) narrowed(i int) bool {
	next := s.skip(i)
	for s.dot(next) && s.is(next+1, "filter", "(") {
		next = s.skip(next + 2)
	}
	return next >= s.past(i) || s.kind(next) == lexer.ColonToken
}

// oneEncoded returns the JSON of one of several expressions, nil if one of them is neither array nor object.
func (s *source) oneEncoded(expressions []int, depth int) []analyzers.Part {
	var all [][]analyzers.Part
	for _, i := range expressions[:min(len(expressions), maxCallers)] {
		parts := s.encoded(i, depth)
		if parts == nil {
			return nil
		}
		all = append(all, parts)
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return []analyzers.Part{code.Alternatives(all...)}
}

func (s *source) encodedArray(bracket, depth int) []analyzers.Part {
	parts := synthetic("[").parts
	for n := 0; s.argument(bracket, n) > 0 && s.room(n, maxParts); n++ {
		if n > 0 {
			parts = append(parts, synthetic(",").parts...)
		}
		parts = append(parts, s.element(s.argument(bracket, n), depth)...)
	}
	return append(parts, synthetic("]").parts...)
}

func (s *source) encodedObject(brace, depth int) []analyzers.Part {
	parts := synthetic("{").parts
	for n, m := range s.object(brace) {
		if n > 0 {
			parts = append(parts, synthetic(",").parts...)
		}
		parts = append(parts, synthetic(quote(m.key)+":").parts...)
		parts = append(parts, s.element(m.value, depth)...)
	}
	return append(parts, synthetic("}").parts...)
}

// element returns the JSON of an element or a member.
func (s *source) element(i, depth int) []analyzers.Part {
	if parts := s.encoded(i, depth); parts != nil {
		return parts
	}
	if s.past(i) == i+1 && lexer.IsNumeric(s.kind(i)) || s.is(i, "true") || s.is(i, "false") {
		return synthetic(s.text(i)).parts
	}
	v, _ := s.expression(i, depth)
	if text, known := (analyzers.Value{Parts: v.whole()}).Text(); known && quote(text) != `"`+text+`"` {
		return synthetic(quote(text)).parts
	}
	return slices.Concat(synthetic(`"`).parts, v.whole(), synthetic(`"`).parts)
}

// quote writes a text as JSON, for readers of YAML too.
func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}
