package providers

import "github.com/stagewall/stagewall/detectors"

const (
	aivenTokens   = "https://aiven.io/docs/platform/concepts/authentication-tokens"
	aivenBackups  = "https://aiven.io/docs/platform/concepts/service_backups"
	aivenCommands = "https://github.com/aiven/aiven-client" // the client of the API, and what it says of deleting
)

// aiven's tokens are their user's, and reach every project that the user may touch. They carry no mark, and are known by their variable, or by
// the scheme of their header, which is Aiven's own.
func aiven() detectors.Provider {
	const token, shape = "token", `[A-Za-z0-9+/]{64,600}={0,2}`
	destroy := func(name string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: calls, Source: aivenCommands}
	}
	return detectors.Provider{
		Name:  "aiven",
		Title: "Aiven",
		Hosts: []string{"api.aiven.io"},
		Rules: []detectors.Rule{
			{
				ID:          "aiven-token",
				Description: "a token in a variable for Aiven's tokens, or sent by the scheme that only Aiven has",
				// No document says the form: tokens that were seen are some hundred characters of base 64.
				Pattern:    assigned(named(`aiven`, `token`), shape) + `|(?i:\baivenv1)[ \t]+(` + shape + `)` + right,
				Keywords:   []string{"aiven"},
				Entropy:    4,
				Allowlists: []detectors.Allowlist{notAnID(), notAName()},
				Kinds:      []string{token},
			},
			handed("aiven", shape, []string{"api.aiven.io"}, 4, []string{token}),
			{ID: "aiven-host", Description: "a host of Aiven's API", Pattern: `\bapi\.aiven\.io\b`, Keywords: []string{"api.aiven.io"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{{
			Name:      token,
			Title:     "personal or application token",
			Scope:     detectors.ScopeAccount,
			Bound:     "every organization, project and service that its user may touch",
			AtMost:    detectors.Full,
			Variables: []string{"AIVEN_AUTH_TOKEN", "AIVEN_TOKEN", "AIVEN_API_TOKEN"},
			Headers:   []string{"Authorization aivenv1"},
			Cut:       "use a token of an application user that has a role in staging's project alone, and revoke this one",
			Source:    aivenTokens,
		}},
		Tools: []detectors.Tool{
			{Name: "avn", Needs: detectors.NeedsToken, Variables: []string{"AIVEN_AUTH_TOKEN"}, Selectors: []string{"--project"}, Source: aivenCommands},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"AIVEN_TOKEN"}, Selectors: []string{"-var-file"},
				Source: "https://registry.terraform.io/providers/aiven/aiven/latest/docs",
			},
		},
		Containers: []detectors.Container{{Variable: "AIVEN_PROJECT", Names: true, What: "project"}},
		// Methods of libraries: https://github.com/aiven/aiven-client/blob/main/aiven/client/client.py
		Operations: []detectors.Operation{
			{
				Name: "terminate a service", Does: detectors.Destroy, Undo: "30 days, by Aiven's support", Backups: "kept for 30 days",
				Calls: []string{"http DELETE /v1/project/*/service/*", "cli avn service terminate", "sdk deleteService"}, Source: aivenBackups,
			},
			{ // what has no backups loses its data, as Kafka's topics do
				Name: "power a service off", Does: detectors.Destroy, Backups: "kept",
				Calls: []string{"cli avn service update --power-off"}, Source: "https://aiven.io/docs/platform/concepts/service-power-cycle",
			},
			destroy("delete a database", "http DELETE /v1/project/*/service/*/db/*", "cli avn service database-delete", "cli avn service clickhouse database delete",
				"sdk deleteServiceDatabase"),
			destroy("delete a topic", "http DELETE /v1/project/*/service/*/topic/*", "cli avn service topic-delete", "sdk deleteServiceTopic"),
			destroy("delete an index", "http DELETE /v1/project/*/service/*/index/*", "cli avn service index-delete"),
			{
				Name: "delete a snapshot of OpenSearch", Does: detectors.Destroy, DeletesBackups: true,
				Calls:  []string{"http DELETE /v1/project/*/service/*/opensearch/_snapshot/*/*", "cli avn service opensearch snapshot delete", "sdk opensearchSnapshotDelete"},
				Source: aivenCommands,
			},
			destroy("delete a project", "http DELETE /v1/project/*", "cli avn project delete", "sdk deleteProject"),
			destroy("delete an organization or account", "http DELETE /v1/account/*", "cli avn organization delete", "cli avn account delete"),
			{
				Name: "make tokens, users or members", Does: detectors.Admin,
				Calls: []string{
					"http POST /v1/access_token", "http POST /v1/project/*/service/*/user", "http POST /v1/project/*/invite", "cli avn user access-token create",
					"cli avn service user-create", "cli avn project user-invite",
				},
				Source: aivenCommands,
			},
			{
				Name: "create or change a service", Does: detectors.Write,
				Calls:  []string{"http POST /v1/project/*/service", "http PUT /v1/project/*/service/*", "cli avn service create", "cli avn service update"},
				Source: aivenCommands,
			},
		},
	}
}
