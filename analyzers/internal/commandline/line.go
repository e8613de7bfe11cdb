// Package commandline reads, as a shell, the command lines that code puts together. It is apart from package code so that who needs no shell
// links none.
package commandline

import (
	"sort"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
)

// Line is a command line that code puts together from parts of its file.
type Line struct {
	text  []byte
	fills []shell.Fill
	parts []stretch
	start int // where the first word lies in the file
}

// stretch is a part of a line: its bytes begin at from, and lie in the file in the span.
type stretch struct {
	from int
	span detectors.Span
}

// maxFills bounds the computed parts of a line.
const maxFills = 200

// Empty reports whether nothing was added.
func (l *Line) Empty() bool { return len(l.text) == 0 }

// Add adds parts one after the other, as a shell reads them.
func (l *Line) Add(parts []analyzers.Part) {
	for _, part := range parts {
		if part.Hole != nil {
			l.fill(analyzers.Value{Parts: []analyzers.Part{part}})
			continue
		}
		l.parts = append(l.parts, stretch{len(l.text), part.Span})
		l.text = append(l.text, part.Text...)
	}
}

// Word adds one word, which no shell takes apart.
func (l *Line) Word(v analyzers.Value) {
	if len(v.Parts) == 0 {
		v.Parts = []analyzers.Part{code.Unknown()}
	}
	if len(l.text) > 0 {
		l.text = append(l.text, ' ')
	} else {
		l.start = v.At.Span.Start
	}
	if plain(v.Parts) {
		l.Add(v.Parts)
		return
	}
	l.fill(v)
}

// plain reports whether parts are texts that mean the same to a shell.
func plain(parts []analyzers.Part) bool {
	for _, part := range parts {
		if part.Hole != nil || strings.ContainsFunc(part.Text, func(r rune) bool {
			return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_./:=@%+,-", r))
		}) {
			return false
		}
	}
	return true
}

// fill adds a placeholder.
func (l *Line) fill(v analyzers.Value) {
	if len(l.fills) == maxFills {
		return
	}
	start := len(l.text)
	l.text = append(l.text, "_hole_"...)
	l.fills = append(l.fills, shell.Fill{Start: start, End: len(l.text), Value: v})
}

// offset returns where a byte of the line lies in the file. Bytes of placeholders are taken to lie behind what is before them.
func (l *Line) offset(offset int) int {
	i := sort.Search(len(l.parts), func(i int) bool { return l.parts[i].from > offset }) - 1
	if i < 0 {
		return l.start
	}
	return min(l.parts[i].span.Start+offset-l.parts[i].from, l.parts[i].span.End)
}

// Read returns the steps of the line, run in a directory relative to the program's own, and what it says of its environment.
func (l *Line) Read(pass *analyzers.Pass, dir string) ([]analyzers.Step, []analyzers.Sign) {
	return shell.Read(pass, l.text, 0, shell.Options{
		Name: "command", Dir: dir, Map: l.offset, Fills: l.fills, Args: []analyzers.Value{},
	})
}

// Command returns the line of a program and its arguments, of which no shell takes one apart, unless the program is one that is given
// a line: sh -c.
func Command(words []analyzers.Value) Line {
	var l Line
	for i, w := range words {
		if i > 1 && i == shellLine(words) {
			return lineOf(w)
		}
		l.Word(w)
	}
	return l
}

// lineOf returns the line that one value is.
func lineOf(v analyzers.Value) Line {
	var l Line
	l.Add(v.Parts)
	return l
}

// shellLine returns which of a command's words is a line for the shell that is its program, 0 for none.
func shellLine(words []analyzers.Value) int {
	program, _ := code.Text(words[0].Parts)
	switch program[strings.LastIndexByte(program, '/')+1:] {
	case "sh", "bash", "zsh", "dash":
	default:
		return 0
	}
	for i, w := range words[1:] {
		if text, ok := code.Text(w.Parts); ok && strings.HasPrefix(text, "-") && strings.HasSuffix(text, "c") && i+2 < len(words) {
			return i + 2
		}
	}
	return 0
}
