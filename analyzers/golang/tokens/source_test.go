package tokens

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/stagewall/stagewall/detectors"
)

// check type-checks a file as far as that goes and returns it as the analyzer sees it.
func check(t testing.TB, text string) (*unit, *source) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "/src/a.go", text, parser.ParseComments)
	if f == nil || err != nil && t.Name() != "FuzzSource" {
		t.Skip(err)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Error: func(error) {}}
	pkg, _ := config.Check("example.com/acme/a", fset, []*ast.File{f}, info)
	u := &unit{Pass: &analysis.Pass{
		Fset: fset, Files: []*ast.File{f}, Pkg: pkg, TypesInfo: info, Module: &analysis.Module{Path: "example.com/acme"},
		ReadFile: func(string) ([]byte, error) { return []byte(text), nil },
	}}
	sources, err := u.sources()
	if err != nil {
		t.Fatal(err)
	}
	return u, sources[0]
}

// TestSource: constants stand in the text as a whole, lines stay the same, and every offset leads back.
func TestSource(t *testing.T) {
	const text = `package a

const part = "needle"

var (
	plain  = "needle-1"
	folded = "nee" +
		"dle-" + // a comment between
		"2"
	behind = "needle-3"
	hex    = "\x6eeedle-4"
	raw    = ` + "`needle-5`" + `
	named  = "x" + part + "-6"
	used   = "x " + part + " y"
	typed  = []string{"nee" + string(word("dle-7")), "needle-8"}
	sum    = "needle-9" + string(rune(len(plain)))
)

type word string
`
	u, s := check(t, text)
	if s.path != "a/a.go" {
		t.Error(s.path)
	}
	if got, want := strings.Count(string(s.data), "\n"), strings.Count(text, "\n"); got != want {
		t.Errorf("%d lines became %d:\n%s", want, got, s.data)
	}
	var got []string
	for i := 0; ; {
		n := strings.Index(string(s.data[i:]), "needle")
		if n < 0 {
			break
		}
		at := detectors.Span{Start: i + n, End: i + n + len("needle-1")}
		i = at.End
		e := s.extent(at)
		p := u.Fset.Position(e.pos)
		got = append(got, fmt.Sprintf("%d:%d %q %t %t", p.Line, p.Column, text[s.file.Offset(e.pos):s.file.Offset(e.end)], s.compiled(at), s.quotes(detectors.Span{Start: at.Start, End: at.Start + 6})))
	}
	want := []string{
		`3:15 "needle\"\n" false false`,
		`6:12 "needle-1" true false`,
		`7:11 "\"nee\" +\n\t\t\"dle-\" + // a comment between\n\t\t\"2\"" true false`,
		`10:12 "needle-3" true false`,
		`11:11 "\"\\x6eeedle-4\"" true false`,
		`12:12 "needle-5" true false`,
		`13:11 "\"x\" + part + \"-6\"" true true`,
		`14:11 "\"x \" + part + \" y\"" true true`,
		`15:20 "\"nee\" + string(word(\"dle-7\"))" true false`,
		`15:52 "needle-8" true false`,
		`16:12 "needle-9" true false`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s\nin\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"), s.data)
	}
}

// FuzzSource: whatever a file holds, the text has its lines, and spans lead to places in the file.
func FuzzSource(f *testing.F) {
	f.Add("package a\n\nconst a = \"x\" +\n\t\"\\x41\" + b\n\nconst b = `r\n` // c\n")
	f.Add("package a\n\nvar s = []string{\"a\" + \"b\", string(\"c\" + (\"d\"))}\n")
	f.Add("package a\r\n\r\nconst c = `r\r\n` + \"x\"\r\nconst d = \"y\" + `\r\r\r`\r\n")
	f.Add("package main\r\n\r\nimport \"fmt\"\r\n\r\nfunc main() { fmt.Println(\"\\u00e9\" + `\r\n` + \"\\n\") }\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, s := check(t, text)
		if strings.Count(string(s.data), "\n") != strings.Count(text, "\n") {
			t.Errorf("lines of %q are lost: %q", text, s.data)
		}
		last := 0
		for i := 0; i <= len(s.data); i++ {
			start, end := s.offset(i, false), s.offset(i, true)
			if start < last || start > len(text) || end < 0 || end > len(text) {
				t.Fatalf("offset %d leads to %d and %d, after %d, of %d", i, start, end, last, len(text))
			}
			last = start
		}
		for _, l := range s.literals {
			if l.Start < 0 || l.End > len(s.data) || l.Empty() {
				t.Errorf("literal %v is not in the text", l)
			}
		}
	})
}

// TestMerge: of a token the nearest place stays, whatever the order, and a fact has a limit.
func TestMerge(t *testing.T) {
	near, far := Held{Token: "tok_b", At: "p/f.go:9", Via: []string{"p"}}, Held{Token: "tok_b", At: "a/f.go:1", Via: []string{"q", "a"}}
	own := Held{Token: "tok_a", At: "z/f.go:1"}
	for _, lists := range [][][]Held{{{near, far}, {own}}, {{own}, {far}, {near}}, {{far, own, near}}} {
		if got := fmt.Sprint(merge(lists...)); got != fmt.Sprint([]Held{own, near}) {
			t.Error(got)
		}
	}
	var many []Held
	for i := range 3 * most {
		many = append(many, Held{Token: fmt.Sprintf("tok_%03d", i), Provider: "acme", Known: true, Reach: detectors.Unscoped, AtMost: detectors.Read})
	}
	many[2*most].AtMost = detectors.Full
	kept := merge(many)
	if len(kept) != most || !slices.ContainsFunc(kept, func(h Held) bool { return h.AtMost == detectors.Full }) {
		t.Errorf("%d are kept, and not the worst", len(kept))
	}
}
