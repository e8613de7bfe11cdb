package cache

import (
	"bytes"
	"runtime/debug"
	"testing"
)

// A build is a release only if checksums say of all of its modules what they hold.
func TestReleased(t *testing.T) {
	summed := func(path string) *debug.Module {
		return &debug.Module{Path: path, Version: "v1.0.0", Sum: "h1:" + path}
	}
	checkout := &debug.Module{Path: "b", Version: "v1.0.0", Replace: &debug.Module{Path: "../b"}}
	moved := &debug.Module{Path: "b", Version: "v1.0.0", Replace: summed("c")}
	for _, c := range []struct {
		name string
		info debug.BuildInfo
		want bool
	}{
		{"release", debug.BuildInfo{Main: *summed("a"), Deps: []*debug.Module{summed("b"), moved}}, true},
		{"checkout", debug.BuildInfo{Main: debug.Module{Path: "a", Version: "(devel)"}, Deps: []*debug.Module{summed("b")}}, false},
		{"dependency from a folder", debug.BuildInfo{Main: *summed("a"), Deps: []*debug.Module{checkout}}, false},
	} {
		if got := released(&c.info); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if !bytes.Equal(Program(), Program()) {
		t.Error("the program is not the same as itself")
	}
}
