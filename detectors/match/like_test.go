package match

import (
	"context"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// TestLike: an engine that shares expressions with another one finds what its own rules say.
func TestLike(t *testing.T) {
	const id, pattern = "a", `key-([0-9]+)`
	first, err := New([]detectors.Rule{{ID: id, Pattern: pattern, Keywords: []string{"key-"}, Path: `\.env$`, Entropy: 1}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	second, err := New([]detectors.Rule{{ID: id, Pattern: pattern, Keywords: []string{"key-"}}, {ID: "b", Pattern: `other`}}, Options{Like: first})
	if err != nil {
		t.Fatal(err)
	}
	if first.compiled[0].pattern != second.compiled[0].pattern || first.compiled[0].planned != second.compiled[0].planned {
		t.Error("what is made of an expression is not shared")
	}
	for _, test := range []struct {
		engine *Engine
		path   string
		want   int
	}{{first, "x.env", 0}, {first, "x.go", 0}, {second, "x.go", 2}} {
		n := 0
		err := test.engine.Scanner().Scan(context.Background(), Input{Path: test.path, Data: []byte("key-1111 other"), Final: true}, func(Candidate) bool {
			n++
			return true
		})
		if err != nil || n != test.want {
			t.Errorf("%s: %d, want %d: %v", test.path, n, test.want, err)
		}
	}
}
