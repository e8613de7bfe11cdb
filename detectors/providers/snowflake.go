package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	snowflakePAT  = "https://docs.snowflake.com/en/user-guide/programmatic-access-tokens"
	snowflakeUser = "https://docs.snowflake.com/en/user-guide/admin-user-management"
	snowflakeSQL  = "https://docs.snowflake.com/en/sql-reference/sql/"
	snowflakeTime = "https://docs.snowflake.com/en/user-guide/data-time-travel"
	snowflakeREST = "https://github.com/snowflakedb/snowflake-rest-api-specs/blob/main/specifications/"
	snowflakeCLI  = "https://docs.snowflake.com/en/developer-guide/snowflake-cli/connecting/configure-connections"
)

// snowflake's logins are for the account at a host, within the roles of their user, and are known by their names.
func snowflake() detectors.Provider {
	const password, token = "password", "programmatic-access-token"
	const value = "[^\\s\"'`$<>{}()|;&,\\\\]{8,128}"
	return detectors.Provider{
		Name:  "snowflake",
		Title: "Snowflake",
		Hosts: []string{".snowflakecomputing.com", ".snowflakecomputing.cn"},
		Rules: []detectors.Rule{
			{
				ID:          "snowflake-password",
				Description: "a user's password, named so",
				Pattern:     assigned(`snowflake[A-Za-z0-9_.-]{0,24}(?:password|passwd|pwd)|snowsql_pwd`, value),
				Group:       1,
				Keywords:    []string{"snowflake", "snowsql"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID(), notAPath()},
				Kinds:       []string{password},
			},
			{
				// No document says the form: tokens that were seen begin so, and the name decides.
				ID:          "snowflake-access-token",
				Description: "a user's programmatic access token, named so",
				Pattern:     assigned(`snowflake[A-Za-z0-9_.-]{0,24}(?:token|pat)`, `eyJ[A-Za-z0-9_-]{20,}(?:\.[A-Za-z0-9_-]{20,}){1,2}`),
				Group:       1,
				Keywords:    []string{"snowflake"},
				Entropy:     4,
				Kinds:       []string{token},
			},
		},
		Decode: func(text string) detectors.Decoded {
			if !strings.HasPrefix(text, "eyJ") {
				return detectors.Decoded{Kind: password, Reject: fakePassword(text, "snowflake")}
			}
			var c struct{ Exp float64 }
			if !claims(text, &c) {
				return undecodable(token)
			}
			return until(detectors.Decoded{Kind: token}, c.Exp, snowflakePAT)
		},
		Kinds: []detectors.Kind{
			{
				Name:      password,
				Title:     "password",
				Scope:     detectors.ScopeHost,
				Bound:     "one account, within every role of its user",
				AtMost:    detectors.Full,
				Variables: []string{"SNOWFLAKE_PASSWORD", "SNOWSQL_PWD"},
				Cut:       "use a user with a role on staging's databases only, and change this password",
				Source:    snowflakeUser,
			},
			{
				Name:      token,
				Title:     "programmatic access token",
				Scope:     detectors.ScopeHost,
				Bound:     "one account, within every role of its user or the one that it is restricted to, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"SNOWFLAKE_TOKEN", "SNOWFLAKE_PAT"},
				Cut:       "make a token that is restricted to a role on staging's databases, and remove this one",
				Source:    snowflakePAT,
			},
		},
		Tools: []detectors.Tool{
			{Name: "snow", Variables: []string{"SNOWFLAKE_PASSWORD", "SNOWFLAKE_TOKEN"}, Selectors: []string{"--connection", "-c", "--account", "--database", "--role"}, Source: snowflakeCLI},
			{Name: "snowsql", Variables: []string{"SNOWSQL_PWD"}, Selectors: []string{"-c", "-a", "-d", "-r"}, Source: "https://docs.snowflake.com/en/user-guide/snowsql-start"},
			{Name: "dbt", Variables: []string{"SNOWFLAKE_PASSWORD"}, Selectors: []string{"--target", "-t", "--profile"}, Source: "https://docs.getdbt.com/docs/core/connect-data-platform/snowflake-setup"},
		},
		Containers: []detectors.Container{{Variable: "SNOWFLAKE_ACCOUNT", What: "account"}, {Variable: "SNOWFLAKE_DATABASE", What: "database"}},
		Operations: []detectors.Operation{
			{
				Name: "DROP DATABASE, SCHEMA or TABLE", Does: detectors.Destroy, Undo: "within Time Travel, by default 1 day",
				Calls: []string{
					"sql DROP DATABASE", "sql DROP SCHEMA", "sql DROP TABLE", "cli snow object drop",
					"http DELETE /api/v2/databases/*", "http DELETE /api/v2/databases/*/schemas/*", "http DELETE /api/v2/databases/*/schemas/*/tables/*",
				},
				Source: snowflakeTime,
			},
			{
				Name: "DROP ACCOUNT", Does: detectors.Destroy, Undo: "within its grace period",
				Calls: []string{"sql DROP ACCOUNT", "http DELETE /api/v2/accounts/*"}, Source: snowflakeREST + "account.yaml",
			},
			{
				Name: "DROP MANAGED ACCOUNT", Does: detectors.Destroy,
				Calls: []string{"sql DROP MANAGED ACCOUNT", "http DELETE /api/v2/managed-accounts/*"}, Source: snowflakeREST + "managed-account.yaml",
			},
			{
				Name: "TRUNCATE or CREATE OR REPLACE", Does: detectors.Destroy,
				Calls: []string{"sql TRUNCATE", "sql CREATE OR REPLACE DATABASE", "sql CREATE OR REPLACE SCHEMA", "sql CREATE OR REPLACE TABLE"}, Source: snowflakeSQL + "truncate-table",
			},
			{Name: "make users or roles", Does: detectors.Admin, Calls: []string{"sql CREATE USER", "sql GRANT", "sql DROP USER", "sql ALTER USER"}, Source: snowflakeSQL + "create-user"},
			{Name: "write rows", Does: detectors.Write, Calls: []string{"sql INSERT", "sql UPDATE", "sql MERGE", "sql COPY INTO", "cli dbt run", "cli dbt build"}, Source: snowflakeSQL + "insert"},
			{Name: "read rows", Does: detectors.Read, Calls: []string{"sql SELECT"}, Source: snowflakeSQL + "select"},
		},
	}
}
