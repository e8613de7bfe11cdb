package source

import (
	"encoding/binary"
	"io/fs"
	"path"
	"path/filepath"
	"time"
)

// Version says which content a file has without its being read.
type Version struct {
	ID    string    // a file has one content under an id; empty if none is known
	Since time.Time // when the file, or what is known of it, changed last; zero if the id is made of the content itself
}

// Versioned is a source that knows versions.
type Versioned interface {
	Version(path string) Version
}

// Version implements [Versioned]. It is made of what changes with every change of a file: when it was written, its size, and beside these
// what nobody can set back: which file it is and when the system changed what is known of it. Without the latter there is none.
func (t *Tree) Version(p string) Version {
	info, err := t.stat(p)
	if err != nil || !info.Mode().IsRegular() {
		return Version{}
	}
	return VersionOf(info)
}

func versionOf(size int64, number uint64, written, changed time.Time) Version {
	since := written
	if changed.After(since) {
		since = changed
	}
	id := make([]byte, 0, 32)
	for _, n := range []uint64{uint64(size), number, uint64(written.UnixNano()), uint64(changed.UnixNano())} {
		id = binary.BigEndian.AppendUint64(id, n)
	}
	return Version{string(id), since}
}

// stat asks the system of a file, in the way in which [Tree.Open] opens it.
func (t *Tree) stat(p string) (fs.FileInfo, error) {
	dir, name := path.Split(p)
	if folder := t.enter(dir); folder != nil {
		if info, err := folder.Stat(name); err == nil {
			return info, nil
		}
	}
	return t.root.Stat(filepath.FromSlash(p))
}
