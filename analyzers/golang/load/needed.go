package load

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Of what dependencies declare a module needs little: of a client for a cloud ten types of twenty thousand.
//
// Idea: the text of a dependency is cut into its declarations, see [stock], and only those are parsed and checked that somebody needs. The modules'
// own code needs what it names. A declaration that is needed needs what it names in turn; and a type needs those of its methods whose names
// stand anywhere in code of the modules' own, or are selected, or asked of an interface, in a declaration that is needed.
//
// Why it is valid: those who check types ask a package for what is named, and a type for its fields, which are part of it, and for methods that are
// selected or that an interface has. Names are compared as words, whatever they mean where they stand, so too much is needed rather than too little.
// Nobody asks for all that a package declares, or for all methods of a type, unless it is of the modules' own.
//
// Gain: of kops, with 2,000 packages that are not its own, loading takes two fifths of the processor time, and a whole scan has a peak of two thirds;
// scans of k6 and moby, two thirds of the time and of the peak.

// demand finds out what is needed.
type demand struct {
	work
	c        *checker
	selected map[string]bool     // names that methods are asked for by
	waiting  map[string][]method // methods of types that are needed, by their names, which nobody selected yet
}

// method is a method of a dependency, by its number in the stock.
type method struct {
	of    *node
	piece int
}

// asked is what a package is asked for.
type asked struct {
	known  map[string]bool // all names
	names  []string        // those that nobody looked for yet
	pieces []int           // methods, likewise
	queued bool            // or it is being looked for right now
}

// wants are what a piece of source asks packages for, and what it selects.
type wants struct {
	names    map[*node]map[string]bool
	selected map[string]bool
}

func (w *wants) name(of *node, name string) {
	if w.names[of] == nil {
		w.names[of] = map[string]bool{}
	}
	w.names[of][name] = true
}

// demand finds out what is needed of all that packages import.
func (c *checker) demand(list []*packages.Package) error {
	d := &demand{c: c, selected: map[string]bool{"Error": true}, waiting: map[string][]method{}} // which the language itself asks for
	for _, p := range list {
		d.ask(c.nodes[p], itself)
	}
	return d.all(c.ctx, d.serve)
}

// itself is the name by which a package is needed of which nothing is named.
const itself = ""

// ask asks a package for a name. The lock is held.
func (d *demand) ask(n *node, name string) {
	if n.asked.known == nil {
		n.asked.known = map[string]bool{}
	}
	if !n.asked.known[name] {
		n.asked.known[name] = true
		n.asked.names = append(n.asked.names, name)
		d.queue(n)
	}
}

// queue has somebody look for what a package is asked for. The lock is held.
func (d *demand) queue(n *node) {
	if !n.asked.queued {
		n.asked.queued = true
		d.add(n)
	}
}

// serve looks for what a package is asked for, and asks for what that needs.
func (d *demand) serve(n *node) error {
	d.Lock()
	names, pieces := n.asked.names, n.asked.pieces
	n.asked.names, n.asked.pieces = nil, nil
	d.Unlock()
	w := &wants{names: map[*node]map[string]bool{}, selected: map[string]bool{}}
	var methods []int
	var err error
	switch {
	case n.PkgPath == "unsafe":
	case len(n.GoFiles) == 0 || d.c.outside(n.Package):
		n.missing = true
	case !d.c.whole[n.PkgPath]:
		methods, err = d.c.find(n, names, pieces, w)
	case n.texts == nil:
		err = d.c.survey(n, w)
	}
	if err != nil {
		return err
	}
	d.Lock()
	defer d.Unlock()
	for name := range w.selected {
		if !d.selected[name] {
			d.selected[name] = true
			for _, m := range d.waiting[name] {
				m.of.asked.pieces = append(m.of.asked.pieces, m.piece)
				d.queue(m.of)
			}
			delete(d.waiting, name)
		}
	}
	for of, names := range w.names {
		for name := range names {
			d.ask(of, name)
		}
	}
	for _, i := range methods {
		if name := n.stock.pieces[i].method; d.selected[name] {
			n.asked.pieces = append(n.asked.pieces, i)
		} else {
			d.waiting[name] = append(d.waiting[name], method{n, i})
		}
	}
	n.asked.queued = false
	if len(n.asked.names)+len(n.asked.pieces) > 0 {
		d.queue(n)
	}
	return nil
}

// survey reads a package that is loaded whole. Each word in it can select something, and after the name of an import asks for it there.
func (c *checker) survey(n *node, w *wants) error {
	n.texts = [][]byte{}
	for _, i := range n.Imports {
		w.name(c.nodes[i], itself)
	}
	for _, name := range n.GoFiles {
		data, err := c.data(name, c.l.own(n.Package))
		if errors.Is(err, errLarge) {
			return err
		}
		if err != nil {
			data = nil
		}
		n.texts = append(n.texts, data)
		f, _ := parser.ParseFile(token.NewFileSet(), "", data, parser.ImportsOnly|parser.SkipObjectResolution)
		if f == nil {
			continue
		}
		imports, dots := c.imports(n, f)
		words(data, func(before, word []byte) {
			if !w.selected[string(word)] {
				w.selected[string(word)] = true
			}
			if i := imports[string(before)]; i != nil && !w.names[i][string(word)] {
				w.name(i, string(word))
			}
			for _, i := range dots {
				w.name(i, string(word))
			}
		})
	}
	return nil
}

// imports returns the packages that a file imports by the names that it has for them, and those that it takes all names of.
func (c *checker) imports(n *node, f *ast.File) (named map[string]*node, dots []*node) {
	named = map[string]*node{}
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		p := n.Imports[path]
		if err != nil || p == nil {
			continue
		}
		name := p.Name
		if spec.Name != nil {
			name = spec.Name.Name
		}
		switch name {
		case "", "_":
		case ".":
			dots = append(dots, c.nodes[p])
		default:
			named[name] = c.nodes[p]
		}
	}
	return named, dots
}

