package providers

import "github.com/stagewall/stagewall/detectors"

const (
	atlasAccess   = "https://www.mongodb.com/docs/atlas/configure-api-access/"
	atlasCommands = "https://github.com/mongodb/mongodb-atlas-cli/blob/master/docs/command/"
	atlasForms    = "https://github.com/mongodb/kingfisher/blob/main/data/rules/mongodb.yml" // MongoDB's own scanner
)

// atlas knows what manages MongoDB Atlas: the secrets of service accounts, by their prefix, and the private halves of API keys, which are UUIDs
// and need their variable. Who logs in to a cluster of it does so with MongoDB's connection strings.
func atlas() detectors.Provider {
	const account, key = "service-account-secret", "api-key"
	const secret = `mdb_sa_sk_[0-9A-Za-z_-]{40}`
	destroy := func(name, page string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: calls, Source: atlasCommands + page}
	}
	backup := func(name, page string, calls ...string) detectors.Operation {
		o := destroy(name, page, calls...)
		o.DeletesBackups = true
		return o
	}
	const bound = "the projects of one organization in which it was given a role, which it does not show"
	return detectors.Provider{
		Name:  "atlas",
		Title: "MongoDB Atlas",
		Hosts: []string{"cloud.mongodb.com", "cloud.mongodbgov.com"},
		Rules: []detectors.Rule{
			{ // the form is that of atlasForms
				ID:          "atlas-service-account-secret",
				Description: "the secret of a service account",
				Pattern:     prefixed(secret),
				Group:       1,
				Keywords:    []string{"mdb_sa_sk_"},
				Entropy:     3.5,
				Kinds:       []string{account},
			},
			{
				ID:          "atlas-private-key",
				Description: "a UUID named as the private half of an API key",
				Pattern:     assigned(`(?:atlas|mcli|mongo(?:db)?[_-]?cloud)[A-Za-z0-9_.-]{0,20}(?:private[_-]?(?:api[_-]?)?key|api[_-]?(?:private|secret)[_-]?key|api[_-]?key)`, uuid),
				Group:       1,
				Keywords:    []string{"atlas", "mcli", "mongo"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{notAnID(), exampleUUID()},
				Kinds:       []string{key},
			},
			{ // https://www.mongodb.com/docs/atlas/configure-api-access/#make-an-api-request
				ID:          "atlas-key-pair",
				Description: "the public half of an API key and, after it, the private one, near Atlas' API",
				Pattern:     `\b[a-z]{8}(?::|["'][ \t]*,\s*["'])(` + uuid + `)` + right,
				Group:       1,
				Keywords:    []string{"cloud.mongodb"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{exampleUUID()},
				Required:    []detectors.Required{{Rule: "atlas-host", WithinLines: within(20)}},
				Kinds:       []string{key},
			},
			{
				ID:          "atlas-host",
				Description: "the host of Atlas' API",
				Pattern:     `\bcloud\.mongodb(?:gov)?\.com\b`,
				Keywords:    []string{"cloud.mongodb"},
				SkipReport:  true,
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      account,
				Title:     "service account secret",
				Scope:     detectors.ScopeAccount,
				Bound:     bound,
				AtMost:    detectors.Full,
				Variables: []string{"MONGODB_ATLAS_CLIENT_SECRET"},
				Shape:     secret,
				Partners:  []detectors.Partner{{Title: "client id", Variables: []string{"MONGODB_ATLAS_CLIENT_ID"}, Shape: `mdb_sa_id_[0-9a-f]{24}`, Needed: true}},
				Cut:       "make a service account of a project of staging's own, with the least role that does, and revoke this secret",
				Source:    atlasAccess,
			},
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     bound,
				AtMost:    detectors.Full,
				Variables: []string{"MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY", "MCLI_PRIVATE_API_KEY"},
				Shape:     uuid,
				Partners: []detectors.Partner{{
					Title: "public key", Variables: []string{"MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY", "MCLI_PUBLIC_API_KEY"}, Shape: `[a-z]{8}`, Needed: true,
				}},
				Cut:    "make a key of a project of staging's own, with the least role that does, and delete this one",
				Source: atlasAccess,
			},
		},
		Tools: []detectors.Tool{{
			Name: "atlas", Aliases: []string{"atlascli"}, Variables: []string{"MONGODB_ATLAS_CLIENT_SECRET", "MONGODB_ATLAS_PRIVATE_API_KEY"},
			Selectors: []string{"--projectId", "--orgId", "--profile", "-P"}, Source: atlasCommands + "atlas.txt",
		}},
		Containers: []detectors.Container{
			{Variable: "MONGODB_ATLAS_PROJECT_ID", What: "project"},
			{Variable: "MONGODB_ATLAS_ORG_ID", What: "account"},
		},
		Operations: []detectors.Operation{
			undo(destroy("clusters delete", "atlas-clusters-delete.txt", "http DELETE /api/atlas/v2/groups/*/clusters/*",
				"http DELETE /api/atlas/v2/groups/*/flexClusters/*", "cli atlas clusters delete", "cli atlas cluster delete", "cli atlas clusters rm",
				"cli atlas cluster rm"), "", "deleted with it"),
			backup("backups snapshots delete", "atlas-backups-snapshots-delete.txt", "http DELETE /api/atlas/v2/groups/*/clusters/*/backup/snapshots/*",
				"http DELETE /api/atlas/v2/groups/*/clusters/*/backup/snapshots/shardedCluster/*", "cli atlas backups snapshots delete",
				"cli atlas backup snapshot delete"),
			backup("backups schedule delete", "atlas-backups-schedule-delete.txt",
				"http DELETE /api/atlas/v2/groups/*/clusters/*/backup/schedule", "cli atlas backups schedule delete", "cli atlas backup schedule delete"),
			destroy("backups restores start", "atlas-backups-restores-start.txt", // what the target holds is removed first
				"http POST /api/atlas/v2/groups/*/clusters/*/backup/restoreJobs", "cli atlas backups restores start", "cli atlas backup restore start"),
			destroy("projects delete", "atlas-projects-delete.txt", "http DELETE /api/atlas/v2/groups/*", "cli atlas projects delete", "cli atlas project delete"),
			destroy("organizations delete", "atlas-organizations-delete.txt",
				"http DELETE /api/atlas/v2/orgs/*", "cli atlas organizations delete", "cli atlas organization delete"),
			destroy("dbusers delete", "atlas-dbusers-delete.txt",
				"http DELETE /api/atlas/v2/groups/*/databaseUsers/*/*", "cli atlas dbusers delete", "cli atlas dbuser delete"),
			destroy("dataFederation delete", "atlas-dataFederation-delete.txt",
				"http DELETE /api/atlas/v2/groups/*/dataFederation/*", "cli atlas dataFederation delete"),
			{
				Name: "make keys and users", Does: detectors.Admin,
				Calls: []string{
					"http POST /api/atlas/v2/orgs/*/apiKeys", "http POST /api/atlas/v2/groups/*/apiKeys", "http POST /api/atlas/v2/orgs/*/serviceAccounts",
					"http POST /api/atlas/v2/groups/*/serviceAccounts", "http POST /api/atlas/v2/groups/*/databaseUsers", "cli atlas organizations apiKeys create",
					"cli atlas projects apiKeys create", "cli atlas dbusers create",
				},
				Source: atlasCommands + "atlas-organizations-apiKeys-create.txt",
			},
			{
				Name: "create a cluster", Does: detectors.Write,
				Calls:  []string{"http POST /api/atlas/v2/groups/*/clusters", "cli atlas clusters create", "cli atlas cluster create"},
				Source: atlasCommands + "atlas-clusters-create.txt",
			},
		},
	}
}
