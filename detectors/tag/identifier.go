package tag

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// People keep more in secret stores than secrets: account numbers, regions, user names, addresses. Nothing follows from having one of
// them, and calling it a token would bury those that are. What a name says last is what the thing is (AWS_ACCOUNT_ID, SMTP_USERNAME);
// words for environments and numbers behind that are left aside (BUCKET_NAME_STAGING_2).
var identifiers = []string{
	"id", "ids", "name", "names", "user", "usr", "username", "email", "emails", "region", "zone", "location", "host", "hostname", "hosts", "port", "domain",
	"domains", "subdomain", "bucket", "repo", "repository", "org", "organization", "organisation", "owner", "project", "account", "cluster", "namespace",
	"environment", "version", "path", "dir", "directory", "root", "folder", "channel", "arn", "address", "tenant", "slug", "tag", "branch", "subscription",
	"fingerprint", "thumbprint", "endpoint", "ip", "ips", "subnet", "subnets", "vpc", "group", "role", "instance", "site", "team", "workspace", "map", "mapping",
	"timeout", "seconds", "minutes", "interval", "ttl", "size", "count", "number", "mode", "method", "type", "level", "format", "prefix", "suffix", "identifier", "model",
	"boundary", "registry", "fqdn", "provider", "schedule", "enabled", "disabled", "login", "variable",
	"sid", "groups", "guid", "cidr", "cidrs", "whitelist", "allowlist", "origins", "recipient", "recipients", "server", "servicename", "pool",
	"clientid", "tenantid", "subscriptionid",
	"crt", // https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets
}

// madeUp begin the names of values that only have to be there.
var madeUp = []string{"dummy", "fake", "mock", "placeholder"}

// switches begin the names of settings that turn something on or off: ENABLE_EXPORTS.
var switches = []string{"enable", "disable", "allow", "skip"}

// selecting are what an environment is named of, in a variable that holds its name: APP_ENV. Any other that ends so, as BACKEND_ENV and PROD_ENV,
// is commonly a whole file of variables, which a job writes to .env.
var selecting = []string{"app", "application", "deploy", "deployment", "target", "build", "node", "rails", "rack", "go", "mix", "flask", "django", "vercel", "sentry", "hugo"}

// alone are those that say as much where they are the whole name.
var alone = []string{"port", "host", "hostname", "region", "zone", "username", "email", "version", "branch", "namespace", "timeout", "ttl"}

// An address can carry a password (DATABASE_URL) or be a credential itself (SLACK_WEBHOOK_URL), so that of addresses only those count that
// are said to be of a kind that does neither, and not to be of one that does (APP_DATABASE_URL).
var (
	addresses = []string{"url", "uri", "link"}
	plain     = []string{"base", "site", "app", "api", "server", "registry", "repo", "frontend", "backend", "web", "public", "homepage", "docs", "cdn", "issuer",
		"share", "login", "host", "auth", "portal", "ecr", "acr", "gcr"}
	carriers = []string{"database", "databases", "db", "dbs", "sql", "postgres", "postgresql", "pg", "mysql", "mariadb", "mssql", "sqlserver", "oracle", "mongo",
		"mongodb", "redis", "valkey", "cache", "amqp", "rabbit", "rabbitmq", "kafka", "nats", "broker", "queue", "celery", "jdbc", "dsn", "connection", "conn", "smtp",
		"mailer", "proxy", "ldap", "clickhouse", "elastic", "elasticsearch", "opensearch", "neo4j", "couchdb", "webhook", "webhooks", "hook"}
)

// identifies reports whether the token is a name in a secret store for what is none, and if so decides that nothing follows from it. That a
// secret of several keys is called after a cluster or a user does not say so, and neither does what all is called that is kept for an environment, or in a file.
func (d *decision) identifies() bool {
	switch r := d.Reference; {
	case r == nil || d.IsAssumed(r) || IsConfig(r) || r.Name == "*" || r.Store == "sops":
		return false
	case !isIdentifier(r.Name) && !isIdentifier(r.Scope+"/"+r.Name):
		return false
	}
	if slices.ContainsFunc(d.namings(), func(n detectors.Naming) bool {
		_, _, documented := d.Variable(n.Name)
		return documented && !locates(n.Name) && (n.Name == d.Reference.Name || namesRole(d.Reference.Name))
	}) {
		return false
	}
	if d.Reference.Store == "jenkins" && d.variable() {
		return false
	}
	d.token.Public = true
	d.token.Reach = detectors.Reach{Known: true}
	d.say(detectors.Evidence{About: "kind", Says: "its name says that it holds no credential"})
	return true
}

