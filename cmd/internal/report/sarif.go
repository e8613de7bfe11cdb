package report

import (
	"encoding/json"
	"io"
	"net/url"
	slash "path"
	"strings"
)

// SARIF writes the Static Analysis Results Interchange Format, version 2.1.0
// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html). A crossing is a result whose code flow is its path; so is a token
// outside every crossing, at level "note". Results carry a fingerprint without line numbers, and neither secrets nor names of people.
type SARIF struct {
	w io.Writer
	collected
}

// NewSARIF returns a handler that writes the report to w.
func NewSARIF(w io.Writer) *SARIF { return &SARIF{w: w} }

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool               sarifTool                `json:"tool"`
	OriginalURIBaseIDs map[string]sarifArtifact `json:"originalUriBaseIds"`
	Invocations        []sarifInvocation        `json:"invocations"`
	Results            []sarifResult            `json:"results"`
	ColumnKind         string                   `json:"columnKind"`
	DefaultEncoding    string                   `json:"defaultEncoding"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        string      `json:"version,omitempty"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID                   string           `json:"id"`
	ShortDescription     sarifMessage     `json:"shortDescription"`
	FullDescription      sarifMessage     `json:"fullDescription"`
	Help                 sarifMessage     `json:"help"`
	DefaultConfiguration sarifLevel       `json:"defaultConfiguration"`
	Properties           *sarifProperties `json:"properties,omitempty"`
}

type sarifLevel struct {
	Level string `json:"level"`
}

type sarifProperties struct {
	SecuritySeverity string   `json:"security-severity,omitempty"`
	Tags             []string `json:"tags,omitempty"`
}

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifInvocation struct {
	ExecutionSuccessful bool                `json:"executionSuccessful"`
	Notifications       []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level     string          `json:"level"`
	Message   sarifMessage    `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
}

type sarifResult struct {
	RuleID              string             `json:"ruleId"`
	Level               string             `json:"level"`
	Message             sarifMessage       `json:"message"`
	Locations           []sarifLocation    `json:"locations,omitempty"`
	RelatedLocations    []sarifLocation    `json:"relatedLocations,omitempty"`
	CodeFlows           []sarifCodeFlow    `json:"codeFlows,omitempty"`
	PartialFingerprints map[string]string  `json:"partialFingerprints"`
	BaselineState       string             `json:"baselineState,omitempty"`
	Suppressions        []sarifSuppression `json:"suppressions,omitempty"`
	Properties          *sarifProperties   `json:"properties,omitempty"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Justification string `json:"justification,omitempty"`
}

type sarifCodeFlow struct {
	ThreadFlows []sarifThreadFlow `json:"threadFlows"`
}

type sarifThreadFlow struct {
	Locations []sarifStep `json:"locations"`
}

type sarifStep struct {
	Location sarifLocation `json:"location"`
}

type sarifLocation struct {
	ID               int            `json:"id,omitempty"`
	PhysicalLocation *sarifPhysical `json:"physicalLocation,omitempty"`
	Message          *sarifMessage  `json:"message,omitempty"`
}

type sarifPhysical struct {
	ArtifactLocation sarifArtifact `json:"artifactLocation"`
	Region           *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI         string        `json:"uri,omitempty"`
	URIBaseID   string        `json:"uriBaseId,omitempty"`
	Description *sarifMessage `json:"description,omitempty"`
}

type sarifRegion struct {
	StartLine   int           `json:"startLine"`
	StartColumn int           `json:"startColumn,omitempty"`
	EndLine     int           `json:"endLine,omitempty"`
	EndColumn   int           `json:"endColumn,omitempty"`
	Snippet     *sarifMessage `json:"snippet,omitempty"`
}

// sarifRules are the two things that a report says.
var sarifRules = []sarifRule{
	{
		ID:                   "crossing",
		ShortDescription:     sarifMessage{"Staging can reach a token that can touch production"},
		FullDescription:      sarifMessage{"A unit with an environment other than production can get hold of a token that can touch production, by the path that the code flow shows."},
		Help:                 sarifMessage{"Give the unit a token that is limited to its own environment, or move the token out of its reach; then revoke the old one."},
		DefaultConfiguration: sarifLevel{"error"},
		Properties:           &sarifProperties{SecuritySeverity: "9.0", Tags: []string{"security", "secret"}},
	},
	{
		ID:                   "token",
		ShortDescription:     sarifMessage{"A token stands in the repository"},
		FullDescription:      sarifMessage{"A credential stands in a file. No path from an environment other than production to it was found that matters, or it is not known to touch production."},
		Help:                 sarifMessage{"Move the token into a secret store, and revoke this one."},
		DefaultConfiguration: sarifLevel{"note"},
		Properties:           &sarifProperties{SecuritySeverity: "3.0", Tags: []string{"security", "secret"}},
	},
}

// severityScores are CVSS-like numbers, by which GitHub sorts (https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning).
var severityScores = map[string]string{"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0"}

// Handle implements [Handler].
func (s *SARIF) Handle(m Message) error {
	if !s.take(m) {
		return nil
	}
	e := json.NewEncoder(s.w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{s.run()},
	})
}

