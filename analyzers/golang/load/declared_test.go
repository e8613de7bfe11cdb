package load

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// said returns what a text declares, as the parser of Go reads it, without what is asked of no dependency; ok is false if it does not parse.
func said(t testing.TB, text []byte) (says string, ok bool) {
	f, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
	if err != nil {
		return "", false
	}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			fn.Body = &ast.BlockStmt{}
		}
	}
	var b bytes.Buffer
	if err := printer.Fprint(&b, token.NewFileSet(), f); err != nil { // an empty set: nothing of lines
		t.Fatal(err)
	}
	return b.String(), true
}

// same fails if cutting changes what a text declares.
func same(t testing.TB, name string, text []byte) (cut int) {
	want, ok := said(t, text)
	short, _ := declared(bytes.Clone(text))
	if len(short) > len(text) {
		t.Errorf("%s: %d bytes of %d", name, len(short), len(text))
	}
	if !ok {
		return 0 // of a text that does not parse nothing is asked but to end
	}
	if got, ok := said(t, short); !ok || got != want {
		t.Errorf("%s: cut short it declares something else:\n%s", name, short)
	}
	stocked(t, name, text)
	return len(text) - len(short)
}

// stocked fails if a declaration of a text cannot be found by its name.
func stocked(t testing.TB, name string, text []byte) {
	f, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	s := &stock{named: map[string][]int{}, methods: map[string][]int{}}
	s.add(bytes.Clone(text), map[string]bool{})
	for _, p := range s.pieces {
		if f, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+p.text, parser.SkipObjectResolution); err != nil || len(f.Decls) != 1 {
			t.Errorf("%s: %q is no declaration", name, p.text)
		}
	}
	has := func(all []int, id *ast.Ident, method bool) {
		found := slices.ContainsFunc(all, func(i int) bool {
			return (s.pieces[i].method == id.Name) == method && strings.Contains(s.pieces[i].text, id.Name)
		})
		if !found && id.Name != "_" {
			t.Errorf("%s: %s is not found", name, id.Name)
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				has(s.named[d.Name.Name], d.Name, false)
				continue
			}
			if of := receiver(d); of != "" {
				has(s.methods[of], d.Name, true)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					has(s.named[spec.Name.Name], spec.Name, false)
				case *ast.ValueSpec:
					for _, id := range spec.Names {
						has(s.named[id.Name], id, false)
					}
				}
			}
		}
	}
}

// receiver returns the name of the type that a method is of, empty if it cannot be of any.
func receiver(d *ast.FuncDecl) string {
	if len(d.Recv.List) != 1 {
		return ""
	}
	e := d.Recv.List[0].Type
	for {
		switch t := e.(type) {
		case *ast.StarExpr:
			e = t.X
		case *ast.ParenExpr:
			e = t.X
		case *ast.IndexExpr:
			e = t.X
		case *ast.IndexListExpr:
			e = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}

// TestDeclared cuts the standard library, and what else the go command has of its own.
func TestDeclared(t *testing.T) {
	every := 4
	if testing.Short() {
		every = 40
	}
	cut := 0
	for path, text := range standard(t, "", every) {
		cut += same(t, path, text)
	}
	if cut == 0 {
		t.Error("nothing was cut")
	}
}

// standard returns the texts of every so manieth file below a folder of the standard library, by their paths.
func standard(t testing.TB, dir string, every int) map[string][]byte {
	root, err := exec.Command("go", "env", "GOROOT").Output() // a test built with -trimpath does not know it
	if err != nil {
		t.Skip(err)
	}
	texts, files := map[string][]byte{}, 0
	err = filepath.WalkDir(filepath.Join(strings.TrimSpace(string(root)), "src", dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || d.IsDir() {
			return err
		}
		if files++; files%every != 0 {
			return nil
		}
		texts[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// BenchmarkDeclared parses a folder of the standard library, cut short and as it is.
func BenchmarkDeclared(b *testing.B) {
	texts := standard(b, "net", 1)
	for name, text := range map[string]func([]byte) []byte{"whole": bytes.Clone, "cut": func(text []byte) []byte { cut, _ := declared(bytes.Clone(text)); return cut }} {
		b.Run(name, func(b *testing.B) {
			declares := 0
			for b.Loop() {
				declares = 0
				for _, t := range texts {
					f, err := parser.ParseFile(token.NewFileSet(), "", text(t), parser.SkipObjectResolution)
					if err != nil {
						b.Fatal(err)
					}
					declares += len(f.Decls)
				}
			}
			if declares < 5000 {
				b.Fatal(declares)
			}
		})
	}
}

var headings = []string{
	"package p\nfunc f() { var s = \"}\" }\nfunc g() int { return '}' /* } */ }",
	"package p\nfunc f(struct{ a int }, interface{ m() }) struct{ b int } { return struct{ b int }{} }\nvar x = func() { f() }",
	"package p\nfunc f() interface {\n\tm()\n} {\n\treturn nil\n}\ntype t struct{}\nfunc (t) m() {}",
	"package p\nfunc f[T interface{ ~[]int }](a [len(x{1}.b)]T) func() struct{} { return nil }",
	"package p\nfunc asm(x int) int\nvar y = []struct{ a int }{{1}}\nfunc body() {}",
	"package p\nfunc asm() /*\n*/\nvar z = t{}",
	"package p; func f() {}; type t struct{}; func asm(); var v = t{}",
	"package p\nvar f = `{` + \"{\\\"\"\nfunc g() { _ = `\"` }\nvar h = '\"'",
	"package p\nfunc f() { // }\n}\nfunc g() {}",
	"package p\nvar f =\n\tfunc() int { return 1 }\nvar a, b = 1, func() {\n}",
	"package p\nfunc f() struct\n{ a int } { panic(0) }",
	"package p\r\nfunc f() {\r\n}\r\nvar x int\r\n",
	"\ufeffpackage p\nfunc ä() { ä() }",
	"package p\nfunc f() {",
	"package p\nfunc f() { '",
	"package p\nfunc f() {}}}} func g() {",
}

func FuzzDeclared(f *testing.F) {
	for _, text := range headings {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) { same(t, "text", text) })
}
