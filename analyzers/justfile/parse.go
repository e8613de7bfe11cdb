package justfile

import (
	"bytes"
	"strings"

	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// file is a justfile, parsed.
type file struct {
	data      []byte
	settings  map[string]detectors.Span // by name; the span is empty for one that is only switched on
	variables []variable
	recipes   []recipe
	imports   []detectors.Span
	script    *detectors.Span // what the attribute script above the next recipe says
}

// variable is NAME := expression.
type variable struct {
	name   string
	value  detectors.Span
	export bool
	at     detectors.Span
}

// recipe is a recipe.
type recipe struct {
	name       string
	at         detectors.Span
	parameters []parameter
	needs      []need
	body       []detectors.Span // its lines, with their indentation and without their ends
	script     *detectors.Span  // set for one program, with the interpreter; empty for the file's
}

// parameter is a parameter of a recipe.
type parameter struct {
	name     string
	fallback detectors.Span // an expression; empty if there is none
	export   bool
	rest     bool // it takes all arguments that are left
}

// need is a recipe that another one runs, and what it is given.
type need struct {
	name      string
	arguments []detectors.Span
	at        detectors.Span
}

var (
	assignment = lazyregexp.New(`^(export\s+)?([A-Za-z_][A-Za-z0-9_-]*)\s*:=\s*`)
	setting    = lazyregexp.New(`^set\s+([a-z-]+)\s*(?::=\s*)?`)
	importing  = lazyregexp.New(`^import\??\s+`)
	header     = lazyregexp.New(`^@?([A-Za-z_][A-Za-z0-9_-]*)\b`)
	script     = lazyregexp.New(`^\[(?:[^\]'"]*[\s,])?script\b(?:[(:]([^\]]*))?`)
	ignored    = lazyregexp.New(`^(?:alias\s+\S+\s*:=|mod\??\s|unexport\s|\[)`)
)

// parse reads a justfile. It accepts any bytes; what it does not know it leaves out.
func parse(data []byte) *file {
	f := &file{data: data, settings: map[string]detectors.Span{}}
	var open *recipe
	for pos := 0; pos < len(data); {
		line := detectors.Span{Start: pos, End: len(data)}
		if i := bytes.IndexByte(data[pos:], '\n'); i >= 0 {
			line.End = pos + i
		}
		pos = line.End + 1
		text := data[line.Start:line.End]
		blank := len(bytes.TrimSpace(text)) == 0
		if !blank && (text[0] == ' ' || text[0] == '\t') {
			if open != nil {
				open.body = append(open.body, line)
			}
			continue
		}
		if blank {
			if open != nil && len(open.body) > 0 {
				open.body = append(open.body, line)
			}
			continue
		}
		open = f.top(line)
	}
	return f
}

// top reads a line that is no part of a recipe's body, and returns the recipe that it begins.
func (f *file) top(line detectors.Span) *recipe {
	text := f.data[line.Start:line.End]
	switch {
	case script.Match(text):
		f.script = &detectors.Span{}
		if m := script.FindSubmatchIndex(text); m[2] >= 0 {
			*f.script = detectors.Span{Start: line.Start + m[2], End: line.Start + m[3]}
		}
		return nil
	case text[0] == '#', ignored.Match(text):
		return nil
	case importing.Match(text):
		f.imports = append(f.imports, detectors.Span{Start: line.Start + len(importing.Find(text)), End: line.End})
		return nil
	}
	if m := assignment.FindSubmatchIndex(text); m != nil {
		f.variables = append(f.variables, variable{
			name: string(text[m[4]:m[5]]), export: m[2] >= 0, at: detectors.Span{Start: line.Start + m[4], End: line.Start + m[5]},
			value: detectors.Span{Start: line.Start + m[1], End: line.End},
		})
		return nil
	}
	if m := setting.FindSubmatchIndex(text); m != nil {
		f.settings[string(text[m[2]:m[3]])] = detectors.Span{Start: line.Start + m[1], End: line.End}
		return nil
	}
	m := header.FindSubmatchIndex(text)
	if m == nil {
		return nil
	}
	r := recipe{name: string(text[m[2]:m[3]]), at: detectors.Span{Start: line.Start + m[2], End: line.Start + m[3]}}
	rest, ok := f.parameters(&r, detectors.Span{Start: line.Start + m[1], End: line.End})
	if !ok {
		return nil
	}
	f.needs(&r, rest)
	r.script, f.script = f.script, nil
	f.recipes = append(f.recipes, r)
	return &f.recipes[len(f.recipes)-1]
}

// parameters reads a recipe's parameters up to its colon, and returns what is behind it.
func (f *file) parameters(r *recipe, span detectors.Span) (rest detectors.Span, ok bool) {
	s := &scanner{data: f.data, pos: span.Start, end: span.End}
	for {
		switch c := s.next(); {
		case c == ':':
			return detectors.Span{Start: s.pos + 1, End: span.End}, true
		case c == 0:
			return rest, false
		default:
			p := parameter{}
			for ; s.pos < s.end && strings.IndexByte("+*$", s.data[s.pos]) >= 0; s.pos++ {
				p.export = p.export || s.data[s.pos] == '$'
				p.rest = p.rest || s.data[s.pos] != '$'
			}
			p.name = s.name()
			if p.name == "" {
				return rest, false
			}
			if s.next() == '=' {
				s.pos++
				p.fallback = s.expression()
			}
			r.parameters = append(r.parameters, p)
		}
	}
}

// needs reads the recipes that a recipe runs: names, and names with arguments in parentheses.
func (f *file) needs(r *recipe, span detectors.Span) {
	s := &scanner{data: f.data, pos: span.Start, end: span.End}
	for {
		start := s.pos
		switch c := s.next(); {
		case c == 0, c == '#':
			return
		case c == '&':
			s.pos++
		case c == '(':
			start = s.pos
			s.pos++
			s.next()
			n := need{name: s.name()}
			for c := s.next(); c != ')' && c != 0; c = s.next() {
				before := s.pos
				n.arguments = append(n.arguments, s.expression())
				if s.pos == before {
					return
				}
			}
			s.pos++
			n.at = detectors.Span{Start: start, End: min(s.pos, s.end)}
			r.needs = append(r.needs, n)
		default:
			start = s.pos
			name := s.name()
			if name == "" {
				return
			}
			r.needs = append(r.needs, need{name: name, at: detectors.Span{Start: start, End: s.pos}})
		}
	}
}

// scanner reads the words of a line.
type scanner struct {
	data     []byte
	pos, end int
}

// next skips blanks and returns the byte that follows, 0 at the end.
func (s *scanner) next() byte {
	for s.pos < s.end && (s.data[s.pos] == ' ' || s.data[s.pos] == '\t' || s.data[s.pos] == '\r') {
		s.pos++
	}
	if s.pos >= s.end {
		return 0
	}
	return s.data[s.pos]
}

// name reads a name, with the modules before it.
func (s *scanner) name() string {
	start := s.pos
	for s.pos < s.end {
		c := s.data[s.pos]
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (s.pos == start || c != '-' && (c < '0' || c > '9')) {
			break
		}
		s.pos++
	}
	return string(s.data[start:s.pos])
}

// expression skips one term of an expression: a text in quotes, a name, a call, or what is in parentheses.
func (s *scanner) expression() detectors.Span {
	s.next()
	start := s.pos
	s.term()
	return detectors.Span{Start: start, End: s.pos}
}

func (s *scanner) term() {
	if s.pos >= s.end {
		return
	}
	switch c := s.data[s.pos]; c {
	case '"', '\'', '`':
		_, s.pos = quoted(s.data, s.pos, s.end)
	case '(':
		s.brackets()
	default:
		if s.name() == "" {
			s.pos++
			return
		}
		if s.pos < s.end && (s.data[s.pos] == '(' || s.data[s.pos] == '\'' || s.data[s.pos] == '"') {
			s.term()
		}
	}
}

// brackets skips what is in parentheses, texts in quotes included.
func (s *scanner) brackets() {
	depth := 0
	for s.pos < s.end {
		switch s.data[s.pos] {
		case '(':
			depth++
		case ')':
			depth--
		case '"', '\'', '`':
			_, s.pos = quoted(s.data, s.pos, s.end)
			continue
		}
		s.pos++
		if depth == 0 {
			return
		}
	}
}

// quoted returns the bytes between the quotes that begin at an offset, and the offset behind the closing one. Three quotes close with
// three.
func quoted(data []byte, start, end int) (inside detectors.Span, after int) {
	quote := data[start : start+1]
	if start+3 <= end && data[start+1] == quote[0] && data[start+2] == quote[0] {
		quote = data[start : start+3]
	}
	from := start + len(quote)
	for i := from; i+len(quote) <= end; i++ {
		if quote[0] == '"' && data[i] == '\\' {
			i++
			continue
		}
		if bytes.Equal(data[i:i+len(quote)], quote) {
			return detectors.Span{Start: from, End: i}, i + len(quote)
		}
	}
	return detectors.Span{Start: from, End: end}, end
}
