package shell

import (
	"bytes"
	"slices"
	"strconv"

	"mvdan.cc/sh/v3/syntax"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// flow says what follows a statement.
type flow struct {
	ends    bool      // nothing: the shell exits, or the function returns
	under   condition // what follows does so only if this holds
	returns bool      // it is the function that ends, and not the shell
	fails   bool      // it ends with an error, having refused to go on
}

// maxUnders bounds the tests under which what follows them stands, inside each other.
const maxUnders = 32

// statements reads statements in their order. What follows one that may end the shell stands under the condition that it did not.
func (r *reader) statements(list []*syntax.Stmt) flow {
	for i, s := range list {
		f := r.statement(s)
		if f.ends {
			return f
		}
		if f.under.never() {
			return flow{ends: true, returns: f.returns}
		}
		if !f.under.always() && r.unders < maxUnders {
			var rest flow
			r.unders++
			defer func() { r.unders-- }()
			r.decides(f.under, false, r.at(s))
			r.under(f.under, r.at(s), func() { rest = r.statements(list[i+1:]) })
			return flow{ends: rest.ends, under: f.under.and(rest.under), returns: f.returns || rest.returns}
		}
	}
	return flow{}
}

// block reads what happens under a condition, or perhaps. What it sets is not certain afterwards.
func (r *reader) block(c condition, at detectors.Place, f func()) {
	if c.never() {
		return
	}
	guards, arms := r.guards, r.arms
	for _, g := range c.all {
		if len(g.Patterns) == 1 && g.Patterns[0] == "" {
			continue // whether something is set says nothing of when
		}
		r.guards++
		if !g.Not {
			r.arms++
		}
	}
	before := r.known.now()
	r.blocks++
	r.under(c, at, f)
	r.blocks--
	r.forget(before)
	r.guards, r.arms = guards, arms
}

// under reads what stands under a condition. Without one, what changes variables still stands in a block, since it may not happen.
func (r *reader) under(c condition, at detectors.Place, f func()) {
	steps := r.collect(f)
	if len(steps) == 0 {
		return
	}
	for i := len(c.all) - 1; i >= 0; i-- {
		steps = []analyzers.Step{{Op: analyzers.OpBlock, At: at, Guard: &c.all[i], Steps: steps}}
	}
	if c.always() && changes(steps) {
		steps = []analyzers.Step{{Op: analyzers.OpBlock, At: at, Guard: &analyzers.Guard{}, Steps: steps}}
	}
	r.emit(steps...)
}

// forget drops what is known of the variables that are no longer what they were before.
func (r *reader) forget(before int) {
	for _, name := range r.known.changed(before) {
		k, _ := r.known.get(name)
		if old, was := r.known.at(before, name); !was || old.prefix != k.prefix || old.whole != k.whole {
			r.known.delete(name)
		}
	}
}

// child reads statements that happen in a copy of the shell: a subshell, a side of a pipe, a command substitution. It reports whether
// they are apart, see [reader.fork].
func (r *reader) child(list []*syntax.Stmt) (apart bool) {
	return r.fork(func() { r.statements(list) })
}

// fork reads what happens in a copy of the shell. A copy that changes no variable is as good as the shell itself; another one's steps
// are apart, in a process of its own.
func (r *reader) fork(f func()) (apart bool) {
	steps := r.collect(func() { r.copied(f) })
	if !changes(steps) {
		r.emit(steps...)
		return false
	}
	r.emit(analyzers.Step{Op: analyzers.OpRun, At: steps[0].At, Steps: steps})
	return true
}

// changes reports whether the steps change the variables, or the working directory, of the process in which they happen.
func changes(steps []analyzers.Step) bool { return changesBeside(steps, nil) }

func changesBeside(steps []analyzers.Step, own []string) bool {
	for _, s := range steps {
		switch s.Op {
		case analyzers.OpSet, analyzers.OpUnset, analyzers.OpExport, analyzers.OpLoad, analyzers.OpSource:
			if s.Space == "" && (s.Name == "" || !slices.Contains(own, s.Name)) {
				return true
			}
		case analyzers.OpEnter:
			return true
		case analyzers.OpBlock:
			if changesBeside(s.Steps, append(own[:len(own):len(own)], s.Own...)) {
				return true
			}
		}
	}
	return false
}

// statement reads one statement with its redirections.
func (r *reader) statement(s *syntax.Stmt) (f flow) {
	if s == nil || !r.spend(func() detectors.Place { return r.at(s) }) {
		return flow{}
	}
	if r.nested >= maxNesting {
		r.pass.Gap(r.at(s), r.what()+tooDeep)
		return flow{}
	}
	r.nested++
	defer func() { r.nested-- }()
	r.redirected(s.Redirs, isQuery(s), func() {
		if s.Cmd == nil { // $(<file): https://www.gnu.org/software/bash/manual/html_node/Command-Substitution.html
			if r.in != nil {
				r.contents(r.in.files)
			}
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
		r.functions.set(n.Name.Value, f)
	}
	for _, name := range n.Names {
		r.functions.set(name.Value, f)
	}
}

// binary reads a list of two: a && b, a || b, a | b.
func (r *reader) binary(n *syntax.BinaryCmd) flow {
	if n.Op == syntax.Pipe || n.Op == syntax.PipeAll {
		written := &stream{asked: isQuery(n.Y)}
		r.fork(func() { r.writing(written, func() { r.statement(n.X) }) })
		r.fork(func() {
			r.reading(written, func() { r.statement(n.Y) })
			r.emit(written.unread...)
		})
		return flow{}
	}
	c := r.condition(n.X)
	if n.Op == syntax.OrStmt {
		c = c.not()
	}
	var right flow
	r.block(c, r.at(n.Y), func() { right = r.statement(n.Y) })
	if !right.fails {
		r.decides(c, true, r.at(n))
	}
	if right.ends {
		if c.decided {
			return right
		}
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
	if r.mutates(n.Then) {
		c = r.kept(c)
	}
	var then, otherwise flow
	r.block(c, r.at(n), func() { then = r.statements(n.Then) })
	if n.Else != nil {
		r.block(c.not(), r.at(n.Else), func() { otherwise = r.branch(n.Else) })
	}
	if !then.fails {
		r.decides(c, !otherwise.fails, r.at(n))
	}
	if n.Else != nil && !otherwise.fails {
		r.decides(c.not(), !then.fails, r.at(n.Else))
	}
	returns := then.returns || otherwise.returns
	switch {
	case c.never():
		return otherwise
	case c.decided:
		return then
	case then.ends && otherwise.ends:
		return flow{ends: true, returns: returns, fails: then.fails && otherwise.fails}
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
	for _, item := range n.Items {
		if r.mutates(item.Stmts) {
			value = r.keep(value)
			break
		}
	}
	var earlier, going, ending []string // patterns: of all arms so far, of those that go on, of those that end the shell
	var after flow
	others := true // other values than those of the arms are not refused
	var arms []func()
	for _, item := range n.Items {
		patterns, known := r.patterns(item.Patterns)
		fallback := slices.Contains(patterns, "*")
		c := matches(value, patterns)
		switch {
		case !known:
			c = condition{}
		case fallback && len(earlier) > 0:
			c = matches(value, earlier).not()
		}
		if c.never() {
			earlier = append(earlier, patterns...)
			continue
		}
		var f flow
		r.block(c, r.at(item), func() {
			r.optionArgument(n.Word, patterns, r.at(item))
			f = r.statements(item.Stmts)
		})
		after.returns = after.returns || f.ends && f.returns
		switch {
		case c.decided:
			return f
		case !known:
			return flow{}
		case fallback:
			others = !f.fails
			after.ends = f.ends && len(going) == 0
			after.fails = f.fails && after.ends && len(earlier) == 0
		case f.ends:
			ending = append(ending, patterns...)
		default:
			going = append(going, patterns...)
		}
		if fallback && f.ends && len(going) > 0 {
			after.under = matches(value, going)
		}
		if fallback {
			break
		}
		earlier = append(earlier, patterns...)
		if f.fails {
			continue
		}
		arms = append(arms, func() { r.decides(c, others, r.at(item)) })
	}
	for _, decide := range arms {
		decide()
	}
	if after.under.always() && !after.ends {
		after.under = matches(value, ending).not()
	}
	return after
}

// mutates reports whether statements may change a variable of the shell.
func (r *reader) mutates(list []*syntax.Stmt) bool {
	found := false
	for _, s := range list {
		syntax.Walk(s, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.DeclClause:
				found = true
			case *syntax.CallExpr:
				if len(n.Args) == 0 {
					found = true
					break
				}
				name := n.Args[0].Lit()
				_, function := r.functions.get(name)
				found = found || function || flags(". source unset eval read set getopts source_env dotenv").has(name)
			}
			return !found
		})
	}
	return found
}

// keep returns a value that stays what it is when its variables change. Arguments do not.
func (r *reader) keep(v analyzers.Value) analyzers.Value {
	changing := slices.ContainsFunc(v.Parts, func(p analyzers.Part) bool { return p.Hole != nil && p.Hole.Space == "" })
	if !changing {
		return v
	}
	name := r.hold(v)
	return analyzers.Value{At: v.At, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: keptSpace, Name: name}}}}
}

