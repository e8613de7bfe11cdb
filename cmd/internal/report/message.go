// Package report says what a scan found. A scan is a stream of messages, and every format is a [Handler] of them, so that a recorded
// stream can be written again in any format.
package report

// Message is one thing that a scan says; exactly one field is set. A stream begins with Start and ends with Summary.
type Message struct {
	Start    *Start    `json:"start,omitempty"`
	Crossing *Crossing `json:"crossing,omitempty"`
	Token    *Token    `json:"token,omitempty"`
	Unit     *Unit     `json:"unit,omitempty"`
	Gap      *Gap      `json:"gap,omitempty"`
	Error    *Error    `json:"error,omitempty"`
	Summary  *Summary  `json:"summary,omitempty"`
}

// Handler takes a stream of messages. An error ends the stream: the report could not be written.
type Handler interface {
	Handle(Message) error
}

// Version is that of the JSON report's fields: they may be added, and are never renamed.
const Version = 1

// Start says what is scanned and by which version.
type Start struct {
	Version int    `json:"version"`
	Tool    Tool   `json:"tool"`
	Target  Target `json:"target"`
}

// Tool is the program that scanned.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Target is what was scanned.
type Target struct {
	Path    string `json:"path"`
	Mode    string `json:"mode"` // "tree", "staged", "history", "stdin"
	Commit  string `json:"commit"`
	Below   string `json:"below,omitempty"` // what is scanned, relative to the root of its repository
	Files   int    `json:"files"`           // files that were read
	Bytes   int64  `json:"bytes"`           // bytes that were read
	Skipped int    `json:"skipped"`         // files and folders that were passed over: binary files, links, installed packages
}

// Token is a credential or a reference to one. Lines and columns are 1-based, columns count bytes.
type Token struct {
	ID         string      `json:"id"`
	Rule       string      `json:"rule"`
	Provider   string      `json:"provider"`
	Kind       string      `json:"kind"`
	Masked     string      `json:"masked"`
	Reference  bool        `json:"reference"`
	Places     []Place     `json:"places"`
	Reach      Reach       `json:"reach"`
	Intent     []string    `json:"intent"`
	Privilege  Privilege   `json:"privilege"`
	Operations []Operation `json:"operations"`
	Evidence   []Evidence  `json:"evidence"`
	Allowed    string      `json:"allowed"`
	Parts      []Part      `json:"parts"` // what else the credential consists of, where it stands
	Lacks      []string    `json:"lacks"` // what it opens nothing without, and stands nowhere beside it

	Title string `json:"title"` // for people: "Railway account or workspace token"
	Bound string `json:"bound"` // for people: what limits its reach
	New   bool   `json:"new"`   // with a baseline or in staged mode: it is not known yet
}

// Place is where a token stands, or where a reference is written.
type Place struct {
	Path      string `json:"path"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
	Commit    string `json:"commit"`
}

// Part is what makes one credential with a secret: the id of a key, the host of a password.
type Part struct {
	Title string `json:"title"`
	Place
}

// Reach is the environments that a token can touch.
type Reach struct {
	Known        bool     `json:"known"`
	Environments []string `json:"environments"`
	Unscoped     bool     `json:"unscoped"`
	ScopeUnknown bool     `json:"scope_unknown"`
}

// Privilege is an interval: observed in use, and allowed by the kind.
type Privilege struct {
	AtLeast []string `json:"at_least"`
	AtMost  []string `json:"at_most"`
}

// Operation is something that the token can do.
type Operation struct {
	Name     string `json:"name"`
	Destroys bool   `json:"destroys"`
	Undo     string `json:"undo"`
	Backups  string `json:"backups"`
	Source   string `json:"source"`
}

// Evidence is why something is believed.
type Evidence struct {
	About    string `json:"about"`
	Says     string `json:"says"`
	Decibans int    `json:"decibans"`
	Path     string `json:"path"`
	Line     int    `json:"line"`
	Source   string `json:"source,omitempty"`

	Environments []string `json:"environments,omitempty"` // of a unit: those that it speaks for
}

// Unit is something that runs, or in which work is done.
type Unit struct {
	ID           string     `json:"id"`
	Name         string     `json:"name"`
	Kind         string     `json:"kind"`
	Environments []string   `json:"environments"`
	Path         string     `json:"path"`
	Line         int        `json:"line"`
	Evidence     []Evidence `json:"evidence"`
}

// Crossing is a unit with an environment other than production, a token that can touch production, and the path between.
type Crossing struct {
	ID       string   `json:"id"`
	Severity string   `json:"severity"`
	Strength string   `json:"strength"`
	From     string   `json:"from"`
	Token    string   `json:"token"`
	Path     []Hop    `json:"path"`
	Others   int      `json:"others"` // further paths of the same pair
	Touches  []string `json:"touches"`
	Fix      string   `json:"fix"`
	Status   string   `json:"status"` // "new", "known" or "accepted"
	Reason   string   `json:"reason,omitempty"`

	Environments []string `json:"environments"`      // those of the unit in which the path exists
	Says         string   `json:"says"`              // for people: the headline
	Verdict      string   `json:"verdict"`           // for people: how the table comes to the severity
	Backups      []string `json:"backups,omitempty"` // for people: which backups the repository shows, and whether the token can delete them
}

// Hop is an edge of a path.
type Hop struct {
	Verb     string `json:"verb"`
	From     string `json:"from"`
	To       string `json:"to"`
	Strength string `json:"strength"`
	Path     string `json:"path"`
	Line     int    `json:"line"`
	Says     string `json:"says"`

	Frame string `json:"frame,omitempty"` // the line, with all secrets masked
	Mark  int    `json:"mark,omitempty"`  // the 1-based byte column in Frame to point at
}

// Gap is a place that could not be seen.
type Gap struct {
	Path string `json:"path"`
	Line int    `json:"line"`
	Says string `json:"says"`
}

// Error is something that could not be run or read.
type Error struct {
	Path string `json:"path"`
	Says string `json:"says"`
}

// Summary counts what was said.
type Summary struct {
	Crossings map[string]int `json:"crossings"` // by severity; accepted ones are not counted
	Tokens    int            `json:"tokens"`
	Elsewhere int            `json:"gaps_elsewhere,omitempty"` // in staged mode: gaps in files that did not change, which are not listed
}
