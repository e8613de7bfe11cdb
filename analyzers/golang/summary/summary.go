package summary

import (
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/stagewall/stagewall/analyzers/golang/tokens"
)

// Package is what is said of a package and of all that it imports. It is a fact.
type Package struct {
	Path string
}

// AFact implements [analysis.Fact].
func (*Package) AFact() {}

// New returns the analyzer. find is the analyzer of package tokens: texts in which it finds a token are withheld from facts.
func New(find *analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "stagewallsummary",
		Doc:        "say what the functions of a package read, call and hand on\n\nIt reports nothing; the facts are joined at main packages.",
		URL:        "https://pkg.go.dev/github.com/stagewall/stagewall/analyzers/golang/summary",
		Requires:   []*analysis.Analyzer{find},
		FactTypes:  []analysis.Fact{new(Package)},
		ResultType: reflect.TypeFor[*Package](),
		Run: func(pass *analysis.Pass) (any, error) {
			_ = pass.ResultOf[find].(*tokens.Result)
			return &Package{Path: pass.Pkg.Path()}, nil
		},
	}
}
