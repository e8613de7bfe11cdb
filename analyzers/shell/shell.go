package shell

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// Analyzer reads script files.
var Analyzer = &analyzers.Analyzer{
	Name:    "shell",
	Doc:     "Reads shell scripts and .envrc files: what they set, source, run, call and send.",
	Version: 17,
	Files:   []string{"**/*.sh", "**/*.bash", "**/*.ksh", "**/*.zsh", "**/*.bats", "**/.envrc", "**/.envrc.*"},
	Sniff:   sniff,
	Run:     run,
}

var shebang = lazyregexp.New(`^#!\s*(?:\S*/env\s+(?:-S\s*)?)?(?:\S*/)?(?:ba|da|k|mk|z|a)?sh\b`)

// sniff reports whether the file begins as a script of a shell.
func sniff(_ string, head []byte) bool { return shebang.Match(head) }

func run(pass *analyzers.Pass) error {
	if first := pass.Data[:firstLine(pass.Data)]; bytes.HasPrefix(first, []byte("#!")) && foreign.Match(first) {
		return nil
	}
	opt := Options{Script: true, Direnv: isEnvrc(pass.Path), Variant: variant(pass)}
	r := newReader(pass, pass.Data, 0, opt)
	steps := r.piece()
	signs := r.signs.list()
	r.library()
	start := pass.At(0, firstLine(pass.Data))
	r.signs.choices(start)
	if opt.Direnv {
		signs = append(signs, analyzers.Sign{
			Class: analyzers.Display, Environments: detectors.Development, Says: "direnv loads it into the shells of those who work here", At: start,
		})
	}
	pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{At: start, Shell: true, Steps: steps})
	pass.Facts.Units = append(pass.Facts.Units, analyzers.Unit{
		ID:    pass.Path,
		Name:  path.Base(pass.Path),
		Kind:  "script",
		At:    start,
		Signs: signs,
		Runs:  analyzers.PathTo(pass.Path, "", start),
	})
	return nil
}

func isEnvrc(name string) bool { return strings.HasPrefix(path.Base(name), ".envrc") }

// foreign is a first line that hands the file to another interpreter than a shell, whatever it is called.
var foreign = lazyregexp.New(`\b(?:python|node|ruby|perl|php|deno|bun|pwsh|lua|Rscript|osascript|expect|awk)[0-9.]*\b`)

// variant returns the shell that the file is written for, by its first line and its name.
func variant(pass *analyzers.Pass) syntax.LangVariant {
	first, ext := pass.Data[:firstLine(pass.Data)], path.Ext(pass.Path)
	is := func(shell string) bool {
		return ext == "."+shell || bytes.HasPrefix(first, []byte("#!")) && bytes.Contains(first, []byte(shell))
	}
	switch {
	case is("zsh"):
		return syntax.LangZsh
	case is("bats"): // https://bats-core.readthedocs.io/en/stable/writing-tests.html
		return syntax.LangBats
	}
	return syntax.LangBash
}

// firstLine returns the length of the first line, without its end.
func firstLine(data []byte) int {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i
	}
	return len(data)
}

// Options says what the caller knows of a piece of shell.
type Options struct {
	// Name is what the piece is, for gaps: "run step", "recipe". Empty for a script.
	Name string

	// Dir is the directory, relative to the program's own, in which the piece starts. Empty for the program's own.
	Dir string

	// GoesOn says that another piece follows in the same shell: what the working directory is at the end of this one is a step.
	GoesOn bool

	// Map returns the file's offset of an offset of the piece, for pieces whose bytes do not lie in the file one after the other:
	// those of an indented block or an escaped string. It is called with 0 to the length of the piece. Nil: the base is added.
	Map func(offset int) int

	// Holes returns the value that a placeholder of the surrounding format stands for. It is asked of every "${{ … }}" in the piece,
	// which it is given with its delimiters; if it does not know it, the placeholder is some text.
	Holes func(text string) (analyzers.Value, bool)

	// Fills are further placeholders, in the order of their starts and apart from each other.
	Fills []Fill

	// Args are the values of the positional parameters, where the caller knows them. Nil: they are those of the program.
	Args []analyzers.Value

	// Known returns what the caller knows of a hole in one of the fills: the value that it has unless somebody sets another one.
	Known func(hole analyzers.Hole) (analyzers.Value, bool)

	// Given returns what the caller sets a variable to, which something else may set anew. It tells which program a command is.
	Given func(name string) (analyzers.Value, bool)

	// Scripts are the names of the package scripts beside the piece, for commands that run all that fit a pattern.
	Scripts []string

	Script bool // the piece is a script file: $0 is its own path

	// Variables says that the caller knows what variables hold: what selects an environment by one is a sign with a template.
	Variables bool

	Direnv bool // direnv's functions are known: dotenv, source_env, source_up, layout, use

	Variant syntax.LangVariant // the shell that the piece is written for, bash if it is not said
}

