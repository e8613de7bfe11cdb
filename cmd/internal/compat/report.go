package compat

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/stagewall/stagewall/detectors/match"
)

// Finding is a finding in gitleaks' report, in whose order and under whose names the fields are.
type Finding struct {
	RuleID      string
	Description string
	StartLine   int
	EndLine     int
	StartColumn int
	EndColumn   int
	Match       string
	Secret      string
	File        string
	SymlinkFile string
	Commit      string
	Entropy     float32
	Author      string
	Email       string
	Date        string
	Message     string
	Tags        []string
	Fingerprint string
}

func (f *Finding) place(at location) {
	f.StartLine, f.StartColumn, f.EndLine, f.EndColumn = at.startLine, at.startColumn, at.endLine, at.endColumn
}

func (f *Finding) tag(c match.Candidate) {
	if c.Depth == 0 {
		return
	}
	for _, encoding := range c.Encodings {
		f.Tags = append(f.Tags, "decoded:"+encoding)
	}
	f.Tags = append(f.Tags, fmt.Sprintf("decode-depth:%d", c.Depth))
}

// redacted returns the finding without its secret.
func (f Finding) redacted() Finding {
	const instead = "REDACTED" // as gitleaks has it
	if f.Secret != "" {
		f.Match, f.Secret = strings.ReplaceAll(f.Match, f.Secret, instead), instead
	}
	return f
}

// Formats are the formats of a report.
var Formats = []string{"json", "text"}

// Write writes the findings in a format, secrets only if they are to be revealed.
func (r *Result) Write(w io.Writer, format string, reveal bool) error {
	findings := make([]Finding, len(r.Findings))
	for i, f := range r.Findings {
		f.Fingerprint = fmt.Sprintf("%s:%s:%d", f.File, f.RuleID, f.StartLine)
		if !reveal {
			f = f.redacted()
		}
		findings[i] = f
	}
	if format == "json" {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		return e.Encode(findings)
	}
	for _, f := range findings {
		if _, err := fmt.Fprintf(w, "%s:%d:%d: %s %q\n", f.File, f.StartLine, f.StartColumn, f.RuleID, f.Secret); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%d findings\n", len(findings))
	return err
}
