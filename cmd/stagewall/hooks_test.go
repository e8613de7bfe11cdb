package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors/detectortest"
)

const manifest = ".pre-commit-hooks.yaml"

// hooks is a home in which pre-commit works.
type hooks struct{ home string }

// run runs a command in a folder and returns what it prints. The program stagewall that it finds is this test's.
func (h hooks) run(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	command := exec.Command(args[0], args[1:]...)
	command.Dir = dir
	command.Env = append(os.Environ(),
		"HOME="+h.home, "XDG_CACHE_HOME="+filepath.Join(h.home, "cache"), "PRE_COMMIT_HOME="+filepath.Join(h.home, "pre-commit"), "PATH="+h.home+string(os.PathListSeparator)+os.Getenv("PATH"),
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.com",
	)
	out, err := command.CombinedOutput()
	return string(out), err
}

func (h hooks) must(t *testing.T, dir string, args ...string) {
	t.Helper()
	if out, err := h.run(t, dir, args...); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func newHooks(t *testing.T) hooks {
	if testing.Short() {
		t.Skip("pre-commit takes a second to start")
	}
	for _, program := range []string{"git", "pre-commit"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program, "is not installed")
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	h := hooks{home: t.TempDir()}
	if err := os.Symlink(self, filepath.Join(h.home, "stagewall")); err != nil {
		t.Skip(err)
	}
	return h
}

// TestManifest: pre-commit accepts the manifest of the hooks.
func TestManifest(t *testing.T) {
	h := newHooks(t)
	h.must(t, "../..", "pre-commit", "validate-manifest", manifest)
}

// TestSystemHook runs the hook that calls the program on the PATH, out of a repository with this one's manifest, as users name it.
func TestSystemHook(t *testing.T) {
	h := newHooks(t)
	source, repo := t.TempDir(), t.TempDir()
	data, err := os.ReadFile(filepath.Join("../..", manifest))
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(source, manifest), string(data))
	for _, dir := range []string{source, repo} {
		h.must(t, dir, "git", "init", "-q")
	}
	h.must(t, source, "git", "add", "-A")
	h.must(t, source, "git", "commit", "-q", "-m", "hooks")

	write(filepath.Join(repo, "main.go"), "package main\n")
	h.must(t, repo, "git", "add", "-A")
	h.must(t, repo, "pre-commit", "try-repo", source, "stagewall-system")

	text, _ := detectortest.Expand("RAILWAY_API_TOKEN={{railway}}\n")
	write(filepath.Join(repo, ".env.staging"), text)
	h.must(t, repo, "git", "add", "-A")
	out, err := h.run(t, repo, "pre-commit", "try-repo", source, "stagewall-system")
	if err == nil || !strings.Contains(out, "Railway account or workspace token") {
		t.Errorf("%v\n%s", err, out)
	}
}
