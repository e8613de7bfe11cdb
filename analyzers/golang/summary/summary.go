package summary

import (
	"cmp"
	"path"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/stagewall/stagewall/analyzers/golang/tokens"
)

// New returns the analyzer. find is the analyzer of package tokens: texts in which it finds a token are withheld from facts.
func New(find *analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "stagewallsummary",
		Doc:        "say what the functions of a package read, call and hand on\n\nIt reports nothing; the facts are joined at main packages.",
		URL:        "https://pkg.go.dev/github.com/stagewall/stagewall/analyzers/golang/summary",
		Requires:   []*analysis.Analyzer{find},
		FactTypes:  []analysis.Fact{new(Closure)},
		ResultType: reflect.TypeFor[*Closure](),
		Run: func(pass *analysis.Pass) (any, error) {
			return run(pass, pass.ResultOf[find].(*tokens.Result)), nil
		},
	}
}

func run(pass *analysis.Pass, found *tokens.Result) *Closure {
	closure := &Closure{}
	if strings.HasSuffix(pass.Pkg.Path(), ".test") {
		return closure // the go command's main package of tests
	}
	var all []*Package
	for _, imported := range pass.Pkg.Imports() {
		var fact Closure
		if pass.ImportPackageFact(imported, &fact) {
			all = append(all, fact.Packages...)
		}
	}
	if found.Own {
		all = append(all, own(pass, found))
	}
	slices.SortStableFunc(all, func(a, b *Package) int { return cmp.Compare(a.Path, b.Path) })
	closure.Packages = slices.CompactFunc(all, func(a, b *Package) bool { return a.Path == b.Path })
	if len(closure.Packages) > 0 {
		pass.ExportPackageFact(closure)
	}
	return closure
}

// own summarises the package itself.
func own(pass *analysis.Pass, found *tokens.Result) *Package {
	module := ""
	if pass.Module != nil {
		module = pass.Module.Path
	}
	src := Source{
		Fset: pass.Fset, Files: pass.Files, Pkg: pass.Pkg, Info: pass.TypesInfo,
		Name: func(file string) string { return path.Join(pass.Pkg.Path(), tokens.Base(file)) },
		Own: func(importPath string) bool {
			return module != "" && (importPath == module || strings.HasPrefix(importPath, module+"/"))
		},
		Withheld: map[string][]Extent{},
	}
	for _, s := range found.Stands {
		file := pass.Fset.PositionFor(s.Pos, false).Filename
		src.Withheld[file] = append(src.Withheld[file], Extent{
			Token: s.Token.ID, Start: pass.Fset.PositionFor(s.Pos, false).Offset, End: pass.Fset.PositionFor(s.End, false).Offset, Compiled: s.Compiled,
		})
	}
	return Of(src)
}