// variable reports whether a variable that is given the token is not called after what is none. The id of a credential of Jenkins says what it is for
// (acme-registry), and the variable what it is (REGISTRY_PASSWORD). The part that `credentials` makes of its own accord says nothing.
func (d *decision) variable() bool {
	return slices.ContainsFunc(d.namings(), func(n detectors.Naming) bool {
		return n.Name != d.Reference.Name && !isIdentifier(strings.TrimSuffix(n.Name, "_PSW"))
	})
}

// labels says so if every name of a token that no provider knows says that it is no credential: DROPBOX_APP_NAME, client_id. Of a UUID one is
// enough: what is called an id in one place is one wherever it stands.
func (d *decision) labels() string {
	names := d.namings()
	if d.provider == nil && d.Reference == nil && isUniqueID(d.Secret.Reveal()) {
		return "it is an id of AWS, and the secret that makes it a key does not stand with it"
	}
	if d.provider != nil || d.Reference != nil || strings.HasPrefix(d.Secret.Reveal(), pemBegin) || len(names) == 0 {
		return ""
	}
	says := func(n detectors.Naming) bool { return isIdentifier(n.Name) }
	if isUUID(d.Secret.Reveal()) && slices.ContainsFunc(names, says) || !slices.ContainsFunc(names, func(n detectors.Naming) bool { return !says(n) }) {
		return "its name says that it holds no credential"
	}
	return ""
}

// isUniqueID reports whether the value is an id of AWS: of an access key, which is the user's name where mail is sent, of a user, a role or a group.
//
//	https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
//	https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html
func isUniqueID(v string) bool {
	return len(v) == 20 && slices.Contains([]string{"AKIA", "ASIA", "AGPA", "AIDA", "AIPA", "ANPA", "AROA", "ASCA"}, v[:4]) &&
		strings.Trim(v[4:], "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}

// isUUID reports whether the value has the shape of a UUID.
func isUUID(v string) bool {
	const shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
	if len(v) != len(shape) {
		return false
	}
	for i := range len(v) {
		if (v[i] == '-') != (shape[i] == '-') || v[i] != '-' && !strings.ContainsRune("0123456789abcdefABCDEF", rune(v[i])) {
			return false
		}
	}
	return true
}

// bundled are the prefixes of variables whose values builders of web pages compile into what every visitor downloads
// (https://vite.dev/guide/env-and-mode, https://nextjs.org/docs/app/guides/environment-variables).
var bundled = []string{"VITE_", "NEXT_PUBLIC_", "REACT_APP_", "GATSBY_", "EXPO_PUBLIC_", "NUXT_PUBLIC_", "PUBLIC_"}

// published says so if every name of a token that no provider knows says that it is published anyway. A provider's secret in such
// a variable is a leak, and stays what it is.
func (d *decision) published() string {
	names := d.namings()
	if d.Reference != nil && len(d.sinks()) == 0 { // what the store calls it says nothing of where it goes
		names = slices.DeleteFunc(names, func(n detectors.Naming) bool { return n.Name == d.Reference.Name })
	}
	if d.provider == nil && len(names) > 0 && !slices.ContainsFunc(names, func(n detectors.Naming) bool { return !namesSite(n.Name) }) {
		return "it is the key of a site, which its pages show"
	}
	if d.provider != nil || len(names) == 0 || slices.ContainsFunc(names, func(n detectors.Naming) bool {
		// Browsers get the tokens of origin trials from every page (https://developer.chrome.com/docs/web-platform/origin-trials).
		return !strings.Contains(n.Name, "ORIGIN_TRIAL") && !slices.ContainsFunc(bundled, func(prefix string) bool { return strings.HasPrefix(strings.ToUpper(n.Name), prefix) })
	}) {
		return ""
	}
	return "its variable is compiled into what every visitor of the site downloads"
}

// namesSite reports whether a name says that it holds the key by which a site asks for a test of its visitors: RECAPTCHA_SITE_KEY. It stands in the page.
//
//	https://developers.google.com/recaptcha/docs/display
//	https://docs.hcaptcha.com/#add-the-hcaptcha-widget-to-your-webpage
//	https://developers.cloudflare.com/turnstile/get-started/
func namesSite(name string) bool {
	words := saying(name)
	n := len(words)
	return n > 0 && words[n-1] == "sitekey" || n > 1 && words[n-2] == "site" && words[n-1] == "key"
}

// namesRole reports whether a name says that it holds a role, which is somebody wherever it is given as whom to be. What the names of several roles
// begin or end with is nobody: DEPLOY_ROLE_PREFIX.
func namesRole(name string) bool {
	words := saying(name)
	n := len(words)
	return n > 0 && words[n-1] != "prefix" && words[n-1] != "suffix" && (slices.Contains(words, "role") || slices.Contains(words, "arn"))
}

// locates reports whether a documented name says where to connect to, or as whom, and not with what.
func locates(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"host", "hostname", "port", "user", "username", "endpoint", "region", "bucket"}, func(word string) bool {
		return strings.HasSuffix(name, word)
	})
}

