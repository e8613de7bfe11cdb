package source

import (
	"bytes"
	"context"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/cmd/internal/git"
)

// Commit is the files of a commit, as a checkout would have them. Nothing is checked out: they are read from the repository.
type Commit struct {
	Entries
	repo    *git.Repository
	ctx     context.Context
	objects *git.Objects
}

// OpenCommit returns the source of a commit. Its files can be opened until the context ends.
func OpenCommit(ctx context.Context, repo *git.Repository, commit string) (*Commit, error) {
	c := &Commit{repo: repo, ctx: ctx, objects: repo.Objects(ctx)}
	list, err := repo.SizedFiles(ctx, commit)
	if err != nil {
		return nil, err
	}
	c.Entries, err = NewEntries(list, c.objects)
	return c, err
}

// List implements [Source]. It leaves out what [Tree.List] leaves out.
func (c *Commit) List(context.Context) (Listing, error) {
	var l Listing
	passed := map[string]bool{}
	for _, f := range c.Files() {
		if folder := ofOthers(f.Path); folder != "" {
			passed[folder] = true
			continue
		}
		l.Files = append(l.Files, f)
	}
	l.Skipped = len(passed)
	return l, nil
}

// ofOthers returns the folder of installed packages that a file lies in, "" if it lies in none.
func ofOthers(p string) string {
	for i := range len(p) {
		if p[i] == '/' && slices.Contains(installed, p[strings.LastIndexByte(p[:i], '/')+1:i]) {
			return p[:i]
		}
	}
	return ""
}

// Open implements [Source]. A large file is read as it is asked for.
func (c *Commit) Open(path string) (io.ReadCloser, error) {
	const large = 1 << 20
	entry, ok := c.Blob(path)
	if !ok {
		return nil, &os.PathError{Op: "open", Path: path, Err: os.ErrNotExist}
	}
	if entry.Size > large {
		return c.repo.Stream(c.ctx, entry.ID)
	}
	data, err := c.objects.Blob(entry.ID)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// Version implements [Versioned]: a file is of the version that its blob's name says.
func (c *Commit) Version(path string) Version {
	entry, _ := c.Blob(path)
	return Version{ID: entry.ID}
}
