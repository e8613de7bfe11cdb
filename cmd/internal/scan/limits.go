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

// Many units that get many tokens each make as many crossings as their product: what a repository of a few megabytes says of itself takes
// gigabytes to tell. Nobody reads so many, and so their number is bounded, those of each severity for themselves, lest a flood of some hides others.
const (
	maxCrossings = 10_000  // of one severity
	maxPaths     = 200_000 // that are looked at
)

// limits counts what is told of crossings.
type limits struct {
	told  map[verdict.Severity]int
	paths int
	full  *graph.Unit // the first unit that is not looked at
}

// checkoutFirst returns the units with the checkout, which every token lies in, before all others.
func checkoutFirst(units []graph.Unit) []graph.Unit {
	ordered := slices.Clone(units)
	slices.SortStableFunc(ordered, func(a, b graph.Unit) int {
		switch {
		case a.ID == graph.Checkout:
			return -1
		case b.ID == graph.Checkout:
			return 1
		}
		return 0
	})
	return ordered
}

// crossingPaths returns, for each token that the unit gets in an environment other than production, its strongest path.
func (l *limits) crossingPaths(g *graph.Graph, u graph.Unit) []graph.Path {
	if l.paths > maxPaths {
		if l.full == nil {
			l.full = &u
		}
		return nil
	}
	best := map[string]graph.Path{}
	for _, env := range (u.Environments &^ detectors.Production).List() {
		paths := g.Paths(u.ID, env, analyzers.Ambient)
		l.paths += len(paths)
		for _, p := range paths {
			old, ok := best[p.Token]
			switch {
			case !ok || p.Strength > old.Strength || p.Strength == old.Strength && len(p.Hops) < len(old.Hops):
				best[p.Token] = p
			case p.Strength == old.Strength:
				old.Environment |= p.Environment
				best[p.Token] = old
			}
		}
	}
	paths := make([]graph.Path, 0, len(best))
	for _, key := range slices.Sorted(maps.Keys(best)) {
		paths = append(paths, best[key])
	}
	return paths
}

// allow counts a crossing and reports whether it is told.
func (l *limits) allow(s verdict.Severity) bool {
	l.told[s]++
	return l.told[s] <= maxCrossings
}

// gaps says what is not told.
func (l *limits) gaps() []*report.Gap {
	var gaps []*report.Gap
	for _, s := range slices.Sorted(maps.Keys(l.told)) {
		if more := l.told[s] - maxCrossings; more > 0 {
			gaps = append(gaps, &report.Gap{Says: fmt.Sprintf("%d more crossings are %s; of these only the first %d are listed", more, s, maxCrossings)})
		}
	}
	if l.full != nil {
		gaps = append(gaps, &report.Gap{
			Path: l.full.At.Path, Line: l.full.At.Line, Says: "units get more tokens in all than can be told; what this one and those after it get is not known",
		})
	}
	return gaps
}
