package providers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
)

func TestProviders(t *testing.T) {
	for _, p := range All() {
		t.Run(p.Name, func(t *testing.T) { detectortest.Accept(t, p) })
	}
}

// A provider is written in the file of its name, as the function of that name, and listed.
func TestEveryFileIsListed(t *testing.T) {
	listed := names(All())
	for _, list := range [][]detectors.Provider{infra(), saas()} {
		if !slices.IsSorted(names(list)) {
			t.Errorf("not sorted: %q", names(list))
		}
	}
	written := written(t)
	for _, name := range written {
		if !slices.Contains(listed, name) {
			t.Errorf("%s.go holds a provider that All does not list", name)
		}
	}
	for _, name := range listed {
		if !slices.Contains(written, name) {
			t.Errorf("provider %s has no file of its name", name)
		}
	}
	examples, err := detectortest.Examples("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range examples {
		if !slices.Contains(listed, name) {
			t.Errorf("testdata/%s.txtar belongs to no provider", name)
		}
	}
}

// The name of a variable decides a token's kind, so it may be documented for one kind only.
func TestVariablesNameOneKind(t *testing.T) {
	kinds := map[string]string{}
	for _, p := range All() {
		for _, k := range p.Kinds {
			for _, v := range k.Variables {
				if other, ok := kinds[v]; ok {
					t.Errorf("%s is documented for %s and for %s %s", v, other, p.Name, k.Name)
				}
				kinds[v] = p.Name + " " + k.Name
			}
		}
	}
}

func names(list []detectors.Provider) []string {
	var names []string
	for _, p := range list {
		names = append(names, p.Name)
	}
	return names
}

// written returns the names of the files that hold a function which returns a provider.
func written(t *testing.T) []string {
	t.Helper()
	sources := func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }
	packages, err := parser.ParseDir(token.NewFileSet(), ".", sources, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for path, f := range packages["providers"].Files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && returnsProvider(fn) {
				names = append(names, strings.TrimSuffix(path, ".go"))
			}
		}
	}
	slices.Sort(names)
	return names
}

func returnsProvider(fn *ast.FuncDecl) bool {
	if fn.Type.Results == nil || len(fn.Type.Results.List) != 1 {
		return false
	}
	s, ok := fn.Type.Results.List[0].Type.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "Provider"
}

// BenchmarkAll makes the whole catalogue, as every start of the program does. It should stay under 2 ms of a processor's time.
func BenchmarkAll(b *testing.B) {
	for b.Loop() {
		if len(All()) < 150 {
			b.Fatal("the catalogue is too small")
		}
	}
}
