package azurepipelines

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
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
	add := func(guards []analyzers.Guard, groups []string) {
		in := in(groups)
		one.Values = append(one.Values, analyzers.Value{Parts: code.Under(guards, []analyzers.Part{{Hole: &in}})})
	}
	var none []analyzers.Guard // what is so if no condition holds, as far as one says it
	for _, c := range choices {
		add(c.guards, scopes[c.name])
		if len(c.guards) == 1 {
			not := c.guards[0]
			not.Not = !not.Not
			none = append(none, not)
		}
	}
	add(none, nil)
	return one
}

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
