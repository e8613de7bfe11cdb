// Package passes lists the analyzers of Go that drivers of go/analysis run: go vet, golangci-lint and others. It is apart from
// package golang, which is of this project's own kind of analyzer.
package passes

import (
	"golang.org/x/tools/go/analysis"

	"github.com/stagewall/stagewall/analyzers/golang/stagingreach"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
	"github.com/stagewall/stagewall/analyzers/golang/tokens"
)

// Analyzers returns those that report: of tokens where they stand, and of programs outside production that can get them. How tokens are
// found, and what programs take from their environment, is given as values, since this room does not know.
func Analyzers(find tokens.Finder, takes stagingreach.Takes, opt tokens.Options) []*analysis.Analyzer {
	t := tokens.New(find, opt)
	return []*analysis.Analyzer{t, stagingreach.New(t, summary.New(t), takes, opt)}
}
