package python

import (
	"bytes"
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads Python.
var Analyzer = &analyzers.Analyzer{
	Name: "python",
	Doc: `python reads Python: what code loads, reads, imports and hands on

A file is a program. One that is made to be run, by its first line, its folder or what it asks, is a unit.`,
	Version: 7,
	Files:   []string{"**/*.py", "**/*.ipynb"},
	Sniff:   sniff,
	Run:     run,
}

// What bounds what is read, in bytes. A notebook holds the pictures that its code has drawn, too.
const (
	maxSize     = 1 << 20 // of code
	maxNotebook = 32 << 20

	unread = "; what its code reads and sends is not known"
)

func sniff(file string, head []byte) bool {
	first, _, _ := bytes.Cut(head, []byte("\n"))
	return (path.Ext(file) == "" || path.Ext(file) == ".sh") && bytes.HasPrefix(first, []byte("#!")) && bytes.Contains(first, []byte("python"))
}

func run(pass *analyzers.Pass) error {
	if elsewhere(pass.Path) {
		return nil
	}
	if isNotebook(pass.Path) {
		if pass = notebook(pass); pass == nil {
			return nil
		}
	} else if pass.TooLarge(maxSize, "Python"+unread) {
		return nil
	}
	s := newSource(pass)
	s.imports()
	at := pass.At(0, 0)
	if pass.Glance && s.glance() {
		pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{At: at, Shell: true})
		return nil
	}
	if s.count > 0 {
		s.takes()
		s.declare()
		s.conditions()
		s.loads()
		s.exports()
		s.settings()
		s.reads()
		if !test(pass.Path) {
			s.uses()
		}
	}
	if s.cut || s.spent > maxSpent {
		pass.Gap(detectors.Place{Path: pass.Path}, "the file's expressions are too many to evaluate; some of what it hands on is not known")
	}
	steps := code.Nest(s.found, s.guards, func(offset int) detectors.Place { return pass.At(offset, offset) })
	pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{At: at, Shell: true, Steps: steps})
	if book := isNotebook(pass.Path); book || s.script() {
		kind := "script"
		if book {
			kind = "notebook"
		}
		pass.Facts.Units = append(pass.Facts.Units, analyzers.Unit{
			ID: pass.Path, Name: path.Base(pass.Path), Kind: kind, At: at, Signs: s.selectors(),
			Runs: analyzers.PathTo(pass.Path, "", at),
		})
	}
	return nil
}

// elsewhere reports whether a file is somebody else's.
func elsewhere(file string) bool {
	for segment := range strings.SplitSeq(path.Dir(file), "/") {
		switch segment {
		case "site-packages", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".eggs":
			return true
		}
	}
	return false
}

// test reports whether the file is a test.
func test(file string) bool {
	for segment := range strings.SplitSeq(path.Dir(file), "/") {
		if segment == "tests" || segment == "test" {
			return true
		}
	}
	base := path.Base(file)
	return strings.HasPrefix(base, "test_") || strings.HasSuffix(base, "_test.py") || base == "conftest.py"
}

// script reports whether the file is made to be run.
func (s *source) script() bool {
	if test(s.pass.Path) {
		return false
	}
	if bytes.HasPrefix(s.pass.Data, []byte("#!")) {
		return true
	}
	for _, line := range s.lines {
		if line.indent == 0 && s.is(line.from, "if", "__name__", "==") {
			return true
		}
	}
	if path.Base(s.pass.Path) == "__init__.py" {
		return false
	}
	for segment := range strings.SplitSeq(path.Dir(s.pass.Path), "/") {
		switch segment {
		case "scripts", "script", "bin", "tools":
			return true
		}
	}
	return false
}

// selectors returns the signs of a script that sets the environment it works in.
func (s *source) selectors() []analyzers.Sign {
	for _, p := range s.found {
		if p.Step.Op != analyzers.OpSet || !environ.Selector(p.Step.Name) {
			continue
		}
		if text, ok := p.Step.Value.Text(); ok && environ.Value(text) != 0 {
			s.signs = append(s.signs, analyzers.Sign{
				Class: code.ClassOf(p.Step.Name), Environments: environ.Value(text), Says: "sets " + p.Step.Name, At: p.Step.At,
			})
		}
	}
	return s.signs
}
