package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
)

// random returns a graph of a few units, files, names and tokens with edges of all verbs, cycles included.
func random(r *rand.Rand) *Graph {
	verbs := []analyzers.Verb{
		analyzers.Runs, analyzers.Reads, analyzers.Passes, analyzers.Loads, analyzers.Mounts, analyzers.Sees, analyzers.Binds, analyzers.Holds,
	}
	nodes := []analyzers.Node{unitNode("u", 0)}
	for i := range 2 + r.IntN(6) {
		nodes = append(nodes, analyzers.Node{Kind: []string{"file", "name"}[i%2], ID: fmt.Sprint(i)})
	}
	for i := range 1 + r.IntN(3) {
		nodes = append(nodes, tokenNode(fmt.Sprint("t", i)))
	}
	g := &Graph{}
	seen := map[[2]int]bool{}
	for range r.IntN(24) {
		from, to := r.IntN(len(nodes)), r.IntN(len(nodes))
		if nodes[from].Kind == "token" || from == to || seen[[2]int{from, to}] && r.IntN(4) > 0 {
			continue
		}
		seen[[2]int{from, to}] = true
		possible := verbs
		if nodes[from].Kind == "unit" {
			possible = verbs[:6] // what a unit gets has a strength
		}
		g.Edges = append(g.Edges, analyzers.Edge{From: nodes[from], To: nodes[to], Verb: possible[r.IntN(len(possible))]})
	}
	g.index()
	return g
}

// answer is what the oracle says of a token.
type answer struct {
	strength analyzers.Strength
	length   int
	sequence string // the first by name among the shortest of the strongest
	paths    int    // simple paths, by their nodes
}

// oracle enumerates every simple path.
func oracle(g *Graph) map[string]answer {
	answers := map[string]answer{}
	routes := map[string]map[string]bool{}
	on := map[analyzers.Node]bool{}
	var walk func(n analyzers.Node, weakest analyzers.Strength, length int, sequence string)
	walk = func(n analyzers.Node, weakest analyzers.Strength, length int, sequence string) {
		if n.Kind == "token" {
			if routes[n.ID] == nil {
				routes[n.ID] = map[string]bool{}
			}
			routes[n.ID][sequence] = true
			a, ok := answers[n.ID]
			better := !ok || weakest > a.strength || weakest == a.strength && (length < a.length || length == a.length && sequence < a.sequence)
			if weakest != analyzers.Neutral && better {
				answers[n.ID] = answer{strength: weakest, length: length, sequence: sequence}
			}
			return
		}
		on[n] = true
		for _, e := range g.Edges {
			if e.From != n || on[e.To] {
				continue
			}
			w := weakest
			if s := e.Verb.Strength(); s != analyzers.Neutral && (w == analyzers.Neutral || s < w) {
				w = s
			}
			walk(e.To, w, length+1, sequence+"/"+key(e.To))
		}
		delete(on, n)
	}
	walk(unitNode("u", 0), analyzers.Neutral, 0, "")
	for token, a := range answers {
		a.paths = len(routes[token])
		answers[token] = a
	}
	return answers
}

func key(n analyzers.Node) string { return n.Kind + ":" + n.ID }

func TestPathsAgainstEnumeration(t *testing.T) {
	for seed := range uint64(5000) {
		g := random(rand.New(rand.NewPCG(seed, 7)))
		want := oracle(g)
		got := g.Paths("u", 0, analyzers.Ambient)
		if len(got) != len(want) {
			t.Fatalf("seed %d: %d tokens, want %d", seed, len(got), len(want))
		}
		for _, p := range got {
			w := want[p.Token]
			sequence := ""
			for _, h := range p.Hops {
				sequence += "/" + key(h.To)
			}
			if p.Strength != w.strength || len(p.Hops) != w.length || sequence != w.sequence || g.Others(p) != min(w.paths, MaxOthers+1)-1 {
				t.Fatalf("seed %d, token %s: %v, %d hops, %s, %d others; want %v, %d, %s, %d", seed, p.Token, p.Strength, len(p.Hops), sequence, g.Others(p),
					w.strength, w.length, w.sequence, w.paths-1)
			}
		}
	}
}

func TestShuffledEdgesGiveTheSame(t *testing.T) {
	for seed := range uint64(300) {
		g := random(rand.New(rand.NewPCG(seed, 7)))
		h := &Graph{Edges: slices.Clone(g.Edges)}
		rand.New(rand.NewPCG(seed, 8)).Shuffle(len(h.Edges), func(i, j int) { h.Edges[i], h.Edges[j] = h.Edges[j], h.Edges[i] })
		h.index()
		told := func(paths []Path) string {
			for i := range paths {
				paths[i].from = nil
			}
			return fmt.Sprint(paths)
		}
		if a, b := told(g.Paths("u", 0, analyzers.Ambient)), told(h.Paths("u", 0, analyzers.Ambient)); a != b {
			t.Fatalf("seed %d:\n%s\n%s", seed, a, b)
		}
	}
}

// TestOthersLooksAtNoOtherUnit counts the paths to many tokens of a file that very many units have: what other units do takes no time.
func TestOthersLooksAtNoOtherUnit(t *testing.T) {
	const units, tokens = 100_000, 20_000
	g := &Graph{}
	file := fileNode("f")
	for i := range units {
		g.Edges = append(g.Edges, analyzers.Edge{From: unitNode(fmt.Sprint(i), 0), To: file, Verb: analyzers.Loads})
	}
	for i := range tokens {
		g.Edges = append(g.Edges, analyzers.Edge{From: file, To: tokenNode(fmt.Sprint(i)), Verb: analyzers.Holds})
	}
	g.Edges = append(g.Edges,
		analyzers.Edge{From: unitNode("0", 0), To: fileNode("g"), Verb: analyzers.Loads},
		analyzers.Edge{From: fileNode("g"), To: file, Verb: analyzers.Runs},
	)
	g.index()
	for _, p := range g.Paths("0", 0, analyzers.Ambient) {
		if n := g.Others(p); n != 1 {
			t.Fatalf("%s: %d others, want 1", p.Token, n)
		}
	}
}
