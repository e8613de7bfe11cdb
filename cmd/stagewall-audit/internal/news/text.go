package news

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/store"
)

// text writes for people: of each repository the crossings that are news, as a scan writes them, then in a line each what is still there, what is
// gone, tokens, and what could not be seen; at the end a line that counts it all.
type text struct {
	strings.Builder
	report.Style
	began time.Time
}

func writeText(w io.Writer, r *Report, s report.Style) error {
	t := &text{Style: s, began: r.Run.Began}
	quiet := 0
	err := r.each(func(one *Repository) error {
		if one.quiet() && !s.Verbose {
			quiet++
			return nil
		}
		if err := t.repository(one); err != nil {
			return err
		}
		_, err := io.WriteString(w, t.String())
		t.Reset()
		return err
	})
	if err != nil {
		return err
	}
	if quiet > 0 {
		fmt.Fprintf(t, "%s without crossings, news or errors (-v lists them)\n\n", report.Count(quiet, "repository"))
	}
	t.summary(r)
	_, err = io.WriteString(w, t.String())
	return err
}

// quiet reports whether there is nothing to be said of a repository: no crossing, no token that came or went, and all could be read.
func (r *Repository) quiet() bool {
	return r.Outcome != store.Failed && r.Outcome != "" && len(r.Errors) == 0 && !slices.ContainsFunc(r.Crossings, func(x *Crossing) bool { return x.State != "accepted" }) &&
		!slices.ContainsFunc(r.Tokens, func(k *Token) bool { return store.State(k.State).News() || k.State == string(store.Gone) })
}

const indent = "          "

func (t *text) repository(r *Repository) error {
	fmt.Fprintf(t, "%s\n", t.Paint("1;4", report.Line(r.Name)))
	fmt.Fprintf(t, "%s\n\n", t.about(r))
	if r.Outcome == store.Failed {
		t.item("31", "ERROR", report.Line(r.Says))
		t.WriteString("\n")
	}
	if err := t.fresh(r); err != nil {
		return err
	}
	t.crossings(r, store.Still, "33", "STILL")
	t.crossings(r, store.Unknown, "33", "UNKNOWN")
	t.crossings(r, store.Gone, "32", "GONE")
	t.tokens(r)
	for _, e := range r.Errors {
		t.item("31", "ERROR", report.Line(e.Path)+": "+report.Line(e.Says))
	}
	for i, g := range r.Gaps {
		if !t.Verbose {
			t.item("", "GAPS", fmt.Sprintf("%s (-v lists them)", report.Count(len(r.Gaps), "place")))
			break
		}
		if i == 0 {
			t.WriteString("Gaps\n")
		}
		t.WriteString("  " + report.Line(strings.TrimSpace(g.Path+" "+g.Says)) + "\n")
	}
	if len(r.Errors)+len(r.Gaps) > 0 {
		t.WriteString("\n")
	}
	return nil
}

// about says which commit was looked at, and since when what is new is so.
func (t *text) about(r *Repository) string {
	var parts []string
	if r.Commit != "" {
		name := r.Commit[:min(12, len(r.Commit))]
		if r.Branch != "" {
			name = report.Line(r.Branch) + " " + name
		}
		parts = append(parts, name)
	}
	switch r.Outcome {
	case store.Failed:
		parts = append(parts, "could not be looked at")
	case store.Unchanged:
		parts = append(parts, "unchanged")
	case "":
		parts = append(parts, "the run has not come to it")
	}
	if r.Before != nil {
		parts = append(parts, "last "+date(*r.Before))
	} else {
		parts = append(parts, "for the first time")
	}
	return strings.Join(parts, " · ")
}

// fresh writes the crossings that are news, as a scan would.
func (t *text) fresh(r *Repository) error {
	for _, state := range []struct {
		store.State
		says string
	}{{store.New, "New"}, {store.Worse, "Worse than before"}, {store.Back, "Came back"}} {
		var some []*report.Crossing
		var lines []string
		for _, x := range r.Crossings {
			if x.State != string(state.State) || x.Crossing == nil {
				continue
			}
			some = append(some, x.Crossing)
			switch state.State {
			case store.Worse:
				lines = append(lines, fmt.Sprintf("%s was %s, first seen %s", x.ID, x.Was, day(x.FirstSeen)))
			case store.Back:
				lines = append(lines, fmt.Sprintf("%s was gone, first seen %s", x.ID, day(x.FirstSeen)))
			}
		}
		if len(some) == 0 {
			continue
		}
		fmt.Fprintf(t, "%s\n", t.Paint("1", state.says))
		slices.SortStableFunc(some, func(a, b *report.Crossing) int { return int(severity(b.Severity)) - int(severity(a.Severity)) })
		if err := report.Crossings(t, t.Style, some, r.Found.Tokens, r.Units); err != nil {
			return err
		}
		for _, line := range lines[:min(len(lines), most)] {
			t.WriteString(indent + report.Line(line) + "\n")
		}
		if len(lines) > 0 {
			t.WriteString("\n")
		}
	}
	return nil
}

const most = 20 // lines of a kind that are written unless all are to be

