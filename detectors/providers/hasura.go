package providers

import "github.com/stagewall/stagewall/detectors"

const (
	hasuraSecret   = "https://hasura.io/docs/2.0/deployment/securing-graphql-endpoint/"
	hasuraAPI      = "https://github.com/hasura/graphql-engine/blob/master/docs/docs/api-reference/"
	hasuraCommands = "https://hasura.io/docs/2.0/hasura-cli/commands/"
)

// hasura's admin secret is what its owner thought of, for one engine and every database behind it: it runs any SQL there.
func hasura() detectors.Provider {
	const admin = "admin-secret"
	destroy := func(name, source string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: calls, Source: source}
	}
	return detectors.Provider{
		Name:  "hasura",
		Title: "Hasura",
		Hosts: []string{".hasura.app"},
		Rules: []detectors.Rule{
			{
				ID:          "hasura-admin-secret",
				Description: "the admin secret, or the access key that it was called before, in a variable or header named so",
				Pattern:     assigned(`hasura[A-Za-z0-9_.-]{0,20}(?:admin[_-]?secret|access[_-]?key)`, password),
				Group:       1,
				Keywords:    []string{"hasura"},
				Entropy:     2.8,
				Allowlists:  []detectors.Allowlist{notAnID(), notAPath()},
				Kinds:       []string{admin},
			},
			{
				ID:          "hasura-config",
				Description: "the admin secret in the configuration of Hasura's program",
				Pattern:     `(?m:^)admin_secret:[ \t]*["']?(` + password + `)`,
				Group:       1,
				Keywords:    []string{"admin_secret"},
				Path:        `(?:^|/)config\.ya?ml$`,
				Entropy:     2.8,
				Allowlists:  []detectors.Allowlist{notAPath()},
				Kinds:       []string{admin},
			},
		},
		Kinds: []detectors.Kind{{
			Name:      admin,
			Title:     "admin secret",
			Scope:     detectors.ScopeHost,
			Bound:     "one engine, and all of every database that it is connected to",
			AtMost:    detectors.Full,
			Variables: []string{"HASURA_GRAPHQL_ADMIN_SECRET", "HASURA_GRAPHQL_ACCESS_KEY"},
			Headers:   []string{"X-Hasura-Admin-Secret", "X-Hasura-Access-Key"},
			Cut:       "give staging an engine and a secret of its own, and use a JWT with a role for what needs no admin",
			Source:    hasuraSecret,
		}},
		Tools: []detectors.Tool{{
			Name: "hasura", Aliases: []string{"hasura-cli"}, Variables: []string{"HASURA_GRAPHQL_ADMIN_SECRET"},
			Selectors: []string{"--endpoint", "--project", "--envfile"}, Values: []string{"--database-name"}, Source: hasuraCommands + "hasura/",
		}},
		Containers: []detectors.Container{{Variable: "HASURA_GRAPHQL_ENDPOINT", What: "host"}},
		Operations: []detectors.Operation{
			destroy("run any SQL", hasuraAPI+"schema-api/run-sql.mdx", "http POST /v2/query", "http POST /v1/query"),
			destroy("revert migrations", hasuraCommands+"hasura_migrate_apply/", "cli hasura migrate apply --down"),
			destroy("forget tables, relations and permissions", hasuraCommands+"hasura_metadata_clear/", "cli hasura metadata clear", "cli hasura metadata reset"),
			{
				Name: "change metadata, with its permissions", Does: detectors.Admin,
				Calls:  []string{"http POST /v1/metadata", "cli hasura metadata apply", "cli hasura deploy"},
				Source: hasuraAPI + "metadata-api/manage-metadata.mdx",
			},
			{
				Name: "change rows", Does: detectors.Write,
				Calls:  []string{"http POST /v1/graphql", "cli hasura migrate apply", "cli hasura seed apply"},
				Source: hasuraAPI + "graphql-api/mutation.mdx",
			},
		},
		Decode: func(text string) detectors.Decoded {
			return detectors.Decoded{Reject: fakePassword(text, "hasura", "graphql", "admin", "secret", "key")}
		},
	}
}
