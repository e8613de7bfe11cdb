package detectors

import (
	"slices"
	"strings"
)

// Provider is what is known of the tokens that one service issues: a value, written once, never changed. Sources of facts are
// addresses of the provider's own documents or code wherever there are such.
type Provider struct {
	Name       string   // the product's name, lower case, no spaces: the word in reports
	Title      string   // the product's name as its owner writes it
	Short      string   // a word for the name in the names of variables, as its own programs have it: "gh"; empty if there is none
	Rules      []Rule   // rule ids begin with the name
	Kinds      []Kind   // widest scope first
	Hosts      []string // hosts of its API, lower case; a leading dot takes every host below. A token sent there is the provider's
	Tools      []Tool   // command line programs that take the token from their environment
	Libraries  []Library
	Operations []Operation
	Containers []Container
	Common     bool // it is nobody's product: the names of its kinds are common use, and no document's

	// Decode reads what the token's own text says, without a network. Nil for opaque tokens. It must accept any bytes.
	Decode func(secret string) Decoded
}

// HasSections reports whether the provider's program chooses a section of the file by the name of the environment.
func (p *Provider) HasSections(file string) bool {
	return slices.ContainsFunc(p.Kinds, func(k Kind) bool {
		return slices.ContainsFunc(k.Sections, func(s string) bool { return strings.HasSuffix("/"+file, "/"+s) })
	})
}

// Scope says what limits the environments that a token of a kind can touch.
type Scope uint8

const (
	ScopeAccount   Scope = iota // a person's, account's, workspace's or organisation's credential: unscoped
	ScopeText                   // the environment is written in the token's text
	ScopeClaims                 // decodable from the token's claims
	ScopeHost                   // chosen by the host that it is sent to; the token is silent
	ScopeContainer              // bound to one project, app, environment or database that it does not name
	ScopePublic                 // no secret: made to be published
	ScopeOutside                // touches nothing that has environments: messages to people, lists of their work, uploaded measurements, reports about code
)

var scopeNames = [...]string{"account", "text", "claims", "host", "container", "public", "outside"}

// String returns the scope's name: the word after Scope, in lower case.
func (s Scope) String() string { return scopeNames[s] }

// Kind is one kind of token of a provider.
type Kind struct {
	Name      string // lower-case words joined by dashes, unique within the provider
	Title     string // for people, without the provider: "account or workspace token"
	Scope     Scope
	Bound     string    // for people, what limits it or that nothing does: "every environment of the account: …"
	AtMost    Privilege // what the kind allows
	Variables []string  // the documented names of variables that hold it: such a name decides the kind
	Headers   []string  // "Name" or "Name Scheme", as in "Authorization Bearer": being sent so decides the kind
	Flags     []string  // flags by which the provider's programs are given it, without dashes: where no name or header decides the kind, these do
	Homemade  bool      // no service issues it: whoever needs one makes it, and so do tests and examples
	Fleeting  bool      // it expires within hours of being made, so that nobody keeps it in a store: a reference is to no such kind
	Selected  bool      // it is bound to the one environment or app that its programs' selecting flags can name, so that they name its own
	Files     []string  // the files that hold it and by whose names the provider's program chooses it, the environment's own name a star: "config/*.key"
	Sections  []string  // the files that hold it and in which the provider's program chooses the section named as the environment: "config/secrets.yml"
	Opens     string    // what rows are of that say whose the files are that it opens
	Shape     string    // an expression that the whole value matches; lets a sink identify a value that no rule of the provider matched
	Partners  []Partner // what else it consists of, or stands beside: the id of a key, the host of a password
	Store     string    // of references: what a job or a program is let be, and not what is kept there; the scope is the account or project that it is of
	Of        string    // with Store: what the scope is, "account" or "project"
	Cut       string    // how to cut a crossing by it: the narrower credential to use instead; an imperative without a full stop
	Source    string
}

// Partner is what makes one credential with a secret: it is looked for near it, under its documented names or by its shape.
type Partner struct {
	Title     string   // for people: "key id", "publishable key", "host"
	Variables []string // the documented names of variables that hold it
	Shape     string   // an expression that the whole value matches
	Host      bool     // it is a host, in a variable that is named like the secret's but for the noun: DB_HOST beside DB_PASSWORD
	Needed    bool     // without it the secret opens nothing
}

// Tool is a command line program that takes a token, by its documentation, from the environment or a file.
type Tool struct {
	Name      string   // the program: "flyctl"; a package runner's argument counts as the program ("npx wrangler" is wrangler)
	Aliases   []string // other names of the same program: "fly"
	Variables []string // names that it reads
	Needs     Need     // how much it does without what these hold
	Selectors []string // flags whose value says which environment, app or project it works on: "--app", "-a"
	Values    []string // further flags that take a value and bind no token: "--config", and "--env" where the token works in all of them
	Endpoints []string // flags that name the host of another's service, which speaks the same protocol and whose the token then is: "--endpoint-url"
	Source    string
}

// Need says whether a program works without a credential from its environment.
type Need uint8

const (
	NeedsNone     Need = iota // much of what it does needs none, or it is not known
	NeedsToken                // it does nothing on a fresh machine without a token, in the first of its variables or by a flag
	NeedsIdentity             // the same, but for machines that have an identity of their own, or a file of settings that says one
)

// Library is a package whose clients take a token, by its documentation, from the environment where code gives them none.
type Library struct {
	Names     []string // how code imports it: "boto3"; what lies below it counts too, and with a star at the end what goes on otherwise
	Variables []string // names that it reads
	Source    string
}

// Operation is something that a token can do at the provider that is worth naming: an act that destroys, or that proves a power.
type Operation struct {
	Name           string // the provider's own name for it
	Does           Privilege
	Undo           string   // for how long it can be undone: "48 h", "no undo"; empty where no document says
	Backups        string   // what happens to backups: "deleted with it", "kept"; empty where no document says
	DeletesBackups bool     // the operation's object is a backup, a snapshot or a schedule that makes them
	Kinds          []string // the kinds that can do it; empty: all whose AtMost holds Does
	Calls          []string // how it is written, see below
	Source         string
}

// An operation's Calls are patterns over what code does, one of:
//
//	graphql FIELD            a field of a GraphQL document that is sent to one of the provider's hosts
//	http METHOD PATH         a request; PATH may hold * for one segment and ** for the rest
//	cli WORD [WORD …]        a command's program and leading words, flags left out; a word with a dash is a flag that must be among them
//	sdk WORD[.WORD …]        the last words of a method's name in the provider's libraries, in any style: customers.del, deleteBucket,
//	                         which is delete_bucket and DeleteBucketCommand as well
//	sql WORDS                the statement's leading words, in any case

// Container is a variable that names the thing that a container-bound token belongs to, beside which it stands.
type Container struct {
	Variable string // "RAILWAY_ENVIRONMENT_ID"
	Names    bool   // the value is the environment's own name, not an id: "staging"
	What     string // "project", "account", "app", "environment": which table of .stagewall.yaml maps its ids
}

// Decoded is what a token's own text says.
type Decoded struct {
	Reject   string      // not a token after all, and why: a wrong checksum, a published fake, a local default
	Example  string      // not a token if it stands in a test or an example, and why: a password as those have it
	Kind     string      // the kind, if the text decides it
	Reach    Environment // the environments that the text names; 0: none named
	AtMost   Privilege   // exact where Exact is set
	Exact    bool
	Hosts    []string // hosts that the text says it is for
	IDs      []ID     // what it is bound to
	Evidence []Evidence
}

// ID is a bindable identifier: a project, an account, a namespace, a database.
type ID struct{ What, Value string }
