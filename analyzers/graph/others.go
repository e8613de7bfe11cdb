package graph

import "slices"

// MaxOthers bounds the count of further paths.
const MaxOthers = 99

// budget bounds the edges that counting the paths of one pair follows.
const budget = 4000

// Others returns how many further paths lead from the path's unit, in its environment, to its token: at most [MaxOthers], and fewer if
// there are very many edges between.
//
// Counting simple paths takes time without bound, so it has a budget, which is spent only where a path can still arrive: what does not
// lead to the token is left out, by one walk back from it. It is asked for crossings alone, which are few among all paths.
func (g *Graph) Others(p Path) int {
	end := g.ids[tokenNode(p.Token)]
	leads := g.leading(end)
	n, left := 0, budget
	on := map[int]bool{p.start: true}
	var walk func(node int)
	walk = func(node int) {
		last := -1
		for _, a := range g.out[node] {
			if n > MaxOthers || left == 0 {
				return
			}
			if a.to == last || !leads[a.to] || on[a.to] {
				continue // parallel edges are one path
			}
			left--
			last = a.to
			if a.to == end {
				n++
				continue
			}
			on[a.to] = true
			walk(a.to)
			delete(on, a.to)
		}
	}
	walk(p.start)
	return max(n-1, 0)
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
