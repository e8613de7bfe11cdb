package graph

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Findings is what linking says of one token, beside the paths to it.
type Findings struct {
	Names   []detectors.Naming
	Uses    []detectors.Use
	Holders []detectors.Holder
	Targets []detectors.Target // what it opens or is used on, once for each unit that has or uses it so
}

// maxFindings bounds the names, units and uses that are told of all tokens: many units that have many tokens each have them all.
const maxFindings = 300_000

// Findings returns, by token, the names that it is bound to, where it is handed on, and which units get it at flow or loaded strength.
func (g *Graph) Findings() map[string]*Findings {
	f := &finder{Graph: g, found: map[string]*Findings{}, left: maxFindings}
	leads := g.leads(f.spend)
	f.names(leads)
	f.uses(leads, f.holders())
	for token, one := range f.found {
		for _, e := range g.opened(token) {
			for _, h := range one.Holders {
				if !h.Scoped && !h.Doubtful {
					one.target(e.To, h.Unit, h.Environments, e.At)
				}
			}
		}
		one.sort()
	}
	return f.found
}

// finder brings together what is told of tokens.
type finder struct {
	*Graph
	found map[string]*Findings
	left  int // of maxFindings
}

func (f *finder) of(token string) *Findings {
	one, ok := f.found[token]
	if !ok {
		one = &Findings{}
		f.found[token] = one
	}
	return one
}

// spend reports whether something more may be told.
func (f *finder) spend(at detectors.Place) bool {
	if f.left--; f.left == 0 {
		f.Gaps = append(f.Gaps, analyzers.Gap{At: at, Says: "what has and uses tokens is too much to tell all of it; the rest is left out"})
	}
	return f.left > 0
}

// names tells the names of tokens: leads are the tokens that each node leads to.
func (f *finder) names(leads map[int]map[string]bool) {
	for _, node := range slices.Sorted(maps.Keys(leads)) {
		n := f.nodes[node]
		if n.Kind != "name" {
			continue
		}
		at := f.Edges[f.out[node][0].edge].At
		for _, token := range slices.Sorted(maps.Keys(leads[node])) {
			if !f.spend(at) {
				break
			}
			one := f.of(token)
			one.Names = append(one.Names, detectors.Naming{Name: n.ID, At: at})
		}
	}
}

// runner is a unit that runs a process, and the environment in which it does.
type runner struct {
	unit        string
	environment detectors.Environment
}

// holders tells who gets tokens, and returns who runs each process that hands a value on.
func (f *finder) holders() map[analyzers.Node][]runner {
	runners := map[analyzers.Node][]runner{}
	for _, use := range f.Graph.uses {
		runners[use.process] = nil
	}
	for _, u := range f.Units {
		for _, env := range u.runs() {
			var paths []Path
			if f.left > 0 {
				paths = f.Paths(u.ID, env, analyzers.Loaded)
			}
			for _, p := range paths {
				if f.InBulk(p) || !f.spend(u.At) {
					continue
				}
				one := f.of(p.Token)
				one.Holders = append(one.Holders, detectors.Holder{
					Unit: u.ID, Environments: env, At: u.At, Scoped: p.Scoped, Doubtful: u.doubtful(), Workload: u.workload(),
					Unread: p.Strength == analyzers.Loaded, Text: p.text(),
				})
			}
			for _, n := range f.processes(u.ID, env) {
				if all, hands := runners[n]; hands {
					runners[n] = append(all, runner{u.ID, env})
				}
			}
		}
	}
	return runners
}

// uses tells where tokens are handed on, and by whom.
func (f *finder) uses(leads map[int]map[string]bool, runners map[analyzers.Node][]runner) {
	for _, use := range f.Graph.uses {
		for _, from := range use.from {
			tokens := leads[f.ids[from]]
			if from.Kind == "token" {
				tokens = map[string]bool{from.ID: true}
			}
			for _, token := range slices.Sorted(maps.Keys(tokens)) {
				one := f.of(token)
				if use.process.Scope == unrunScope && f.spend(use.at) {
					one.Uses = append(one.Uses, detectors.Use{Sink: use.sink, At: use.at})
				}
				for _, r := range runners[use.process] {
					if !f.spend(use.at) {
						break
					}
					one.Uses = append(one.Uses, detectors.Use{Sink: use.sink, At: use.at, Unit: r.unit, Environments: r.environment})
					for _, n := range use.targets {
						one.target(n, r.unit, r.environment, use.at)
					}
				}
			}
		}
	}
}

// opened returns the edges from a token to what it opens.
func (g *Graph) opened(token string) []analyzers.Edge {
	var edges []analyzers.Edge
	if at, ok := g.ids[tokenNode(token)]; ok {
		for _, a := range g.out[at] {
			edges = append(edges, g.Edges[a.edge])
		}
	}
	return edges
}

// target notes that a unit has or uses the token for a target.
func (f *Findings) target(n analyzers.Node, unit string, env detectors.Environment, at detectors.Place) {
	id := targetOf(n)
	f.Targets = append(f.Targets, detectors.Target{What: id.What, Value: id.Value, Unit: unit, Environments: env, At: at})
}

