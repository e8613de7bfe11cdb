package scan

import (
	"bytes"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/verdict"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match"
)

// writer puts tokens and crossings into the words of the report.
type writer struct {
	*collection
	tokens map[string]*decided
	lines  map[string][]string // by path: the file's lines with every secret masked
}

func (c *collection) writer(tokens map[string]*decided) *writer {
	return &writer{c, tokens, map[string][]string{}}
}

func (w *writer) token(t *decided) *report.Token {
	out := &report.Token{
		ID: t.ID, Rule: t.Rule, Provider: t.Provider, Kind: t.Kind, Reference: t.Reference != nil,
		Places: []report.Place{},
		Reach: report.Reach{
			Known: t.Reach.Known, Environments: t.Reach.Environments.Names(), Unscoped: t.Reach.Known && t.Reach.Environments == detectors.Unscoped,
			ScopeUnknown: t.Reach.ScopeUnknown,
		},
		Intent:     t.Intent.Names(),
		Privilege:  report.Privilege{AtLeast: t.AtLeast.Names(), AtMost: t.AtMost.Names()},
		Operations: []report.Operation{},
		Evidence:   evidence(t.Evidence),
		Allowed:    t.Allowed,
		Title:      w.title(t),
		Bound:      t.Bound,
		Masked:     w.masked(t),
		New:        t.new,
	}
	for _, p := range t.Places {
		out.Places = append(out.Places, report.Place{Path: p.Path, Line: p.Line, Column: p.Column, EndLine: p.EndLine, EndColumn: p.EndColumn, Commit: p.Commit})
	}
	out.Lacks = append([]string{}, t.Lacks...)
	out.Parts = []report.Part{}
	for _, p := range t.Parts {
		out.Parts = append(out.Parts, report.Part{Title: p.Title, Place: report.Place{
			Path: p.At.Path, Line: p.At.Line, Column: p.At.Column, EndLine: p.At.EndLine, EndColumn: p.At.EndColumn, Commit: p.At.Commit,
		}})
	}
	for _, o := range t.Operations {
		out.Operations = append(out.Operations, report.Operation{
			Name: o.Name, Destroys: o.Does&detectors.Destroy != 0, Undo: o.Undo, Backups: o.Backups, Source: o.Source,
		})
	}
	return out
}

func (w *writer) masked(t *decided) string {
	switch {
	case t.Reference != nil:
		return t.Reference.Store + ":" + strings.TrimPrefix(t.Reference.Scope+"/"+t.Reference.Name, "/")
	case w.opt.Reveal:
		return t.Secret.Reveal()
	}
	return t.Secret.Masked()
}

// title names the token for people: "Railway account or workspace token".
func (w *writer) title(t *decided) string {
	title := "token of an unknown service"
	if p := w.opt.Knowledge.Provider(t.Provider); p != nil {
		title = p.Title + " token"
		for _, k := range p.Kinds {
			if k.Name == t.Kind {
				title = p.Title + " " + k.Title
			}
		}
	}
	if t.Reference != nil {
		if t.Provider == "" {
			title = "secret"
		}
		name := t.Reference.Name
		if name == "*" { // all that an item of the store holds
			name = path.Base(t.Reference.Scope)
		}
		title += " " + name
	}
	return title
}

func (w *writer) crossing(u graph.Unit, t *decided, p graph.Path, others int, severity verdict.Severity) *report.Crossing {
	x := &report.Crossing{
		ID:           verdict.ID(t.ID, u.ID, p.Strength),
		Severity:     severity.String(),
		Strength:     p.Strength.String(),
		From:         "unit:" + u.ID,
		Token:        t.ID,
		Path:         []report.Hop{},
		Others:       others,
		Touches:      []string{"production"},
		Fix:          w.fix(t, p),
		Environments: p.Environment.Names(),
	}
	for _, e := range p.Hops {
		x.Path = append(x.Path, w.hop(e))
	}
	x.Says = w.headline(u, t, p)
	return x
}

func (w *writer) hop(e analyzers.Edge) report.Hop {
	hop := report.Hop{
		Verb: string(e.Verb), From: w.node(e.From), To: w.node(e.To), Strength: e.Verb.Strength().String(), Path: e.At.Path, Line: e.At.Line, Says: e.Says,
	}
	if hop.Line == 0 && hop.Path != "" {
		hop.Line = 1
	}
	hop.Frame, hop.Mark = w.frame(e)
	return hop
}

func (w *writer) node(n analyzers.Node) string {
	if t, ok := w.tokens[n.ID]; ok && n.Kind == "token" {
		return t.ID
	}
	if n.Kind == "name" {
		n.ID = shortName(n.ID)
	}
	return n.String()
}

// handedIn reports whether the name is that of what a script has put into the text of another: sh@495.0.1/1.
func handedIn(name string) bool {
	_, at, found := strings.Cut(name, "@")
	return found && strings.Contains(at, "/") && strings.Trim(at, "0123456789./") == ""
}

// shortName returns a name as its reader knows it: values that pass between files have the file's or type's name before theirs, and those of
// expressions have none.
func shortName(name string) string {
	if strings.HasPrefix(name, "expression ") || handedIn(name) {
		return "expression"
	}
	return name[strings.LastIndexByte(name, '#')+1:]
}

