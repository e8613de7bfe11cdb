package summary

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers/golang/library"
)

// deepest bounds the nesting of expressions that are followed.
const deepest = 200

// expr says what an expression is, and notes the calls in it.
func (f *body) expr(e ast.Expr) Expr {
	if e == nil {
		return Expr{}
	}
	f.depth++
	defer func() { f.depth-- }()
	if f.depth > deepest {
		return Expr{}
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		return f.text(e)
	case *ast.Ident:
		return f.ident(e)
	case *ast.ParenExpr:
		return f.expr(e.X)
	case *ast.StarExpr:
		return f.expr(e.X)
	case *ast.TypeAssertExpr:
		return f.expr(e.X)
	case *ast.UnaryExpr:
		return f.unary(e)
	case *ast.BinaryExpr:
		return f.binary(e)
	case *ast.SelectorExpr:
		return f.selector(e)
	case *ast.IndexExpr:
		return f.index(e)
	case *ast.IndexListExpr:
		return f.expr(e.X)
	case *ast.SliceExpr:
		f.expr(e.Low)
		f.expr(e.High)
		f.expr(e.Max)
		return derived(f.expr(e.X))
	case *ast.CompositeLit:
		return f.composite(e)
	case *ast.CallExpr:
		return f.call(e)
	case *ast.FuncLit:
		return f.literal(e)
	}
	return Expr{}
}

// derived is what is computed from operands; nothing, if nothing is known of them.
func derived(args ...Expr) Expr {
	var known []Expr
	for _, a := range args {
		if a.Op != Unknown {
			known = append(known, a)
		}
	}
	if len(known) == 0 {
		return Expr{}
	}
	return Expr{Op: Derived, Args: known}
}

// either is one of several expressions.
func either(args ...Expr) Expr {
	var known []Expr
	for _, a := range args {
		if a.Op != Unknown {
			known = append(known, a)
		}
	}
	switch len(known) {
	case 0:
		return Expr{}
	case 1:
		return known[0]
	}
	return Expr{Op: Any, Args: known}
}

// text is a literal. Its place is that of what stands between its quotes.
func (f *body) text(e *ast.BasicLit) Expr {
	if e.Kind != token.STRING {
		return Expr{}
	}
	text, err := strconv.Unquote(e.Value)
	if err != nil {
		return Expr{}
	}
	at := f.place(e.Pos()+1, e.End()-1)
	return f.pieces(text, at)
}

// pieces is the text at a place, without the tokens in it: what stands around them is kept if it is written as it is.
func (f *body) pieces(text string, at At) Expr {
	whole := Expr{Op: Text, Text: text, At: at}
	if at.File >= len(f.names) {
		return whole
	}
	out := Expr{Op: Join}
	last := at.Start
	piece := func(from, to int, withheld bool) {
		if from >= to {
			return
		}
		x := Expr{Op: Text, At: at}
		x.At.Column += from - at.Start
		x.At.Start, x.At.End = from, to
		if !withheld {
			x.Text = text[from-at.Start : to-at.Start]
		}
		out.Args = append(out.Args, x)
	}
	for _, e := range f.Withheld[f.names[at.File]] {
		start, end := max(e.Start, last), min(e.End, at.End)
		if e.Start >= at.End || e.End <= at.Start || start >= end {
			continue
		}
		if at.End-at.Start != len(text) { // it is written with escapes
			return Expr{Op: Text, At: at}
		}
		piece(last, start, false)
		piece(start, end, true)
		last = end
	}
	switch {
	case len(out.Args) == 0:
		return whole
	case last < at.End:
		piece(last, at.End, false)
	}
	if len(out.Args) == 1 {
		return out.Args[0]
	}
	return out
}

// withheld reports whether a token stands at a place.
func (b *builder) withheld(at At) bool {
	if at.File >= len(b.names) {
		return false
	}
	return slices.ContainsFunc(b.Withheld[b.names[at.File]], func(e Extent) bool { return e.Start < at.End && at.Start < e.End })
}

func (f *body) ident(e *ast.Ident) Expr {
	o := f.Info.Uses[e]
	if o == nil {
		o = f.Info.Defs[e]
	}
	return f.object(o, e)
}

