package report

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strings"
)

// HTML writes one page that needs nothing else: no picture, nothing that is fetched, and no script but the page's own, all of which its own policy
// forbids (https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CSP). Each crossing's path is drawn, a box for what is gained by each step.
type HTML struct {
	w io.Writer
	collected

	Style  string        // further rules of how it looks
	Figure func(p *Page) // writes what stands before the crossings; nil: nothing does
	Script string        // the page's own; empty: it has none
	Folded bool          // all crossings are folded up
}

// NewHTML returns a handler that writes to w.
func NewHTML(w io.Writer) *HTML { return &HTML{w: w} }

// Handle implements [Handler].
func (h *HTML) Handle(m Message) error {
	if !h.take(m) {
		return nil
	}
	p := &Page{text: &Text{collected: h.collected}}
	p.write(h)
	_, err := io.WriteString(h.w, p.String())
	return err
}

// Page is the page that is being written. Whatever comes from the repository goes through [Page.Printf], which escapes it.
type Page struct {
	strings.Builder
	text *Text // knows how things are said
}

// Printf writes the arguments, texts or numbers, cleaned and escaped, into markup.
func (p *Page) Printf(markup string, args ...any) {
	for i, arg := range args {
		if s, ok := arg.(string); ok {
			args[i] = html.EscapeString(clean(s))
		}
	}
	fmt.Fprintf(p, markup, args...)
}

