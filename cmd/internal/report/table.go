package report

import (
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// CSV writes a line for each crossing, and for each token in none.
type CSV struct {
	w io.Writer
	collected
}

// NewCSV returns a handler that writes to w.
func NewCSV(w io.Writer) *CSV { return &CSV{w: w} }

// Handle implements [Handler].
func (c *CSV) Handle(m Message) error {
	if !c.take(m) {
		return nil
	}
	w := csv.NewWriter(c.w)
	w.Write([]string{"severity", "strength", "unit", "environments", "token", "provider", "kind", "path", "line", "says", "status", "id", "commit"})
	for _, x := range c.crossings {
		t := c.tokens[x.Token]
		if t == nil {
			t = &Token{}
		}
		last := Hop{}
		if len(x.Path) > 0 {
			last = x.Path[len(x.Path)-1]
		}
		w.Write(plainCells(x.Severity, x.Strength, x.From, strings.Join(x.Environments, " "), x.Token, t.Provider, t.Kind, last.Path,
			fmt.Sprint(last.Line), x.Says, x.Status, x.ID, ""))
	}
	for _, t := range c.alone() {
		if len(t.Places) == 0 {
			continue
		}
		p := t.Places[0]
		w.Write(plainCells("", "", "", "", t.ID, t.Provider, t.Kind, p.Path, fmt.Sprint(p.Line), t.Title, "", t.ID, p.Commit))
	}
	w.Flush()
	return w.Error()
}

// plainCells keeps a spreadsheet from taking a cell for a formula (https://owasp.org/www-community/attacks/CSV_Injection).
func plainCells(cells ...string) []string {
	for i, c := range cells {
		cells[i] = clean(c)
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			cells[i] = "'" + cells[i]
		}
	}
	return cells
}

// JUnit writes a test suite in which each crossing is a failure, so that CI systems show it, and, where a token by itself makes a scan fail,
// each token in none.
type JUnit struct {
	w io.Writer
	collected
}

