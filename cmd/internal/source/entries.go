package source

import (
	"cmp"
	"errors"
	"path"
	"slices"

	"github.com/stagewall/stagewall/cmd/internal/git"
)

// Entries are the files of an index or of a commit, links among them followed there.
type Entries struct {
	files map[string]git.Entry // blobs by path; those that links lead to by the links' too
	links map[string]string    // where symbolic links lead, by path
}

// NewEntries returns the entries that git lists.
func NewEntries(list []git.Entry, objects *git.Objects) (Entries, error) {
	e := Entries{map[string]git.Entry{}, map[string]string{}}
	for _, one := range list {
		if !one.Link {
			e.files[one.Path] = one
			continue
		}
		if one.Size > longestLink {
			continue // no system follows it
		}
		target, err := objects.Blob(one.ID)
		if errors.Is(err, git.ErrAbsent) {
			continue
		}
		if err != nil {
			return e, err
		}
		e.links[one.Path] = string(target)
	}
	for link := range e.links {
		if one, ok := e.files[e.follow(link)]; ok {
			e.files[link] = one
		}
	}
	return e, nil
}

const longestLink = 4096 // PATH_MAX, https://man7.org/linux/man-pages/man3/realpath.3.html

// Blob returns the entry of a file, of a link that of the file that it leads to.
func (e *Entries) Blob(path string) (git.Entry, bool) {
	one, ok := e.files[path]
	return one, ok
}

// IsLink reports whether a path is that of a link.
func (e *Entries) IsLink(path string) bool {
	_, ok := e.links[path]
	return ok
}

// Files returns the files, sorted by path.
func (e *Entries) Files() []File {
	files := make([]File, 0, len(e.files))
	for p := range e.files {
		files = append(files, File{Path: p, Tracked: true, Link: e.IsLink(p)})
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return files
}

// follow returns what a path names after all links on its way, "" if that is outside or they lead in a circle. So many are followed as the
// system would follow, https://man7.org/linux/man-pages/man7/path_resolution.7.html.
func (e *Entries) follow(p string) string {
	for range 40 {
		at := e.link(p)
		if at == "" {
			return p
		}
		target := e.links[at]
		if path.IsAbs(target) || len(target)+len(p) > 2*longestLink {
			return ""
		}
		p = path.Join(path.Dir(at), target, p[len(at):])
	}
	return ""
}

// link returns the first part of a path that is a link, "" if none is.
func (e *Entries) link(p string) string {
	for i := 0; i <= len(p); i++ {
		if i == len(p) || p[i] == '/' {
			if _, ok := e.links[p[:i]]; ok {
				return p[:i]
			}
		}
	}
	return ""
}
