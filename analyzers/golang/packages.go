package golang

import (
	"go/ast"
	"strconv"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// Packages know each other's values by name: what one declares at its top, what its functions return and are given stands in the map of
// the process under names with a hash in them, which no variable of the environment has: "creds#Token", "config#Load().Token",
// "client#New(0)".

// imports notes the packages that the file takes in, and the other files of its own.
func (f *file) imports() {
	if f.depth < whole {
		return // the outline has them
	}
	f.gives()
	for _, spec := range f.tree.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil || standard(imported) {
			continue
		}
		phase := importing
		if f.given[imported] {
			phase = giving
		}
		f.emit(spec, phase, analyzers.Step{
			Op: analyzers.OpSource, Ref: new(analyzers.PathTo("import:"+imported, "", f.at(spec))), Optional: true, Says: "imports it",
		})
	}
	if c := f.constraint(); !c.alone {
		at := f.at(f.tree.Name)
		f.emit(f.tree.Name, joining, analyzers.Step{
			Op: analyzers.OpSource, Ref: new(analyzers.PathTo("package:.", "", at)), Optional: true, Says: "is of the same package",
		})
	}
}

// gives notes what the file's calls give to functions of other packages, and to those of other files of its own.
func (f *file) gives() {
	for _, n := range f.hands {
		e, ok := n.(*ast.CallExpr)
		if !ok {
			continue
		}
		key := ""
		imported := ""
		switch fun := e.Fun.(type) {
		case *ast.Ident:
			if len(f.find(fun.Name, fun.Pos())) == 0 && !builtin[fun.Name] {
				key = f.key + "#" + fun.Name
			}
		case *ast.SelectorExpr:
			if imported, ok = f.packageOf(fun.X); ok && !standard(imported) && !points(imported+"."+fun.Sel.Name) {
				key = packageKey(imported) + "#" + fun.Sel.Name
			}
		}
		if key == "" {
			continue
		}
		for i, a := range e.Args {
			v := f.eval(a, 0)
			if parts := v.whole(); code.Telling(parts) || code.IsPath(parts) || len(parts) > 0 && code.Keeper(key) {
				f.name(a, code.Given(key, i), parts)
				f.given[imported] = true
			}
			if v.literal != nil {
				f.members(a, code.Given(key, i), v, 0, func() { f.given[imported] = true })
			}
		}
	}
}

var builtin = map[string]bool{
	"append": true, "cap": true, "clear": true, "close": true, "complex": true, "copy": true, "delete": true, "imag": true, "len": true,
	"make": true, "max": true, "min": true, "new": true, "panic": true, "print": true, "println": true, "real": true, "recover": true,
	"string": true, "int": true, "byte": true, "error": true, "any": true,
}

// name binds a value to a name that other files know.
func (f *file) name(n ast.Node, name string, parts []analyzers.Part) {
	parts = code.Exported(parts)
	phase := setting
	for _, p := range code.Sources(parts) {
		if p.Hole != nil && len(p.Hole.Name) > len(f.key) && p.Hole.Name[:len(f.key)+1] == f.key+"#" {
			phase = settingLate // another file of the package declares it
		}
	}
	f.emit(n, phase, analyzers.Step{Op: analyzers.OpSet, Name: name, Value: f.of(n, parts)})
}

// members binds the fields of a struct to names that other files know.
func (f *file) members(n ast.Node, name string, v value, depth int, found func()) {
	const deepest = 4
	if v.literal == nil || depth > deepest {
		return
	}
	for _, e := range v.literal.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, ok := kv.Key.(*ast.Ident)
		if !ok {
			continue
		}
		inner := f.eval(kv.Value, 0)
		if parts := inner.whole(); code.Telling(parts) {
			found()
			f.name(kv, name+"."+key.Name, parts)
		}
		f.members(kv, name+"."+key.Name, inner, depth+1, found)
	}
}

// exports binds what the file declares at its top to names that other files know: constants, variables and results of functions, and
// what is put into the fields of its types.
func (f *file) exports() {
	for _, decl := range f.tree.Decls {
		switch decl := decl.(type) {
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				if spec, ok := spec.(*ast.ValueSpec); ok {
					for _, ident := range spec.Names {
						f.export(ident, f.key+"#"+ident.Name, f.known(ident, 0))
					}
				}
			}
		case *ast.FuncDecl:
			if fn := f.bodies[decl]; fn != nil && decl.Recv == nil && decl.Name.Name != "main" && decl.Name.Name != "init" {
				f.export(decl.Name, f.key+"#"+decl.Name.Name+"()", f.result(fn, 0))
			}
		}
	}
}

func (f *file) export(n ast.Node, name string, v value) {
	if parts := v.whole(); code.Telling(parts) || code.Looked(parts) {
		f.name(n, name, parts)
	}
	f.members(n, name, v, 0, func() {})
}
