package providers

import "github.com/stagewall/stagewall/detectors"

// database knows passwords that stand beside the host of a database whose engine nobody names: DB_PASSWORD beside DB_HOST, password
// beside host in a record. Without a host close by, a password is left to the rules that name no provider: nothing could be said of it.
func database() detectors.Provider {
	server := engine{
		// Ecto's addresses do not say of which engine: https://hexdocs.pm/ecto/Ecto.Repo.html#module-urls
		name: "database", schemes: `ecto`, keywords: []string{"ecto://"},
		defaults: []string{"postgres", "mysql", "mariadb", "mongo", "mongodb", "redis", "rabbitmq", "oracle", "sa"},
	}
	const (
		product = `(?:db|database|datasource|sql|rds|aurora|postgres(?:ql)?|pg|mysql|mariadb|mssql|sqlserver|mongo(?:db)?|redis|rabbitmq|amqp|clickhouse)`
		secret  = `(?:password|passwd|pass|pwd)`
		host    = `["']?(?:[ \t]*[:=>,]|,?[ \t]*\r?\n[ \t]*["']?value["']?[ \t]*[:=])[ \t"']{0,4}(?:(?:jdbc:)?[a-z0-9+]+://)?(?:[^\s"'@/]*@)?(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+`
	)
	code := detectors.Allowlist{Description: "an expression of code", Regexes: []string{
		`^[A-Za-z_$][A-Za-z0-9_$]*(?:\??\.[A-Za-z_$][A-Za-z0-9_$]*)+$`, // config.database.password1
		`^\[|\]$|^!|^/[a-z]`,
		`^@(?:[a-z0-9_-]+\.)+[a-z0-9-]+(?::[0-9]+)?/`, // postgres://app:<DB_PASSWORD>@db.acme.internal/app
	}}
	about := detectors.Allowlist{Description: "the name says that it is no password, or stands for one in an address", Target: "match", Regexes: []string{
		`(?i)(?:password|passwd|pass|pwd)[_.-]?(?:files?|path|secret|ref|name|key|hash|url|length|policy|reset)\b`,
		`(?i)(?:password|passwd|pass|pwd)[A-Za-z0-9_-]*>@[a-z0-9.-]+[:/?]`, // redis://:<REDIS_PASSWORD>@cache.acme.internal
	}}
	return detectors.Provider{
		Name:   server.name,
		Title:  "database",
		Common: true,
		Rules: append(server.urlRules()[:1], []detectors.Rule{
			{
				ID:          "database-password",
				Description: "a password whose variable names a database, with a host close by",
				Pattern:     `(?:\b|_)` + assigned(product+`[A-Za-z0-9_.-]{0,20}`+secret, password),
				Group:       1,
				Keywords:    []string{"password", "passwd", "pass", "pwd"},
				Entropy:     2.8,
				Allowlists:  []detectors.Allowlist{about, code},
				Required:    []detectors.Required{{Rule: "database-host", WithinLines: within(12)}},
				Kinds:       []string{databaseLogin},
				Generic:     true,
			},
			{
				ID:          "database-record-password",
				Description: "a password in a record with a host, of a database",
				Pattern:     `(?im)^[ \t]*(?:- )?["']?` + secret + `["']?[ \t]*[:=][ \t]*["']?(` + password + `)["']?,?[ \t]*(?:#.*)?\r?$`,
				Group:       1,
				Keywords:    []string{"password", "passwd", "pass", "pwd"},
				Entropy:     2.8,
				Allowlists:  []detectors.Allowlist{code},
				Required: []detectors.Required{
					{Rule: "database-record-host", WithinLines: within(8)},
					{Rule: "database-record-name", WithinLines: within(10)},
				},
				Kinds:   []string{databaseLogin},
				Generic: true,
			},
			{
				ID:          "database-call-password",
				Description: "a password beside a host, in a line that connects to a database",
				Pattern: `(?i)\bhost(?:name)?["']?[ \t]*[:=][ \t]*["'](?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+["'],[^\r\n]{0,160}?\b` + secret + `["']?[ \t]*[:=][ \t]*["'](` +
					password + `)["']`,
				Group:      1,
				Keywords:   []string{"password", "passwd", "pass", "pwd"},
				Entropy:    2.8,
				Allowlists: []detectors.Allowlist{code},
				Required:   []detectors.Required{{Rule: "database-record-name", WithinLines: within(10)}},
				Kinds:      []string{databaseLogin},
				Generic:    true,
			},
			{
				ID:          "database-jdbc-password",
				Description: "a password handed to a JDBC driver, after the URL and the user", // https://docs.oracle.com/javase/tutorial/jdbc/basics/connecting.html
				Pattern: `\bjdbc:[a-z0-9:@]{1,40}//(?:[A-Za-z0-9_-]+\.)+[A-Za-z][A-Za-z0-9-]+[^\s"']{0,200}["'],\s{0,40}["'][^\s"']{1,60}["'],\s{0,40}["'](` +
					password + `)["']`,
				Group:      1,
				Keywords:   []string{"jdbc:"},
				Entropy:    2.8,
				Allowlists: []detectors.Allowlist{code},
				Required:   []detectors.Required{{Rule: "database-record-name", WithinLines: within(10)}},
				Kinds:      []string{databaseLogin},
				Generic:    true,
			},
			{
				ID:          "database-host",
				Description: "a variable that holds a database's host",
				Pattern:     `(?i)` + product + `[A-Za-z0-9_.-]{0,20}(?:host(?:name)?|server|endpoint|addr(?:ess)?|url)` + host,
				Keywords:    []string{"host", "server", "endpoint", "addr", "url"},
				SkipReport:  true,
			},
			{
				ID:          "database-record-host",
				Description: "a host in a record",
				Pattern:     `(?im)^[ \t]*(?:- )?["']?(?:host(?:name)?|server|endpoint|addr(?:ess)?|url)` + host,
				Keywords:    []string{"host", "server", "endpoint", "addr", "url"},
				SkipReport:  true,
			},
			{
				ID:          "database-record-name",
				Description: "a word or port that says that a record is a database's",
				Pattern: `(?i)\b` + product + `\b["']?[ \t]*[:=\]{]|\bport["']?[ \t]*[:=][ \t]*["']?(?:5432|3306|1433|27017|6379|5672)\b|\b(?:adapter|dialect|driver|engine|client|type)["']?[ \t]*[:=][ \t]*["']?[a-z.]{0,30}` + product +
					`|\b(?:dbname\b|psycopg|pymysql|asyncpg|mysql\.)` +
					`|\[client[a-z-]*\]`, // https://dev.mysql.com/doc/refman/8.4/en/option-files.html
				Keywords:   []string{"client", "db", "database", "datasource", "sql", "rds", "aurora", "postgres", "pg", "maria", "mongo", "redis", "rabbitmq", "amqp", "clickhouse", "port"},
				SkipReport: true,
			},
		}...),
		Kinds: []detectors.Kind{server.login("https://cheatsheetseries.owasp.org/cheatsheets/Database_Security_Cheat_Sheet.html", "DB_PASSWORD", "DATABASE_PASSWORD")},
		Operations: append(statements(
			detectors.Operation{
				Name:   "DROP DATABASE",
				Calls:  []string{"sql DROP DATABASE", "sql DROP SCHEMA"},
				Source: mysqlManual + "drop-database.html",
			},
			postgresManual+"sql-droptable.html", postgresManual+"sql-truncate.html", postgresManual+"sql-delete.html", postgresManual+"sql-grant.html"),
			resets()...),
		Decode: server.decode,
	}
}
