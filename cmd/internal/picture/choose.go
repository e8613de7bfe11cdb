package picture

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Choice says what of a graph is shown.
type Choice struct {
	All   bool     // also what leads to no token, and what nothing leads to
	About []string // ids of tokens, crossings and units, or their beginnings, and patterns of paths: only what lies before or behind one of these
	Most  int      // nodes; 0: no limit
}

// Limit is how many nodes a picture has by default.
const Limit = 250

// Choose takes out of the graph what is not to be shown. It fails if nothing is about what is asked for.
func (g *Graph) Choose(c Choice) error {
	x := newExtract(g)
	if len(c.About) > 0 {
		shown := make([]bool, len(g.Edges))
		nodes := make([]bool, len(g.Nodes))
		for _, about := range c.About {
			if !x.about(about, nodes, shown) {
				return fmt.Errorf("nothing that is shown is about %q: an id of a token, a crossing or a unit, its beginning, or a pattern of paths is meant; --all shows also what leads to no token", about)
			}
		}
		x.nodes, x.edges = nodes, shown
	}
	x.cut()
	before := *g
	if c.Most > 0 && len(g.Nodes) > c.Most {
		x = newExtract(g)
		x.limit(c.Most)
		x.cut()
		g.LeftOut.Nodes, g.LeftOut.Edges = len(before.Nodes)-len(g.Nodes), len(before.Edges)-len(g.Edges)
		g.LeftOut.Says = fmt.Sprintf("%d of %d nodes and %d of %d edges are left out, those furthest from a crossing: --about chooses, --max-nodes 0 shows all",
			g.LeftOut.Nodes, len(before.Nodes), g.LeftOut.Edges, len(before.Edges))
	}
	return nil
}

// extract is a part of a graph.
type extract struct {
	g            *Graph
	at           map[string]int // by id, the node's index
	out, in      [][]int        // by node, edges
	nodes, edges []bool         // that are in it
}

func newExtract(g *Graph) *extract {
	n := len(g.Nodes)
	x := &extract{
		g: g, at: map[string]int{}, out: make([][]int, n), in: make([][]int, n), nodes: make([]bool, n), edges: make([]bool, len(g.Edges)),
	}
	for i, n := range g.Nodes {
		x.at[n.ID] = i
		x.nodes[i] = true
	}
	for i := range g.Edges {
		from, to := x.ends(i)
		x.out[from] = append(x.out[from], i)
		x.in[to] = append(x.in[to], i)
		x.edges[i] = true
	}
	return x
}

func (x *extract) ends(edge int) (from, to int) {
	return x.at[x.g.Edges[edge].From], x.at[x.g.Edges[edge].To]
}

