package cache

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stagewall/stagewall/cmd/internal/source"
)

func open(t *testing.T, dir string, of Of) *Cache {
	t.Helper()
	c, err := Open(dir, of)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func save(t *testing.T, c *Cache, entries ...*Entry) {
	t.Helper()
	c.Save(entries)
	if c.Err() != nil {
		t.Fatal(c.Err())
	}
}

// kept returns the names of files with an ending.
func kept(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"+ending))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	of := Of{Root: "/a", Settings: []byte("s")}
	first := open(t, dir, of)
	if first.Find("p") != nil {
		t.Error("something is kept before anything was")
	}
	save(t, first, &Entry{Path: "p", Said: first.Put([]byte("said")), Settled: true, Content: first.Content([]byte("text"))}, &Entry{Path: "q"})
	again := open(t, dir, of)
	if e := again.Find("p"); e == nil || again.Text(e.Said) != "said" || !e.Settled || e.Content != again.Content([]byte("text")) || again.Find("q") == nil {
		t.Errorf("%+v", e)
	}
	for _, other := range []Of{{"/b", []byte("s")}, {"/a", []byte("t")}, {"/as", nil}} {
		if open(t, dir, other).Find("p") != nil {
			t.Errorf("%v: what is kept is something else's", other)
		}
	}
	save(t, again, again.Find("p"))
	if c := open(t, dir, of); c.Find("p") == nil || c.Find("q") != nil {
		t.Error("what was not used is kept")
	}
	if open(t, t.TempDir(), of).Content([]byte("text")) == again.Content([]byte("text")) {
		t.Error("a digest is the same with another key")
	}
}

// Another program keeps its own.
func TestProgram(t *testing.T) {
	dir, of := t.TempDir(), Of{Root: "/a"}
	c := open(t, dir, of)
	c.program = bytes.Repeat([]byte{1}, len(c.program))
	save(t, c, &Entry{Path: "p"})
	if open(t, dir, of).Find("p") != nil {
		t.Error("what another program kept is used")
	}
	save(t, open(t, dir, of), &Entry{Path: "q"})
	if names := kept(t, dir); len(names) != 1 {
		t.Error(names)
	}
}

// Nothing is written if nothing changed.
func TestUnchanged(t *testing.T) {
	dir, of := t.TempDir(), Of{Root: "/a"}
	save(t, open(t, dir, of), &Entry{Path: "p"})
	name := kept(t, dir)[0]
	before := time.Now().Add(-time.Hour).Truncate(time.Second)
	if err := os.Chtimes(name, before, before); err != nil {
		t.Fatal(err)
	}
	c := open(t, dir, of)
	save(t, c, c.Find("p"))
	if info, err := os.Stat(name); err != nil || !info.ModTime().Equal(before) {
		t.Error("it was written", err)
	}
	save(t, c, &Entry{Path: "p"})
	if info, err := os.Stat(name); err != nil || info.ModTime().Equal(before) {
		t.Error("it was not written", err)
	}
}

// A damaged file is none, wherever the damage is.
func TestDamaged(t *testing.T) {
	dir, of := t.TempDir(), Of{Root: "/a"}
	c := open(t, dir, of)
	save(t, c, &Entry{Path: "p", Said: c.Put([]byte("said"))}, &Entry{Path: "q"})
	name := kept(t, dir)[0]
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	try := func(data []byte) {
		t.Helper()
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if open(t, dir, of).Find("p") != nil {
			t.Errorf("%q is read", data)
		}
	}
	for i := 0; i < len(whole); i += 3 {
		try(whole[:i])
		changed := bytes.Clone(whole)
		changed[i] ^= 1
		try(changed)
	}
	try(append(bytes.Clone(whole), 0))
	other := open(t, dir, Of{Root: "/b"})
	save(t, other, &Entry{Path: "p"})
	foreign, err := os.ReadFile(filepath.Join(dir, other.name))
	if err != nil {
		t.Fatal(err)
	}
	try(foreign)
}

// What others can have written is not read, and no link is followed.
func TestForeign(t *testing.T) {
	dir, of := t.TempDir(), Of{Root: "/a"}
	save(t, open(t, dir, of), &Entry{Path: "p"})
	name := kept(t, dir)[0]
	for _, change := range []func() error{
		func() error { return os.Chmod(name, 0o644) },
		func() error {
			if err := os.Chmod(name, 0o600); err != nil {
				return err
			}
			if err := os.Rename(name, name+".moved"); err != nil {
				return err
			}
			return os.Symlink(filepath.Base(name)+".moved", name)
		},
	} {
		if err := change(); err != nil {
			t.Skip(err)
		}
		if open(t, dir, of).Find("p") != nil {
			t.Error("it is read")
		}
	}
	if err := os.Chmod(filepath.Join(dir, keyName), 0o640); err != nil {
		t.Skip(err)
	}
	if _, err := Open(dir, of); err == nil {
		t.Error("a key that others can read is used")
	}
}

// Nobody else can read what is kept, and nothing is left beside it.
func TestModes(t *testing.T) {
	dir, of := filepath.Join(t.TempDir(), "a", "b"), Of{Root: "/a"}
	save(t, open(t, dir, of), &Entry{Path: "p"})
	for name, want := range map[string]fs.FileMode{dir: 0o700, filepath.Join(dir, keyName): 0o600, kept(t, dir)[0]: 0o600} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*.tmp")); len(left) > 0 || err != nil {
		t.Error(left, err)
	}
}

