package news

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/cmd/internal/report"
)

// formats are the names of formats, and how each is written.
var formats = map[string]func(io.Writer, *Report, report.Style) error{
	"text":  writeText,
	"json":  writeJSON,
	"jsonl": writeJSONL,
}

// Known reports whether there is such a format; "" is text.
func Known(format string) bool { return format == "" || formats[format] != nil }

// Formats returns the names of all formats for people.
func Formats() string {
	var names []string
	for name := range formats {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// Write writes the report in a format.
func (r *Report) Write(w io.Writer, format string, s report.Style) error {
	if format == "" {
		format = "text"
	}
	return formats[format](w, r, s)
}

func encoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

// writeJSON writes one object, a repository after the other.
func writeJSON(w io.Writer, r *Report, _ report.Style) error {
	o := &object{w: w}
	o.put("{\n \"version\": ", r.Version, 1)
	o.put(",\n \"tool\": ", r.Tool, 1)
	o.put(",\n \"run\": ", r.Run, 1)
	before := ",\n \"repositories\": [\n  "
	err := r.each(func(one *Repository) error {
		o.put(before, one, 2)
		before = ",\n  "
		return o.err
	})
	o.put("\n ],\n \"summary\": ", r.Summary, 1)
	o.put("\n}", nil, 0)
	_, last := io.WriteString(w, "\n")
	return cmp.Or(err, o.err, last)
}

// object is JSON that is written piece by piece, until an error.
type object struct {
	w   io.Writer
	err error
}

// put writes a text, and behind it a value, if there is one, that stands so deep.
func (o *object) put(text string, v any, depth int) {
	var b strings.Builder
	b.WriteString(text)
	if v != nil && o.err == nil {
		e := encoder(&b)
		e.SetIndent(strings.Repeat(" ", depth), " ")
		o.err = e.Encode(v)
	}
	if o.err == nil {
		_, o.err = io.WriteString(o.w, strings.TrimSuffix(b.String(), "\n"))
	}
}

// line is one of a report as a stream; exactly one field is set. It begins with a start, and ends with a summary.
type line struct {
	Start      *Start      `json:"start,omitempty"`
	Repository *Repository `json:"repository,omitempty"`
	Summary    *Summary    `json:"summary,omitempty"`
}

func writeJSONL(w io.Writer, r *Report, _ report.Style) error {
	e := encoder(w)
	if err := e.Encode(line{Start: &r.Start}); err != nil {
		return err
	}
	if err := r.each(func(one *Repository) error { return e.Encode(line{Repository: one}) }); err != nil {
		return err
	}
	return e.Encode(line{Summary: &r.Summary})
}
