package js

import (
	"slices"
	"strings"

	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// environment returns the token after an expression at i that is the process' environment as a whole, 0 if it is none: process.env,
// import.meta.env, Bun.env, or a variable that holds it. (Deno.env is an object with methods.)
func (s *source) environment(i int) int {
	if !s.isName(i) || s.dot(i-1) {
		return 0
	}
	member := func(at int, name string) bool { return s.dot(at-1) && s.is(at, name) }
	switch string(s.raw(i)) {
	case "process", "Bun":
		if member(i+2, "env") {
			return i + 3
		}
	case "globalThis":
		if member(i+2, "process") && member(i+4, "env") {
			return i + 5
		}
	case "import":
		if member(i+2, "meta") && member(i+4, "env") {
			return i + 5
		}
	}
	if s.kind(i+1) == lexer.ColonToken {
		return 0
	}
	if m, ok := s.imported[string(s.raw(i))]; ok {
		if (m.path == "process" || m.path == "node:process") && m.name == "env" || m.path == "$env/dynamic/private" && m.name == "env" {
			return i + 1
		}
		return 0
	}
	if len(s.declared[string(s.raw(i))]) == 0 {
		return 0
	}
	name := s.text(i)
	if s.isAlias(name) && slices.ContainsFunc(s.find(name, i), func(d *declaration) bool { return s.aliases(d, name) }) {
		return i + 1
	}
	return 0
}

// aliases reports whether a declaration of a name makes it the environment.
func (s *source) aliases(d *declaration, name string) bool {
	return len(d.keys) == 0 && d.function == nil && s.isEnvironment(d.init, name) ||
		len(d.keys) == 1 && d.keys[0] == "env" && s.is(d.init, "process")
}

// isAlias reports whether any declaration of a name does. Hardly any name is one, and in a bundle each of the few names that there are has
// thousands of declarations.
func (s *source) isAlias(name string) bool {
	is, known := s.alias[name]
	if !known {
		s.alias[name] = false // while it is found out
		is = slices.ContainsFunc(s.declared[name], func(d *declaration) bool { return s.aliases(d, name) })
		s.alias[name] = is
	}
	return is
}

// isEnvironment reports whether the expression at i is the environment as a whole: what Vite's loadEnv returns counts, since the
// values are those of the files that it reads.
func (s *source) isEnvironment(i int, name string) bool {
	if s.is(i, name) {
		return false
	}
	if s.is(i, "loadEnv", "(") {
		return true
	}
	if s.kind(i) == lexer.OpenBraceToken && s.kind(i+1) == lexer.EllipsisToken { // a copy, to which something may be added
		return s.environment(i+2) > 0
	}
	if s.is(i, "Object", ".", "assign", "(") {
		from := s.argument(i+3, 1)
		return from > 0 && s.environment(from) > 0
	}
	s.spent++
	if s.spent > maxSpent {
		return false
	}
	if !s.is(i, "process") && !s.is(i, "import") && !s.is(i, "Bun") && !s.is(i, "globalThis") {
		return false
	}
	end := s.environment(i)
	return end > 0 && !s.dot(end) && s.kind(end) != lexer.OpenBracketToken
}

// variable returns the name that is looked up in the environment at i, and the token after the look-up; without a name the look-up is
// computed. There is none if next is 0.
func (s *source) variable(i int) (name string, next int) {
	if !s.isName(i) {
		return "", 0
	}
	if end := s.environment(i); end > 0 {
		switch {
		case s.dot(end) && s.name(end+1) != "":
			return s.text(end + 1), end + 2
		case s.dot(end) && s.kind(end+1) == lexer.OpenBracketToken:
			end++
			fallthrough
		case s.kind(end) == lexer.OpenBracketToken && s.partner[end] > end:
			text, _ := s.constant(end + 1)
			return text, s.partner[end] + 1
		}
		return "", 0
	}
	if s.parameterized(i) {
		return s.text(i + 2), i + 3
	}
	return s.getter(i)
}

// parameterized reports whether a look-up is one in an environment that code is handed: env.TOKEN of a worker's parameter, c.env.TOKEN.
func (s *source) parameterized(i int) bool {
	if !s.is(i, "env") || !s.dot(i+1) || !code.ConstantName(s.name(i+2)) {
		return false
	}
	if s.dot(i - 1) {
		switch s.text(i - 2) {
		case "process", "meta", "Bun", "Deno":
			return false
		}
		return true
	}
	if _, ok := s.imported["env"]; ok {
		return false
	}
	return !slices.ContainsFunc(s.find("env", i), func(d *declaration) bool { return d.function == nil })
}

// getter is [source.variable] for look-ups by a call: Deno.env.get("X"), a configuration service's get('X').
func (s *source) getter(i int) (name string, next int) {
	if s.is(i, "Deno", ".", "env", ".", "get", "(") {
		name, _ = s.constant(i + 6)
		return name, s.partner[i+5] + 1
	}
	if s.kind(i+1) == lexer.OpenParenToken && helper(s.name(i)) && s.partner[i+1] > i && s.functions[i+1] == nil { // env("X"), getEnv("X")
		if name, _ = s.str(i + 2); code.ConstantName(name) {
			return name, s.partner[i+1] + 1
		}
		return "", 0
	}
	if !s.dot(i + 1) {
		return "", 0
	}
	if first := s.name(i); first == "" || !strings.Contains(strings.ToLower(first), "config") && first != "env" {
		return "", 0
	}
	if s.dot(i-1) && !s.is(i-2, "this") {
		return "", 0
	}
	j := i + 1
	if !s.is(j+1, "get") && !s.is(j+1, "getOrThrow") && !s.is(j+1, "required") {
		return "", 0
	}
	j += 2
	if s.kind(j) == lexer.LtToken {
		if j = s.angle(j); j < 0 {
			return "", 0
		}
	}
	if s.kind(j) != lexer.OpenParenToken || s.partner[j] < j {
		return "", 0
	}
	if name, _ = s.str(j + 1); !code.ConstantName(name) {
		return "", 0
	}
	return name, s.partner[j] + 1
}

// helper reports whether a function's name says that it looks something up in the environment.
func helper(name string) bool { return strings.Contains(strings.ToLower(name), "env") }

// helps reports whether a look-up stands in a function that looks up what it is asked for: its callers are read instead.
func (s *source) helps(i int) bool {
	for _, f := range s.functions {
		if f.body <= i && i < f.end && helper(f.name) {
			return true
		}
	}
	return false
}

// constant returns the text of the expression at i if it is known: a string or a constant that holds one.
func (s *source) constant(i int) (string, bool) {
	if text, ok := s.str(i); ok && s.past(i) == i+1 {
		return text, true
	}
	v, _ := s.expression(i, 0)
	if len(v.parts) == 0 {
		return "", false
	}
	return analyzers.Value{Parts: v.parts}.Text()
}

// computed is what a variable holds whose name is computed between the brackets that end before next.
func (s *source) computed(next, depth int) value {
	if s.kind(next-1) == lexer.CloseBracketToken && s.partner[next-1] > 0 {
		key := s.partner[next-1] + 1
		if v, _ := s.expression(key, depth+1); code.Varies(v.whole()) {
			return value{parts: []analyzers.Part{{Hole: &analyzers.Hole{Computed: new(s.of(key, v.whole()))}}}}
		}
	}
	return value{parts: []analyzers.Part{code.Unknown()}}
}

// named evaluates what begins with a name at i.
func (s *source) named(i, depth int) (value, int) {
	if name, next := s.variable(i); next > 0 {
		if name == "" {
			return s.computed(next, depth), next
		}
		return value{parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: name}}}}, next
	}
	switch name := s.text(i); {
	case s.is(i, "process", ".", "argv", "["):
		return s.parameter(i), s.skip(i + 3)
	case s.is(i, "process", ".", "cwd", "(", ")"):
		return synthetic("."), i + 5
	case name == "__dirname", s.is(i, "import", ".", "meta", ".", "dirname"), s.is(i, "import", ".", "meta", ".", "dir"):
		if name == "import" {
			return synthetic(s.beside("")), i + 5
		}
		return synthetic(s.beside("")), i + 1
	case name == "__filename":
		return synthetic(s.pass.Path), i + 1
	case s.is(i, "import", ".", "meta"):
		return synthetic(s.pass.Path), min(i+5, len(s.toks))
	case name == "this" && s.dot(i+1) && s.name(i+2) != "":
		return s.known("this."+s.text(i+2), i, depth), i + 3
	case s.workflow && s.is(i, "context", ".", "payload", ".", "inputs", "."):
		return synthetic("${{ github.event.inputs." + s.name(i+6) + " }}"), i + 7
	case name == "true", name == "false", name == "null", name == "undefined":
		return value{}, i + 1
	}
	if s.dot(i+1) && s.name(i+2) != "" { // config.token = x was written somewhere
		if dotted := s.text(i) + "." + s.text(i+2); len(s.declared[dotted]) > 0 {
			if v := s.known(dotted, i, depth); len(v.whole()) > 0 || v.object != 0 {
				return v, i + 3
			}
		}
	}
	return s.known(s.text(i), i, depth), i + 1
}

