package source_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/cmd/internal/git"
	"github.com/stagewall/stagewall/cmd/internal/source"
)

// TestCommit reads a commit of a bare repository: links that stay within it are followed, all others lead nowhere, whatever lies there.
func TestCommit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	top := t.TempDir()
	outside, dir, bare := filepath.Join(top, "outside"), filepath.Join(top, "work"), filepath.Join(top, "bare.git")
	large := strings.Repeat("large\n", 1<<18)
	for name, text := range map[string]string{
		outside:                        "outside",
		dir + "/app/.env":              "A=1\n",
		dir + "/large":                 large,
		dir + "/node_modules/x/y":      "of others",
		dir + "/a/site-packages/b/c.d": "of others",
		dir + "/caf\xe9/\n":            "named oddly",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Skip(err)
		}
	}
	for link, target := range map[string]string{
		"inside": "app/.env", "folder": "app", "through": "folder/.env", "up": "../outside", "far": outside, "circle": "circle", "loop": "loop/loop",
		"dangling": "none",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	for _, args := range [][]string{
		{"init", "-q", dir}, {"-C", dir, "add", "-A"}, {"-C", dir, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "first"},
		{"clone", "-q", "--bare", dir, bare},
	} {
		if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	repo, err := git.Open(t.Context(), bare)
	if err != nil {
		t.Fatal(err)
	}
	commit, err := source.OpenCommit(t.Context(), repo, "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	l, err := commit.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	for _, f := range l.Files {
		in, err := commit.Open(f.Path)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Error(err)
		}
		if string(data) == large {
			data = []byte("all of it")
		}
		in.Close()
		fmt.Fprintf(&got, "%q %v %q\n", f.Path, f.Link, data)
	}
	const want = `"app/.env" false "A=1\n"
"caf\xe9/\n" false "named oddly"
"inside" true "A=1\n"
"large" false "all of it"
"through" true "A=1\n"
`
	if got.String() != want || l.Skipped != 2 {
		t.Errorf("skipped %d\n%swant\n%s", l.Skipped, &got, want)
	}
	if _, err := commit.Open("up"); err == nil {
		t.Error("a link that leads out can be opened")
	}
	if in, err := commit.Open("large"); err != nil || in.Close() != nil {
		t.Error("a file that is not read to its end cannot be closed")
	}
	if commit.Version("inside").ID == "" || commit.Version("inside") != commit.Version("app/.env") {
		t.Error("a link is of another version than what it leads to")
	}
}
