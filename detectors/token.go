package detectors

// Token is one credential.
type Token struct {
	ID       string // "tok_" and 16 hexadecimal digits, the same on every machine and in every mode
	Rule     string // the id of the rule that found it; empty for a reference
	Provider string // the provider's name; empty where none is known
	Kind     string // the kind's name; empty where none is known
	Secret   Secret // empty for a reference
	Places   []Place

	Parts     []Part     // what else the credential consists of, where it stands
	Lacks     []string   // what it opens nothing without, and stands nowhere beside it
	Reference *Reference // set for a token known by name only

	Reach      Reach
	Intent     Environment // every environment that somebody meant it for; 0: nobody said
	AtLeast    Privilege   // observed in use; absent here means unknown
	AtMost     Privilege   // what the kind allows; absent here means denied
	Public     bool        // no secret: nothing follows from having it
	Sample     bool        // anybody makes one of the kind, and it stands in tests, examples and documents only
	Operations []Operation
	Evidence   []Evidence // the ledger: why all of this is believed
	Allowed    string     // the comment that says that it is no leak to report; it stays in the graph
	Cut        string     // how to replace it by a narrower one, if the kind knows
	Bound      string     // for people: what limits its reach
}

// Part is what makes one credential with a secret: the id of a key, the publishable half of a pair, the host of a password.
type Part struct {
	Title string
	At    Place
}

// Reach is the set of environments that a token can touch, and how well that is known.
type Reach struct {
	Known        bool // false: no evidence; Environments then holds no more than a suspicion
	Environments Environment
	ScopeUnknown bool // a reference whose value may differ from environment to environment
	Whichever    bool // a reference that reaches production whichever of its values one has
	Apart        bool // a reference whose values differ, and of which none but production's own reaches that
}

// Touches reports whether the token can touch production, and whether evidence says so. Unknown reach can, without evidence.
func (r Reach) Touches() (can, evident bool) {
	if r.Known {
		return r.Environments.Touches(Production), true
	}
	return true, r.Environments.Touches(Production)
}

// Reference names a token in a secret store.
type Reference struct {
	Store string // "github", "vault", "kubernetes", …
	Scope string // what else is needed to name one value: a path, a namespace; empty where the name is enough
	Name  string
}

// The stores that several packages know. Others are named where they are read.
const (
	SecretsManager = "aws-secretsmanager"
	ParameterStore = "aws-ssm"
	SecretManager  = "gcp-secretmanager"
	KeyVault       = "azure-keyvault"
	Vault          = "vault"
	OnePassword    = "1password"
	AssumedRole    = "aws-role"
	ServiceAccount = "gcp-service-account"
	Registration   = "azure-app"  // apps that sign in without a secret, by their client ids
	AWSConfig      = "aws-config" // the profiles that a machine has
	Kubeconfig     = "kubeconfig" // the contexts that a machine has
	Host           = "host"       // files on another machine: host:path
	Bucket         = "bucket"     // files in a store of files: bucket/path
	Kubernetes     = "kubernetes" // the scope is a namespace and the secret's name, with a slash between; the name is a key, * for all
)
