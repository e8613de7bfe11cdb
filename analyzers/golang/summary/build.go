package summary

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
)

// Source is a package to summarise, type-checked as far as that went.
type Source struct {
	Fset  *token.FileSet
	Files []*ast.File
	Pkg   *types.Package
	Info  *types.Info
	// Name returns what the summary calls a file.
	Name func(file string) string
	// Own reports whether a package is summarised too, so that interfaces and functions of it are not somebody else's.
	Own func(importPath string) bool
	// Withheld says, by file, which stretches hold tokens: their text is left out.
	Withheld map[string][]Extent
	// Embedded are tokens that stand in embedded files, where the driver does not know them by itself.
	Embedded []Embed
	// Missing says what is left out of the package, one gap each.
	Missing []string
}

// Embed is a token in an embedded file, by the name that the summary gives to the file.
type Embed struct {
	Token, File              string
	Line, Column, Start, End int
	Keys                     []string // under which it stands
	Keyed                    bool     // in a file of settings
}

// Extent is a stretch of a file that holds a token.
type Extent struct {
	Token      string // its id; empty where the driver knows tokens by itself
	Start, End int
	Compiled   bool // it gets into a program
}

// Of summarises a package. Tests are left out.
func Of(src Source) *Package {
	b := &builder{Source: src, out: &Package{Path: src.Pkg.Path(), Name: src.Pkg.Name()}, files: map[*token.File]int{}, funcs: map[*ast.FuncLit]string{}}
	var files []*ast.File
	for _, f := range src.Files {
		name := b.Fset.PositionFor(f.FileStart, false).Filename
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, c *ast.File) int {
		return cmp.Compare(b.Fset.PositionFor(a.FileStart, false).Filename, b.Fset.PositionFor(c.FileStart, false).Filename)
	})
	for _, f := range files {
		file := b.Fset.File(f.FileStart)
		b.files[file] = len(b.out.Files)
		b.names = append(b.names, file.Name())
		b.out.Files = append(b.out.Files, src.Name(file.Name()))
	}
	for _, list := range b.Withheld {
		slices.SortStableFunc(list, func(a, c Extent) int { return cmp.Or(cmp.Compare(a.Start, c.Start), cmp.Compare(c.End, a.End)) })
	}
	for _, e := range b.Embedded {
		if !slices.Contains(b.out.Files, e.File) {
			b.out.Files = append(b.out.Files, e.File)
		}
		i := slices.Index(b.out.Files, e.File)
		b.out.Stands = append(b.out.Stands, Stand{
			Token: e.Token, At: At{File: i, Line: e.Line, Column: e.Column, Start: e.Start, End: e.End}, Keys: e.Keys, Keyed: e.Keyed,
		})
	}
	for _, says := range b.Missing {
		b.gap(At{}, says)
	}
	for i, name := range b.names {
		for _, e := range b.Withheld[name] {
			if e.Compiled && e.Token != "" {
				b.out.Stands = append(b.out.Stands, Stand{Token: e.Token, At: b.span(i, e.Start, e.End)})
			}
		}
	}
	b.init = b.function(b.out.Init(), nil)
	for _, f := range files {
		b.file(f)
	}
	b.finish()
	b.prune()
	return b.out
}

// builder builds the summary of a package.
type builder struct {
	Source
	out    *Package
	files  map[*token.File]int
	names  []string // of the files, as the file set calls them
	init   *body
	all    []*body
	funcs  map[*ast.FuncLit]string
	seen   map[string]bool      // imports
	secret map[string]secretTag // see secretTags
}

// body is a function while it is read.
type body struct {
	*builder
	Func
	outer       *body
	literals    int
	guard       int
	calls       map[*ast.CallExpr]int
	resultTypes []types.Type
	named       []*types.Var // named results
	given       []*types.Var // parameters and named results
	returning   *body        // of the body of a loop over an iterator: the function that its return statements leave
	depth       int
	held        map[string]bool

	// Of variables that only this function knows: see alone.
	shared        map[*types.Var]bool
	home, version map[*types.Var]int // the block that declares it, and how often it was given something new
	blocks        []int              // that the present statement stands in
	nested        int                // blocks so far
	jumps         bool               // there are labels
}

func (b *builder) function(id string, outer *body) *body {
	f := &body{builder: b, Func: Func{ID: id}, outer: outer, guard: -1, calls: map[*ast.CallExpr]int{}, held: map[string]bool{}}
	b.all = append(b.all, f)
	return f
}

// at returns the place of a node.
func (b *builder) at(n ast.Node) At {
	return b.place(n.Pos(), n.End())
}

