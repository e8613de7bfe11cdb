package providers

import "github.com/stagewall/stagewall/detectors"

const postgresManual = "https://www.postgresql.org/docs/current/"

// postgres knows connection strings of PostgreSQL and of what speaks its protocol.
func postgres() detectors.Provider {
	server := engine{
		name:       "postgres",
		schemes:    `postgres(?:ql)?|postgis|timescaledb|cockroachdb|redshift`,
		keywords:   []string{"postgres://", "postgres+", "postgresql://", "postgresql+", "postgis://", "postgis+", "timescaledb", "cockroachdb", "redshift"},
		superusers: []string{"postgres", "rdsadmin", "doadmin", "avnadmin", "neondb_owner"},
		hostOption: true,
		defaults:   []string{"postgres", "postgresql", "pg", "psql", "timescale", "cockroach"},
	}
	return detectors.Provider{
		Name:  server.name,
		Title: "PostgreSQL",
		Rules: append(server.urlRules(),
			server.socketRule(),
			detectors.Rule{
				ID:          "postgres-keywords",
				Description: "a PostgreSQL connection string of keywords, with a password",
				Pattern:     keywordPattern,
				Group:       1,
				Keywords:    []string{"password="},
				Kinds:       []string{databaseLogin},
			},
			detectors.Rule{
				ID:          "postgres-pairs",
				Description: "a connection string of the .NET driver, with a password",
				Pattern:     pairPattern(`host`),
				Group:       1,
				Keywords:    []string{"password", "pwd"},
				Kinds:       []string{databaseLogin},
			},
			detectors.Rule{
				ID:          "postgres-passfile",
				Description: "a line of libpq's password file",
				Pattern:     left + `([A-Za-z0-9][A-Za-z0-9_.-]*:(?:[0-9]+|\*):[A-Za-z0-9_*.-]+:[A-Za-z0-9_.-]+:` + password + `)`,
				Group:       1,
				Keywords:    []string{":"},
				Path:        `(?:^|/)\.?pgpass(?:\.conf)?$`,
				Kinds:       []string{databaseLogin},
			},
			detectors.Rule{ // https://www.pgbouncer.org/config.html#authentication-file-format
				ID:          "postgres-userlist",
				Description: "a line of PgBouncer's file of users, with a password or its MD5 hash, with which PgBouncer logs in",
				Pattern:     `"[^"\n]+"[ \t]+"(md5[0-9a-f]{32}|` + password + `)"`,
				Group:       1,
				Keywords:    []string{`"`},
				Path:        `(?:^|/)userlist(?:[._-][\w-]+)*\.txt(?:\.\w+)?$`,
				Kinds:       []string{databaseLogin},
			},
			server.variableRule("PGPASSWORD"),
		),
		Kinds: []detectors.Kind{server.login(postgresManual+"libpq-connect.html", "PGPASSWORD", "DATABASE_URL", "POSTGRES_URL", "POSTGRESQL_URL")},
		Tools: append(migrators(), detectors.Tool{
			Name:      "psql",
			Aliases:   []string{"pg_dump", "pg_dumpall", "pg_restore", "createdb", "dropdb", "vacuumdb"},
			Variables: []string{"PGPASSWORD", "PGPASSFILE", "PGSERVICEFILE"},
			Selectors: []string{"--host", "-h", "--dbname", "-d"},
			Source:    postgresManual + "libpq-envars.html",
		}),
		Operations: append(append(statements(
			detectors.Operation{
				Name: "DROP DATABASE", Undo: "no undo",
				Calls:  []string{"sql DROP DATABASE", "cli dropdb", "cli pg_restore --clean"},
				Source: postgresManual + "sql-dropdatabase.html",
			},
			postgresManual+"sql-droptable.html", postgresManual+"sql-truncate.html", postgresManual+"sql-delete.html", postgresManual+"sql-grant.html"),
			detectors.Operation{
				Name: "DROP SCHEMA", Does: detectors.Destroy,
				Calls:  []string{"sql DROP SCHEMA", "sql DROP OWNED"},
				Source: postgresManual + "sql-dropschema.html",
			}),
			resets()...),
		Decode: server.decode,
	}
}
