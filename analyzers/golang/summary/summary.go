package summary

import (
	"cmp"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"path"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/stagewall/stagewall/analyzers/golang/tokens"
	"github.com/stagewall/stagewall/detectors/environ"
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
	for _, e := range found.Embedded {
		src.Embedded = append(src.Embedded, Embed{
			Token: e.Token.ID, File: e.At.Path, Line: e.At.Line, Column: e.At.Column, Start: e.At.Span.Start, End: e.At.Span.End,
			Keys: e.Keys, Keyed: e.Keyed,
		})
	}
	src.Missing = missing(pass)
	for _, s := range found.Stands {
		file := pass.Fset.PositionFor(s.Pos, false).Filename
		src.Withheld[file] = append(src.Withheld[file], Extent{
			Token: s.Token.ID, Start: pass.Fset.PositionFor(s.Pos, false).Offset, End: pass.Fset.PositionFor(s.End, false).Offset, Compiled: s.Compiled,
		})
	}
	return Of(src)
}

// missing says which files are left out of the package that could change what it does: those that need cgo, and those for an environment.
func missing(pass *analysis.Pass) []string {
	var all []string
	for _, name := range pass.IgnoredFiles {
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		data, err := pass.ReadFile(name)
		if err != nil {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), "", data, parser.ImportsOnly|parser.ParseComments)
		if f == nil || err != nil {
			continue
		}
		if slices.ContainsFunc(f.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"C"` }) {
			all = append(all, tokens.Base(name)+" needs cgo and is left out here; what it reads and hands on is not known")
			continue
		}
		for _, group := range f.Comments {
			for _, c := range group.List {
				if c.Pos() < f.Package && constraint.IsGoBuild(c.Text) {
					expr, err := constraint.Parse(c.Text)
					if tag, ok := expr.(*constraint.TagExpr); err == nil && ok && environ.Value(tag.Tag) != 0 {
						all = append(all, tokens.Base(name)+" is for the build tag "+tag.Tag+" and is left out here; what it reads and hands on is not known")
					}
				}
			}
		}
	}
	slices.Sort(all)
	return all
}
