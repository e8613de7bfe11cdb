package graph

import (
	"math/rand/v2"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
)

// TestAlike: of processes that nothing tells apart one is enough, names that hold something else stay apart, and so does what runs itself.
func TestAlike(t *testing.T) {
	node := func(kind, id, scope string) analyzers.Node { return analyzers.Node{Kind: kind, ID: id, Scope: scope} }
	edge := func(from, to analyzers.Node, verb analyzers.Verb) analyzers.Edge {
		return analyzers.Edge{From: from, To: to, Verb: verb}
	}
	a, b := tokenNode("a"), tokenNode("b")
	alike := Alike([]analyzers.Edge{
		edge(unitNode("u", 1), node("file", "run.sh", "1"), analyzers.Runs),
		edge(unitNode("u", 2), node("file", "run.sh", "2"), analyzers.Runs),
		edge(unitNode("u", 4), node("file", "run.sh", "3"), analyzers.Runs),
		edge(node("file", "run.sh", "1"), node("name", "KEY", "1"), analyzers.Reads),
		edge(node("file", "run.sh", "2"), node("name", "KEY", "2"), analyzers.Reads),
		edge(node("file", "run.sh", "3"), node("name", "KEY", "3"), analyzers.Reads),
		edge(node("name", "KEY", "1"), a, analyzers.Binds),
		edge(node("name", "KEY", "2"), a, analyzers.Binds),
		edge(node("name", "KEY", "3"), b, analyzers.Binds),
		edge(node("file", "loop.sh", "1"), node("file", "loop.sh", "2"), analyzers.Runs),
		edge(node("file", "loop.sh", "2"), node("file", "loop.sh", "1"), analyzers.Runs),
	})
	for _, test := range []struct {
		a, b analyzers.Node
		one  bool
	}{
		{unitNode("u", 1), unitNode("u", 4), true},
		{node("file", "run.sh", "1"), node("file", "run.sh", "2"), true},
		{node("name", "KEY", "1"), node("name", "KEY", "2"), true},
		{node("file", "run.sh", "1"), node("file", "run.sh", "3"), false},
		{node("name", "KEY", "1"), node("name", "KEY", "3"), false},
		{node("file", "loop.sh", "1"), node("file", "loop.sh", "2"), false},
		{a, b, false},
	} {
		if got := alike[test.a] == alike[test.b]; got != test.one {
			t.Errorf("%v and %v: %v", test.a, test.b, got)
		}
	}
}

// TestAlikePaths: in a graph in which nodes that are alike are one, every unit has the paths that it has.
func TestAlikePaths(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		g := random(r)
		for i, e := range g.Edges { // few ids, so that there is something to join
			for _, n := range []*analyzers.Node{&e.From, &e.To} {
				if n.Kind == "file" || n.Kind == "name" {
					*n = analyzers.Node{Kind: n.Kind, ID: "one", Scope: n.ID}
				}
			}
			g.Edges[i] = e
		}
		before := &Graph{Edges: g.Edges}
		before.index()
		alike := Alike(g.Edges)
		first, joined := map[int]analyzers.Node{}, &Graph{}
		for _, e := range g.Edges {
			for _, n := range []*analyzers.Node{&e.From, &e.To} {
				if _, ok := first[alike[*n]]; !ok {
					first[alike[*n]] = *n
				}
				*n = first[alike[*n]]
			}
			joined.Edges = append(joined.Edges, e)
		}
		joined.index()
		want, got := before.Paths("u", 0, analyzers.Ambient), joined.Paths("u", 0, analyzers.Ambient)
		if len(want) != len(got) {
			t.Fatalf("%d paths, want %d", len(got), len(want))
		}
		for i := range want {
			if want[i].Token != got[i].Token || want[i].Strength != got[i].Strength || len(want[i].Hops) != len(got[i].Hops) {
				t.Errorf("%v, want %v", got[i], want[i])
			}
		}
	}
}
