package shell

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"mvdan.cc/sh/v3/syntax"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Limits of what is followed.
const (
	maxDepth = 12    // functions and shells inside shells
	maxSteps = 20000 // of one piece

	// wordsOfStep are the words of a command that take a step more. A line that is a command of a hundred thousand words, handed to a shell inside
	// of which it is one again, would be held as often as shells may stand inside each other.
	wordsOfStep = 8

	// maxOfFunctions are the steps of all functions that are made programs, each with what it calls. Those of cluster/gce/util.sh of Kubernetes 1.34, which
	// many scripts source, have more: to follow them all takes a scan 20 MB and a tenth of its time.
	maxOfFunctions = 15000
)

// What gaps say of a piece of which not all is followed or known.
const (
	tooDeep = " calls itself or nests too deep to be followed"
	tooLong = " is too long: what follows is not seen"

	computedName = " reads a variable whose name is computed"
)

// reader reads one piece of shell. Readers of the pieces inside it (sh -c '…') share what the pointers point to.
type reader struct {
	pass      *analyzers.Pass
	carried   []analyzers.Named // the ids that the request being read sends along
	opt       Options
	text      text
	budget    *int
	signs     *signs
	open      map[string]*opened          // values of several lines that are being written, by the file
	given     map[string]knowledge        // what is known of the values that are handed to shells inside the piece
	kepts     *int                        // how many values were kept as they were
	variables map[string][]analyzers.Part // by name, what $name expands to
	arrays    map[string]*array           // by name
	fetched   *[]secret                   // what Kamal fetched from stores
	words     []word                      // of the commands that are being read, inside each other
	first     int                         // how many programs the file had before the piece
	chosen    map[string]analyzers.Value  // of these, those that select an environment
	active    map[*syntax.Stmt]bool       // the functions that the reader is in
	depth     int                         // functions and shells that the reader is in
	asked     int                         // values that the caller knows which the reader is in, see maxKnown
	nested    int                         // statements that the reader is in
	blocks    int                         // conditions that the reader stands under, known or not
	unders    int                         // tests that hold for all that follows
	entered   int                         // the blocks when the present function was entered
	guards    int                         // conditions that hold where the reader stands, beside those that hold for all that follows
	arms      int                         // of these, those that compare with words

	state
	in, out *stream // what the command reads and writes; nil for the terminal
	steps   []analyzers.Step
	begun   int // how many steps were emitted before those that are collected now
}

// state is what a shell process knows and its child cannot change.
type state struct {
	dir       string                  // where it stands, relative to where the program began
	dirs      []string                // what popd goes back to
	args      arguments               // the positional parameters
	functions *table[function]        // by name
	known     *table[knowledge]       // what variables were last set to, where that is certain
	guesses   *table[knowledge]       // what variables were last set to, perhaps
	lines     *table[analyzers.Value] // variables that take the lines of a file, one after the other, and the file
	exported  *table[bool]            // of the variables that were set: whether they are exported
	exportAll bool                    // set -a holds
	locals    []string                // the variables that are the present function's own; nil outside of functions
	sourced   bool                    // files were sourced
	tookAt    int                     // when the variables of a file were taken in last, by known; 0 if none were
	atExit    []text                  // what happens when the shell ends
	looping   bool                    // in a loop that is read once for each argument
	letter    string                  // the variable to which getopts gives the letter of an option
}

// copied does f in a copy of the shell.
func (r *reader) copied(f func()) {
	outer := r.state
	functions, known, guesses, lines, exported := r.functions.now(), r.known.now(), r.guesses.now(), r.lines.now(), r.exported.now()
	r.locals = slices.Clip(r.locals)
	r.atExit = nil
	f()
	r.state = outer
	r.functions.back(functions)
	r.known.back(known)
	r.guesses.back(guesses)
	r.lines.back(lines)
	r.exported.back(exported)
}

// function is a function's body and the piece in which it is written.
type function struct {
	body *syntax.Stmt
	text text
}

// piece parses the piece and returns its steps.
func (r *reader) piece() []analyzers.Step {
	if r.text.tooLarge() {
		r.gap(0, len(r.text.bytes), "is too large or nests too deep to be read")
		return nil
	}
	return r.collect(func() {
		r.statements(r.parse())
		for _, command := range r.atExit {
			r.evaluate(command)
		}
	})
}

