// Package command reads the commands that artefacts hold, as a list of words or as a line of shell, with the one reader of shell.
//
// A list of words is written as a line of quoted words first: a program that is started without a shell gets them as they are, and
// quotes say just that. Variables that the artefact itself fills in, before anything runs, stay holes.
package command

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/shell"
)

// Command is a command under construction. The zero value is empty.
type Command struct {
	text  interpolate.Text
	fills []shell.Fill
	end   int // where what was added last ends in the file
}

// Word adds one argument, whatever is in it.
func (c *Command) Word(pieces []interpolate.Piece) {
	c.separate()
	if len(pieces) == 0 {
		c.glue("''")
	}
	for _, p := range pieces {
		if p.Hole != nil {
			c.hole(p.Hole)
			continue
		}
		c.end = p.Text.Span(0, 1).Start
		c.glue("'")
		c.quoted(p.Text)
		c.glue("'")
	}
}

// quoted adds a text within quotes.
func (c *Command) quoted(text interpolate.Text) {
	from := 0
	for i := 0; i <= len(text.String); i++ {
		if i < len(text.String) && text.String[i] != '\'' {
			continue
		}
		if i > from {
			c.add(text.Slice(from, i))
		}
		if i < len(text.String) {
			c.glue(`'\''`)
			c.end = text.Span(i, i+1).End
		}
		from = i + 1
	}
}

// Program adds the program that an image starts with what follows for its arguments; nothing if it is not known.
func (c *Command) Program(name string) {
	if name != "" {
		c.glue(name)
	}
}

// Line adds a piece of shell.
func (c *Command) Line(pieces []interpolate.Piece) {
	c.separate()
	for _, p := range pieces {
		if p.Hole != nil {
			c.hole(p.Hole)
			continue
		}
		c.add(p.Text)
	}
}

func (c *Command) separate() {
	if !c.Empty() {
		c.glue(" ")
	}
}

func (c *Command) add(text interpolate.Text) {
	c.text.Add(text)
	c.end = text.Span(0, len(text.String)).End
}

// glue adds what stands nowhere in the file.
func (c *Command) glue(text string) {
	for i := range len(text) {
		c.text.Append(text[i:i+1], c.end, c.end)
	}
}

func (c *Command) hole(hole *analyzers.Hole) {
	start := len(c.text.String)
	c.glue("_")
	c.fills = append(c.fills, shell.Fill{Start: start, End: start + 1, Value: analyzers.Value{Parts: []analyzers.Part{{Hole: hole}}}})
}

// Empty reports whether nothing was added.
func (c *Command) Empty() bool { return c.text.String == "" }

// Steps returns what the command does, and what it says of the environment that it works on. The name says what it is, for gaps.
func (c *Command) Steps(pass *analyzers.Pass, name string) ([]analyzers.Step, []analyzers.Sign) {
	if c.Empty() {
		return nil, nil
	}
	return shell.Read(pass, []byte(c.text.String), 0, shell.Options{Name: name, Map: c.offset, Fills: c.fills})
}

// offset returns the offset in the file of an offset in the line.
func (c *Command) offset(at int) int {
	if at < len(c.text.String) {
		return c.text.Span(at, at+1).Start
	}
	return c.end
}
