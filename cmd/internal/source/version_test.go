package source_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stagewall/stagewall/cmd/internal/source"
)

// A file is of another version whatever is done to it, also if its size and time are made what they were.
func TestVersion(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "sub", "file")
	if err := os.Mkdir(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, old, old); err != nil {
			t.Fatal(err)
		}
	}
	write(name, "one")
	if err := os.Symlink("sub/file", filepath.Join(dir, "link")); err != nil {
		t.Skip(err)
	}
	tree, err := source.OpenTree(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	first := tree.Version("sub/file")
	if first.ID == "" {
		t.Skip("there are no versions on this system")
	}
	if first.Since.Before(time.Now().Add(-time.Minute)) {
		t.Error("it is not known when what is known of the file changed:", first.Since)
	}
	if tree.Version("sub/file") != first || tree.Version("link").ID != first.ID {
		t.Error("a file is of two versions")
	}
	if tree.Version("sub").ID != "" || tree.Version("none").ID != "" {
		t.Error("what is no file has a version")
	}
	seen := map[string]bool{first.ID: true}
	for _, change := range []func(){
		func() { write(name, "two") },
		func() { write(name+".new", "two"); os.Rename(name+".new", name) },
		func() { os.Chmod(name, 0o400) },
	} {
		time.Sleep(20 * time.Millisecond) // the clock of a file system moves every few milliseconds
		change()
		if id := tree.Version("sub/file").ID; seen[id] {
			t.Error("a change made no other version")
		} else {
			seen[id] = true
		}
	}
}
