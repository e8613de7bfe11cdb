package js

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

const convictPackage = "convict"

// convict notes the variables that the schemas of the file name: { token: { default: ”, env: 'TOKEN' } }.
// https://github.com/mozilla/node-convict/tree/master/packages/convict#the-schema
func convict(s *source, _ int) {
	for i := range s.toks {
		if name, ok := s.str(i + 2); ok && s.is(i, "env", ":") && code.ConstantName(name) {
			s.read(i, name)
		}
	}
}

// importsPackage reports whether the file imports a package.
func (s *source) importsPackage(spec string) bool {
	for _, m := range s.imported {
		if m.path == spec {
			return true
		}
	}
	return false
}

// convicted is the value of an entry of a schema: the variable's, or the default.
func (s *source) convicted(v value, paren, depth int) (value, bool) {
	key, ok := s.str(paren + 1)
	if !ok || v.object == 0 || !s.importsPackage(convictPackage) {
		return value{}, false
	}
	brace := v.object
	for word := range strings.SplitSeq(key, ".") {
		at := s.field(brace, word, depth)
		if at == 0 {
			return value{}, false
		}
		inner, _ := s.expression(at, depth+1)
		if brace = inner.object; brace == 0 {
			return value{}, false
		}
	}
	at := s.field(brace, "default", depth)
	if at == 0 {
		return value{}, false
	}
	found, _ := s.expression(at, depth+1)
	if name, ok := s.constant(s.field(brace, "env", depth)); ok {
		found = fallback(value{parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: name}}}}, found)
	}
	return found, true
}