// What is scanned does not say what is in it.
func TestOutside(t *testing.T) {
	top := t.TempDir()
	for _, dir := range []string{"repo/.git", "repo/sub", "other"} {
		if err := os.MkdirAll(filepath.Join(top, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(top, "repo"), filepath.Join(top, "link")); err != nil {
		t.Skip(err)
	}
	for _, c := range []struct {
		dir, root string
		ok        bool
	}{
		{"repo/cache", "repo", false},
		{"repo", "repo", false},
		{"repo/.git/cache", "repo", false},
		{"repo/cache", "repo/sub", false},
		{"link/cache", "repo", false},
		{"repo/cache", "link", false},
		{"repository", "repo", true},
		{"..repo/cache", "repo", true},
		{"cache", "repo", true},
		{"other/cache", "other", false},
		{"other/cache", "repo/sub", true},
	} {
		_, err := Open(filepath.Join(top, c.dir), Of{Root: filepath.Join(top, c.root)})
		if (err == nil) != c.ok {
			t.Errorf("%s for %s: %v", c.dir, c.root, err)
		}
		if !c.ok {
			if _, err := os.Stat(filepath.Join(top, c.dir, keyName)); err == nil {
				t.Errorf("%s for %s: something was written", c.dir, c.root)
			}
		}
	}
}

// What nobody used for long goes when something is written; what was used does not.
func TestClean(t *testing.T) {
	dir := t.TempDir()
	long := time.Now().Add(-2 * unused)
	for _, root := range []string{"/gone", "/used"} {
		c := open(t, dir, Of{Root: root})
		save(t, c, &Entry{Path: "p"})
		if err := os.Chtimes(filepath.Join(dir, c.name), long, long); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"notes.txt", "left.tmp"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(filepath.Join(dir, name), long, long); err != nil {
			t.Fatal(err)
		}
	}
	open(t, dir, Of{Root: "/used"}) // it has nothing new to keep
	save(t, open(t, dir, Of{Root: "/new"}), &Entry{Path: "p"})
	for root, want := range map[string]bool{"/gone": false, "/used": true, "/new": true} {
		if got := open(t, dir, Of{Root: root}).Find("p") != nil; got != want {
			t.Errorf("%s: %v", root, got)
		}
	}
	for name, want := range map[string]bool{"notes.txt": true, "left.tmp": false} {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A file that was just written can change again before the clock of its file system moves.
func TestSettled(t *testing.T) {
	c := open(t, t.TempDir(), Of{})
	for since, want := range map[time.Time]bool{
		{}: true, c.began.Add(-time.Minute): true, c.began.Add(-time.Second): false, c.began: false, c.began.Add(time.Hour): false,
	} {
		if got := c.Settled(source.Version{ID: "v", Since: since}); got != want {
			t.Errorf("%v: %v", since, got)
		}
	}
}

// Several scans of one folder at once do not see half of what another writes.
func TestAtOnce(t *testing.T) {
	dir, of := t.TempDir(), Of{Root: "/a"}
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 20 {
				c, err := Open(dir, of)
				if err != nil {
					t.Error(err)
					return
				}
				if len(c.entries) != 0 && len(c.entries) != 3 {
					t.Error(len(c.entries))
				}
				var entries []*Entry
				for n := range 3 {
					entries = append(entries, &Entry{Path: fmt.Sprint(n), Said: c.Put(fmt.Append(nil, i))})
				}
				if c.Save(entries); c.Err() != nil {
					t.Error(c.Err())
				}
			}
		})
	}
	group.Wait()
	if open(t, dir, of).Find("2") == nil {
		t.Error("nothing is kept")
	}
}
