package night_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/cluster"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/look"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/mirror"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/night"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/store"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/target"
)

// TestLeases: what a worker that was ended has in hand is done by another, once its lease ran out; and what takes longer than a lease, and is being
// worked on, is left to who does.
func TestLeases(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("it takes a while, and a shell")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	t.Run("sqlite", func(t *testing.T) { leases(t, filepath.Join(t.TempDir(), "audit.db")) })
	t.Run("postgres", func(t *testing.T) { leases(t, cluster.Start(t).Database(t)) })
}

func leases(t *testing.T, database string) {
	dir := t.TempDir()
	if err := errors.Join(os.Mkdir(dir+"/dead", 0o700), os.WriteFile(dir+"/dead/README", []byte("Nothing.\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"init", "-q", dir + "/dead"}, {"-C", dir + "/dead", "add", "."},
		{"-C", dir + "/dead", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "first"},
		{"clone", "-q", "--bare", dir + "/dead", dir + "/slow"},
	} {
		if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %s", args, out)
		}
	}
	t.Setenv("GIT_SSH_COMMAND", fmt.Sprintf(`sleep 3; cd %s; git-upload-pack slow; :`, dir))
	slow, err1 := target.Parse("git@host.example:slow", dir)
	dead, err2 := target.Parse("dead", dir)
	looker, err3 := look.New(look.Options{Jobs: 1})
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			t.Fatal(err)
		}
	}
	targets := []target.Target{dead, slow}
	s := open(t, database)
	run, _, err := s.Begin(t.Context(), []string{dead.Name, slow.Name})
	if err != nil {
		t.Fatal(err)
	}
	if task, err := s.Take(t.Context(), run.ID, "dead", time.Second, true); err != nil || task.Repository != dead.Name {
		t.Fatal(task, err)
	}
	errs := make(chan error, 2)
	for _, worker := range []string{"one", "two"} {
		mirrors, err := mirror.Open(filepath.Join(t.TempDir(), worker))
		if err != nil {
			t.Fatal(err)
		}
		defer mirrors.Close()
		n := &night.Night{Store: open(t, database), Mirrors: mirrors, Looker: looker, Targets: targets, Worker: worker, Jobs: 1, Lease: 2 * time.Second}
		go func() { errs <- n.Run(t.Context(), run.ID) }()
	}
	for range 2 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if task, err := s.Take(t.Context(), run.ID, "late", 0, true); task != nil || err != nil {
		t.Error("something is left", task, err)
	}
	var got []string
	for _, one := range targets {
		r, err := s.Result(t.Context(), run.ID, one.Name)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(filepath.Base(r.Repository), " ", r.Outcome, r.Says, " ", r.Attempts))
	}
	slices.Sort(got)
	if want := []string{"dead scanned 2", "git@host.example:slow scanned 1"}; !slices.Equal(got, want) {
		t.Errorf("%q; want %q", got, want)
	}
	if ended, err := s.Run(t.Context(), run.ID); err != nil || ended.Ended.IsZero() {
		t.Error("the run has not ended", err)
	}
}

func open(t *testing.T, database string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// TestGivenUp: a repository that ended the process again and again is reported, and stops nothing.
func TestGivenUp(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "audit.db"))
	bad := target.Target{Name: "bad", Path: filepath.Join(dir, "bad")}
	if err := os.Mkdir(bad.Path, 0o700); err != nil {
		t.Fatal(err)
	}
	run, _, err := s.Begin(t.Context(), []string{bad.Name})
	for range 3 {
		if _, err := s.Take(t.Context(), run.ID, "one", time.Hour, true); err != nil {
			t.Fatal(err)
		}
		if err := s.Release(t.Context(), "one"); err != nil {
			t.Fatal(err)
		}
	}
	n := &night.Night{Store: s, Targets: []target.Target{bad}, Worker: "one", Jobs: 1}
	if err != nil || n.Run(t.Context(), run.ID) != nil {
		t.Fatal(err)
	}
	r, err := s.Result(t.Context(), run.ID, bad.Name)
	if err != nil || r.Outcome != store.Failed || r.Says != "given up: the audit was ended 3 times while it looked at this repository" {
		t.Error(r, err)
	}
}
