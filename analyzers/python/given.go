package python

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// A function that reads or loads the file whose path it is given is often called by another file: load("conf/live.json"). Who calls it sets a name
// for the parameter, "config#load(0)", before it takes the function's file in, and who reads the file mentions it. So it is with functions that look
// up secrets: get_secret("live/api"). Other values are not handed on so: a parameter can be anything, and most are nothing that a file says.

// gives sets the names of the parameters of another file's function which the call gives paths to, or names of secrets.
func (s *source) gives(name string, start, paren int) {
	if _, imported := s.imported[s.text(start)]; !imported || name == "" || strings.HasPrefix(name, ".") && strings.Trim(name, ".") == "" {
		return
	}
	v := s.moduleValue(name)
	if v.module == "" || strings.HasSuffix(v.module, "#") {
		return
	}
	const most = 8
	for n := range most {
		at := s.argument(paren, n)
		if at == 0 {
			return
		}
		if parts := s.eval(at).whole(); code.IsPath(parts) || len(parts) > 0 && code.Keeper(name) {
			s.emit(start, loading, analyzers.Step{Op: analyzers.OpSet, Name: code.Given(v.module, n), Value: s.of(at, parts)})
		}
	}
}

// parameterPath returns the part for a path, or a name, that is a parameter and nothing else, nil if the expression at i is none.
func (s *source) parameterPath(i int) []analyzers.Part {
	name := s.name(i)
	if name == "" || !s.is(i+1, ")") && !s.is(i+1, ",") {
		return nil
	}
	for _, d := range s.find(name, s.offset(i)) {
		if d.function != nil && d.index >= 0 && d.function.name != "" && !d.function.method {
			function := moduleKey(s.pass.Path) + "#" + d.function.name
			return []analyzers.Part{{Hole: &analyzers.Hole{Name: code.Given(function, d.index)}}}
		}
	}
	return nil
}