// NewJUnit returns a handler that writes to w.
func NewJUnit(w io.Writer) *JUnit { return &JUnit{w: w} }

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Failure *junitMessage `xml:"failure,omitempty"`
	Error   *junitMessage `xml:"error,omitempty"`
	Skipped *junitMessage `xml:"skipped,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// Handle implements [Handler].
func (j *JUnit) Handle(m Message) error {
	if !j.take(m) {
		return nil
	}
	suite := junitSuite{Name: "stagewall"}
	for _, x := range j.crossings {
		one := junitCase{Class: x.From, Name: x.Token + " " + x.ID}
		if len(x.Path) > 0 {
			one.File = x.Path[len(x.Path)-1].Path
		}
		if x.Status == "new" {
			one.Failure = &junitMessage{Message: x.Says, Type: x.Severity, Text: hopLines(x) + "cut it: " + x.Fix + "\n"}
			suite.Failures++
		} else {
			one.Skipped = &junitMessage{Message: strings.TrimSpace(x.Status + " " + x.Reason)}
			suite.Skipped++
		}
		suite.Cases = append(suite.Cases, one)
	}
	for _, t := range j.alone() {
		if mode := j.start.Target.Mode; mode != "history" && mode != "staged" || !t.New || t.Reference || t.Allowed != "" {
			continue
		}
		one := junitCase{Class: "token", Name: t.ID, Failure: &junitMessage{Message: capital(t.Title) + " stands here", Type: "token", Text: first(t) + "\n"}}
		if len(t.Places) > 0 {
			one.File = t.Places[0].Path
		}
		suite.Cases = append(suite.Cases, one)
		suite.Failures++
	}
	for _, e := range j.errors {
		suite.Cases = append(suite.Cases, junitCase{Class: "stagewall", Name: e.Path, File: e.Path, Error: &junitMessage{Message: e.Says}})
		suite.Errors++
	}
	if len(suite.Cases) == 0 {
		suite.Cases = []junitCase{{Class: "stagewall", Name: "no crossing"}}
	}
	suite.Tests = len(suite.Cases)
	if _, err := io.WriteString(j.w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(j.w)
	e.Indent("", " ")
	if err := e.Encode(junitSuites{Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	_, err := io.WriteString(j.w, "\n")
	return err
}

// hopLines writes a path, a hop a line.
func hopLines(x *Crossing) string {
	var b strings.Builder
	b.WriteString(x.From + "\n")
	for i, h := range x.Path {
		fmt.Fprintf(&b, "%s%s %s  (%s:%d)", strings.Repeat("  ", i+1), h.Verb, h.To, h.Path, h.Line)
		if h.Says != "" {
			b.WriteString(" " + h.Says)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// Markdown writes for a pull request's comment or a job's summary.
type Markdown struct {
	w io.Writer
	collected
}

// NewMarkdown returns a handler that writes to w.
func NewMarkdown(w io.Writer) *Markdown { return &Markdown{w: w} }

// Handle implements [Handler].
func (d *Markdown) Handle(m Message) error {
	if !d.take(m) {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Stagewall\n\n%s, %s, %s read\n\n", Count(len(d.crossings), "crossing"), Count(len(d.order), "token"), Count(d.start.Target.Files, "file"))
	for _, x := range d.crossings {
		fmt.Fprintf(&b, "## %s: %s\n\n", strings.ToUpper(x.Severity), escapeMarkdown(x.Says))
		fmt.Fprintf(&b, "    %s\n\n", strings.ReplaceAll(strings.TrimSpace(cleanLines(hopLines(x))), "\n", "\n    "))
		if t := d.tokens[x.Token]; t != nil {
			fmt.Fprintf(&b, "- reaches: %s\n- can: %s\n", escapeMarkdown(reaches(t)), escapeMarkdown(powers(t)))
		}
		for _, line := range x.Backups {
			fmt.Fprintf(&b, "- backups: %s\n", escapeMarkdown(line))
		}
		fmt.Fprintf(&b, "- cut it: %s\n- id: %s (%s)\n\n", escapeMarkdown(x.Fix), x.ID, x.Status)
	}
	d.listTokens(&b)
	if len(d.gaps) > 0 {
		b.WriteString("## Not seen\n\n")
		for _, g := range d.gaps {
			fmt.Fprintf(&b, "- %s: %s\n", escapeMarkdown(location(g.Path, g.Line)), escapeMarkdown(g.Says))
		}
		b.WriteString("\n")
	}
	for _, e := range d.errors {
		fmt.Fprintf(&b, "- error: %s: %s\n", escapeMarkdown(e.Path), escapeMarkdown(e.Says))
	}
	_, err := io.WriteString(d.w, b.String())
	return err
}

// listTokens lists the tokens that are in no crossing: not so many that a comment cannot hold them.
func (d *Markdown) listTokens(b *strings.Builder) {
	const most = 100
	tokens := d.alone()
	if len(tokens) == 0 {
		return
	}
	b.WriteString("## Other tokens\n\n")
	for _, t := range tokens[:min(len(tokens), most)] {
		fmt.Fprintf(b, "- %s: %s, reaches: %s\n", escapeMarkdown(first(t)), escapeMarkdown(t.Title), escapeMarkdown(reaches(t)))
	}
	if n := len(tokens) - most; n > 0 {
		fmt.Fprintf(b, "- and %d more\n", n)
	}
	b.WriteString("\n")
}

// cleanLines is [clean] for several lines.
func cleanLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	return strings.Join(lines, "\n")
}

var markdownSpecial = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "#", `\#`, "|", `\|`, "@", "@\u200b", "!", `\!`,
)

// escapeMarkdown keeps names from the repository from being taken for markup or for mentions of people.
func escapeMarkdown(s string) string { return markdownSpecial.Replace(clean(s)) }
