package python

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

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

// between is separator.join([x, y]), of a list that is written out.
func (s *source) between(separator value, paren, depth int) (v value, ok bool) {
	sign, known := code.Text(separator.parts)
	bracket := s.argument(paren, 0)
	if !known || !s.is(bracket, "[") && !s.is(bracket, "(") {
		return value{}, false
	}
	for j := bracket + 1; j < s.partner[bracket]; j = s.past(j) + 1 {
		one, next := s.expression(j, depth+1)
		if s.is(next, "for") || len(one.whole()) == 0 || !s.room(len(v.parts), maxParts) {
			return value{}, false
		}
		if len(v.parts) > 0 && sign != "" {
			v.parts = append(v.parts, analyzers.Part{Text: sign})
		}
		v.parts = append(v.parts, one.whole()...)
	}
	return v, len(v.parts) > 0
}

// replaced is "x_KEY".replace("x", y).
func (s *source) replaced(template value, paren, depth int) (value, bool) {
	text, known := code.Text(template.parts)
	mark, ok := s.constant(s.argument(paren, 0))
	if !known || !ok || mark == "" || len(template.parts) != 1 || s.argument(paren, 1) == 0 {
		return value{}, false
	}
	by, _ := s.expression(s.argument(paren, 1), depth+1)
	return fill(template.parts[0], text, mark, slices.Repeat([]value{by}, strings.Count(text, mark))), true
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
