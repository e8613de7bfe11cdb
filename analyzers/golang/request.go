package golang

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// setsHeader notes a header that a call sets, or the login of SetBasicAuth.
func (f *file) setsHeader(e *ast.CallExpr, name string) bool {
	sel, ok := e.Fun.(*ast.SelectorExpr)
	if !ok || len(e.Args) != 2 {
		return false
	}
	switch name {
	case ".Set", ".Add", ".SetHeader":
		key, _ := code.Text(f.eval(e.Args[0], 0).parts)
		if !code.Header(key) {
			return false
		}
		f.header(e, key, f.eval(e.Args[1], 0), f.target(sel.X))
		return true
	case ".SetBasicAuth":
		sink := f.target(sel.X)
		sink.Header, sink.Scheme = "Authorization", "Basic"
		f.hand(e, append(slices.Clip(f.eval(e.Args[0], 0).whole()), f.eval(e.Args[1], 0).whole()...), sink)
		return true
	}
	return false
}

// target returns where the request goes whose header an expression is: that of the call that made it.
func (f *file) target(e ast.Expr) detectors.Sink {
	if sel, ok := e.(*ast.SelectorExpr); ok && sel.Sel.Name == "Header" {
		e = sel.X
	}
	if v := f.eval(e, 0); v.request != nil {
		return f.sink(v.request)
	}
	return detectors.Sink{}
}

// sink returns where the request goes that a call of http.NewRequest makes.
func (f *file) sink(e *ast.CallExpr) detectors.Sink {
	args := e.Args
	if lastName(e.Fun) == "NewRequestWithContext" {
		args = args[min(1, len(args)):]
	}
	if len(args) < 2 {
		return detectors.Sink{}
	}
	address := code.Locate(f.eval(args[1], 0).whole())
	sink := detectors.Sink{Tool: "http.NewRequest", Host: address.Host, Path: address.Path}
	if text, ok := code.Text(f.eval(args[0], 0).parts); ok && len(text) <= len("OPTIONS") {
		sink.Method = strings.ToUpper(text)
		if text == "" {
			sink.Method = "GET"
		}
	}
	if len(args) > 2 {
		sink.Fields = code.Documents(f.pass.Data, f.flat(f.eval(args[2], 0), 0))
	}
	if len(sink.Fields) == 0 && strings.Contains(address.Path.Text, "graphql") {
		sink.Fields = f.documents()
	}
	return sink
}

// documents returns the identifiers of all GraphQL documents in the file.
func (f *file) documents() []detectors.Word {
	var parts []analyzers.Part
	ast.Inspect(f.tree, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			parts = append(parts, f.text(lit).parts...)
		}
		return true
	})
	return code.Documents(f.pass.Data, parts)
}

// requests notes what is in the address and in the body of a request.
func (f *file) requests(e *ast.CallExpr, name string) bool {
	var sink detectors.Sink
	var at int
	switch name {
	case "net/http.NewRequest", "net/http.NewRequestWithContext":
		sink = f.sink(e)
		at = strings.Count(lastName(e.Fun), "Context") + 1
	case "net/http.Get", "net/http.Head", "net/http.Post", "net/http.PostForm", ".Get", ".Post", ".Put", ".Patch", ".Delete":
		if len(e.Args) == 0 {
			return false
		}
		address := code.Locate(f.eval(e.Args[0], 0).whole())
		if address.Host == "" {
			return false
		}
		method := strings.ToUpper(strings.TrimSuffix(lastName(e.Fun), "Form"))
		sink = detectors.Sink{Tool: "http." + lastName(e.Fun), Host: address.Host, Path: address.Path, Method: method}
	default:
		return false
	}
	for i := at; i < len(e.Args); i++ {
		v := f.eval(e.Args[i], 0)
		carried := sink
		if i == at {
			carried.Query = code.Query(v.parts)
		}
		f.hand(e, f.flat(v, 0), carried)
	}
	return true
}

// passes notes what any other call is given, and that a client's method uses what the client was made with.
func (f *file) passes(e *ast.CallExpr, name string) {
	sink := detectors.Sink{Tool: strings.TrimPrefix(path.Base(name), ".")}
	if sel, ok := e.Fun.(*ast.SelectorExpr); ok && strings.HasPrefix(name, ".") {
		if v := f.receiver(sel.X); v.client != "" {
			sink.Tool = v.client + methodOf(e.Fun)
			if len(e.Args) > 0 {
				for _, a := range e.Args[:min(2, len(e.Args))] {
					if parts := f.eval(a, 0).parts; len(parts) > 0 && sink.Fields == nil {
						sink.Fields = code.Statement(f.pass.Data, parts[0].Span)
					}
				}
			}
			f.hand(e, v.whole(), sink)
			f.fetches(e, sink, v.library)
		}
	} else if made := f.eval(e, 0); made.client != "" {
		f.fetches(e, sink, made.library)
	}
	if key := f.libraryKey(name); key != nil {
		f.hand(e, f.flat(f.eval(key, 0), 0), sink)
	}
	for _, a := range e.Args {
		f.hand(e, f.flat(f.eval(a, 0), 0), sink)
	}
}

// fetches notes that a client takes its credential from the environment, if it is one of a package that was given none.
func (f *file) fetches(n ast.Node, sink detectors.Sink, library string) {
	if library != "" {
		sink.Library = library
		f.emit(n, running, analyzers.Step{Op: analyzers.OpCall, Sink: &sink})
	}
}

// receiver returns the client that a method is called on: the value itself, or that of which it is a field or a method's result.
func (f *file) receiver(e ast.Expr) value {
	for {
		if v := f.eval(e, 0); v.client != "" {
			return v
		}
		switch inner := e.(type) {
		case *ast.SelectorExpr:
			e = inner.X
		case *ast.CallExpr:
			e = inner.Fun
		default:
			return value{}
		}
	}
}

// methodOf returns the words of a method's name behind the variable of the client, each after a dot: .Customers.Del for sc.Customers.Del.
func methodOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return methodOf(e.X) + "." + e.Sel.Name
	}
	return "" // the client that is the result of a call has the call's name
}

// libraryKey returns the key that the file gives to the library whose function is called: stripe.Key = k before customer.Del(…), which is
// a package of the same module.
func (f *file) libraryKey(name string) ast.Expr {
	for _, k := range f.keys() {
		if strings.HasPrefix(name, k.library+"/") || strings.HasPrefix(name, k.library+".") {
			return k.value
		}
	}
	return nil
}

// libraryKey is a key that the file gives to a library.
type libraryKey struct {
	library string // its import path
	value   ast.Expr
}

// keys returns the keys that the file gives to libraries.
func (f *file) keys() []libraryKey {
	if f.libraryKeys != nil {
		return f.libraryKeys
	}
	f.libraryKeys = []libraryKey{}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || len(assign.Lhs) != 1 || len(assign.Rhs) != 1 {
			return true
		}
		if sel, ok := assign.Lhs[0].(*ast.SelectorExpr); ok && strings.HasSuffix(sel.Sel.Name, "Key") {
			if imported, ok := f.packageOf(sel.X); ok {
				f.libraryKeys = append(f.libraryKeys, libraryKey{imported, assign.Rhs[0]})
			}
		}
		return true
	})
	return f.libraryKeys
}
