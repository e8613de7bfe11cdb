// Package picture shows the graph of a scan: it chooses what of it is shown, and writes that as DOT, as JSON, or as a page with the graph
// drawn on it. README.md, which is the help of the command, describes the fields.
package picture

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/cmd/internal/report"
)

//go:embed README.md
var help string

// Page returns the page that describes what is shown.
func Page() string { return help }

// Graph is what a scan found out about who can get what. Fields are added, and never renamed. Lists are sorted, but for crossings, of which
// the worst come first.
type Graph struct {
	report.Start
	Nodes     []*Node         `json:"nodes"`
	Edges     []*Edge         `json:"edges"`
	Crossings []*Crossing     `json:"crossings"`
	LeftOut   LeftOut         `json:"left_out"`
	Gaps      []*report.Gap   `json:"gaps"`
	Errors    []*report.Error `json:"errors"`
}

// Node is a unit, a file, a name, a token or a target. One file or name is several nodes where it makes a difference who runs or reads it.
type Node struct {
	ID           string   `json:"id"`
	Kind         string   `json:"kind"`
	Name         string   `json:"name"`
	Path         string   `json:"path,omitempty"`
	Line         int      `json:"line,omitempty"`
	Environments []string `json:"environments,omitempty"`
	UnitKind     string   `json:"unit_kind,omitempty"`
	Title        string   `json:"title,omitempty"`
	Masked       string   `json:"masked,omitempty"`
	Severity     string   `json:"severity,omitempty"`
}

// Edge is one fact.
type Edge struct {
	From         string   `json:"from"`
	To           string   `json:"to"`
	Verb         string   `json:"verb"`
	Strength     string   `json:"strength"`
	Path         string   `json:"path,omitempty"`
	Line         int      `json:"line,omitempty"`
	Says         string   `json:"says,omitempty"`
	Environments []string `json:"environments,omitempty"`
}

// Crossing is a crossing of the report and its path.
type Crossing struct {
	ID       string `json:"id"`
	Severity string `json:"severity"`
	Status   string `json:"status"`
	From     string `json:"from"`
	Token    string `json:"token"`
	Says     string `json:"says"`
	Edges    []int  `json:"edges"`
}

// LeftOut says what is not shown because the graph is too large for it.
type LeftOut struct {
	Nodes int    `json:"nodes"`
	Edges int    `json:"edges"`
	Says  string `json:"says"`
}

// formats are the names of the formats.
var formats = []string{"dot", "html", "json"}

// FormatList returns the names of all formats for people.
func FormatList() string { return strings.Join(formats, ", ") }

// Format returns the format of a name, or if there is none that which a file's ending says, or else DOT.
func Format(name, path string) (string, error) {
	ending := strings.TrimPrefix(strings.ToLower(filepath.Ext(path)), ".")
	switch {
	case slices.Contains(formats, name):
		return name, nil
	case name != "":
		return "", fmt.Errorf("unknown format %q; there are: %s", name, FormatList())
	case ending == "htm":
		return "html", nil
	case slices.Contains(formats, ending):
		return ending, nil
	}
	return "dot", nil
}

// Write writes the graph in a format. The page has beside it what the report, which send sends, says of the crossings and tokens that are shown.
func (g *Graph) Write(w io.Writer, format string, send func(report.Handler) error) error {
	switch format {
	case "json":
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		return e.Encode(g)
	case "html":
		return g.writeHTML(w, send)
	}
	_, err := io.WriteString(w, g.dot())
	return err
}
