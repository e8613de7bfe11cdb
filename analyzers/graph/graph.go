package graph

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Stand is where a token stands in a file.
type Stand struct {
	Token string // the token's id
	At    detectors.Place
}

// Input is what linking needs.
type Input struct {
	Index analyzers.Index
	// Stands holds, for each file with tokens, where they stand, in the order of their spans.
	Stands map[string][]Stand
	// Takes returns the names that a command line program, or the client of a library that code gave no credential, takes from its
	// environment, by its documentation. May be nil.
	Takes func(detectors.Sink) []string
	// Opens returns what a token opens, by its own text or what stands beside it, and where that is written. May be nil.
	Opens func(token string) []Opening
	// WorksOn returns what a call works on. May be nil.
	WorksOn func(detectors.Sink) []detectors.ID
	// Keys returns the keys under which something stands in a file of settings; known is false if that cannot be told. May be nil.
	Keys func(file string, at detectors.Span) (keys []string, known bool)
	// Reference returns the id of a token that is known by name only.
	Reference func(detectors.Reference) string
	// Declare returns the environments that the user's own inventory gives to a unit by its place, and where it says so. May be nil.
	Declare func(u analyzers.Unit) (detectors.Environment, detectors.Evidence)
	// Mentions are signs that an environment exists which no file of the index holds: branches. Only their environments matter.
	Mentions []analyzers.Sign

	// Known is what a linking of the same input learned before: of the facts it said which ones are needed. Nil if there was none.
	Known *Known
	// Keeps reports whether what a file says may be kept, for [Linker.Learned]. Nil if nothing is to be learned.
	Keeps func(file string) bool

	// Everything says that all steps are done, also those of which it is known that nobody sees what they do. It is for tests.
	Everything bool
}

// Unit is a unit with the environments that its signs say.
type Unit struct {
	analyzers.Unit
	Environments detectors.Environment
	Evidence     []detectors.Evidence
	Class        analyzers.Class // of the signs that its environments come from
}

// Checkout is the id of the unit of those who work in the checkout: a person, a job, a coding agent.
const Checkout = "checkout"

// Opening is a thing that a token opens, and where that is written.
type Opening struct {
	detectors.ID
	At detectors.Place
}

// Graph is what linking yields.
type Graph struct {
	Units      []Unit                         // sorted by id
	Edges      []analyzers.Edge               // sorted
	References map[string]detectors.Reference // by token id
	Gaps       []analyzers.Gap

	uses   []use
	bulk   map[[2]analyzers.Node]bool // process and file: it has the file only because it has the folder
	scoped map[analyzers.Node]bool    // names whose value may be an environment's own

	nodes []analyzers.Node
	ids   map[analyzers.Node]int
	out   [][]arc
	in    [][]int // by node: where its edges come from

	counted int // edges that were followed to count paths, see Others

	// What the last walk found, see walk.
	walks  int
	walked []int // by node, in which walk it was found
	parent []int // by node, the edge that found it
	queue  []int
}

// use is a value handed on by a process.
type use struct {
	process analyzers.Node
	from    []analyzers.Node
	sink    detectors.Sink
	at      detectors.Place
	targets []analyzers.Node // that the call works on
}

// arc is an edge in the adjacency list.
type arc struct{ to, edge int }

// index sorts the edges and builds the adjacency lists.
func (g *Graph) index() {
	slices.SortFunc(g.Edges, compareEdges)
	g.ids = map[analyzers.Node]int{}
	id := func(n analyzers.Node) int {
		i, ok := g.ids[n]
		if !ok {
			i = len(g.nodes)
			g.ids[n] = i
			g.nodes = append(g.nodes, n)
			g.out = append(g.out, nil)
			g.in = append(g.in, nil)
		}
		return i
	}
	for i, e := range g.Edges {
		from, to := id(e.From), id(e.To)
		g.out[from] = append(g.out[from], arc{to, i})
		g.in[to] = append(g.in[to], from)
	}
}

// compareEdges orders edges by what they join and where they are written. Which process of a program it is that an edge leads to comes
// last: its scope is a digest, and which of several paths is told should follow from what the files say.
func compareEdges(a, b analyzers.Edge) int {
	return cmp.Or(
		compareNodes(a.From, b.From), strings.Compare(a.To.Kind, b.To.Kind), strings.Compare(a.To.ID, b.To.ID), strings.Compare(string(a.Verb), string(b.Verb)),
		strings.Compare(a.At.Path, b.At.Path), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column),
		strings.Compare(a.To.Scope, b.To.Scope), strings.Compare(a.Says, b.Says),
	)
}

func compareNodes(a, b analyzers.Node) int {
	switch {
	case a.Less(b):
		return -1
	case b.Less(a):
		return 1
	}
	return 0
}

func unitNode(id string, env detectors.Environment) analyzers.Node {
	return analyzers.Node{Kind: "unit", ID: id, Scope: strings.Join(env.Names(), ",")}
}

func tokenNode(id string) analyzers.Node { return analyzers.Node{Kind: "token", ID: id} }

// targetNode is the node of a volume, a database's host, a bucket, a project, an account: one thing, however its name is written.
func targetNode(id detectors.ID) analyzers.Node {
	return analyzers.Node{Kind: targetKind, ID: id.What + ":" + strings.ToLower(id.Value)}
}

const targetKind = "target"

// target returns the thing that a node is.
func targetOf(n analyzers.Node) detectors.ID {
	what, value, _ := strings.Cut(n.ID, ":")
	return detectors.ID{What: what, Value: value}
}

func fileNode(path string) analyzers.Node { return analyzers.Node{Kind: "file", ID: path} }
