package python

import "slices"

// declaration is a name with a value that may be known.
type declaration struct {
	from, to int // the bytes between which the name is known
	init     int // the token at which the value's expression begins, -1 for none
	function *function
	index    int // function is set: the name is its parameter of this index, or with -1 the function's own
	class    *class

	busy, done bool
	value      value
}

// function is a function or a method.
type function struct {
	name       string // the name by which it is called; of __init__ the class
	from, to   int    // the bytes of its body
	first      int    // the first token of the body
	last       int    // the token after it
	parameters []parameter
	method     bool // its first parameter is given by the call

	busy, done bool
	result     value
}

type parameter struct {
	name string
	init int // the default, -1 for none
}

// class is a class.
type class struct {
	name        string
	from, to    int
	first, last int
	bases       []string
}

// declare walks the lines and notes what they declare.
func (s *source) declare() {
	for n, line := range s.lines {
		i := line.from
		if s.is(i, "async") {
			i++
		}
		switch {
		case s.is(i, "def"):
			s.function(n, i)
		case s.is(i, "class"):
			s.class(n, i)
		}
	}
	for n := range s.lines {
		s.assignments(n)
	}
	for i := range s.count {
		if s.is(i, "(") && s.name(i-1) != "" && !s.is(i-2, "def") && !s.is(i-2, "class") {
			s.calls[s.text(i-1)] = append(s.calls[s.text(i-1)], i)
		}
	}
	for _, f := range s.functions {
		s.declareParameters(f)
	}
}

// function notes the function whose head is the logical line.
func (s *source) function(line, i int) {
	first, last := s.suite(line)
	f := &function{name: s.text(i + 1), from: s.offset(i), to: s.offset(last), first: first, last: last}
	open := i + 2
	if s.is(open, "[") { // type parameters
		open = s.skip(open)
	}
	if !s.is(open, "(") || s.partner[open] < 0 {
		return
	}
	for j := open + 1; j < s.partner[open]; {
		for s.is(j, "*") || s.is(j, "**") {
			j++
		}
		p := parameter{name: s.name(j), init: -1}
		k := j
		for k < s.partner[open] && !s.is(k, ",") {
			if s.is(k, "=") && p.init < 0 {
				p.init = k + 1
			}
			k = s.skip(k)
		}
		f.parameters = append(f.parameters, p)
		j = k + 1
	}
	if c := s.classAt(s.offset(i)); c != nil && s.functionAt(s.offset(i)) == nil {
		f.method = len(f.parameters) > 0 && (f.parameters[0].name == "self" || f.parameters[0].name == "cls")
		s.add("self."+f.name, declaration{from: c.from, to: c.to, init: -1, function: f, index: -1})
		if f.name == "__init__" {
			f.name = c.name
		}
	} else {
		from, to := s.scope(s.offset(i))
		s.add(f.name, declaration{from: from, to: to, init: -1, function: f, index: -1})
	}
	s.functions = append(s.functions, f)
}

// declareParameters notes a function's parameters.
func (s *source) declareParameters(f *function) {
	for index, p := range f.parameters {
		if f.method {
			index--
		}
		if index >= 0 && p.name != "" {
			s.add(p.name, declaration{from: f.from, to: f.to, init: p.init, function: f, index: index})
		}
	}
}

// class notes the class whose head is the logical line.
func (s *source) class(line, i int) {
	first, last := s.suite(line)
	c := &class{name: s.text(i + 1), from: s.offset(i), to: s.offset(last), first: first, last: last}
	if open := i + 2; s.is(open, "(") && s.partner[open] > open {
		for j := open + 1; j < s.partner[open]; j = s.past(j) + 1 {
			k := j
			for s.is(k+1, ".") {
				k += 2
			}
			c.bases = append(c.bases, s.text(k))
		}
	}
	s.classes = append(s.classes, c)
	from, to := s.scope(s.offset(i))
	s.add(c.name, declaration{from: from, to: to, init: -1, class: c})
}

// functionAt returns the innermost function around an offset.
func (s *source) functionAt(offset int) *function {
	for _, f := range slices.Backward(s.functions) {
		if f.from < offset && offset < f.to {
			return f
		}
	}
	return nil
}

// classAt returns the innermost class around an offset.
func (s *source) classAt(offset int) *class {
	for _, c := range slices.Backward(s.classes) {
		if c.from < offset && offset < c.to {
			return c
		}
	}
	return nil
}

// scope returns the bytes between which a name is known that is declared at an offset: those of the function around it, or all.
func (s *source) scope(offset int) (from, to int) {
	if f := s.functionAt(offset); f != nil {
		return f.from, f.to
	}
	return 0, len(s.pass.Data) + 1
}

