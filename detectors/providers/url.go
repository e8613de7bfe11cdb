package providers

import (
	"net"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/stagewall/stagewall/detectors"
)

// A credential for a server is its whole connection string: who, with what password, at which host. The same password at another host
// is another token, and options after the database's name are not part of it.

// databaseLogin is the one kind that a connection string has: what its user may do is kept by the server.
const databaseLogin = "login"

// The parts of a connection URL. A host may hold the template of a part that is filled in later; user and password may be whatever a
// template leaves there, and decoding rejects what is no password.
const (
	urlUser     = "[^\\s:/?#@\"'`<>]*"
	urlPassword = "[^\\s/?#\"'`<>]+"
	urlTemplate = `\$?\{\{?[^}\s"']+\}{1,2}|\$\([^)\s"']+\)|\$[A-Za-z_]+`
	urlLabel    = `(?:[0-9A-Za-z_-]|%[0-9A-Za-z]{1,2}|` + urlTemplate + `)+`
	urlHost     = `(?:\[[0-9A-Fa-f:.]+\]|` + urlLabel + `(?:\.` + urlLabel + `)*)(?::[0-9]+|:(?:` + urlTemplate + `))?`
	urlHosts    = urlHost + `(?:,` + urlHost + `)*`
	urlPath     = `(?:/[0-9A-Za-z_%~-]+(?:\.[0-9A-Za-z_%~-]+)*)?`
)

// keywordPattern is a string of keywords and values, apart by blanks, that holds a host and a password.
const keywordPattern = left + `(` +
	`(?:` + keyword + `[ \t]+)*` +
	`(?:host(?:addr)?=` + keywordValue + `[ \t]+(?:` + keyword + `[ \t]+)*password=` + keywordValue +
	`|password=` + keywordValue + `[ \t]+(?:` + keyword + `[ \t]+)*host(?:addr)?=` + keywordValue + `)` +
	`(?:[ \t]+` + keyword + `)*)`

const (
	keyword      = `[a-z_]+=` + keywordValue
	keywordValue = "(?:\\\\?'[^'\"\\n]+'|[^\\s\\\\'\"`(),;&<>|]+)"
)

// engine is what tells one sort of server from another.
type engine struct {
	name       string
	schemes    string   // expression of the URL schemes, without the driver that some libraries add after a plus sign
	keywords   []string // one of them stands in every URL
	superusers []string // users that may do everything unless somebody took it from them
	defaults   []string // words that installations and examples use as password
}

// urlRules returns the rules for URLs with a password before the host, and with one among the options.
func (e engine) urlRules() []detectors.Rule {
	scheme := left + `((?i:` + e.schemes + `)(?:\+[a-z0-9_]+)?://`
	return []detectors.Rule{
		{
			ID:          e.name + "-url",
			Description: "a connection URL with a password",
			Pattern:     scheme + urlUser + `:` + urlPassword + `@` + urlHosts + urlPath + `)`,
			Group:       1,
			Keywords:    e.keywords,
			Kinds:       []string{databaseLogin},
		},
		{
			ID:          e.name + "-url-options",
			Description: "a connection URL with a password among its options",
			Pattern:     scheme + urlHosts + urlPath + `[?;](?:[^\s"'<>]*[?&;])?(?i:password|pwd)=[^\s\\"'()&,;<>|` + "`" + `]+)`,
			Group:       1,
			Keywords:    e.keywords,
			Kinds:       []string{databaseLogin},
		},
	}
}

// login returns the kind of a user of such a server.
func (e engine) login(variables []string, source string) detectors.Kind {
	return detectors.Kind{
		Name:      databaseLogin,
		Title:     "login",
		Scope:     detectors.ScopeHost,
		Bound:     "the server at its host; what the user may do there is kept by the server",
		AtMost:    detectors.UnknownPower,
		Variables: variables,
		Cut:       "give staging a login of its own on the staging server, and change this password",
		Source:    source,
	}
}

// decode reads a connection string: for which hosts it is, or why it is no credential after all.
func (e engine) decode(secret string) detectors.Decoded {
	c, ok := parseConnection(secret)
	if !ok {
		return detectors.Decoded{}
	}
	if why := c.fake(e.defaults); why != "" {
		return detectors.Decoded{Reject: why}
	}
	d := detectors.Decoded{Kind: databaseLogin, Hosts: c.hosts, IDs: c.ids()}
	if slices.Contains(e.superusers, strings.ToLower(c.user)) {
		d.Evidence = append(d.Evidence, detectors.Evidence{About: "privilege", Says: "the user " + c.user + " is a superuser unless somebody changed that"})
	}
	return d
}

// connection is what a connection string says.
type connection struct {
	user, password, database string
	hosts                    []string // lower case, without port; what a template leaves open is left out
	template                 bool     // a host is written as a template
}

// parseConnection reads a URL, or keywords and values apart by blanks or semicolons.
func parseConnection(text string) (connection, bool) {
	if scheme, rest, ok := strings.Cut(text, "://"); ok && !strings.ContainsAny(scheme, "= ") {
		return parseURL(rest)
	}
	return parseKeywords(text)
}

