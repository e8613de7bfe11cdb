package picture

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/cmd/internal/report"
)

var (
	//go:embed page.css
	style string
	//go:embed page.js
	script string
)

// writeHTML writes the report's page with the graph drawn before what it says of the crossings, and behind the drawing what it shows in words:
// whoever cannot see it, or lets no script run, has all of it too.
func (g *Graph) writeHTML(w io.Writer, send func(report.Handler) error) error {
	page := report.NewHTML(w)
	page.Style, page.Script, page.Folded = style, script, true
	page.Figure = func(p *report.Page) { newFigure(g, p).write() }
	return send(shown{g.ids(), page})
}

// ids returns the ids of all that is shown.
func (g *Graph) ids() map[string]bool {
	ids := map[string]bool{}
	for _, n := range g.Nodes {
		ids[n.ID] = true
	}
	for _, c := range g.Crossings {
		ids[c.ID] = true
	}
	return ids
}

// shown lets through what is said of crossings and tokens that are shown.
type shown struct {
	ids map[string]bool
	to  report.Handler
}

// Handle implements [report.Handler].
func (s shown) Handle(m report.Message) error {
	if m.Crossing != nil && !s.ids[m.Crossing.ID] || m.Token != nil && !s.ids[m.Token.ID] {
		return nil
	}
	return s.to.Handle(m)
}

// figure draws a graph on a page.
type figure struct {
	*report.Page
	g       *Graph
	number  map[string]int // of a node, by its id
	lines   []*line
	crossed map[int]string
	texts   [][]string // by node
	columns *columns
}

const (
	letter    = 6.8 // the width of one, and the height of a line of text
	lineHigh  = 15.0
	padding   = 9.0
	showVerbs = 60 // lines up to which their verbs are always shown
)

func newFigure(g *Graph, p *report.Page) *figure {
	f := &figure{Page: p, g: g, number: map[string]int{}, lines: g.lines(), crossed: g.crossed()}
	var sizes [][2]float64
	for i, n := range g.Nodes {
		f.number[n.ID] = i
		texts := n.lines()
		widest := 0
		for _, t := range texts {
			widest = max(widest, columnsOf(t))
		}
		f.texts = append(f.texts, texts)
		sizes = append(sizes, [2]float64{float64(widest)*letter + 2*padding, float64(len(texts))*lineHigh + padding})
	}
	var edges [][2]int
	for _, l := range f.lines {
		e := g.Edges[l.edges[0]]
		edges = append(edges, [2]int{f.number[e.From], f.number[e.To]})
	}
	f.columns = arrange(sizes, edges, func(node int) bool { return g.Nodes[node].Kind == "token" })
	return f
}

// columnsOf returns how many letters wide a text is; those of other scripts may be twice as wide.
func columnsOf(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r >= 0x2e80 {
			n++
		}
	}
	return n
}

func (f *figure) write() {
	f.Printf("<section id=\"graph\" aria-label=\"Who can get what\">\n<h2>Who can get what</h2>\n")
	if says := f.g.LeftOut.Says; says != "" {
		f.Printf("<p class=\"left-out\">%s</p>\n", says)
	}
	if len(f.g.Nodes) == 0 {
		f.WriteString("<p>No unit gets any token.</p>\n</section>\n")
		return
	}
	f.WriteString(`<div class="tools" hidden><label>Find <input id="find" type="search" autocomplete="off" spellcheck="false"></label> <output id="found"></output>
<button id="smaller" aria-label="smaller">−</button><button id="larger" aria-label="larger">+</button><button id="whole">whole</button><button id="clear">clear</button>
<span class="place">Arrow keys go from node to node, Enter shows what one gets and who gets it, / finds, Esc clears.</span></div>
`)
	f.legend()
	f.crossings()
	fmt.Fprintf(f, "<div class=\"drawing\" tabindex=\"-1\"><svg id=\"drawing\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" class=\"%s\" role=\"group\" aria-label=\"the graph\">\n",
		f.columns.width, f.columns.height, f.columns.width, f.columns.height, when(len(f.lines) <= showVerbs, "verbs"))
	f.WriteString("<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto-start-reverse\"><path d=\"M0 0 8 4 0 8z\" fill=\"context-stroke\"/></marker></defs>\n")
	for i, l := range f.lines {
		f.line(i, l)
	}
	for i := range f.g.Nodes {
		f.node(i)
	}
	f.WriteString("</svg></div>\n")
	f.words()
	f.WriteString("</section>\n<h2>Crossings and tokens</h2>\n")
}

