package dockerfile

import (
	"bytes"
	"strings"

	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
)

// instruction is one instruction.
type instruction struct {
	name      string           // in upper case
	args      interpolate.Text // what follows the name, continuation lines joined
	documents []document       // the here-documents that belong to it
	span      detectors.Span   // all of its lines, here-documents left out
}

// document is a here-document.
type document struct {
	text   interpolate.Text
	quoted bool // the name was in quotes: variables in the text have no meaning
}

// parser walks over the lines of a Dockerfile.
type parser struct {
	data   []byte
	pos    int
	escape byte
	open   int // how many here-documents were not closed
}

// parse reads the instructions, and which byte takes a meaning away: a backslash, or a backtick if a directive says so.
func parse(data []byte) ([]instruction, byte) {
	p := &parser{data: data, escape: '\\'}
	if mark := []byte("\ufeff"); bytes.HasPrefix(data, mark) {
		p.pos = len(mark)
	}
	p.directives()
	var list []instruction
	for p.pos < len(p.data) {
		if in, ok := p.instruction(); ok {
			list = append(list, in)
		}
	}
	return list, p.escape
}

var directive = lazyregexp.New(`^#[ \t]*([A-Za-z]+)[ \t]*=[ \t]*(\S+)[ \t\r]*$`)

// directives reads the comments at the top that are none.
func (p *parser) directives() {
	for p.pos < len(p.data) {
		start := p.pos
		line := p.line()
		m := directive.FindSubmatch(p.data[line.Start:line.End])
		if m == nil {
			p.pos = start
			return
		}
		if strings.EqualFold(string(m[1]), "escape") && (string(m[2]) == "`" || string(m[2]) == `\`) {
			p.escape = m[2][0]
		}
	}
}

// line returns the next line without its end, and moves behind it.
func (p *parser) line() detectors.Span {
	line := detectors.Span{Start: p.pos, End: len(p.data)}
	p.pos = len(p.data)
	if i := bytes.IndexByte(p.data[line.Start:], '\n'); i >= 0 {
		line.End = line.Start + i
		p.pos = line.End + 1
	}
	if line.End > line.Start && p.data[line.End-1] == '\r' {
		line.End--
	}
	return line
}

// instruction reads the instruction that begins on the next line.
func (p *parser) instruction() (instruction, bool) {
	line := p.trim(p.line())
	if line.Empty() || p.data[line.Start] == '#' {
		return instruction{}, false
	}
	text, end := p.logical(line)
	n := strings.IndexAny(text.String, " \t")
	if n < 0 {
		n = len(text.String)
	}
	in := instruction{
		name: strings.ToUpper(text.String[:n]),
		args: trim(text.Slice(n, len(text.String))),
		span: detectors.Span{Start: line.Start, End: end},
	}
	if in.mayHaveDocuments() {
		p.documents(&in)
	}
	return in, true
}

// trim leaves out the blanks around a line.
func (p *parser) trim(line detectors.Span) detectors.Span {
	text := p.data[line.Start:line.End]
	left := bytes.TrimLeft(text, " \t")
	line.Start = line.End - len(left)
	line.End = line.Start + len(bytes.TrimRight(left, " \t"))
	return line
}

// logical returns the line and those that continue it; comments and empty lines in between are no part of it.
func (p *parser) logical(line detectors.Span) (text interpolate.Text, end int) {
	for {
		end = line.End
		continued := !line.Empty() && p.data[line.End-1] == p.escape
		if continued {
			line.End--
		}
		text.Add(interpolate.Plain(string(p.data[line.Start:line.End]), line.Start))
		if !continued {
			return text, end
		}
		for {
			if p.pos == len(p.data) {
				return text, end
			}
			next := p.line()
			trimmed := p.trim(next)
			if !trimmed.Empty() && p.data[trimmed.Start] != '#' {
				line = detectors.Span{Start: next.Start, End: trimmed.End}
				break
			}
		}
	}
}

func (in *instruction) mayHaveDocuments() bool {
	name := in.name
	if name == "ONBUILD" {
		name, _, _ = strings.Cut(in.args.String, " ")
	}
	switch strings.ToUpper(name) {
	case "RUN", "COPY", "ADD":
		return strings.Contains(in.args.String, "<<")
	}
	return false
}

var documentName = lazyregexp.New(`(?:^|[ \t0-9])<<(-?)(?:'([A-Za-z_][\w.]*)'|"([A-Za-z_][\w.]*)"|([A-Za-z_][\w.]*))`)

const (
	maxDocuments = 20 // here-documents of one instruction
	maxOpen      = 20 // here-documents that are not closed, each of which is looked for to the end of the file
)

// documents reads the here-documents that the instruction names.
func (p *parser) documents(in *instruction) {
	for _, m := range documentName.FindAllStringSubmatch(in.args.String, maxDocuments) {
		if p.open > maxOpen {
			return
		}
		d, ok := p.document(m[2]+m[3]+m[4], m[1] != "")
		if !ok {
			p.open++
			return
		}
		d.quoted = m[4] == ""
		in.documents = append(in.documents, d)
	}
}

// document reads lines to the one that is only the name. Without such a line nothing is read.
func (p *parser) document(name string, tabs bool) (document, bool) {
	start := p.pos
	var d document
	for p.pos < len(p.data) {
		line := p.line()
		text := string(p.data[line.Start:line.End])
		if tabs {
			text = strings.TrimLeft(text, "\t")
		}
		if text == name {
			return d, true
		}
		d.text.Add(interpolate.Plain(text, line.End-len(text)))
		d.text.Append("\n", line.End, line.End+1)
	}
	p.pos = start
	return d, false
}

// trim leaves out the blanks around a text.
func trim(t interpolate.Text) interpolate.Text {
	left := strings.TrimLeft(t.String, " \t")
	return t.Slice(len(t.String)-len(left), len(strings.TrimRight(t.String, " \t")))
}
