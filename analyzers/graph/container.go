package graph

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// A container has of the repository what is copied into its image and mounted into it, at the places where that is put. The .env that lies in the
// checkout, and that an ignore file keeps out of the image, is not there when the program looks for it; another file can be, under that name.
//
// Programs are found as if the checkout was there: what a build step makes of them lies elsewhere, and under other names.

// container is what a process has of the repository's files.
type container struct {
	mounts []mount // later ones hide what earlier ones put at their places
	frame  mount   // the folder where it works, as far as the paths of the repository tell it; nothing need lie there
	id     string
}

// mount is a file or folder of the repository, with its place in a container.
type mount struct {
	place, path string
	except      string // an ignore file
	copied      bool   // into the image: what was there before stays beside it
	ignored     func(string) bool
}

// mount notes what is put at a place of the container that is described.
func (p *process) mount(s *analyzers.Step, file string) {
	if path.IsAbs(s.Name) {
		p.mounted = append(p.mounted, mount{path.Clean(s.Name), file, s.Except, s.Copied, p.ignored(s.Except)})
	}
}

// contain lets the process, and those that it starts, have the files that were mounted, and no others.
func (p *process) contain(s *analyzers.Step, at detectors.Place) {
	c := &container{mounts: p.mounted}
	if folder := p.evaluate(s.Files(), at); len(folder.texts) == 1 && path.IsAbs(s.Name) {
		c.frame = mount{place: path.Clean(s.Name), path: path.Clean(folder.texts[0])}
	}
	for _, m := range append(slices.Clone(c.mounts), c.frame) {
		c.id += m.place + "\x00" + m.path + "\x00" + m.except + "\x00" + strconv.FormatBool(m.copied) + "\x00"
	}
	p.inside = c
}

// looksInside reports whether a step reads a file that is there only if the container has it, and not what is a part of a program.
func (p *process) looksInside(op analyzers.Op, at detectors.Place) bool {
	if p.inside == nil {
		return false
	}
	switch op {
	case analyzers.OpLoad:
		return true
	case analyzers.OpSource:
		return !importedOnce(at.Path)
	case analyzers.OpOpen:
		return path.Ext(at.Path) == ".go" || !importedOnce(at.Path) || p.holds(at.Path)
	}
	return false
}

// lookInside makes paths mean what lies in the container, until the function that it returns is called, if the step looks there.
func (p *process) lookInside(op analyzers.Op, at detectors.Place) (done func()) {
	outer := p.looking
	if p.looksInside(op, at) {
		p.looking = p.inside
	}
	return func() { p.looking = outer }
}

// opened returns the files that code opens. What lies beside the code, or below, may be a part of a program that has been built.
func (p *process) opened(v analyzers.Value, at detectors.Place, optional bool) []string {
	files := p.files(v, at, optional)
	if !p.looksInside(analyzers.OpOpen, at) {
		return files
	}
	built := slices.DeleteFunc(files, func(file string) bool { return p.holds(at.Path) || !under(file, path.Dir(at.Path)) })
	defer p.lookInside(analyzers.OpOpen, at)()
	for _, file := range p.files(v, at, true) {
		if !slices.Contains(built, file) {
			built = append(built, file)
		}
	}
	return built
}

// holds reports whether the container has the file, under whatever name.
func (p *process) holds(file string) bool {
	return slices.ContainsFunc(p.inside.mounts, func(m mount) bool { return under(file, m.path) && !m.leavesOut(file) })
}

// lies returns the file or folder of the repository that lies where one with the path would lie in the container, if that had the checkout.
func (p *process) lies(candidate string) (string, bool) {
	for _, m := range append(slices.Clone(p.looking.mounts), p.looking.frame) {
		if m.path == "" || !under(candidate, m.path) {
			continue
		}
		if file, ok := p.liesAt(path.Join(m.place, relative(candidate, m.path))); ok {
			return file, true
		}
	}
	return "", false
}

// liesAt returns what lies at a place of the container.
func (p *process) liesAt(place string) (string, bool) {
	for _, m := range slices.Backward(p.looking.mounts) {
		if !under(place, m.place) {
			continue
		}
		rest := relative(place, m.place)
		candidates := []string{path.Join(m.path, rest)}
		if first, after, _ := strings.Cut(rest, "/"); first == path.Base(m.path) { // it was copied into the folder under its own name
			candidates = append(candidates, path.Join(m.path, after))
		}
		for _, c := range candidates {
			if (c == "." || p.Index.Exists(c) || p.Index.Folder(c)) && !m.leavesOut(c) {
				return c, true
			}
		}
		if !m.copied {
			return "", false
		}
	}
	return "", false
}

// leavesOut reports whether an ignore file keeps a file out of a mount.
func (m *mount) leavesOut(file string) bool { return m.ignored != nil && m.ignored(file) }

// under reports whether a path is the folder, or lies in it.
func under(file, folder string) bool {
	return file == folder || folder == "." && !path.IsAbs(file) || strings.HasPrefix(file, strings.TrimSuffix(folder, "/")+"/")
}

// relative returns the path within a folder of what lies in it.
func relative(file, folder string) string {
	if folder == "." {
		return file
	}
	return strings.TrimPrefix(strings.TrimPrefix(file, folder), "/")
}