// parameter is process.argv[n]: the first two are the interpreter and the script.
func (s *source) parameter(i int) value {
	n := s.text(i + 4)
	if len(n) != 1 || n[0] < '2' || n[0] > '9' || s.partner[i+3] != i+5 {
		return value{parts: []analyzers.Part{code.Unknown()}}
	}
	return value{parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: "args", Name: string(n[0] - 1)}}}}
}

// known returns the value of a name that is used at i.
func (s *source) known(name string, i, depth int) value {
	if m, ok := s.imported[name]; ok {
		return value{module: m.key()}
	}
	if s.spent++; depth > maxNesting || s.spent > maxSpent {
		return value{}
	}
	var all []choice
	for _, d := range s.find(name, i) {
		if d.busy || !s.room(len(all), maxCallers) {
			continue
		}
		if !d.done {
			d.busy = true
			d.value = s.declaredValue(d, depth+1)
			d.busy, d.done = false, true
		}
		switch {
		case d.again && d.value.object == 0 && !code.Holds(d.value.whole()):
		case d.function != nil:
			all = append(all, choice{Value: d.value})
		default:
			all = append(all, choice{Guards: code.GuardsAt(s.guards, d.init, i), Value: d.value})
		}
	}
	return oneOf(all)
}

// declaredValue evaluates a declaration.
func (s *source) declaredValue(d *declaration, depth int) value {
	var v value
	switch {
	case d.function != nil && d.index < 0:
		return value{function: d.function}
	case d.function != nil:
		v = s.given(d.function, d.index, depth)
	default:
		if end := s.environment(d.init); end > 0 && len(d.keys) == 1 && !s.dot(end) && s.kind(end) != lexer.OpenBracketToken {
			return value{parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: d.keys[0]}}}}
		}
		v, _ = s.expression(d.init, depth)
	}
	for _, key := range d.keys {
		v = s.property(v, key, depth)
	}
	return v
}

