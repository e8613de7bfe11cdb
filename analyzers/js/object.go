package js

import (
	"slices"

	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// member is one entry of an object literal, or of a pattern.
type member struct {
	key    string // empty if it is computed
	token  int    // the key
	value  int    // where the value's expression begins; for {a} the key itself
	spread bool
}

// object returns the members of the object whose opening brace is at i.
func (s *source) object(brace int) []member {
	if all, ok := s.members[brace]; ok {
		return all
	}
	all := []member{}
	for i := brace + 1; i < s.partner[brace]; i++ {
		if m, ok := s.member(i); ok {
			all = append(all, m)
			i = s.past(m.value)
		}
		for i < s.partner[brace] && s.kind(i) != lexer.CommaToken {
			i = s.skip(i)
		}
	}
	s.members[brace] = all
	return all
}

// member reads the entry that begins at i.
func (s *source) member(i int) (member, bool) {
	if s.kind(i) == lexer.EllipsisToken {
		return member{token: i, value: i + 1, spread: true}, true
	}
	m := member{key: s.name(i), token: i, value: i + 1}
	switch s.kind(i) {
	case lexer.StringToken:
		m.key, _ = s.str(i)
	case lexer.OpenBracketToken:
		m.key, _ = s.str(i + 1)
		m.value = s.skip(i)
	}
	switch {
	case s.kind(m.value) == lexer.ColonToken:
		m.value++
		return m, true
	case m.key != "" && lexer.IsIdentifierName(s.kind(i)) && s.kind(i+1) != lexer.OpenParenToken:
		m.value = i // {a} and, in a pattern, {a = b}
		return m, s.kind(i+1) == lexer.CommaToken || s.kind(i+1) == lexer.CloseBraceToken || s.kind(i+1) == lexer.EqToken
	}
	return m, false
}

// field returns where the value of an object's member begins, looking into what is spread into it; 0 if it has no such member.
func (s *source) field(brace int, key string, depth int) int {
	if depth > maxNesting {
		return 0
	}
	all := s.object(brace)
	for n := len(all) - 1; n >= 0; n-- {
		m := all[n]
		if m.spread {
			v, _ := s.expression(m.value, depth+1)
			if v.object != 0 && v.object != brace {
				if at := s.field(v.object, key, depth+8); at != 0 {
					return at
				}
			}
		} else if m.key == key {
			return m.value
		}
	}
	return 0
}

// membersOf returns the members of a value that is an object, or one of several: of those each key once.
func (s *source) membersOf(v value, depth int) []member {
	if v.choices == nil || depth > maxNesting {
		return s.object(v.object)
	}
	var all []member
	for _, c := range v.choices {
		if c.Value.object == 0 {
			continue
		}
		for _, m := range s.membersOf(c.Value, depth+1) {
			if !slices.ContainsFunc(all, func(o member) bool { return o.key == m.key && o.spread == m.spread && !m.spread }) {
				all = append(all, m)
			}
		}
	}
	return all
}

// memberOf returns the value of a member of v.
func (s *source) memberOf(v value, m member) value {
	if v.choices == nil || m.spread || m.key == "" {
		inner, _ := s.expression(m.value, 1)
		return inner
	}
	return s.property(v, m.key, 1)
}

// option returns the value of an object's member.
func (s *source) option(brace int, key string) (v value, at int) {
	if brace == 0 {
		return value{}, 0
	}
	if at = s.field(brace, key, 0); at == 0 {
		return value{}, 0
	}
	v, _ = s.expression(at, 1)
	return v, at
}

// property returns the value of v.key.
func (s *source) property(v value, key string, depth int) value {
	switch {
	case v.choices != nil && v.client == "" && depth <= maxNesting:
		var all []value
		for _, c := range v.choices {
			all = append(all, under(c.Guards, s.property(c.Value, key, depth+1)))
		}
		return either(all...)
	case v.client != "":
		return value{parts: v.parts, client: v.client, library: v.library}
	case v.object != 0:
		if at := s.field(v.object, key, depth+1); at != 0 {
			inner, _ := s.expression(at, depth+1)
			return inner
		}
		return value{}
	case v.module != "":
		return value{module: propertyOf(v.module, key)}
	}
	if below, ok := code.Below(v.parts, key); ok {
		return value{parts: below}
	}
	return value{parts: code.Opaque(v.parts), function: v.function}
}

// lookUp returns the value of v[key], the key being computed by the expression at i: each member where the key is the member's own.
func (s *source) lookUp(v value, i, depth int) value {
	key, _ := s.expression(i, depth+1)
	if v.module != "" && v.client == "" && code.Told(key.whole()) {
		above := propertyOf(v.module, "")
		return value{parts: code.Entry(append([]analyzers.Part{{Text: above}}, key.whole()...), code.Everything(above))}
	}
	if v.object == 0 || v.client != "" || len(s.object(v.object)) > code.MaxChoices {
		return value{parts: code.Opaque(v.whole())}
	}
	var all []value
	for _, m := range s.object(v.object) {
		one, _ := s.expression(m.value, depth+1)
		if m.key != "" && !m.spread && code.Compared(key.whole()) {
			one = under(code.Comparison(s.of(i, key.whole()), false, m.key).All, one)
		}
		all = append(all, one)
	}
	return chosen(all...)
}

// propertyOf is the name of a property of a value of another module.
func propertyOf(name, key string) string {
	if name[len(name)-1] == '#' {
		return name + key
	}
	return name + "." + key
}
