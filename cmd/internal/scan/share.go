package scan

import (
	"maps"
	"slices"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/tag"
)

// share decides those tokens again whose databases, buckets, projects and accounts are what units of production work on too, with whatever
// credential.
func (c *collection) share(tokens map[string]*decided, inventory []detectors.Binding) {
	type thing struct{ what, value string }
	type use struct {
		token string
		detectors.Target
	}
	used := map[thing][]use{}
	own := map[string][]detectors.Target{}
	for _, key := range slices.Sorted(maps.Keys(tokens)) {
		own[key] = c.opt.Knowledge.Targets(tokens[key].subject)
		for _, t := range own[key] {
			if t.Environments.Touches(detectors.Production) {
				used[thing{t.What, t.Value}] = append(used[thing{t.What, t.Value}], use{key, t})
			}
		}
	}
	for key, targets := range own {
		t := tokens[key]
		for _, target := range targets {
			for _, u := range used[thing{target.What, target.Value}] {
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
