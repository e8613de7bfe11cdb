// Package source is the one place from which bytes come: a tree, one file, standard input, or what is staged. Nothing else reads files.
package source

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
)

// File is a file of a source.
type File struct {
	Path    string // slash-separated, relative to the root
	Tracked bool   // git tracks it, or does not ignore it; without git every file is tracked
	Link    bool   // it is a link to a file of the source
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
	Unknown  []Problem // what of the files is not known: git could not be asked
}

// Source gives the files of what is scanned.
type Source interface {
	// List returns all files. The error is for a source that cannot be read at all.
	List(ctx context.Context) (Listing, error)
	// Open opens a file of the listing.
	Open(path string) (io.ReadCloser, error)
}

// Single is one text: a file, or standard input.
type Single struct {
	Name string // the path in reports
	open func() (io.ReadCloser, error)
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
	return &Single{Name: path.Base(filepath.ToSlash(name)), open: func() (io.ReadCloser, error) { return os.Open(name) }}, nil
}

// OpenIn opens one file of a folder as [Tree.Open] does.
func OpenIn(dir, name string) (io.ReadCloser, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.OpenFile(name, os.O_RDONLY|atOnce, 0)
}

// Reader returns a source of one text that is read from r, once. What is opened again is its beginning, up to some length.
func Reader(name string, r io.Reader) *Single {
	var kept *beginning
	return &Single{Name: name, open: func() (io.ReadCloser, error) {
		if kept != nil {
			return io.NopCloser(bytes.NewReader(kept.Bytes())), nil
		}
		kept = &beginning{}
		return io.NopCloser(io.TeeReader(r, kept)), nil
	}}
}

// beginning keeps the beginning of what is written.
type beginning struct{ bytes.Buffer }

func (b *beginning) Write(p []byte) (int, error) {
	const most = 1 << 20
	b.Buffer.Write(p[:min(len(p), most-b.Len())])
	return len(p), nil
}

// List implements [Source].
func (s *Single) List(context.Context) (Listing, error) {
	return Listing{Files: []File{{Path: s.Name, Tracked: true}}}, nil
}

// Open implements [Source].
func (s *Single) Open(string) (io.ReadCloser, error) { return s.open() }