// object says what a name stands for.
func (f *body) object(o types.Object, at ast.Node) Expr {
	switch o := o.(type) {
	case *types.Const:
		return f.constant(o, at)
	case *types.Var:
		if id := f.current(o); id != "" {
			return Expr{Op: Name, Text: id, At: f.at(at)}
		}
	case *types.Func:
		return f.taken(o, o.Type(), nil, at)
	}
	return Expr{}
}

// taken is a function that is taken as a value of a type; of a method, recv is what it is bound to.
func (f *body) taken(o *types.Func, t types.Type, recv *Expr, at ast.Node) Expr {
	x := Expr{Op: Function, Text: o.Origin().FullName(), At: f.at(at)}
	if recv != nil {
		x.Args = []Expr{*recv}
	}
	f.Takes = append(f.Takes, Taken{Func: x.Text, Sig: signature(t), Bound: recv != nil})
	f.made(t)
	return x
}

// made notes that whoever gets a function of a type can give what it returns to interfaces.
func (f *body) made(t types.Type) {
	if sig, ok := underlying(t).(*types.Signature); ok {
		for v := range sig.Results().Variables() {
			f.holds(v.Type())
		}
	}
}

// constant is a constant: one that is summarised where it is declared is called by its name, so that its text has the place where it is
// written; any other is its text.
func (f *body) constant(o *types.Const, at ast.Node) Expr {
	if o.Val().Kind() == constant.Bool && o.Pkg() == nil {
		return Expr{Op: Truth, Text: o.Name()}
	}
	if o.Val().Kind() != constant.String {
		return Expr{}
	}
	if o.Pkg() == f.Pkg || o.Pkg() != nil && f.Own(o.Pkg().Path()) {
		return Expr{Op: Name, Text: f.variable(o), At: f.at(at)}
	}
	if o.Pkg() == nil || !library.Standard(o.Pkg().Path()) {
		return Expr{} // nobody looked for tokens in it
	}
	return Expr{Op: Text, Text: constant.StringVal(o.Val())}
}

func (f *body) unary(e *ast.UnaryExpr) Expr {
	x := f.expr(e.X)
	switch e.Op {
	case token.AND:
		return x
	case token.NOT:
		if x.Op != Unknown {
			return Expr{Op: Not, Args: []Expr{x}}
		}
	case token.ARROW:
		return element(x)
	}
	return Expr{}
}

// element is what a container holds, under an unknown key.
func element(x Expr) Expr {
	if x.Op == Unknown {
		return x
	}
	return Expr{Op: Element, Args: []Expr{x}}
}

func (f *body) binary(e *ast.BinaryExpr) Expr {
	if e.Op == token.ADD {
		return f.sum(e)
	}
	x, y := f.expr(e.X), f.expr(e.Y)
	switch e.Op {
	case token.EQL, token.NEQ:
		if x.Op == Unknown || y.Op == Unknown {
			return Expr{}
		}
		equal := Expr{Op: Equal, Args: []Expr{x, y}, At: f.at(e)}
		if e.Op == token.NEQ {
			return Expr{Op: Not, Args: []Expr{equal}}
		}
		return equal
	case token.LAND:
		return Expr{Op: And, Args: []Expr{x, y}}
	case token.LOR:
		return Expr{Op: Or, Args: []Expr{x, y}}
	}
	return Expr{}
}

// sum is a concatenation. Long ones are written as trees that lean to the left; they are read in a loop.
func (f *body) sum(e *ast.BinaryExpr) Expr {
	if b, ok := f.Info.TypeOf(e).(interface{ Underlying() types.Type }); ok {
		if basic, ok := b.Underlying().(*types.Basic); ok && basic.Info()&types.IsString == 0 {
			f.expr(e.X)
			f.expr(e.Y)
			return Expr{}
		}
	}
	var operands []ast.Expr
	var left ast.Expr = e
	for {
		x, ok := ast.Unparen(left).(*ast.BinaryExpr)
		if !ok || x.Op != token.ADD {
			operands = append(operands, left)
			break
		}
		operands = append(operands, x.Y)
		left = x.X
	}
	const most = 200
	out := Expr{Op: Join}
	for i := len(operands) - 1; i >= 0; i-- {
		if x := f.expr(operands[i]); len(out.Args) < most {
			out.Args = append(out.Args, x)
		}
	}
	return out
}