// Fill says that the bytes [Start, End) of a piece are no shell but stand for a value.
type Fill struct {
	Start, End int
	Value      analyzers.Value
}

// Held returns the steps that make what fills a piece's text, before a shell reads it, loaded by the process: it stands in the script that
// runs, whether or not a command hands it on. The name that holds it is the placeholder.
func Held(src []byte, fills []Fill) []analyzers.Step {
	var steps []analyzers.Step
	for _, f := range fills {
		if slices.ContainsFunc(f.Value.Parts, func(p analyzers.Part) bool { return p.Hole != nil && p.Hole.Space != "" }) {
			steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: f.Value.At, Name: string(src[f.Start:f.End]), Value: f.Value})
		}
	}
	return steps
}

// Body returns the steps of a piece of shell that begins at an offset of the pass' file. Gaps are reported to the pass.
//
// Two things that a piece does to files can be found in its steps: a line NAME=value that is written to a file, as by
// echo "NAME=value" >> "$GITHUB_ENV", is a set of NAME in the space "file:" and the file's name as it is written, without quotes:
// "file:$GITHUB_ENV", "file:build.env".
func Body(pass *analyzers.Pass, src []byte, base int, opt Options) []analyzers.Step {
	steps, _ := Read(pass, src, base, opt)
	return steps
}

// Output is like [Body] for a piece whose output is taken as a value, which it returns: $(shell …) of a makefile.
func Output(pass *analyzers.Pass, src []byte, base int, opt Options) ([]analyzers.Step, analyzers.Value) {
	r := newReader(pass, src, base, opt)
	printed := &stream{}
	r.out = printed
	steps := r.piece()
	return steps, printed.value
}

// Read is like [Body] and also returns what the piece says about the environments that it works on: selectors in assignments,
// conditions and flags of commands.
func Read(pass *analyzers.Pass, src []byte, base int, opt Options) ([]analyzers.Step, []analyzers.Sign) {
	r := newReader(pass, src, base, opt)
	steps := r.piece()
	if opt.GoesOn && r.dir != "" && r.dir != "." && !path.IsAbs(r.dir) {
		at := pass.At(opt.Map(len(src)), opt.Map(len(src)))
		steps = append(steps, analyzers.Step{Op: analyzers.OpEnter, At: at, Optional: true, File: new(analyzers.Value{At: at, Parts: synthetic(r.dir)})})
	}
	return steps, r.signs.list()
}

func newReader(pass *analyzers.Pass, src []byte, base int, opt Options) *reader {
	if opt.Map == nil {
		opt.Map = func(offset int) int { return base + offset }
	}
	budget := maxSteps
	return &reader{
		pass:      pass,
		opt:       opt,
		text:      newText(src, opt),
		budget:    &budget,
		signs:     &signs{},
		open:      map[string]*opened{},
		given:     map[string]knowledge{},
		kepts:     new(int),
		variables: map[string][]analyzers.Part{},
		arrays:    map[string]*array{},
		fetched:   new([]secret),
		first:     len(pass.Facts.Programs),
		chosen:    map[string]analyzers.Value{},
		active:    map[*syntax.Stmt]bool{},
		state: state{
			dir:       opt.Dir,
			args:      arguments{values: opt.Args, open: opt.Args == nil, from: 1},
			functions: newTable[function](),
			known:     newTable[knowledge](),
			guesses:   newTable[knowledge](),
			lines:     newTable[analyzers.Value](),
			exported:  newTable[bool](),
		},
	}
}