// headline says who can do what with which token.
func (w *writer) headline(u graph.Unit, t *decided, p graph.Path) string {
	verb := "touch"
	most := t.AtMost | t.AtLeast
	switch {
	case !powerKnown(t.Token):
	case most&detectors.Destroy != 0:
		verb = "destroy"
	case most&detectors.Admin != 0:
		verb = "take over"
	case most&detectors.Write != 0:
		verb = "change"
	case most&detectors.Read != 0:
		verb = "read"
	}
	env := p.Environment
	for _, first := range []detectors.Environment{detectors.Staging, detectors.Preview, detectors.Test, detectors.Development} {
		if env.Touches(first) {
			env = first
			break
		}
	}
	who := env.String() + " " + kindWords(u.Kind) + " " + u.Name
	if u.ID == graph.Checkout {
		who = "work on " + env.String()
	}
	can := " can "
	if !t.Reach.Known || t.Reach.ScopeUnknown || p.Scoped {
		can = " may be able to "
	}
	article := "a"
	title := w.title(t)
	if strings.ContainsRune("AEIOU", rune(title[0])) {
		article = "an"
	}
	if t.Reference != nil {
		article = "the"
	}
	return who + can + verb + " production with " + article + " " + title
}

// powerKnown reports whether something says what the token may do. If nothing does, the worst is taken, but not said as if it were known.
func powerKnown(t detectors.Token) bool { return t.Kind != "" || t.AtLeast != 0 }

// kindWords turns a unit's kind into words.
func kindWords(kind string) string {
	switch kind {
	case "ci-job":
		return "CI job"
	case "go-main":
		return "program"
	}
	return strings.ReplaceAll(kind, "-", " ")
}

// fix says how to cut the crossing.
func (w *writer) fix(t *decided, p graph.Path) string {
	last := p.Hops[len(p.Hops)-1].At
	unscoped := t.Reach.Known && t.Reach.Environments == detectors.Unscoped
	switch {
	case w.opt.Knowledge.IsAssumed(t.Reference):
		return t.Cut
	case t.Cut != "" && unscoped: // one for each environment would reach as far
		return t.Cut
	case t.Reference != nil && t.Reference.Store == "github":
		return "keep one secret for each environment (Settings, Environments) and set environment: on every job that reads it, with required reviewers for production's"
	case t.Reference != nil:
		return "give " + p.Environment.String() + " a secret of its own and read that one here"
	case t.Cut != "":
		return t.Cut
	case p.Strength == analyzers.Ambient:
		return "move the token out of the checkout, into a secret store or the shell of whoever needs it; then revoke this one"
	}
	return "give " + p.Environment.String() + " a token of its own instead of the one at " + last.Path + "; then revoke this one"
}

// frame returns the line of a hop with all secrets masked, and the 1-based byte column to point at, 0 for none.
func (w *writer) frame(e analyzers.Edge) (text string, mark int) {
	if e.At.Path == "" || e.At.Line == 0 {
		return "", 0
	}
	lines := w.read(e.At.Path)
	if e.At.Line > len(lines) {
		return "", 0
	}
	text = lines[e.At.Line-1]
	return window(text, min(e.At.Column, len(text)))
}

// window cuts a long line to what stands around the mark. A minified file's line tells nobody anything.
func window(text string, mark int) (string, int) {
	const widest, before, longest = 160, 60, 1000
	switch {
	case len(text) <= widest:
		return text, mark
	case len(text) > longest:
		return "", 0
	}
	const left = "…"
	from := max(0, min(mark-1-before, len(text)-widest))
	to := from + widest
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to++
	}
	cut := text[from:to]
	if from > 0 {
		cut, mark = left+cut, mark-from+len(left)
	}
	if to < len(text) {
		cut += left
	}
	return cut, mark
}

// read returns the lines of a file, with the secrets in it masked. Control characters are replaced, so that no file can write to the
// reader's terminal.
func (w *writer) read(path string) []string {
	if lines, ok := w.lines[path]; ok {
		return lines
	}
	w.lines[path] = nil
	f, err := w.opt.Source.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(usual().whole)))
	if err != nil {
		return nil
	}
	data = slices.Clone(match.UTF8(data))
	var b strings.Builder
	last := 0
	for _, s := range w.stands[path] {
		if w.opt.Reveal || s.At.Span.End <= last || s.At.Span.End > len(data) {
			continue
		}
		secret := around(data, s.At.Span)
		secret.Start = max(secret.Start, last)
		b.Write(data[last:secret.Start])
		b.WriteString("••••")
		b.WriteString(strings.Repeat("\n", bytes.Count(data[secret.Start:secret.End], []byte("\n"))))
		last = secret.End
	}
	b.Write(data[last:])
	text := strings.TrimPrefix(b.String(), "\ufeff")
	w.lines[path] = strings.Split(strings.Map(printable, text), "\n")
	return w.lines[path]
}

// around widens a span to the unbroken text that it stands in: a rule may match only a part of what is secret, as the token within a
// signed cookie.
func around(data []byte, s detectors.Span) detectors.Span {
	part := func(c byte) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("+/_-.%~", c) >= 0
	}
	for s.Start > 0 && part(data[s.Start-1]) {
		s.Start--
	}
	for s.End < len(data) && (part(data[s.End]) || data[s.End] == '=') {
		s.End++
	}
	return s
}

func printable(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\t':
		return ' '
	case r == '\r':
		return -1
	case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
		return '�'
	}
	return r
}
