// Package source is the one place from which bytes come: a tree, one file, standard input, or what is staged. Nothing else reads files.
package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/cmd/internal/git"
)

// File is a file of a source.
type File struct {
	Path    string // slash-separated, relative to the root
	Size    int64
	Tracked bool // git tracks it; without git every file is tracked
	Link    bool // it is a link to a file of the source
}

// Problem is something that could not be read.
type Problem struct {
	Path string
	Err  error
}

// Listing is what a source has.
type Listing struct {
	Files    []File // sorted by path
	Skipped  int    // what is no regular file, and folders of installed packages
	Problems []Problem
}

// Source gives the files of what is scanned.
type Source interface {
	// List returns all files. The error is for a source that cannot be read at all.
	List(ctx context.Context) (Listing, error)
	// Open opens a file of the listing.
	Open(path string) (io.ReadCloser, error)
}

// Tree is the files below a folder.
type Tree struct {
	root *os.Root
	repo *git.Repository
	all  bool
}

// ErrFile says that a path is no folder but a file.
var ErrFile = errors.New("is a file")

// OpenTree opens a folder. Links that lead out of it are not followed, whatever they name.
func OpenTree(ctx context.Context, dir string) (*Tree, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s %w", dir, ErrFile)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	t := &Tree{root: root}
	if repo, err := git.Open(ctx, dir); err == nil {
		t.repo = repo
	}
	return t, nil
}

// Repository returns the git repository that the folder lies in, nil if there is none.
func (t *Tree) Repository() *git.Repository { return t.repo }

// ListAll makes List return the files in folders of installed packages too.
func (t *Tree) ListAll() { t.all = true }

// installed are the folders that package managers fill: what lies there belongs to others, and is in no checkout until it is installed.
var installed = []string{"node_modules", "bower_components", "jspm_packages", "site-packages", ".venv", ".tox", "__pycache__"}

// List implements [Source].
func (t *Tree) List(ctx context.Context) (Listing, error) {
	var l Listing
	tracked := t.tracked(ctx)
	err := fs.WalkDir(t.root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			l.Problems = append(l.Problems, Problem{p, err})
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		switch {
		case d.IsDir() && (d.Name() == ".git" || !t.all && slices.Contains(installed, d.Name())):
			if d.Name() != ".git" {
				l.Skipped++
			}
			return fs.SkipDir
		case d.IsDir():
			return nil
		case d.Type()&fs.ModeSymlink != 0:
			return t.link(&l, p, tracked)
		case !d.Type().IsRegular():
			l.Skipped++
			return nil
		case d.Name() == ".git": // a worktree's or submodule's pointer
			return nil
		}
		info, err := d.Info()
		if err != nil {
			l.Problems = append(l.Problems, Problem{p, err})
			return nil
		}
		l.Files = append(l.Files, File{Path: p, Size: info.Size(), Tracked: tracked == nil || tracked[p]})
		return nil
	})
	slices.SortFunc(l.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return l, err
}

// link lists a link to a file within the tree as a file: artefacts name it by that path. What it leads to is found anyway, and what lies
// outside is not ours.
func (t *Tree) link(l *Listing, p string, tracked map[string]bool) error {
	info, err := t.root.Stat(p)
	if err != nil || !info.Mode().IsRegular() {
		l.Skipped++
		return nil
	}
	l.Files = append(l.Files, File{Path: p, Size: info.Size(), Tracked: tracked == nil || tracked[p], Link: true})
	return nil
}

// tracked returns the paths that git tracks, nil without git.
func (t *Tree) tracked(ctx context.Context) map[string]bool {
	if t.repo == nil {
		return nil
	}
	paths, err := t.repo.Tracked(ctx)
	if err != nil || len(paths) == 0 {
		return nil // a repository without an index: everything may be added
	}
	set := make(map[string]bool, len(paths))
	for _, p := range paths {
		set[p] = true
	}
	return set
}

// Open implements [Source].
func (t *Tree) Open(p string) (io.ReadCloser, error) { return t.root.Open(filepath.FromSlash(p)) }

// Single is one text: a file, or standard input.
type Single struct {
	Name string // the path in reports
	open func() (io.ReadCloser, error)
	size int64
}

// OpenFile returns a source of one file.
func OpenFile(name string) (*Single, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is neither a folder nor a regular file", name)
	}
	return &Single{Name: path.Base(filepath.ToSlash(name)), size: info.Size(), open: func() (io.ReadCloser, error) { return os.Open(name) }}, nil
}

// Reader returns a source of one text that is read from r, once.
func Reader(name string, r io.Reader) *Single {
	return &Single{Name: name, size: -1, open: func() (io.ReadCloser, error) { return io.NopCloser(r), nil }}
}

// List implements [Source].
func (s *Single) List(context.Context) (Listing, error) {
	return Listing{Files: []File{{Path: s.Name, Size: s.size, Tracked: true}}}, nil
}

// Open implements [Source].
func (s *Single) Open(string) (io.ReadCloser, error) { return s.open() }
