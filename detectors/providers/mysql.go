package providers

import "github.com/stagewall/stagewall/detectors"

const mysqlManual = "https://dev.mysql.com/doc/refman/8.4/en/"

// mysql knows connection strings of MySQL and MariaDB.
func mysql() detectors.Provider {
	server := engine{
		name:       "mysql",
		schemes:    `mysql[2x]?|mariadb`,
		keywords:   []string{"mysql", "mariadb"},
		superusers: []string{"root", "rdsadmin", "doadmin", "avnadmin"},
		defaults:   []string{"mysql", "mariadb", "maria", "wordpress", "wp"},
	}
	return detectors.Provider{
		Name:  server.name,
		Title: "MySQL",
		Rules: append(server.urlRules(),
			server.socketRule(),
			detectors.Rule{
				ID:          "mysql-go",
				Description: "a data source name of the Go driver, with a password",
				Pattern:     `(?:^|\\[nrt]|[^0-9A-Za-z_.%-])([0-9A-Za-z_.-]+:` + urlPassword + `@(?:tcp6?|unix|cloudsql)\([^\s()"'<>]+\)` + urlPath + `)`,
				Group:       1,
				Keywords:    []string{"@tcp(", "@tcp6(", "@unix(", "@cloudsql("},
				Kinds:       []string{databaseLogin},
			},
			detectors.Rule{
				ID:          "mysql-pairs",
				Description: "a connection string of the .NET driver, with MySQL's port and a password",
				Pattern:     pairPattern(`server|host|data source`),
				Group:       1,
				Keywords:    []string{"3306"},
				Required:    []detectors.Required{{Rule: "mysql-port", WithinLines: within(0)}},
				Kinds:       []string{databaseLogin},
			},
			detectors.Rule{
				ID:          "mysql-port",
				Description: "MySQL's port in a connection string",
				Pattern:     `(?i)\bport\s?=\s?3306\b`,
				Keywords:    []string{"3306"},
				SkipReport:  true,
			},
			detectors.Rule{
				ID:          "mysql-command",
				Description: "a password on the command line of a MySQL program",
				Pattern:     `\b(?:mysql|mysqldump|mysqladmin|mysqlimport|mariadb|mariadb-dump)[ \t](?:[^\n;|&]*[ \t])?(?:-p|--password=)["']?(` + password + `)`,
				Group:       1,
				Keywords:    []string{"mysql", "mariadb"},
				Entropy:     2.5,
				Kinds:       []string{databaseLogin},
			},
			server.variableRule("MYSQL_PWD"),
		),
		Kinds: []detectors.Kind{server.login(mysqlManual+"connecting-using-uri-or-key-value-pairs.html", "MYSQL_PWD", "MYSQL_URL")},
		Tools: append(migrators(), detectors.Tool{
			Name:      "mysql",
			Aliases:   []string{"mysqldump", "mysqladmin", "mysqlimport", "mariadb", "mariadb-dump", "mariadb-admin"},
			Variables: []string{"MYSQL_PWD"},
			Selectors: []string{"--host", "-h", "--database", "-D"},
			Source:    mysqlManual + "environment-variables.html",
		}),
		Operations: append(statements(
			detectors.Operation{
				Name:   "DROP DATABASE",
				Calls:  []string{"sql DROP DATABASE", "sql DROP SCHEMA", "cli mysqladmin drop", "cli mariadb-admin drop"},
				Source: mysqlManual + "drop-database.html",
			},
			mysqlManual+"drop-table.html", mysqlManual+"truncate-table.html", mysqlManual+"delete.html", mysqlManual+"grant.html"),
			resets()...),
		Decode: server.decode,
	}
}
