// Package gitcrypt reads which files git-crypt encrypts.
//
// # Analyzer gitcrypt
//
// gitcrypt: which key opens which files
//
// git-crypt encrypts the files that have its filter by .gitattributes, all with one key, or with the key that the filter names. Whoever has a key has
// every file of it plain, so that a key that staging's jobs unlock the repository with opens production's files too, unless those have a key of their own.
//
//	https://github.com/AGWA/git-crypt#using-git-crypt
//	https://github.com/AGWA/git-crypt/blob/master/doc/multiple_keys.md
//	https://git-scm.com/docs/gitattributes
//
// # What is not seen
//
// Attributes in .git/info/attributes and in users' own files, and attribute macros.
package gitcrypt

import (
	"bytes"
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

const name = "gitcrypt"

// Analyzer reads which files git-crypt encrypts.
var Analyzer = &analyzers.Analyzer{
	Name:    name,
	Doc:     "Reads which files git-crypt encrypts, and with which key.",
	Version: 1,
	Files:   []string{"**/.gitattributes"},
	Run:     run,
	Join:    join,
}

// opFilter gives the files File the filter of the key Name, or of none.
const opFilter analyzers.Op = "filter"

// defaultKey is the key of who names none.
const defaultKey = "default"

// maxPatterns bounds the patterns that paths are compared with: those of a file, and those of a repository.
const maxPatterns = 300

const tooMany = "these are too many patterns to follow; which of the files that they match are encrypted is not known"

func run(pass *analyzers.Pass) error {
	if !bytes.Contains(pass.Data, []byte("filter=git-crypt")) {
		return nil
	}
	p := analyzers.Program{Name: "attributes", At: pass.At(0, 0)}
	start := 0
	for line := range bytes.Lines(pass.Data) {
		at := pass.At(start, start+len(bytes.TrimRight(line, "\r\n")))
		start += len(line)
		fields := strings.Fields(string(line))
		if len(fields) < 2 || strings.HasPrefix(fields[0], "#") || strings.HasPrefix(fields[0], `"`) {
			continue
		}
		key, set := filter(fields[1:])
		if !set {
			continue
		}
		if len(p.Steps) == maxPatterns {
			pass.Gap(at, tooMany)
			break
		}
		files := analyzers.Value{At: at, Parts: []analyzers.Part{{Text: pattern(path.Dir(pass.Path), fields[0])}}}
		p.Steps = append(p.Steps, analyzers.Step{Op: opFilter, At: at, Name: key, File: &files})
	}
	pass.Facts.Programs = append(pass.Facts.Programs, p)
	return nil
}

// filter returns the key of the filter that attributes set, "" for another filter or none, and whether they say anything of it.
func filter(attributes []string) (key string, set bool) {
	for _, a := range attributes {
		switch attribute, value, _ := strings.Cut(a, "="); attribute {
		case "filter":
			set, key = true, ""
			if own, ok := strings.CutPrefix(value, "git-crypt-"); ok {
				key = own
			} else if value == "git-crypt" {
				key = defaultKey
			}
		case "!filter", "-filter":
			set, key = true, ""
		}
	}
	return key, set
}

// pattern rewrites a pattern of a folder's attributes into doublestar's: without a slash it matches at any depth, and a folder does not stand for what is
// in it; braces are no alternatives (https://git-scm.com/docs/gitattributes#_description).
func pattern(folder, text string) string {
	if anchored, ok := strings.CutPrefix(text, "/"); ok {
		text = anchored
	} else if !strings.Contains(text, "/") {
		text = "**/" + text
	}
	return path.Join(folder, strings.NewReplacer("{", `\{`, "}", `\}`).Replace(text))
}

// join says of each key whose files it opens.
func join(index analyzers.Index) []*analyzers.Facts {
	var files []*analyzers.Facts
	for _, p := range index.All() {
		for _, f := range index.Facts(p) {
			if f.Analyzer == name && len(f.Programs) > 0 {
				files = append(files, f)
			}
		}
	}
	slices.SortStableFunc(files, func(a, b *analyzers.Facts) int { // what stands nearer to a file holds
		return cmp.Compare(strings.Count(a.Path, "/"), strings.Count(b.Path, "/"))
	})
	keys := map[string]string{} // by encrypted file
	left := maxPatterns
	var joined []*analyzers.Facts
	for _, f := range files {
		own := &analyzers.Facts{Path: f.Path, Analyzer: name}
		for _, s := range f.Programs[0].Steps {
			if left--; left < 0 {
				own.Gaps = append(own.Gaps, analyzers.Gap{At: s.At, Says: tooMany})
				break
			}
			text, _ := s.Files().Text()
			for _, file := range index.Match(text) {
				if path.Base(file) != ".gitattributes" {
					keys[file] = s.Name
				}
			}
		}
		joined = append(joined, own)
	}
	if len(joined) > 0 {
		joined[0].Bindings = rows(keys)
	}
	return joined
}

// rows returns a row for each key and environment whose files it opens, and one for files of which nobody knows whose they are.
func rows(keys map[string]string) []detectors.Binding {
	type opened struct {
		key string
		of  detectors.Environment
	}
	seen := map[opened]bool{}
	var all []detectors.Binding
	for _, file := range slices.Sorted(maps.Keys(keys)) {
		one := opened{keys[file], environ.Path(file)}
		if one.key == "" || seen[one] {
			continue
		}
		seen[one] = true
		all = append(all, detectors.Binding{What: detectors.GitCrypt, Value: one.key, Environments: one.of, At: detectors.Place{Path: file}})
	}
	return all
}
