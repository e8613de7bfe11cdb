package report

import (
	"fmt"
	"io"
	"strings"
)

// Explanation is everything that is known of a token and of crossings with it.
type Explanation struct {
	Token     *Token
	Decisive  []Evidence // without any one of these the token would be taken for something else
	Crossings []*Crossing
	Units     []*Unit // that the crossings begin at are among them
}

// Write writes it for people.
func (e Explanation) Write(w io.Writer) error {
	x := &explainer{}
	x.token(e.Token, e.Decisive)
	units := map[string]*Unit{}
	for _, u := range e.Units {
		units[u.ID] = u
	}
	for _, c := range e.Crossings {
		x.crossing(c, units[c.From])
	}
	_, err := io.WriteString(w, x.String())
	return err
}

// explainer writes lines, in which nothing of the repository writes to the reader's terminal.
type explainer struct{ strings.Builder }

func (x *explainer) line(format string, args ...any) {
	x.WriteString(strings.TrimRight(clean(fmt.Sprintf(format, args...)), " ") + "\n")
}

func (x *explainer) token(t *Token, decisive []Evidence) {
	x.line("%s  %s  %s", t.ID, t.Title, t.Masked)
	for _, p := range t.Places {
		x.line("  stands at %s", spot(p))
	}
	for _, p := range t.Parts {
		x.line("  its %s stands at %s", p.Title, spot(p.Place))
	}
	if len(t.Lacks) > 0 {
		x.line("  opens nothing without %s, of which none stands beside it", strings.Join(t.Lacks, ", "))
	}
	if t.Allowed != "" {
		x.line("  allowed as no leak: %s", t.Allowed)
	}
	switch {
	case !t.Reach.Known && len(t.Reach.Environments) > 0:
		x.line("  reach unknown; suspected: %s", strings.Join(t.Reach.Environments, ", "))
	case !t.Reach.Known:
		x.line("  reach unknown, which is not safe")
	default:
		x.line("  reach known: %s", orNone(t.Reach.Environments, "no environment"))
	}
	if t.Reach.ScopeUnknown {
		x.line("  its value may differ from environment to environment")
	}
	x.line("  intent: %s", orNone(t.Intent, "nothing says"))
	x.line("  may: at least %s; at most %s", orNone(t.Privilege.AtLeast, "nothing that was seen"), orNone(t.Privilege.AtMost, "nothing secret"))
	for _, o := range t.Operations {
		does, detail := "does", ""
		if o.Destroys {
			does = "destroys"
		}
		if d := undoing(o); d != "" {
			detail = " (" + d + ")"
		}
		x.line("    %-9s %s%s  %s", does, o.Name, detail, o.Source)
	}
	x.line("  ledger%s:", scale(t.Evidence))
	for _, e := range t.Evidence {
		x.line("    %s", ledgerLine(e))
	}
	for _, e := range decisive {
		x.line("  without this the result would change: %s", ledgerLine(e))
	}
}

func (x *explainer) crossing(c *Crossing, u *Unit) {
	x.line("")
	x.line("%s  %s  %s, %s", c.ID, c.Status, c.Severity, c.Strength)
	x.line("  %s", c.Says)
	if c.Verdict != "" {
		x.line("  severity: %s", c.Verdict)
	}
	if u != nil {
		x.line("  unit: %s, %s", u.ID, orNone(u.Environments, "no environment"))
		for _, e := range u.Evidence {
			x.line("    %s", ledgerLine(e))
		}
	}
	x.line("  path:")
	for _, h := range c.Path {
		x.line("    %-7s %-50s %s %s", h.Verb, h.To, location(h.Path, h.Line), h.Says)
	}
	if c.Others > 0 {
		x.line("  further paths: %d", c.Others)
	}
	for _, line := range c.Backups {
		x.line("  backups: %s", line)
	}
	x.line("  cut it: %s", c.Fix)
	if c.Reason != "" {
		x.line("  accepted: %s", c.Reason)
	} else {
		x.line("  or accept it, in .stagewall.yaml: accept: [{crossing: %s, reason: \"…\"}]", c.ID)
	}
}

// spot says where a token stands.
func spot(p Place) string {
	at := location(p.Path, p.Line)
	if p.Column > 0 {
		at += fmt.Sprintf(":%d", p.Column)
	}
	if p.Commit != "" {
		at += " in commit " + p.Commit
	}
	return at
}

// orNone joins names, and says none where there are none.
func orNone(names []string, none string) string {
	if len(names) == 0 {
		return none
	}
	return strings.Join(names, ", ")
}

// scale says where to read about the numbers, if there are any.
func scale(list []Evidence) string {
	for _, e := range list {
		if e.Decibans != 0 {
			return " (for the dB: stagewall help tags)"
		}
	}
	return ""
}

func ledgerLine(e Evidence) string {
	text := fmt.Sprintf("%-9s ", e.About)
	if e.Decibans != 0 {
		text += fmt.Sprintf("%+d dB ", e.Decibans)
	}
	text += e.Says
	if e.Path != "" {
		text += " (" + location(e.Path, e.Line) + ")"
	}
	return text
}
