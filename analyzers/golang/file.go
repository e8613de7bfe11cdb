package golang

import (
	"go/ast"
	"go/token"
	"path"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// file is one file while it is read.
type file struct {
	pass   *analyzers.Pass
	tree   *ast.File
	source *token.File
	key    string // under which the package's names are known to others
	depth  depth

	imported  map[string]string         // import paths by local name
	declared  map[string][]*declaration // what names stand for
	fields    map[string]*field         // what is put into structs' fields, by "Type.Field"
	calls     map[string][]*ast.CallExpr
	hands     []ast.Node             // calls, assignments and keys with values, in the file's order
	bodies    map[ast.Node]*function // by their declarations and literals
	evaluated map[ast.Expr]*value    // what expressions came to, nil if nothing is known of it
	foreign   map[string]*foreign    // see named
	spent     int                    // expressions evaluated
	cut       bool                   // some list was too long to look at all of it
	searched  int                    // declarations looked at for assignments

	found  []code.Placed
	guards []code.Guarded
	signs  []analyzers.Sign
	given  map[string]bool // import paths of packages that are given values

	libraryKeys []libraryKey // nil: not looked for yet
}

// declaration is a name with a value that may be known.
type declaration struct {
	from, to token.Pos // the scope
	value    ast.Expr
	function *function
	index    int    // function is set: the name is its parameter of this index, or with -1 the function's own
	typ      string // the name of the type, if it is a type of this package
	top      bool   // declared at the top of the file

	busy, done bool
	result     value
}

// function is a function, a method or a literal.
type function struct {
	name       string // empty for one that has none
	body       *ast.BlockStmt
	exported   string // the name under which other packages give it arguments
	busy, done bool
	result     value
}

func newFile(pass *analyzers.Pass, fset *token.FileSet, tree *ast.File) *file {
	f := &file{
		pass: pass, tree: tree, source: fset.File(tree.Package), key: packageKey(path.Dir(pass.Path)),
		imported: map[string]string{}, declared: map[string][]*declaration{}, fields: map[string]*field{},
		calls: map[string][]*ast.CallExpr{}, bodies: map[ast.Node]*function{}, evaluated: map[ast.Expr]*value{}, foreign: map[string]*foreign{}, given: map[string]bool{},
	}
	for _, spec := range tree.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := packageName(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		f.imported[name] = imported
	}
	return f
}

var majorExpr = lazyregexp.New(`^v[0-9]+$`)

// packageKey returns the name under which a package is known to those that import it: the last word of its path, since a file does
// not know its module's path.
func packageKey(imported string) string {
	base := path.Base(imported)
	if majorExpr.MatchString(base) {
		base = path.Base(path.Dir(imported))
	}
	return base
}

// packageName guesses a package's name by its path.
func packageName(imported string) string {
	base := packageKey(imported)
	if dot := strings.LastIndex(base, ".v"); dot > 0 { // gopkg.in/yaml.v3
		base = base[:dot]
	}
	base = strings.TrimPrefix(base, "go-")
	return strings.TrimSuffix(strings.TrimSuffix(base, "-go"), ".go")
}

// offset returns where a position lies in the file.
func (f *file) offset(pos token.Pos) int {
	if !pos.IsValid() || int(pos) < f.source.Base() || int(pos) > f.source.Base()+f.source.Size() {
		return 0
	}
	return f.source.Offset(pos)
}

// at returns a node's place.
func (f *file) at(n ast.Node) detectors.Place {
	return f.pass.At(f.offset(n.Pos()), f.offset(n.End()))
}

// of returns the template of an expression.
func (f *file) of(n ast.Node, parts []analyzers.Part) analyzers.Value {
	return analyzers.Value{At: f.at(n), Parts: parts}
}

// emit notes a step that is written at a node.
func (f *file) emit(n ast.Node, phase int, step analyzers.Step) {
	if step.At.Path == "" {
		step.At = f.at(n)
	}
	f.found = append(f.found, code.Placed{Step: &step, Offset: f.offset(n.Pos()), Phase: phase})
}

// declare walks the file and notes what it declares. Scopes are blocks.
func (f *file) declare() {
	scopes := []ast.Node{f.tree}
	var stack []ast.Node
	ast.Inspect(f.tree, func(n ast.Node) bool {
		if n == nil {
			last := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if last == scopes[len(scopes)-1] {
				scopes = scopes[:len(scopes)-1]
			}
			return true
		}
		stack = append(stack, n)
		scope := scopes[len(scopes)-1]
		switch n := n.(type) {
		case *ast.ValueSpec:
			f.values(n, scope)
		case *ast.AssignStmt:
			f.hands = append(f.hands, n)
			f.assign(n, scope)
		case *ast.KeyValueExpr:
			f.hands = append(f.hands, n)
		case *ast.RangeStmt:
			scopes = append(scopes, n)
			if ident, ok := n.Value.(*ast.Ident); ok {
				f.add(ident.Name, declaration{from: n.Pos(), to: n.End(), value: n.X})
			}
			if ident, ok := n.Key.(*ast.Ident); ok {
				f.add(ident.Name, declaration{from: n.Pos(), to: n.End()})
			}
		case *ast.FuncDecl:
			scopes = append(scopes, n)
			f.function(n)
		case *ast.FuncLit:
			scopes = append(scopes, n)
			f.parameters(n, n.Type, nil, n.Body, "")
		case *ast.BlockStmt, *ast.IfStmt, *ast.ForStmt, *ast.SwitchStmt, *ast.CaseClause, *ast.CommClause:
			scopes = append(scopes, n)
		case *ast.CompositeLit:
			f.structure(n)
		case *ast.CallExpr:
			f.hands = append(f.hands, n)
			f.calls[lastName(n.Fun)] = append(f.calls[lastName(n.Fun)], n)
			f.flag(n, scope)
		}
		return true
	})
}

func (f *file) add(name string, d declaration) {
	if name != "_" {
		f.declared[name] = append(f.declared[name], &d)
	}
}

// values notes the names of a const or var declaration.
func (f *file) values(n *ast.ValueSpec, scope ast.Node) {
	for i, name := range n.Names {
		d := declaration{from: scope.Pos(), to: scope.End(), typ: typeName(n.Type), top: scope == f.tree}
		switch {
		case i < len(n.Values) && len(n.Values) == len(n.Names):
			d.value = n.Values[i]
		case i == 0 && len(n.Values) == 1:
			d.value = n.Values[0]
		}
		if d.top {
			d.to = token.Pos(f.source.Base() + f.source.Size() + 1)
			d.from = token.Pos(f.source.Base())
		}
		f.add(name.Name, d)
	}
}

// assign notes what an assignment gives to names and to fields. Of a call with several results the first is the one that matters.
func (f *file) assign(n *ast.AssignStmt, scope ast.Node) {
	for i, left := range n.Lhs {
		var right ast.Expr
		switch {
		case len(n.Lhs) == len(n.Rhs):
			right = n.Rhs[i]
		case i == 0:
			right = n.Rhs[0]
		}
		switch left := left.(type) {
		case *ast.Ident:
			d := declaration{from: scope.Pos(), to: scope.End(), value: right}
			if f.searched += len(f.declared[left.Name]); n.Tok != token.DEFINE && f.searched < maxSearched {
				known := f.find(left.Name, left.Pos())
				if len(known) >= maxCallers {
					continue // of the values that a name can have no more are looked at
				}
				if len(known) > 0 {
					d.from, d.to, d.top = known[0].from, known[0].to, known[0].top
				}
			}
			f.add(left.Name, d)
		case *ast.SelectorExpr:
			if typ := f.typeOf(left.X); typ != "" && right != nil {
				f.into(typ, left.Sel.Name, right)
			}
		}
	}
}

// flag notes the default that a flag gives to its variable. https://pkg.go.dev/flag#StringVar https://pkg.go.dev/github.com/spf13/pflag#StringVarP
func (f *file) flag(n *ast.CallExpr, scope ast.Node) {
	at := 0
	switch lastName(n.Fun) {
	case "StringVar":
		at = 2
	case "StringVarP":
		at = 3
	default:
		return
	}
	if len(n.Args) != at+2 {
		return
	}
	if address, ok := n.Args[0].(*ast.UnaryExpr); ok && address.Op == token.AND {
		f.assign(&ast.AssignStmt{Lhs: []ast.Expr{address.X}, Tok: token.ASSIGN, Rhs: []ast.Expr{n.Args[at]}}, scope)
	}
}

// function notes a function's name and parameters.
func (f *file) function(n *ast.FuncDecl) {
	fn := f.parameters(n, n.Type, n.Recv, n.Body, n.Name.Name)
	if fn != nil && n.Recv == nil {
		fn.exported = f.key + "#" + n.Name.Name
		f.add(n.Name.Name, declaration{
			from: token.Pos(f.source.Base()), to: token.Pos(f.source.Base() + f.source.Size() + 1), function: fn, index: -1, top: true,
		})
	}
}

// parameters notes the parameters of a function, whose scope is its body.
func (f *file) parameters(n ast.Node, t *ast.FuncType, recv *ast.FieldList, body *ast.BlockStmt, name string) *function {
	if body == nil {
		return nil
	}
	fn := &function{name: name, body: body}
	f.bodies[n] = fn
	if recv != nil {
		for _, field := range recv.List {
			for _, ident := range field.Names {
				f.add(ident.Name, declaration{from: n.Pos(), to: body.End(), typ: typeName(field.Type)})
			}
		}
	}
	index := 0
	for _, field := range t.Params.List {
		for _, ident := range field.Names {
			f.add(ident.Name, declaration{from: n.Pos(), to: body.End(), function: fn, index: index, typ: typeName(field.Type)})
			index++
		}
		if len(field.Names) == 0 {
			index++
		}
	}
	if t.Results != nil {
		for _, field := range t.Results.List {
			for _, ident := range field.Names {
				f.add(ident.Name, declaration{from: n.Pos(), to: body.End(), typ: typeName(field.Type)})
			}
		}
	}
	return fn
}

// structure notes what a literal puts into the fields of a type of this package.
func (f *file) structure(n *ast.CompositeLit) {
	typ := typeName(n.Type)
	if typ == "" {
		return
	}
	for _, e := range n.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok {
				f.into(typ, key.Name, kv.Value)
			}
		}
	}
}