// maxRetries is how often parsing is taken up again after an error.
const maxRetries = 20

// parse returns the piece's statements. What does not parse is a gap; parsing is taken up again at the next line.
func (r *reader) parse() (statements []*syntax.Stmt) {
	src := r.text.bytes
	for range maxRetries {
		file, err := parse(src, r.opt.Variant)
		if file != nil {
			statements = append(statements, file.Stmts...)
		}
		if err == nil {
			return statements
		}
		if i := slices.IndexFunc(statements, replaces); i >= 0 {
			return statements[:i+1] // what does not parse is for the program that goes on
		}
		start := failure(err)
		end := start + len(line(src[min(start, len(src)):]))
		r.gap(start, end, "does not parse: what the line does is not seen")
		for len(statements) > 0 && int(statements[len(statements)-1].End().Offset()) > end {
			statements = statements[:len(statements)-1] // it swallowed what follows the error
		}
		if end >= len(src) {
			return statements
		}
		src = append(bytes.Repeat([]byte{' '}, end), src[end:]...)
	}
	start := len(src) - len(bytes.TrimLeft(src, " \t\r\n"))
	r.gap(start, start, "does not parse in so many places that the rest of it is not read")
	return statements
}

// replaces reports whether a command is put into the shell's place, so that nothing below it is the shell's:
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_21
func replaces(s *syntax.Stmt) bool {
	call, ok := s.Cmd.(*syntax.CallExpr)
	if !ok || len(call.Args) < 2 {
		return false
	}
	name := ""
	for _, part := range call.Args[0].Parts {
		switch part := part.(type) {
		case *syntax.Lit:
			name += part.Value
		case *syntax.SglQuoted:
			name += part.Value
		}
	}
	return name == "exec"
}

// parse parses once. A panic of the parser is an error at the start.
func parse(src []byte, variant syntax.LangVariant) (file *syntax.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("parser: %v", p)
		}
	}()
	if variant == 0 {
		variant = syntax.LangBash
	}
	return syntax.NewParser(syntax.Variant(variant), syntax.RecoverErrors(maxRetries)).Parse(bytes.NewReader(src), "")
}

// failure returns the offset of a parser's error.
func failure(err error) int {
	var parseError syntax.ParseError
	var languageError syntax.LangError
	switch {
	case errors.As(err, &parseError):
		return int(parseError.Pos.Offset())
	case errors.As(err, &languageError):
		return int(languageError.Pos.Offset())
	}
	return 0
}

// line returns the first line of the text, with its end.
func line(src []byte) []byte {
	if i := bytes.IndexByte(src, '\n'); i >= 0 {
		return src[:i+1]
	}
	return src
}

// collect returns the steps that f emits. Until then they stand behind those around: lists within lists grow in one piece of memory.
func (r *reader) collect(f func()) []analyzers.Step {
	outer := r.begun
	r.begun = len(r.steps)
	f()
	steps := slices.Clone(r.steps[r.begun:])
	r.steps, r.begun = r.steps[:r.begun], outer
	return steps
}

// emit adds a step.
func (r *reader) emit(steps ...analyzers.Step) {
	for _, s := range steps {
		if r.spend(func() detectors.Place { return s.At }) {
			r.steps = append(r.steps, s)
		}
	}
}

// spend takes a step off the budget and reports whether there was one left. That there was none is a gap, once.
func (r *reader) spend(at func() detectors.Place) bool {
	*r.budget--
	if *r.budget == 0 {
		r.pass.Gap(at(), r.what()+tooLong)
	}
	return *r.budget > 0
}

// what names the piece in gaps.
func (r *reader) what() string {
	if r.opt.Name == "" {
		return "the script"
	}
	return "the " + r.opt.Name
}

func (r *reader) gap(start, end int, says string) {
	r.pass.Gap(r.place(start, end), r.what()+" "+says)
}

// place returns where the bytes [start, end) of the piece lie.
func (r *reader) place(start, end int) detectors.Place {
	span := r.text.span(start, end)
	return r.pass.At(span.Start, span.End)
}

// at returns where a node is written.
func (r *reader) at(n syntax.Node) detectors.Place {
	return r.place(int(n.Pos().Offset()), int(n.End().Offset()))
}
