package golang

import (
	"go/ast"
	"go/token"
	"slices"

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

// guard notes the condition on what stands between two positions.
func (f *file) guard(from, to token.Pos, c code.Condition) {
	if !to.IsValid() || from >= to {
		return
	}
	for _, g := range c.All {
		f.guards = append(f.guards, code.Guarded{From: f.offset(from), To: f.offset(to), Guard: g})
	}
}

// branch notes what an if statement guards: its branches, and what follows it if its branch does not go on.
func (f *file) branch(n *ast.IfStmt, end token.Pos) {
	c := f.condition(n.Cond, 0)
	f.guard(n.Body.Pos(), n.Body.End(), c)
	switch {
	case n.Else != nil:
		f.guard(n.Else.Pos(), n.Else.End(), c.Not())
	case f.leaves(n.Body):
		f.guard(n.End(), end, c.Not())
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
				f.guard(clause.Colon, clause.End(), f.condition(clause.List[0], 0))
			}
		}
		return
	}
	subject := f.eval(n.Tag, 0)
	if !code.Compared(subject.whole()) {
		return
	}
	v := f.of(n.Tag, subject.whole())
	var all []string // the words of all cases
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
			f.guard(clause.Colon, clause.End(), code.Comparison(v, false, words...))
		}
		all = append(all, words...)
	}
	if others != nil && len(all) > 0 {
		f.guard(others.Colon, others.End(), code.Comparison(v, true, all...))
	}
}

// condition reads a condition.
func (f *file) condition(e ast.Expr, depth int) code.Condition {
	const deepest = 6
	if depth > deepest {
		return code.Condition{}
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return f.condition(e.X, depth+1)
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return f.condition(e.X, depth+1).Not()
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
			return f.condition(e.X, depth+1).And(f.condition(e.Y, depth+1))
		case token.LOR:
			return f.condition(e.X, depth+1).Or(f.condition(e.Y, depth+1))
		case token.EQL, token.NEQ:
			return f.comparison(e)
		}
	}
	return code.Condition{}
}

func (f *file) comparison(e *ast.BinaryExpr) code.Condition {
	left, right := f.eval(e.X, 0).whole(), f.eval(e.Y, 0).whole()
	if code.Compared(right) && !code.Compared(left) {
		left, right = right, left
	}
	word, ok := code.Text(right)
	if !ok || word == "" || !code.Compared(left) {
		return code.Condition{}
	}
	return code.Comparison(f.of(e, left), e.Op == token.NEQ, word)
}
