package golang

import (
	"go/ast"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/commandline"
)

// command notes a command that is made, with the environment and the directory that it is given afterwards.
func (f *file) command(e *ast.CallExpr, args []ast.Expr) {
	var values []analyzers.Value
	for _, a := range args {
		v := f.eval(a, 0)
		if e.Ellipsis.IsValid() && a == args[len(args)-1] && v.literal != nil {
			for _, element := range v.literal.Elts {
				values = append(values, f.of(element, f.eval(element, 0).whole()))
			}
			continue
		}
		values = append(values, f.of(a, v.whole()))
	}
	line := commandline.Command(values)
	if line.Empty() {
		return
	}
	child := analyzers.Step{Op: analyzers.OpRun, Says: "runs a command"}
	dir := ""
	for field, v := range f.fieldsGiven(e) {
		switch field {
		case "Env":
			child.Steps, child.Isolated = f.commandEnvironment(v)
		case "Dir":
			dir, _ = code.Text(f.eval(v, 0).parts)
		}
	}
	steps, signs := line.Read(f.pass, dir)
	child.Steps = append(child.Steps, steps...)
	f.signs = append(f.signs, signs...)
	f.emit(e, running, child)
}

// fieldsGiven returns what is assigned to the fields of the variable that holds the call's result.
func (f *file) fieldsGiven(e *ast.CallExpr) map[string]ast.Expr {
	fields := map[string]ast.Expr{}
	var variable *ast.Ident
	ast.Inspect(f.tree, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || len(assign.Lhs) == 0 || len(assign.Lhs) != len(assign.Rhs) {
			return true
		}
		if assign.Rhs[0] == e {
			variable, _ = assign.Lhs[0].(*ast.Ident)
		}
		if sel, ok := assign.Lhs[0].(*ast.SelectorExpr); ok && variable != nil {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == variable.Name && fields[sel.Sel.Name] == nil {
				fields[sel.Sel.Name] = assign.Rhs[0]
			}
		}
		return true
	})
	return fields
}

// commandEnvironment returns what a command's Env sets: a list of NAME=value, with or without the surrounding environment.
func (f *file) commandEnvironment(e ast.Expr) (sets []analyzers.Step, isolated bool) {
	isolated = true
	var add func(e ast.Expr)
	add = func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.CallExpr:
			name := f.callee(e.Fun)
			if name == "os.Environ" || name == ".Environ" {
				isolated = false
			}
			if name == "append" {
				for _, a := range e.Args {
					add(a)
				}
			}
		case *ast.CompositeLit:
			for _, element := range e.Elts {
				add(element)
			}
		case *ast.SelectorExpr:
			isolated = isolated && e.Sel.Name != "Env"
		default:
			if step, ok := f.pair(e); ok {
				sets = append(sets, step)
			}
		}
	}
	add(e)
	return sets, isolated
}

// pair reads "NAME=" + value.
func (f *file) pair(e ast.Expr) (analyzers.Step, bool) {
	parts := f.eval(e, 0).whole()
	if len(parts) == 0 || parts[0].Hole != nil {
		return analyzers.Step{}, false
	}
	name, rest, ok := strings.Cut(parts[0].Text, "=")
	if !ok {
		return analyzers.Step{}, false
	}
	first := parts[0]
	if first.Span.End-first.Span.Start == len(first.Text) {
		first.Span.Start += len(name) + 1
	}
	first.Text = rest
	parts = append([]analyzers.Part{first}, parts[1:]...)
	return analyzers.Step{Op: analyzers.OpSet, At: f.at(e), Name: name, Value: f.of(e, parts), Export: true}, true
}
