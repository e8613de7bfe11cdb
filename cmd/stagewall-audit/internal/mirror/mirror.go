// Package mirror keeps copies of repositories that lie elsewhere: bare ones, with all refs, which git brings up to date. Nothing is checked out
// and nothing of theirs is run. Git may speak one protocol for each, the one of its address, and asks nobody for anything.
package mirror

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/stagewall/stagewall/cmd/internal/git"
	"github.com/stagewall/stagewall/cmd/stagewall-audit/internal/target"
)

// Mirrors are those in one folder, which one process at a time works in.
type Mirrors struct {
	dir  string
	lock *os.File // nil where systems lock no files
}

// ErrBusy says that another process works in the folder.
var ErrBusy = errors.New("another audit works in this folder; give this one another --work-dir")

// Open returns the mirrors in a folder, which nobody else can read.
func Open(dir string) (*Mirrors, error) {
	if err := os.MkdirAll(filepath.Join(dir, "mirrors"), 0o700); err != nil {
		return nil, err
	}
	m := &Mirrors{dir: filepath.Join(dir, "mirrors")}
	var err error
	m.lock, err = lock(filepath.Join(dir, "lock"))
	return m, err
}

// Close lets others work in the folder.
func (m *Mirrors) Close() {
	if m.lock != nil {
		m.lock.Close()
	}
}

// Folder returns the folder of a mirror. Its name can be read, and is no other's.
func (m *Mirrors) Folder(name string) string {
	const longest = 80
	words := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '_'
	}, name)
	sum := sha256.Sum256([]byte(name))
	return filepath.Join(m.dir, "r_"+words[max(0, len(words)-longest):]+"_"+hex.EncodeToString(sum[:8])+".git")
}

// Update makes the mirror what the repository is now, and returns it.
func (m *Mirrors) Update(ctx context.Context, t target.Target) (*git.Repository, error) {
	dir := m.Folder(t.Name)
	repo, err := m.open(ctx, dir)
	if err != nil {
		return nil, err
	}
	if err := unlock(dir); err != nil {
		return nil, err
	}
	g := run{dir, t.Remote}
	head, err := g.git(ctx, "ls-remote", "--symref", "--", t.Remote.Address, "HEAD")
	if err != nil {
		return nil, err
	}
	if _, err := g.git(ctx, "fetch", "--quiet", "--prune", "--force", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-maintenance",
		"--", t.Remote.Address, "+refs/*:refs/*"); err != nil {
		return nil, err
	}
	if err := g.follow(ctx, head); err != nil {
		return nil, err
	}
	_, err = g.git(ctx, "gc", "--auto", "--quiet")
	return repo, err
}

// open returns the mirror, which is made if there is none, or none that git takes for one.
func (m *Mirrors) open(ctx context.Context, dir string) (*git.Repository, error) {
	if _, err := os.Stat(filepath.Join(dir, "HEAD")); err == nil {
		repo, err := git.Open(ctx, dir)
		if err == nil || ctx.Err() != nil {
			return repo, err
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	if _, err := (run{m.dir, nil}).git(ctx, "init", "--quiet", "--bare", "--template=", dir); err != nil {
		return nil, err
	}
	return git.Open(ctx, dir)
}

// unlock removes the locks of a git that was ended: nobody else works here.
func unlock(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "objects" {
			return filepath.SkipDir
		}
		if d.Type().IsRegular() && strings.HasSuffix(path, ".lock") {
			return os.Remove(path)
		}
		return nil
	})
}

// follow makes HEAD what it is there, as git ls-remote --symref lists it, https://git-scm.com/docs/git-ls-remote: a branch, or else a commit that
// some ref leads to. What lies elsewhere says it, so that nothing else is believed.
func (r run) follow(ctx context.Context, listing []byte) (err error) {
	commit := ""
	for line := range strings.Lines(string(listing)) {
		what, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if name != "HEAD" {
			continue
		}
		if branch, ok := strings.CutPrefix(what, "ref: refs/heads/"); ok {
			_, err = r.git(ctx, "symbolic-ref", "HEAD", "refs/heads/"+branch)
			return err
		}
		commit = what
	}
	if object.MatchString(commit) {
		_, err = r.git(ctx, "update-ref", "--no-deref", "HEAD", commit)
	}
	return err
}

var object = regexp.MustCompile(`^[0-9a-f]{40,64}$`)

// run runs git for a mirror.
type run struct {
	dir    string
	remote *target.Remote // nil: git needs no network
}

// git runs git. User and password reach it in its environment: its arguments everybody on the machine can read.
func (r run) git(ctx context.Context, args ...string) ([]byte, error) {
	cmd := git.Command(ctx, r.dir, append([]string{
		"-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=60", "-c", "gc.autoDetach=false", "-c", "credential.helper=",
	}, args...)...)
	if r.remote != nil {
		cmd.Env = append(cmd.Env, "GIT_ALLOW_PROTOCOL="+r.remote.Protocol,
			"GIT_SSH_COMMAND="+cmp.Or(os.Getenv("GIT_SSH_COMMAND"), "ssh -oBatchMode=yes -oConnectTimeout=30 -oServerAliveInterval=15"))
		if file := os.Getenv("GIT_SSL_CAINFO"); file != "" {
			cmd.Env = append(cmd.Env, "GIT_SSL_CAINFO="+file)
		}
		if header := r.remote.Authorization(); header != "" {
			cmd.Env = append(cmd.Env, "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=http."+r.remote.Address+".extraHeader", "GIT_CONFIG_VALUE_0="+header)
		}
	}
	endWithUs(cmd)
	cmd.WaitDelay = 10 * time.Second
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	err := cmd.Run()
	switch {
	case err == nil:
		return out.Bytes(), nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return nil, git.ErrNoGit
	}
	return nil, fmt.Errorf("git %s: %w: %s", args[0], err, reason(complaints.String()))
}

// reason returns the line of git's complaints that says most: the first that it calls fatal, or else the first.
func reason(complaints string) string {
	first := ""
	for line := range strings.Lines(complaints) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "fatal: ") || strings.HasPrefix(line, "ERROR: ") {
			return line
		}
		first = cmp.Or(first, line)
	}
	return first
}
