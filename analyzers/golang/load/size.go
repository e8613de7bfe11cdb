package load

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/packages"
)

// sizes are how large what a package declares is when it is written out, by name: the bytes of constant strings, and the words of the types
// that aliases stand for. A few lines can declare what no memory holds, each twice the one before, and those who check types
// write it out: https://pkg.go.dev/go/constant#StringVal, https://pkg.go.dev/go/types#TypeString.
type sizes map[string]int64

// largest is the largest size of one name or expression that is checked.
const largest = 64 << 20

// measure returns the sizes of what a package declares, all together with its expressions; small is false if one is too large.
func (c *checker) measure(s *source, imports []*packages.Package) (declared sizes, total int64, small bool) {
	m := &measurer{c: c, imports: imports, declared: map[string][]ast.Expr{}, sizes: sizes{}, busy: map[string]bool{}}
	for _, f := range s.files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GenDecl:
				if n.Tok == token.CONST {
					m.constants(n)
				}
			case *ast.TypeSpec:
				if n.Assign.IsValid() {
					m.declared[n.Name.Name] = append(m.declared[n.Name.Name], n.Type)
				}
			}
			return true
		})
	}
	small = true
	count := func(size int64) {
		total = min(total+size, Most)
		small = small && size <= largest
	}
	for name := range m.declared {
		count(m.named(name))
	}
	for _, f := range s.files {
		var counted []bool // whether what stands here is part of an expression that is counted already
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil {
				counted = counted[:len(counted)-1]
				return true
			}
			within := len(counted) > 0 && counted[len(counted)-1]
			switch n := n.(type) {
			case *ast.BinaryExpr, *ast.IndexExpr, *ast.IndexListExpr:
				if !within {
					count(m.size(n.(ast.Expr)))
				}
				within = true
			case *ast.FuncLit:
				within = false
			}
			counted = append(counted, within)
			return true
		})
	}
	return m.sizes, total, small
}

type measurer struct {
	c        *checker
	imports  []*packages.Package
	declared map[string][]ast.Expr // by name, in whatever scope
	sizes    sizes
	busy     map[string]bool
}

// constants notes what constants are given. A constant without a value repeats the one before it.
func (m *measurer) constants(d *ast.GenDecl) {
	var last []ast.Expr
	for _, s := range d.Specs {
		v, ok := s.(*ast.ValueSpec)
		if !ok {
			continue
		}
		if len(v.Values) > 0 {
			last = v.Values
		}
		for i, name := range v.Names {
			if i < len(last) {
				m.declared[name.Name] = append(m.declared[name.Name], last[i])
			}
		}
	}
}

// named returns the size of what a name stands for, the largest where there are several.
func (m *measurer) named(name string) int64 {
	if size, ok := m.sizes[name]; ok {
		return size
	}
	size := int64(len(name))
	if m.busy[name] {
		return size
	}
	m.busy[name] = true
	for _, e := range m.declared[name] {
		size = max(size, m.size(e))
	}
	delete(m.busy, name)
	m.sizes[name] = size
	return size
}

// size returns the size of an expression: at most the sum of what it names, and for what is instantiated the product with its arguments.
func (m *measurer) size(e ast.Expr) int64 {
	total := int64(0)
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			total += int64(len(n.Value))
		case *ast.Ident:
			total += m.named(n.Name)
		case *ast.SelectorExpr:
			if _, ok := n.X.(*ast.Ident); ok {
				total += m.imported(n.Sel.Name)
				return false
			}
		case *ast.IndexExpr:
			total += m.size(n.X) * m.size(n.Index)
			return false
		case *ast.IndexListExpr:
			args := int64(0)
			for _, i := range n.Indices {
				args += m.size(i)
			}
			total += m.size(n.X) * min(args, 2*largest)
			return false
		case *ast.FuncLit:
			return false // what is in it is an expression of its own
		}
		total = min(total, 2*largest)
		return true
	})
	return min(total, 2*largest)
}

// imported returns the size of what one of the imported packages declares under a name.
func (m *measurer) imported(name string) int64 {
	size := int64(len(name))
	for _, i := range m.imports {
		size = max(size, m.c.nodes[i].sizes[name])
	}
	return size
}
