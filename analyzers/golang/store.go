package golang

import (
	"go/ast"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/library"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// secret returns what a call looks up in a secret store, nothing if it is no such call.
func (f *file) secret(e *ast.CallExpr, depth int) []analyzers.Part {
	sel, ok := e.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	if path, ok := f.vaultPath(sel, e.Args, depth); ok {
		return code.Secret(detectors.Vault, f.of(e, path))
	}
	store, member := code.LookUp(sel.Sel.Name)
	if store == "" {
		return nil
	}
	for _, a := range e.Args {
		request := f.eval(a, depth+1).literal
		if request == nil {
			continue
		}
		if _, of := request.Type.(*ast.SelectorExpr); !of { // of a library's type
			continue
		}
		for _, element := range request.Elts {
			if kv, ok := element.(*ast.KeyValueExpr); ok && lastName(kv.Key) == member {
				return f.secretsOf(store, kv.Value, depth)
			}
		}
	}
	return nil
}

// secretsOf returns what a store has under the name, or under each of the names of a list.
func (f *file) secretsOf(store string, e ast.Expr, depth int) []analyzers.Part {
	v := f.eval(e, depth+1)
	if v.literal == nil {
		return code.Secret(store, f.of(e, v.whole()))
	}
	var parts []analyzers.Part
	for _, element := range v.literal.Elts {
		parts = append(parts, code.Secret(store, f.of(element, f.eval(element, depth+1).whole()))...)
	}
	return parts
}

// vaultPath returns the path of what a call reads of a Vault, client.Logical().Read(path) or client.KVv2(mount).Get(ctx, path), and whether it is
// such a call. https://pkg.go.dev/github.com/hashicorp/vault/api#Logical.ReadWithContext https://pkg.go.dev/github.com/hashicorp/vault/api#KVv2.Get
func (f *file) vaultPath(sel *ast.SelectorExpr, args []ast.Expr, depth int) (path []analyzers.Part, ok bool) {
	switch sel.Sel.Name {
	case "Read", "Get":
	case "ReadWithContext":
		args = args[min(1, len(args)):]
	default:
		return nil, false
	}
	made := f.madeBy(sel.X)
	if made == nil {
		return nil, false
	}
	switch of := lastName(made.Fun); {
	case of == "Logical" && sel.Sel.Name != "Get" && len(made.Args) == 0 && len(args) > 0:
		return f.eval(args[0], depth+1).whole(), true
	case (of == "KVv2" || of == "KVv1") && sel.Sel.Name == "Get" && len(made.Args) == 1 && len(args) == 2:
		return joined([]value{f.eval(made.Args[0], depth+1), f.eval(args[1], depth+1)}).parts, true
	}
	return nil, false
}

// madeBy returns the call that made a value, nil if that is not known.
func (f *file) madeBy(e ast.Expr) *ast.CallExpr {
	switch e := e.(type) {
	case *ast.CallExpr:
		return e
	case *ast.Ident:
		for _, d := range f.find(e.Name, e.Pos()) {
			if call, ok := d.value.(*ast.CallExpr); ok {
				return call
			}
		}
	}
	return nil
}

// asksStore notes a call that looks a secret up in a store, and reports whether it is one.
func (f *file) asksStore(e *ast.CallExpr) bool {
	secret := f.secret(e, 0)
	for _, step := range code.Asks(f.at(e), secret) {
		f.emit(e, running, step)
	}
	return len(secret) > 0
}

// points reports whether a function returns a pointer to what it is given, or what a pointer points to.
func points(name string) bool { return name == "new" || library.Points(name) }
