package scan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/cmd/internal/picture"
	"github.com/stagewall/stagewall/cmd/internal/report"
)

// draw puts the graph into the form in which it is shown: with nodes that are alike as one, ids as the report has them, and no secret in any
// name. It gets the crossings' paths.
func (w *writer) draw(g *graph.Graph, r *Result, paths map[*report.Crossing][]analyzers.Edge) *picture.Graph {
	d := &drawer{writer: w, units: map[string]*report.Unit{}, ids: map[int]string{}, at: map[drawn]int{}, sights: map[drawn]int{}}
	for i, u := range g.Units {
		d.units[u.ID] = r.Units[i]
	}
	d.gather(g, r, paths)
	d.name()
	d.join()
	return &picture.Graph{Start: r.Start, Nodes: d.nodes, Edges: d.joined, Crossings: d.cross(r, paths)}
}

// drawer makes nodes and edges to be shown of the linker's.
type drawer struct {
	*writer
	units map[string]*report.Unit
	edges []analyzers.Edge
	alike map[analyzers.Node]int
	ids   map[int]string // by number of [graph.Alike]
	nodes []*picture.Node

	joined []*picture.Edge
	at     map[drawn]int // where in joined an edge is
	sights map[drawn]int // the same for those of no line, without the place
}

// drawn identifies an edge that is shown.
type drawn struct {
	from, to, path, says string
	verb                 analyzers.Verb
	line                 int
}

// gather takes the edges, of the linker and of crossings of which it knows nothing: those by whom a role trusts. What is no token after all is
// left out.
func (d *drawer) gather(g *graph.Graph, r *Result, paths map[*report.Crossing][]analyzers.Edge) {
	known := func(n analyzers.Node) bool { return n.Kind != "token" || d.tokens[n.ID] != nil }
	joins := map[[2]analyzers.Node]bool{}
	add := func(e analyzers.Edge) {
		if known(e.From) && known(e.To) {
			joins[[2]analyzers.Node{e.From, e.To}] = true
			d.edges = append(d.edges, e)
		}
	}
	for _, e := range g.Edges {
		add(e)
	}
	for _, x := range r.Crossings {
		for _, e := range paths[x] {
			if !joins[[2]analyzers.Node{e.From, e.To}] {
				add(e)
			}
		}
	}
	if !d.opt.Draws.All {
		d.edges = between(d.edges)
		d.alike = graph.Alike(d.edges)
		return
	}
	d.alike = graph.Alike(d.edges)
	for _, u := range g.Units {
		n := analyzers.Node{Kind: "unit", ID: u.ID}
		if _, gets := d.alike[n]; !gets {
			d.alike[n] = -1 - len(d.alike)
		}
	}
}

// between returns the edges by which units come to tokens, and those from there to targets. What a scan keeps of the one before has no others, see
// [graph.Known].
func between(edges []analyzers.Edge) []analyzers.Edge {
	out, in := map[analyzers.Node][]analyzers.Node{}, map[analyzers.Node][]analyzers.Node{}
	var units, tokens []analyzers.Node
	for _, e := range edges {
		out[e.From], in[e.To] = append(out[e.From], e.To), append(in[e.To], e.From)
		if e.From.Kind == "unit" {
			units = append(units, e.From)
		}
		if e.To.Kind == "token" {
			tokens = append(tokens, e.To)
		}
	}
	behind, before := reached(units, out), reached(tokens, in)
	is := func(n analyzers.Node) bool { return behind[n] && before[n] }
	var kept []analyzers.Edge
	for _, e := range edges {
		if is(e.From) && (is(e.To) || e.To.Kind == "target") {
			kept = append(kept, e)
		}
	}
	return kept
}

// reached returns the nodes that some lead to, and these themselves.
func reached(from []analyzers.Node, next map[analyzers.Node][]analyzers.Node) map[analyzers.Node]bool {
	seen := map[analyzers.Node]bool{}
	for len(from) > 0 {
		n := from[len(from)-1]
		from = from[:len(from)-1]
		if !seen[n] {
			seen[n] = true
			from = append(from, next[n]...)
		}
	}
	return seen
}

