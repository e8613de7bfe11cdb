package scan

import (
	"cmp"
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
	"github.com/stagewall/stagewall/detectors/environ"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/tag"
)

// writer puts tokens and crossings into the words of the report.
type writer struct {
	*collection
	tokens map[string]*decided
	texts  map[string]*masked // by path
	known  *strings.Replacer  // masks the secrets of tokens wherever they stand; nil: not made yet
}

func (c *collection) writer(tokens map[string]*decided) *writer {
	return &writer{collection: c, tokens: tokens, texts: map[string]*masked{}}
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
		switch {
		case t.Provider == "" && tag.IsConfig(t.Reference):
			title = "secrets that " + t.Reference.Store + " keeps for"
		case t.Provider == "":
			title = "secret"
		}
		name := t.Reference.Name
		item := path.Base(t.Reference.Scope)
		switch {
		case name == "*": // all that an item of the store holds
			name = item
		case t.Reference.Store == "1password" && t.Reference.Scope != "": // fields of all items are called alike
			name = item + "/" + name
		}
		title += " " + name
	}
	return title
}

func (w *writer) crossing(u graph.Unit, t *decided, p graph.Path, others int, severity verdict.Severity) *report.Crossing {
	x := &report.Crossing{
		ID:           verdict.ID(t.ID, w.unitID(u), p.Strength),
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

// unitID returns the id of a unit as a scan of the whole repository has it, so that crossings have the same ids in a scan of one of its folders.
func (w *writer) unitID(u graph.Unit) string {
	if u.ID == graph.Checkout || w.opt.Below == "" {
		return u.ID
	}
	return w.opt.Below + "/" + u.ID
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
	switch most := most(t.Token); {
	case most&detectors.Destroy != 0:
		verb = "destroy"
	case most&detectors.Admin != 0:
		verb = "take over"
	case most&detectors.Write != 0:
		verb = "change"
	case most&detectors.Read != 0:
		verb = "read"
	}
	env := foremost(p.Environment)
	who := env.String() + " " + kindWords(u.Kind) + " " + u.Name
	if u.ID == graph.Checkout {
		who = "work on " + env.String()
	}
	can := " can "
	if !t.Reach.Known || t.Reach.ScopeUnknown || t.mayDiffer(p) {
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

// most returns the most that something says the token may do. If nothing bounds it, the worst is taken, but not said as if it were known.
func most(t detectors.Token) detectors.Privilege {
	if t.Kind == "" {
		return t.AtLeast
	}
	return t.AtMost | t.AtLeast
}

// foremost returns the environment that is spoken of where there are several.
func foremost(all detectors.Environment) detectors.Environment {
	for _, one := range []detectors.Environment{detectors.Staging, detectors.Preview, detectors.Test, detectors.Development} {
		if all.Touches(one) {
			return one
		}
	}
	return all
}

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
	env := foremost(p.Environment)
	cut := strings.ReplaceAll(t.Cut, detectors.Staging.String(), env.String()) // providers say it of staging
	unscoped := t.Reach.Known && t.Reach.Environments == detectors.Unscoped
	var named, kept detectors.Environment
	if t.Reference != nil && !t.Reach.Known {
		named, kept = meant(t.Reference.Name), meant(t.Reference.Scope)
	}
	const sure = "'s own: make sure that its value reaches no more than that; then accept this crossing in .stagewall.yaml, with that as the reason"
	switch {
	case w.opt.Knowledge.IsAssumed(t.Reference):
		return cut
	case cut != "" && (unscoped || t.Reach.Whichever): // one for each environment would reach as far
		return cut
	case kept != 0 && !kept.Touches(detectors.Production):
		return "it is kept in " + t.Reference.Scope + ", which is " + kept.String() + sure
	case named != 0 && !named.Touches(detectors.Production):
		return "its name says that it is " + named.String() + sure
	case t.Reference != nil && t.Reference.Store == "github" && p.Scoped:
		return "give it a value in " + env.String() + "'s own secrets (Settings, Environments) that reaches no more than that, and keep none of this name for the whole repository"
	case t.Reference != nil && t.Reference.Store == "github":
		return "keep one secret for each environment (Settings, Environments) and set environment: on every job that reads it, with required reviewers for production's"
	case t.Reference != nil:
		return "give " + env.String() + " a secret of its own and read that one here"
	case cut != "":
		return cut
	case p.Strength == analyzers.Ambient:
		return "move the token out of the checkout, into a secret store or the shell of whoever needs it; then revoke this one"
	}
	return "give " + env.String() + " a token of its own instead of the one at " + last.Path + "; then revoke this one"
}

// meant returns the environments that a name speaks of.
func meant(name string) detectors.Environment {
	var all detectors.Environment
	for _, c := range environ.IdentifierCues(name) {
		all |= c.Environments
	}
	return all
}

// frame returns the line of a hop with all secrets masked, and the 1-based byte column to point at, 0 for none.
func (w *writer) frame(e analyzers.Edge) (text string, mark int) {
	if e.At.Path == "" || e.At.Line == 0 {
		return "", 0
	}
	before, after := w.read(e.At.Path).line(e.At.Line, e.At.Column)
	before, after = w.mask(before), w.mask(after)
	if e.At.Column > 0 {
		mark = len(before) + 1
	}
	return window(before+after, min(mark, len(before+after)))
}

// mask masks the tokens that a text holds: a secret that is one by what stands around it elsewhere need not be found here, and is none the
// less secret. Short ones are words, which stand anywhere.
func (w *writer) mask(text string) string {
	const word = 12
	if w.opt.Reveal || len(text) < word {
		return text
	}
	if w.known == nil {
		var secrets []string
		for _, t := range w.tokens {
			if secret := t.Secret.Reveal(); len(secret) >= word {
				secrets = append(secrets, secret)
			}
		}
		slices.SortFunc(secrets, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
		var pairs []string
		for _, secret := range secrets {
			pairs = append(pairs, secret, "••••")
		}
		w.known = strings.NewReplacer(pairs...)
	}
	return w.known.Replace(text)
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

// masked is a text and the secrets in it.
type masked struct {
	data   []byte
	starts []int            // of the lines
	hidden []detectors.Span // in order, and apart
}

// read returns a file's text, with nothing in it if it cannot be read.
func (w *writer) read(path string) *masked {
	m, ok := w.texts[path]
	if ok {
		return m
	}
	m = &masked{}
	w.texts[path] = m
	f, err := w.opt.Source.Open(path)
	if err != nil {
		return m
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(usual().whole)))
	if err != nil {
		return m
	}
	m.data = slices.Clone(match.UTF8(data))
	m.starts = append(m.starts, 0)
	for i, c := range m.data {
		if c == '\n' {
			m.starts = append(m.starts, i+1)
		}
	}
	last := 0
	for _, s := range w.stands[path] {
		if w.opt.Reveal || s.At.Span.End <= last || s.At.Span.End > len(m.data) {
			continue
		}
		secret := around(m.data, s.At.Span)
		secret.Start = max(secret.Start, last)
		m.hidden = append(m.hidden, secret)
		last = secret.End
	}
	return m
}

// longestLine is how many bytes a line has at the most that is shown: with all secrets masked, one that is longer is still too long to be. So what many tokens
// in one line cost is in proportion to them.
const longestLine = 16 << 10

// line returns a line up to a column, and from there on; both are counted in the text itself, from 1. A secret is not divided.
func (m *masked) line(line, column int) (before, after string) {
	if line > len(m.starts) {
		return "", ""
	}
	from, to := m.starts[line-1], len(m.data)
	if line < len(m.starts) {
		to = m.starts[line] - 1
	}
	if to-from > longestLine {
		return "", ""
	}
	at := min(from+max(column-1, 0), to)
	if i := m.behind(at); i < len(m.hidden) && m.hidden[i].Start < at {
		at = max(from, m.hidden[i].Start)
	}
	return m.text(from, at), m.text(at, to)
}

// behind returns the number of the first secret that ends behind an offset.
func (m *masked) behind(offset int) int {
	i, _ := slices.BinarySearchFunc(m.hidden, offset+1, func(s detectors.Span, end int) int { return cmp.Compare(s.End, end) })
	return i
}

// text returns a part of the text with the secrets masked. Control characters are replaced, so that no file can write to the reader's
// terminal.
func (m *masked) text(from, to int) string {
	var b strings.Builder
	for _, s := range m.hidden[m.behind(from):] {
		if s.Start >= to || from >= to {
			break
		}
		b.Write(m.data[from:max(from, s.Start)])
		b.WriteString("••••")
		from = min(s.End, to)
	}
	b.Write(m.data[from:to])
	return strings.Map(printable, strings.TrimPrefix(b.String(), "\ufeff"))
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