func (b *builder) place(from, to token.Pos) At {
	file := b.Fset.File(from)
	if file == nil {
		return At{}
	}
	start := b.Fset.PositionFor(from, false)
	at := At{File: b.files[file], Line: start.Line, Column: start.Column, Start: start.Offset, End: start.Offset}
	if to > from && int(to) <= file.Base()+file.Size() {
		at.End = file.Offset(to)
	}
	return at
}

// file reads the declarations of a file.
func (b *builder) file(f *ast.File) {
	for _, spec := range f.Imports {
		b.imports(spec)
	}
	for _, decl := range f.Decls {
		switch decl := decl.(type) {
		case *ast.GenDecl:
			b.init.declaration(decl)
		case *ast.FuncDecl:
			b.declared(decl)
		}
	}
	b.cgo(f)
}

func (b *builder) imports(spec *ast.ImportSpec) {
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil || b.seen[path] {
		return
	}
	if b.seen == nil {
		b.seen = map[string]bool{}
	}
	b.seen[path] = true
	b.out.Imports = append(b.out.Imports, Import{Path: path, At: b.at(spec)})
	if path == "C" {
		b.gap(b.at(spec), "C code is called (cgo); what it reads and hands on is not known")
	}
}

// cgo notes functions without bodies: they are written in assembly, or linked by name.
func (b *builder) cgo(f *ast.File) {
	for _, decl := range f.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body == nil {
			b.gap(b.at(fn.Name), "the function "+fn.Name.Name+" has no body in Go; what it reads and hands on is not known")
		}
	}
}

// maxGaps bounds the gaps of one package.
const maxGaps = 50

func (b *builder) gap(at At, says string) {
	if len(b.out.Gaps) < maxGaps {
		b.out.Gaps = append(b.out.Gaps, Gap{At: at, Says: says})
	}
}

// declared reads a function that is declared.
func (b *builder) declared(decl *ast.FuncDecl) {
	if decl.Body == nil {
		return
	}
	id := ""
	fn, ok := b.Info.Defs[decl.Name].(*types.Func)
	switch {
	case !ok:
		return // it does not type-check
	case decl.Name.Name == "init" && decl.Recv == nil:
		id = fmt.Sprintf("%s#%d", b.out.Init(), len(b.all)) // there can be several
	case decl.Name.Name == "_":
		return
	default:
		id = fn.Origin().FullName()
	}
	f := b.function(id, nil)
	f.At = b.at(decl.Name)
	f.signature(decl.Recv, decl.Type)
	f.read(decl.Body)
	at := b.at(decl)
	for i := range b.out.Stands {
		if s := &b.out.Stands[i]; s.At.File == at.File && at.Start <= s.At.Start && s.At.End <= at.End {
			s.Func = id
		}
	}
}

// signature notes the parameters and the named results.
func (f *body) signature(recv *ast.FieldList, t *ast.FuncType) {
	add := func(list *ast.FieldList) {
		if list == nil {
			return
		}
		for _, field := range list.List {
			for _, name := range field.Names {
				f.Params = append(f.Params, f.variable(f.Info.Defs[name]))
				if v, ok := f.Info.Defs[name].(*types.Var); ok {
					f.given = append(f.given, v)
				}
			}
			if len(field.Names) == 0 {
				f.Params = append(f.Params, "")
			}
		}
	}
	add(recv)
	add(t.Params)
	f.Results = t.Results.NumFields()
	if t.Results != nil {
		for _, field := range t.Results.List {
			for range max(1, len(field.Names)) {
				f.resultTypes = append(f.resultTypes, f.Info.TypeOf(field.Type))
			}
			for _, name := range field.Names {
				if v, ok := f.Info.Defs[name].(*types.Var); ok {
					f.named, f.given = append(f.named, v), append(f.given, v)
				}
			}
		}
	}
}

// variable returns the id of a variable or constant, empty for one without a name.
func (b *builder) variable(o types.Object) string {
	if o == nil || o.Name() == "_" || o.Name() == "" {
		return ""
	}
	if o.Pkg() == nil {
		return ""
	}
	if o.Parent() == o.Pkg().Scope() {
		return o.Pkg().Path() + "#" + o.Name()
	}
	p := b.Fset.PositionFor(o.Pos(), false)
	return fmt.Sprintf("%s:%d:%d#%s", o.Pkg().Path(), b.files[b.Fset.File(o.Pos())], p.Offset, o.Name())
}

// current returns the id of a variable as it is at this place.
func (f *body) current(v *types.Var) string {
	id := f.variable(v)
	if n := f.version[v]; n > 0 && id != "" {
		return fmt.Sprintf("%s'%d", id, n)
	}
	return id
}

