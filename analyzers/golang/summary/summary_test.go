package summary

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// of summarises a file as far as it type-checks.
func of(t testing.TB, text string, withheld ...Extent) *Package {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "a.go", text, parser.ParseComments|parser.SkipObjectResolution)
	if f == nil {
		t.Skip(err)
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
	}
	config := types.Config{Error: func(error) {}, Importer: importer.Default()}
	pkg, _ := config.Check("example.com/acme/a", fset, []*ast.File{f}, info)
	return Of(Source{
		Fset: fset, Files: []*ast.File{f}, Pkg: pkg, Info: info, Name: func(name string) string { return name },
		Own: func(path string) bool { return strings.HasPrefix(path, "example.com/acme") }, Withheld: map[string][]Extent{"a.go": withheld},
	})
}

func encoded(t testing.TB, p *Package) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(&Closure{Packages: []*Package{p}}); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// TestLarge: generated tables do not make facts large, and a token among them stays.
func TestLarge(t *testing.T) {
	var b strings.Builder
	b.WriteString("package a\n\nconst (\n")
	for i := range 100_000 {
		fmt.Fprintf(&b, "\tC%d = \"some text that is not long\"\n", i)
	}
	start := b.Len() + len("\tToken = \"")
	b.WriteString("\tToken = \"0123456789\"\n)\n\nvar m = map[string]string{\n")
	for i := range 50_000 {
		fmt.Fprintf(&b, "\t\"k%d\": \"v\",\n", i)
	}
	b.WriteString("}\n\nfunc Get(k string) string { return m[k] }\n")
	p := of(t, b.String(), Extent{Start: start, End: start + 10})
	data := encoded(t, p)
	if len(data) > 2<<20 {
		t.Errorf("the fact has %d bytes", len(data))
	}
	if bytes.Contains(data, []byte("0123456789")) {
		t.Error("the token is in the fact")
	}
	found := false
	for _, a := range p.Assigns {
		found = found || a.To == "example.com/acme/a#Token"
	}
	if !found || len(p.Gaps) == 0 {
		t.Errorf("the token is there: %t, with %d gaps", found, len(p.Gaps))
	}
}

// TestWithheld: whatever is made of a token in a source, its text is in no fact.
func TestWithheld(t *testing.T) {
	const secret = "s3cr3t-s3cr3t"
	text := `package a

import "os"

const c = "Bearer ` + secret + `"

type T struct {
	F string ` + "`env:\"F\" envDefault:\"" + secret + "\"`" + `
}

var m = map[string]string{"` + secret + `": "x", "y": "` + secret + `"}

func f(env string) string {
	switch env {
	case "` + secret + `":
		return "\x41` + secret + `"
	}
	m["` + secret + `"] = env
	os.Setenv("A", "B=` + secret + `")
	return c
}
`
	var all []Extent
	for from := 0; ; {
		i := strings.Index(text[from:], secret)
		if i < 0 {
			break
		}
		all = append(all, Extent{Start: from + i, End: from + i + len(secret)})
		from += i + len(secret)
	}
	data := encoded(t, of(t, text, all...))
	if bytes.Contains(data, []byte(secret)) {
		t.Errorf("the secret is in the fact: %q", data)
	}
	if again := encoded(t, of(t, text, all...)); !bytes.Equal(data, again) {
		t.Error("two runs yield two facts")
	}
}

// FuzzOf: no source makes it fail, whether or not it type-checks.
func FuzzOf(f *testing.F) {
	for _, src := range []string{
		"package main\nimport (\"os\"; \"net/http\")\nfunc main() { r, _ := http.NewRequest(\"GET\", os.Getenv(\"A\")+\"x\", nil); r.Header.Set(\"K\", `v`); for k, v := range m { x[k] = v } }",
		"package a\ntype T[P any] struct { a P; T2 }\nfunc (t *T[P]) M(f ...func(P) P) (r P, err error) { defer func() { r = f[0](t.a) }(); goto l; l: return }",
		"package a\nvar _ = struct{ a, b int }{1}.a + x.y.z[1:2](func() { select { case c <- 1: default: } })",
		"package a\nfunc f(x any) { switch y := x.(type) { case string: _ = y; case interface{ A() }: y.A() }; if false { f(1) } else if a := b; a { return }; f(2) }",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, text string) { encoded(t, of(t, text)) })
}
