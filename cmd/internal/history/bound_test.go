package history

import "testing"

// TestBound: a blob has the bits of all its paths, and one without a path has none.
func TestBound(t *testing.T) {
	b, err := newBound([]string{`\.ya?ml$`, `(?:^|/)secret\.key$`})
	if err != nil {
		t.Fatal(err)
	}
	b.add("a/b.yaml", "new", "old")
	b.add("secret.key", "new")
	b.add("main.go", "other")
	for blob, want := range map[string]uint64{"new": 3, "old": 1, "other": 0, "none": 0} {
		if got := b.of(blob); got != want {
			t.Errorf("%s: %b, want %b", blob, got, want)
		}
	}
	if b.blind = true; b.of("none") == 0 {
		t.Error("where paths could not be read a blob has none")
	}
	if _, err := newBound([]string{"("}); err == nil {
		t.Error("an expression that does not compile makes no error")
	}
}