// parseURL reads [user:password@]host[:port][,host…][/database][?options], options apart by & or ;. It is more lenient than net/url: a
// password may hold an unescaped @, and a host a template.
func parseURL(rest string) (connection, bool) {
	var c connection
	rest, options, _ := cutAny(rest, "?;")
	authority, database, _ := strings.Cut(rest, "/")
	c.database = unescape(database)
	hosts := authority
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		user, password, _ := strings.Cut(authority[:at], ":")
		c.user, c.password, hosts = unescape(user), unescape(password), authority[at+1:]
	}
	for host := range strings.SplitSeq(hosts, ",") {
		c.addHost(host)
	}
	for option := range strings.FieldsFuncSeq(options, func(r rune) bool { return r == '&' || r == ';' }) {
		key, value, _ := strings.Cut(option, "=")
		c.set(key, unescape(value))
	}
	return c, c.password != ""
}

// parseKeywords reads key=value pairs apart by semicolons, or else by blanks.
func parseKeywords(text string) (connection, bool) {
	var c connection
	separator := " \t"
	if strings.Contains(text, ";") {
		separator = ";"
	}
	for pair := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(separator, r) }) {
		key, value, _ := strings.Cut(pair, "=")
		c.set(key, strings.Trim(strings.TrimSpace(value), `'\"`))
	}
	return c, c.password != ""
}

