package load

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"slices"
	"strconv"

	"golang.org/x/tools/go/packages"
)

// source is the source of one package, as it is checked.
type source struct {
	fset     *token.FileSet
	files    []*ast.File
	complete bool // every file could be read, and parses
}

// errForeign is for a file that is none of the source's: a link, most likely.
var errForeign = errors.New("not read")

// parse parses the files of a package that is loaded whole.
func (c *checker) parse(n *node) *source {
	s := &source{fset: c.l.fset, complete: true}
	for i, data := range n.texts {
		if data == nil {
			s.complete = false
			continue
		}
		f, err := parser.ParseFile(s.fset, n.GoFiles[i], data, parser.SkipObjectResolution|parser.ParseComments)
		s.complete = s.complete && err == nil
		if f == nil || tooDeep(f) {
			s.complete = false
			continue
		}
		s.files = append(s.files, f)
	}
	return s
}

// data reads a file: below the root, without following a link out of it; of the modules' own only what may be read; else of a module in the
// module cache, or of the standard library.
func (c *checker) data(name string, own bool) ([]byte, error) {
	var f *os.File
	var err error
	rel, below := c.l.relative(name)
	switch {
	case own && (!below || c.l.Own != nil && !c.l.Own(rel)):
		return nil, errForeign
	case below:
		f, err = c.l.root.Open(rel)
	default:
		f, err = os.Open(name)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, errForeign
	}
	data := bytes.NewBuffer(make([]byte, 0, info.Size()+bytes.MinRead))
	_, err = data.ReadFrom(io.LimitReader(f, maxFile))
	if err := c.spend(int64(data.Len())); err != nil {
		return nil, err
	}
	return data.Bytes(), err
}

// deepest is how deep a syntax tree may be: those who walk over it call themselves. The compiler's own parser stops at 100,000.
const deepest = 10_000

// tooDeep reports whether a file's syntax tree is deeper than that.
func tooDeep(f *ast.File) bool {
	depth, most := 0, 0
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil {
			depth--
			return true
		}
		depth++
		most = max(most, depth)
		return true
	})
	return most > deepest
}

// declarations takes out of a file what says nothing of types: bodies of functions, and values of variables whose types are written.
func declarations(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			n.Body = nil
		case *ast.FuncLit:
			n.Body = &ast.BlockStmt{}
		case *ast.GenDecl:
			for _, spec := range n.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && n.Tok == token.VAR && v.Type != nil {
					v.Values = nil
				}
			}
		}
		return true
	})
}

// required returns the packages that a file imports, and takes out those imports that it does not name.
func required(f *ast.File, p *packages.Package) []*packages.Package {
	named := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok {
				named[x.Name] = true
			}
		}
		return true
	})
	var list []*packages.Package
	needs := func(spec *ast.ImportSpec) bool {
		path, err := strconv.Unquote(spec.Path.Value)
		i := p.Imports[path]
		if err != nil || i == nil {
			return false
		}
		name := i.Name
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name != "." && name != "" && !named[name] {
			return false
		}
		list = append(list, i)
		return true
	}
	f.Imports = nil
	f.Decls = slices.DeleteFunc(f.Decls, func(d ast.Decl) bool {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.IMPORT {
			return false
		}
		g.Specs = slices.DeleteFunc(g.Specs, func(s ast.Spec) bool { return !needs(s.(*ast.ImportSpec)) })
		for _, s := range g.Specs {
			f.Imports = append(f.Imports, s.(*ast.ImportSpec))
		}
		return len(g.Specs) == 0
	})
	return list
}
