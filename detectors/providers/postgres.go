package providers

import "github.com/stagewall/stagewall/detectors"

// postgres knows connection strings of PostgreSQL and of what speaks its protocol.
func postgres() detectors.Provider {
	server := engine{
		name:       "postgres",
		schemes:    `postgres(?:ql)?|postgis|timescaledb|cockroachdb|redshift`,
		keywords:   []string{"postgres", "postgis:", "timescaledb", "cockroachdb", "redshift"},
		superusers: []string{"postgres", "rdsadmin", "rds_superuser", "cloudsqlsuperuser", "doadmin", "avnadmin", "neondb_owner"},
		defaults:   []string{"postgres", "postgresql", "pg", "psql"},
	}
	return detectors.Provider{
		Name:  server.name,
		Title: "PostgreSQL",
		Rules: append(server.urlRules(),
			detectors.Rule{
				ID:          "postgres-keywords",
				Description: "a PostgreSQL connection string of keywords, with a password",
				Pattern:     keywordPattern,
				Group:       1,
				Keywords:    []string{"password="},
				Kinds:       []string{databaseLogin},
			},
		),
		Kinds: []detectors.Kind{server.login([]string{"PGPASSWORD"}, "https://www.postgresql.org/docs/current/libpq-connect.html")},
		Tools: []detectors.Tool{
			{
				Name: "psql", Aliases: []string{"pg_dump", "pg_restore", "dropdb", "createdb", "pg_dumpall", "vacuumdb"},
				Variables: []string{"PGPASSWORD", "PGPASSFILE", "PGSERVICEFILE"},
				Selectors: []string{"--host", "-h", "--dbname", "-d"},
				Source:    "https://www.postgresql.org/docs/current/libpq-envars.html",
			},
		},
		Operations: append([]detectors.Operation{
			{
				Name: "DROP DATABASE", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"sql DROP DATABASE", "cli dropdb"},
				Source: "https://www.postgresql.org/docs/current/sql-dropdatabase.html",
			},
			{
				Name: "DROP SCHEMA", Does: detectors.Destroy,
				Calls:  []string{"sql DROP SCHEMA"},
				Source: "https://www.postgresql.org/docs/current/sql-dropschema.html",
			},
			{
				Name: "DROP TABLE", Does: detectors.Destroy,
				Calls:  []string{"sql DROP TABLE"},
				Source: "https://www.postgresql.org/docs/current/sql-droptable.html",
			},
			{
				Name: "TRUNCATE", Does: detectors.Destroy,
				Calls:  []string{"sql TRUNCATE"},
				Source: "https://www.postgresql.org/docs/current/sql-truncate.html",
			},
			{
				Name: "DELETE", Does: detectors.Write,
				Calls:  []string{"sql DELETE FROM"},
				Source: "https://www.postgresql.org/docs/current/sql-delete.html",
			},
			{
				Name: "CREATE ROLE", Does: detectors.Admin,
				Calls:  []string{"sql CREATE ROLE", "sql CREATE USER", "sql ALTER ROLE", "sql ALTER USER", "sql GRANT"},
				Source: "https://www.postgresql.org/docs/current/sql-createrole.html",
			},
		}, schemaResets()...),
		Decode: server.decode,
	}
}
