package report

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"io"
)

// JSON writes one document at the end of the stream.
type JSON struct {
	w   io.Writer
	doc Document
}

// Document is the JSON report. Lists are never null.
type Document struct {
	Start
	Tokens    []*Token    `json:"tokens"`
	Units     []*Unit     `json:"units"`
	Crossings []*Crossing `json:"crossings"`
	Gaps      []*Gap      `json:"gaps"`
	Errors    []*Error    `json:"errors"`
	Summary   *Summary    `json:"summary"`
}

// NewJSON returns a handler that writes the JSON report to w.
func NewJSON(w io.Writer) *JSON {
	return &JSON{w: w, doc: Document{
		Tokens: []*Token{}, Units: []*Unit{}, Crossings: []*Crossing{}, Gaps: []*Gap{}, Errors: []*Error{},
	}}
}

// Handle implements [Handler].
func (j *JSON) Handle(m Message) error {
	switch {
	case m.Start != nil:
		j.doc.Start = *m.Start
	case m.Token != nil:
		j.doc.Tokens = append(j.doc.Tokens, m.Token)
	case m.Unit != nil:
		j.doc.Units = append(j.doc.Units, m.Unit)
	case m.Crossing != nil:
		j.doc.Crossings = append(j.doc.Crossings, m.Crossing)
	case m.Gap != nil:
		j.doc.Gaps = append(j.doc.Gaps, m.Gap)
	case m.Error != nil:
		j.doc.Errors = append(j.doc.Errors, m.Error)
	case m.Summary != nil:
		j.doc.Summary = m.Summary
		return j.write()
	}
	return nil
}

// write writes the document, the entries of its lists one by one: of a large report the text is several times what the scan itself needs.
func (j *JSON) write() error {
	o := newObject(j.w)
	o.field("version", j.doc.Version)
	o.field("tool", j.doc.Tool)
	o.field("target", j.doc.Target)
	list(o, "tokens", j.doc.Tokens)
	list(o, "units", j.doc.Units)
	list(o, "crossings", j.doc.Crossings)
	list(o, "gaps", j.doc.Gaps)
	list(o, "errors", j.doc.Errors)
	o.field("summary", j.doc.Summary)
	return o.end()
}

// object writes a JSON object, field by field.
type object struct {
	w      *bufio.Writer
	before string // what stands before the next field
	text   bytes.Buffer
	err    error
}

func newObject(w io.Writer) *object { return &object{w: bufio.NewWriter(w), before: "{"} }

func (o *object) field(name string, value any) {
	o.name(name)
	o.value(value, " ")
}

// list writes a field that is a list, on lines of its own.
func list[T any](o *object, name string, entries []T) {
	o.name(name)
	before, end := "[", "[]"
	for _, e := range entries {
		o.w.WriteString(before + "\n  ")
		o.value(e, "  ")
		before, end = ",", "\n ]"
	}
	o.w.WriteString(end)
}

func (o *object) name(name string) {
	o.w.WriteString(o.before + "\n \"" + name + "\": ")
	o.before = ","
}

// value writes a value of which every line but the first is indented.
func (o *object) value(value any, indent string) {
	o.text.Reset()
	e := json.NewEncoder(&o.text)
	e.SetEscapeHTML(false)
	e.SetIndent(indent, " ")
	o.err = cmp.Or(o.err, e.Encode(value))
	o.w.Write(bytes.TrimSuffix(o.text.Bytes(), []byte("\n")))
}

// end returns the first error of all that was written.
func (o *object) end() error {
	o.w.WriteString("\n}\n")
	return cmp.Or(o.err, o.w.Flush())
}

// JSONL writes the stream as it comes, a message a line.
type JSONL struct{ e *json.Encoder }

// NewJSONL returns a handler that writes messages to w.
func NewJSONL(w io.Writer) *JSONL {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return &JSONL{e}
}

// Handle implements [Handler].
func (j *JSONL) Handle(m Message) error { return j.e.Encode(m) }

// Replay reads a stream that [JSONL] wrote and hands it to h.
func Replay(r io.Reader, h Handler) error {
	d := json.NewDecoder(r)
	for {
		var m Message
		switch err := d.Decode(&m); err {
		case nil:
		case io.EOF:
			return nil
		default:
			return err
		}
		if err := h.Handle(m); err != nil {
			return err
		}
	}
}
