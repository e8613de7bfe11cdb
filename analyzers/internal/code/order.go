package code

import (
	"cmp"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Placed is a step, where it is written, and when it happens: steps of a lower phase first, those of one phase in the file's order.
type Placed struct {
	Step   *analyzers.Step
	Offset int
	Phase  int
}

// Guarded is a stretch of the file that is reached on a condition.
type Guarded struct {
	From, To int
	Guard    analyzers.Guard
}

// Holds reports whether the stretch has the offset in it.
func (g Guarded) Holds(offset int) bool { return g.From <= offset && offset < g.To }

// GuardsAt returns the conditions under which an offset is reached, but for those under which another one is.
func GuardsAt(all []Guarded, offset, but int) []analyzers.Guard {
	var found []analyzers.Guard
	for _, g := range all {
		if g.Holds(offset) && !g.Holds(but) {
			found = append(found, g.Guard)
		}
	}
	return found
}

// Nest returns the steps in the order in which they happen, each within the conditions under which it does. place
// returns where a guarded stretch begins.
func Nest(steps []Placed, guards []Guarded, place func(offset int) detectors.Place) []analyzers.Step {
	slices.SortStableFunc(guards, func(a, b Guarded) int { return cmp.Or(a.From-b.From, b.To-a.To) })
	slices.SortStableFunc(steps, func(a, b Placed) int { return cmp.Or(a.Phase-b.Phase, a.Offset-b.Offset) })
	n := nest{steps: steps, chains: make([][]int, len(steps)), guards: guards, place: place}
	for i, s := range steps {
		for g := range guards {
			if guards[g].From > s.Offset {
				break
			}
			if s.Offset < guards[g].To {
				n.chains[i] = append(n.chains[i], g)
			}
		}
	}
	return n.group(0, len(steps), 0)
}

type nest struct {
	steps  []Placed
	chains [][]int // by step: its guards, outermost first
	guards []Guarded
	place  func(offset int) detectors.Place
}

func (n *nest) group(from, to, depth int) []analyzers.Step {
	if from == to {
		return nil
	}
	steps := make([]analyzers.Step, 0, to-from)
	for i := from; i < to; {
		if len(n.chains[i]) <= depth {
			steps = append(steps, *n.steps[i].Step)
			i++
			continue
		}
		g := n.chains[i][depth]
		end := i
		for end < to && len(n.chains[end]) > depth && n.chains[end][depth] == g {
			end++
		}
		guard := n.guards[g].Guard
		steps = append(steps, analyzers.Step{
			Op: analyzers.OpBlock, At: n.place(n.guards[g].From), Guard: &guard, Steps: n.group(i, end, depth+1),
		})
		i = end
	}
	return steps
}

// Compared reports whether a value is worth comparing: it has a name in it whose value is not put in when the code is built.
func Compared(parts []analyzers.Part) bool {
	some := false
	for _, p := range parts {
		if p.Hole == nil {
			continue
		}
		switch p.Hole.Name {
		case "MODE", "PROD", "DEV":
			return false
		}
		some = some || !IsUnknown(p.Hole)
	}
	return some
}

// Told reports whether a compared value is taken for what it is by default where nobody sets it, so that an entry of another file can be looked up by it. How
// code is run is set elsewhere, as often as not.
func Told(parts []analyzers.Part) bool {
	return Compared(parts) && !slices.ContainsFunc(parts, func(p analyzers.Part) bool { return p.Hole != nil && environ.BuildMode(p.Hole.Name) })
}