func (s *SARIF) run() sarifRun {
	run := sarifRun{
		Tool: sarifTool{sarifDriver{
			Name: s.start.Tool.Name, Version: s.start.Tool.Version, InformationURI: "https://github.com/stagewall/stagewall", Rules: sarifRules,
		}},
		OriginalURIBaseIDs: map[string]sarifArtifact{"SRCROOT": {Description: &sarifMessage{"the root of the repository"}}},
		Invocations:        []sarifInvocation{s.invocation()},
		Results:            []sarifResult{},
		ColumnKind:         "utf16CodeUnits",
		DefaultEncoding:    "UTF-8",
	}
	for _, c := range s.crossings {
		run.Results = append(run.Results, s.crossing(c))
	}
	for _, t := range s.alone() {
		if !t.Reference {
			run.Results = append(run.Results, s.token(t))
		}
	}
	return run
}

func (s *SARIF) invocation() sarifInvocation {
	inv := sarifInvocation{ExecutionSuccessful: len(s.errors) == 0}
	for _, e := range s.errors {
		inv.Notifications = append(inv.Notifications, sarifNotification{Level: "error", Message: sarifMessage{e.Path + ": " + e.Says}})
	}
	for _, g := range s.gaps {
		n := sarifNotification{Level: "note", Message: sarifMessage{"not seen: " + g.Says}}
		if g.Path != "" {
			n.Locations = []sarifLocation{s.at(g.Path, g.Line, 0, "")}
		}
		inv.Notifications = append(inv.Notifications, n)
	}
	return inv
}

func (s *SARIF) crossing(c *Crossing) sarifResult {
	level := "warning"
	if c.Severity == "critical" || c.Severity == "high" {
		level = "error"
	}
	if c.Severity == "low" {
		level = "note"
	}
	r := sarifResult{
		RuleID:              "crossing",
		Level:               level,
		Message:             sarifMessage{c.Says + ". " + capital(c.Fix) + "."},
		PartialFingerprints: map[string]string{"stagewallCrossing/v1": c.ID},
		Properties:          &sarifProperties{SecuritySeverity: severityScores[c.Severity], Tags: []string{c.Severity, c.Strength}},
	}
	var steps []sarifStep
	if u := s.units[c.From]; u != nil && u.Path != "" {
		at := s.at(u.Path, u.Line, 0, strings.Join(u.Environments, ", ")+" "+u.Kind+" "+u.Name)
		steps = append(steps, sarifStep{at})
		at.ID = 1
		r.RelatedLocations = append(r.RelatedLocations, at)
	}
	for i, h := range c.Path {
		if h.Path == "" {
			continue
		}
		column := 0
		if i == len(c.Path)-1 {
			column = s.column(c.Token, h)
		}
		says := h.Verb
		if h.Says != "" {
			says += ": " + h.Says
		}
		steps = append(steps, sarifStep{s.at(h.Path, h.Line, column, says)})
	}
	if len(steps) > 0 {
		last := steps[len(steps)-1].Location
		last.Message = nil
		r.Locations = []sarifLocation{last}
		r.CodeFlows = []sarifCodeFlow{{[]sarifThreadFlow{{steps}}}}
	}
	switch c.Status {
	case "accepted":
		r.Suppressions = []sarifSuppression{{"external", c.Reason}}
	case "known":
		r.BaselineState = "unchanged"
	}
	return r
}

// column returns the column of a token in the line of the hop, 0 if it does not stand there.
func (s *SARIF) column(token string, h Hop) int {
	if t := s.tokens[token]; t != nil {
		for _, p := range t.Places {
			if p.Path == h.Path && p.Line == h.Line {
				return p.Column
			}
		}
	}
	return 0
}

func (s *SARIF) token(t *Token) sarifResult {
	r := sarifResult{
		RuleID:              "token",
		Level:               "note",
		Message:             sarifMessage{capital(t.Title) + " stands here"},
		PartialFingerprints: map[string]string{"stagewallToken/v1": t.ID},
	}
	for i, p := range t.Places {
		says := ""
		if p.Commit != "" {
			says = "in commit " + p.Commit
		}
		at := s.at(p.Path, p.Line, p.Column, says)
		at.PhysicalLocation.Region.EndLine, at.PhysicalLocation.Region.EndColumn = p.EndLine, p.EndColumn
		if i == 0 {
			r.Locations = []sarifLocation{at}
			if p.Commit != "" {
				r.PartialFingerprints["commitSha"] = p.Commit // under the name that gitleaks gives it
			}
			continue
		}
		at.ID = i
		r.RelatedLocations = append(r.RelatedLocations, at)
	}
	if t.Allowed != "" {
		r.Suppressions = []sarifSuppression{{"inSource", t.Allowed}}
	}
	return r
}

// sarifAt returns a place; a line or column of 0 is left out.
func (s *SARIF) at(path string, line, column int, says string) sarifLocation {
	at := sarifLocation{PhysicalLocation: &sarifPhysical{ArtifactLocation: sarifArtifact{URI: uri(slash.Join(s.start.Target.Below, path)), URIBaseID: "SRCROOT"}}}
	if line > 0 {
		at.PhysicalLocation.Region = &sarifRegion{StartLine: line, StartColumn: column}
	}
	if says != "" {
		at.Message = &sarifMessage{says}
	}
	return at
}

// uri writes a path as a relative reference.
func uri(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return strings.Join(segments, "/")
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
