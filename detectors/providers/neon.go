package providers

import "github.com/stagewall/stagewall/detectors"

const (
	neonKeys = "https://neon.com/docs/manage/api-keys"
	neonAPI  = "https://api-docs.neon.tech/reference/getting-started-with-neon-api"
	neonCLI  = "https://neon.com/docs/reference/neon-cli"

	neonCommands = "https://github.com/neondatabase/neonctl/blob/main/src/commands/"
)

// neon makes branches of a database the environments of a project; no key is limited to a branch.
func neon() detectors.Provider {
	const key, project = "api-key", "project-key"
	wide := []string{key}
	return detectors.Provider{
		Name:  "neon",
		Title: "Neon",
		Hosts: []string{"console.neon.tech", "api.neon.tech"},
		Rules: []detectors.Rule{{
			ID:          "neon-api-key",
			Description: "a key for Neon's API",
			Pattern:     prefixed(`napi_[0-9A-Za-z]{64}`),
			Group:       1,
			Keywords:    []string{"napi_"},
			Entropy:     3.5,
			Kinds:       []string{key, project},
		}},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "personal or organization API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every branch of every project that the person or the organization has",
				AtMost:    detectors.Full,
				Variables: []string{"NEON_API_KEY"},
				Shape:     `napi_[0-9A-Za-z]{64}`,
				Cut:       "make a key that is limited to a project of staging's own, and revoke this one",
				Source:    neonKeys,
			},
			{
				Name:   project,
				Title:  "project-scoped API key",
				Scope:  detectors.ScopeContainer,
				Bound:  "every branch of one project, which it does not name",
				AtMost: detectors.UnknownPower,
				Shape:  `napi_[0-9A-Za-z]{64}`,
				Cut:    "put staging into a project of its own, make a key for that project, and revoke this one",
				Source: neonKeys,
			},
		},
		Tools: []detectors.Tool{{
			Name: "neonctl", Needs: detectors.NeedsToken,
			Aliases:   []string{"neon"},
			Variables: []string{"NEON_API_KEY"},
			Selectors: []string{"--project-id", "--branch", "--org-id"},
			Source:    neonCLI,
		}},
		Containers: []detectors.Container{{Variable: "NEON_PROJECT_ID", What: "project"}},
		Operations: []detectors.Operation{
			{
				Name: "delete a project", Does: detectors.Destroy, Undo: "7 days", Kinds: wide,
				Calls:  []string{"http DELETE /api/v2/projects/*", "cli neonctl projects delete", "cli neon projects delete"},
				Source: "https://neon.com/docs/reference/api/projects/delete-project",
			},
			{
				Name: "delete a branch", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/projects/*/branches/*", "cli neonctl branches delete", "cli neon branches delete"},
				Source: neonAPI,
			},
			{
				Name: "reset or restore a branch", Does: detectors.Destroy,
				Calls: []string{
					"http POST /api/v2/projects/*/branches/*/restore",
					"cli neonctl branches reset", "cli neonctl branches restore", "cli neon branches reset", "cli neon branches restore",
				},
				Source: neonAPI,
			},
			{
				Name: "delete a database", Does: detectors.Destroy,
				Calls: []string{
					"http DELETE /api/v2/projects/*/branches/*/databases/*", "cli neonctl databases delete", "cli neon databases delete",
				},
				Source: neonAPI,
			},
			{
				Name: "delete a bucket or its objects", Does: detectors.Destroy,
				Calls:  []string{"cli neonctl bucket delete", "cli neon bucket delete", "cli neonctl bucket object delete", "cli neon bucket object delete"},
				Source: neonCommands + "bucket.ts",
			},
			{
				Name: "delete a role", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/projects/*/branches/*/roles/*", "cli neonctl roles delete", "cli neon roles delete"},
				Source: neonAPI,
			},
			{
				Name: "delete an endpoint", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/projects/*/endpoints/*"},
				Source: neonAPI,
			},
			{
				Name: "make a key", Does: detectors.Admin, Kinds: wide,
				Calls:  []string{"http POST /api/v2/api_keys", "http POST /api/v2/organizations/*/api_keys"},
				Source: neonKeys,
			},
		},
	}
}
