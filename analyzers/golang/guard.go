package golang

import (
	"go/ast"
	"go/token"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// maxGuards bounds the conditions of a file that are kept.
const maxGuards = 500

// conditions walks the file for conditions that compare a value with words. Only blocks in which a step stands are walked.
func (f *file) conditions() {
	var blocks []ast.Node
	offsets := make([]int, len(f.found))
	for i, p := range f.found {
		offsets[i] = p.Offset
	}
	slices.Sort(offsets)
	holds := func(n ast.Node) bool {
		i, _ := slices.BinarySearch(offsets, f.offset(n.Pos()))
		return i < len(offsets) && offsets[i] < f.offset(n.End())
	}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		if n == nil {
			blocks = blocks[:len(blocks)-1]
			return true
		}
		switch n.(type) {
		case *ast.FuncDecl, *ast.BlockStmt, *ast.CaseClause, *ast.GenDecl:
			if !holds(n) {
				return false
			}
		}
		blocks = append(blocks, n)
		if len(f.guards) > maxGuards {
			return true
		}
		switch n := n.(type) {
		case *ast.IfStmt:
			f.branch(n, around(blocks[:len(blocks)-1]))
		case *ast.SwitchStmt:
			f.cases(n)
		}
		return true
	})
}

// around returns the end of the innermost block.
func around(nodes []ast.Node) token.Pos {
	for _, n := range slices.Backward(nodes) {
		switch n := n.(type) {
		case *ast.BlockStmt:
			return n.End()
		case *ast.CaseClause:
			return n.End()
		}
	}
	return token.NoPos
}

func (f *file) guard(from, to token.Pos, g analyzers.Guard) {
	if to.IsValid() && from < to {
		f.guards = append(f.guards, code.Guarded{From: f.offset(from), To: f.offset(to), Guard: g})
	}
}

// branch notes what an if statement guards: its branches, and what follows it if its branch does not go on.
func (f *file) branch(n *ast.IfStmt, end token.Pos) {
	guards := f.condition(n.Cond, 0)
	for _, g := range guards {
		f.guard(n.Body.Pos(), n.Body.End(), g)
	}
	if len(guards) != 1 {
		return // the opposite of several conditions is none of them
	}
	opposite := guards[0]
	opposite.Not = !opposite.Not
	switch {
	case n.Else != nil:
		f.guard(n.Else.Pos(), n.Else.End(), opposite)
	case f.leaves(n.Body):
		f.guard(n.End(), end, opposite)
	}
}

// leaves reports whether a block does not go on with what follows it.
func (f *file) leaves(block *ast.BlockStmt) bool {
	if len(block.List) == 0 {
		return false
	}
	switch last := block.List[len(block.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Tok == token.CONTINUE || last.Tok == token.BREAK
	case *ast.ExprStmt:
		call, ok := last.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		switch f.callee(call.Fun) {
		case "os.Exit", "log.Fatal", "log.Fatalf", "log.Fatalln", "log.Panic", "log.Panicf", "panic", ".Fatal", ".Fatalf":
			return true
		}
	}
	return false
}

// cases notes what the cases of a switch guard.
func (f *file) cases(n *ast.SwitchStmt) {
	if n.Tag == nil {
		for _, s := range n.Body.List {
			clause, ok := s.(*ast.CaseClause)
			if ok && len(clause.List) == 1 {
				for _, g := range f.condition(clause.List[0], 0) {
					f.guard(clause.Colon, clause.End(), g)
				}
			}
		}
		return
	}
	subject := f.eval(n.Tag, 0)
	if !code.Compared(subject.whole()) {
		return
	}
	v := f.of(n.Tag, subject.whole())
	var all []string
	var others *ast.CaseClause
	for _, s := range n.Body.List {
		clause, ok := s.(*ast.CaseClause)
		if !ok {
			continue
		}
		if clause.List == nil {
			others = clause
			continue
		}
		var words []string
		for _, e := range clause.List {
			if text, ok := code.Text(f.eval(e, 0).parts); ok {
				words = append(words, text)
			}
		}
		if len(words) == len(clause.List) {
			f.guard(clause.Colon, clause.End(), analyzers.Guard{Value: v, Patterns: words})
		}
		all = append(all, words...)
	}
	if others != nil && len(all) > 0 {
		f.guard(others.Colon, others.End(), analyzers.Guard{Value: v, Patterns: all, Not: true})
	}
}

// condition reads a condition: all of the guards hold where it does. What it cannot read is left out.
func (f *file) condition(e ast.Expr, depth int) []analyzers.Guard {
	const deepest = 6
	if depth > deepest {
		return nil
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return f.condition(e.X, depth+1)
	case *ast.UnaryExpr:
		if inner := f.condition(e.X, depth+1); e.Op == token.NOT && len(inner) == 1 {
			inner[0].Not = !inner[0].Not
			return inner
		}
	case *ast.Ident: // isProduction := env == "production"
		for _, d := range f.find(e.Name, e.Pos()) {
			if d.value != nil {
				return f.condition(d.value, depth+1)
			}
		}
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LAND:
			return append(f.condition(e.X, depth+1), f.condition(e.Y, depth+1)...)
		case token.LOR:
			left, right := f.condition(e.X, depth+1), f.condition(e.Y, depth+1)
			if len(left) == 1 && len(right) == 1 && !left[0].Not && !right[0].Not {
				left[0].Patterns = append(left[0].Patterns, right[0].Patterns...)
				return left
			}
		case token.EQL, token.NEQ:
			return f.comparison(e)
		}
	}
	return nil
}

func (f *file) comparison(e *ast.BinaryExpr) []analyzers.Guard {
	left, right := f.eval(e.X, 0).whole(), f.eval(e.Y, 0).whole()
	if code.Compared(right) && !code.Compared(left) {
		left, right = right, left
	}
	word, ok := code.Text(right)
	if !ok || word == "" || !code.Compared(left) {
		return nil
	}
	return []analyzers.Guard{{Value: f.of(e, left), Patterns: []string{word}, Not: e.Op == token.NEQ}}
}
