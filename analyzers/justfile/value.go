package justfile

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
)

// The spaces of names: what the command line sets wins over the file. Parameters are apart from both.
const (
	lineSpace      = shell.Overrides
	fileSpace      = "just"
	parameterSpace = "parameter"
)

// maxDepth bounds how deep expressions nest.
const maxDepth = 50

// evaluator turns expressions into values.
type evaluator struct {
	*reader
	parameters map[string]bool  // of the recipe that the expression is in
	mentioned  map[string]bool  // the file's variables that it mentions, if that is asked for
	steps      []analyzers.Step // what happens in it: commands in backticks
	depth      int
}

// value returns what an expression comes to: terms with + or / between.
func (e *evaluator) value(span detectors.Span) analyzers.Value {
	v := analyzers.Value{At: e.pass.At(span.Start, span.End)}
	if e.depth++; e.depth > maxDepth {
		e.depth--
		return v
	}
	defer func() { e.depth-- }()
	s := &scanner{data: e.data, pos: span.Start, end: span.End}
	for {
		switch c := s.next(); {
		case c == 0, c == '#':
			return v
		case c == '/':
			v.Parts = append(v.Parts, analyzers.Part{Text: "/"})
			s.pos++
		case strings.IndexByte(`"'(`+"`", c) >= 0 || isLetter(c):
			start := s.pos
			s.term()
			v.Parts = append(v.Parts, e.term(detectors.Span{Start: start, End: s.pos}, s)...)
		default:
			s.pos++
		}
	}
}

func isLetter(c byte) bool { return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// term returns what a term comes to. A conditional expression takes more than its first word, which s is moved behind.
func (e *evaluator) term(span detectors.Span, s *scanner) []analyzers.Part {
	switch c := e.data[span.Start]; c {
	case '"', '\'':
		inside, _ := quoted(e.data, span.Start, span.End)
		return e.text(inside, c == '"')
	case '`':
		inside, _ := quoted(e.data, span.Start, span.End)
		return e.command(inside)
	case '(':
		return e.value(detectors.Span{Start: span.Start + 1, End: max(span.Start+1, span.End-1)}).Parts
	}
	n := &scanner{data: e.data, pos: span.Start, end: span.End}
	name := n.name()
	switch {
	case name == "if":
		return e.choice(s)
	case n.pos == span.End:
		return e.name(name, span)
	case e.data[n.pos] != '(': // x'…', f"…"
		inside, _ := quoted(e.data, n.pos, span.End)
		return e.text(inside, e.data[n.pos] == '"')
	}
	return e.call(name, detectors.Span{Start: n.pos + 1, End: max(n.pos+1, span.End-1)}, span)
}

// text returns a text in quotes.
func (e *evaluator) text(span detectors.Span, escapes bool) []analyzers.Part {
	if span.Empty() {
		return nil
	}
	text := string(e.data[span.Start:span.End])
	if escapes {
		text = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\"`, `"`, `\\`, `\`).Replace(text)
	}
	return []analyzers.Part{{Text: text, Span: span}}
}

// unknown is a text that is computed by what begins at the span.
func unknown(span detectors.Span) []analyzers.Part {
	return []analyzers.Part{{Span: detectors.Span{Start: span.Start, End: span.Start + 1}}}
}

// command runs a command in backticks.
func (e *evaluator) command(span detectors.Span) []analyzers.Part {
	steps, printed := shell.Output(e.pass, e.data[span.Start:span.End], span.Start, shell.Options{Name: "command in backticks"})
	e.steps = append(e.steps, steps...)
	if len(printed.Parts) > 0 {
		return printed.Parts
	}
	return unknown(span)
}

// name returns the value of a parameter or variable.
func (e *evaluator) name(name string, span detectors.Span) []analyzers.Part {
	at := e.pass.At(span.Start, span.End)
	if e.parameters[name] {
		return []analyzers.Part{{Hole: &analyzers.Hole{Space: parameterSpace, Name: name}}}
	}
	if e.mentioned != nil {
		e.mentioned[name] = true
	}
	file := analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: fileSpace, Name: name}}}}
	return []analyzers.Part{{Hole: &analyzers.Hole{Space: lineSpace, Name: name, Default: &file}}}
}

// choice returns what if … { a } else { b } comes to: either of the sides.
func (e *evaluator) choice(s *scanner) []analyzers.Part {
	hole := &analyzers.Hole{Space: "choice", Name: "if"}
	for s.pos < s.end {
		c := s.next()
		if c == 0 {
			break
		}
		if c == '"' || c == '\'' || c == '`' {
			_, s.pos = quoted(s.data, s.pos, s.end)
			continue
		}
		s.pos++
		if c != '{' {
			continue
		}
		start, depth := s.pos, 1
		for ; s.pos < s.end && depth > 0; s.pos++ {
			switch s.data[s.pos] {
			case '{':
				depth++
			case '}':
				depth--
			}
		}
		hole.Values = append(hole.Values, e.value(detectors.Span{Start: start, End: max(start, s.pos-1)}))
		if rest := string(s.data[s.pos:s.end]); !strings.HasPrefix(strings.TrimSpace(rest), "else") {
			break
		}
	}
	if len(hole.Values) == 0 {
		return nil
	}
	return []analyzers.Part{{Hole: hole}}
}

// call returns what a function comes to.
func (e *evaluator) call(name string, arguments, span detectors.Span) []analyzers.Part {
	var values []analyzers.Value
	start := arguments.Start
	s := &scanner{data: e.data, pos: start, end: arguments.End}
	for c := s.next(); ; c = s.next() {
		if c == ',' || c == 0 {
			if start < s.pos {
				values = append(values, e.value(detectors.Span{Start: start, End: s.pos}))
			}
			if c == 0 {
				break
			}
			s.pos++
			start = s.pos
			continue
		}
		s.term()
	}
	switch name {
	case "env", "env_var", "env_var_or_default":
		return environment(values, span)
	case "justfile_directory", "justfile_dir", "source_directory", "source_dir", "invocation_directory", "invocation_dir":
		return []analyzers.Part{{Text: "."}}
	case "trim", "absolute_path", "clean", "quote", "canonicalize":
		if len(values) > 0 {
			return values[0].Parts
		}
	case "join":
		var parts []analyzers.Part
		for i, v := range values {
			if i > 0 {
				parts = append(parts, analyzers.Part{Text: "/"})
			}
			parts = append(parts, v.Parts...)
		}
		return parts
	}
	var parts []analyzers.Part
	for _, v := range values {
		for _, p := range v.Parts {
			if p.Hole != nil {
				parts = append(parts, p)
			}
		}
	}
	return append(parts, unknown(span)...)
}

// environment returns the value of a variable of the environment.
func environment(values []analyzers.Value, span detectors.Span) []analyzers.Part {
	if len(values) == 0 {
		return nil
	}
	name, known := values[0].Text()
	if !known {
		return unknown(span)
	}
	hole := &analyzers.Hole{Name: name}
	if len(values) > 1 {
		hole.Default = &values[1]
	}
	return []analyzers.Part{{Hole: hole}}
}
