package report

import "testing"

// TestUnheeded: of a token that reaches everything, a name that speaks of staging alone is said to limit nothing.
func TestUnheeded(t *testing.T) {
	said := []Evidence{{About: "intent", Says: "the path x says staging"}, {About: "intent", Says: "the variable STAGING_TOKEN says staging"}}
	for _, c := range []struct {
		intent   []string
		evidence []Evidence
		want     string
	}{
		{[]string{"staging"}, said, "everything; that STAGING_TOKEN says staging limits nothing"},
		{[]string{"staging"}, said[:1], "everything"},
		{[]string{"production", "staging"}, said, "everything"},
	} {
		k := &Token{Bound: "everything", Intent: c.intent, Evidence: c.evidence, Reach: Reach{Known: true, Unscoped: true, Environments: []string{"production", "staging"}}}
		if got := reaches(k); got != c.want {
			t.Errorf("%v: %q, want %q", c.intent, got, c.want)
		}
	}
}