// words calls visit for each word of a text that stands in no comment and no literal, with the word that a point parts it from, if there is one.
func words(text []byte, visit func(before, word []byte)) {
	var before, last []byte // what a point has stood after; the last token, if it is a word
	for i := 0; i < len(text); {
		n := 1
		switch b := text[i]; {
		case b == ' ' || b == '\t' || b == '\r' || b == '\n':
		case b == '/' && i+1 < len(text) && text[i+1] == '/':
			n = lineComment(text[i:])
		case b == '/' && i+1 < len(text) && text[i+1] == '*':
			n = blockComment(text[i:])
		case b == '.':
			before, last = last, nil
		case letter(b):
			for i+n < len(text) && letter(text[i+n]) {
				n++
			}
			last = text[i : i+n]
			visit(before, last)
			before = nil
		default:
			if b == '"' || b == '\'' || b == '`' {
				n = quoted(text[i:])
			}
			before, last = nil, nil
		}
		i += n
	}
}

// parsed is what was parsed of a file of a dependency.
type parsed struct {
	*ast.File // nil if that is nothing
	imports   map[string]*node
	dots      []*node
}

// find parses what a dependency is asked for, and returns the methods of the types among that.
func (c *checker) find(n *node, names []string, pieces []int, w *wants) (methods []int, err error) {
	names = slices.DeleteFunc(names, func(name string) bool { return name == itself })
	if n.stock == nil && len(names) > 0 {
		if n.stock, err = c.take(n.Package); err != nil {
			return nil, err
		}
		n.missing = len(n.stock.files) == 0
		n.fset, n.parsed, n.taken = token.NewFileSet(), make([]parsed, len(n.stock.files)), make([]bool, len(n.stock.pieces))
		methods = n.stock.aliased
	}
	for _, name := range names {
		pieces = append(pieces, n.stock.named[name]...)
		methods = append(methods, n.stock.methods[name]...)
	}
	pieces = slices.DeleteFunc(pieces, func(i int) bool { return n.taken[i] })
	slices.Sort(pieces)
	for len(pieces) > 0 {
		text := []byte("package p\n")
		file := n.stock.pieces[pieces[0]].file
		for len(pieces) > 0 && n.stock.pieces[pieces[0]].file == file {
			if i := pieces[0]; !n.taken[i] {
				n.taken[i] = true
				text = append(text, n.stock.pieces[i].text...)
				text = append(text, '\n')
			}
			pieces = pieces[1:]
		}
		c.piece(n, file, text, w)
	}
	return methods, nil
}

// piece parses declarations of a file of a dependency, and asks for what they name.
func (c *checker) piece(n *node, file int, text []byte, w *wants) {
	of := &n.parsed[file]
	if of.File == nil {
		if of.File, _ = parser.ParseFile(n.fset, "", n.stock.files[file], parser.SkipObjectResolution); of.File == nil {
			return
		}
		of.imports, of.dots = c.imports(n, of.File)
	}
	f, _ := parser.ParseFile(n.fset, "", text, parser.SkipObjectResolution)
	if f == nil || tooDeep(f) {
		return
	}
	declarations(f)
	of.Decls = append(of.Decls, f.Decls...)
	for _, d := range f.Decls {
		references(d, func(before, name string) {
			if i := of.imports[before]; i != nil {
				w.name(i, name)
				return
			}
			if before != "" {
				w.selected[name] = true
				name = before
			}
			w.name(n, name)
			for _, i := range of.dots {
				w.name(i, name)
			}
		}, func(name string) { w.selected[name] = true })
	}
}

// references calls refers for each name in a declaration that can be declared outside of it, with the one before it if it is selected from that,
// and selects for other names that are selected, and for the methods of interfaces.
func references(d ast.Decl, refers func(before, name string), selects func(string)) {
	declared := map[*ast.Ident]bool{}
	declares := func(names ...*ast.Ident) {
		for _, name := range names {
			declared[name] = true
		}
	}
	var walk func(n ast.Node) bool
	walk = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok {
				refers(x.Name, n.Sel.Name)
			} else {
				selects(n.Sel.Name)
				ast.Inspect(n.X, walk)
			}
			return false
		case *ast.InterfaceType:
			for _, m := range n.Methods.List {
				for _, name := range m.Names {
					selects(name.Name)
				}
			}
		case *ast.Ident:
			if !declared[n] {
				refers("", n.Name)
			}
		case *ast.Field:
			declares(n.Names...)
		case *ast.ValueSpec:
			declares(n.Names...)
		case *ast.TypeSpec:
			declares(n.Name)
		case *ast.FuncDecl:
			declares(n.Name)
		}
		return true
	}
	ast.Inspect(d, walk)
}

// settle ends the search for what a package needs, and notes which packages are checked before it.
func (c *checker) settle(n *node) {
	switch {
	case c.whole[n.PkgPath] && !n.missing:
		for _, path := range slices.Sorted(maps.Keys(n.Imports)) {
			n.needs = append(n.needs, n.Imports[path])
		}
	case n.stock != nil:
		n.source = &source{fset: n.fset, complete: true}
		needed := map[*packages.Package]bool{}
		for _, f := range n.parsed {
			if f.File != nil {
				n.source.files = append(n.source.files, f.File)
				for _, p := range required(f.File, n.Package) {
					needed[p] = true
				}
			}
		}
		n.needs = slices.SortedFunc(maps.Keys(needed), func(a, b *packages.Package) int { return strings.Compare(a.ID, b.ID) })
	}
	n.stock, n.taken, n.parsed, n.asked = nil, nil, nil, asked{}
}
