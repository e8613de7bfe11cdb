package taskfile

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
)

// The spaces of variables, beside that of the task itself.
const (
	lineSpace        = shell.Overrides    // set on the command line
	fileSpace        = "taskfile"         // set by the file
	environmentSpace = "task environment" // what the file says of the environment, which templates have whatever task was given
)

// scope is where a template stands.
type scope struct {
	*reader
	space string                     // of the task's own variables and those that it is called with; empty outside of tasks
	local map[string]analyzers.Value // items of a loop
	skip  string                     // a variable of the file that is not to be read: the one that is being set
}

// variable returns the value of a variable.
func (s *scope) variable(name string, fallback *analyzers.Value) analyzers.Value {
	if v, ok := s.local[name]; ok {
		return v
	}
	value := analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: name, Default: fallback}}}}
	for _, space := range []string{environmentSpace, fileSpace, lineSpace, s.space} {
		if space == "" || space == fileSpace && name == s.skip {
			continue
		}
		inner := value
		value = analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: space, Name: name, Default: &inner}}}}
	}
	return value
}

var (
	field       = lazyregexp.New(`\.([A-Za-z_][A-Za-z0-9_]*)`)
	sole        = lazyregexp.New(`^-?\s*\.([A-Za-z_][A-Za-z0-9_]*)\s*-?$`)
	withDefault = lazyregexp.New(`^-?\s*(?:\.([A-Za-z_][A-Za-z0-9_]*)\s*\|\s*default\s+(\S+)|default\s+(\S+)\s+\.([A-Za-z_][A-Za-z0-9_]*))\s*-?$`)
	control     = lazyregexp.New(`^-?\s*(?:if|else|end|range|with|define|block|template|break|continue|/\*)\b`)
)

// action returns what an action between braces yields, text being what stands there and at where it begins.
func (s *scope) action(text interpolate.Text) analyzers.Value {
	trimmed := strings.TrimSpace(text.String)
	switch m := withDefault.FindStringSubmatch(trimmed); {
	case control.MatchString(trimmed), trimmed == "":
		return analyzers.Value{}
	case sole.MatchString(trimmed):
		return s.variable(sole.FindStringSubmatch(trimmed)[1], nil)
	case m != nil:
		name, word := m[1]+m[4], m[2]+m[3]
		fallback := s.operand(word, text)
		return s.variable(name, &fallback)
	}
	var value analyzers.Value
	for _, m := range field.FindAllStringSubmatch(trimmed, -1) {
		value.Parts = append(value.Parts, s.variable(m[1], nil).Parts...)
	}
	value.Parts = append(value.Parts, analyzers.Part{Span: text.Span(0, 1)}) // computed
	return value
}

// operand returns the value of a text in quotes, or of a field.
func (s *scope) operand(word string, text interpolate.Text) analyzers.Value {
	if name, ok := strings.CutPrefix(word, "."); ok {
		return s.variable(name, nil)
	}
	inner := strings.Trim(word, "\"'`")
	i := strings.Index(text.String, inner)
	if inner == "" || i < 0 {
		return analyzers.Value{}
	}
	return analyzers.Value{Parts: []analyzers.Part{{Text: inner, Span: text.Span(i, i+len(inner))}}}
}

// fills returns the placeholders in a text.
func (s *scope) fills(text interpolate.Text) []shell.Fill {
	var fills []shell.Fill
	for from := 0; ; {
		start := strings.Index(text.String[from:], "{{")
		if start < 0 {
			return fills
		}
		start += from
		length := strings.Index(text.String[start:], "}}")
		if length < 0 {
			return fills
		}
		end := start + length + len("}}")
		fills = append(fills, shell.Fill{Start: start, End: end, Value: s.action(text.Slice(start+2, end-2))})
		from = end
	}
}

// value returns the value of a scalar.
func (s *scope) value(n *yamltree.Node) analyzers.Value {
	text := n.Source()
	v := analyzers.Value{At: s.place(n)}
	next := 0
	literal := func(end int) {
		if next < end {
			v.Parts = append(v.Parts, analyzers.Part{Text: text.String[next:end], Span: text.Span(next, end)})
		}
	}
	for _, f := range s.fills(text) {
		literal(f.Start)
		v.Parts = append(v.Parts, f.Value.Parts...)
		next = f.End
	}
	literal(len(text.String))
	return v
}

// options returns what is known of a piece of shell.
func (s *scope) options(name string, text interpolate.Text) shell.Options {
	return shell.Options{Name: name, Fills: s.fills(text), Map: func(offset int) int {
		if text.String == "" {
			return 0
		}
		if offset >= len(text.String) {
			return text.Span(len(text.String)-1, len(text.String)).End
		}
		return text.Span(offset, offset+1).Start
	}}
}

func (r *reader) place(n *yamltree.Node) detectors.Place { return r.pass.At(n.Span.Start, n.Span.End) }
