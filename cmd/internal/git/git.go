// Package git asks git about a repository. Nothing of the repository's own configuration runs: no hook, no file system monitor, no
// filter, no pager, no external diff; and git neither takes locks nor asks for credentials.
package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Repository is a repository of git, seen from a folder in its working tree, or bare.
type Repository struct {
	dir string
	env []string // that says where it is, if the folder does not
}

// ErrNone says that a folder is in no repository of git, and ErrNoGit that git cannot be asked.
var (
	ErrNone  = errors.New("not in a git repository")
	ErrNoGit = errors.New("git is not installed, or not on the PATH")
)

// Open returns the repository that the folder lies in, or else the one that GIT_DIR and GIT_WORK_TREE name together, as git sets them for the
// hooks of a repository that is kept apart from its working tree. If there is one that git refuses, the error says why.
func Open(ctx context.Context, dir string) (*Repository, error) {
	r := &Repository{dir: dir}
	err := r.check(ctx)
	if apart := apart(); errors.Is(err, ErrNone) && apart != nil {
		r.env = apart
		if out, _ := r.run(ctx, "rev-parse", "--is-inside-work-tree"); string(out) == "true\n" {
			err = nil
		}
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// OpenAt returns the bare repository that a folder is, and not one that it may lie in.
func OpenAt(ctx context.Context, dir string) (*Repository, error) {
	r := &Repository{dir: dir, env: []string{"GIT_DIR=."}}
	if err := r.check(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// Marked reports whether there is a .git in the folder or in one above it, without asking git.
func Marked(dir string) bool {
	dir, err := filepath.Abs(dir)
	for err == nil {
		if _, missing := os.Lstat(filepath.Join(dir, ".git")); missing == nil {
			return true
		}
		if filepath.Dir(dir) == dir {
			break
		}
		dir = filepath.Dir(dir)
	}
	return false
}

// apart returns the variables that name a repository and its working tree, nil if they do not name both.
func apart() (env []string) {
	for _, name := range []string{"GIT_DIR", "GIT_WORK_TREE"} {
		path, err := filepath.Abs(os.Getenv(name))
		if os.Getenv(name) == "" || err != nil {
			return nil
		}
		env = append(env, name+"="+path)
	}
	return env
}

// check asks git whether there is a repository.
func (r *Repository) check(ctx context.Context) error {
	cmd, stderr := r.command(ctx, "rev-parse", "--git-dir")
	switch err := cmd.Run(); {
	case err == nil:
		return nil
	case errors.Is(err, exec.ErrNotFound):
		return ErrNoGit
	case stderr.Len() == 0 || strings.HasPrefix(stderr.String(), "fatal: not a git repository"):
		return ErrNone
	default:
		return failure("rev-parse", err, stderr)
	}
}

// run runs git in the folder and returns what it prints.
func (r *Repository) run(ctx context.Context, args ...string) ([]byte, error) {
	return r.feed(ctx, nil, args...)
}

func (r *Repository) feed(ctx context.Context, stdin []byte, args ...string) ([]byte, error) {
	cmd, stderr := r.command(ctx, args...)
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.Output()
	if err != nil {
		return nil, failure(args[0], err, stderr)
	}
	return out, nil
}

// command returns git, ready to be run in the folder, and where its complaints go.
func (r *Repository) command(ctx context.Context, args ...string) (*exec.Cmd, *bytes.Buffer) {
	cmd := Command(ctx, r.dir, args...)
	cmd.Env = append(cmd.Env, r.env...)
	stderr := &bytes.Buffer{}
	cmd.Stderr = stderr
	return cmd, stderr
}

// Command returns git, ready to be run in a folder in the way that this package promises.
func Command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	safe := []string{
		"-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false", "-c", "core.pager=cat",
		"-c", "diff.external=", "-c", "safe.directory=*", "-c", "protocol.allow=never", "-c", "log.showSignature=false", "-c", "gpg.program=false",
		"--no-pager", "--literal-pathspecs",
	}
	cmd := exec.CommandContext(ctx, "git", append(safe, args...)...)
	cmd.Dir = dir
	cmd.Env = append(environment(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_OPTIONAL_LOCKS=0",
		"GIT_TERMINAL_PROMPT=0", "GIT_NO_REPLACE_OBJECTS=1", "GIT_NO_LAZY_FETCH=1",
		"GIT_ALLOW_PROTOCOL=none", // of a partial clone nothing is fetched, whatever its configuration allows
		"LC_ALL=C")
	return cmd
}

// failure is the error of a git that failed, with the first line of its complaints.
func failure(command string, err error, stderr *bytes.Buffer) error {
	line, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
	return fmt.Errorf("git %s: %w: %s", command, err, line)
}

// environment returns the process' environment without what would point git elsewhere. GIT_INDEX_FILE stays: a commit of some paths
// only (git commit PATH) runs its hooks with an index of its own.
func environment() []string {
	var env []string
	for _, kv := range os.Environ() {
		if strings.HasPrefix(kv, "GIT_") && !strings.HasPrefix(kv, "GIT_INDEX_FILE=") {
			continue
		}
		env = append(env, kv)
	}
	return env
}

// Top returns the root of the working tree, and an error in a bare repository.
func (r *Repository) Top(ctx context.Context) (string, error) {
	out, err := r.run(ctx, "rev-parse", "--show-toplevel")
	return strings.TrimSuffix(string(out), "\n"), err
}

// Below returns the folder relative to the root of the working tree, "" if it is that, or in a bare repository.
func (r *Repository) Below(ctx context.Context) string {
	out, err := r.run(ctx, "rev-parse", "--show-prefix")
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(out), "\n"), "/")
}

// Head returns the commit that is checked out, "" before the first.
func (r *Repository) Head(ctx context.Context) string {
	out, err := r.run(ctx, "rev-parse", "--verify", "--quiet", "HEAD")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// Tracked returns the paths that git tracks below the folder, or that it would once they are added, since they are not ignored; relative to it.
func (r *Repository) Tracked(ctx context.Context) ([]string, error) {
	out, err := r.run(ctx, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	return split(out), err
}

// Branches returns the names of all branches, the remotes' without the remote's name.
func (r *Repository) Branches(ctx context.Context) []string {
	out, err := r.run(ctx, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes")
	if err != nil {
		return nil
	}
	var names []string
	for _, ref := range strings.Fields(string(out)) {
		if name, ok := strings.CutPrefix(ref, "refs/heads/"); ok {
			names = append(names, name)
		} else if _, name, ok := strings.Cut(strings.TrimPrefix(ref, "refs/remotes/"), "/"); ok {
			names = append(names, name)
		}
	}
	return names
}

// State returns what the repository has: the branch that HEAD is, "" if it is none, and every ref with what it names.
func (r *Repository) State(ctx context.Context) (branch, refs string, err error) {
	if out, err := r.run(ctx, "symbolic-ref", "--quiet", "HEAD"); err == nil {
		branch = strings.TrimPrefix(strings.TrimSpace(string(out)), "refs/heads/")
	}
	out, err := r.run(ctx, "for-each-ref", "--format=%(objectname) %(refname)")
	return branch, string(out), err
}

func split(out []byte) []string {
	text := strings.TrimSuffix(string(out), "\x00")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\x00")
}

// Entry is a file in the index or in a commit, named relative to the root of the working tree.
type Entry struct {
	Path string
	ID   string // of its blob
	Link bool   // it is a symbolic link, and the blob is where it leads
	Size int64  // in bytes; 0 if nobody asked for it
}

// Index returns the files that are in the index. Of a file whose merge is not resolved it is what the merge brings.
func (r *Repository) Index(ctx context.Context) ([]Entry, error) {
	out, err := r.run(ctx, "ls-files", "-z", "--stage", "--full-name")
	return entries(out, 1), err
}

// Files returns the files that are in a commit.
func (r *Repository) Files(ctx context.Context, commit string) ([]Entry, error) {
	out, err := r.run(ctx, "ls-tree", "-z", "-r", "--full-tree", commit)
	return entries(out, 2), err
}

// SizedFiles returns the files that are in a commit, with their sizes, for which git looks up every blob.
func (r *Repository) SizedFiles(ctx context.Context, commit string) ([]Entry, error) {
	out, err := r.run(ctx, "ls-tree", "-z", "-r", "--long", "--full-tree", commit)
	return entries(out, 2), err
}

// entries reads what git lists: words, of which the first is a mode, that at id names an object, and a fourth is a size, and behind a tab the
// path. Submodules are left out.
func entries(out []byte, id int) (list []Entry) {
	for _, line := range split(out) {
		meta, path, ok := strings.Cut(line, "\t")
		fields := strings.Fields(meta)
		if !ok || len(fields) < 3 || !strings.HasPrefix(fields[0], "100") && fields[0] != "120000" {
			continue
		}
		if n := len(list); n > 0 && list[n-1].Path == path {
			list = list[:n-1] // an earlier stage of a merge: the base, or ours
		}
		entry := Entry{Path: path, ID: fields[id], Link: fields[0] == "120000"}
		if len(fields) > 3 {
			entry.Size, _ = strconv.ParseInt(fields[3], 10, 64) // none of what a partial clone has not
		}
		list = append(list, entry)
	}
	return list
}

// Staged returns the paths that the index adds or changes against the commit that is checked out.
func (r *Repository) Staged(ctx context.Context) ([]string, error) {
	against := r.Head(ctx)
	if against == "" {
		tree, err := r.feed(ctx, nil, "hash-object", "-t", "tree", "--stdin") // the empty tree
		if err != nil {
			return nil, err
		}
		against = strings.TrimSpace(string(tree))
	}
	out, err := r.run(ctx, "diff-index", "--cached", "--name-only", "-z", "--no-renames", "--diff-filter=ACMTU", against)
	return split(out), err
}

// Common returns the folder of the repository itself, which worktrees have in common.
func (r *Repository) Common(ctx context.Context) (string, error) {
	out, err := r.run(ctx, "rev-parse", "--git-common-dir")
	if err != nil {
		return "", err
	}
	dir := filepath.FromSlash(strings.TrimSuffix(string(out), "\n"))
	if filepath.IsAbs(dir) {
		return dir, nil
	}
	from, err := filepath.EvalSymlinks(r.dir) // git says it relative to the folder itself, not to where a link to that is
	if err != nil {
		return "", err
	}
	return filepath.Abs(filepath.Join(from, dir))
}

// HooksPath returns the folder in which git looks for hooks, as the repository's or the user's own configuration names it, "" if none does. A
// relative one is so to the root of the working tree.
func (r *Repository) HooksPath(ctx context.Context) string {
	cmd := exec.CommandContext(ctx, "git", "-c", "safe.directory=*", "--no-pager", "config", "--type=path", "--get", "core.hooksPath")
	cmd.Dir = r.dir
	cmd.Env = append(environment(), "GIT_OPTIONAL_LOCKS=0", "LC_ALL=C")
	for _, kv := range os.Environ() {
		if strings.HasPrefix(kv, "GIT_CONFIG") { // which this once is to hold
			cmd.Env = append(cmd.Env, kv)
		}
	}
	cmd.Env = append(cmd.Env, r.env...)
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(out), "\n")
}

// Remotes returns the addresses of the remotes, which can hold passwords.
func (r *Repository) Remotes(ctx context.Context) (addresses []string) {
	out, err := r.run(ctx, "config", "--null", "--get-regexp", `^remote\..*\.url$`)
	if err != nil {
		return nil
	}
	for _, entry := range split(out) {
		_, address, _ := strings.Cut(entry, "\n")
		addresses = append(addresses, address)
	}
	return addresses
}

// MainBranch returns the branch that others are merged into, as far as that is known here: the one that the remote named when it was cloned, or else
// one that is called as git itself calls the first, or else the one that is checked out.
func (r *Repository) MainBranch(ctx context.Context) string {
	if out, err := r.run(ctx, "symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"); err == nil {
		return strings.TrimPrefix(strings.TrimSpace(string(out)), "refs/remotes/origin/")
	}
	branches := r.Branches(ctx)
	for _, name := range []string{"main", "master"} {
		if slices.Contains(branches, name) {
			return name
		}
	}
	if out, err := r.run(ctx, "symbolic-ref", "--quiet", "HEAD"); err == nil {
		return strings.TrimPrefix(strings.TrimSpace(string(out)), "refs/heads/")
	}
	return "main"
}
