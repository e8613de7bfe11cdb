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

	"golang.org/x/tools/go/types/typeutil"

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

// composite is a literal of a struct, a slice, an array or a map.
func (f *body) composite(e *ast.CompositeLit) Expr {
	t := f.Info.TypeOf(e)
	if t == nil {
		return Expr{}
	}
	if s, ok := structOf(t); ok {
		return f.fields(e, t, s)
	}
	out := Expr{Op: List, At: f.place(e.Pos(), e.Pos())}
	elem := elementType(t)
	for _, element := range e.Elts {
		key := ""
		if kv, ok := element.(*ast.KeyValueExpr); ok {
			k := f.expr(kv.Key)
			if tv := f.Info.Types[kv.Key]; tv.Value != nil && tv.Value.Kind() == constant.String && !f.withheld(f.at(kv.Key)) {
				key = constant.StringVal(tv.Value)
			} else if _, isMap := t.Underlying().(*types.Map); isMap && k.Op != Unknown && len(out.Args) < maxElements {
				out.Args, out.Keys = append(out.Args, k), append(out.Keys, MapKey)
			}
			element = kv.Value
		}
		x := f.converted(element, elem)
		if len(out.Args) < maxElements {
			out.Args, out.Keys = append(out.Args, x), append(out.Keys, key)
		}
	}
	return out
}

// MapKey marks, among the keys of a list, an argument that is a key itself.
const MapKey = "\x00"

// maxElements bounds the elements of one literal that are followed: tables of data are long.
const maxElements = 500

func elementType(t types.Type) types.Type {
	switch t := t.Underlying().(type) {
	case *types.Slice:
		return t.Elem()
	case *types.Array:
		return t.Elem()
	case *types.Map:
		return t.Elem()
	case *types.Pointer:
		return elementType(t.Elem())
	}
	return nil
}

// fields is a literal of a struct.
func (f *body) fields(e *ast.CompositeLit, t types.Type, s *types.Struct) Expr {
	out := Expr{Op: Literal, Text: typeID(t), At: f.place(e.Pos(), e.Pos())}
	for i, element := range e.Elts {
		var field *types.Var
		if kv, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok {
				field, _ = f.Info.Uses[key].(*types.Var)
			}
			element = kv.Value
		} else if i < s.NumFields() {
			field = s.Field(i)
		}
		if field == nil {
			f.expr(element)
			continue
		}
		x := f.converted(element, field.Type())
		if x.Op == Unknown || x.Op == Truth {
			continue
		}
		out.Keys, out.Args = append(out.Keys, field.Name()), append(out.Args, x)
		f.out.Assigns = append(f.out.Assigns, Assign{
			To: out.Text + "." + field.Name(), From: x, At: f.at(element), Func: f.ID, Guard: f.guard, Inside: true,
		})
	}
	return out
}

// gives notes that a value of a type, or of several, is given to something of another one. Interfaces can then hold it.
func (f *body) gives(t, to types.Type) {
	if t == nil || to == nil {
		return
	}
	if tuple, ok := t.(*types.Tuple); ok {
		if tuple.Len() > 0 {
			f.gives(tuple.At(0).Type(), to)
		}
		return
	}
	if types.IsInterface(to) && !types.IsInterface(t) {
		f.holds(t)
	}
}

// holds notes that interfaces can hold values of a type, and what these hold by value.
func (f *body) holds(t types.Type) {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || types.IsInterface(n) {
		return
	}
	id := typeID(n)
	if f.held[id] {
		return
	}
	f.held[id] = true
	if types.NewMethodSet(types.NewPointer(n)).Len() > 0 {
		f.Holds = append(f.Holds, id)
	}
	if s, ok := n.Underlying().(*types.Struct); ok { // whoever gets it can get at its fields
		for v := range s.Fields() {
			if _, pointer := v.Type().(*types.Pointer); !pointer {
				f.holds(v.Type())
			}
		}
	}
}