const (
	pageHead = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'%s">
<title>Stagewall</title>
<style>
%s%s</style>
</head>
<body>
<h1>Stagewall</h1>
`
	pageStyle = `:root { color-scheme: light dark; --line: #8886; --back: #8881; --critical: #c4162a; --high: #c2410c; --medium: #a16207; --low: #0e7490 }
@media (prefers-color-scheme: dark) { :root { --critical: #ff7b8a; --high: #fb923c; --medium: #facc15; --low: #67e8f9 } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }
code, pre { font: 13px/1.45 ui-monospace, monospace; margin: 0 }
pre { overflow-x: auto; overflow-wrap: normal }
details { border: 1px solid var(--line); border-radius: 6px; margin: 1rem 0; padding: .6rem 1rem }
summary { cursor: pointer; font-weight: 600 }
.severity { font-size: 12px; text-transform: uppercase; border: 1px solid; border-radius: 4px; padding: 1px 6px; margin-right: .5rem }
.critical { color: var(--critical) } .high { color: var(--high) } .medium { color: var(--medium) } .low { color: var(--low) }
.place { opacity: .75; font-weight: 400 }
.path { list-style: none; padding: 0; margin: 1rem 0 }
.box { border: 1px solid var(--line); border-radius: 6px; background: var(--back); padding: .4rem .8rem }
.step { border-left: 3px solid var(--line); margin-left: 1.5rem; padding: .3rem 0 .3rem .8rem; font-size: 13px }
.step.flow { border-left-color: var(--critical) } .step.loaded { border-left-color: var(--high) } .step.ambient { border-left-style: dashed }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .5rem 0 }
dt { opacity: .75 } dd { margin: 0 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line) }
`
	pageFoot = "</body>\n</html>\n"
	opened   = 10 // crossings that are not folded up
)

func (p *Page) write(h *HTML) {
	t := p.text
	scripts := ""
	if h.Script != "" { // which is named by what it is, so that nothing else is one
		sum := sha256.Sum256([]byte(h.Script))
		scripts = "; script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	fmt.Fprintf(p, pageHead, scripts, pageStyle, h.Style)
	p.Printf("<p>%s</p>\n<p class=\"place\">%s %s of <code>%s</code>", t.sum(), t.start.Tool.Name, t.start.Tool.Version, t.start.Target.Path)
	if t.start.Target.Commit != "" {
		p.Printf(" at <code>%s</code>", t.start.Target.Commit)
	}
	p.WriteString("</p>\n")
	if h.Figure != nil {
		h.Figure(p)
	}
	for i, c := range t.crossings {
		p.crossing(c, i < opened && !h.Folded)
	}
	p.tokens(t.alone())
	p.unseen()
	if h.Script != "" {
		p.WriteString("<script>" + h.Script + "</script>\n")
	}
	p.WriteString(pageFoot)
}

func (p *Page) crossing(c *Crossing, open bool) {
	attribute := ""
	if open {
		attribute = " open"
	}
	p.Printf("<details id=\"%s\""+attribute+">\n<summary><span class=\"severity %s\">%s</span>%s", c.ID, c.Severity, c.Severity, c.Says)
	if c.Status != "new" {
		p.Printf(" <span class=\"place\">(%s)</span>", strings.TrimSpace(c.Status+" "+c.Reason))
	}
	p.WriteString("</summary>\n")
	k := p.text.tokens[c.Token]
	if k != nil {
		p.Printf("<p><code>%s</code> <code>%s</code> <code class=\"place\">%s</code></p>\n", stand(c, k), k.Masked, k.ID)
	}
	p.path(c)
	p.WriteString("<dl>\n")
	if k != nil {
		p.field("reaches", reaches(k))
		p.field("can", powers(k))
	}
	for _, line := range c.Backups {
		p.field("backups", line)
	}
	p.field("cut it", c.Fix)
	if c.Others > 0 {
		p.field("further paths", fmt.Sprint(c.Others))
	}
	p.field("id", c.ID)
	p.WriteString("</dl>\n</details>\n")
}

func (p *Page) field(name, text string) { p.Printf("<dt>%s</dt><dd>%s</dd>\n", name, text) }

// path draws the unit, and for each hop what it does and what is gained.
func (p *Page) path(c *Crossing) {
	p.Printf("<ol class=\"path\">\n<li><div class=\"box\"><code>%s</code>", c.From)
	if u := p.text.units[c.From]; u != nil {
		p.Printf(" <span class=\"place\">%s, %s</span>", strings.Join(c.Environments, ", "), p.text.why(u, headlined(c)))
	}
	p.WriteString("</div></li>\n")
	for i, h := range c.Path {
		gained := target(h)
		if gained == "" {
			gained = h.To
		}
		p.Printf("<li><div class=\"step %s\">%s", h.Strength, h.Verb)
		if h.Says != "" {
			p.Printf(", %s", h.Says)
		}
		p.Printf("</div><div class=\"box\"><code>%s</code>", gained)
		if h.Path != "" {
			p.Printf(" <span class=\"place\">%s</span>", location(h.Path, h.Line))
		}
		if h.Frame != "" && h.Verb != "sees" {
			why := ""
			if i == len(c.Path)-1 {
				why = p.text.kindEvidence(c, h)
			}
			var b strings.Builder
			p.text.frame(&b, "", fmt.Sprint(h.Line), h, why)
			p.WriteString("<pre>")
			for line := range strings.Lines(b.String()) {
				p.Printf("%s\n", strings.TrimSuffix(line, "\n"))
			}
			p.WriteString("</pre>")
		}
		p.WriteString("</div></li>\n")
	}
	p.WriteString("</ol>\n")
}

// tokens lists the tokens that are in no crossing.
func (p *Page) tokens(alone []*Token) {
	if len(alone) == 0 {
		return
	}
	p.WriteString("<h2>Other tokens</h2>\n<table>\n<tr><th>where</th><th>token</th><th>what</th><th>reaches</th></tr>\n")
	for _, k := range alone {
		what := k.Title
		if k.Allowed != "" {
			what += ", allowed as no leak"
		}
		p.Printf("<tr id=\"%s\"><td><code>%s</code></td><td><code>%s</code></td><td>%s</td><td>%s</td></tr>\n", k.ID, first(k), k.Masked, what, reaches(k))
	}
	p.WriteString("</table>\n")
}

// unseen lists gaps and errors.
func (p *Page) unseen() {
	if len(p.text.errors) > 0 {
		p.WriteString("<h2>Errors</h2>\n<ul>\n")
		for _, e := range p.text.errors {
			p.Printf("<li><code>%s</code> %s</li>\n", e.Path, e.Says)
		}
		p.WriteString("</ul>\n")
	}
	if len(p.text.gaps) == 0 {
		return
	}
	p.WriteString("<h2>Not seen</h2>\n<ul>\n")
	for _, g := range p.text.gaps {
		p.Printf("<li><code>%s</code> %s</li>\n", location(g.Path, g.Line), g.Says)
	}
	p.WriteString("</ul>\n")
}
