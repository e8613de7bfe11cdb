package circleci

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/injected"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
)

// store has the variables of projects and of contexts. own are variables that exist without anybody giving them
// (https://circleci.com/docs/reference/variables/#built-in-environment-variables).
var (
	own   = lazyregexp.New(`^CIRCLE(?:CI$|_)`)
	store = injected.Store{Name: "circleci", Scope: "project", Own: own, Title: "CircleCI"}
)

// join makes the programs that set the names which jobs and the scripts that they run read, and which nothing sets. A file to go on with that is
// not there is made while the pipeline runs, and a gap.
func join(index analyzers.Index) []*analyzers.Facts {
	joined := store.Join(index, "circleci")
	for _, file := range index.All() {
		for _, f := range index.Facts(file) {
			if f.Analyzer != "circleci" {
				continue
			}
			for _, p := range f.Programs {
				if p.Name != continued {
					continue
				}
				if text, known := p.Steps[0].Ref.Path.Text(); !known || !index.Exists(text) {
					joined = append(joined, &analyzers.Facts{Path: f.Path, Analyzer: f.Analyzer, Gaps: []analyzers.Gap{
						{At: p.At, Says: "the configuration that the pipeline goes on with is made while it runs; what its jobs reach is not known"},
					}})
				}
			}
		}
	}
	return joined
}