func (f *figure) legend() {
	f.WriteString("<p class=\"legend place\">")
	for _, kind := range []string{"unit", "name", "file", "token", "target"} {
		f.Printf("<span class=\"sample %s\">%s</span> ", kind, kind)
	}
	for _, strength := range []string{"flow", "loaded", "ambient", "neutral"} {
		f.Printf("<svg width=\"36\" height=\"10\" aria-hidden=\"true\"><path class=\"edge %s\" d=\"M0 5H36\"/></svg> %s ", strength, strength)
	}
	f.WriteString("</p>\n")
}

// crossings lists them, as what can be shown in the drawing.
func (f *figure) crossings() {
	if len(f.g.Crossings) == 0 {
		return
	}
	at := map[int]int{} // by edge, its line
	for i, l := range f.lines {
		for _, e := range l.edges {
			at[e] = i
		}
	}
	f.WriteString("<ol class=\"crossings\">\n")
	for _, c := range f.g.Crossings {
		var lines []string
		for _, e := range c.Edges {
			lines = append(lines, fmt.Sprint(at[e]))
		}
		f.Printf("<li><a href=\"#%s\" data-lines=\"%s\"><span class=\"severity %s\">%s</span>%s</a>", c.ID, strings.Join(lines, " "), c.Severity, c.Severity, c.Says)
		if c.Status != "new" {
			f.Printf(" <span class=\"place\">(%s)</span>", c.Status)
		}
		f.WriteString("</li>\n")
	}
	f.WriteString("</ol>\n")
}

// line draws all edges from one node to another.
func (f *figure) line(i int, l *line) {
	e := f.g.Edges[l.edges[0]]
	from, to := f.number[e.From], f.number[e.To]
	if from == to {
		return
	}
	class := "edge " + l.strength
	for _, one := range l.edges {
		if severity := f.crossed[one]; severity != "" {
			class += " crossed " + severity
			break
		}
	}
	way := f.columns.ways[i]
	start, end := " marker-end=\"url(#arrow)\"", ""
	if f.columns.turned[i] {
		start, end = end, " marker-start=\"url(#arrow)\""
	}
	f.Printf("<g class=\"%s\" data-from=\"%d\" data-to=\"%d\"><title>%s</title><path class=\"%s\"", class, from, to, e.From+" → "+e.To+"\n"+strings.Join(l.says, "\n"), class)
	fmt.Fprintf(f, " id=\"e%d\" d=\"%s\"%s%s/>", i, f.curve(way), start, end)
	a, b := f.columns.boxes[way[0]], f.columns.boxes[way[1]]
	fmt.Fprintf(f, "<text class=\"verb\" x=\"%.0f\" y=\"%.0f\">", (a.x+a.width+b.x)/2, (a.y+b.y)/2-2)
	f.Printf("%s</text></g>\n", l.verbs)
}

// curve returns the way of a line: from the right end of a box to the left end of the next, straight through bends.
func (f *figure) curve(way []int) string {
	var b strings.Builder
	at := f.columns.boxes[way[0]]
	x, y := at.x+at.width, at.y
	fmt.Fprintf(&b, "M%.1f %.1f", x, y)
	for _, n := range way[1:] {
		next := f.columns.boxes[n]
		middle := (x + next.x) / 2
		fmt.Fprintf(&b, "C%.1f %.1f %.1f %.1f %.1f %.1f", middle, y, middle, next.y, next.x, next.y)
		if x, y = next.x, next.y; next.height == 0 {
			x += next.width
			fmt.Fprintf(&b, "H%.1f", x)
		}
	}
	return b.String()
}

