package graph

import "slices"

// MaxOthers bounds the count of further paths.
const MaxOthers = 99

// What bounds the edges that counting paths follows.
const (
	budget    = 4000      // of one pair
	budgetAll = 4_000_000 // of all pairs
)

// Others returns how many further paths lead from the path's unit, in its environment, to its token: at most [MaxOthers], and fewer if
// there are very many edges between.
//
// Counting simple paths takes time without bound, so it has a budget, which is spent only where a path can still arrive: it goes back from
// the token, over what the unit reaches. What else leads to the token, as other units do, is not looked at.
func (g *Graph) Others(p Path) int {
	if p.from == nil || g.counted >= budgetAll {
		return 0 // no path of the graph, or there were very many of others
	}
	back := p.from.back(g)
	end := g.ids[tokenNode(p.Token)]
	n, left := 0, budget
	on := map[int]bool{end: true}
	var walk func(node int)
	walk = func(node int) {
		for _, from := range back[node] {
			if n > MaxOthers || left == 0 {
				return
			}
			if on[from] {
				continue
			}
			left--
			if from == p.from.start {
				n++
				continue
			}
			on[from] = true
			walk(from)
			delete(on, from)
		}
	}
	walk(end)
	g.counted += budget - left
	return max(n-1, 0)
}

// origin is where paths begin.
type origin struct {
	start int // the unit's node
	backs map[int][]int
}

// back returns, for each node that the origin reaches, from which of the nodes that it reaches edges lead to it. It is made on first need, once
// for all paths from the origin.
func (o *origin) back(g *Graph) map[int][]int {
	if o.backs != nil {
		return o.backs
	}
	o.backs = map[int][]int{}
	seen := map[int]bool{o.start: true}
	queue := []int{o.start}
	for len(queue) > 0 {
		node := queue[0]
		queue = queue[1:]
		for _, a := range g.out[node] {
			if before := o.backs[a.to]; len(before) == 0 || before[len(before)-1] != node { // parallel edges are one path
				o.backs[a.to] = append(before, node)
			}
			if !seen[a.to] {
				seen[a.to] = true
				queue = append(queue, a.to)
			}
		}
	}
	return o.backs
}

// leading returns the nodes from which edges lead to one of the nodes, and these themselves.
func (g *Graph) leading(ends ...int) []bool {
	leads := make([]bool, len(g.nodes))
	for _, end := range ends {
		leads[end] = true
	}
	queue := slices.Clone(ends)
	for len(queue) > 0 {
		node := queue[0]
		queue = queue[1:]
		for _, from := range g.in[node] {
			if !leads[from] {
				leads[from] = true
				queue = append(queue, from)
			}
		}
	}
	return leads
}
