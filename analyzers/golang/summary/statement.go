package summary

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
)

var embedded = lazyregexp.New("\"[^\"]*\"|`[^`]*`|\\S+")

// block reads statements in their order. What follows an if whose branch does not go on stands under the opposite condition.
func (f *body) block(list []ast.Stmt) {
	outer := f.guard
	f.nested++
	f.blocks = append(f.blocks, f.nested)
	for i, s := range list {
		f.statement(s)
		if ends(s) && !slices.ContainsFunc(list[i:], labelled) {
			break // nobody gets to the rest
		}
	}
	f.blocks = f.blocks[:len(f.blocks)-1]
	f.guard = outer
}

// ends reports whether what follows a statement is never reached.
func ends(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return s.Tok != token.FALLTHROUGH
	}
	return false
}

func labelled(s ast.Stmt) bool {
	_, ok := s.(*ast.LabeledStmt)
	return ok
}

// read reads a function's body.
func (f *body) read(b *ast.BlockStmt) {
	f.alone(b)
	for _, v := range f.named {
		f.assign(f.variable(v), zeroOf(v.Type()), f.At)
	}
	f.block(b.List)
	if len(f.named) == 0 {
		return
	}
	deferred := slices.ContainsFunc(b.List, func(s ast.Stmt) bool { _, ok := s.(*ast.DeferStmt); return ok })
	if deferred { // which can still change the results
		f.guard = -1
		f.returns(&ast.ReturnStmt{})
	}
}

// alone notes the variables of a function that nobody else knows: no closure, and nobody by their address. The order in which these get values
// is the order of the statements.
func (f *body) alone(b *ast.BlockStmt) {
	f.shared = map[*types.Var]bool{}
	f.home, f.version = map[*types.Var]int{}, map[*types.Var]int{}
	for _, v := range f.given {
		f.home[v] = f.nested + 1 // the function's own block
	}
	depth := 0
	var within []ast.Node
	ast.Inspect(b, func(n ast.Node) bool {
		if n == nil {
			if f.isFunction(within[len(within)-1]) {
				depth--
			}
			within = within[:len(within)-1]
			return true
		}
		within = append(within, n)
		if f.isFunction(n) {
			depth++
		}
		switch n := n.(type) {
		case *ast.LabeledStmt:
			f.jumps = true
		case *ast.UnaryExpr:
			if ident, ok := ast.Unparen(n.X).(*ast.Ident); ok && n.Op == token.AND {
				if v, ok := f.Info.Uses[ident].(*types.Var); ok {
					f.shared[v] = true
				}
			}
		case *ast.Ident:
			if v, ok := f.Info.Uses[n].(*types.Var); ok && depth > 0 {
				f.shared[v] = true
			}
		}
		return true
	})
}

// isFunction reports whether a node is a function within another one: a literal, or a loop over an iterator.
func (f *body) isFunction(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncLit:
		return true
	case *ast.RangeStmt:
		return f.isIterator(n.X)
	}
	return false
}

// again gives a variable a new version, if what it gets replaces what it had for all that follows.
func (f *body) again(v *types.Var, defined bool) {
	if f.jumps || f.shared[v] || f.home == nil || len(f.blocks) == 0 || v.IsField() || v.Parent() == v.Pkg().Scope() {
		return
	}
	here := f.blocks[len(f.blocks)-1]
	if defined {
		f.home[v] = here
		return
	}
	if home, ok := f.home[v]; ok && home == here {
		f.version[v]++
	}
}

// maxGuards bounds the conditions of one function that are kept.
const maxGuards = 1000

// under adds a condition to those that hold from here on.
func (f *body) under(cond Expr, not bool, at At) {
	if cond.Op == Unknown || len(f.Guards) >= maxGuards {
		return
	}
	f.Guards = append(f.Guards, Guard{Parent: f.guard, Cond: cond, Not: not, At: at})
	f.guard = len(f.Guards) - 1
}

// within reads statements under a condition.
func (f *body) within(cond Expr, not bool, at At, list []ast.Stmt) {
	outer := f.guard
	f.under(cond, not, at)
	f.block(list)
	f.guard = outer
}

