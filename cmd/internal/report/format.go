package report

import (
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// Style is how a report for people looks.
type Style struct {
	Colour  bool
	Verbose bool
	Width   int // columns of the terminal; 0: not known
}

// Paint returns a text in a colour, by its code (https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters), if there are
// to be colours.
func (s Style) Paint(code, text string) string {
	if !s.Colour || code == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// formats are the names of formats, and how each is made.
var formats = map[string]func(w io.Writer, s Style) Handler{
	"text":  func(w io.Writer, s Style) Handler { return NewText(w, s) },
	"json":  func(w io.Writer, _ Style) Handler { return NewJSON(w) },
	"jsonl": func(w io.Writer, _ Style) Handler { return NewJSONL(w) },

	"baseline": func(w io.Writer, _ Style) Handler { return NewBaseline(w) },
	"csv":      func(w io.Writer, _ Style) Handler { return NewCSV(w) },
	"html":     func(w io.Writer, _ Style) Handler { return NewHTML(w) },
	"junit":    func(w io.Writer, _ Style) Handler { return NewJUnit(w) },
	"markdown": func(w io.Writer, _ Style) Handler { return NewMarkdown(w) },
	"sarif":    func(w io.Writer, _ Style) Handler { return NewSARIF(w) },
}

// New returns the handler of a format; "" is text.
func New(format string, w io.Writer, s Style) Handler {
	if format == "" {
		format = "text"
	}
	return formats[format](w, s)
}

// KnownFormat reports whether there is such a format; "" is the default.
func KnownFormat(format string) bool { return format == "" || formats[format] != nil }

// FormatOf returns the format that a file's ending says, "" if it says none.
func FormatOf(path string) string {
	ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	if formats[ending] == nil {
		return map[string]string{"md": "markdown", "xml": "junit", "htm": "html", "txt": "text"}[ending]
	}
	return ending
}

// FormatList returns the names of all formats for people.
func FormatList() string {
	names := make([]string, 0, len(formats))
	for name := range formats {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