// keptSpace is where values are that stay what they were.
const keptSpace = "kept"

// hold keeps a value under a name in [keptSpace].
func (r *reader) hold(v analyzers.Value) (name string) {
	*r.kepts++
	name = strconv.Itoa(*r.kepts)
	if r.selecting(v) {
		r.chosen[name] = v
	}
	r.emit(analyzers.Step{Op: analyzers.OpSet, At: v.At, Space: keptSpace, Name: name, Value: v})
	return name
}

// kept returns a condition that stays what it is when its variables change.
func (r *reader) kept(c condition) condition {
	all := slices.Clone(c.all)
	for i := range all {
		all[i].Value = r.keep(all[i].Value)
	}
	return condition{all: all, partial: c.partial}
}

// while reads a loop. One that shifts through the arguments is read once for each of them.
func (r *reader) while(n *syntax.WhileClause) {
	once := func() {
		r.statements(n.Cond)
		r.statements(n.Do)
	}
	if !calls(n.Do, "shift") || r.looping {
		once()
		return
	}
	all := r.args
	r.looping = true
	for i := 0; i < maxArguments && !all.shifted(i).empty(); i++ {
		r.args = all.shifted(i)
		once()
	}
	r.args, r.looping = all, false
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
		if all := r.inList(item, at); len(all) > 0 {
			hole.Values = append(hole.Values, all...)
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
	r.loops(hole.Values, at)
	if r.choosesAmong(hole.Values) && !r.looping {
		r.looping = true
		for _, one := range hole.Values {
			r.assign(name, one, at)
			r.statements(n.Do)
		}
		r.looping = false
		return
	}
	r.assign(name, value, at)
	if file != nil {
		r.lines.set(name, *file)
	}
	r.statements(n.Do)
}

// choosesAmong reports whether values are few, and of several environments. Of a name with such values a process has its own environment's, but a loop
// goes over all of them, whatever it runs for: so its body is read once for each.
func (r *reader) choosesAmong(values []analyzers.Value) bool {
	if len(values) > maxArguments {
		return false
	}
	all, _ := r.environments(values)
	return all&(all-1) != 0
}

// inList returns the words of a list in a variable, as far as they are known: "${list[@]}", ${LIST:-one two}. A name in quotes is one word.
func (r *reader) inList(w *syntax.Word, at detectors.Place) []analyzers.Value {
	if len(w.Parts) != 1 {
		return nil
	}
	part, quoted := w.Parts[0], false
	if q, ok := part.(*syntax.DblQuoted); ok && len(q.Parts) == 1 {
		part, quoted = q.Parts[0], true
	}
	list, ok := part.(*syntax.ParamExp)
	if !ok || quoted && !isList(list) {
		return nil
	}
	if isList(list) && list.Excl {
		return r.keys(list)
	}
	v := r.value(w)
	k := r.know(v)
	if !k.whole { // what it is by default is as much as anybody can know
		if len(k.value.Parts) == 1 {
			v = k.value
		}
		if len(v.Parts) != 1 || v.Parts[0].Hole == nil || v.Parts[0].Hole.Default == nil {
			return nil
		}
		k = r.know(*v.Parts[0].Hole.Default)
	}
	if !k.whole {
		return nil
	}
	return values(fieldsOf(k, at))
}

// isList reports whether an expansion is that of all elements of an array, each a word: ${list[@]}.
func isList(p *syntax.ParamExp) bool {
	w, ok := p.Index.(*syntax.Word)
	return ok && (w.Lit() == "@" || w.Lit() == "*")
}

// eachArgument reads the body of a loop over the arguments.
func (r *reader) eachArgument(name string, at detectors.Place, body []*syntax.Stmt) {
	if r.looping {
		r.statements(body)
		return
	}
	r.looping = true
	for i := 0; i < maxArguments && !r.args.shifted(i).empty(); i++ {
		r.assign(name, analyzers.Value{At: at, Parts: r.args.argument(i + 1)}, at)
		r.statements(body)
	}
	r.looping = false
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

// braces returns the words that a word's first brace expansion yields: {staging,prod}.
func (r *reader) braces(w *syntax.Word) []analyzers.Value {
	for i, part := range w.Parts {
		start, end := int(part.Pos().Offset()), int(part.End().Offset())
		if _, ok := part.(*syntax.Lit); !ok || end > len(r.text.bytes) {
			continue
		}
		open, choices := braceExpansion(r.text.bytes[start:end])
		if len(choices) < 2 || len(choices) > maxPatterns {
			continue
		}
		before := append(r.parts(w.Parts[:i], unquoted), r.literal(start, start+open, unquoted)...)
		after := append(r.literal(start+choices[len(choices)-1].End+1, end, unquoted), r.parts(w.Parts[i+1:], unquoted)...)
		var values []analyzers.Value
		for _, c := range choices {
			parts := append(before[:len(before):len(before)], r.literal(start+c.Start, start+c.End, unquoted)...)
			values = append(values, analyzers.Value{At: r.at(w), Parts: append(parts, after...)})
		}
		return values
	}
	return []analyzers.Value{r.value(w)}
}

// braceExpansion returns where the text's first brace is and the choices between it and its closing brace.
func braceExpansion(text []byte) (open int, choices []detectors.Span) {
	open = bytes.IndexByte(text, '{')
	if open < 0 {
		return 0, nil
	}
	depth, start := 0, open+1
	for i := open; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 || depth == 1 && text[i] == ',' {
			choices = append(choices, detectors.Span{Start: start, End: i})
			start = i + 1
		}
		if depth == 0 {
			return open, choices
		}
	}
	return open, nil
}