// name makes the nodes. Of several with one id all but the first have a number behind it: what has no scope comes first, and then what
// has its first edge in the first place.
func (d *drawer) name() {
	type group struct {
		base, first string
		number      int
		node        analyzers.Node
	}
	groups := map[int]*group{}
	for n, number := range d.alike {
		if o := groups[number]; o == nil || n.Less(o.node) {
			groups[number] = &group{base: strings.ToValidUTF8(d.mask(d.writer.node(n)), "�"), number: number, node: n}
		}
	}
	for _, e := range d.edges {
		o := groups[d.alike[e.From]]
		if first := fmt.Sprintf("%s\x00%9d", e.At.Path, e.At.Line); o.first == "" || first < o.first {
			o.first = first
		}
	}
	order := slices.SortedFunc(maps.Values(groups), func(a, b *group) int {
		return cmp.Or(
			cmp.Compare(a.base, b.base), cmp.Compare(min(len(a.node.Scope), 1), min(len(b.node.Scope), 1)), cmp.Compare(a.first, b.first),
			cmp.Compare(a.node.ID, b.node.ID), cmp.Compare(a.node.Scope, b.node.Scope),
		)
	})
	used := map[string]bool{}
	for _, o := range order {
		used[o.base] = true
	}
	last, n := "", 0
	for _, o := range order {
		id := o.base
		if o.base != last {
			last, n = o.base, 1
		} else {
			for used[id] {
				n++
				id = fmt.Sprintf("%s~%d", o.base, n)
			}
		}
		used[id], d.ids[o.number] = true, id
		d.nodes = append(d.nodes, d.node(o.node, id))
	}
	slices.SortFunc(d.nodes, func(a, b *picture.Node) int { return cmp.Compare(a.ID, b.ID) })
}

// node returns what is shown of a node.
func (d *drawer) node(n analyzers.Node, id string) *picture.Node {
	_, name, _ := strings.Cut(d.mask(d.writer.node(n)), ":")
	out := &picture.Node{ID: id, Kind: n.Kind, Name: name}
	switch n.Kind {
	case "file":
		out.Path = d.mask(n.ID)
	case "unit":
		if u := d.units[n.ID]; u != nil {
			out.Name, out.UnitKind, out.Path, out.Line, out.Environments = u.Name, u.Kind, d.mask(u.Path), u.Line, u.Environments
		}
	case "token":
		t := d.tokens[n.ID]
		out.Name, out.Title, out.Masked = t.ID, d.mask(d.title(t)), d.masked(t)
		if t.Reach.Known {
			out.Environments = t.Reach.Environments.Names()
		}
		if len(t.Places) > 0 {
			out.Path, out.Line = d.mask(t.Places[0].Path), t.Places[0].Line
		}
	}
	return out
}

// join makes the edges. What a unit has in several environments is one.
func (d *drawer) join() {
	shown := map[drawn]*picture.Edge{}
	for _, e := range d.edges {
		key := d.key(e)
		out := shown[key]
		if out == nil {
			out = &picture.Edge{
				From: key.from, To: key.to, Verb: string(e.Verb), Strength: e.Verb.Strength().String(), Path: d.mask(e.At.Path), Line: e.At.Line, Says: d.mask(e.Says),
			}
			shown[key] = out
			d.joined = append(d.joined, out)
		}
		if e.From.Kind == "unit" && e.From.Scope != "" && !slices.Contains(out.Environments, e.From.Scope) {
			out.Environments = append(out.Environments, e.From.Scope)
		}
	}
	slices.SortFunc(d.joined, func(a, b *picture.Edge) int {
		return cmp.Or(
			cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Verb, b.Verb), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Says, b.Says),
		)
	})
	place := map[*picture.Edge]int{}
	for i, e := range d.joined {
		slices.Sort(e.Environments)
		place[e] = i
	}
	for key, e := range shown {
		d.at[key] = place[e]
		if key.line == 0 {
			d.sights[drawn{from: key.from, to: key.to, verb: key.verb, says: key.says}] = place[e]
		}
	}
}

func (d *drawer) key(e analyzers.Edge) drawn {
	return drawn{from: d.ids[d.alike[e.From]], to: d.ids[d.alike[e.To]], verb: e.Verb, path: e.At.Path, line: e.At.Line, says: e.Says}
}

// cross returns the crossings, in the order of the report. A path's step that says no more than that a file is there has the place of the token
// in it, see [graph.Graph.Paths]; the edge has none.
func (d *drawer) cross(r *Result, paths map[*report.Crossing][]analyzers.Edge) []*picture.Crossing {
	crossings := []*picture.Crossing{}
	worst := map[string]string{} // by node
	for _, x := range r.Crossings {
		c := &picture.Crossing{ID: x.ID, Severity: x.Severity, Status: x.Status, Token: x.Token, Says: x.Says, Edges: []int{}}
		for i, e := range paths[x] {
			key := d.key(e)
			if i == 0 {
				c.From = key.from
			}
			i, ok := d.at[key]
			if !ok {
				i = d.sights[drawn{from: key.from, to: key.to, verb: key.verb, says: key.says}]
			}
			c.Edges = append(c.Edges, i)
			for _, id := range []string{key.from, key.to} {
				if worst[id] == "" && x.Status != "accepted" {
					worst[id] = x.Severity
				}
			}
		}
		crossings = append(crossings, c)
	}
	for _, n := range d.nodes {
		n.Severity = worst[n.ID]
	}
	return crossings
}
