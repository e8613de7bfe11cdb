package graph

import (
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Path is how a unit gets a token.
type Path struct {
	Token    string
	Strength analyzers.Strength
	Hops     []analyzers.Edge // from the unit to the token

	Environment detectors.Environment // in which environment of the unit; 0 for a unit without
	Scoped      bool                  // the value may be the environment's own

	from *origin
}

// Paths returns, for a unit in one of its environments (0 for a unit without), the best path to every token that it can get by one that is at
// least so strong, sorted by token: of the strongest paths the shortest, and of those the first by name.
func (g *Graph) Paths(unit string, env detectors.Environment, least analyzers.Strength) []Path {
	start, ok := g.ids[unitNode(unit, env)]
	if !ok {
		return nil
	}
	from := &origin{start: start}
	found := map[int]Path{}
	for strength := analyzers.Flow; strength >= least; strength-- {
		for _, node := range g.search(start, strength) {
			if g.nodes[node].Kind != "token" {
				continue
			}
			if _, ok := found[node]; ok {
				continue
			}
			found[node] = Path{Token: g.nodes[node].ID, Strength: strength, Hops: g.trace(start, node), Environment: env, from: from}
		}
	}
	paths := make([]Path, 0, len(found))
	for _, p := range found {
		p.Scoped = g.scopes(p)
		paths = append(paths, p)
	}
	slices.SortFunc(paths, func(a, b Path) int {
		if a.Token < b.Token {
			return -1
		}
		return 1
	})
	return paths
}

// search walks over edges that are at least as strong, see walk.
func (g *Graph) search(start int, least analyzers.Strength) []int {
	return g.walk(start, func(e *analyzers.Edge) bool {
		s := e.Verb.Strength()
		return s == analyzers.Neutral || s >= least
	})
}

// walk walks breadth first over some of the edges and returns the nodes that it finds, the first being the start. Which edge found each of them is
// known, and the nodes are, until the next walk: every unit has its own, and what they would need each for itself is much.
func (g *Graph) walk(start int, over func(*analyzers.Edge) bool) []int {
	if g.walked == nil {
		g.walked, g.parent = make([]int, len(g.nodes)), make([]int, len(g.nodes))
	}
	g.walks++
	g.walked[start] = g.walks
	found := append(g.queue[:0], start)
	for i := 0; i < len(found); i++ {
		for _, a := range g.out[found[i]] {
			if g.walked[a.to] != g.walks && over(&g.Edges[a.edge]) {
				g.walked[a.to], g.parent[a.to] = g.walks, a.edge
				found = append(found, a.to)
			}
		}
	}
	g.queue = found
	return found
}

// trace returns the edges by which the last walk found a node.
func (g *Graph) trace(start, node int) []analyzers.Edge {
	var hops []analyzers.Edge
	for node != start {
		e := g.Edges[g.parent[node]]
		hops = append(hops, e)
		node = g.ids[e.From]
	}
	slices.Reverse(hops)
	return placeSight(hops)
}

// placeSight gives a hop that says no more than that a file is there (sees, mounts or opens a file) the place of the token in it.
func placeSight(hops []analyzers.Edge) []analyzers.Edge {
	for i := 0; i+1 < len(hops); i++ {
		if hops[i].At.Line == 0 && hops[i+1].Verb == analyzers.Holds {
			hops[i].At = hops[i+1].At
		}
	}
	return hops
}
