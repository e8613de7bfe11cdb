package providers

import "github.com/stagewall/stagewall/detectors"

const (
	cockroachAPI     = "https://www.cockroachlabs.com/docs/cockroachcloud/cloud-api"
	cockroachAccess  = "https://www.cockroachlabs.com/docs/cockroachcloud/managing-access#api-access"
	cockroachBackups = "https://www.cockroachlabs.com/docs/cockroachcloud/backup-and-restore-overview"
)

// cockroachdb knows the API keys of CockroachDB Cloud's service accounts. The logins of its databases are postgres' connection strings.
func cockroachdb() detectors.Provider {
	const key, body = "api-key", `CCDB1_[A-Za-z0-9]{22}_[A-Za-z0-9]{40}`
	return detectors.Provider{
		Name:  "cockroachdb",
		Title: "CockroachDB Cloud",
		Hosts: []string{"cockroachlabs.cloud"},
		Rules: []detectors.Rule{{
			ID:          "cockroachdb-api-key",
			Description: "the API key of a service account",
			Pattern:     prefixed(body),
			Group:       1,
			Keywords:    []string{"ccdb1_"},
			Entropy:     3.5,
			Kinds:       []string{key},
		}},
		Kinds: []detectors.Kind{{
			Name:      key,
			Title:     "API key",
			Scope:     detectors.ScopeAccount,
			Bound:     "the clusters of the organization, of a folder or one cluster, by its service account's roles, which it does not show",
			AtMost:    detectors.Full,
			Variables: []string{"COCKROACH_API_KEY", "CC_API_KEY"},
			Shape:     body,
			Cut:       "use a service account with a role on staging's cluster alone, and delete this key",
			Source:    cockroachAccess,
		}},
		Tools: []detectors.Tool{
			{Name: "ccloud", Selectors: []string{"--org"}, Source: "https://www.cockroachlabs.com/docs/cockroachcloud/ccloud-get-started"},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"COCKROACH_API_KEY"}, Selectors: []string{"-var-file"},
				Source: "https://registry.terraform.io/providers/cockroachdb/cockroach/latest/docs",
			},
		},
		Containers: []detectors.Container{{Variable: "COCKROACH_CLUSTER_ID", What: "project"}},
		Operations: []detectors.Operation{
			{
				Name: "delete a cluster", Does: detectors.Destroy, Undo: "no undo", Backups: "kept, for their retention time",
				Calls: []string{"http DELETE /api/v1/clusters/*", "cli ccloud cluster delete"}, Source: cockroachBackups,
			},
			{
				Name: "delete a database", Does: detectors.Destroy,
				Calls: []string{"http DELETE /api/v1/clusters/*/databases/*"}, Source: cockroachAPI,
			},
			{
				Name: "change the schedule of backups", Does: detectors.Destroy, DeletesBackups: true,
				Calls: []string{"http PATCH /api/v1/clusters/*/backups-config"}, Source: cockroachBackups,
			},
			{
				Name: "make users and keys", Does: detectors.Admin,
				Calls:  []string{"http POST /api/v1/clusters/*/sql-users", "http POST /api/v1/api-keys", "http POST /api/v1/service-accounts", "http PUT /api/v1/roles/*"},
				Source: cockroachAPI,
			},
			{
				Name: "change a cluster", Does: detectors.Write,
				Calls: []string{"http POST /api/v1/clusters", "http PATCH /api/v1/clusters/*"}, Source: cockroachAPI,
			},
		},
	}
}
