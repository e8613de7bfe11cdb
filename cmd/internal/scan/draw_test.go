package scan_test

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	analyzersuite "github.com/stagewall/stagewall/analyzers/suite"
	"github.com/stagewall/stagewall/cmd/internal/config"
	"github.com/stagewall/stagewall/cmd/internal/picture"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/detectors"
)

// TestDraw: every crossing has its path in the graph, hop by hop as the report has it; nothing that is shown leads nowhere; and with all of it
// every unit is shown.
func TestDraw(t *testing.T) {
	if testing.Short() {
		t.Skip("scans all cases twice")
	}
	engine, knowledge := detection(t)
	all, _ := repositories(t)
	crossings := 0
	defer func() { t.Logf("%d repositories, %d crossings", len(all), crossings) }()
	for name, files := range all {
		run := func(choice *picture.Choice) *scan.Result {
			result, err := scan.Run(context.Background(), scan.Options{
				Source: memory(files), Target: report.Target{Mode: "tree"}, Engine: engine, Knowledge: knowledge, Analyzers: analyzersuite.Analyzers(),
				Config: config.Config{Units: []config.UnitRule{{Pattern: "**", Environments: detectors.Staging}}}, // so that what any unit gets is reported
				Now:    time.Unix(0, 0), Jobs: 1, Draws: choice,
			})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return result
		}
		result := run(&picture.Choice{})
		g := result.Graph
		nodes := map[string]*picture.Node{}
		for _, n := range g.Nodes {
			if nodes[n.ID] != nil {
				t.Errorf("%s: two nodes %s", name, n.ID)
			}
			nodes[n.ID] = n
		}
		next := map[string][]string{}
		for _, e := range g.Edges {
			if nodes[e.From] == nil || nodes[e.To] == nil {
				t.Errorf("%s: %s -> %s has no end", name, e.From, e.To)
			}
			next[e.From] = append(next[e.From], e.To)
		}
		if len(g.Crossings) != len(result.Crossings) {
			t.Errorf("%s: %d crossings, want %d", name, len(g.Crossings), len(result.Crossings))
			continue
		}
		crossings += len(result.Crossings)
		for i, x := range result.Crossings {
			c := g.Crossings[i]
			if c.ID != x.ID || c.From != x.From || len(c.Edges) != len(x.Path) {
				t.Errorf("%s: %+v is no %s", name, c, x.ID)
				continue
			}
			at := c.From
			for k, h := range x.Path {
				e := g.Edges[c.Edges[k]]
				if e.From != at || e.Verb != h.Verb || e.Says != h.Says || e.Line != 0 && (e.Path != h.Path || e.Line != h.Line) || nodes[at].Severity == "" {
					t.Errorf("%s: %s: hop %d is %+v, want %+v", name, x.ID, k, *e, h)
				}
				at = e.To
			}
			if at != x.Token {
				t.Errorf("%s: %s ends at %s", name, x.ID, at)
			}
		}
		for _, e := range g.Edges { // nothing ends in nothing
			if len(next[e.To]) == 0 && nodes[e.To].Kind != "token" && nodes[e.To].Kind != "target" {
				t.Errorf("%s: nothing follows %s", name, e.To)
			}
		}
		whole := run(&picture.Choice{All: true})
		if !reflect.DeepEqual(whole.Crossings, result.Crossings) {
			t.Errorf("%s: other crossings", name)
		}
		for _, u := range whole.Units {
			if !slices.ContainsFunc(whole.Graph.Nodes, func(n *picture.Node) bool { return n.ID == u.ID }) {
				t.Errorf("%s: %s is missing", name, u.ID)
			}
		}
	}
}
