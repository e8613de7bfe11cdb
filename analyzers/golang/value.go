package golang

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// What bounds the evaluation of expressions.
const (
	maxNesting  = 60
	maxSpent    = 400_000
	maxSearched = 50_000_000
	maxParts    = 256 // of a value, and elements of what is written out
	maxCallers  = 64  // values that one name can have
)

// room reports whether a list that has some elements may have more. That it may not is a gap of the file.
func (f *file) room(some, most int) bool {
	f.cut = f.cut || some >= most
	return some < most
}

// gather adds to parts what others hold beside it and reports whether there was room for all of it.
func (f *file) gather(parts *[]analyzers.Part, others []analyzers.Part) (whole bool) {
	*parts, whole = code.Gather(*parts, others, maxParts)
	f.cut = f.cut || !whole
	return whole
}

// value is what an expression comes to, as far as the file says.
type value struct {
	parts   []analyzers.Part
	literal *ast.CompositeLit // a struct, a slice or a map
	client  string            // the package whose client holds the value: its results do not
	library string            // the package of a client that was given no credential
	foreign *foreign          // the value is what another package has under a name
	request *ast.CallExpr     // the call that made a request
	choices []choice
}

// foreign is what another package, or another file of the package, has under a name.
type foreign struct {
	name  string
	parts []analyzers.Part // see [code.Imported]
}

// named returns what stands under a name elsewhere: for one name always the same.
func (f *file) named(name string) *foreign {
	m := f.foreign[name]
	if m == nil {
		m = &foreign{name, []analyzers.Part{code.Imported(name)}}
		f.foreign[name] = m
	}
	return m
}

// choice is one of the values that an expression can come to.
type choice = code.Choice[value]

// whole returns the parts of the value, which for one of another package are that package's.
func (v value) whole() []analyzers.Part {
	switch {
	case v.foreign == nil:
		return v.parts
	case len(v.parts) == 0:
		return v.foreign.parts
	}
	return append(slices.Clip(v.parts), v.foreign.parts...)
}

// knows reports whether anything is known of the value.
func (v value) knows() bool {
	return len(v.parts) > 0 || v.literal != nil || v.client != "" || v.library != "" || v.foreign != nil || v.request != nil || v.choices != nil
}

// either is a value that is one of several.
func either(all ...value) value {
	all = slices.DeleteFunc(all, func(v value) bool {
		return len(v.parts) == 0 && v.literal == nil && v.foreign == nil && v.request == nil && v.client == ""
	})
	if len(all) == 0 {
		return value{}
	}
	if len(all) == 1 {
		return all[0]
	}
	result := value{literal: all[0].literal, client: all[0].client, library: all[0].library, request: all[0].request}
	var alternatives [][]analyzers.Part
	for _, v := range all {
		if parts := v.whole(); len(parts) > 0 {
			alternatives = append(alternatives, parts)
		}
	}
	if len(alternatives) > 0 {
		result.parts = []analyzers.Part{code.Alternatives(alternatives...)}
	}
	if slices.ContainsFunc(all, func(v value) bool { return v.choices != nil }) {
		result.choices = code.Choose(all)
	}
	return result
}

// chosen is either, of which the fields are told apart by the value that has them.
func chosen(all []value) value {
	v := either(all...)
	if len(all) > 1 && v.literal != nil {
		v.choices = code.Choose(all)
	}
	return v
}

// under is a value that is taken only if the guards allow.
func under(guards []analyzers.Guard, v value) value {
	if len(guards) == 0 {
		return v
	}
	taken := v
	taken.parts, taken.foreign = v.whole(), nil
	if code.Tells(taken.parts) {
		taken.parts = code.Under(guards, taken.parts)
	}
	if v.literal != nil || v.foreign != nil || v.choices != nil {
		taken.choices = []choice{{Guards: guards, Value: v}}
	}
	return taken
}

// eval evaluates an expression.
func (f *file) eval(e ast.Expr, depth int) value {
	if lit, ok := e.(*ast.BasicLit); ok {
		return f.text(lit)
	}
	if v, ok := f.evaluated[e]; ok {
		if v == nil {
			return value{}
		}
		return *v
	}
	f.spent++
	if depth > maxNesting || f.spent > maxSpent {
		return value{}
	}
	v := f.expression(e, depth)
	v.parts = code.Bounded(v.parts)
	var kept *value // of most nothing is known, and a value is large
	if v.knows() {
		kept = new(v)
	}
	f.evaluated[e] = kept
	return v
}

