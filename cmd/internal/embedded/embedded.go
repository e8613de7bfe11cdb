// Package embedded digests the files that Go packages embed. golangci-lint keeps results by Go files and settings only, so that a plugin that
// reads other files has to put their digest among its settings, or else old results are shown for new files.
package embedded

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Digest returns a digest of the names and contents of all files that the Go packages in the tree embed. What cannot be read, or is no
// pattern, counts by what is wrong with it: go build says more of it than we could. Folders that hold dependencies are left out.
func Digest(tree fs.FS) (string, error) {
	files := map[string]bool{}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && name == ".":
			return err
		case err != nil:
			return nil
		case d.IsDir() && (d.Name() == "vendor" || d.Name() == "node_modules" || d.Name() == ".git"):
			return fs.SkipDir
		case path.Ext(name) != ".go" || !d.Type().IsRegular():
			return nil
		}
		for _, pattern := range patterns(tree, name) {
			match(tree, path.Join(path.Dir(name), strings.TrimPrefix(pattern, "all:")), files)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	h := sha256.New()
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		digest(h, tree, name)
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// directive begins the lines that embed, https://pkg.go.dev/embed#hdr-Directives.
var directive = []byte("//go:embed ")

// patterns returns the patterns of a Go file's directives. A directive in a string or comment is taken for one: that costs nothing.
func patterns(tree fs.FS, name string) []string {
	data, err := fs.ReadFile(tree, name)
	if err != nil || !bytes.Contains(data, directive) {
		return nil
	}
	var list []string
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, len(data)+1)
	for lines.Scan() {
		rest, ok := bytes.CutPrefix(bytes.TrimSpace(lines.Bytes()), directive)
		for text := strings.TrimSpace(string(rest)); ok && text != ""; text = strings.TrimSpace(text) {
			pattern, err := strconv.QuotedPrefix(text)
			if err != nil {
				pattern, _, _ = strings.Cut(text, " ")
				list = append(list, pattern)
			} else if unquoted, err := strconv.Unquote(pattern); err == nil {
				list = append(list, unquoted)
			}
			text = text[len(pattern):]
		}
	}
	return list
}

// match adds the files that a pattern matches, those of matched folders with them.
func match(tree fs.FS, pattern string, to map[string]bool) {
	names, _ := fs.Glob(tree, pattern)
	for _, name := range names {
		_ = fs.WalkDir(tree, name, func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				to[name] = true
			}
			return nil
		})
	}
}

// digest adds a file.
func digest(h hash.Hash, tree fs.FS, name string) {
	own := sha256.New()
	f, err := tree.Open(name)
	if err == nil {
		_, err = io.Copy(own, f)
		f.Close()
	}
	fmt.Fprintf(h, "%q %x %t\n", name, own.Sum(nil), err == nil)
}

// Root returns the folder of the workspace, or else of the module, that a folder belongs to; itself if it belongs to none.
func Root(dir string) string {
	for _, name := range []string{"go.work", "go.mod"} {
		for at := dir; ; at = filepath.Dir(at) {
			if info, err := os.Stat(filepath.Join(at, name)); err == nil && info.Mode().IsRegular() {
				return at
			}
			if at == filepath.Dir(at) {
				break
			}
		}
	}
	return dir
}
