package js

import (
	"bytes"
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads JavaScript and TypeScript.
var Analyzer = &analyzers.Analyzer{
	Name: "js",
	Doc: `js reads JavaScript and TypeScript: what code loads, reads, imports and hands on

A file is a program. One that is made to be run, by its first line or its folder, is a unit.`,
	Version: 7,
	Files:   []string{"**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts,vue,svelte}"},
	Sniff:   sniff,
	Run:     run,
}

// maxSize is the length of the longest file that is read.
const maxSize = 2 << 20

func sniff(file string, head []byte) bool {
	first, _, _ := bytes.Cut(head, []byte("\n"))
	return path.Ext(file) == "" && bytes.HasPrefix(first, []byte("#!")) && interpreter(string(first))
}

// interpreter reports whether a script's first line names a program that runs JavaScript.
func interpreter(line string) bool {
	for _, word := range strings.FieldsFunc(line, func(r rune) bool { return r == '/' || r == ' ' || r == '!' }) {
		switch word {
		case "node", "nodejs", "bun", "deno", "tsx", "ts-node", "zx":
			return true
		}
	}
	return false
}

func run(pass *analyzers.Pass) (err error) {
	if generated(pass.Path) || pass.TooLarge(maxSize, "JavaScript; what it reads and sends is not known") {
		return nil
	}
	defer func() {
		if recover() != nil {
			pass.Facts.Programs = []analyzers.Program{{At: pass.At(0, 0), Shell: true}}
			pass.Gap(detectors.Place{Path: pass.Path}, "the file could not be read as JavaScript; what it reads and sends is not known")
		}
	}()
	at := pass.At(0, 0)
	started := isEcosystem(pass.Path, pass.Data)
	if pass.Glance && !started && glance(pass) {
		pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{At: at, Shell: true})
		return nil
	}
	s, whole := read(pass)
	if !whole {
		pass.Gap(s.place(len(s.toks)-1, len(s.toks)-1), "the file cannot be read as JavaScript from here on; what follows is not known")
	}
	if len(s.toks) > 0 {
		s.declare()
		s.modules()
		s.conditions()
		s.callers()
		s.exports()
		s.reads()
		s.importedSettings()
		if !test(pass.Path) {
			s.uses()
		}
	}
	if s.cut && !minified(pass.Data) || s.spent > maxSpent {
		pass.Gap(detectors.Place{Path: pass.Path}, "the file's expressions are too many to evaluate; some of what it hands on is not known")
	}
	pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{At: at, Shell: true, Steps: s.nested()})
	if started {
		s.ecosystem()
	}
	if script(pass) {
		pass.Facts.Units = append(pass.Facts.Units, analyzers.Unit{
			ID: pass.Path, Name: path.Base(pass.Path), Kind: "script", At: at, Signs: s.selectors(),
			Runs: analyzers.PathTo(pass.Path, "", at),
		})
	}
	return nil
}

// generated reports whether a file is not written by hand, or holds types only.
func generated(file string) bool {
	for segment := range strings.SplitSeq(path.Dir(file), "/") {
		switch segment {
		case "node_modules", "dist", ".next", ".nuxt", ".output", ".yarn", "bower_components":
			return true
		}
	}
	base := path.Base(file)
	return strings.Contains(base, ".min.") || strings.HasSuffix(base, ".d.ts") || strings.HasSuffix(base, ".d.mts") ||
		strings.HasSuffix(base, ".bundle.js")
}

// minified reports whether code was shortened, as its lines show: its few names stand for whatever there is, and that not all of it is looked at is
// nothing to say of a file that is written elsewhere.
func minified(data []byte) bool {
	const longest = 200 // on average
	return len(data) > longest*(1+bytes.Count(data, []byte("\n")))
}

// script reports whether the file is made to be run: its first line names an interpreter, or its folder is one of scripts.
func script(pass *analyzers.Pass) bool {
	if test(pass.Path) {
		return false
	}
	first, _, _ := bytes.Cut(pass.Data, []byte("\n"))
	if bytes.HasPrefix(first, []byte("#!")) {
		return true
	}
	base := path.Base(pass.Path)
	if strings.Contains(base, ".config.") || strings.HasPrefix(base, ".") {
		return false
	}
	for segment := range strings.SplitSeq(path.Dir(pass.Path), "/") {
		switch segment {
		case "scripts", "script", "bin", "tools":
			return true
		}
	}
	return false
}

// test reports whether the file is a test.
func test(file string) bool {
	base := path.Base(file)
	for segment := range strings.SplitSeq(path.Dir(file), "/") {
		switch segment {
		case "__tests__", "__mocks__", "test", "tests":
			return true
		}
	}
	return strings.Contains(base, ".test.") || strings.Contains(base, ".spec.")
}

// selectors returns the signs of a script that sets the environment it works in: process.env.APP_ENV = 'staging'.
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
