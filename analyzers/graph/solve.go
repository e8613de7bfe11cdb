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
		parent := g.search(start, strength)
		for node := range parent {
			if g.nodes[node].Kind != "token" {
				continue
			}
			if _, ok := found[node]; ok {
				continue
			}
			found[node] = Path{Token: g.nodes[node].ID, Strength: strength, Hops: g.trace(parent, start, node), Environment: env, from: from}
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

// search walks breadth first over edges that are at least as strong, and returns for each node found the edge that found it.
func (g *Graph) search(start int, least analyzers.Strength) map[int]int {
	parent := map[int]int{start: -1}
	queue := []int{start}
	for len(queue) > 0 {
		node := queue[0]
		queue = queue[1:]
		for _, a := range g.out[node] {
			s := g.Edges[a.edge].Verb.Strength()
			if s != analyzers.Neutral && s < least {
				continue
			}
			if _, ok := parent[a.to]; !ok {
				parent[a.to] = a.edge
				queue = append(queue, a.to)
			}
		}
	}
	return parent
}

func (g *Graph) trace(parent map[int]int, start, node int) []analyzers.Edge {
	var hops []analyzers.Edge
	for node != start {
		e := g.Edges[parent[node]]
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
