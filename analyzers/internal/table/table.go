// Package table makes rows of tables out of the settings of one environment: which project, account, app or host is that environment's.
//
// A row without an environment is one as well: it says that the id is used where nobody can say which environment it is, and keeps others'
// rows for the id from being taken for the whole truth.
package table

import (
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// words say by the end of a setting's name what its value is.
var words = map[string]string{
	"project": "project", "project_id": "project", "projectid": "project", "project_ref": "project",
	"account": "account", "account_id": "account", "accountid": "account", "account_ids": "account",
	"subscription_id": "account", "subscriptionid": "account", "storage_account": "account", "storage_account_name": "account",
	"site_id": "app", "siteid": "app",
}

// What returns what sort of id a setting of this name holds, "" for any other: gcp:project, aws_account_id, allowedAccountIds.
func What(name string) string {
	name = snake(name)
	for rest := name; ; {
		if what, ok := words[rest]; ok {
			return what
		}
		_, after, found := strings.Cut(rest, "_")
		if !found {
			return ""
		}
		rest = after
	}
}

// servers are the words, in the name of a setting, for what a credential of its own opens: a host that such a setting names is nobody's
// who serves everybody.
var servers = []string{"db", "database", "postgres", "postgresql", "pg", "mysql", "mariadb", "mongo", "mongodb", "redis", "rds", "aurora", "sql", "vault", "rabbitmq", "amqp", "kafka",
	"elasticsearch", "opensearch", "clickhouse", "datasource"}

// IsServer reports whether a setting of this name holds the host or the address of a server with credentials of its own: db_host,
// RedisEndpoint, vault.address.
func IsServer(name string) bool {
	parts := strings.Split(snake(name), "_")
	switch parts[len(parts)-1] {
	case "host", "hostname", "endpoint", "url", "uri", "address", "addr", "server", "fqdn":
	default:
		return false
	}
	for _, p := range parts {
		for _, s := range servers {
			if p == s {
				return true
			}
		}
	}
	return false
}

// snake writes a name in lower case with an underscore between its words.
func snake(name string) string {
	var b strings.Builder
	lower := false
	for _, r := range name {
		switch {
		case 'A' <= r && r <= 'Z':
			if lower {
				b.WriteByte('_')
			}
			b.WriteRune(r + 'a' - 'A')
			lower = false
			continue
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			b.WriteRune(r)
			lower = true
			continue
		}
		b.WriteByte('_')
		lower = false
	}
	return strings.Trim(b.String(), "_")
}

// Host returns the host of an address, or the host that the text is, lower case and without port; "" if it is none that is known
// beyond one machine or one private network's own names.
func Host(text string) string {
	text = strings.TrimPrefix(text, "jdbc:")
	if _, after, ok := strings.Cut(text, "://"); ok {
		text = after
	}
	text = strings.TrimPrefix(text, "tcp:")
	if i := strings.IndexAny(text, "/?#,"); i >= 0 {
		text = text[:i]
	}
	text = text[strings.LastIndexByte(text, '@')+1:]
	if i := strings.LastIndexByte(text, ':'); i >= 0 {
		text = text[:i]
	}
	text = strings.ToLower(strings.TrimSuffix(text, "."))
	if len(text) > 253 || !strings.Contains(text, ".") || strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "" || strings.Trim(text, "0.") == "" ||
		strings.HasPrefix(text, "127.") || strings.HasSuffix(text, ".localhost") {
		return ""
	}
	return text
}

// longest bounds an id.
const longest = 200

// Means is what a row's place says of environments: 0 where nothing is said.
type Means struct {
	Environments detectors.Environment
	ByFile       bool // the name of the file says so, and nothing in it
}

// Key is what a key, or anything else in the file, says.
func Key(environments detectors.Environment) Means { return Means{Environments: environments} }

// File is what the file's name or folder says.
func File(environments detectors.Environment) Means { return Means{environments, true} }

// Add adds a row for an id, once.
func Add(pass *analyzers.Pass, what, value string, means Means, at detectors.Place) {
	value = strings.TrimSpace(value)
	if what == "" || value == "" || len(value) > longest || value == "*" || strings.ContainsAny(value, " \t\n${}<>") {
		return
	}
	row := detectors.Binding{What: what, Value: value, Environments: means.Environments, ByFile: means.ByFile, At: at}
	for _, other := range pass.Facts.Bindings {
		if other.What == what && other.Value == value && other.Environments == means.Environments {
			return
		}
	}
	pass.Facts.Bindings = append(pass.Facts.Bindings, row)
}

// Setting adds a row for a setting, if its name says that it is an id or a server's address.
func Setting(pass *analyzers.Pass, name, value string, means Means, at detectors.Place) {
	if what := What(name); what != "" {
		Add(pass, what, value, means, at)
	} else if IsServer(name) {
		Add(pass, "host", Host(value), means, at)
	}
}

// Mention notes that the file says that environments exist.
func Mention(pass *analyzers.Pass, environments detectors.Environment, says string, at detectors.Place) {
	if environments != 0 {
		pass.Facts.Mentions = append(pass.Facts.Mentions, analyzers.Sign{Class: analyzers.Declared, Environments: environments, Says: says, At: at})
	}
}