func (f *file) expression(e ast.Expr, depth int) value {
	switch e := e.(type) {
	case *ast.Ident:
		return f.known(e, depth)
	case *ast.ParenExpr:
		return f.eval(e.X, depth+1)
	case *ast.StarExpr:
		return f.eval(e.X, depth+1)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return f.eval(e.X, depth+1)
		}
	case *ast.TypeAssertExpr:
		return f.eval(e.X, depth+1)
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			parts := append(slices.Clip(f.eval(e.X, depth+1).whole()), f.eval(e.Y, depth+1).whole()...)
			return value{parts: parts[:min(len(parts), maxParts)]}
		}
	case *ast.CompositeLit:
		return value{literal: e}
	case *ast.SelectorExpr:
		return f.selected(e, depth)
	case *ast.IndexExpr:
		return f.index(e, depth)
	case *ast.SliceExpr:
		return value{parts: code.Opaque(f.flat(f.eval(e.X, depth+1), depth+1))}
	case *ast.CallExpr:
		return f.call(e, depth)
	}
	return value{}
}

// index is the value of x[key]: of a map that is written out the entries of that key.
func (f *file) index(e *ast.IndexExpr, depth int) value {
	v := f.eval(e.X, depth+1)
	if v.literal == nil {
		return value{parts: code.Opaque(f.flat(v, depth+1))}
	}
	key := f.eval(e.Index, depth+1).whole()
	text, said := code.Text(key)
	var all []value
	for _, element := range v.literal.Elts {
		kv, ok := element.(*ast.KeyValueExpr)
		if !ok || len(all) == code.MaxChoices {
			return value{parts: code.Opaque(f.flat(v, depth+1))}
		}
		one := f.eval(kv.Value, depth+1)
		switch entry, ok := code.Text(f.eval(kv.Key, depth+1).whole()); {
		case ok && said && entry != text:
			continue
		case ok && code.Compared(key):
			one = under(code.Comparison(f.of(e.Index, key), false, entry).All, one)
		}
		all = append(all, one)
	}
	return chosen(all)
}

// text is the value of a literal.
func (f *file) text(e *ast.BasicLit) value {
	if e.Kind != token.STRING || len(e.Value) < 2 {
		return value{}
	}
	text, err := strconv.Unquote(e.Value)
	if err != nil {
		return value{}
	}
	if text == "" {
		return value{parts: []analyzers.Part{{}}}
	}
	span := detectors.Span{Start: f.offset(e.Pos()) + 1, End: f.offset(e.End()) - 1}
	return value{parts: []analyzers.Part{{Text: text, Span: span}}}
}

// known is the value of a name.
func (f *file) known(e *ast.Ident, depth int) value {
	all := f.find(e.Name, e.Pos())
	if len(all) == 0 {
		if e.Name == "nil" || e.Name == "true" || e.Name == "false" || e.Name == "_" {
			return value{}
		}
		if _, ok := f.imported[e.Name]; ok {
			return value{}
		}
		return value{foreign: f.named(f.key + "#" + e.Name)} // another file of the package may declare it
	}
	var buffer [2]value // mostly there is one
	values := buffer[:0]
	for _, d := range all {
		if d.busy || !f.room(len(values), maxCallers) {
			continue
		}
		if !d.done {
			d.busy = true
			d.result = f.declaredValue(d, depth+1)
			d.busy, d.done = false, true
		}
		values = append(values, d.result)
	}
	return either(values...)
}

func (f *file) declaredValue(d *declaration, depth int) value {
	switch {
	case d.function != nil && d.index >= 0:
		return f.argument(d.function, d.index, depth)
	case d.value != nil:
		return f.eval(d.value, depth)
	}
	return value{}
}

// argument is what a function's parameter is given by the calls in this file, and by other files.
func (f *file) argument(fn *function, index, depth int) value {
	var all []value
	for _, call := range f.calls[fn.name] {
		if fn.name == "" || index >= len(call.Args) {
			continue
		}
		v := f.eval(call.Args[index], depth)
		if len(all) < maxCallers || code.Tells(v.whole()) && f.room(len(all), maxCallers) {
			all = append(all, v)
		}
	}
	if fn.exported != "" {
		all = append(all, value{foreign: f.named(code.Given(fn.exported, index))})
	}
	return either(all...)
}

