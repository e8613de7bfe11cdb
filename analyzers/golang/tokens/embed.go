package tokens

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/settings"
	"github.com/stagewall/stagewall/detectors"
)

// Embedded files are no part of what drivers show an analyzer, and are read from beside the package's files. Of a package there are at most so many,
// and no longer ones: they are settings and templates.
const (
	mostEmbedded    = 200
	longestEmbedded = 1 << 20
)

// embeddedFile is a file that the package embeds, and its name below the package's folder.
type embeddedFile struct {
	File
	name string
}

var patternExpr = lazyregexp.New("\"[^\"]*\"|`[^`]*`|\\S+")

// embedded reads the files that the package embeds: https://pkg.go.dev/embed. What cannot be read is left out.
func (u *unit) embedded() []embeddedFile {
	var list []embeddedFile
	seen := map[string]bool{}
	for _, f := range u.Files {
		folder := filepath.Dir(u.Fset.File(f.FileStart).Name())
		for _, group := range f.Comments {
			for _, c := range group.List {
				text, ok := strings.CutPrefix(c.Text, "//go:embed ")
				if !ok {
					continue
				}
				for _, pattern := range patternExpr.FindAllString(text, mostEmbedded) {
					pattern = strings.TrimPrefix(strings.Trim(pattern, "\"`"), "all:")
					for _, name := range matching(folder, pattern) {
						if len(list) == mostEmbedded {
							return list
						}
						data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
						if err == nil && !seen[name] {
							seen[name] = true
							list = append(list, embeddedFile{File{Path: path.Join(Dir(u.Pass), name), Data: data}, name})
						}
					}
				}
			}
		}
	}
	return list
}

// matching returns the regular files of the folder that a pattern of go:embed matches, those of a folder that it matches among them.
func matching(folder, pattern string) []string {
	if !fs.ValidPath(pattern) {
		return nil
	}
	system := os.DirFS(folder)
	matched, err := fs.Glob(system, pattern)
	if err != nil {
		return nil
	}
	var names []string
	for _, m := range matched {
		fs.WalkDir(system, m, func(name string, d fs.DirEntry, err error) error {
			if err != nil || len(names) == mostEmbedded {
				return fs.SkipAll
			}
			if info, err := d.Info(); err == nil && d.Type().IsRegular() && info.Size() <= longestEmbedded {
				names = append(names, name)
			}
			return nil
		})
	}
	return names
}

// inEmbedded returns where a token stands in an embedded file.
func (u *unit) inEmbedded(list []embeddedFile, t Token, at detectors.Place) (Embedded, bool) {
	for _, e := range list {
		if e.Path == at.Path {
			place := analyzers.NewPass("", path.Join(strings.TrimSuffix(u.Pkg.Path(), "_test"), e.name), e.Data).At(at.Span.Start, at.Span.End)
			embedded := Embedded{Token: t, At: place}
			if f, ok := settings.Read(e.Path, e.Data); ok {
				embedded.Keys, embedded.Keyed = f.Keys(at.Span), true
			}
			return embedded, true
		}
	}
	return Embedded{}, false
}
