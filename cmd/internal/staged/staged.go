// Package staged is the source of what the next commit will be: the index, and beside it the files that git does not track, which lie in
// the checkout all the same.
package staged

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"slices"

	"github.com/stagewall/stagewall/cmd/internal/git"
	"github.com/stagewall/stagewall/cmd/internal/source"
)

// Index is the source.
type Index struct {
	repo    *git.Repository
	tree    *source.Tree
	blobs   map[string]string // by path
	changed map[string]bool
	ctx     context.Context // that of the scan; reading a blob runs git
}

// Open returns the index of the repository that the folder lies in.
func Open(ctx context.Context, dir string) (*Index, error) {
	repo, err := git.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	top, err := repo.Top(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s has no working tree, and so nothing staged", dir)
	}
	tree, err := source.OpenTree(ctx, top)
	if err != nil {
		return nil, err
	}
	x := &Index{repo: tree.Repository(), tree: tree, blobs: map[string]string{}, changed: map[string]bool{}, ctx: ctx}
	entries, err := x.repo.Index(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		x.blobs[e.Path] = e.ID
	}
	paths, err := x.repo.Staged(ctx)
	for _, p := range paths {
		x.changed[p] = true
	}
	return x, err
}

// Repository returns the repository.
func (x *Index) Repository() *git.Repository { return x.repo }

// Changed reports whether the next commit adds or changes the file.
func (x *Index) Changed(path string) bool { return x.changed[path] }

// List implements [source.Source].
func (x *Index) List(ctx context.Context) (source.Listing, error) {
	l, err := x.tree.List(ctx)
	if err != nil {
		return l, err
	}
	l.Files = slices.DeleteFunc(l.Files, func(f source.File) bool {
		_, tracked := x.blobs[f.Path]
		return tracked || f.Tracked // removed from the index: not in the next commit
	})
	for path := range x.blobs {
		l.Files = append(l.Files, source.File{Path: path, Tracked: true})
	}
	slices.SortFunc(l.Files, func(a, b source.File) int { return cmp.Compare(a.Path, b.Path) })
	return l, nil
}

// Open implements [source.Source]. A file that is in the working tree as it is in the index is read from there, which is much
// faster than asking git; whether it is so is told by its hash, since asking git would run the filters that its configuration names.
func (x *Index) Open(path string) (io.ReadCloser, error) {
	id, tracked := x.blobs[path]
	if !tracked {
		return x.tree.Open(path)
	}
	if data, ok := x.unchanged(path, id); ok {
		return io.NopCloser(bytes.NewReader(data)), nil
	}
	data, err := x.repo.Blob(x.ctx, id)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

func (x *Index) unchanged(path, id string) ([]byte, bool) {
	f, err := x.tree.Open(path)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, false
	}
	var h hash.Hash = sha1.New() // git's object name, https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
	if len(id) == hex.EncodedLen(sha256.Size) {
		h = sha256.New()
	}
	fmt.Fprintf(h, "blob %d\x00", len(data))
	h.Write(data)
	return data, hex.EncodeToString(h.Sum(nil)) == id
}

// Version implements [source.Versioned]: what the index has is of the version that its blob's name says.
func (x *Index) Version(path string) source.Version {
	if id, tracked := x.blobs[path]; tracked {
		return source.Version{ID: id}
	}
	return x.tree.Version(path)
}
