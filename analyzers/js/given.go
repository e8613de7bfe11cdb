package js

import (
	"strings"

	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// A function that reads or loads the file whose path it is given is often called by another file: load('conf/live.json'). Who calls it sets a name
// for the parameter, "load#load(0)", before it takes the function's file in, and who reads the file mentions it. So it is with functions that look
// up secrets: getSecret('live/api'). Other values are not handed on so: a parameter can be anything, and most are nothing that a file says.

// gives sets the names of the parameters of another file's function which the call gives paths to, or names of secrets.
func (s *source) gives(name string, start, paren int) {
	m, ok := s.imported[s.text(start)]
	if !ok || !local(m.path) {
		return
	}
	_, method, dotted := strings.Cut(name, ".")
	function := m.key()
	switch {
	case dotted && !strings.Contains(method, ".") && (m.name == "" || m.name == "default"):
		function = moduleKey(m.path) + "#" + method
	case dotted || m.name == "" || m.name == "default":
		return
	}
	for n := range maxParts {
		at := s.argument(paren, n)
		if at == 0 {
			return
		}
		if v, _ := s.expression(at, 0); code.IsPath(v.whole()) || len(v.whole()) > 0 && code.Keeper(name) {
			s.emit(start, loading, analyzers.Step{Op: analyzers.OpSet, Name: code.Given(function, n), Value: s.of(at, v.whole())})
		}
	}
}

// parameterPath returns the part for a path, or a name, that is a parameter and nothing else, nil if the expression at i is none.
func (s *source) parameterPath(i int) []analyzers.Part {
	name := s.name(i)
	switch s.kind(i + 1) {
	case lexer.CommaToken, lexer.CloseParenToken, lexer.CloseBraceToken, lexer.SemicolonToken:
	default:
		return nil
	}
	if name == "" {
		return nil
	}
	for _, d := range s.find(name, i) {
		if d.function != nil && d.index >= 0 && d.function.name != "" && len(d.keys) == 0 {
			function := moduleKey(s.pass.Path) + "#" + d.function.name
			return []analyzers.Part{{Hole: &analyzers.Hole{Name: code.Given(function, d.index)}}}
		}
	}
	return nil
}
