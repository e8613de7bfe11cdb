package load

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The state changes with what is in the module cache, and names it as the go command does.
func TestState(t *testing.T) {
	root, cache := t.TempDir(), t.TempDir()
	t.Setenv("GOMODCACHE", cache)
	sum := []byte("github.com/Acme/lib v1.2.0 h1:aaaa=\ngithub.com/Acme/lib v1.2.0/go.mod h1:bbbb=\nno line of its\n")
	state := func() string {
		s, err := State(t.Context(), root, sum)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	before := state()
	if before != state() {
		t.Error("the state is another one each time")
	}
	if !strings.Contains(before, cache) || !strings.Contains(before, "go1.") {
		t.Error(before)
	}
	seen := map[string]bool{before: true}
	for _, name := range []string{"cache/download/github.com/!acme/lib/@v/v1.2.0.mod", "github.com/!acme/lib@v1.2.0/lib.go"} {
		file := filepath.Join(cache, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if now := state(); seen[now] {
			t.Errorf("%s is there, and the state says nothing of it:\n%s", name, now)
		} else {
			seen[now] = true
		}
	}
}