// set takes one option, whatever its dialect calls it.
func (c *connection) set(key, value string) {
	switch strings.ToLower(strings.TrimSpace(key)) {
	case "password", "pwd", "pass":
		c.password = value
	case "user", "username", "user id", "userid", "uid", "user name":
		c.user = value
	case "dbname", "database", "databasename", "initial catalog", "db":
		c.database = value
	case "host", "hostaddr", "server", "data source", "datasource", "addr", "address", "network address", "servername":
		for host := range strings.SplitSeq(strings.TrimPrefix(value, "tcp:"), ";") {
			host, _, _ = strings.Cut(host, ",") // SQL Server writes host,port
			host, _, _ = strings.Cut(host, `\`) // and host\instance
			c.addHost(host)
		}
	}
}

// addHost takes one host with or without a port.
func (c *connection) addHost(host string) {
	host = strings.ToLower(strings.TrimSpace(host))
	if strings.HasPrefix(host, "/") {
		c.hosts = append(c.hosts, host) // a socket's folder
		return
	}
	if strings.ContainsAny(host, "${}%") {
		c.template = true
		return
	}
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if host = strings.Trim(host, "[]."); host != "" {
		c.hosts = append(c.hosts, host)
	}
}

// ids returns the ids that host, user and database name at providers that put them there.
func (c connection) ids() []detectors.ID {
	var ids []detectors.ID
	add := func(what, value string) {
		if id := (detectors.ID{What: what, Value: value}); value != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, host := range c.hosts {
		// Cloud SQL: a socket named project:region:instance, https://cloud.google.com/sql/docs/postgres/connect-overview
		if name, ok := strings.CutPrefix(host, "/cloudsql/"); ok {
			if project, _, ok := strings.Cut(name, ":"); ok {
				add("project", project)
			}
		}
		// Supabase: db.<project>.supabase.co, or the user postgres.<project> at a pooler that many projects share,
		// https://supabase.com/docs/guides/database/connecting-to-postgres
		if name, ok := strings.CutSuffix(host, ".supabase.co"); ok {
			add("project", strings.TrimPrefix(name, "db."))
		}
		if strings.HasSuffix(host, ".pooler.supabase.com") {
			_, project, _ := strings.Cut(c.user, ".")
			add("project", project)
		}
		add("host", host)
	}
	return ids
}

// fake returns why the connection is no credential: a template, a placeholder, or what an installation on the own machine starts with.
func (c connection) fake(defaults []string) string {
	switch {
	case isTemplate(c.password):
		return "the password is a template"
	case madeOf(c.password, placeholderWords) && strings.ContainsFunc(c.password, unicode.IsLetter):
		return "the password is a placeholder"
	case slices.ContainsFunc(c.hosts, isPlaceholderHost):
		return "the host is a placeholder"
	case len(c.hosts) == 0:
		if c.template && !c.trivial(defaults) {
			return ""
		}
		return "no host, and a default password"
	case all(c.hosts, isLocalHost):
		return "a login on the own machine"
	case all(c.hosts, isNearHost) && c.trivial(defaults):
		return "a local default"
	}
	return ""
}

// trivial reports whether the password is one that examples and local set-ups use: it is made of the user's, the database's or a host's
// name, of an installation's default and of words that stand for a password, and of digits.
func (c connection) trivial(defaults []string) bool {
	words := slices.Concat(placeholderWords, trivialWords, defaults, wordsOf(c.user), wordsOf(c.database))
	for _, host := range c.hosts {
		words = append(words, wordsOf(host)...)
	}
	return len(c.password) < 6 || madeOf(c.password, words)
}

// placeholderWords make up a text that stands for a password and is none.
var placeholderWords = []string{
	"actual", "change", "db", "database", "enter", "example", "foo", "bar", "baz", "here", "hidden", "insert", "it", "me", "mysecret", "my", "new",
	"pass", "passwd", "password", "pw", "pwd", "placeholder", "redacted", "replace", "sample", "secret", "some", "strong", "super", "the", "this",
	"to", "user", "with", "x", "xx", "xxx", "your", "yourpassword",
}

// trivialWords are what local set-ups add to them.
var trivialWords = []string{
	"admin", "app", "abc", "ci", "default", "demo", "dev", "development", "docker", "dummy", "fake", "guest", "hello", "letmein", "local", "qwerty",
	"root", "service", "server", "test", "tester", "testing", "toor", "world",
}

// madeOf reports whether text is nothing but words, in any case, digits and punctuation.
func madeOf(text string, words []string) bool {
	text = strings.ToLower(text)
	if len(text) > 64 {
		return false
	}
	reached := make([]bool, len(text)+1) // reached[i]: text[:i] is made of words
	reached[0] = true
	for i := range len(text) {
		if !reached[i] {
			continue
		}
		if c := text[i]; c < 'a' || c > 'z' && c < 0x80 {
			reached[i+1] = true
		}
		for _, word := range words {
			if word != "" && strings.HasPrefix(text[i:], word) {
				reached[i+len(word)] = true
			}
		}
	}
	return reached[len(text)]
}

// wordsOf returns the lower-case words of a name, and the name.
func wordsOf(name string) []string {
	name = strings.ToLower(name)
	words := strings.FieldsFunc(name, func(r rune) bool { return r < 'a' || r > 'z' })
	words = slices.DeleteFunc(words, func(word string) bool { return len(word) < 2 })
	return append(words, name)
}

// isTemplate reports whether something else puts the value there later, or a person hid it.
func isTemplate(value string) bool {
	for _, opening := range []string{"${", "$(", "{{", "#{", "%(", "...", "***", "•", "…"} {
		if strings.Contains(value, opening) {
			return true
		}
	}
	if value[0] == '[' && value[len(value)-1] == ']' || value[0] == '<' && value[len(value)-1] == '>' {
		return true
	}
	switch value[0] {
	case '$', '{', '%':
		return strings.IndexFunc(value[1:], func(r rune) bool {
			return r != '_' && r != '}' && r != '.' && r != '%' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
		}) < 0
	}
	return false
}

// isLocalHost reports whether the host is the machine itself, or the machine around a container.
func isLocalHost(host string) bool {
	switch host {
	case "localhost", "host.docker.internal", "host.containers.internal", "gateway.docker.internal", "kubernetes.docker.internal", "localhost.localdomain":
		return true
	}
	if strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
}

// isPlaceholderHost reports whether a document means "put your host here".
func isPlaceholderHost(host string) bool {
	switch host {
	case "host", "hostname", "your-host", "yourhost", "your_host", "my-host", "myhost", "server", "servername", "db-host", "dbhost", "endpoint", "ip", "address":
		return true
	}
	return strings.HasPrefix(host, "your-") || strings.HasPrefix(host, "your_")
}

// isNearHost reports whether the name can only be looked up nearby, as one of a compose file can, or is reserved for tests and examples.
func isNearHost(host string) bool {
	if !strings.Contains(host, ".") {
		return true
	}
	if strings.HasSuffix(host, ".cluster.local") {
		return false
	}
	for _, domain := range nearDomains {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}

// nearDomains are reserved, https://www.rfc-editor.org/rfc/rfc2606 and https://www.rfc-editor.org/rfc/rfc6762, or no domain at all.
var nearDomains = []string{"example.com", "example.org", "example.net", "example", "test", "invalid", "local", "lan", "localdomain"}

// all reports whether every one of the hosts is so.
func all(hosts []string, is func(string) bool) bool {
	return !slices.ContainsFunc(hosts, func(host string) bool { return !is(host) })
}

// unescape returns a URL's part without percent escapes, or as it stands where these are broken.
func unescape(part string) string {
	if plain, err := url.PathUnescape(part); err == nil {
		return plain
	}
	return part
}

// cutAny cuts text around the first of the bytes.
func cutAny(text, bytes string) (before, after string, found bool) {
	if i := strings.IndexAny(text, bytes); i >= 0 {
		return text[:i], text[i+1:], true
	}
	return text, "", false
}

// schemaResets are the commands of migration tools that empty a database of any engine.
func schemaResets() []detectors.Operation {
	return []detectors.Operation{
		{
			Name: "prisma migrate reset", Does: detectors.Destroy,
			Calls:  []string{"cli prisma migrate reset"},
			Source: "https://www.prisma.io/docs/orm/reference/prisma-cli-reference#migrate-reset",
		},
		{
			Name: "rails db:drop", Does: detectors.Destroy,
			Calls:  []string{"cli rails db:drop", "cli rails db:reset", "cli rake db:drop", "cli rake db:reset"},
			Source: "https://guides.rubyonrails.org/active_record_migrations.html#resetting-the-database",
		},
	}
}
