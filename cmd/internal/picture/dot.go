package picture

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/cmd/internal/report"
)

// dot returns the graph in the language of Graphviz: https://graphviz.org/doc/info/lang.html.
func (g *Graph) dot() string {
	var b strings.Builder
	b.WriteString("digraph stagewall {\n\trankdir=LR;\n\tgraph [fontname=\"sans-serif\", ranksep=0.8, nodesep=0.15];\n" +
		"\tnode [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11, height=0.3];\n\tedge [fontname=\"sans-serif\", fontsize=9];\n")
	if says := g.LeftOut.Says; says != "" {
		fmt.Fprintf(&b, "\tlabel=%s;\n", label(says))
	}
	ids := g.quotedIDs()
	for _, n := range g.Nodes {
		fmt.Fprintf(&b, "\t%s [label=%s, tooltip=%s%s];\n", ids[n.ID], label(n.lines()...), label(n.ID), shapes[n.Kind]+colours[n.Severity])
	}
	crossed := g.crossed()
	for _, l := range g.lines() {
		e := g.Edges[l.edges[0]]
		look := looks[l.strength]
		if slices.ContainsFunc(l.edges, func(i int) bool { return crossed[i] != "" }) {
			look += ", penwidth=2.5" + colours["critical"]
		}
		fmt.Fprintf(&b, "\t%s -> %s [label=%s, tooltip=%s%s];\n", ids[e.From], ids[e.To], label(l.verbs), label(l.says...), look)
	}
	b.WriteString("}\n")
	return b.String()
}

var (
	shapes = map[string]string{
		"unit": ", style=\"rounded,bold\"", "file": ", shape=note, style=solid", "token": ", shape=box, style=filled, fillcolor=\"#fde68a\"", "target": ", shape=cylinder, style=solid",
	}
	colours = map[string]string{"critical": ", color=\"#c4162a\"", "high": ", color=\"#c2410c\"", "medium": ", color=\"#a16207\"", "low": ", color=\"#0e7490\""}
	looks   = map[string]string{"loaded": ", style=solid", "ambient": ", style=dashed", "neutral": ", style=dotted"}
)

// quotedIDs returns, by a node's id, what it is called. No two are called the same, though control characters are left out.
func (g *Graph) quotedIDs() map[string]string {
	ids, used, last := map[string]string{}, map[string]bool{}, map[string]int{}
	for _, n := range g.Nodes {
		base := report.Line(n.ID)
		name := base
		for used[name] {
			last[base]++
			name = fmt.Sprintf("%s~%d", base, last[base]+1)
		}
		ids[n.ID], used[name] = quote(name), true
	}
	return ids
}

// quote returns a text in double quotes.
func quote(text string) string { return `"` + escape(text) + `"` }

// escape escapes what ends a text in double quotes. There a backslash is one only before a quote, so that a doubled one never is; in a label it
// means one.
func escape(text string) string { return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) }

// label returns lines as an escString in double quotes, in which HTML's entities mean what they do there: https://graphviz.org/docs/attr-types/escString/.
func label(lines ...string) string {
	var escaped []string
	for _, line := range lines {
		escaped = append(escaped, escape(strings.ReplaceAll(report.Line(line), "&", "&amp;")))
	}
	return `"` + strings.Join(escaped, `\n`) + `"`
}

// lines returns what is written into a node.
func (n *Node) lines() []string {
	const longest = 48
	lines := []string{shortened(n.Name, longest)}
	switch {
	case n.Kind == "unit" && n.UnitKind != "checkout":
		lines = append(lines, strings.ReplaceAll(n.UnitKind, "-", " ")+", "+n.places())
	case n.Kind == "unit":
		lines = append(lines, n.places())
	case n.Kind == "token":
		lines = []string{shortened(n.Title, longest), shortened(n.Masked, longest)}
	}
	return lines
}

func (n *Node) places() string {
	if len(n.Environments) == 0 {
		return "of no known environment"
	}
	return strings.Join(n.Environments, ", ")
}

// shortened leaves out the middle of a long text: names of files tell most at their ends.
func shortened(text string, longest int) string {
	runes := []rune(report.Line(text))
	if len(runes) <= longest {
		return string(runes)
	}
	half := longest / 2
	return string(runes[:half-1]) + "…" + string(runes[len(runes)-half:])
}

// line is all edges from one node to another.
type line struct {
	edges    []int
	verbs    string
	strength string   // the strongest
	says     []string // one for each edge
}

// lines returns the edges by the nodes that they join, sorted.
func (g *Graph) lines() []*line {
	const most = 12
	of := map[[2]string]*line{}
	var all []*line
	rank := []string{"neutral", "ambient", "loaded", "flow"}
	for i, e := range g.Edges {
		key := [2]string{e.From, e.To}
		l := of[key]
		if l == nil {
			l = &line{verbs: e.Verb, strength: e.Strength}
			of[key] = l
			all = append(all, l)
		}
		l.edges = append(l.edges, i)
		if !slices.Contains(strings.Split(l.verbs, ", "), e.Verb) {
			l.verbs += ", " + e.Verb
		}
		if slices.Index(rank, e.Strength) > slices.Index(rank, l.strength) {
			l.strength = e.Strength
		}
		switch len(l.edges) {
		case most:
			l.says = append(l.says, "…")
		default:
			if len(l.edges) < most {
				l.says = append(l.says, e.text())
			}
		}
	}
	return all
}

// text says an edge in words.
func (e *Edge) text() string {
	parts := []string{e.Verb}
	if e.Path != "" {
		parts = append(parts, e.place())
	}
	if e.Says != "" {
		parts = append(parts, e.Says)
	}
	if len(e.Environments) > 0 {
		parts = append(parts, "in "+strings.Join(e.Environments, ", "))
	}
	return strings.Join(parts, "; ")
}

func (e *Edge) place() string {
	if e.Line == 0 {
		return e.Path
	}
	return fmt.Sprintf("%s:%d", e.Path, e.Line)
}

// crossed returns, by edge, the severity of the worst crossing whose path it is on; no entry if it is on none that somebody has to look at.
func (g *Graph) crossed() map[int]string {
	crossed := map[int]string{}
	for _, c := range g.Crossings { // the worst come first
		for _, e := range c.Edges {
			if crossed[e] == "" && c.Status != "accepted" {
				crossed[e] = c.Severity
			}
		}
	}
	return crossed
}
