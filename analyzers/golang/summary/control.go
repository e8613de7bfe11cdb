package summary

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

func (f *body) branch(s *ast.IfStmt) {
	f.optional(s.Init)
	if tv := f.Info.Types[s.Cond]; tv.Value != nil && tv.Value.Kind() == constant.Bool {
		switch {
		case constant.BoolVal(tv.Value):
			f.block(s.Body.List)
		case s.Else != nil:
			f.block([]ast.Stmt{s.Else})
		}
		return
	}
	cond, at := f.expr(s.Cond), f.at(s.Cond)
	f.within(cond, false, at, s.Body.List)
	if s.Else != nil {
		f.within(cond, true, at, []ast.Stmt{s.Else})
		if block, ok := s.Else.(*ast.BlockStmt); ok && f.leaves(block) {
			f.under(cond, false, at)
		}
	}
	if f.leaves(s.Body) {
		f.under(cond, true, at)
	}
}

// leaves reports whether a block does not go on with what follows it.
func (f *body) leaves(block *ast.BlockStmt) bool {
	if len(block.List) == 0 {
		return false
	}
	switch last := block.List[len(block.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Tok != token.FALLTHROUGH
	case *ast.ExprStmt:
		call, ok := last.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		switch fun := ast.Unparen(call.Fun).(type) {
		case *ast.Ident:
			_, builtin := f.Info.Uses[fun].(*types.Builtin)
			return builtin && fun.Name == "panic"
		case *ast.SelectorExpr:
			if fn, ok := f.Info.Uses[fun.Sel].(*types.Func); ok {
				switch fn.Name() {
				case "Exit", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln", "Goexit":
					return true
				}
			}
		}
	}
	return false
}

// cases reads a switch: a case stands under the condition that one of its values is equal, and the default under that of none.
func (f *body) cases(s *ast.SwitchStmt) {
	f.optional(s.Init)
	tag := Expr{}
	if s.Tag != nil {
		tag = f.expr(s.Tag)
	}
	var all []Expr
	var others *ast.CaseClause
	for _, clause := range s.Body.List {
		clause, ok := clause.(*ast.CaseClause)
		if !ok {
			continue
		}
		if clause.List == nil {
			others = clause
			continue
		}
		var any []Expr
		for _, e := range clause.List {
			x := f.expr(e)
			switch {
			case s.Tag == nil && x.Op != Unknown:
				any = append(any, x)
			case s.Tag != nil && tag.Op != Unknown && x.Op != Unknown:
				any = append(any, Expr{Op: Equal, Args: []Expr{tag, x}, At: f.at(e)})
			}
		}
		cond := Expr{}
		if len(any) == len(clause.List) {
			cond = disjunction(any)
			all = append(all, any...)
		}
		f.within(cond, false, f.at(clause.List[0]), clause.Body)
		if body := (&ast.BlockStmt{List: clause.Body}); f.leaves(body) && !breaks(body) && len(any) == len(clause.List) {
			defer func() { f.under(cond, true, f.at(clause.List[0])) }()
		}
	}
	if others != nil {
		f.within(disjunction(all), true, f.place(others.Pos(), others.Pos()), others.Body)
	}
}

// breaks reports whether a clause ends with a break, and so goes on behind the switch.
func breaks(block *ast.BlockStmt) bool {
	last, ok := block.List[len(block.List)-1].(*ast.BranchStmt)
	return ok && last.Tok == token.BREAK && last.Label == nil
}

func disjunction(all []Expr) Expr {
	switch len(all) {
	case 0:
		return Expr{}
	case 1:
		return all[0]
	}
	return Expr{Op: Or, Args: all}
}

func (f *body) typeCases(s *ast.TypeSwitchStmt) {
	f.optional(s.Init)
	var x Expr
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		if len(a.Rhs) == 1 {
			x = f.expr(a.Rhs[0])
		}
	case *ast.ExprStmt:
		f.expr(a.X)
	}
	for _, clause := range s.Body.List {
		if clause, ok := clause.(*ast.CaseClause); ok {
			if v := f.Info.Implicits[clause]; v != nil {
				f.assign(f.variable(v), x, f.at(clause))
			}
			f.block(clause.Body)
		}
	}
}

func (f *body) ranges(s *ast.RangeStmt) {
	switch {
	case f.isIterator(s.X):
		f.yields(s)
	case s.Tok == token.ASSIGN:
		f.perhaps(func() { f.ranged(s) })
	default:
		f.ranged(s)
	}
}

func (f *body) isIterator(e ast.Expr) bool {
	_, ok := underlying(f.Info.TypeOf(e)).(*types.Signature)
	return ok
}

func (f *body) ranged(s *ast.RangeStmt) {
	if t := underlying(f.Info.TypeOf(s.X)); t != nil && s.Value != nil && s.Tok == token.ASSIGN {
		f.gives(elementType(t), f.Info.TypeOf(s.Value))
	}
	item := element(f.expr(s.X))
	if s.Value != nil {
		f.store(s.Value, item, f.at(s.X))
	}
	if s.Key != nil {
		switch underlying(f.Info.TypeOf(s.X)).(type) {
		case *types.Map:
			key := item
			key.N = 1
			f.store(s.Key, key, f.at(s.X))
		case *types.Chan:
			f.store(s.Key, item, f.at(s.X))
		default:
			f.expr(s.Key)
		}
	}
	f.block(s.Body.List)
}

// yielded is how many values an iterator gives to the body of a loop.
func yielded(t types.Type) int {
	if iterator, ok := underlying(t).(*types.Signature); ok && iterator.Params().Len() == 1 {
		if yield, ok := iterator.Params().At(0).Type().Underlying().(*types.Signature); ok {
			return yield.Params().Len()
		}
	}
	return 0
}

// yields reads a loop over a function. Its body is a function that the iterator is called with: https://go.dev/ref/spec#For_range.
func (f *body) yields(s *ast.RangeStmt) {
	x := f.expr(s.X)
	loop := f.inner(s.Body)
	loop.returning = f
	if f.returning != nil {
		loop.returning = f.returning
	}
	left := []ast.Expr{s.Key, s.Value}
	for i := range yielded(f.Info.TypeOf(s.X)) {
		if i >= len(left) || left[i] == nil {
			loop.Params = append(loop.Params, "")
			continue
		}
		at := f.at(left[i])
		id := fmt.Sprintf("%s:%d:%d#%d", f.out.Path, at.File, at.Start, i)
		loop.Params = append(loop.Params, id)
		loop.store(left[i], Expr{Op: Name, Text: id, At: at}, at)
		if x.Op != Unknown {
			of := Expr{Op: Yielded, Args: []Expr{x}}
			if i == 0 && yielded(f.Info.TypeOf(s.X)) > 1 {
				of.N = 1 // of two values that a library yields the first one is a key
			}
			loop.assign(id, of, at)
		}
	}
	loop.read(s.Body)
	f.Calls = append(f.Calls, Call{At: f.at(s.X), Guard: f.guard, Value: &x, Args: []Expr{{Op: Function, Text: loop.ID, At: loop.At}}})
}

// perhaps reads what may not happen: it replaces no value that a variable has.
func (f *body) perhaps(read func()) {
	f.nested++
	f.blocks = append(f.blocks, f.nested)
	read()
	f.blocks = f.blocks[:len(f.blocks)-1]
}
