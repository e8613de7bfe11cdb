package graph

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Programs that are built lie in no checkout: a script starts ./bin/api, a container /usr/bin/api. What they are made of is told by the
// commands that build them, anywhere in the repository, under the names that they give them.

// compiled is a command that makes a program of a package.
type compiled struct {
	folder analyzers.Value
	at     detectors.Place
}

// What the names of programs can be, beside names: see [analyzers.MainOf].
const (
	nameOfPackage = ""
	nameUnknown   = "*"
)

// mainKind is the kind of the units that a package is built to.
const mainKind = "go-main"

// compiles notes the programs that the steps make.
func (l *linker) compiles(steps []analyzers.Step, file string) {
	for i := range steps {
		s := &steps[i]
		if s.Op == analyzers.OpCompile {
			name := programName(s.Name)
			l.compiled[name] = append(l.compiled[name], compiled{s.Files(), inFile(s.At, file)})
		}
		l.compiles(s.Steps, file)
	}
}

// programName returns the name of the program at a path.
func programName(p string) string {
	if p == "" {
		return nameOfPackage
	}
	return strings.TrimSuffix(path.Base(p), ".exe")
}

// built returns the programs that a program's name, or a path that leads to no file, means. What the file says that starts it goes before
// what others say.
func (p *process) built(program string, at detectors.Place) []target {
	name := programName(program)
	var here, elsewhere []target
	add := func(c compiled, found []target) {
		if c.at.Path == at.Path {
			here = append(here, found...)
		} else {
			elsewhere = append(elsewhere, found...)
		}
	}
	for _, c := range p.compiled[name] {
		add(c, p.mains(c.folder, c.at))
	}
	for _, c := range p.ofPackages(name) {
		add(c, slices.DeleteFunc(p.mains(c.folder, c.at), func(t target) bool { return p.nameOf(t) != name }))
	}
	if len(here) == 0 && strings.Contains(program, "/") { // what lies in a folder is no installed program
		for _, c := range p.compiled[nameUnknown] {
			if c.at.Path == at.Path {
				here = append(here, p.mains(c.folder, c.at)...)
			}
		}
	}
	if len(here) == 0 {
		here = elsewhere
	}
	slices.SortStableFunc(here, func(a, b target) int { return strings.Compare(a.file, b.file) })
	return slices.CompactFunc(here, func(a, b target) bool { return a.file == b.file })
}

// ofPackages returns the commands that name programs by their packages, if a program has the name.
func (l *linker) ofPackages(name string) []compiled {
	if l.packaged == nil {
		l.packaged = map[string]bool{}
		for _, targets := range l.programs {
			for _, t := range targets {
				l.packaged[l.nameOf(t)] = true
			}
		}
	}
	if !l.packaged[name] {
		return nil
	}
	return l.compiled[nameOfPackage]
}

// nameOf returns the name that go build and go install give to the program: the last word of its package's import path, without a
// major version. https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies
func (l *linker) nameOf(t target) string {
	folder := path.Dir(t.file)
	for module, at := range l.modules {
		if at == folder {
			if base := path.Base(module); !isMajor(base) {
				return base
			}
			return path.Base(path.Dir(module))
		}
	}
	return path.Base(folder)
}

func isMajor(word string) bool {
	return len(word) > 1 && word[0] == 'v' && strings.Trim(word[1:], "0123456789") == ""
}

// mains returns the programs that packages are built to. A path in a container is looked for from its end, since where the checkout
// lies in it is not known here.
func (p *process) mains(v analyzers.Value, at detectors.Place) []target {
	var found []target
	for _, text := range p.folderTexts(v, at) {
		if path.Ext(text) == ".go" {
			text = path.Dir(text)
		}
		if folder, ok := p.goFolder(importPrefix+text, at); ok && folder != "" && !strings.HasPrefix(text, ".") {
			found = append(found, p.mainsIn(folder)...)
			continue
		}
		found = append(found, p.mainsBelow(text, at)...)
	}
	if len(found) >= maxEvery {
		p.gap(at, "the programs that are run here are too many to follow; what the rest of them reach is not known")
	}
	return found
}

// folderTexts returns the texts of a path; of one that is not known a pattern.
func (p *process) folderTexts(v analyzers.Value, at detectors.Place) []string {
	if texts := p.evaluate(v, at).texts; len(texts) > 0 {
		return texts
	}
	pattern := ""
	for _, part := range v.Parts {
		switch {
		case part.Hole == nil && part.Text != "":
			pattern += part.Text
		default:
			pattern += "*"
		}
	}
	if strings.Trim(pattern, "*./") == "" {
		return nil
	}
	return []string{pattern}
}

func (p *process) mainsBelow(text string, at detectors.Place) []target {
	folders := []string{p.dir, path.Dir(at.Path), "."}
	if path.IsAbs(text) {
		folders = folders[1:]
	}
	for {
		for _, folder := range folders {
			if found := p.mainsIn(path.Join(folder, text)); len(found) > 0 {
				return found
			}
		}
		if !path.IsAbs(text) || text == "/" {
			return nil
		}
		_, rest, _ := strings.Cut(text[1:], "/")
		text = "/" + rest
	}
}

// mainsIn returns the programs of a folder relative to the root; of all folders below it, if it ends in "...".
func (l *linker) mainsIn(folder string) []target {
	if !strings.ContainsAny(folder, "*") && !strings.HasSuffix(folder, "...") {
		return l.programs[folder]
	}
	if below, ok := strings.CutSuffix(folder, "..."); ok {
		folder = path.Join(below, "**")
	}
	found, ok := l.patterned[folder]
	if !ok {
		for _, at := range slices.Sorted(maps.Keys(l.programs)) {
			if ok, _ := doublestar.Match(folder, at); ok && len(found) <= maxEvery {
				found = append(found, l.programs[at]...)
			}
		}
		found = slices.Clip(found[:min(len(found), maxEvery)])
		l.patterned[folder] = found
	}
	return found
}