// assign notes an assignment.
func (f *body) assign(to string, from Expr, at At) {
	if to == "" || from.Op == Unknown || from.Op == Truth && exported(to) {
		return
	}
	f.out.Assigns = append(f.out.Assigns, Assign{To: to, From: from, At: at, Func: f.ID, Guard: f.guard})
}

// finish sorts what was found.
func (b *builder) finish() {
	for _, f := range b.all {
		b.out.Funcs = append(b.out.Funcs, f.Func)
	}
	slices.SortStableFunc(b.out.Funcs[1:], func(a, c Func) int { return cmp.Compare(a.ID, c.ID) })
	b.types()
	slices.SortFunc(b.out.Stands, func(a, c Stand) int {
		return cmp.Or(cmp.Compare(a.At.File, c.At.File), cmp.Compare(a.At.Start, c.At.Start), cmp.Compare(a.Token, c.Token))
	})
}

// span returns the place of a stretch of a file.
func (b *builder) span(i, start, end int) At {
	for file, n := range b.files {
		if n == i {
			return b.place(file.Pos(start), file.Pos(end))
		}
	}
	return At{}
}

// types notes the types of the package that have methods, and those whose fields have tags.
func (b *builder) types() {
	scope := b.Pkg.Scope()
	for _, name := range scope.Names() {
		t, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || t.IsAlias() {
			continue
		}
		b.typed(t.Type())
	}
	// Types that are declared in functions have no scope that one can list.
	var local []*types.TypeName
	for ident, o := range b.Info.Defs {
		if t, ok := o.(*types.TypeName); ok && ident.Name != "_" && t.Parent() != scope && !t.IsAlias() {
			local = append(local, t)
		}
	}
	slices.SortFunc(local, func(a, c *types.TypeName) int { return cmp.Compare(a.Pos(), c.Pos()) })
	for _, t := range local {
		b.typed(t.Type())
	}
	slices.SortFunc(b.out.Types, func(a, c Type) int { return cmp.Compare(a.ID, c.ID) })
	slices.SortFunc(b.out.Structs, func(a, c Struct) int { return cmp.Compare(a.ID, c.ID) })
	b.out.Structs = slices.CompactFunc(b.out.Structs, func(a, c Struct) bool { return a.ID == c.ID })
}

func (b *builder) typed(t types.Type) {
	n, ok := t.(*types.Named)
	if !ok {
		return
	}
	if s, ok := n.Underlying().(*types.Struct); ok {
		b.tags(typeID(n), s, 0)
	}
	if types.IsInterface(n) {
		return
	}
	set := types.NewMethodSet(types.NewPointer(n))
	if set.Len() == 0 {
		return
	}
	out := Type{ID: typeID(n)}
	for m := range set.Methods() {
		fn, ok := m.Obj().(*types.Func)
		if ok {
			out.Methods = append(out.Methods, Method{Name: methodID(fn), Loose: loose(fn), Func: fn.Origin().FullName()})
		}
	}
	slices.SortFunc(out.Methods, func(a, c Method) int { return cmp.Compare(a.Name, c.Name) })
	b.out.Types = append(b.out.Types, out)
}

// tags notes a struct that settings can be read into, and those within.
func (b *builder) tags(id string, s *types.Struct, depth int) {
	tagged := false
	out := Struct{ID: id}
	for i := range s.NumFields() {
		v := s.Field(i)
		field := Field{Name: v.Name(), Tag: s.Tag(i), Embedded: v.Embedded()}
		if secret, ok := b.secretTags()[field.Tag]; ok && field.Tag != "" {
			field.Tag, field.At = secret.text, secret.at
		}
		switch t := v.Type().Underlying().(type) {
		case *types.Map:
			field.Elem, field.IsMap = b.structure(t.Elem(), depth), true
		case *types.Slice:
			field.Elem = b.structure(t.Elem(), depth)
		case *types.Array:
			field.Elem = b.structure(t.Elem(), depth)
		default:
			field.Type = b.structure(v.Type(), depth)
		}
		tagged = tagged || field.Tag != "" || field.Type != "" || v.Exported() && settable(v.Type(), 0)
		out.Fields = append(out.Fields, field)
	}
	if tagged {
		b.out.Structs = append(b.out.Structs, out)
	}
}

// structure returns the id of the struct that a type is or points to, and notes it if it has no name; empty for other types.
func (b *builder) structure(t types.Type, depth int) string {
	const deepest = 4
	if t == nil {
		return ""
	}
	s, ok := structOf(t)
	if !ok {
		return ""
	}
	id := typeID(t)
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if _, named := types.Unalias(t).(*types.Named); !named && depth < deepest {
		b.tags(id, s, depth+1)
	}
	return id
}

