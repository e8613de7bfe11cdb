package azurepipelines

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
)

// group is a group of variables that jobs have, under conditions that a run decides.
type group struct {
	name   string
	guards []analyzers.Guard
}

// stored is a variable that no file defines: it is the pipeline's, or is in one of the groups that the job has. Which these are can be for the run to decide:
// then it is one of several.
//
//	https://learn.microsoft.com/azure/devops/pipelines/process/template-expressions#conditional-insertion
func (p *place) stored(name string) analyzers.Hole {
	scopes, always := map[string][]string{}, []string{}
	var choices []group // one for each condition, called after what it is
	for _, g := range p.groups {
		if len(g.guards) == 0 {
			always = append(always, g.name)
			continue
		}
		condition := written(g.guards)
		if scopes[condition] == nil {
			choices = append(choices, group{condition, g.guards})
		}
		scopes[condition] = append(scopes[condition], g.name)
	}
	in := func(more []string) analyzers.Hole {
		groups := slices.Sorted(slices.Values(slices.Concat(always, more)))
		return analyzers.Hole{Space: store, Name: name, Store: store, Scope: strings.Join(slices.Compact(groups), "+")}
	}
	if len(choices) == 0 {
		return in(nil)
	}
	one := analyzers.Hole{Space: "choice"}
	none := analyzers.Value{Parts: []analyzers.Part{holePart(in(nil))}}
	for _, c := range choices {
		v := analyzers.Value{Parts: []analyzers.Part{holePart(in(scopes[c.name]))}}
		for i := range c.guards {
			v = matrix.When(&c.guards[i], v)
		}
		one.Values = append(one.Values, v)
		if not := c.guards[len(c.guards)-1]; len(c.guards) == 1 {
			not.Not = !not.Not
			none = matrix.When(&not, none)
		}
	}
	one.Values = append(one.Values, none)
	return one
}

func holePart(h analyzers.Hole) analyzers.Part { return analyzers.Part{Hole: &h} }

// written returns a text that is the same for the same conditions.
func written(guards []analyzers.Guard) string {
	var b strings.Builder
	for _, g := range guards {
		for _, part := range g.Value.Parts {
			b.WriteString(part.Text)
			if part.Hole != nil {
				b.WriteString(part.Hole.Space + "\x00" + part.Hole.Name)
			}
		}
		fmt.Fprintf(&b, "\x00%q %v\x00", g.Patterns, g.Not)
	}
	return b.String()
}
