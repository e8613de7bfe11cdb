package scan

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/tag"
)

// parts returns the keys of secrets that are no tokens of their own but parts of others wherever they stand: the id of a key whose secret
// stands beside it, the publishable half of a pair.
func (c *collection) parts() map[string]bool {
	type stand struct {
		path     string
		provider string
	}
	spans := map[stand][]detectors.Span{}
	owners := map[string]bool{}
	for key, s := range c.secrets {
		for _, o := range s.observations {
			for _, part := range o.Parts {
				spans[stand{part.At.Path, o.Provider}] = append(spans[stand{part.At.Path, o.Provider}], part.At.Span)
				owners[key] = true
			}
		}
	}
	merged := map[stand]detectors.Spans{}
	for at, found := range spans {
		merged[at] = detectors.Merge(found)
	}
	parts := map[string]bool{}
	for key, s := range c.secrets {
		if owners[key] {
			continue
		}
		within := func(o tag.Observation) bool { return merged[stand{o.At.Path, o.Provider}].Overlap(o.At.Span) }
		all := len(s.observations) > 0
		for _, o := range s.observations {
			all = all && within(o)
		}
		if all {
			parts[key] = true
		}
	}
	return parts
}

// pairs puts references that are parts of others' credentials under those: AWS_ACCESS_KEY_ID beside AWS_SECRET_ACCESS_KEY in one store, or
// whatever two names of one store are bound to these, side by side. They are taken out of the tokens.
func (c *collection) pairs(g *graph.Graph, tokens map[string]*decided) {
	names := map[detectors.Reference]string{}
	for id, ref := range g.References {
		names[ref] = id
	}
	order := slices.SortedFunc(maps.Keys(g.References), func(a, b string) int {
		return cmp.Or(comparePlaces(tokens[a].Places, tokens[b].Places), cmp.Compare(a, b))
	})
	bound := bindings(order, tokens)
	taken := map[string]bool{}
	for _, id := range order {
		ref, t := g.References[id], tokens[id]
		take := func(part, title, says string) {
			if part == "" || part == id || taken[part] || tokens[part].Provider != "" && tokens[part].Provider != t.Provider {
				return
			}
			taken[part] = true
			for _, at := range tokens[part].Places {
				t.Parts = append(t.Parts, detectors.Part{Title: title, At: at})
			}
			t.Evidence = append(t.Evidence, detectors.Evidence{About: "kind", Says: "its " + title + " is kept beside it, as " + says})
		}
		for _, partner := range c.opt.Knowledge.PartnerNames(t.Provider, t.Kind, ref.Name) {
			other := ref
			other.Name = partner.Name
			take(names[other], partner.Title, strings.TrimPrefix(other.Scope+"/"+other.Name, "/"))
		}
		for _, n := range t.subject.Names {
			for _, partner := range c.opt.Knowledge.PartnerNames(t.Provider, t.Kind, n.Name) {
				if part := bound.beside(n.At, partner.Name, taken); part != "" && g.References[part].Store == ref.Store {
					take(part, partner.Title, g.References[part].Name+", bound to "+partner.Name)
				}
			}
		}
	}
	for _, id := range order {
		if !taken[id] {
			c.lacking(tokens[id])
		}
	}
	for id := range taken {
		delete(tokens, id)
	}
}

// lacking says what a reference opens nothing without and that neither the store nor the files that look it up have a name of.
func (c *collection) lacking(t *decided) {
	kind := c.opt.Knowledge.Kind(t.Provider, t.Kind)
	if kind == nil || !slices.ContainsFunc(kind.Variables, func(v string) bool { return strings.Contains(t.Reference.Name, v) }) {
		return
	}
	for _, partner := range kind.Partners {
		if !partner.Needed || len(partner.Variables) == 0 || slices.ContainsFunc(t.Parts, func(p detectors.Part) bool { return p.Title == partner.Title }) {
			continue
		}
		names := []string{}
		for _, other := range c.opt.Knowledge.PartnerNames(t.Provider, t.Kind, t.Reference.Name) {
			if other.Title == partner.Title {
				names = append(names, other.Name)
			}
		}
		if slices.Contains(partner.Variables, t.Reference.Name) || c.sets(t.Places, append(names, partner.Variables...)) {
			continue
		}
		t.Lacks = append(t.Lacks, partner.Title)
		t.Evidence = append(t.Evidence, detectors.Evidence{About: "kind", Says: "its " + partner.Title + " is kept nowhere beside it; alone it opens nothing"})
	}
}

// sets reports whether one of the files sets one of the names, or looks it up.
func (c *collection) sets(places []detectors.Place, names []string) bool {
	found := false
	var look func(steps []analyzers.Step)
	look = func(steps []analyzers.Step) {
		for i := range steps {
			found = found || slices.Contains(names, strings.ToUpper(strings.ReplaceAll(steps[i].Name, "-", "_"))) // aws-access-key-id of an action
			look(steps[i].Steps)
		}
	}
	for _, at := range places {
		for _, f := range c.index.Facts(at.Path) {
			for i := range f.Programs {
				look(f.Programs[i].Steps)
			}
		}
	}
	return found
}

// besideLines is how far apart two variables of one block are at most.
const besideLines = 15

// bound tells which references are bound to a name in a file, and where.
type bound map[[2]string][]boundTo

type boundTo struct {
	reference string
	line      int
}

func bindings(references []string, tokens map[string]*decided) bound {
	b := bound{}
	for _, id := range references {
		for _, n := range tokens[id].subject.Names {
			key := [2]string{n.At.Path, n.Name}
			b[key] = append(b[key], boundTo{id, n.At.Line})
		}
	}
	return b
}

// comparePlaces orders tokens by the first place that each stands at.
func comparePlaces(a, b []detectors.Place) int {
	return slices.CompareFunc(a[:min(1, len(a))], b[:min(1, len(b))], func(a, b detectors.Place) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line))
	})
}

// beside returns the reference that is bound to the name next to a place and is not taken yet, "" if there is none.
func (b bound) beside(at detectors.Place, name string, taken map[string]bool) string {
	nearest, best := "", besideLines+1
	for _, other := range b[[2]string{at.Path, name}] {
		if distance := max(other.line-at.Line, at.Line-other.line); distance < best && !taken[other.reference] {
			nearest, best = other.reference, distance
		}
	}
	return nearest
}
