// Package mirror keeps copies of repositories that lie elsewhere: bare ones, with all refs, which git brings up to date. Nothing is checked out
// and nothing of theirs is run. Git may speak one protocol for each, the one of its address, and asks nobody for anything.
package mirror

import (
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

	Unpacked func(name string, err error) // is told of mirrors that cannot be packed, from several goroutines; may be nil
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
	if err := tidy(dir); err != nil {
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
	if _, err := g.git(ctx, "gc", "--auto", "--quiet"); err != nil && ctx.Err() == nil && m.Unpacked != nil {
		m.Unpacked(t.Name, err) // it can be read all the same, and grows
	}
	return repo, ctx.Err()
}

// open returns the mirror, which is made if there is none, or none that git takes for one.
func (m *Mirrors) open(ctx context.Context, dir string) (*git.Repository, error) {
	if repo, err := git.OpenAt(ctx, dir); err == nil || ctx.Err() != nil {
		return repo, err
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	if _, err := (run{dir, nil}).git(ctx, "init", "--quiet", "--bare", "--template="); err != nil {
		return nil, err
	}
	return git.OpenAt(ctx, dir)
}

// tidy removes what a git that was ended left: locks, which would stop the next, and packs that were not done, which no git removes for weeks.
// Nobody else works here.
func tidy(dir string) error {
	objects := filepath.Join(dir, "objects") + string(filepath.Separator)
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name := d.Name()
		if strings.HasSuffix(name, ".lock") || // which no ref is called
			strings.HasPrefix(path, objects) && (strings.HasPrefix(name, "tmp_") || strings.HasPrefix(name, ".tmp-")) {
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

// helper answers git when it asks for the user and the password, https://git-scm.com/docs/gitcredentials. Git asks on behalf of one host, and so a host
// that the address is redirected to does not get them; a header of ours it would send there. They are in the environment: arguments everybody on the machine can read.
const helper = `!f() { test "$1" != get || printf 'username=%s\npassword=%s\n' "$STAGEWALL_AUDIT_USER" "$STAGEWALL_AUDIT_PASSWORD"; }; f`

// git runs git. It is told where the repository is: it would look for one that is broken in the folders above, and fetch into whatever lies there.
func (r run) git(ctx context.Context, args ...string) ([]byte, error) {
	cmd := git.Command(ctx, filepath.Dir(r.dir), append([]string{
		"-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=60", "-c", "gc.autoDetach=false",
	}, args...)...)
	cmd.Env = append(cmd.Env, "GIT_DIR="+r.dir)
	if r.remote != nil {
		cmd.Env = append(cmd.Env, "GIT_ALLOW_PROTOCOL="+r.remote.Protocol,
			"GIT_SSH_COMMAND="+cmp.Or(os.Getenv("GIT_SSH_COMMAND"), "ssh -oBatchMode=yes -oConnectTimeout=30 -oServerAliveInterval=15"))
		if file := os.Getenv("GIT_SSL_CAINFO"); file != "" {
			cmd.Env = append(cmd.Env, "GIT_SSL_CAINFO="+file)
		}
		if host, user, password, ok := r.remote.Credential(); ok {
			cmd.Env = append(cmd.Env, "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=credential."+host+".helper", "GIT_CONFIG_VALUE_0="+helper,
				"STAGEWALL_AUDIT_USER="+user, "STAGEWALL_AUDIT_PASSWORD="+password)
		}
	}
	endWithUs(cmd)
	cmd.WaitDelay = 10 * time.Second
	var out, complaints beginning
	cmd.Stdout, cmd.Stderr = &out, &complaints
	err := cmd.Run()
	switch {
	case err == nil:
		return out, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return nil, git.ErrNoGit
	}
	return nil, fmt.Errorf("git %s: %s", args[0], cmp.Or(reason(string(complaints)), err.Error()))
}

// beginning keeps the beginning of what is written to it: what lies elsewhere can say as much as it likes.
type beginning []byte

func (b *beginning) Write(p []byte) (int, error) {
	const most = 1 << 16
	*b = append(*b, p[:min(len(p), most-len(*b))]...)
	return len(p), nil
}

// reason returns the line of git's complaints that says most: the first that it calls fatal, or else the first.
func reason(complaints string) string {
	first := ""
	for line := range strings.Lines(complaints) {
		line = strings.TrimSpace(line)
		switch {
		case line == "fatal: Could not read from remote repository." && first != "":
			return first // ssh's own words say why
		case strings.HasPrefix(line, "fatal: could not read Username "), strings.HasPrefix(line, "fatal: could not read Password "):
			return line + "; a user and a password can stand in ~/.netrc, or in the address"
		case strings.HasPrefix(line, "fatal: "), strings.HasPrefix(line, "ERROR: "):
			return line
		}
		first = cmp.Or(first, line)
	}
	return first
}