// given returns what the calls in this file give to a function's parameter.
func (s *source) given(f *function, index, depth int) value {
	if f.name == "" {
		return value{}
	}
	var all []choice
	for _, paren := range s.calls[f.name] {
		if paren == f.params {
			continue
		}
		if at := s.argument(paren, index); at > 0 {
			v, _ := s.expression(at, depth)
			if len(all) >= maxCallers && (!code.Tells(v.whole()) || !s.room(len(all), maxCallers)) {
				continue
			}
			all = append(all, choice{Guards: code.GuardsAt(s.guards, paren, f.body), Value: v})
		}
	}
	return oneOf(all)
}

// result returns what a function returns.
func (s *source) result(f *function, depth int) value {
	if depth > maxNesting || f.busy {
		return value{}
	}
	if !f.done {
		f.busy = true
		f.result = s.returned(f, depth)
		f.busy, f.done = false, true
	}
	return f.result
}

func (s *source) returned(f *function, depth int) value {
	if !f.block {
		v, _ := s.expression(f.body, depth+1)
		return v
	}
	var all []choice
	for _, i := range s.returns(f.body+1, f.end) {
		v, _ := s.expression(i, depth+8)
		all = append(all, choice{Guards: code.GuardsAt(s.guards, i, f.body), Value: v})
	}
	return oneOf(all)
}

// returns returns where the values begin that are returned between two tokens, by no function in between.
func (s *source) returns(from, to int) (values []int) {
	for i := from; i < to && s.room(len(values), maxCallers); i++ {
		if inner := s.functionBody(i); inner != nil && inner.end > i {
			i = inner.end
			continue
		}
		if s.kind(i) == lexer.ReturnToken && !s.begins(i+1) {
			values = append(values, i+1)
		}
	}
	return values
}

// functionBody returns the function whose parameters begin at i and whose body is a block.
func (s *source) functionBody(i int) *function {
	if f := s.functions[i]; f != nil && f.block {
		return f
	}
	return nil
}