func (f *body) statement(s ast.Stmt) {
	f.depth++
	defer func() { f.depth-- }()
	if f.depth > deepest {
		return
	}
	switch s := s.(type) {
	case *ast.ExprStmt:
		f.expr(s.X)
	case *ast.SendStmt:
		if c, ok := underlying(f.Info.TypeOf(s.Chan)).(*types.Chan); ok {
			f.gives(f.Info.TypeOf(s.Value), c.Elem())
		}
		f.add(s.Chan, contained(f.expr(s.Value)), f.at(s))
	case *ast.IncDecStmt:
		f.expr(s.X)
	case *ast.AssignStmt:
		f.assignment(s)
	case *ast.GoStmt:
		f.call(s.Call)
	case *ast.DeferStmt:
		f.call(s.Call)
	case *ast.ReturnStmt:
		f.returns(s)
	case *ast.BlockStmt:
		f.block(s.List)
	case *ast.IfStmt:
		f.branch(s)
	case *ast.SwitchStmt:
		f.cases(s)
	case *ast.TypeSwitchStmt:
		f.typeCases(s)
	case *ast.SelectStmt:
		for _, clause := range s.Body.List {
			if clause, ok := clause.(*ast.CommClause); ok {
				if clause.Comm != nil {
					f.perhaps(func() { f.statement(clause.Comm) })
				}
				f.block(clause.Body)
			}
		}
	case *ast.ForStmt:
		f.optional(s.Init)
		f.expr(s.Cond)
		f.perhaps(func() { f.optional(s.Post) })
		f.block(s.Body.List)
	case *ast.RangeStmt:
		f.ranges(s)
	case *ast.LabeledStmt:
		f.statement(s.Stmt)
	case *ast.DeclStmt:
		if decl, ok := s.Decl.(*ast.GenDecl); ok {
			f.declaration(decl)
		}
	}
}

func (f *body) optional(s ast.Stmt) {
	if s != nil {
		f.statement(s)
	}
}

// contained is a container that holds a value.
func contained(x Expr) Expr {
	if x.Op == Unknown {
		return x
	}
	return Expr{Op: List, Keys: []string{""}, Args: []Expr{x}}
}

// declaration reads constants and variables.
func (f *body) declaration(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		spec, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		if len(spec.Values) == 0 && decl.Tok == token.VAR {
			f.zero(spec, decl)
			continue
		}
		f.values(spec)
	}
}

// zero reads a declaration without values: files may be embedded in it, and a value is made all the same.
func (f *body) zero(spec *ast.ValueSpec, decl *ast.GenDecl) {
	doc := spec.Doc
	if doc == nil && !decl.Lparen.IsValid() {
		doc = decl.Doc
	}
	x := f.embed(doc)
	for _, name := range spec.Names {
		o := f.Info.Defs[name]
		if o == nil {
			continue
		}
		if v, ok := o.(*types.Var); ok {
			f.again(v, true)
		}
		if x.Op == Unknown {
			x = zeroOf(o.Type())
		}
		f.assign(f.variable(o), x, f.at(name))
	}
}

// zeroOf is the value that a variable of a struct has from the start.
func zeroOf(t types.Type) Expr {
	if _, ok := t.Underlying().(*types.Struct); ok {
		return Expr{Op: Literal, Text: typeID(t)}
	}
	return Expr{}
}

func (f *body) values(spec *ast.ValueSpec) {
	if len(spec.Values) == 1 && len(spec.Names) > 1 {
		tuple, _ := f.results(spec.Values)
		for i, name := range spec.Names {
			if o := f.Info.Defs[name]; o != nil && i < tuple.Len() {
				f.gives(tuple.At(i).Type(), o.Type())
			}
			if v, ok := f.Info.Defs[name].(*types.Var); ok {
				f.again(v, true)
			}
			f.assign(f.variable(f.Info.Defs[name]), f.nth(spec.Values[0], i), f.at(name))
		}
		return
	}
	for i, name := range spec.Names {
		if i >= len(spec.Values) {
			break // of a constant that repeats the one before
		}
		o := f.Info.Defs[name]
		var t types.Type
		if o != nil {
			t = o.Type()
		}
		if v, ok := o.(*types.Var); ok {
			f.again(v, true)
		}
		quiet := len(f.Refs)
		x := f.converted(spec.Values[i], t)
		if name.Name == "_" { // var _ lib.Interface = T{}: for the compiler, and nobody else
			f.Refs = f.Refs[:quiet]
		}
		f.assign(f.variable(o), x, f.at(name))
	}
}

// nth is one of the values of an expression that has several: a call, a look-up, a receive, a type assertion.
func (f *body) nth(e ast.Expr, n int) Expr {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		return f.result(call, n)
	}
	if n == 0 {
		return f.expr(e)
	}
	return Expr{}
}

