package stagingreach

import (
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/stagewall/stagewall/analyzers/golang/summary"
	"github.com/stagewall/stagewall/analyzers/golang/tokens"
	"github.com/stagewall/stagewall/detectors"
)

// Takes returns the names that a command line program, or the client of a library that code gave no credential, takes from its environment, by
// its documentation.
type Takes func(detectors.Sink) []string

// New returns the analyzer. find is the analyzer of package tokens, and summarise that of package summary, which it reads. Its flags change a
// copy of the options.
func New(find, summarise *analysis.Analyzer, takes Takes, opt tokens.Options) *analysis.Analyzer {
	opt.Staging, opt.Production, opt.Accept = slices.Clone(opt.Staging), slices.Clone(opt.Production), slices.Clone(opt.Accept)
	a := &analysis.Analyzer{
		Name:     "stagewallreach",
		Doc:      "report tokens of production that programs of staging can get\n\nThe message holds the path: which function calls which, and where the token stands.",
		URL:      "https://pkg.go.dev/github.com/stagewall/stagewall/analyzers/golang/stagingreach",
		Requires: []*analysis.Analyzer{find, summarise},
		Run: func(pass *analysis.Pass) (any, error) {
			u := &unit{Pass: pass, Options: opt, takes: takes}
			return nil, u.run(pass.ResultOf[find].(*tokens.Result), pass.ResultOf[summarise].(*summary.Closure))
		},
	}
	opt.Flags(&a.Flags, true)
	return a
}

// unit is the analysis of one package.
type unit struct {
	*analysis.Pass
	tokens.Options
	takes Takes
}

func (u *unit) run(found *tokens.Result, closure *summary.Closure) error {
	if !found.Own {
		return nil
	}
	return u.entry(found.Held, closure)
}