func (f *Findings) sort() {
	slices.SortFunc(f.Names, func(a, b detectors.Naming) int { return cmp.Or(cmp.Compare(a.Name, b.Name), comparePlaces(a.At, b.At)) })
	f.Names = slices.Compact(f.Names)
	slices.SortFunc(f.Uses, func(a, b detectors.Use) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Environments, b.Environments), comparePlaces(a.At, b.At))
	})
	f.Uses = slices.CompactFunc(f.Uses, func(a, b detectors.Use) bool {
		return a.Unit == b.Unit && a.Environments == b.Environments && a.At == b.At && a.Sink.Tool == b.Sink.Tool && a.Sink.Arg == b.Sink.Arg && a.Sink.Header == b.Sink.Header
	})
	slices.SortFunc(f.Targets, compareTargets)
	f.Targets = slices.CompactFunc(f.Targets, func(a, b detectors.Target) bool { return compareTargets(a, b) == 0 })
	slices.SortFunc(f.Holders, func(a, b detectors.Holder) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Environments, b.Environments))
	})
}

func compareTargets(a, b detectors.Target) int {
	return cmp.Or(cmp.Compare(a.What, b.What), cmp.Compare(a.Value, b.Value), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Environments, b.Environments), comparePlaces(a.At, b.At))
}

func comparePlaces(a, b detectors.Place) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// InBulk reports whether the unit gets the token only because the file lies in a folder that it gets: nothing says that it has any use
// for it.
func (g *Graph) InBulk(p Path) bool {
	return slices.ContainsFunc(p.Hops, func(e analyzers.Edge) bool { return g.bulk[[2]analyzers.Node{e.From, e.To}] })
}

// text reports whether the token merely stands in the text of code that the unit takes in, as in a comment: no name is bound to it.
func (p Path) text() bool {
	return p.Strength == analyzers.Loaded && len(p.Hops) > 0 && importedOnce(p.Hops[len(p.Hops)-1].At.Path) &&
		!slices.ContainsFunc(p.Hops, func(e analyzers.Edge) bool { return e.Verb == analyzers.Mounts || e.To.Kind == "name" })
}

// doubtful reports whether the unit's environments are said by no more than a name that says something else too: a file that is named for
// production and for tests is a test's, and what fetches something of production's works where it is fetched to. What is named for staging, and selected
// rather than declared for production, may be selected for when it runs: tests of staging, when production is to be deployed.
func (u Unit) doubtful() bool {
	named := environ.Identifier(u.Name)
	switch {
	case u.Class > analyzers.Selector:
		return false
	case fetches(u.Name):
		return true
	case u.Class < analyzers.Selector:
		return (environ.Path(u.At.Path) | named).Touches(detectors.Test)
	default:
		return named.Touches(detectors.Staging) && !named.Touches(detectors.Production)
	}
}

// fetching are words for what brings something of an environment's to another place: download-prod-db.
var fetching = []string{"download", "pull", "fetch", "copy", "clone", "import"}

// fetches reports whether a name says, before it names an environment, that something of it is fetched.
func fetches(name string) bool {
	for _, word := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if environ.Value(word) != 0 {
			return false
		}
		if slices.Contains(fetching, word) {
			return true
		}
	}
	return false
}

// runs returns the environments in which the unit was executed, one by one; the empty environment for a unit without any.
func (u Unit) runs() []detectors.Environment {
	if u.Environments == 0 {
		return []detectors.Environment{0}
	}
	return u.Environments.List()
}

// workload returns what a workload is called in its namespace: its kind and name stand in its id, before the overlay or release that it is of.
func (u Unit) workload() string {
	if u.Kind != "workload" {
		return ""
	}
	_, name, _ := strings.Cut(u.ID, "#")
	name, _, _ = strings.Cut(name, "@")
	return name
}

// scopes reports whether the path ends in a value that may be its environment's own.
func (g *Graph) scopes(p Path) bool {
	return slices.ContainsFunc(p.Hops, func(e analyzers.Edge) bool { return g.scoped[e.From] })
}

// leads returns, by node, the tokens that it leads to over neutral edges alone, as long as spend allows more.
func (g *Graph) leads(spend func(detectors.Place) bool) map[int]map[string]bool {
	back := make([][]int, len(g.nodes))
	for _, e := range g.Edges {
		if e.Verb.Strength() == analyzers.Neutral {
			to := g.ids[e.To]
			back[to] = append(back[to], g.ids[e.From])
		}
	}
	leads := map[int]map[string]bool{}
	for i, n := range g.nodes {
		if n.Kind != "token" {
			continue
		}
		queue := []int{i}
		for len(queue) > 0 {
			node := queue[0]
			queue = queue[1:]
			for _, from := range back[node] {
				if leads[from] == nil {
					leads[from] = map[string]bool{}
				}
				if !leads[from][n.ID] && spend(g.Edges[g.out[from][0].edge].At) {
					leads[from][n.ID] = true
					queue = append(queue, from)
				}
			}
		}
	}
	return leads
}

// processes returns the nodes of the unit itself and of all programs that it runs.
func (g *Graph) processes(unit string, env detectors.Environment) []analyzers.Node {
	start, ok := g.ids[unitNode(unit, env)]
	if !ok {
		return []analyzers.Node{unitNode(unit, env)}
	}
	var nodes []analyzers.Node
	for _, node := range g.walk(start, func(e *analyzers.Edge) bool { return e.Verb == analyzers.Runs }) {
		nodes = append(nodes, g.nodes[node])
	}
	return nodes
}