func (f *body) assignment(s *ast.AssignStmt) {
	at := f.at(s)
	if len(s.Lhs) > 1 && len(s.Rhs) == 1 {
		tuple, _ := f.results(s.Rhs)
		for i, left := range s.Lhs {
			if i < tuple.Len() {
				f.gives(tuple.At(i).Type(), f.Info.TypeOf(left))
			} else if i == 0 { // a look-up, a receive, a type assertion
				f.gives(f.Info.TypeOf(s.Rhs[0]), f.Info.TypeOf(left))
			}
			f.store(left, f.nth(s.Rhs[0], i), at)
		}
		return
	}
	for i, left := range s.Lhs {
		if i >= len(s.Rhs) {
			break
		}
		x := f.converted(s.Rhs[i], f.Info.TypeOf(left))
		if s.Tok == token.ADD_ASSIGN {
			x = Expr{Op: Join, Args: []Expr{f.expr(left), x}}
		}
		f.store(left, x, f.at(s.Rhs[i]))
	}
}

// store gives a value to what stands on the left of an assignment.
func (f *body) store(left ast.Expr, x Expr, at At) {
	if ident, ok := ast.Unparen(left).(*ast.Ident); ok {
		o := f.Info.Defs[ident]
		if o == nil {
			o = f.Info.Uses[ident]
		}
		if v, ok := o.(*types.Var); ok {
			f.again(v, f.Info.Defs[ident] != nil)
		}
	}
	f.add(left, x, at)
}

// add gives a value to what stands on the left, beside what it has.
func (f *body) add(left ast.Expr, x Expr, at At) {
	switch left := ast.Unparen(left).(type) {
	case *ast.Ident:
		o := f.Info.Defs[left]
		if o == nil {
			o = f.Info.Uses[left]
		}
		if v, ok := o.(*types.Var); ok {
			f.assign(f.current(v), x, at)
		}
	case *ast.StarExpr:
		f.add(left.X, x, at)
	case *ast.SliceExpr:
		f.add(left.X, x, at)
	case *ast.IndexExpr:
		if x.Op == Unknown {
			f.expr(left.Index)
			f.expr(left.X)
			return
		}
		k, key := f.expr(left.Index), ""
		if tv := f.Info.Types[left.Index]; tv.Value != nil && tv.Value.Kind() == constant.String && !f.withheld(f.at(left.Index)) {
			key = constant.StringVal(tv.Value)
		}
		if id := f.foreignMap(f.Info.TypeOf(left.X)); id != "" {
			f.Calls = append(f.Calls, Call{At: f.at(left), Guard: f.guard, Callee: id + "[]=", Args: []Expr{f.expr(left.X), k, x}})
			return
		}
		f.add(left.X, Expr{Op: List, Keys: []string{key}, Args: []Expr{x}}, at)
	case *ast.SelectorExpr:
		e := f.expr(left)
		switch e.Op {
		case Member, Name:
			f.assign(e.Text, x, at)
		}
		f.library(left, x, at)
	}
}

// foreignMap returns the id of a type that is another package's map: http.Header.
func (f *body) foreignMap(t types.Type) string {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Pkg() == f.Pkg || f.Own(n.Obj().Pkg().Path()) {
		return ""
	}
	if _, ok := n.Underlying().(*types.Map); !ok {
		return ""
	}
	return typeID(n)
}

// library notes that a variable of another package is set, as a call of a function with the variable's name: stripe.Key = key.
func (f *body) library(left *ast.SelectorExpr, x Expr, at At) {
	v, ok := f.Info.Uses[left.Sel].(*types.Var)
	if !ok || v.Pkg() == nil || v.Pkg() == f.Pkg || f.Own(v.Pkg().Path()) || x.Op == Unknown {
		return
	}
	name := v.Pkg().Path() + "." + v.Name() + "="
	if sel, ok := f.Info.Selections[left]; ok {
		name = typeID(sel.Recv()) + "." + v.Name() + "="
		f.Calls = append(f.Calls, Call{At: at, Guard: f.guard, Callee: name, Args: []Expr{f.expr(left.X), x}})
		return
	}
	f.Calls = append(f.Calls, Call{At: at, Guard: f.guard, Callee: name, Args: []Expr{x}})
}

func (f *body) returns(s *ast.ReturnStmt) {
	from := f // the function that is left
	if f.returning != nil {
		from = f.returning
	}
	r := Return{Guard: from.guard}
	tuple, _ := f.results(s.Results)
	for i, to := range from.resultTypes {
		switch {
		case i < tuple.Len():
			f.gives(tuple.At(i).Type(), to)
		case i < len(s.Results):
			f.gives(f.Info.TypeOf(s.Results[i]), to)
		}
	}
	switch {
	case len(s.Results) == 0:
		for _, v := range from.named {
			r.Results = append(r.Results, Expr{Op: Name, Text: from.current(v)})
		}
	case len(s.Results) == 1 && from.Results > 1:
		for i := range from.Results {
			r.Results = append(r.Results, f.nth(s.Results[0], i))
		}
	default:
		for _, e := range s.Results {
			r.Results = append(r.Results, f.expr(e))
		}
	}
	from.Returns = append(from.Returns, r)
}

func underlying(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}
