package providers

import "github.com/stagewall/stagewall/detectors"

const (
	vultrKeys = "https://docs.vultr.com/platform/other/api"
	vultrAPI  = "https://github.com/vultr/govultr" // the client of the API, and what it says of deleting
)

// vultr's key is its user's, for everything in the account: 36 capitals and digits, known by their variable.
func vultr() detectors.Provider {
	const key, secret = "api-key", "object-storage-secret"
	account := []string{key}
	destroy := func(name string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: account, Calls: calls, Source: vultrAPI}
	}
	return detectors.Provider{
		Name:  "vultr",
		Title: "Vultr",
		Hosts: []string{"api.vultr.com", ".vultrobjects.com"},
		Rules: []detectors.Rule{
			{
				ID:          "vultr-api-key",
				Description: "36 capitals and digits in a variable for Vultr's keys",
				Pattern:     assigned(named(`vultr`, `(?:api[_-]?key|token)`), `[A-Z0-9]{36}`),
				Group:       1,
				Keywords:    []string{"vultr"},
				Entropy:     3.8,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       account,
			},
			{
				ID:          "vultr-bearer-key",
				Description: "36 capitals and digits sent as a Bearer token near Vultr's API",
				Pattern:     `(?i:bearer)[ \t]+` + quotes + `([A-Z0-9]{36})` + right,
				Group:       1,
				Keywords:    []string{"api.vultr.com"},
				Entropy:     3.8,
				Required:    []detectors.Required{{Rule: "vultr-host", WithinLines: within(20)}},
				Kinds:       account,
			},
			{
				ID:          "vultr-object-storage-secret",
				Description: "the secret of a key for object storage, named so",
				Pattern:     assigned(`vultr[A-Za-z0-9_.-]{0,20}secret[A-Za-z0-9_.-]{0,20}`, `[A-Za-z0-9]{40}`),
				Group:       1,
				Keywords:    []string{"vultr"},
				Entropy:     4,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{secret},
			},
			handed("vultr", `[A-Z0-9]{36}`, []string{"api.vultr.com"}, 3.8, account),
			{ID: "vultr-host", Description: "the host of Vultr's API", Pattern: `\bapi\.vultr\.com\b`, Keywords: []string{"api.vultr.com"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "everything in the account that its user may touch",
				AtMost:    detectors.Full,
				Variables: []string{"VULTR_API_KEY", "VULTR_TOKEN"},
				Headers:   []string{"Authorization Bearer"},
				Shape:     `[A-Z0-9]{36}`,
				Cut:       "use the key of a user whose permissions are for what staging needs, and make this one anew",
				Source:    vultrKeys,
			},
			{
				Name:   secret,
				Title:  "object storage secret",
				Scope:  detectors.ScopeContainer,
				Bound:  "the buckets of one subscription, which it does not name",
				AtMost: detectors.UnknownPower,
				Cut:    "use a subscription of staging's own, and make this key anew",
				Source: "https://docs.vultr.com/products/cloud-storage/object-storage",
			},
		},
		Tools: []detectors.Tool{
			{Name: "vultr-cli", Needs: detectors.NeedsToken, Variables: []string{"VULTR_API_KEY"}, Selectors: []string{"--config"}, Source: "https://github.com/vultr/vultr-cli"},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"VULTR_API_KEY"}, Selectors: []string{"-var-file"},
				Source: "https://registry.terraform.io/providers/vultr/vultr/latest/docs",
			},
		},
		Operations: []detectors.Operation{
			undo(destroy("delete an instance", "http DELETE /v2/instances/*", "http DELETE /v2/bare-metals/*", "cli vultr-cli instance delete", "cli vultr-cli bare-metal delete"), "no undo", ""),
			destroy("delete files, images or inference", "http DELETE /v2/vfs/*", "http DELETE /v2/registry/*", "http DELETE /v2/inference/*",
				"cli vultr-cli container-registry delete", "cli vultr-cli inference delete"),
			destroy("delete a block storage volume", "http DELETE /v2/blocks/*", "cli vultr-cli block-storage delete"),
			destroy("delete a database", "http DELETE /v2/databases/*", "cli vultr-cli database delete"),
			destroy("delete a Kubernetes cluster", "http DELETE /v2/kubernetes/clusters/*", "http DELETE /v2/kubernetes/clusters/*/delete-with-linked-resources", "cli vultr-cli kubernetes delete"),
			{
				Name: "delete a snapshot", Does: detectors.Destroy, DeletesBackups: true, Kinds: account,
				Calls: []string{"http DELETE /v2/snapshots/*", "cli vultr-cli snapshot delete"}, Source: vultrAPI,
			},
			{
				Name: "delete object storage", Does: detectors.Destroy, Kinds: []string{key},
				Calls: []string{"http DELETE /v2/object-storage/*", "cli vultr-cli object-storage delete"}, Source: vultrAPI,
			},
			{
				Name: "delete a bucket", Does: detectors.Destroy, Kinds: []string{secret},
				Calls: []string{"cli aws s3 rb", "cli s3cmd rb", "cli s3cmd del"}, Source: "https://docs.vultr.com/products/cloud-storage/object-storage",
			},
			destroy("delete a domain", "http DELETE /v2/domains/*", "cli vultr-cli dns domain delete"),
			{Name: "make users", Does: detectors.Admin, Kinds: account, Calls: []string{"http POST /v2/users", "http PATCH /v2/users/*", "cli vultr-cli user create"}, Source: vultrAPI},
			{Name: "create an instance", Does: detectors.Write, Kinds: account, Calls: []string{"http POST /v2/instances", "cli vultr-cli instance create"}, Source: vultrAPI},
		},
	}
}
