package detectors

// Rule says how a token looks. Patterns are RE2 text, compiled on first need by detectors/match; offsets are bytes.
//
// The meaning of the fields is that of gitleaks' rules (config/gitleaks.toml of its v8), which are the second source of rules beside
// our providers; the fields after Required are ours.
type Rule struct {
	ID          string
	Description string
	Tags        []string // of gitleaks, which reports them
	Pattern     string   // the expression; empty for a rule that looks at paths only
	Group       int      // the capture group that holds the secret; 0: the first group that is not empty, or else the match
	Keywords    []string // at least one must stand in the text, in any case, before Pattern is tried; empty: it is always tried
	Path        string   // an expression that the path must match
	Entropy     float64  // the secret's Shannon entropy, in bits a byte, must be more than this; 0: it does not matter
	Allowlists  []Allowlist
	Required    []Required
	SkipReport  bool // only a partner for other rules' Required

	Provider string   // the provider's name; empty for a rule that names none
	Kinds    []string // the kinds of the provider that a match can be, widest scope first; one only: the rule decides
	Generic  bool     // loses against any other rule that matches overlapping bytes
	Handed   bool     // a match is a token only if code hands it on as one: in a header, to a program or function that takes credentials
}

// Allowlist says which matches of a rule are none. With MatchAll every kind of criterion that is not empty must hold (gitleaks'
// condition = "AND"), otherwise one is enough; within a kind of criterion one is always enough.
type Allowlist struct {
	Description string
	MatchAll    bool
	Commits     []string
	Paths       []string // expressions
	Regexes     []string // expressions, tried on Target
	Target      string   // "" or "secret": the secret; "match": the match; "line": the line or lines that hold it
	StopWords   []string // stand in the secret, in any case
}

// Required names a partner rule that must match nearby. A nil distance means: anywhere in the same text.
type Required struct {
	Rule          string
	WithinLines   *int
	WithinColumns *int
}
