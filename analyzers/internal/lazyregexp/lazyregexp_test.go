package lazyregexp

import "testing"

func TestNew(t *testing.T) {
	if got := New(`b+`).FindString("abbc"); got != "bb" {
		t.Errorf("found %q", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a pattern that does not parse goes unseen until it is used")
		}
	}()
	New(`(`)
}
