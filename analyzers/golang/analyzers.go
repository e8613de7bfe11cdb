package golang

import (
	"golang.org/x/tools/go/analysis"

	"github.com/stagewall/stagewall/analyzers/golang/tokens"
)

// Analyzers returns what go vet, golangci-lint and other drivers of go/analysis run. How tokens are found is given as a value, since
// this room does not know.
func Analyzers(find tokens.Finder, opt tokens.Options) []*analysis.Analyzer {
	return []*analysis.Analyzer{tokens.New(find, opt)}
}
