package summary

import (
	"go/ast"
	"go/constant"
	"go/types"
)

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
