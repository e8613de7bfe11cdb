package shell

import (
	"maps"
	"slices"

	"mvdan.cc/sh/v3/syntax"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// flow says what follows a statement.
type flow struct {
	ends    bool      // nothing: the shell exits, or the function returns
	under   condition // what follows does so only if this holds
	returns bool      // it is the function that ends, and not the shell
}

// statements reads statements in their order. What follows one that may end the shell stands under the condition that it did not.
func (r *reader) statements(list []*syntax.Stmt) flow {
	for i, s := range list {
		f := r.statement(s)
		if f.ends {
			return f
		}
		if !f.under.always() {
			var rest flow
			r.block(f.under, r.at(s), func() { rest = r.statements(list[i+1:]) })
			return flow{ends: rest.ends, under: f.under.and(rest.under), returns: f.returns || rest.returns}
		}
	}
	return flow{}
}

// block reads what happens under a condition. What it sets is not certain afterwards.
func (r *reader) block(c condition, at detectors.Place, f func()) {
	if c.always() {
		f()
		return
	}
	r.guards++
	before := maps.Clone(r.known)
	steps := r.collect(f)
	r.forget(before)
	r.guards--
	for i := len(c.all) - 1; i >= 0 && len(steps) > 0; i-- {
		steps = []analyzers.Step{{Op: analyzers.OpBlock, At: at, Guard: &c.all[i], Steps: steps}}
	}
	r.emit(steps...)
}

// forget drops what is known of the variables that are no longer what they were.
func (r *reader) forget(before map[string]knowledge) {
	for name, k := range r.known {
		if old, was := before[name]; !was || old.prefix != k.prefix || old.whole != k.whole {
			delete(r.known, name)
		}
	}
}

// child reads statements that happen in a copy of the shell: a subshell, a side of a pipe, a command substitution.
func (r *reader) child(list []*syntax.Stmt) {
	r.fork(func() { r.statements(list) })
}

// fork reads what happens in a copy of the shell. A copy that changes no variable is as good as the shell itself.
func (r *reader) fork(f func()) {
	outer := r.state
	r.state = outer.fork()
	steps := r.collect(f)
	r.state = outer
	if !changes(steps) {
		r.emit(steps...)
		return
	}
	r.emit(analyzers.Step{Op: analyzers.OpRun, At: steps[0].At, Steps: steps})
}

// changes reports whether the steps change the variables of the process in which they happen.
func changes(steps []analyzers.Step) bool {
	for _, s := range steps {
		switch s.Op {
		case analyzers.OpSet, analyzers.OpUnset, analyzers.OpExport, analyzers.OpLoad, analyzers.OpSource:
			if s.Space == "" {
				return true
			}
		case analyzers.OpBlock:
			if changes(s.Steps) {
				return true
			}
		}
	}
	return false
}

// statement reads one statement with its redirections.
func (r *reader) statement(s *syntax.Stmt) (f flow) {
	if *r.budget--; s == nil || r.nested >= maxNesting || *r.budget <= 0 {
		return flow{}
	}
	r.nested++
	defer func() { r.nested-- }()
	r.redirected(s.Redirs, func() {
		if s.Cmd == nil {
			return
		}
		if s.Background {
			r.fork(func() { r.node(s.Cmd) })
			return
		}
		f = r.node(s.Cmd)
	})
	if s.Negated {
		return flow{ends: f.ends}
	}
	return f
}

// node reads a command, simple or compound.
func (r *reader) node(n syntax.Command) flow {
	switch n := n.(type) {
	case *syntax.CallExpr:
		return r.simple(n)
	case *syntax.DeclClause:
		r.declaration(n)
	case *syntax.Block:
		return r.statements(n.Stmts)
	case *syntax.Subshell:
		r.child(n.Stmts)
	case *syntax.IfClause:
		return r.branch(n)
	case *syntax.CaseClause:
		return r.choice(n)
	case *syntax.BinaryCmd:
		return r.binary(n)
	case *syntax.WhileClause:
		r.while(n)
	case *syntax.ForClause:
		r.loop(n)
	case *syntax.FuncDecl:
		r.define(n)
	case *syntax.TimeClause:
		return r.statement(n.Stmt)
	case *syntax.CoprocClause:
		r.fork(func() { r.statement(n.Stmt) })
	case *syntax.TestDecl:
		r.fork(func() { r.statement(n.Body) })
	case *syntax.TestClause:
		r.test(n.X)
	case *syntax.ArithmCmd:
		r.arithmetic(n.X)
	case *syntax.LetClause:
		for _, x := range n.Exprs {
			r.arithmetic(x)
		}
	}
	return flow{}
}

// define remembers a function.
func (r *reader) define(n *syntax.FuncDecl) {
	f := function{body: n.Body, text: r.text}
	if n.Name != nil {
		r.functions[n.Name.Value] = f
	}
	for _, name := range n.Names {
		r.functions[name.Value] = f
	}
}

// binary reads a list of two: a && b, a || b, a | b.
func (r *reader) binary(n *syntax.BinaryCmd) flow {
	if n.Op == syntax.Pipe || n.Op == syntax.PipeAll {
		written := &stream{}
		r.fork(func() { r.writing(written, func() { r.statement(n.X) }) })
		r.fork(func() { r.reading(written, func() { r.statement(n.Y) }) })
		return flow{}
	}
	c := r.condition(n.X)
	if n.Op == syntax.OrStmt {
		c = c.not()
	}
	var right flow
	r.block(c, r.at(n.Y), func() { right = r.statement(n.Y) })
	if right.ends {
		return flow{under: c.not(), returns: right.returns}
	}
	return flow{}
}

// branch reads an if with all its arms.
func (r *reader) branch(n *syntax.IfClause) flow {
	if len(n.Cond) == 0 { // an else
		return r.statements(n.Then)
	}
	c := r.conditions(n.Cond)
	var then, otherwise flow
	r.block(c, r.at(n), func() { then = r.statements(n.Then) })
	if n.Else != nil {
		r.block(c.not(), r.at(n.Else), func() { otherwise = r.branch(n.Else) })
	}
	returns := then.returns || otherwise.returns
	switch {
	case then.ends && otherwise.ends:
		return flow{ends: true, returns: returns}
	case then.ends:
		return flow{under: c.not().and(otherwise.under), returns: returns}
	case otherwise.ends:
		return flow{under: c.and(then.under), returns: returns}
	}
	return flow{}
}

// choice reads a case. An arm for everything else stands under the condition that none of the earlier ones was taken.
func (r *reader) choice(n *syntax.CaseClause) flow {
	value := r.value(n.Word)
	var earlier, going, ending []string // patterns: of all arms so far, of those that go on, of those that end the shell
	returns := false
	for _, item := range n.Items {
		patterns, known := r.patterns(item.Patterns)
		fallback := slices.Contains(patterns, "*")
		c := matches(value, patterns)
		switch {
		case !known:
			c = condition{}
		case fallback:
			c = matches(value, earlier).not()
		}
		var f flow
		r.block(c, r.at(item), func() { f = r.statements(item.Stmts) })
		returns = returns || f.ends && f.returns
		switch {
		case !known:
			return flow{}
		case fallback && f.ends && len(going) == 0:
			return flow{ends: true, returns: returns}
		case fallback && f.ends:
			return flow{under: matches(value, going), returns: returns}
		case fallback:
			return flow{under: matches(value, ending).not(), returns: returns}
		case f.ends:
			ending = append(ending, patterns...)
		default:
			going = append(going, patterns...)
		}
		earlier = append(earlier, patterns...)
	}
	return flow{under: matches(value, ending).not(), returns: returns}
}

// maxArguments is how many positional parameters a loop over them is read for.
const maxArguments = 8

// while reads a loop. One that shifts through the arguments is read once for each position.
func (r *reader) while(n *syntax.WhileClause) {
	if !calls(n.Do, "shift") || r.looping {
		r.statements(n.Cond)
		r.statements(n.Do)
		return
	}
	r.looping = true
	first := r.shift
	for i := range maxArguments {
		if r.args != nil && first+i >= len(r.args.values) {
			break
		}
		r.shift = first + i
		r.statements(n.Cond)
		r.statements(n.Do)
	}
	r.shift = first
	r.looping = false
}

// loop reads a for. The variable takes all of the words; over the arguments, the body is read once for each.
func (r *reader) loop(n *syntax.ForClause) {
	words, ok := n.Loop.(*syntax.WordIter)
	if !ok {
		r.statements(n.Do)
		return
	}
	name, at := words.Name.Value, r.at(words)
	if !words.InPos.IsValid() || len(words.Items) == 1 && isArguments(words.Items[0]) {
		r.eachArgument(name, at, n.Do)
		return
	}
	hole := &analyzers.Hole{Space: "each", Name: name}
	var file *analyzers.Value
	for _, item := range words.Items {
		if list, ok := sole(item); ok {
			s := r.output(list)
			if len(s.files) > 0 {
				file = &s.files[0]
			}
			hole.Values = append(hole.Values, values(fieldsOf(r.know(s.value), at))...)
			continue
		}
		hole.Values = append(hole.Values, r.braces(item)...)
	}
	value := analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: hole}}}
	switch {
	case len(hole.Values) == 0:
		value.Parts = r.unknown(int(words.Pos().Offset()))
	case len(hole.Values) == 1:
		value.Parts = hole.Values[0].Parts
	}
	r.assign(name, value, at)
	if file != nil {
		r.lines[name] = *file
	}
	r.statements(n.Do)
}