func (f *body) selector(e *ast.SelectorExpr) Expr {
	sel, ok := f.Info.Selections[e]
	if !ok { // a name of another package
		return f.object(f.Info.Uses[e.Sel], e)
	}
	x := f.expr(e.X)
	switch sel.Kind() {
	case types.FieldVal:
		return f.member(x, sel, e)
	case types.MethodExpr:
		if fn, ok := sel.Obj().(*types.Func); ok && !types.IsInterface(sel.Recv()) {
			return f.taken(fn, f.Info.TypeOf(e), nil, e)
		}
	case types.MethodVal:
		return f.bound(e, sel)
	}
	return Expr{}
}

// bound is a method value: a method and what it will be called on.
func (f *body) bound(e *ast.SelectorExpr, sel *types.Selection) Expr {
	fn, ok := sel.Obj().(*types.Func)
	if !ok {
		return Expr{}
	}
	recv := f.receiver(e, sel)
	if iface, ok := fn.Signature().Recv().Type().Underlying().(*types.Interface); ok {
		return Expr{Op: Dispatched, Text: methodID(fn), Keys: []string{ifaceID(iface)}, Args: []Expr{recv}, At: f.at(e)}
	}
	return f.taken(fn, f.Info.TypeOf(e), &recv, e)
}

// member is a field, by way of the fields that are embedded.
func (f *body) member(x Expr, sel *types.Selection, e *ast.SelectorExpr) Expr {
	t := sel.Recv()
	for _, i := range sel.Index() {
		s, ok := structOf(t)
		if !ok {
			return Expr{}
		}
		field := s.Field(i)
		out := Expr{Op: Member, Text: typeID(t) + "." + field.Name(), At: f.at(e.Sel)}
		out.Args = []Expr{x}
		x, t = out, field.Type()
	}
	return x
}

// structOf returns the struct that a type is or points to.
func structOf(t types.Type) (*types.Struct, bool) {
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	return s, ok
}

func (f *body) index(e *ast.IndexExpr) Expr {
	if tv := f.Info.Types[e.Index]; tv.IsType() { // a generic function with its type arguments
		return f.expr(e.X)
	}
	x, key := f.expr(e.X), f.expr(e.Index)
	out := element(x)
	if out.Op == Element && key.Op != Unknown {
		out.Args = append(out.Args, key)
	}
	return out
}

// inner begins a function within this one, at a node.
func (f *body) inner(n ast.Node) *body {
	outer := f
	for outer.outer != nil {
		outer = outer.outer
	}
	outer.literals++
	inner := f.function(outer.ID+"$"+strconv.Itoa(outer.literals), f)
	inner.At = f.place(n.Pos(), n.Pos())
	return inner
}

// literal reads a function literal. It is part of the function around it: it knows its variables and stands under its conditions.
func (f *body) literal(e *ast.FuncLit) Expr {
	id, ok := f.funcs[e]
	if !ok {
		inner := f.inner(e)
		id = inner.ID
		f.funcs[e] = id
		inner.signature(nil, e.Type)
		inner.read(e.Body)
		f.Takes = append(f.Takes, Taken{Func: id, Sig: signature(f.Info.TypeOf(e))})
		f.made(f.Info.TypeOf(e))
	}
	return Expr{Op: Function, Text: id, At: f.place(e.Pos(), e.Pos())}
}

// embed says what a variable holds that files are embedded in.
func (f *body) embed(doc *ast.CommentGroup) Expr {
	if doc == nil {
		return Expr{}
	}
	var all []Expr
	for _, c := range doc.List {
		text, ok := strings.CutPrefix(c.Text, "//go:embed ")
		if !ok {
			continue
		}
		dir := path.Dir(f.out.Files[f.at(c).File])
		for _, pattern := range embedded.FindAllString(text, maxElements) {
			pattern = strings.TrimPrefix(strings.Trim(pattern, "\"`"), "all:")
			all = append(all, Expr{Op: Embedded, Text: path.Join(dir, pattern), At: f.at(c)})
		}
	}
	return either(all...)
}
