package providers

import "github.com/stagewall/stagewall/detectors"

const sqlserverManual = "https://learn.microsoft.com/sql/t-sql/statements/"

// sqlserver knows connection strings of Microsoft SQL Server and Azure SQL Database.
func sqlserver() detectors.Provider {
	server := engine{
		name:       "sqlserver",
		schemes:    `sqlserver|mssql`,
		keywords:   []string{"sqlserver", "mssql"},
		superusers: []string{"sa"},
		defaults:   []string{"sa", "sql", "mssql", "sqlserver"},
	}
	return detectors.Provider{
		Name:  server.name,
		Title: "Microsoft SQL Server",
		Rules: append(server.urlRules(),
			detectors.Rule{
				ID:          "sqlserver-pairs",
				Description: "a connection string of names and values, with a password",
				Pattern:     pairPattern(`server|data source|addr|address|network address`),
				Group:       1,
				Keywords:    []string{"password", "pwd"},
				Allowlists:  []detectors.Allowlist{{Description: "MySQL's port", Regexes: []string{`(?i)\bport\s?=\s?3306\b`}, Target: "line"}},
				Kinds:       []string{databaseLogin},
			},
			detectors.Rule{
				ID:          "sqlserver-command",
				Description: "a password on the command line of sqlcmd",
				Pattern:     `\bsqlcmd[ \t](?:[^\n;|&]*[ \t])?-P[ \t]*["']?(` + password + `)`,
				Group:       1,
				Keywords:    []string{"sqlcmd"},
				Entropy:     2.5,
				Kinds:       []string{databaseLogin},
			},
			server.variableRule("SQLCMDPASSWORD"),
		),
		Kinds: []detectors.Kind{server.login("https://learn.microsoft.com/sql/connect/ado-net/connection-strings", "SQLCMDPASSWORD")},
		Tools: []detectors.Tool{{
			Name:      "sqlcmd",
			Variables: []string{"SQLCMDPASSWORD"},
			Selectors: []string{"-S", "-d"},
			Source:    "https://learn.microsoft.com/sql/tools/sqlcmd/sqlcmd-utility",
		}},
		Operations: append(statements(
			detectors.Operation{
				Name: "DROP DATABASE", Undo: "only from a backup",
				Calls:  []string{"sql DROP DATABASE"},
				Source: sqlserverManual + "drop-database-transact-sql",
			},
			sqlserverManual+"drop-table-transact-sql", sqlserverManual+"truncate-table-transact-sql", sqlserverManual+"delete-transact-sql", sqlserverManual+"grant-transact-sql"),
			resets()...),
		Decode: server.decode,
	}
}
