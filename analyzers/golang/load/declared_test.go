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
	short := declared(bytes.Clone(text))
	if len(short) > len(text) {
		t.Errorf("%s: %d bytes of %d", name, len(short), len(text))
	}
	if !ok {
		return 0 // of a text that does not parse nothing is asked but to end
	}
	if got, ok := said(t, short); !ok || got != want {
		t.Errorf("%s: cut short it declares something else:\n%s", name, short)
	}
	return len(text) - len(short)
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
	for name, text := range map[string]func([]byte) []byte{"whole": bytes.Clone, "cut": func(text []byte) []byte { return declared(bytes.Clone(text)) }} {
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
