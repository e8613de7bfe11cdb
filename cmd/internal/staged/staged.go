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
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/stagewall/stagewall/cmd/internal/git"
	"github.com/stagewall/stagewall/cmd/internal/source"
)

// Index is the source.
type Index struct {
	source.Entries
	tree    *source.Tree
	objects *git.Objects
	tracked map[string]bool // what lies in the working tree under these paths is looked up in files
	changed map[string]bool
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
	if !within(top, dir) {
		return nil, fmt.Errorf("the repository that %s lies in says that its working tree is elsewhere: %s", dir, top)
	}
	tree, err := source.OpenTree(ctx, top)
	if err != nil {
		return nil, err
	}
	if repo = tree.Repository(); repo == nil {
		return nil, git.ErrNone
	}
	x := &Index{tree: tree, objects: repo.Objects(ctx), changed: map[string]bool{}}
	entries, err := repo.Index(ctx)
	if err != nil {
		return nil, err
	}
	if err := x.add(entries); err != nil {
		return nil, err
	}
	paths, err := repo.Staged(ctx)
	for _, p := range paths {
		x.changed[p] = true
	}
	return x, err
}

// Committed returns the source of the commit that is checked out, and beside it the files that git does not track and is not about to;
// nil before the first commit. What it has counts as changed.
func (x *Index) Committed(ctx context.Context) (*Index, error) {
	repo := x.tree.Repository()
	head := repo.Head(ctx)
	if head == "" {
		return nil, nil
	}
	entries, err := repo.Files(ctx, head)
	if err != nil {
		return nil, err
	}
	was := &Index{tree: x.tree, objects: x.objects}
	err = was.add(entries)
	was.changed = maps.Clone(was.tracked)
	maps.Copy(was.tracked, x.tracked)
	return was, err
}

// within reports whether a folder is another or lies in it, links followed.
func within(top, dir string) bool {
	top, err1 := filepath.EvalSymlinks(top)
	dir, err2 := filepath.EvalSymlinks(dir)
	dir, err3 := filepath.Abs(dir)
	if cmp.Or(err1, err2, err3) != nil {
		return false
	}
	rel, err := filepath.Rel(top, dir)
	return err == nil && filepath.IsLocal(rel)
}

// add notes what git tracks.
func (x *Index) add(entries []git.Entry) (err error) {
	x.tracked = map[string]bool{}
	for _, e := range entries {
		x.tracked[e.Path] = true
	}
	x.Entries, err = source.NewEntries(entries, x.objects)
	return err
}

// Repository returns the repository.
func (x *Index) Repository() *git.Repository { return x.tree.Repository() }

// Changed reports whether the next commit adds or changes the file.
func (x *Index) Changed(path string) bool { return x.changed[path] }

// List implements [source.Source].
func (x *Index) List(ctx context.Context) (source.Listing, error) {
	l, err := x.tree.List(ctx)
	if err != nil {
		return l, err
	}
	l.Files = slices.DeleteFunc(l.Files, func(f source.File) bool {
		_, inside := x.Blob(f.Path)
		return inside || x.tracked[f.Path] && !(x.IsLink(f.Path) && f.Link) // a link that is tracked can lead to a file that is not
	})
	for i := range l.Files {
		l.Files[i].Tracked = x.tracked[l.Files[i].Path]
	}
	l.Files = append(l.Files, x.Files()...)
	slices.SortFunc(l.Files, func(a, b source.File) int { return cmp.Compare(a.Path, b.Path) })
	return l, nil
}

// Open implements [source.Source]. A file that is in the working tree as it is in the index is read from there, which is
// faster than asking git; whether it is so is told by its hash, since asking git would run the filters that its configuration names.
func (x *Index) Open(path string) (io.ReadCloser, error) {
	entry, tracked := x.Blob(path)
	if !tracked {
		if x.tracked[path] && !x.IsLink(path) {
			return nil, &os.PathError{Op: "open", Path: path, Err: os.ErrNotExist} // it is not in this version
		}
		return x.tree.Open(path)
	}
	if data, ok := x.unchanged(path, entry.ID); ok {
		return io.NopCloser(bytes.NewReader(data)), nil
	}
	data, err := x.objects.Blob(entry.ID)
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
	if entry, tracked := x.Blob(path); tracked {
		return source.Version{ID: entry.ID}
	}
	return x.tree.Version(path)
}
