package load

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
)

// State returns what loading modules below the root depends on beside their files: the go command, by its version, where its tree is and for
// which system it reads, and which of the modules that go.sum files name are in the module cache, where they never change.
func State(ctx context.Context, root string, sums ...[]byte) (string, error) {
	l := &loader{path: root}
	cmd := exec.CommandContext(ctx, "go", "env", "GOMODCACHE", "GOVERSION", "GOROOT", "GOOS", "GOARCH", "GOEXPERIMENT")
	cmd.Dir, cmd.Env = root, l.environment()
	out, err := cmd.Output()
	if err != nil {
		return "", err
	}
	state := strings.Builder{}
	state.Write(out)
	cache, _, _ := strings.Cut(string(out), "\n")
	for _, sum := range sums {
		for line := range bytes.Lines(sum) {
			if file := cached(string(line)); file != "" {
				_, err := os.Lstat(filepath.Join(cache, filepath.FromSlash(file)))
				fmt.Fprintln(&state, file, err == nil)
			}
		}
	}
	return state.String(), nil
}

// cached returns the name, in the module cache, of what a line of go.sum is the checksum of: https://go.dev/ref/mod#go-sum-files,
// https://go.dev/ref/mod#module-cache.
func cached(line string) string {
	fields := strings.Fields(line)
	if len(fields) != 3 {
		return ""
	}
	version, isMod := strings.CutSuffix(fields[1], "/go.mod")
	path, err := module.EscapePath(fields[0])
	if err != nil {
		return ""
	}
	if version, err = module.EscapeVersion(version); err != nil {
		return ""
	}
	if isMod {
		return "cache/download/" + path + "/@v/" + version + ".mod"
	}
	return path + "@" + version
}
