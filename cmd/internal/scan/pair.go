package scan

import (
	"strings"

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
	parts := map[string]bool{}
	for key, s := range c.secrets {
		if owners[key] {
			continue
		}
		within := func(o tag.Observation) bool {
			for _, span := range spans[stand{o.At.Path, o.Provider}] {
				if span.Overlaps(o.At.Span) {
					return true
				}
			}
			return false
		}
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

// pairs puts references that are parts of others' credentials under those: AWS_ACCESS_KEY_ID beside AWS_SECRET_ACCESS_KEY in one store. They
// are taken out of the tokens.
func (c *collection) pairs(g *graph.Graph, tokens map[string]*decided) {
	names := map[detectors.Reference]string{}
	for id, ref := range g.References {
		names[ref] = id
	}
	taken := map[string]bool{}
	for id, ref := range g.References {
		for _, partner := range c.opt.Knowledge.PartnerNames(tokens[id].Provider, tokens[id].Kind, ref.Name) {
			other := ref
			other.Name = partner.Name
			part, ok := names[other]
			if !ok || part == id || tokens[part].Provider != "" && tokens[part].Provider != tokens[id].Provider {
				continue
			}
			taken[part] = true
			for _, at := range tokens[part].Places {
				tokens[id].Parts = append(tokens[id].Parts, detectors.Part{Title: partner.Title, At: at})
			}
			says := "its " + partner.Title + " is kept beside it, as " + strings.TrimPrefix(other.Scope+"/"+other.Name, "/")
			tokens[id].Evidence = append(tokens[id].Evidence, detectors.Evidence{About: "kind", Says: says})
		}
	}
	for id := range taken {
		delete(tokens, id)
	}
}
