package providers

import "github.com/stagewall/stagewall/detectors"

const (
	scalewayKeys = "https://www.scaleway.com/en/docs/iam/concepts/#api-key"
	scalewayCLI  = "https://github.com/scaleway/scaleway-cli/tree/master/docs/commands"
)

// scaleway's keys are pairs: an access key, which is an id, and a secret, which is a UUID as ids are, so that its variable or header has to say what it
// is. A key is a user's or an application's, whose policies say what it may do.
func scaleway() detectors.Provider {
	const key = "api-key"
	destroy := func(name, page string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: calls, Source: scalewayCLI + "/" + page}
	}
	return detectors.Provider{
		Name:  "scaleway",
		Title: "Scaleway",
		Hosts: []string{"api.scaleway.com", ".scw.cloud"},
		Rules: []detectors.Rule{
			{
				ID:          "scaleway-secret-key",
				Description: "a UUID in a variable for Scaleway's secret keys",
				Pattern:     assigned(`(?:scw|scaleway)[A-Za-z0-9_.-]{0,20}(?:secret[_-]?key|token|secret)`, uuid),
				Group:       1,
				Keywords:    []string{"scw_", "scw-", "scaleway"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{notAnID(), exampleUUID()},
				Kinds:       []string{key},
			},
			{
				ID:          "scaleway-nearby-secret-key",
				Description: "a UUID named as a secret, near the id of an access key",
				Pattern:     `(?:^|[^A-Za-z0-9_-])` + assigned(`secret[_-]?key|x-auth-token|secret[_-]?access[_-]?key`, uuid),
				Group:       1,
				Keywords:    []string{"scw"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{exampleUUID()},
				Required:    []detectors.Required{{Rule: "scaleway-access-key", WithinLines: within(15)}},
				Kinds:       []string{key},
			},
			{
				ID:          "scaleway-header-token",
				Description: "a UUID sent in the header for Scaleway's secret keys, to its API",
				Pattern:     assigned(`x-auth-token`, uuid),
				Group:       1,
				Keywords:    []string{"api.scaleway.com"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{exampleUUID()},
				Required:    []detectors.Required{{Rule: "scaleway-host", WithinLines: within(20)}},
				Kinds:       []string{key},
			},
			{ID: "scaleway-access-key", Description: "the id of an access key", Pattern: `\bSCW[A-Z0-9]{17}\b`, Keywords: []string{"scw"}, SkipReport: true},
			handed("scaleway", uuid, []string{"api.scaleway.com"}, uuidEntropy, []string{key}),
			{ID: "scaleway-host", Description: "the host of Scaleway's API", Pattern: `\bapi\.scaleway\.com\b`, Keywords: []string{"api.scaleway.com"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{{
			Name:      key,
			Title:     "API key",
			Scope:     detectors.ScopeContainer,
			Bound:     "the projects or the organization that its owner's policies name, which it does not",
			AtMost:    detectors.Full,
			Variables: []string{"SCW_SECRET_KEY", "SCW_TOKEN", "SCALEWAY_SECRET_KEY"},
			Headers:   []string{"X-Auth-Token"},
			Cut:       "use an application whose policy is for staging's project only, and delete this key",
			Source:    scalewayKeys,
		}},
		Tools: []detectors.Tool{
			{Name: "scw", Variables: []string{"SCW_SECRET_KEY"}, Selectors: []string{"--profile", "-p", "project-id"}, Source: scalewayCLI},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"SCW_SECRET_KEY"}, Selectors: []string{"-var-file"},
				Source: "https://registry.terraform.io/providers/scaleway/scaleway/latest/docs",
			},
		},
		Containers: []detectors.Container{
			{Variable: "SCW_PROFILE", Names: true, What: "environment"},
			{Variable: "SCW_DEFAULT_PROJECT_ID", What: "project"},
			{Variable: "SCW_DEFAULT_ORGANIZATION_ID", What: "account"},
		},
		Operations: []detectors.Operation{
			destroy("instance server delete", "instance.md", "cli scw instance server delete", "cli scw instance server terminate", "http DELETE /instance/v1/zones/*/servers/*"),
			destroy("instance volume delete", "instance.md", "cli scw instance volume delete", "cli scw block volume delete", "http DELETE /instance/v1/zones/*/volumes/*", "http DELETE /block/v1/zones/*/volumes/*"),
			{
				Name: "instance snapshot delete", Does: detectors.Destroy, DeletesBackups: true,
				Calls:  []string{"cli scw instance snapshot delete", "cli scw block snapshot delete", "cli scw rdb backup delete", "http DELETE /instance/v1/zones/*/snapshots/*", "http DELETE /rdb/v1/regions/*/backups/*"},
				Source: scalewayCLI + "/instance.md",
			},
			destroy("rdb instance delete", "rdb.md", "cli scw rdb instance delete", "http DELETE /rdb/v1/regions/*/instances/*", "http DELETE /rdb/v1/regions/*/instances/*/databases/*"),
			destroy("k8s cluster delete", "k8s.md", "cli scw k8s cluster delete", "http DELETE /k8s/v1/regions/*/clusters/*"),
			destroy("object bucket delete", "object.md", "cli scw object bucket delete"),
			destroy("account project delete", "account.md", "cli scw account project delete", "http DELETE /account/v3/projects/*"),
			{
				Name: "iam", Does: detectors.Admin,
				Calls:  []string{"cli scw iam api-key create", "cli scw iam policy create", "cli scw iam application create", "http POST /iam/v1alpha1/api-keys", "http POST /iam/v1alpha1/policies"},
				Source: scalewayCLI + "/iam.md",
			},
			{
				Name: "deploy", Does: detectors.Write,
				Calls: []string{"cli scw instance server create", "cli scw container deploy", "cli scw function deploy"}, Source: scalewayCLI + "/container.md",
			},
		},
	}
}