// selected is the value of x.Sel: a name of another package, or a field.
func (f *file) selected(e *ast.SelectorExpr, depth int) value {
	if imported, ok := f.packageOf(e.X); ok {
		if imported == "net/http" && strings.HasPrefix(e.Sel.Name, "Method") {
			return value{parts: []analyzers.Part{{Text: strings.ToUpper(strings.TrimPrefix(e.Sel.Name, "Method"))}}}
		}
		return value{foreign: f.named(packageKey(imported) + "#" + e.Sel.Name)}
	}
	v := f.eval(e.X, depth+1)
	if one, ok := f.field(v, e.Sel.Name, depth); ok {
		return one
	}
	if typ := f.typeOf(e.X); typ != "" {
		if field := f.fields[typ+"."+e.Sel.Name]; field != nil {
			return f.put(field, depth)
		}
		return value{foreign: f.named(f.key + "#" + typ + "." + e.Sel.Name)}
	}
	if v.foreign != nil {
		return value{foreign: f.named(v.foreign.name + "." + e.Sel.Name)}
	}
	return value{parts: code.Opaque(v.parts), client: v.client, library: v.library, request: v.request}
}

// field is what a struct that is written out has in a field.
func (f *file) field(v value, name string, depth int) (one value, ok bool) {
	if v.choices != nil && depth <= maxNesting {
		var all []value
		for _, c := range v.choices {
			one, of := f.field(c.Value, name, depth+1)
			all, ok = append(all, under(c.Guards, one)), ok || of
		}
		return either(all...), ok
	}
	if v.literal == nil {
		return value{}, false
	}
	for _, element := range v.literal.Elts {
		if kv, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok && key.Name == name {
				return f.eval(kv.Value, depth+1), true
			}
		}
	}
	return value{}, false
}

// put is what the file puts into a field.
func (f *file) put(d *field, depth int) value {
	if d.busy {
		return value{}
	}
	if !d.done {
		d.busy = true
		var all []value
		for _, e := range d.values[:min(len(d.values), maxCallers)] {
			all = append(all, f.eval(e, depth+1))
		}
		d.result = either(all...)
		d.busy, d.done = false, true
	}
	return d.result
}

// packageOf returns the path of the package that an expression names.
func (f *file) packageOf(e ast.Expr) (string, bool) {
	ident, ok := e.(*ast.Ident)
	if !ok || len(f.find(ident.Name, ident.Pos())) > 0 {
		return "", false
	}
	imported, ok := f.imported[ident.Name]
	return imported, ok
}

// flat returns the parts of a value and, if it is a literal, of all that it holds.
func (f *file) flat(v value, depth int) []analyzers.Part {
	parts := slices.Clip(v.whole())
	if depth > maxNesting {
		return parts
	}
	for _, c := range v.choices {
		if !f.room(len(parts), maxParts) {
			break
		}
		parts = append(parts, code.Under(c.Guards, f.flat(c.Value, depth+8))...)
	}
	if v.literal == nil || v.choices != nil {
		return parts
	}
	for _, e := range v.literal.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		if f.spent > maxSpent || !f.gather(&parts, f.flat(f.eval(e, depth+1), depth+8)) {
			break
		}
	}
	return parts
}

// joined is the path of several parts.
func joined(all []value) value {
	var v value
	for i, one := range all {
		if i > 0 {
			v.parts = append(v.parts, analyzers.Part{Text: "/"})
		}
		if parts := one.whole(); len(parts) > 0 {
			v.parts = append(v.parts, parts...)
		} else {
			v.parts = append(v.parts, code.Unknown())
		}
	}
	return v
}

// result is what a function returns.
func (f *file) result(fn *function, depth int) value {
	if fn.busy || depth > maxNesting {
		return value{}
	}
	if fn.done {
		return fn.result
	}
	fn.busy = true
	var all []value
	ast.Inspect(fn.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if len(n.Results) > 0 && f.room(len(all), maxCallers) {
				all = append(all, f.eval(n.Results[0], depth+8))
			}
		}
		return true
	})
	fn.result = either(all...)
	fn.busy, fn.done = false, true
	return fn.result
}
