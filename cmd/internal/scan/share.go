package scan

import (
	"fmt"
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
		c.again(t, inventory)
	}
}

// again decides anew, with what was found of the token since.
func (c *collection) again(t *decided, inventory []detectors.Binding) {
	again := c.opt.Knowledge.Decide(t.subject, inventory)
	again.ID, again.Reference, again.Rule, again.Places = t.ID, t.Reference, t.Rule, t.Places
	t.Token = again
}

// losses is what goes with what a token is used to destroy.
type losses struct {
	buckets []string // that it is used to destroy
	wiped   []string // what is said of the provider's own backups of other things
	dumped  bool     // the token is of a database of which a program makes dumps
}

// losses finds what goes with what the token is used to destroy, once: every crossing of the token asks.
func (c *collection) losses(t *decided) losses {
	if t.lost == nil {
		t.lost = &losses{buckets: c.destroyed(t), wiped: c.wiped(t), dumped: c.dumped(t.Provider)}
	}
	return *t.lost
}

// destroyed returns the buckets that the token is used to destroy.
func (c *collection) destroyed(t *decided) []string {
	var names []string
	for _, u := range t.subject.Uses {
		if found := tag.Buckets(u.Sink); len(found) > 0 && slices.ContainsFunc(c.opt.Knowledge.Done(t.Token, u.Sink), destroys) {
			names = append(names, found...)
		}
	}
	return names
}

// wiped says of the things that the token is used to destroy what happens to the backups that the provider keeps of them.
func (c *collection) wiped(t *decided) []string {
	const most = 4
	var says []string
	for _, u := range t.subject.Uses {
		for _, op := range c.opt.Knowledge.Done(t.Token, u.Sink) {
			if !destroys(op) || op.Backups == "" {
				continue
			}
			for _, id := range c.opt.Knowledge.WorksOn(u.Sink) {
				one := fmt.Sprintf("%s:%d: %s of the %s %s; the provider's own backups are %s", u.At.Path, u.At.Line, op.Name, id.What, id.Value, op.Backups)
				if len(says) < most && !slices.Contains(says, one) {
					says = append(says, one)
				}
			}
		}
	}
	return says
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

func destroys(op detectors.Operation) bool { return op.Does&detectors.Destroy != 0 }
