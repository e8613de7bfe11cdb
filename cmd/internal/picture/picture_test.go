package picture

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/cmd/internal/report"
)

// chain returns a graph of units, each of which gets a token by way of a file; that of the second is a crossing.
func chain(units int) *Graph {
	g := &Graph{}
	for i := range units {
		unit, file, token := fmt.Sprintf("unit:%d", i), fmt.Sprintf("file:dir/%d.env", i), fmt.Sprintf("tok_%d", i)
		g.Nodes = append(g.Nodes, &Node{ID: unit, Kind: "unit", Name: unit}, &Node{ID: file, Kind: "file", Name: file, Path: file[5:]}, &Node{ID: token, Kind: "token", Title: "Acme key"})
		g.Edges = append(g.Edges, &Edge{From: unit, To: file, Verb: "mounts", Strength: "loaded", Path: "compose.yaml", Line: i}, &Edge{From: file, To: token, Verb: "holds", Strength: "neutral", Path: file[5:]})
	}
	if units > 1 {
		g.Crossings = []*Crossing{{ID: "x_1", Severity: "high", Status: "new", From: "unit:1", Token: "tok_1", Edges: []int{2, 3}}}
	}
	return g
}

func ids(g *Graph) string {
	var ids []string
	for _, n := range g.Nodes {
		ids = append(ids, n.ID)
	}
	return strings.Join(ids, " ")
}

func TestChoose(t *testing.T) {
	for _, test := range []struct {
		choice Choice
		want   string
	}{
		{Choice{About: []string{"tok_1"}}, "unit:1 file:dir/1.env tok_1"},
		{Choice{About: []string{"unit:2"}}, "unit:2 file:dir/2.env tok_2"},
		{Choice{About: []string{"x_"}}, "unit:1 file:dir/1.env tok_1"},
		{Choice{About: []string{"dir/0*", "tok_2"}}, "unit:0 file:dir/0.env tok_0 unit:2 file:dir/2.env tok_2"},
		{Choice{About: []string{"compose.yaml"}}, "unit:0 file:dir/0.env tok_0 unit:1 file:dir/1.env tok_1 unit:2 file:dir/2.env tok_2"},
		{Choice{Most: 3}, "unit:1 file:dir/1.env tok_1"},
		{Choice{Most: 1}, "tok_0"},
	} {
		g := chain(3)
		if err := g.Choose(test.choice); err != nil || ids(g) != test.want {
			t.Errorf("%+v: %s, %v, want %s", test.choice, ids(g), err, test.want)
		}
		for _, c := range g.Crossings {
			if e := g.Edges[c.Edges[0]]; e.From != c.From {
				t.Errorf("%+v: the path begins at %s", test.choice, e.From)
			}
		}
		if left := 9 - len(g.Nodes); test.choice.Most > 0 && (g.LeftOut.Nodes != left || g.LeftOut.Says == "") {
			t.Errorf("%+v: %+v", test.choice, g.LeftOut)
		}
	}
	if err := chain(3).Choose(Choice{About: []string{"other/**"}}); err == nil {
		t.Error("nothing is about it, and that is no error")
	}
}

// TestScript: the page's script is one, and ends nowhere but at its end.
func TestScript(t *testing.T) {
	if _, err := js.Parse(parse.NewInputString(script), js.Options{}); err != nil {
		t.Error(err)
	}
	if strings.Contains(script, "</") || strings.Contains(script, "innerHTML") {
		t.Error("the script may make markup of text")
	}
}

// TestHostile: no name or path writes to a terminal, or becomes markup; JSON has it as it is.
func TestHostile(t *testing.T) {
	const name = "a\x1b[31m\u202e\"<script>&\\\n"
	g := chain(2)
	for _, n := range g.Nodes {
		n.Name, n.Path, n.Title, n.Masked, n.UnitKind = name, name, name, name, name
	}
	for _, e := range g.Edges {
		e.Path, e.Says = name, name
	}
	g.Crossings[0].Says = name
	for _, format := range formats {
		var b bytes.Buffer
		send := func(h report.Handler) error {
			for _, m := range []report.Message{{Start: &report.Start{}}, {Summary: &report.Summary{}}} {
				if err := h.Handle(m); err != nil {
					return err
				}
			}
			return nil
		}
		if err := g.Write(&b, format, send); err != nil {
			t.Fatal(err)
		}
		out := b.String()
		switch format {
		case "json":
			var back Graph
			if err := json.Unmarshal(b.Bytes(), &back); err != nil || back.Nodes[0].Name != name {
				t.Errorf("%v\n%s", err, out)
			}
			continue
		case "html":
			if strings.Count(out, "<script>") != 1 {
				t.Error("a name became a script")
			}
		}
		if strings.ContainsAny(out, "\x1b\u202e") {
			t.Errorf("%s: control characters come through:\n%q", format, out)
		}
	}
}
