package python

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// computed is what a variable holds whose name is computed within the brackets that end before next.
func (s *source) computed(next, depth int) value {
	key := s.partner[next-1] + 1
	if v, _ := s.expression(key, depth+1); code.Varies(v.whole()) {
		return value{parts: []analyzers.Part{{Hole: &analyzers.Hole{Computed: new(s.of(key, v.whole()))}}}}
	}
	return value{parts: []analyzers.Part{code.Unknown()}}
}

// named evaluates what begins with a name at i.
func (s *source) named(i, depth int) (value, int) {
	if name, next := s.variable(i); next > 0 {
		v := value{parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: name}}}}
		if name == "" {
			v = s.computed(next, depth)
		}
		if at := s.defaultOf(i, next); at > 0 {
			other, _ := s.expression(at, depth+1)
			v = fallback(v, other)
		}
		return v, next
	}
	switch {
	case s.is(i, "__file__"):
		return value{parts: []analyzers.Part{{Text: s.pass.Path}}, folder: true}, i + 1
	case s.is(i, "self", ".") || s.is(i, "cls", "."):
		return s.known("self."+s.text(i+2), s.offset(i), depth), i + 3
	case s.is(i, "sys", ".", "argv", "["):
		return s.argv(i), s.skip(i + 3)
	}
	if dotted, next := s.dotted(i); next > i+1 {
		if full, ok := s.longest(dotted); ok { // import a.b; a.b.c
			words := strings.Count(full, ".")
			return s.moduleValue(s.imported[full]), i + 1 + 2*words
		}
		first, rest, _ := strings.Cut(dotted, ".")
		key, _, _ := strings.Cut(rest, ".")
		if len(s.declared[first+"."+key]) > 0 { // config.token = x was written somewhere
			if v := s.known(first+"."+key, s.offset(i), depth); len(v.whole()) > 0 || v.object != 0 {
				return v, i + 3
			}
		}
	}
	return s.known(s.text(i), s.offset(i), depth), i + 1
}

// longest returns the longest beginning of a dotted name that was imported as such.
func (s *source) longest(dotted string) (string, bool) {
	for name := dotted; strings.Contains(name, "."); name = name[:strings.LastIndexByte(name, '.')] {
		if _, ok := s.imported[name]; ok {
			return name, true
		}
	}
	return "", false
}

// argv is sys.argv[n].
func (s *source) argv(i int) value {
	n := s.text(i + 4)
	if len(n) != 1 || n[0] < '1' || n[0] > '9' || s.partner[i+3] != i+5 {
		return value{parts: []analyzers.Part{code.Unknown()}}
	}
	return value{parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: "args", Name: n}}}}
}

// known returns the value of a name that is used at an offset.
func (s *source) known(name string, at, depth int) value {
	if s.spent++; depth > maxNesting || s.spent > maxSpent {
		return value{}
	}
	var all []choice
	for _, d := range s.find(name, at) {
		if d.busy || !s.room(len(all), maxCallers) {
			continue
		}
		if !d.done {
			d.busy = true
			d.value = s.declaredValue(d, depth+1)
			d.busy, d.done = false, true
		}
		if d.function != nil {
			all = append(all, choice{Value: d.value})
		} else {
			all = append(all, choice{Guards: code.GuardsAt(s.guards, s.offset(d.init), at), Value: d.value})
		}
	}
	if len(all) == 0 {
		if full, ok := s.imported[name]; ok {
			return s.moduleValue(full)
		}
	}
	return oneOf(all)
}

func (s *source) declaredValue(d *declaration, depth int) value {
	switch {
	case d.class != nil:
		return value{class: d.class}
	case d.function != nil && d.index < 0:
		return value{function: d.function}
	}
	var all []value
	if d.function != nil {
		all = append(all, s.given(d.function, d.index, depth))
	}
	if d.init >= 0 {
		v, _ := s.expression(d.init, depth)
		all = append(all, v)
	}
	return either(all...)
}

// given returns what the calls in this file give to a function's parameter.
func (s *source) given(f *function, index, depth int) value {
	p := index
	if f.method {
		p++
	}
	var all []choice
	for _, paren := range s.calls[f.name] {
		at := s.argument(paren, index)
		if p < len(f.parameters) {
			if keyword := s.field(paren, f.parameters[p].name, 0); keyword > 0 {
				at = keyword
			}
		}
		if at > 0 {
			v, _ := s.expression(at, depth)
			if len(all) >= maxCallers && (!code.Tells(v.whole()) || !s.room(len(all), maxCallers)) {
				continue
			}
			all = append(all, choice{Guards: code.GuardsAt(s.guards, s.offset(paren), f.from), Value: v})
		}
	}
	return oneOf(all)
}

// argument returns the token at which the call's n-th positional argument begins, 0 if there is none.
func (s *source) argument(paren, n int) int {
	for j := paren + 1; paren >= 0 && j < s.partner[paren]; j++ {
		if s.is(j+1, "=") || s.is(j, "**") {
			return 0
		}
		if n == 0 {
			return j
		}
		n--
		for j < s.partner[paren] && !s.is(j, ",") {
			j = s.skip(j)
		}
	}
	return 0
}

// result returns what a function returns.
func (s *source) result(f *function, depth int) value {
	if f.busy || depth > maxNesting {
		return value{}
	}
	if f.done {
		return f.result
	}
	f.busy = true
	var all []choice
	for i := f.first; i < f.last && s.room(len(all), maxCallers); i++ {
		if s.is(i, "return") && i+1 < s.lines[s.toks[i].line].to {
			v, _ := s.expression(i+1, depth+8)
			all = append(all, choice{Guards: code.GuardsAt(s.guards, s.offset(i), f.from), Value: v})
		}
	}
	f.result = oneOf(all)
	f.busy, f.done = false, true
	return f.result
}
