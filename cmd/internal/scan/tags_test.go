package scan_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// What the program reaches now. A change may not fall below it, and raises it where it gets better; see testdata/corpus/tags/README.md.
const (
	mostCleared   = 0    // tokens that can touch production and are said not to
	mostDoubted   = 0    // tokens of which nobody can know and that are said not to
	mostFailed    = 5    // rows of all strata and questions
	mostMoved     = 0    // tokens whose tags do not follow them into another folder as they should
	reachHeld     = 0.99 // macro-F1 of reach on the held half
	privilegeHeld = 0.99 // macro-F1 of privilege on the held half
	intentHeld    = 0.99 // macro-F1 of intent on the held half
)

// TestTags scans the labelled cases and prints how often the program is right, by stratum and question, beside simpler ways to answer,
// and every row that it fails. It fails itself where the program got worse.
func TestTags(t *testing.T) {
	rows := scanCorpus(t, readCorpus(t))
	cleared, doubted := clears(t, rows)
	table(t, rows)
	failed := failures(t, rows)
	held := func(questions ...string) float64 {
		return scoreOf(rows, func(r row) bool { return r.c.held && slices.Contains(questions, r.label.question) }).macro()
	}
	reach, privilege, intent := held("reach"), held("most", "least"), held("intent")
	t.Logf("held half, macro-F1: reach %.3f, privilege %.3f, intent %.3f", reach, privilege, intent)
	if cleared > mostCleared || doubted > mostDoubted || failed > mostFailed {
		t.Errorf("worse than before: %d and %d rows said to be clear, want %d and %d; %d fail, want %d",
			cleared, doubted, mostCleared, mostDoubted, failed, mostFailed)
	}
	if reach < reachHeld || privilege < privilegeHeld || intent < intentHeld {
		t.Errorf("worse than before: macro-F1 %.3f, %.3f, %.3f, want %.3f, %.3f, %.3f", reach, privilege, intent, reachHeld, privilegeHeld, intentHeld)
	}
}

// clears prints how often a token that can or may touch production is said not to.
func clears(t *testing.T, rows []row) (cleared, doubted int) {
	proven, open, lost := 0, 0, 0
	for _, r := range rows {
		switch {
		case !r.capable():
			continue
		case !r.said.found:
			lost++
		}
		switch {
		case r.proven() && r.cleared():
			cleared++
			t.Logf("FALSE CLEAR %s", describe(r))
		case r.cleared():
			doubted++
			t.Logf("DOUBT CLEARED %s", describe(r))
		}
		if r.proven() {
			proven++
		} else {
			open++
		}
	}
	t.Logf("false clears: %d of %d tokens that can touch production (95 %% below %.1f %%), %d of %d of which nobody can know; %d not found",
		cleared, proven, 100*upper(cleared, proven), doubted, open, lost)
	return cleared, doubted
}

// TestTagsMoved moves the tokens of one file between the folders of two environments: what they reach stays, and what they are meant for follows.
func TestTagsMoved(t *testing.T) {
	moved := func(to string) []*labelled {
		var all []*labelled
		for _, c := range readCorpus(t) {
			if text, alone := c.files[".env"]; alone && c.stratum == "kinds" && len(c.files) == 1 {
				c.files = map[string]string{"deploy/" + to + "/app.env": text}
				c.labels = []label{{question: "reach", subject: c.labels[0].subject}, {question: "intent", subject: c.labels[0].subject}}
				all = append(all, c)
			}
		}
		return all
	}
	staging, production := scanCorpus(t, moved("staging")), scanCorpus(t, moved("production"))
	if len(staging) < 100 {
		t.Fatalf("only %d rows to move", len(staging))
	}
	failed := 0
	for i := range staging {
		s, p := staging[i], production[i]
		switch {
		case s.label.question == "reach" && reached(s.said) != reached(p.said): // a suspicion may come and go
			failed++
			t.Logf("%s reaches %s in staging's folder and %s in production's", s.c.name, reached(s.said), reached(p.said))
		case s.label.question == "intent" && (!s.said.environments.Touches(detectors.Staging) || !p.said.environments.Touches(detectors.Production)):
			failed++
			t.Logf("%s is meant for %s in staging's folder and for %s in production's", s.c.name, s.said.environments, p.said.environments)
		}
	}
	if failed > mostMoved {
		t.Errorf("%d of %d rows changed, want at most %d", failed, len(staging), mostMoved)
	}
}

// reached says what a token is said to reach.
func reached(s said) string {
	switch {
	case !s.found:
		return "not found"
	case !s.known:
		return "unknown"
	case s.environments == 0:
		return "none"
	}
	return s.environments.String()
}

// table prints a line for each stratum and question, and for all.
func table(t *testing.T, rows []row) {
	others := fit(rows)
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-13s %-9s %5s %9s %9s %9s |", "stratum", "question", "rows", "accuracy", "macro-F1", "coverage")
	for _, name := range baselines {
		fmt.Fprintf(&b, " %-17s", name+" acc F1")
	}
	line := func(stratum, question string, is func(row) bool) {
		s := scoreOf(rows, is)
		if s.rows == 0 {
			return
		}
		fmt.Fprintf(&b, "\n%-13s %-9s %5d %9s %9s %9s |", stratum, question, s.rows, percent(s.accuracy()), percent(s.macro()), percent(s.coverage()))
		if !slices.Contains([]string{"reach", "intent", "most", "least"}, question) {
			return
		}
		for _, name := range baselines {
			o := scoreOf(answered(rows, others[name]), is)
			fmt.Fprintf(&b, " %-17s", percent(o.accuracy())+" "+percent(o.macro()))
		}
	}
	questions := []string{"reach", "most", "least", "intent", "provider", "scope", "crosses"}
	for _, stratum := range values(rows, func(r row) string { return r.c.stratum }) {
		for _, q := range questions {
			line(stratum, q, func(r row) bool { return r.c.stratum == stratum && r.label.question == q })
		}
	}
	for _, half := range []string{"training", "held"} {
		for _, q := range questions {
			line(half, q, func(r row) bool { return r.c.held == (half == "held") && r.label.question == q })
		}
	}
	t.Log(b.String())
}

// answered returns the rows with somebody else's answers.
func answered(rows []row, by func(row) said) []row {
	other := slices.Clone(rows)
	for i := range other {
		other[i].said = by(other[i])
	}
	return other
}

func percent(f float64) string {
	if math.IsNaN(f) {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*f)
}

// failures prints the rows that the program fails, and returns their number.
func failures(t *testing.T, rows []row) (failed int) {
	for _, r := range rows {
		if _, ok := r.right(); !ok {
			failed++
			t.Log(describe(r))
		}
	}
	t.Logf("%d of %d rows fail", failed, len(rows))
	return failed
}

// describe says what is wanted and what was said.
func describe(r row) string {
	var want []string
	for _, a := range r.label.answers {
		want = append(want, a.text)
	}
	got := "not found"
	if r.said.found {
		switch r.label.question {
		case "reach":
			got = reached(r.said)
		case "intent":
			got = strings.ReplaceAll(r.said.environments.String(), "unknown", "none")
		case "most", "least":
			got = r.said.privileges.String()
		default:
			got = r.said.word
		}
	}
	return fmt.Sprintf("%s: %s of %s: want %s, got %s (%s)", r.c.name, r.label.question, r.label.subject, strings.Join(want, " or "), got, r.label.source)
}
