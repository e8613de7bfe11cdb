package providers

import (
	"net/url"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// A credential for a server is its whole connection string: who, with what password, at which host. The same password at another host
// is another token, and options after the database's name are not part of it, but for one that names a host.

// databaseLogin is the one kind that a connection string has: what its user may do is kept by the server.
const databaseLogin = "login"

// The parts of a connection URL. A host may hold the template of a part that is filled in later; user and password may be whatever a
// template leaves there, and decoding rejects what is no password.
const (
	urlUser     = "[^\\s:/?#@\"'`<>]*"
	urlPassword = "[^\\s/?#\"'`<>]+"
	urlTemplate = `\$?\{\{?[^}\s"']+\}{1,2}|\$\([^)\s"']+\)|\$[A-Za-z_]+`
	urlLabel    = `(?:[0-9A-Za-z_-]|%[0-9A-Za-z]{1,2}|` + urlTemplate + `)+`
	urlHost     = `(?:\[[0-9A-Fa-f:.]+\]|` + urlLabel + `(?:\.` + urlLabel + `)*)(?::[0-9]+\b|:(?:` + urlTemplate + `))?`
	urlHosts    = urlHost + `(?:,` + urlHost + `)*`
	urlPath     = `(?:/[0-9A-Za-z_%~-]+(?:\.[0-9A-Za-z_%~-]+)*)?`
)

// keywordPattern is a string of keywords and values, apart by blanks, that holds a host and a password.
const (
	keywordPattern = left + `(` +
		`(?:` + keyword + `[ \t]+)*` +
		`(?:host(?:addr)?=` + keywordValue + `[ \t]+(?:` + keyword + `[ \t]+)*password=` + keywordValue +
		`|password=` + keywordValue + `[ \t]+(?:` + keyword + `[ \t]+)*host(?:addr)?=` + keywordValue + `)` +
		`(?:[ \t]+` + keyword + `)*)`
	keyword      = `[a-z_]+=` + keywordValue
	keywordValue = "(?:\\\\?'[^'\"\\n]+'|[^\\s\\\\'\"`(),;&<>|]+)"
)

// pairPattern returns an expression for names and values, apart by semicolons, that hold a host, under one of the names, and a password.
func pairPattern(hosts string) string {
	const (
		pair     = `(?:[A-Za-z][A-Za-z _]*=[^;=\n"']*;\s*)*`
		plain    = `[^;\s\\"'<>(),|` + "`" + `]+`
		password = `(?:password|pwd)\s?=\s?(?:'[^'\n]+'|` + plain + `(?:[(),|]` + plain + `)*)`
	)
	host := `(?:` + hosts + `)\s?=\s?[^;=\s"'<>]+`
	return `(?i)` + left + `(` + pair + `(?:` + host + `;\s*` + pair + password + `|` + password + `;\s*` + pair + host + `))`
}

// password is a value that the name of its variable makes a password, of letters and digits mixed, so that no code is taken for one.
const password = `[^\s\\"'$<>(){},;|&` + "`" + `]{6,128}`

// engine is what tells one sort of server from another.
type engine struct {
	name       string
	schemes    string   // expression of the URL schemes, without the driver that some libraries add after a plus sign
	keywords   []string // one of them stands in every URL
	superusers []string // users that may do everything unless somebody took it from them
	defaults   []string // words that installations and examples use as password
	hostOption bool     // an option can name the host that is meant instead of the one before the path, or beside it
	strict     bool     // its URLs are so common in examples that a weak password is none anywhere
}

// scheme is the beginning of a URL.
func (e engine) scheme() string { return left + `((?i:` + e.schemes + `)(?:\+[a-z0-9_]+)?://` }

// socketRule returns the rule for URLs whose options name the socket of an instance of Cloud SQL: the host before them is none, or no more than a
// word that the library wants. https://cloud.google.com/sql/docs/postgres/connect-run#connect_to
func (e engine) socketRule() detectors.Rule {
	return detectors.Rule{
		ID:          e.name + "-url-socket",
		Description: "a connection URL with a password, for a socket",
		Pattern: e.scheme() + urlUser + `:` + urlPassword + `@(?:localhost)?` + urlPath + `\?(?:[^\s"'<>?]*&)?` +
			`(?:host|socket|unix_sock(?:et)?|socketPath)=/cloudsql/[0-9A-Za-z:._-]+)`,
		Group:    1,
		Keywords: []string{"/cloudsql/"},
		Kinds:    []string{databaseLogin},
	}
}

// urlRules returns the rules for URLs with a password before the host, and with one among the options.
func (e engine) urlRules() []detectors.Rule {
	scheme, address := e.scheme(), urlHosts+urlPath
	if e.hostOption {
		// libpq connects to the option's host, asyncpg to the other: https://www.postgresql.org/docs/current/libpq-connect.html,
		// https://magicstack.github.io/asyncpg/current/api/index.html#connection
		const option = `/?\?(?:[^\s"'<>?]*&)?host(?:addr)?=` + urlHosts
		address = `(?:` + urlHosts + urlPath + `(?:` + option + `)?|` + urlPath + option + `)`
	}
	return []detectors.Rule{
		{
			ID:          e.name + "-url",
			Description: "a connection URL with a password",
			Pattern:     scheme + urlUser + `:` + urlPassword + `@` + address + `)/?`,
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

// variableRule returns the rule for a password in the variable that the engine's programs read.
func (e engine) variableRule(variable string) detectors.Rule {
	return detectors.Rule{
		ID:          e.name + "-password",
		Description: "a password in the variable that the server's programs read",
		Pattern:     `\b` + assigned(variable, password),
		Group:       1,
		Keywords:    []string{strings.ToLower(variable)},
		Entropy:     3,
		Kinds:       []string{databaseLogin},
	}
}

// login returns the kind of a user of such a server. The variables hold a connection string or a password.
func (e engine) login(source string, variables ...string) detectors.Kind {
	return detectors.Kind{
		Name:      databaseLogin,
		Title:     "login",
		Scope:     detectors.ScopeHost,
		Bound:     "the server at its host; what the user may do there is kept by the server",
		AtMost:    detectors.UnknownPower,
		Homemade:  true,
		Variables: variables,
		Partners:  []detectors.Partner{{Title: "host", Host: true, Needed: true}},
		Cut:       "give staging a login of its own on the staging server, and change this password",
		Source:    source,
	}
}

// decode reads a connection string: for which hosts it is, or why it is no credential after all.
func (e engine) decode(secret string) detectors.Decoded {
	c, ok := parseConnection(secret)
	if !ok {
		c = connection{password: secret} // from a variable or a command line: of its host nothing is known
	}
	if why := c.fake(e); why != "" {
		return detectors.Decoded{Reject: why}
	}
	d := detectors.Decoded{Kind: databaseLogin, Hosts: c.hosts, IDs: c.ids()}
	if c.trivial(e.defaults) {
		d.Example = "a password as tests and examples have it"
	}
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
	if login, address, ok := strings.Cut(text, "("); ok && strings.HasSuffix(address, ")") || strings.Contains(address, ")/") {
		return parseGoDSN(login, address)
	}
	if fields := strings.Split(text, ":"); len(fields) == 5 && !strings.ContainsAny(text, "= ") {
		c := connection{database: fields[2], user: fields[3], password: fields[4]} // a line of libpq's password file
		c.addHost(fields[0])
		return c, c.password != ""
	}
	return parseKeywords(text)
}

// parseGoDSN reads user:password@protocol and host:port)/database, https://github.com/go-sql-driver/mysql#dsn-data-source-name
func parseGoDSN(login, address string) (connection, bool) {
	at := strings.LastIndexByte(login, '@')
	if at < 0 {
		return connection{}, false
	}
	var c connection
	c.user, c.password, _ = strings.Cut(login[:at], ":")
	host, database, _ := strings.Cut(address, ")")
	c.database = strings.TrimPrefix(database, "/")
	if protocol := login[at+1:]; protocol == "cloudsql" {
		host = "/cloudsql/" + host
	}
	c.addHost(host)
	return c, c.password != ""
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
		if value = unescape(value); strings.HasPrefix(value, "/cloudsql/") {
			c.hosts = []string{strings.ToLower(value)}
			continue
		}
		c.set(key, value)
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
	if host == "." || host == "(local)" || host == "(localdb)" {
		host = "localhost" // https://learn.microsoft.com/sql/connect/ado-net/connection-strings
	}
	if strings.HasPrefix(host, "/") {
		c.hosts = append(c.hosts, host) // a socket's folder
		return
	}
	if strings.ContainsAny(host, "${}%") {
		c.template = true
		return
	}
	if literal, ok := strings.CutPrefix(host, "["); ok {
		host, _, _ = strings.Cut(literal, "]")
	} else if strings.Count(host, ":") == 1 {
		host, _, _ = strings.Cut(host, ":")
	}
	if host = strings.Trim(host, "."); host != "" {
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
