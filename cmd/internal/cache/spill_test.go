package cache

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// What is put into a cache can be had again at once, however large it is, and after it was saved.
func TestSpill(t *testing.T) {
	dir, of := t.TempDir(), Of{Root: "/a"}
	said := func(i int) string {
		if i%100 == 7 {
			return strings.Repeat(fmt.Sprint(i), spillSize)
		}
		return strings.Repeat(fmt.Sprint(i), i)
	}
	check := func(c *Cache, e *Entry, i int) {
		t.Helper()
		if e == nil || c.Text(e.Said) != said(i) || c.Text(e.Words) != fmt.Sprint(i) || c.Text(e.Again) != "" || !e.Again.Empty() {
			t.Errorf("%d: %+v", i, e)
		}
	}
	for range 2 { // the second time it lies behind what was loaded
		c := open(t, dir, of)
		entries := make([]*Entry, 500)
		var group sync.WaitGroup
		for from := range 4 {
			group.Go(func() {
				for i := from; i < len(entries); i += 4 {
					entries[i] = &Entry{Path: fmt.Sprint(i), Said: c.Put([]byte(said(i))), Words: c.Put(fmt.Append(nil, i))}
				}
				for i := from; i < len(entries); i += 4 {
					check(c, entries[i], i)
				}
			})
		}
		group.Wait()
		save(t, c, entries...)
		again := open(t, dir, of)
		for i, e := range entries {
			check(c, e, i)
			check(again, again.Find(fmt.Sprint(i)), i)
		}
		c.Close()
	}
}

// What is not saved leaves nothing behind, and little needs no file at all.
func TestUnsaved(t *testing.T) {
	dir := t.TempDir()
	names := func() string {
		list, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(list)
	}
	c := open(t, dir, Of{Root: "/a"})
	before := names()
	c.Put(make([]byte, spillSize))
	if c.spill.file != nil {
		t.Error("a file is made for what the memory has room for")
	}
	c.Put([]byte("x"))
	if c.spill.file == nil {
		t.Error("no file is made")
	}
	c.Close()
	if after := names(); after != before {
		t.Errorf("%s is left of %s", after, before)
	}
}

// If something cannot be had again, nothing is saved.
func TestLost(t *testing.T) {
	much := make([]byte, spillSize)
	for name, lose := range map[string]func(*Cache){
		"not written": func(c *Cache) { c.root.Close(); c.Put(much) },
		"not read":    func(c *Cache) { c.Put(much); c.spill.file.Truncate(0) },
	} {
		dir, of := t.TempDir(), Of{Root: "/a"}
		c := open(t, dir, of)
		said := c.Put([]byte("said"))
		lose(c)
		if text := c.Text(said); text != "" {
			t.Errorf("%s: %q", name, text)
		}
		if c.Save([]*Entry{{Path: "p", Said: said}}); c.Err() == nil {
			t.Errorf("%s: no error", name)
		}
		if open(t, dir, of).Find("p") != nil {
			t.Errorf("%s: it was saved", name)
		}
		if left, err := filepath.Glob(filepath.Join(dir, "*.tmp")); len(left) > 0 || err != nil {
			t.Error(name, left, err)
		}
	}
}