// walk returns the nodes that edges lead to from some nodes, or with back those from which they lead there, and these themselves.
func (x *extract) walk(from []int, back bool) []bool {
	seen := make([]bool, len(x.nodes))
	queue := slices.Clone(from)
	for _, n := range from {
		seen[n] = true
	}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		edges := x.out[n]
		if back {
			edges = x.in[n]
		}
		for _, e := range edges {
			next, to := x.ends(e)
			if !back {
				next = to
			}
			if x.edges[e] && !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return seen
}

// about adds to nodes and edges those that lie before or behind what is meant, and reports whether there are any.
func (x *extract) about(what string, nodes, edges []bool) bool {
	if strings.HasPrefix(what, "x_") {
		return x.between(what, nodes, edges)
	}
	byID := strings.HasPrefix(what, "tok_") || strings.HasPrefix(what, "unit:")
	matches := func(path string) bool { return !byID && path != "" && doublestar.MatchUnvalidated(what, path) }
	var heads, tails []int // whatever leads to a head, and whatever a tail leads to
	for i, n := range x.g.Nodes {
		if x.nodes[i] && (byID && strings.HasPrefix(n.ID, what) || n.Kind != "token" && matches(n.Path)) {
			heads, tails = append(heads, i), append(tails, i)
		}
	}
	for i, e := range x.g.Edges { // a line of the file says it
		if x.edges[i] && matches(e.Path) {
			from, to := x.ends(i)
			heads, tails = append(heads, from), append(tails, to)
			edges[i] = true
		}
	}
	before, behind := x.walk(heads, true), x.walk(tails, false)
	for i := range x.edges {
		from, to := x.ends(i)
		edges[i] = edges[i] || x.edges[i] && (before[to] || behind[from])
	}
	for i := range nodes {
		nodes[i] = nodes[i] || before[i] || behind[i]
	}
	return len(heads) > 0
}

// between adds what lies between the units and the tokens of crossings. Units that have the same tokens are taken together: there can be as many
// crossings as there are pairs of both.
func (x *extract) between(what string, nodes, edges []bool) (found bool) {
	tokens := map[int][]int{} // by unit
	for _, c := range x.g.Crossings {
		from, fine := x.at[c.From]
		to, too := x.at[c.Token]
		if strings.HasPrefix(c.ID, what) && fine && too {
			tokens[from] = append(tokens[from], to)
		}
	}
	units := map[string][]int{} // by tokens
	for unit, of := range tokens {
		slices.Sort(of)
		key := fmt.Sprint(of)
		units[key] = append(units[key], unit)
	}
	for _, all := range units {
		of := tokens[all[0]]
		behind, before := x.walk(all, false), x.walk(of, true)
		ends := make([]bool, len(x.nodes))
		for _, n := range of {
			ends[n] = true
		}
		for i := range x.edges {
			from, to := x.ends(i)
			if x.edges[i] && behind[from] && (before[to] || ends[from]) {
				edges[i], nodes[from], nodes[to] = true, true, true
			}
		}
	}
	return len(tokens) > 0
}

// limit keeps a number of nodes: the paths of crossings, as long as they fit in, and then what is nearest to them.
func (x *extract) limit(most int) {
	var chosen []int
	is := make([]bool, len(x.nodes))
	choose := func(n int) {
		if !is[n] {
			is[n] = true
			chosen = append(chosen, n)
		}
	}
	for _, c := range x.g.Crossings {
		var path []int
		for _, e := range c.Edges {
			from, to := x.ends(e)
			path = append(path, from, to)
		}
		slices.Sort(path)
		path = slices.DeleteFunc(slices.Compact(path), func(n int) bool { return is[n] })
		if len(chosen)+len(path) <= most {
			for _, n := range path {
				choose(n)
			}
		}
	}
	if token := slices.IndexFunc(x.g.Nodes, func(n *Node) bool { return n.Kind == "token" }); len(chosen) == 0 && token >= 0 {
		choose(token)
	}
	for next, i := 0, 0; len(chosen) < most; i++ {
		if i == len(chosen) { // what hangs together with nothing that is chosen
			for next < len(is) && is[next] {
				next++
			}
			choose(next)
			continue
		}
		for _, edges := range [][]int{x.in[chosen[i]], x.out[chosen[i]]} {
			for _, e := range edges {
				for _, end := range []string{x.g.Edges[e].From, x.g.Edges[e].To} {
					if len(chosen) < most {
						choose(x.at[end])
					}
				}
			}
		}
	}
	x.nodes = is
	for i := range x.edges {
		from, to := x.ends(i)
		x.edges[i] = is[from] && is[to]
	}
}

// cut takes out of the graph what is not in the extract. A crossing stays if its whole path does.
func (x *extract) cut() {
	g := x.g
	nodes := []*Node{}
	for i, n := range g.Nodes {
		if x.nodes[i] {
			nodes = append(nodes, n)
		}
	}
	edges, number := []*Edge{}, map[int]int{}
	for i, e := range g.Edges {
		if from, to := x.ends(i); x.edges[i] && x.nodes[from] && x.nodes[to] {
			number[i] = len(edges)
			edges = append(edges, e)
		}
	}
	crossings := []*Crossing{}
	for _, c := range g.Crossings {
		one := *c
		one.Edges = nil
		for _, e := range c.Edges {
			if n, ok := number[e]; ok {
				one.Edges = append(one.Edges, n)
			}
		}
		if len(one.Edges) == len(c.Edges) {
			crossings = append(crossings, &one)
		}
	}
	g.Nodes, g.Edges, g.Crossings = nodes, edges, crossings
}
