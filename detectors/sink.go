package detectors

import "strings"

// Word is a literal piece of source text. Its Text is withheld, and its Span stays, where it holds a token.
type Word struct {
	Text string
	Span Span
}

// Sink is where code hands a value to, as far as its text tells.
type Sink struct {
	Tool     string // the program or function: "curl", "fetch", "flyctl", "stripe.customers.del"
	Library  string // the package whose client is used, as code imports it, where the client was given no credential
	Argv     []Word // a command's literal words, the program first; an empty text for a word that is not literal
	Arg      int    // the index in Argv of the word that holds the value, 0 if that is not known
	Host     string // the host that a request goes to, lower case, without port
	Method   string // the request's method, upper case
	Path     Word   // the request's path, from its first slash, without a query
	Header   string // the header that carries the value, as written
	Scheme   string // the word before the value in that header: "Bearer"
	Query    string // the query parameter that carries the value
	Variable string // the environment variable by which a program takes the value, by its documentation
	Fields   []Word // the identifiers of a GraphQL document, or the words of an SQL statement, that are sent along
	IDs      []ID   // the ids that are sent along, each by the name of its argument or variable: volumeId
}

// ArgAt returns the index in Argv of the argument in which the span lies, 0 if it lies in none.
func (s *Sink) ArgAt(span Span) int {
	for i := 1; i < len(s.Argv) && !span.Empty(); i++ {
		if at := s.Argv[i].Span; at.Start <= span.Start && span.End <= at.End {
			return i
		}
	}
	return 0
}

// Flag returns the flag by which a command gets the value, without its dashes and in lower case: token for --token=X and -token X. It is empty
// for an argument without a flag, and where the argument is not known.
func (s *Sink) Flag() string {
	if s.Arg <= 0 || s.Arg >= len(s.Argv) {
		return ""
	}
	name, _, given := strings.Cut(s.Argv[s.Arg].Text, "=")
	if before := s.Argv[s.Arg-1].Text; !given && s.Arg > 1 && !strings.Contains(before, "=") {
		name = before
	}
	if !strings.HasPrefix(name, "-") {
		return ""
	}
	return strings.ToLower(strings.TrimLeft(name, "-"))
}

// Redact withholds the texts that overlap one of the spans.
func (s *Sink) Redact(spans Spans) {
	redact := func(w *Word) {
		if spans.Overlap(w.Span) {
			w.Text = ""
		}
	}
	for i := range s.Argv {
		redact(&s.Argv[i])
	}
	redact(&s.Path)
	for i := range s.Fields {
		redact(&s.Fields[i])
	}
}

// Use is one place where a unit hands a token on, found by linking.
type Use struct {
	Sink         Sink
	At           Place
	Unit         string      // the unit's id; empty for code that no unit runs
	Environments Environment // the unit's environments
}

// Holder is a unit that gets a token at flow or loaded strength, found by linking.
type Holder struct {
	Unit         string
	Environments Environment
	At           Place  // where the unit stands
	Scoped       bool   // for a reference: the unit reads a value that may be its environment's own
	Doubtful     bool   // its place is named for its environments, and for something else too
	Unread       bool   // the value is in its environment or files, and nothing that is seen reads it
	Workload     string // what a workload of a cluster is called in its namespace: Deployment/app; empty for any other unit
	Text         bool   // it stands in the text of code that the unit takes in, and nothing there has it for a value
}

// Target is a thing that a unit works on with a credential: a database's host, a bucket, a volume, an app, a project, an account.
type Target struct {
	What, Value  string
	Unit         string
	Environments Environment // the unit's
	At           Place       // where the thing is named
}

// Naming is a name that a token is bound to, found by linking.
type Naming struct {
	Name string
	At   Place
}

// Binding is one row of a table of the repository, such as .stagewall.yaml, that says to which environment something belongs. A row
// without environments says that the thing is used where nobody can say which environment it is, so that what other rows say of it is not
// the whole truth.
type Binding struct {
	What         string // "host", "project", "account", "app", "branch", "path"
	Value        string // a doublestar pattern for hosts and paths, otherwise the value itself
	Environments Environment
	At           Place
	Stated       bool      // the repository's owner says so for this purpose; what other files show is joined with what the id itself says
	In           string    // of a service account: the project that gives it a role, whose environments are the row's too
	ByFile       bool      // the name of its file says the environments: that says nothing of tokens in the very file
	Allows       Privilege // of a role, and of what gives a service account one: the most that it allows there; 0: not known
	Below        string    // of a path: the folder that is scanned, as the pattern sees it; empty if it sees paths as they are
}

// What rows say of files of encrypted credentials.
const (
	Credentials = "credentials" // a file of the application in the folder that is the value: whose it is, or without environments of all that have none of their own
	Elsewhere   = "elsewhere"   // what In is where a setting names another file: for its environments, or without these for whichever
)

// What rows say of files that are encrypted for keys, whose public halves are the value, with blanks between them: whose the file is.
const (
	AgeRecipient   = "age recipient"   // age1…
	PGPFingerprint = "pgp fingerprint" // in hex
	GitCrypt       = "git-crypt key"   // has no public half: the value is the key's name
)

// What rows say of roles that programs and jobs can be.
const (
	Role   = "role"   // a role by its path and name: whose it is, and what it allows
	Trusts = "trusts" // a role: In is a pattern of the subjects of workflows that can be it; where there are rows, nobody else can
)
