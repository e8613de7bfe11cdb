package scan

import (
	"fmt"
	"maps"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/verdict"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/detectors"
)

// unsaid holds, by token, the units of which nothing says the environment and which are given a token that is production's: unless they are
// production's themselves, these are crossings. Only tokens that are known by name count: a value in the tree is in reach of the checkout.
type unsaid map[string][]graph.Unit

// add notes what a unit is given of which nothing says the environment.
func (n unsaid) add(g *graph.Graph, u graph.Unit, tokens map[string]*decided) {
	for _, p := range g.Paths(u.ID, u.Environments, analyzers.Loaded) {
		t, ok := tokens[p.Token]
		if ok && t.Reference != nil && t.isProductions(u.ID) && verdict.Of(p.Strength, t.Token) != verdict.None {
			n[p.Token] = append(n[p.Token], u)
		}
	}
}

// gaps returns one for each token that is in no crossing.
func (n unsaid) gaps(tokens map[string]*decided, crossed map[string]bool) []*report.Gap {
	var gaps []*report.Gap
	for _, key := range slices.Sorted(maps.Keys(n)) {
		if crossed[key] {
			continue
		}
		u, are, them := n[key][0], "is", "it"
		if more := len(n[key]) - 1; more > 0 {
			are, them = fmt.Sprintf("and %d more are", more), "them"
		}
		gaps = append(gaps, &report.Gap{Path: u.At.Path, Line: u.At.Line, Says: fmt.Sprintf(
			"nothing says which environment the %s %s %s for, and production's %s is given to %s; whether that is a crossing is not known",
			kindWords(u.Kind), u.Name, are, tokens[key].Reference.Name, them,
		)})
	}
	return gaps
}

// isProductions reports whether a unit of production other than this one is given the token, or names say that it is for production.
func (d *decided) isProductions(unit string) bool {
	return d.Reach.Environments.Touches(detectors.Production) && d.Reach.Environments != detectors.Unscoped ||
		slices.ContainsFunc(d.subject.Holders, func(h detectors.Holder) bool { return h.Unit != unit && h.Environments.Touches(detectors.Production) })
}
