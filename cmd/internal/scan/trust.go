package scan

import (
	"maps"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/policy"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// trusts holds, by the roles that the repository makes and that its jobs can be, what it says of whom they trust.
type trusts struct {
	patterns map[string][]detectors.Binding // by token
	shared   map[string]bool                // tokens of roles that a job of this repository is, and that trust this repository alone
}

// trusts returns what the repository's own files say of whom its roles trust.
func (c *collection) trusts(tokens map[string]*decided) trusts {
	rows := map[string][]detectors.Binding{}
	for _, p := range c.index.All() {
		for _, f := range c.index.Facts(p) {
			for _, row := range f.Bindings {
				if row.What == detectors.Trusts {
					rows[row.Value] = append(rows[row.Value], row)
				}
			}
		}
	}
	found := trusts{map[string][]detectors.Binding{}, map[string]bool{}}
	for key, t := range tokens {
		if !c.opt.Knowledge.IsAssumed(t.Reference) || len(rows[t.Reference.Name]) == 0 {
			continue
		}
		found.patterns[key] = rows[t.Reference.Name]
		repositories := map[string]bool{}
		for _, row := range rows[t.Reference.Name] {
			repository, _, _ := subject(row.In)
			repositories[repository] = true
		}
		_, evident := t.Reach.Touches()
		found.shared[key] = len(repositories) == 1 && evident && t.Reach.Known && len(t.subject.Holders) > 0
	}
	return found
}

// subject returns the parts of a subject that say the repository and what runs there: repo:acme/shop:environment:staging. A pattern may end before the
// second.
func subject(text string) (repository, end string, whole bool) {
	return strings.Cut(strings.TrimPrefix(text, "repo:"), ":")
}

// admits reports whether a subject with this end fits a pattern, whatever the repository.
func admits(pattern, end string) bool {
	repository, own, whole := subject(pattern)
	return !whole || policy.Overlap(own, end) || strings.Contains(repository, "*") && policy.Overlap("*:"+own, end)
}

// paths returns a unit's paths without those to roles that do not trust it, and with one to each role that does though the unit never names it: who can
// show who it is needs no more than the role's name.
func (t trusts) paths(u graph.Unit, paths []graph.Path) []graph.Path {
	if len(u.Shows) == 0 || len(t.patterns) == 0 {
		return paths
	}
	var kept []graph.Path
	has := map[string]bool{}
	for _, p := range paths {
		has[p.Token] = true
		if rows := t.patterns[p.Token]; len(rows) == 0 || t.admits(rows, u, p.Environment, false) != nil {
			kept = append(kept, p)
		}
	}
	others := u.Environments &^ detectors.Production
	for _, key := range slices.Sorted(maps.Keys(t.shared)) {
		if !t.shared[key] || has[key] || others == 0 {
			continue
		}
		if row := t.admits(t.patterns[key], u, others, true); row != nil {
			kept = append(kept, graph.Path{Token: key, Strength: analyzers.Ambient, Environment: others, Hops: []analyzers.Edge{{
				From: analyzers.Node{Kind: "unit", ID: u.ID}, To: analyzers.Node{Kind: "token", ID: key}, Verb: analyzers.Sees, At: row.At,
				Says: "its trust policy lets this job assume it: " + row.In,
			}}})
		}
	}
	return kept
}

// admits returns the row of a role by which a unit in one of the environments can be it. If surely, what the row does not say of the subject's end lets
// nobody in.
func (t trusts) admits(rows []detectors.Binding, u graph.Unit, in detectors.Environment, surely bool) *detectors.Binding {
	for i, row := range rows {
		if _, end, _ := subject(row.In); surely && strings.Contains(end, policy.Hole) {
			continue
		}
		for _, shown := range u.Shows {
			if name, ok := strings.CutPrefix(shown, "environment:"); ok && environ.Value(name) != 0 && !environ.Value(name).Touches(in) {
				continue
			}
			if admits(row.In, shown) {
				return &rows[i]
			}
		}
	}
	return nil
}
