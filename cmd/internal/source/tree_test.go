package source

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// TestNames lists and opens files whose names are whatever a file system allows.
func TestNames(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems allow less")
	}
	dir := t.TempDir()
	want := []string{" blank /x ", "back\\slash", "caf\xe9/\xff\n", "dash/-rf", "é/ü"}
	for _, name := range want {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := OpenTree(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	listing, err := tree.List(t.Context())
	if err != nil || len(listing.Problems) > 0 {
		t.Fatal(err, listing.Problems)
	}
	var got []string
	for _, f := range listing.Files {
		got = append(got, f.Path)
		in, err := tree.Open(f.Path)
		if err != nil {
			t.Errorf("%q: %v", f.Path, err)
			continue
		}
		if text, err := io.ReadAll(in); err != nil || string(text) != f.Path {
			t.Errorf("%q holds %q: %v", f.Path, text, err)
		}
		in.Close()
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
