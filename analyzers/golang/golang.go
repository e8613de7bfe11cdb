package golang

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Analyzer reads Go by its syntax.
var Analyzer = &analyzers.Analyzer{
	Name: "golang",
	Doc: `golang reads Go by its syntax: what a program's packages load, read, embed, run and hand on

A func main is a unit. Values are followed by names, within files and from package to package.`,
	Version: 4,
	Files:   []string{"**/*.go", "**/go.mod"},
	Run:     run,
}

// maxSize is the length of the longest file that is read.
const maxSize = 2 << 20

// The phases of what a file's code does. What loads files into the environment comes first; packages that are given values come after
// what they are given.
const (
	loading   = iota
	importing // packages that are given nothing
	setting
	giving // packages that are given values
	joining
	settingLate // values that come from another file of the package
	running
)

func run(pass *analyzers.Pass) error {
	switch {
	case path.Base(pass.Path) == "go.mod":
		module(pass)
	case elsewhere(pass.Path), pass.TooLarge(maxSize, "Go; what it reads and sends is not known"):
	default:
		depth := whole
		if pass.Glance {
			depth = glance(pass)
		}
		if depth > outlined {
			read(pass, depth)
		}
	}
	return nil
}

// elsewhere reports whether a file is no part of the repository's programs: a test, or somebody else's.
func elsewhere(file string) bool {
	for segment := range strings.SplitSeq(path.Dir(file), "/") {
		if segment == "vendor" || segment == "testdata" || strings.HasPrefix(segment, "_") {
			return true
		}
	}
	return strings.HasSuffix(file, "_test.go")
}

// module says where the module of a go.mod lies.
func module(pass *analyzers.Pass) {
	for line := range bytes.Lines(pass.Data) {
		text, _, _ := strings.Cut(string(line), "//")
		if fields := strings.Fields(text); len(fields) == 2 && fields[0] == "module" {
			name := strings.Trim(fields[1], `"`+"`")
			pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{Name: "@go/module/" + name, At: pass.At(0, 0)})
			return
		}
	}
}

func read(pass *analyzers.Pass, depth depth) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, pass.Path, pass.Data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		pass.Gap(detectors.Place{Path: pass.Path}, "the file does not parse as Go; what it reads and hands on is known in part at most")
	}
	if tree == nil || tree.Name == nil {
		pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{At: pass.At(0, 0), Shell: true})
		return
	}
	f := newFile(pass, fset, tree)
	f.depth = depth
	f.declare()
	f.loads()
	f.imports()
	if depth == whole {
		f.exports()
	}
	f.embeds()
	f.tags()
	f.uses()
	f.conditions()
	f.program()
}

// program writes down the program, and the unit if there is a func main.
func (f *file) program() {
	at := f.pass.At(0, 0)
	steps := code.Nest(f.found, f.guards, func(offset int) detectors.Place { return f.pass.At(offset, offset) })
	if f.cut || f.spent > maxSpent {
		f.pass.Gap(detectors.Place{Path: f.pass.Path}, "the file's expressions are too many to evaluate; some of what it hands on is not known")
	}
	c := f.constraint()
	name := ""
	shell := true
	switch {
	case c.alone: // a file that is run by itself is no part of the package
		f.pass.Facts.Programs = append(f.pass.Facts.Programs, analyzers.Program{At: at})
		name = "main"
	case c.guard != nil:
		own := analyzers.Value{At: at, Parts: []analyzers.Part{{Text: f.pass.Path}}}
		steps = append(steps, analyzers.Step{Op: analyzers.OpMount, At: at, File: new(own), Says: "compiled in"})
		steps = []analyzers.Step{{Op: analyzers.OpBlock, At: c.at, Guard: c.guard, Steps: steps}}
		shell = false // its text is compiled in on a condition only
	}
	f.pass.Facts.Programs = append(f.pass.Facts.Programs, analyzers.Program{Name: name, At: at, Shell: shell, Steps: steps})
	if main := f.main(); main != nil {
		f.pass.Facts.Units = append(f.pass.Facts.Units, analyzers.Unit{
			ID: f.pass.Path, Name: binary(f.pass.Path), Kind: "go-main", At: f.at(main.Name), Signs: append(c.signs, f.selectors()...),
			Runs: analyzers.PathTo(f.pass.Path, name, at),
		})
	}
}

// main returns the file's func main.
func (f *file) main() *ast.FuncDecl {
	if f.tree.Name.Name != "main" {
		return nil
	}
	for _, d := range f.tree.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "main" && fn.Type.Params.NumFields() == 0 {
			return fn
		}
	}
	return nil
}

// binary returns the name of the program that go build makes of the file's package.
func binary(file string) string {
	if dir := path.Dir(file); dir != "." {
		return path.Base(dir)
	}
	return strings.TrimSuffix(path.Base(file), ".go")
}

// selectors returns the signs of a program that sets the environment it works in.
func (f *file) selectors() []analyzers.Sign {
	var signs []analyzers.Sign
	for _, p := range f.found {
		if p.Step.Op != analyzers.OpSet || !environ.Selector(p.Step.Name) {
			continue
		}
		if text, ok := p.Step.Value.Text(); ok && environ.Value(text) != 0 {
			signs = append(signs, analyzers.Sign{
				Class: code.ClassOf(p.Step.Name), Environments: environ.Value(text), Says: "sets " + p.Step.Name, At: p.Step.At,
			})
		}
	}
	return append(signs, f.signs...)
}