func (f *figure) node(i int) {
	n, at := f.g.Nodes[i], f.columns.boxes[i]
	stop := -1
	if i == f.columns.list[0][0] {
		stop = 0 // the one that the tabulator comes to; arrow keys go on from there
	}
	searched := strings.ToLower(strings.Join([]string{n.ID, n.Name, n.Title, n.Masked, n.Path, n.UnitKind, strings.Join(n.Environments, " ")}, " "))
	f.Printf("<g class=\"node %s %s\" id=\"n%d\" data-column=\"%d\" tabindex=\"%d\" role=\"button\" aria-label=\"%s\" data-text=\"%s\"><title>%s</title>",
		n.Kind, n.Severity, i, at.column, stop, n.Kind+" "+strings.Join(f.texts[i], ", "), searched, n.ID)
	fmt.Fprintf(f, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\"/>", at.x, at.y-at.height/2, at.width, at.height, map[string]int{"unit": 10, "name": 3}[n.Kind])
	for k, text := range f.texts[i] {
		y := at.y + (float64(k)-float64(len(f.texts[i])-1)/2)*lineHigh + 4
		fmt.Fprintf(f, "<text x=\"%.1f\" y=\"%.1f\"%s>", at.x+padding, y, when(k > 0, " class=\"second\""))
		f.Printf("%s</text>", text)
	}
	f.WriteString("</g>\n")
}

// when returns a text if something is so.
func when(is bool, text string) string {
	if is {
		return text
	}
	return ""
}

// words says what is drawn.
func (f *figure) words() {
	f.WriteString("<div id=\"selected\" aria-live=\"polite\"></div>\n<details id=\"words\"><summary>The same in words</summary>\n")
	out, in := make([][]*Edge, len(f.g.Nodes)), make([][]*Edge, len(f.g.Nodes))
	for _, e := range f.g.Edges {
		from, to := f.number[e.From], f.number[e.To]
		out[from], in[to] = append(out[from], e), append(in[to], e)
	}
	order := make([]int, len(f.g.Nodes))
	for i := range order {
		order[i] = i
	}
	kinds := []string{"unit", "token", "name", "file", "target"}
	slices.SortStableFunc(order, func(a, b int) int {
		return slices.Index(kinds, f.g.Nodes[a].Kind) - slices.Index(kinds, f.g.Nodes[b].Kind)
	})
	for _, i := range order {
		n := f.g.Nodes[i]
		f.Printf("<section class=\"words\" id=\"w%d\"><h3>%s <code>%s</code></h3>\n<p class=\"place\">%s</p>\n", i, n.Kind, n.Name, strings.Join(n.about(), " · "))
		f.edges("gets", out[i], func(e *Edge) string { return e.To })
		f.edges("is got by", in[i], func(e *Edge) string { return e.From })
		f.WriteString("</section>\n")
	}
	f.WriteString("</details>\n")
}

// about returns what is said of a node beside its name.
func (n *Node) about() []string {
	var about []string
	if n.Title != "" {
		about = append(about, n.Title, n.Masked)
	}
	if n.UnitKind != "" {
		about = append(about, strings.ReplaceAll(n.UnitKind, "-", " "))
	}
	switch {
	case n.Kind == "token" && len(n.Environments) > 0:
		about = append(about, "reaches "+n.places())
	case n.Kind == "token":
		about = append(about, "reach unknown, which is not safe")
	case n.Kind == "unit":
		about = append(about, n.places())
	}
	if at := (&Edge{Path: n.Path, Line: n.Line}).place(); at != "" {
		about = append(about, at)
	}
	if n.Severity != "" {
		about = append(about, "in a crossing: "+n.Severity)
	}
	return about
}

func (f *figure) edges(title string, edges []*Edge, other func(*Edge) string) {
	if len(edges) == 0 {
		return
	}
	f.Printf("<h4>%s</h4><ul>\n", title)
	for _, e := range edges {
		n := f.g.Nodes[f.number[other(e)]]
		name := n.Name
		if n.Title != "" {
			name = n.Title + " " + n.Name
		}
		f.Printf("<li><a href=\"#w%d\" data-node=\"%d\">%s <code>%s</code></a> <span class=\"place\">%s</span></li>\n", f.number[n.ID], f.number[n.ID], n.Kind, name, e.text())
	}
	f.WriteString("</ul>\n")
}
