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
	var nodes []analyzers.Node
	ids := map[analyzers.Node]int{}
	add := func(n analyzers.Node) int {
		if n.Kind == "unit" {
			n.Scope = ""
		}
		i, ok := ids[n]
		if !ok {
			i = len(nodes)
			ids[n] = i
			nodes = append(nodes, n)
		}
		return i
	}
	type end struct{ edge, node int }
	out, in := [][]end{}, [][]int{}
	for i, e := range edges {
		from, to := add(e.From), add(e.To)
		for len(out) < len(nodes) {
			out, in = append(out, nil), append(in, nil)
		}
		if from != to {
			out[from] = append(out[from], end{i, to})
			in[to] = append(in[to], from)
		}
	}
	numbers, left := make([]int, len(nodes)), make([]int, len(nodes))
	var ready []int
	for i := range nodes {
		numbers[i] = -1
		if left[i] = len(out[i]); left[i] == 0 {
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
	next := 0
	for len(ready) > 0 {
		node := ready[0]
		ready = ready[1:]
		var ends [][]byte
		for _, o := range out[node] {
			e := edges[o.edge]
			key := text(text(text(nil, string(e.Verb)), e.At.Path), e.Says)
			for _, n := range []int{e.At.Line, e.At.Column, numbers[o.node]} {
				key = binary.AppendUvarint(key, uint64(n))
			}
			ends = append(ends, key)
		}
		slices.SortFunc(ends, slices.Compare)
		key := text(text(nil, nodes[node].Kind), nodes[node].ID)
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
		for _, from := range in[node] {
			if left[from]--; left[from] == 0 {
				ready = append(ready, from)
			}
		}
	}
	alike := map[analyzers.Node]int{}
	for i, n := range nodes {
		if numbers[i] < 0 {
			numbers[i] = next
			next++
		}
		alike[n] = numbers[i]
	}
	for _, e := range edges { // units in each environment
		for _, n := range []analyzers.Node{e.From, e.To} {
			whole := n
			if n.Kind == "unit" {
				whole.Scope = ""
			}
			alike[n] = alike[whole]
		}
	}
	return alike
}