// converted is an expression that is given to something of a type. If that is somebody else's interface, its methods can be called by
// whoever that is.
func (f *body) converted(e ast.Expr, to types.Type) Expr {
	x := f.expr(e)
	if to == nil {
		return x
	}
	f.gives(f.Info.TypeOf(e), to)
	iface, ok := to.Underlying().(*types.Interface)
	if !ok || iface.NumMethods() == 0 {
		return x
	}
	if n, ok := types.Unalias(to).(*types.Named); ok && n.Obj().Pkg() != nil && (n.Obj().Pkg() == f.Pkg || f.Own(n.Obj().Pkg().Path())) || to == types.Universe.Lookup("error").Type() {
		return x
	}
	t := f.Info.TypeOf(e)
	if t == nil || types.IsInterface(t) {
		return x
	}
	set := types.NewMethodSet(t)
	for m := range iface.Methods() {
		if sel := set.Lookup(m.Pkg(), m.Name()); sel != nil {
			if fn, ok := sel.Obj().(*types.Func); ok && fn.Pkg() != nil && (fn.Pkg() == f.Pkg || f.Own(fn.Pkg().Path())) {
				f.Refs = append(f.Refs, Ref{Func: fn.Origin().FullName(), At: f.at(e), Guard: f.guard})
			}
		}
	}
	return x
}

// signature writes a function's type without the names of parameters and the receiver.
func signature(t types.Type) string {
	if t == nil {
		return ""
	}
	sig, ok := t.Underlying().(*types.Signature)
	if !ok {
		return ""
	}
	return types.TypeString(types.NewSignatureType(nil, nil, nil, unnamed(sig.Params()), unnamed(sig.Results()), sig.Variadic()), nil)
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

// call notes a call and says what it results in.
func (f *body) call(e *ast.CallExpr) Expr {
	return f.result(e, 0)
}

// result is one of the results of a call.
func (f *body) result(e *ast.CallExpr, n int) Expr {
	if tv := f.Info.Types[e.Fun]; tv.IsType() {
		if len(e.Args) == 1 {
			return f.converted(e.Args[0], tv.Type)
		}
		return Expr{}
	}
	callee := typeutil.Callee(f.Info, e)
	if b, ok := callee.(*types.Builtin); ok {
		return f.builtin(e, b.Name())
	}
	i, ok := f.calls[e]
	if !ok {
		i = f.noted(e, callee)
		f.calls[e] = i
	}
	if t := f.Info.TypeOf(e); t == nil || dull(t, n) {
		return Expr{}
	}
	return Expr{Op: Result, Text: f.ID, Call: i, N: n, At: f.at(e)}
}

// dull reports whether a value of the type can hold nothing of interest: numbers and errors.
func dull(t types.Type, n int) bool {
	if tuple, ok := t.(*types.Tuple); ok {
		if n >= tuple.Len() {
			return true
		}
		t = tuple.At(n).Type()
	}
	if b, ok := t.Underlying().(*types.Basic); ok {
		return b.Info()&(types.IsString|types.IsBoolean) == 0
	}
	return t == types.Universe.Lookup("error").Type()
}

// noted appends a call to the function's.
func (f *body) noted(e *ast.CallExpr, callee types.Object) int {
	c := Call{At: f.at(e), Guard: f.guard, Spread: e.Ellipsis.IsValid()}
	switch fun := ast.Unparen(e.Fun).(type) {
	case *ast.SelectorExpr:
		if sel, ok := f.Info.Selections[fun]; ok && sel.Kind() == types.MethodVal {
			c.Args = append(c.Args, f.receiver(fun, sel))
		} else if ok && sel.Kind() == types.FieldVal {
			x := f.expr(fun)
			c.Value = &x
		}
	}
	switch o := callee.(type) {
	case *types.Func:
		if recv := o.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
			c.Method, c.Callee = methodID(o), o.FullName()
			if iface, ok := recv.Type().Underlying().(*types.Interface); ok {
				c.Iface = ifaceID(iface)
			}
		} else {
			c.Callee = o.Origin().FullName()
		}
	default:
		if c.Value == nil {
			x := f.expr(e.Fun)
			c.Value = &x
		}
		c.Sig = signature(f.Info.TypeOf(e.Fun))
	}
	sig, _ := f.Info.TypeOf(e.Fun).(*types.Signature)
	if sig == nil {
		if t := f.Info.TypeOf(e.Fun); t != nil {
			sig, _ = t.Underlying().(*types.Signature)
		}
	}
	wraps := true // rows about libraries count arguments as they are written
	if o, ok := callee.(*types.Func); ok && o.Pkg() != nil {
		wraps = o.Pkg() == f.Pkg || f.Own(o.Pkg().Path())
	}
	if tuple, ok := f.results(e.Args); ok && sig != nil { // f(g())
		for i := range tuple.Len() {
			f.gives(tuple.At(i).Type(), parameterType(sig, i, c.Spread))
		}
	}
	for i, a := range e.Args {
		x := f.converted(a, parameterType(sig, i, c.Spread))
		if x.Op == Name && shared(f.Info.TypeOf(a)) {
			x.N = 1 // what is stored through the parameter is stored in the variable
		}
		if last := variadic(sig, i, c.Spread); last && wraps { // the function sees a list
			if first := sig.Params().Len() - 1; i == first {
				c.Args = append(c.Args, Expr{Op: List})
			}
			list := &c.Args[len(c.Args)-1]
			list.Args, list.Keys = append(list.Args, x), append(list.Keys, "")
		} else {
			c.Args = append(c.Args, x)
		}
		if id := f.structure(f.Info.TypeOf(a), 0); id != "" {
			c.Types = append(c.Types, id)
		}
	}
	if o, ok := callee.(*types.Func); ok {
		c.Types = append(c.Types, f.typeArguments(e, o)...)
	}
	// The arguments may hold calls of their own, which stand before this one.
	f.Calls = append(f.Calls, c)
	return len(f.Calls) - 1
}

