package tag

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// Baselines hold ids, so these must never change: a change is a new format, with a new format constant.
func TestIDsAreFixed(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{ID("acme", detectors.NewSecret("hunter2")), "tok_55d274134c69de57"},
		{ID("acme", detectors.NewSecret(marker)), "tok_b40a77612e0fd495"},
		{ID("", detectors.NewSecret(marker)), "tok_b42728e37726cc51"},
		{ID("postgres", detectors.NewSecret(glue("postgres://app:", "hunter2@db/x"))), "tok_2d4a7c7990ebc572"},
		{ReferenceID(detectors.Reference{Store: "github", Name: "TOKEN"}), "tok_acde1265f76b0d6b"},
		{ReferenceID(detectors.Reference{Store: "vault", Scope: "a", Name: "TOKEN"}), "tok_5e665b30da8fed27"},
	} {
		if test.got != test.want {
			t.Errorf("%s, want %s", test.got, test.want)
		}
	}
}

func TestIDs(t *testing.T) {
	form := regexp.MustCompile(`^tok_[0-9a-f]{16}$`)
	seen := map[string]bool{}
	for _, id := range []string{
		ID("a", detectors.NewSecret("b")), ID("", detectors.NewSecret("b")), ID("a", detectors.NewSecret("c")), ID("", detectors.Secret{}),
		ReferenceID(detectors.Reference{Store: "a", Scope: "b", Name: "c"}), ReferenceID(detectors.Reference{Store: "a", Scope: "", Name: "b"}),
		ReferenceID(detectors.Reference{Store: "a", Scope: "b", Name: ""}),
	} {
		if !form.MatchString(id) || seen[id] {
			t.Errorf("id %q", id)
		}
		seen[id] = true
	}
}

func TestGuessableIsStretched(t *testing.T) {
	for value, want := range map[string]bool{
		"hunter2": true, glue("postgres://app:", "x@db/y"): true, marker + marker + "ghijk": false, "": true, strings.Repeat("a", 400): true,
		glue("host=db pass", "word=hunter2"): true, "3f2504e0-4f89-41d3-9a0c-0305e82c3301": false,
	} {
		if guessable(value) != want {
			t.Errorf("guessable(%q) = %v", value, !want)
		}
	}
}

func BenchmarkStretchedID(b *testing.B) {
	for b.Loop() {
		ID("a", detectors.NewSecret("hunter2"))
	}
}