// crossings writes those of a state, a line for each token.
func (t *text) crossings(r *Repository, state store.State, colour, name string) {
	var lines []string
	units := map[string]int{}
	for _, x := range r.Crossings {
		if x.State == string(state) {
			units[x.key()]++
		}
	}
	for _, x := range r.Crossings {
		n := units[x.key()]
		if x.State != string(state) || n == 0 {
			continue
		}
		delete(units, x.key()) // the first is the worst
		line := fmt.Sprintf("%-8s  %s", x.Severity, report.Line(x.Says))
		if n > 1 {
			line += ", and " + report.Count(n-1, "more unit")
		}
		lines = append(lines, join(line, "("+report.Line(x.Place)+")", t.span(x.Life), x.ID))
	}
	t.list(colour, name, lines)
}

// key is what crossings of one token have in common; of what is gone the token is not known.
func (x *Crossing) key() string {
	if x.Crossing == nil {
		return x.ID
	}
	return x.Crossing.Token
}

// list writes lines of a kind.
func (t *text) list(colour, name string, lines []string) {
	for i, line := range lines {
		if i == most && !t.Verbose {
			t.item(colour, name, fmt.Sprintf("and %d more (-v lists them)", len(lines)-most))
			break
		}
		t.item(colour, name, line)
	}
	if len(lines) > 0 {
		t.WriteString("\n")
	}
}

// tokens writes which came and went, and how many are still there.
func (t *text) tokens(r *Repository) {
	var lines []string
	counts, shown := map[string]int{}, map[string]bool{}
	for _, x := range r.Crossings {
		shown[x.key()] = shown[x.key()] || store.State(x.State).News()
	}
	history := 0
	for _, k := range r.Tokens {
		counts[k.State]++
		if k.State == string(store.Still) && k.History {
			history++
		}
		if k.State != string(store.Gone) && (!store.State(k.State).News() || shown[k.ID]) && !t.Verbose {
			continue
		}
		line := fmt.Sprintf("%-8s  %s", k.State, report.Line(k.Says))
		if k.Token != nil && k.Token.Masked != "" {
			line += "  " + report.Line(k.Token.Masked)
		}
		line += "  (" + report.Line(k.Place)
		if k.History {
			line += ", in the history only"
		}
		lines = append(lines, join(line+")", t.span(k.Life), k.ID))
	}
	if n := counts[string(store.Still)]; n > 0 && !t.Verbose {
		line := fmt.Sprintf("%-8s  %s", store.Still, report.Count(n, "token"))
		if history > 0 {
			line += fmt.Sprintf(", %d in the history only", history)
		}
		if len(lines) > most {
			lines = append(lines[:most], fmt.Sprintf("and %d more that came or went (-v lists them)", len(lines)-most))
		}
		lines = append(lines, line)
	}
	t.list("", "TOKEN", lines)
}

// join puts the parts of a line side by side that there are.
func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "  ")
}

// span says since when something is there, or from when to when it was.
func (t *text) span(l Life) string {
	switch {
	case l.FirstSeen == nil || l.State == string(store.New):
		return ""
	case l.LastSeen != nil:
		return fmt.Sprintf("%s to %s", day(l.FirstSeen), day(l.LastSeen))
	}
	return fmt.Sprintf("since %s (%s)", day(l.FirstSeen), age(t.began.Sub(*l.FirstSeen)))
}

func age(d time.Duration) string {
	switch days := int(d.Hours() / 24); {
	case days >= 1:
		return report.Count(days, "day")
	case d >= time.Hour:
		return report.Count(int(d.Hours()), "hour")
	}
	return "today"
}

func date(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

func day(t *time.Time) string { return t.UTC().Format(time.DateOnly) }

func (t *text) item(colour, name, line string) {
	fmt.Fprintf(t, "%s%s\n", t.Paint(colour, fmt.Sprintf("%-10s", name)), strings.TrimRight(line, " "))
}

// summary counts it all.
func (t *text) summary(r *Report) {
	s := r.Summary
	line := report.Count(len(r.names), "repository")
	if parts := counted(s.Repositories, "scanned", "unchanged", "failed", "left"); parts != "" {
		line += ": " + parts
	}
	line += " · crossings: " + orNone(counted(s.Crossings, "new", "worse", "back", "still", "unknown", "gone", "accepted"))
	if parts := counted(s.Severities, "critical", "high", "medium", "low"); parts != "" {
		line += " (news: " + parts + ")"
	}
	line += " · tokens: " + orNone(counted(s.Tokens, "new", "back", "still", "unknown", "gone", "allowed"))
	switch {
	case s.Bytes == 0:
		line += " · " + t.Paint("31", "nothing was read")
	case s.Errors > 0:
		line += " · " + t.Paint("31", report.Count(s.Errors, "error"))
	case s.Gaps == 0:
		line += " · nothing unseen"
	}
	if s.Gaps > 0 {
		line += " · " + report.Count(s.Gaps, "gap")
	}
	t.WriteString(line + "\n")
}

func counted(counts map[string]int, names ...string) string {
	var parts []string
	for _, name := range names {
		if n := counts[name]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, name))
		}
	}
	return strings.Join(parts, ", ")
}

func orNone(parts string) string {
	if parts == "" {
		return "none"
	}
	return parts
}