// sorts are the words that make a key one of those that open something, or that are part of such a word.
var sorts = []string{"api", "secret", "access", "private", "encryption", "crypto", "cipher", "auth", "signing", "sign", "master", "token", "license", "session", "ssh", "deploy",
	"client", "service", "account", "app", "application", "admin", "storage", "shared", "hmac", "jwt", "webhook", "consumer", "integration", "write", "read", "server", "user"}

// namesEntry reports whether a name ends in a key, or keys, of which it says no sort, as entries have them: templateKey, cache_key, key.
func namesEntry(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(snake(name)), func(r rune) bool { return r == '_' })
	n := len(words) - 1
	return n >= 0 && (words[n] == "key" || words[n] == "keys") && !slices.ContainsFunc(words[:n], func(w string) bool { return slices.Contains(sorts, w) })
}

// digests are words for what a credential is compared with.
var digests = []string{"hash", "hashed", "digest", "checksum", "fingerprint", "sha1", "sha256", "sha512"}

// namesDigest reports whether a name says that a digest is what it holds, and not what one is made with: key_hash_input, TOKEN_DIGEST, not HASH_SECRET.
func namesDigest(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(snake(name)), func(r rune) bool { return r == '_' })
	for i, word := range slices.Backward(words) {
		if slices.Contains(digests, word) {
			return i > 0
		}
		if nouns[word] != "" || word == "key" || word == "salt" || word == "pepper" {
			return false
		}
	}
	return false
}

// generations are words behind a name that tell one that takes another's place from it.
var generations = []string{"old", "new", "legacy", "previous"}

// saying returns the words of a name, in lower case, up to the one that says what the thing is: environments, numbers and generations behind it tell several
// apart.
func saying(name string) []string {
	words := strings.FieldsFunc(strings.ToLower(snake(name)), func(r rune) bool { return r == '_' })
	for len(words) > 1 {
		last := words[len(words)-1]
		const id = 32 // what Azure's portal puts behind the names of secrets that it makes
		if strings.Trim(last, "0123456789") != "" && environ.Value(last) == 0 && !slices.Contains(generations, last) && (len(last) != id || strings.Trim(last, "0123456789abcdef") != "") {
			break
		}
		words = words[:len(words)-1]
	}
	return words
}

// namesSecret reports whether a name says that what it holds is a secret, and nothing else: DB_PASSWORD, api_token, not TOKEN_HOST.
func namesSecret(name string) bool {
	words := saying(name)
	if len(words) == 0 {
		return false
	}
	noun := nouns[words[len(words)-1]]
	return noun == "password" || noun == "secret" || noun == "token"
}

