package news

import (
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

func writeJSON(w io.Writer, r *Report, _ report.Style) error {
	e := encoder(w)
	e.SetIndent("", " ")
	return e.Encode(r)
}

// line is one of a report as a stream; exactly one field is set. It begins with a start, and ends with a summary.
type line struct {
	Start      *start      `json:"start,omitempty"`
	Repository *Repository `json:"repository,omitempty"`
	Summary    *Summary    `json:"summary,omitempty"`
}

type start struct {
	Version int         `json:"version"`
	Tool    report.Tool `json:"tool"`
	Run     Run         `json:"run"`
}

func writeJSONL(w io.Writer, r *Report, _ report.Style) error {
	e := encoder(w)
	if err := e.Encode(line{Start: &start{r.Version, r.Tool, r.Run}}); err != nil {
		return err
	}
	for _, one := range r.Repositories {
		if err := e.Encode(line{Repository: one}); err != nil {
			return err
		}
	}
	return e.Encode(line{Summary: &r.Summary})
}
