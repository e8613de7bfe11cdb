package main

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// longest is how long the tests of one nested module may take. Compiling golangci-lint without a build cache takes most of it.
const longest = 20 * time.Minute

// TestNestedModules runs the tests of every module below this one, so that go test ./... here is the one command that tests everything.
// They are modules of their own because of what they link, which is no dependency of the program.
func TestNestedModules(t *testing.T) {
	if testing.Short() {
		t.Skip("nested modules link much")
	}
	for _, dir := range nestedModules(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			limit := longest
			if deadline, ok := t.Deadline(); ok {
				limit = min(limit, time.Until(deadline)*9/10) // so that it is this test that fails, and says where
			}
			ctx, cancel := context.WithTimeout(context.Background(), limit)
			defer cancel()
			command := exec.CommandContext(ctx, "go", "test", "-timeout="+limit.String(), "./...")
			command.Dir = dir
			command.Env = append(os.Environ(), "GOWORK=off", "PWD="+dir)
			command.WaitDelay = 10 * time.Second
			command.Stdout, command.Stderr = t.Output(), t.Output()
			if err := command.Run(); err != nil {
				t.Errorf("go test ./... in %s: %v", dir, err)
			}
		})
	}
}

// nestedModules returns the folders of the modules under cmd and testdata.
func nestedModules(t *testing.T) []string {
	t.Helper()
	var dirs []string
	for _, root := range []string{"../../cmd", "../../testdata"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Name() == "go.mod" {
				dirs = append(dirs, filepath.Dir(path))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(dirs) == 0 {
		t.Error("there is no nested module; this test looks in the wrong place")
	}
	return dirs
}