// results returns the types of the results of a call that is the only expression of a list.
func (f *body) results(list []ast.Expr) (*types.Tuple, bool) {
	if len(list) != 1 {
		return nil, false
	}
	tuple, ok := f.Info.TypeOf(list[0]).(*types.Tuple)
	return tuple, ok
}

// shared reports whether a value of the type and a copy of it share what they hold.
func shared(t types.Type) bool {
	switch underlying(t).(type) {
	case *types.Pointer, *types.Map, *types.Slice, *types.Chan:
		return true
	}
	return false
}

// receiver is what a method is called on, by way of the fields that are embedded.
func (f *body) receiver(fun *ast.SelectorExpr, sel *types.Selection) Expr {
	x := f.expr(fun.X)
	t := sel.Recv()
	for _, i := range sel.Index()[:len(sel.Index())-1] {
		s, ok := structOf(t)
		if !ok {
			return x
		}
		field := s.Field(i)
		x = Expr{Op: Member, Text: typeID(t) + "." + field.Name(), Args: []Expr{x}, At: f.at(fun.Sel)}
		t = field.Type()
	}
	return x
}

// variadic reports whether argument i is one of those that the function gets as a list.
func variadic(sig *types.Signature, i int, spread bool) bool {
	return sig != nil && sig.Variadic() && !spread && i >= sig.Params().Len()-1
}

// parameterType returns the type of what a call gives its argument i to.
func parameterType(sig *types.Signature, i int, spread bool) types.Type {
	if sig == nil || sig.Params().Len() == 0 {
		return nil
	}
	last := sig.Params().Len() - 1
	if sig.Variadic() && i >= last {
		t := sig.Params().At(last).Type()
		if s, ok := t.(*types.Slice); ok && !spread {
			return s.Elem()
		}
		return t
	}
	if i > last {
		return nil
	}
	return sig.Params().At(i).Type()
}

// typeArguments returns the ids of the structs that a generic function is instantiated with: env.ParseAs[Config]().
func (f *body) typeArguments(e *ast.CallExpr, o *types.Func) []string {
	fun := ast.Unparen(e.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var ident *ast.Ident
	switch x := fun.(type) {
	case *ast.Ident:
		ident = x
	case *ast.SelectorExpr:
		ident = x.Sel
	default:
		return nil
	}
	var ids []string
	if inst, ok := f.Info.Instances[ident]; ok {
		for t := range inst.TypeArgs.Types() {
			f.holds(t)
			if id := f.structure(t, 0); id != "" {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

func (f *body) builtin(e *ast.CallExpr, name string) Expr {
	var args []Expr
	for i, a := range e.Args {
		args = append(args, f.expr(a))
		if t := underlying(f.Info.TypeOf(e)); name == "append" && i > 0 && t != nil && !e.Ellipsis.IsValid() {
			f.gives(f.Info.TypeOf(a), elementType(t))
		}
	}
	switch name {
	case "append":
		if len(args) == 0 {
			return Expr{}
		}
		if e.Ellipsis.IsValid() {
			return either(args...)
		}
		added := Expr{Op: List}
		for _, a := range args[1:] {
			if a.Op != Unknown {
				added.Args, added.Keys = append(added.Args, a), append(added.Keys, "")
			}
		}
		if len(added.Args) == 0 {
			return args[0]
		}
		return either(args[0], added)
	case "copy":
		if len(e.Args) == 2 {
			f.add(e.Args[0], args[1], f.at(e))
		}
	case "new":
		if id := f.structure(f.Info.TypeOf(e), 0); id != "" {
			return Expr{Op: Literal, Text: id}
		}
	case "make":
		return Expr{Op: List}
	case "min", "max":
		return derived(args...)
	}
	return Expr{}
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
