package embedded

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

// TestDigest: the digest changes with what is embedded and with nothing else.
func TestDigest(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	tree := fstest.MapFS{
		"a/a.go":                file("package a\n\nimport \"embed\"\n\n//go:embed token.txt \"with blank.txt\" `raw.txt`\n//go:embed all:folder env/*.env\nvar files embed.FS\n"),
		"a/token.txt":           file("1"),
		"a/with blank.txt":      file("2"),
		"a/raw.txt":             file("3"),
		"a/folder/deep/er.txt":  file("4"),
		"a/env/x.env":           file("5"),
		"a/env/x.txt":           file("6"),
		"a/other.txt":           file("7"),
		"token.txt":             file("8"),
		"vendor/b/b.go":         file("package b\n//go:embed b.txt\nvar text string\n"),
		"vendor/b/b.txt":        file("9"),
		"broken/broken.go":      file("package broken\n//go:embed [ \"open none.txt ../../../out.txt\nvar text string\n"),
		"c/.hidden/c.go":        file("package c"),
		"node_modules/d/d.go":   file("//go:embed d.txt"),
		"node_modules/d/d.txt":  file("10"),
		"a/sub.go/not-a-go.txt": file("a folder with a file's name"),
	}
	digest := func(tree fstest.MapFS) string {
		t.Helper()
		sum, err := Digest(tree)
		if err != nil || len(sum) != 32 {
			t.Fatal(sum, err)
		}
		return sum
	}
	was := digest(tree)
	for name, changes := range map[string]bool{
		"a/token.txt": true, "a/with blank.txt": true, "a/raw.txt": true, "a/folder/deep/er.txt": true, "a/env/x.env": true,
		"a/env/new.env": true, "a/folder/new.txt": true,
		"a/env/x.txt": false, "a/other.txt": false, "token.txt": false, "vendor/b/b.txt": false, "node_modules/d/d.txt": false,
	} {
		changed := maps.Clone(tree)
		changed[name] = file("changed")
		if got := digest(changed) != was; got != changes {
			t.Errorf("%s changes the digest: %t", name, got)
		}
	}
	if digest(fstest.MapFS{}) != digest(fstest.MapFS{"a.txt": file("1")}) {
		t.Error("a tree that embeds nothing has no digest of its own")
	}
}

func TestRoot(t *testing.T) {
	dir := t.TempDir()
	module := filepath.Join(dir, "work", "module")
	deep := filepath.Join(module, "a", "b")
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ file, want string }{
		{"", deep}, {filepath.Join(module, "go.mod"), module}, {filepath.Join(dir, "work", "go.work"), filepath.Join(dir, "work")},
	} {
		if step.file != "" {
			if err := os.WriteFile(step.file, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := Root(deep); got != step.want {
			t.Errorf("with %q the root is %q, want %q", step.file, got, step.want)
		}
	}
}