// settable reports whether a field of the type can hold a text, or several.
func settable(t types.Type, depth int) bool {
	const deepest = 4
	if depth > deepest {
		return false
	}
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&types.IsString != 0
	case *types.Pointer:
		return settable(t.Elem(), depth+1)
	case *types.Slice:
		return settable(t.Elem(), depth+1)
	case *types.Map:
		return settable(t.Elem(), depth+1)
	case *types.Interface:
		return t.NumMethods() == 0
	case *types.Struct:
		return true
	}
	return false
}

// secretTag is a tag with a token in it, which stands at a place: a default can be one.
type secretTag struct {
	text string // the tag with [TokenMark] for the token
	at   At
}

// secretTags are the tags with tokens in them, by their texts.
func (b *builder) secretTags() map[string]secretTag {
	if b.secret != nil {
		return b.secret
	}
	b.secret = map[string]secretTag{}
	for _, f := range b.Files {
		file := b.Fset.File(f.FileStart)
		if len(b.Withheld[file.Name()]) == 0 {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok || field.Tag == nil {
				return true
			}
			text, err := strconv.Unquote(field.Tag.Value)
			at := b.place(field.Tag.Pos()+1, field.Tag.End()-1)
			if err != nil || !b.withheld(at) {
				return true
			}
			tag := secretTag{at: at}
			for _, e := range b.Withheld[file.Name()] {
				if from, to := e.Start-at.Start, e.End-at.Start; at.End-at.Start == len(text) && 0 <= from && from < to && to <= len(text) && tag.text == "" {
					tag.text = text[:from] + TokenMark + text[to:]
					tag.at.Column, tag.at.Start, tag.at.End = at.Column+from, e.Start, e.End
				}
			}
			b.secret[text] = tag
			return true
		})
	}
	return b.secret
}

// typeID returns the id of a type: of a generic one that of its declaration.
func typeID(t types.Type) string {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		return typeID(p.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		o := n.Origin().Obj()
		if o.Pkg() == nil {
			return o.Name()
		}
		return o.Pkg().Path() + "." + o.Name()
	}
	const longest = 200
	id := types.TypeString(t, nil)
	return id[:min(len(id), longest)]
}

// methodID returns a method's name with its signature, by which an implementation and an interface of packages that do not know each
// other can be matched. One with type parameters in its signature is matched by its name and the number of its parameters and results.
func methodID(fn *types.Func) string {
	sig := fn.Signature()
	if generic(sig.Params()) || generic(sig.Results()) {
		return loose(fn)
	}
	plain := types.NewSignatureType(nil, nil, nil, unnamed(sig.Params()), unnamed(sig.Results()), sig.Variadic())
	return methodName(fn) + strings.TrimPrefix(types.TypeString(plain, nil), "func")
}

func loose(fn *types.Func) string {
	sig := fn.Signature()
	return fmt.Sprintf("%s~%d,%d", methodName(fn), sig.Params().Len(), sig.Results().Len())
}

func methodName(fn *types.Func) string {
	if !fn.Exported() && fn.Pkg() != nil {
		return fn.Pkg().Path() + "." + fn.Name()
	}
	return fn.Name()
}

// generic reports whether the types of a list are written with type parameters.
func generic(t *types.Tuple) bool {
	for v := range t.Variables() {
		if mentions(v.Type(), 0) {
			return true
		}
	}
	return false
}

func mentions(t types.Type, depth int) bool {
	const deepest = 6
	if depth > deepest {
		return false
	}
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Pointer:
		return mentions(t.Elem(), depth+1)
	case *types.Slice:
		return mentions(t.Elem(), depth+1)
	case *types.Array:
		return mentions(t.Elem(), depth+1)
	case *types.Chan:
		return mentions(t.Elem(), depth+1)
	case *types.Map:
		return mentions(t.Key(), depth+1) || mentions(t.Elem(), depth+1)
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if mentions(a, depth+1) {
				return true
			}
		}
	case *types.Signature:
		return generic(t.Params()) || generic(t.Results())
	}
	return false
}

// unnamed leaves out the names of parameters, which are no part of a signature.
func unnamed(t *types.Tuple) *types.Tuple {
	var vars []*types.Var
	for v := range t.Variables() {
		vars = append(vars, types.NewParam(token.NoPos, nil, "", v.Type()))
	}
	return types.NewTuple(vars...)
}

// ifaceID returns the methods of an interface, one a line.
func ifaceID(t *types.Interface) string {
	var names []string
	for m := range t.Methods() {
		names = append(names, methodID(m))
	}
	slices.Sort(names)
	return strings.Join(names, "\n")
}