// eachArgument reads the body of a loop over the arguments.
func (r *reader) eachArgument(name string, at detectors.Place, body []*syntax.Stmt) {
	if r.looping {
		r.statements(body)
		return
	}
	r.looping = true
	defer func() { r.looping = false }()
	for i := range maxArguments {
		if r.args != nil && r.shift+i >= len(r.args.values) {
			return
		}
		r.assign(name, analyzers.Value{At: at, Parts: r.argument(i + 1)}, at)
		r.statements(body)
	}
}

// isArguments reports whether a word is $@ or $*.
func isArguments(w *syntax.Word) bool {
	if len(w.Parts) != 1 {
		return false
	}
	part := w.Parts[0]
	if q, ok := part.(*syntax.DblQuoted); ok && len(q.Parts) == 1 {
		part = q.Parts[0]
	}
	p, ok := part.(*syntax.ParamExp)
	return ok && p.Param != nil && (p.Param.Value == "@" || p.Param.Value == "*")
}

// calls reports whether a command of that name is called in the statements.
func calls(list []*syntax.Stmt, name string) bool {
	found := false
	for _, s := range list {
		syntax.Walk(s, func(n syntax.Node) bool {
			if c, ok := n.(*syntax.CallExpr); ok && len(c.Args) > 0 && c.Args[0].Lit() == name {
				found = true
			}
			return !found
		})
	}
	return found
}

// braces returns the words that a word's brace expansion yields: {staging,prod}. Several of them in one word are one value.
func (r *reader) braces(w *syntax.Word) []analyzers.Value {
	split := *w
	split.Parts = append([]syntax.WordPart(nil), w.Parts...)
	if !syntax.SplitBraces(&split) {
		return []analyzers.Value{r.value(w)}
	}
	values := []analyzers.Value{{At: r.at(w)}}
	for _, part := range split.Parts {
		ends := []analyzers.Value{}
		if b, ok := part.(*syntax.BraceExp); ok && !b.Sequence && len(values)*len(b.Elems) <= maxPatterns {
			for _, e := range b.Elems {
				ends = append(ends, r.value(e))
			}
		} else {
			ends = append(ends, analyzers.Value{Parts: r.part(part, unquoted)})
		}
		var all []analyzers.Value
		for _, v := range values {
			for _, e := range ends {
				all = append(all, analyzers.Value{At: v.At, Parts: append(v.Parts[:len(v.Parts):len(v.Parts)], e.Parts...)})
			}
		}
		values = all
	}
	return values
}
