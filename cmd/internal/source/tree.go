package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/stagewall/stagewall/cmd/internal/git"
)

// Tree is the files below a folder.
type Tree struct {
	root *os.Root
	repo *git.Repository
	deaf error // why git cannot be asked; nil if it can be, or need not be
	all  bool

	mu     sync.Mutex
	last   string // the folder of the file that was opened last
	folder *os.Root
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
	if t.repo, err = git.Open(ctx, dir); err != nil {
		t.repo = nil
	}
	if err != nil && !errors.Is(err, git.ErrNone) && git.Marked(dir) {
		t.deaf = err
	}
	return t, nil
}

// Repository returns the git repository that the folder lies in, nil if there is none.
func (t *Tree) Repository() *git.Repository { return t.repo }

// IsRepository reports whether the folder is one in which git keeps a repository: a bare one, or the .git of another
// (https://git-scm.com/docs/gitrepository-layout).
func (t *Tree) IsRepository() bool {
	for _, name := range []string{"HEAD", "objects", "refs"} {
		if _, err := t.root.Stat(name); err != nil {
			return false
		}
	}
	return true
}

// ListAll makes List return the files in folders of installed packages too.
func (t *Tree) ListAll() { t.all = true }

// installed are the folders that package managers fill: what lies there belongs to others, and is in no checkout until it is installed.
var installed = []string{"node_modules", "bower_components", "jspm_packages", "site-packages", ".venv", ".tox", "__pycache__"}

// List implements [Source]. It asks the system for nothing but the entries of each folder: what a file's entry says of its type is
// enough, and its size shows when it is read. Folders that are equally deep are listed at the same time, since most of what it takes is
// waiting for the system.
func (t *Tree) List(ctx context.Context) (Listing, error) {
	var l Listing
	tracked := t.tracked(ctx)
	for folders := []string{"."}; len(folders) > 0; {
		if err := ctx.Err(); err != nil {
			return l, err
		}
		found := make([]folder, len(folders))
		var group errgroup.Group
		group.SetLimit(runtime.GOMAXPROCS(0))
		for i, name := range folders {
			group.Go(func() error {
				found[i] = t.list(name, tracked)
				return nil
			})
		}
		group.Wait()
		folders = folders[:0]
		for _, f := range found {
			folders = append(folders, f.folders...)
			l.Files = append(l.Files, f.Files...)
			l.Problems = append(l.Problems, f.Problems...)
			l.Skipped += f.Skipped
		}
	}
	if t.deaf != nil {
		l.Unknown = append(l.Unknown, Problem{".git", t.deaf})
	}
	slices.SortFunc(l.Files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	slices.SortFunc(l.Problems, func(a, b Problem) int { return cmp.Compare(a.Path, b.Path) })
	return l, nil
}

// folder is what one folder has.
type folder struct {
	Listing
	folders []string
}

// list lists one folder. What git tracks is nil if there is no repository.
func (t *Tree) list(name string, tracked map[string]bool) (f folder) {
	entries, err := t.entries(name)
	if err != nil {
		f.Problems = append(f.Problems, Problem{name, err})
		return f
	}
	for _, d := range entries {
		p := path.Join(name, d.Name())
		link := d.Type()&fs.ModeSymlink != 0
		switch {
		case d.Name() == ".git": // or a worktree's or submodule's pointer
		case d.IsDir() && !t.all && slices.Contains(installed, d.Name()):
			f.Skipped++
		case d.IsDir():
			f.folders = append(f.folders, p)
		case !d.Type().IsRegular() && !(link && t.leadsToFile(p)):
			f.Skipped++
		default:
			f.Files = append(f.Files, File{Path: p, Tracked: tracked == nil || tracked[p], Link: link})
		}
	}
	return f
}

// entries returns what lies in a folder, whatever its name is: [fs.ReadDir] refuses names that are no UTF-8.
func (t *Tree) entries(name string) ([]fs.DirEntry, error) {
	f, err := t.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(-1)
}

// leadsToFile reports whether a link leads to a file within the tree. It is listed as a file: artefacts name it by that path. What lies
// outside is not ours.
func (t *Tree) leadsToFile(p string) bool {
	info, err := t.root.Stat(filepath.FromSlash(p))
	return err == nil && info.Mode().IsRegular()
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

// Open implements [Source]. Files are read in the order of their paths, so most lie in the folder of the one before, which is kept
// open: otherwise every folder on the way is opened again for every file, to be sure that no link leads out of the tree. Opening costs a
// third less, on Kubernetes 1.34 (0.062 s of processor time for 8370 files instead of 0.088 s).
func (t *Tree) Open(p string) (io.ReadCloser, error) {
	dir, name := path.Split(p)
	if folder := t.enter(dir); folder != nil {
		if f, err := folder.OpenFile(name, os.O_RDONLY|atOnce, 0); err == nil {
			return f, nil
		}
	}
	return t.root.OpenFile(filepath.FromSlash(p), os.O_RDONLY|atOnce, 0) // a link to another folder, or a folder that another worker has just left
}

// enter returns the folder opened, nil if it cannot be.
func (t *Tree) enter(dir string) *os.Root {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.folder != nil && t.last == dir {
		return t.folder
	}
	if dir == "" {
		return nil // the root, which is open
	}
	folder, err := t.root.OpenRoot(filepath.FromSlash(path.Clean(dir)))
	if err != nil {
		return nil
	}
	if t.folder != nil {
		t.folder.Close()
	}
	t.last, t.folder = dir, folder
	return folder
}