// licenses reports whether the token is a name in a secret store for what lets a program run that somebody sells, and if so decides that it reaches
// nothing: SERVERLESS_LICENSE_KEY, FONT_AWESOME_LICENCE.
func (d *decision) licenses() bool {
	if d.Reference == nil || d.provider != nil || len(d.open) > 0 {
		return false
	}
	words := saying(d.Reference.Name)
	if n := len(words); n > 1 && words[n-1] == "key" {
		words = words[:n-1]
	}
	if n := len(words); n == 0 || words[n-1] != "license" && words[n-1] != "licence" {
		return false
	}
	d.token.Reach = detectors.Reach{Known: true}
	d.say(detectors.Evidence{About: "reach", Says: "its name says that it is a license: programs run with it, and it opens nothing"})
	return true
}

// owned are things that a credential can be for, which its name then says last: SSH_PRIVATE_KEY_CONFIG_REPOSITORY, GH_TOKEN_ORG.
var owned = []string{"repo", "repository", "org", "organization", "organisation", "project", "cluster", "team", "workspace"}

// unlocks reports whether a name that ends in what is no credential is still one's: that of a key or token which is said to be for that, or of
// an account of Google's, which is kept as the key that it logs in with, or is whom a job lets itself be, or what Jenkins calls a credential by:
// kubeconfig-credentials-id.
func unlocks(words []string) bool {
	n := len(words)
	if n > 1 && words[n-1] == "id" && (words[n-2] == "credentials" || words[n-2] == "credential") {
		return true
	}
	if n > 1 && words[n-2] == "service" && words[n-1] == "account" {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(google, w) })
	}
	if !slices.Contains(owned, words[n-1]) {
		return false
	}
	return slices.ContainsFunc(words, func(w string) bool { return w == "token" || w == "password" || w == "passphrase" }) ||
		slices.ContainsFunc(pairs(words), func(p [2]string) bool {
			return p[1] == "key" && slices.Contains([]string{"private", "ssh", "deploy", "api"}, p[0])
		})
}

// tellsApart reports whether a name is that of the id of something, with a word behind it that tells it from others of its kind, and is none for a
// credential: VERCEL_PROJECT_ID_WEBSITE, FIREBASE_APP_ID_IOS.
func tellsApart(words []string) bool {
	n := len(words)
	if n < 3 || words[n-2] != "id" {
		return false
	}
	last := words[n-1]
	return nouns[last] == "" && !slices.Contains(addresses, last) && !slices.Contains(carriers, last) &&
		slices.Contains([]string{"project", "org", "organization", "account", "app", "team", "tenant", "subscription", "site", "zone"}, words[n-3])
}

// google are words for what is Google's.
var google = []string{"google", "gcp", "gcloud", "gcs", "gcr", "gar", "firebase", "bigquery"}

// pairs returns each two words that follow one another.
func pairs(words []string) [][2]string {
	var all [][2]string
	for i := 1; i < len(words); i++ {
		all = append(all, [2]string{words[i-1], words[i]})
	}
	return all
}

// isIdentifier reports whether a name says that what it holds is no credential.
func isIdentifier(name string) bool {
	words := saying(name)
	if len(words) == 0 {
		return false
	}
	if rest, ok := strings.CutPrefix(words[len(words)-1], "pg"); ok { // libpq's variables, https://www.postgresql.org/docs/current/libpq-envars.html
		return slices.Contains([]string{"host", "hostaddr", "port", "user", "database", "sslmode", "appname"}, rest)
	}
	last := words[len(words)-1]
	switch {
	case tellsApart(words), len(words) > 1 && last == "code" && words[len(words)-2] == "version": // https://developer.android.com/studio/publish/versioning
		return true
	case len(words) > 1 && (slices.Contains(madeUp, words[0]) || slices.Contains(switches, words[0]) && !namesSecret(name)):
		return true
	case last == "env" && len(words) > 1:
		return slices.Contains(selecting, words[len(words)-2])
	case slices.Contains(identifiers, last):
		if unlocks(words) {
			return false
		}
		return len(words) > 1 || slices.Contains(alone, last) // one word alone mostly says too little
	case slices.Contains(addresses, last):
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(plain, w) }) &&
			!slices.ContainsFunc(words, func(w string) bool { return slices.Contains(carriers, w) })
	case last == "key" && len(words) > 1:
		return words[len(words)-2] == "public"
	case (last == "cert" || last == "certificate") && len(words) > 1: // any other may have its key beside it
		return slices.Contains([]string{"ca", "root", "cluster", "public"}, words[len(words)-2])
	}
	return false
}