// field is what is put into a field of a type of this package.
type field struct {
	values     []ast.Expr
	busy, done bool
	result     value
}

func (f *file) into(typ, name string, value ast.Expr) {
	key := typ + "." + name
	if f.fields[key] == nil {
		f.fields[key] = &field{}
	}
	f.fields[key].values = append(f.fields[key].values, value)
}

// typeOf returns the name of the type of an expression, if it is a type of this package.
func (f *file) typeOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		for _, d := range f.find(e.Name, e.Pos()) {
			if d.typ != "" {
				return d.typ
			}
			if d.value != nil {
				return literalType(d.value)
			}
		}
	case *ast.ParenExpr:
		return f.typeOf(e.X)
	case *ast.StarExpr:
		return f.typeOf(e.X)
	}
	return literalType(e)
}

// literalType returns the name of the type of a composite literal.
func literalType(e ast.Expr) string {
	if u, ok := e.(*ast.UnaryExpr); ok {
		e = u.X
	}
	if lit, ok := e.(*ast.CompositeLit); ok {
		return typeName(lit.Type)
	}
	return ""
}

// typeName returns the name of a type of this package, nothing for other types.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.IndexExpr:
		return typeName(e.X)
	}
	return ""
}

// lastName returns the last word of what is called.
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.IndexExpr:
		return lastName(e.X)
	case *ast.ParenExpr:
		return lastName(e.X)
	}
	return ""
}

// find returns the declarations of a name that a position sees: those of the innermost scope that has one.
func (f *file) find(name string, at token.Pos) []*declaration {
	var best []*declaration
	f.spent += len(f.declared[name]) / 8
	for _, d := range f.declared[name] {
		switch {
		case at < d.from || at > d.to || len(best) > 0 && d.from < best[0].from:
		case len(best) > 0 && d.from == best[0].from:
			best = append(best, d)
		default:
			best = []*declaration{d}
		}
	}
	return best
}
