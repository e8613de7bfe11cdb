package scan

import (
	"maps"
	"slices"

	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/tag"
)

// share decides those tokens again whose databases, buckets, projects and accounts are what units of production work on too, with whatever
// credential.
func (c *collection) share(tokens map[string]*decided, inventory []detectors.Binding) {
	type use struct {
		token string
		detectors.Target
	}
	used := map[detectors.ID][]use{}
	for _, key := range slices.Sorted(maps.Keys(tokens)) {
		for _, t := range tokens[key].targets {
			if id := (detectors.ID{What: t.What, Value: t.Value}); t.Environments.Touches(detectors.Production) {
				used[id] = append(used[id], use{key, t})
			}
		}
	}
	for key, t := range tokens {
		for _, target := range t.targets {
			for _, u := range used[detectors.ID{What: target.What, Value: target.Value}] {
				if u.token != key && !slices.Contains(t.subject.Shared, u.Target) {
					t.subject.Shared = append(t.subject.Shared, u.Target)
				}
			}
		}
		if len(t.subject.Shared) == 0 || t.Public {
			continue
		}
		again := c.opt.Knowledge.Decide(t.subject, inventory)
		again.ID, again.Reference, again.Rule, again.Places = t.ID, t.Reference, t.Rule, t.Places
		t.Token = again
	}
}

// destroyed returns the buckets that the token is used to destroy.
func (c *collection) destroyed(t *decided) []string {
	var names []string
	for _, u := range t.subject.Uses {
		if found := tag.Buckets(u.Sink); len(found) > 0 && c.opt.Knowledge.Destroys(t.Token, u.Sink) {
			names = append(names, found...)
		}
	}
	return names
}

// opens returns what a secret opens, and where that is written.
func (c *collection) opens(key string) []graph.Opening {
	var all []graph.Opening
	s := c.secrets[key]
	if s == nil {
		return nil
	}
	for _, o := range s.observations {
		for _, id := range c.opt.Knowledge.Opens(o) {
			all = append(all, graph.Opening{ID: id, At: o.At})
		}
	}
	return all
}
