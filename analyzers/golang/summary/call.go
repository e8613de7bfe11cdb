package summary

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

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
