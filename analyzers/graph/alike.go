package graph

import (
	"encoding/binary"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
)

// Alike returns, for the nodes of the edges, by node a number that nodes have in common which nothing tells apart for who looks at what they
// lead to: a script that two jobs run with the same values is two processes, a name that two services have from one file two names. Which path
// there is from a node to a token is the same in a graph in which nodes with one number are one. A unit is one in all its environments.
//
// A node's number follows from its kind and id, and from its edges and the numbers of the nodes that they lead to, so nodes are numbered
// from the tokens on. What leads into a circle is told apart from all else.
func Alike(edges []analyzers.Edge) map[analyzers.Node]int {
	w := newWeb(edges)
	numbers, next := w.number(edges)
	alike := map[analyzers.Node]int{}
	for i, n := range w.nodes {
		if numbers[i] < 0 {
			numbers[i] = next
			next++
		}
		alike[n] = numbers[i]
	}
	for _, e := range edges { // units in each environment
		alike[e.From], alike[e.To] = alike[inAll(e.From)], alike[inAll(e.To)]
	}
	return alike
}

// inAll returns the node itself, of a unit that of all its environments.
func inAll(n analyzers.Node) analyzers.Node {
	if n.Kind == "unit" {
		n.Scope = ""
	}
	return n
}

// web is a graph by the indices of its nodes, without edges from a node to itself.
type web struct {
	nodes []analyzers.Node
	out   [][]end
	in    [][]int // the nodes that lead to it
}

// end is an edge, and the node that it leads to.
type end struct{ edge, node int }

func newWeb(edges []analyzers.Edge) *web {
	w := &web{}
	ids := map[analyzers.Node]int{}
	add := func(n analyzers.Node) int {
		n = inAll(n)
		i, ok := ids[n]
		if !ok {
			i = len(w.nodes)
			ids[n] = i
			w.nodes, w.out, w.in = append(w.nodes, n), append(w.out, nil), append(w.in, nil)
		}
		return i
	}
	for i, e := range edges {
		if from, to := add(e.From), add(e.To); from != to {
			w.out[from] = append(w.out[from], end{i, to})
			w.in[to] = append(w.in[to], from)
		}
	}
	return w
}

// number numbers the nodes from those on that lead to nothing, and returns the number that is free next. What leads into a circle has -1.
func (w *web) number(edges []analyzers.Edge) (numbers []int, next int) {
	left := make([]int, len(w.nodes)) // edges to nodes that have no number yet
	var ready []int
	numbers = make([]int, len(w.nodes))
	for i := range w.nodes {
		numbers[i] = -1
		if left[i] = len(w.out[i]); left[i] == 0 {
			ready = append(ready, i)
		}
	}
	known, texts := map[string]int{}, map[string]int{}
	text := func(key []byte, s string) []byte { // texts are compared once
		n, ok := texts[s]
		if !ok {
			n = len(texts)
			texts[s] = n
		}
		return binary.AppendUvarint(key, uint64(n))
	}
	for len(ready) > 0 {
		node := ready[0]
		ready = ready[1:]
		var ends [][]byte
		for _, o := range w.out[node] {
			e := edges[o.edge]
			key := text(text(text(nil, string(e.Verb)), e.At.Path), e.Says)
			for _, n := range []int{e.At.Line, e.At.Column, numbers[o.node]} {
				key = binary.AppendUvarint(key, uint64(n))
			}
			ends = append(ends, key)
		}
		slices.SortFunc(ends, slices.Compare)
		key := text(text(nil, w.nodes[node].Kind), w.nodes[node].ID)
		for _, end := range slices.CompactFunc(ends, slices.Equal) {
			key = append(key, end...)
		}
		number, ok := known[string(key)]
		if !ok {
			number = next
			next++
			known[string(key)] = number
		}
		numbers[node] = number
		for _, from := range w.in[node] {
			if left[from]--; left[from] == 0 {
				ready = append(ready, from)
			}
		}
	}
	return numbers, next
}
