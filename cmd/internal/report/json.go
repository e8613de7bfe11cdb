package report

import (
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
		e := json.NewEncoder(j.w)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		return e.Encode(j.doc)
	}
	return nil
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