func (s *source) add(name string, d declaration) { s.declared[name] = append(s.declared[name], &d) }

// assignments notes what a logical line assigns: a = b = x, a, b = x, y, a: T = x, self.a = x, for a in x, with x as a.
func (s *source) assignments(n int) {
	line := s.lines[n]
	i := line.from
	if s.is(i, "async") {
		i++
	}
	switch {
	case s.is(i, "for") || s.is(i, "with"):
		s.bound(i, line.to)
		return
	case s.is(i, "def"), s.is(i, "class"), s.is(i, "return"), s.is(i, "import"), s.is(i, "from"), s.is(i, "@"):
		return
	}
	var targets []int
	start := i
	for j := i; j < line.to; j = s.skip(j) {
		if s.is(j, "=") {
			targets = append(targets, start)
			start = j + 1
		}
		if s.is(j, ":") && len(targets) == 0 && keywords[s.text(i)] {
			start = j + 1 // if x: a = b
		}
	}
	for k, target := range targets {
		end := start - 1
		if k+1 < len(targets) {
			end = targets[k+1] - 1
		}
		s.assignEach(target, end, start, line.to)
	}
}

// assignEach notes what the targets in [target, end) have of the expressions in [init, to): a, b = x, y gives each its own.
func (s *source) assignEach(target, end, init, to int) {
	names := s.tuple(target, end)
	if len(names) < 2 {
		s.assign(target, init)
		return
	}
	values := s.tuple(init, to)
	for k, name := range names {
		if len(values) == len(names) {
			s.assign(name, values[k])
		} else {
			s.assign(name, -1)
		}
	}
}

// tuple returns the tokens at which the elements of a tuple begin, with parentheses or without.
func (s *source) tuple(from, to int) []int {
	if s.is(from, "(") && s.partner[from] == to-1 {
		from, to = from+1, to-1
	}
	var all []int
	for j := from; j < to; {
		all = append(all, j)
		for j < to && !s.is(j, ",") {
			j = s.skip(j)
		}
		j++
	}
	return all
}

// assign notes that the name or attribute at a target has the value of an expression.
func (s *source) assign(target, init int) {
	name, next := s.dotted(target)
	if name == "" || s.is(next, "[") || s.is(next, "(") {
		return
	}
	d := declaration{init: init}
	d.from, d.to = s.scope(s.offset(target))
	if len(name) > 5 && name[:5] == "self." {
		if c := s.classAt(s.offset(target)); c != nil {
			d.from, d.to = c.from, c.to
		}
	} else if c := s.classAt(s.offset(target)); c != nil && s.functionAt(s.offset(target)) == nil {
		s.add("self."+name, declaration{from: c.from, to: c.to, init: d.init})
		s.add(c.name+"."+name, declaration{from: 0, to: len(s.pass.Data) + 1, init: d.init})
		d.from, d.to = c.from, c.to
	}
	s.add(name, d)
}

// bound notes the names that for and with bind.
func (s *source) bound(i, to int) {
	from, end := s.scope(s.offset(i))
	if s.is(i, "for") && s.name(i+1) != "" && s.is(i+2, "in") {
		s.add(s.text(i+1), declaration{from: from, to: end, init: i + 3})
		return
	}
	start := i + 1
	for j := i + 1; j < to; j = s.skip(j) {
		if s.is(j, "prefixed", "(") && s.is(i, "with") {
			if text, ok := s.str(j + 2); ok {
				first, last := s.suite(s.toks[i].line)
				s.prefixes = append(s.prefixes, prefixed{first, last, text})
			}
		}
		switch {
		case s.is(j, "as") && s.name(j+1) != "":
			s.add(s.text(j+1), declaration{from: from, to: end, init: start})
		case s.is(j, ","):
			start = j + 1
		}
	}
}

// dotted returns the dotted name at i and the token after it.
func (s *source) dotted(i int) (string, int) {
	name := s.name(i)
	if name == "" {
		return "", i
	}
	for i++; s.is(i, ".") && s.kind(i+1) == identifier; i += 2 {
		name += "." + s.text(i+1)
	}
	return name, i
}

// find returns the declarations of a name that an offset sees: those of the innermost scope that has one.
func (s *source) find(name string, at int) []*declaration {
	var best []*declaration
	s.spent += len(s.declared[name]) / 8
	for _, d := range s.declared[name] {
		switch {
		case at < d.from || at >= d.to || len(best) > 0 && d.from < best[0].from:
		case len(best) > 0 && d.from == best[0].from:
			best = append(best, d)
		default:
			best = []*declaration{d}
		}
	}
	return best
}
