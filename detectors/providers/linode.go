package providers

import "github.com/stagewall/stagewall/detectors"

const (
	linodeTokens = "https://techdocs.akamai.com/cloud-computing/docs/manage-personal-access-tokens"
	linodeAPI    = "https://techdocs.akamai.com/linode-api/reference/"
	linodeCLI    = "https://techdocs.akamai.com/cloud-computing/docs/getting-started-with-the-linode-cli"
	linodeClient = "https://github.com/linode/linodego/blob/main/"
)

// linode's tokens are for an account, with scopes for sorts of resources and none for environments: 64 hexadecimal digits, known by their variable.
func linode() detectors.Provider {
	const token, secret = "personal-access-token", "object-storage-secret"
	account := []string{token}
	const body = `[0-9a-f]{64}`
	destroy := func(name, page string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: account, Calls: calls, Source: linodeAPI + page}
	}
	return detectors.Provider{
		Name:  "linode",
		Title: "Linode",
		Hosts: []string{"api.linode.com", ".linodeobjects.com"},
		Rules: []detectors.Rule{
			{
				ID:          "linode-personal-token",
				Description: "64 hexadecimal digits in a variable for Linode's tokens",
				Pattern:     assigned(named(`linode`, `(?:token|pat|api[_-]?key)`), body),
				Group:       1,
				Keywords:    []string{"linode"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       account,
			},
			{
				ID:          "linode-bearer-token",
				Description: "64 hexadecimal digits sent as a Bearer token near Linode's API",
				Pattern:     `(?i:bearer)[ \t]+` + quotes + `(` + body + `)` + right,
				Group:       1,
				Keywords:    []string{"api.linode.com"},
				Entropy:     3,
				Required:    []detectors.Required{{Rule: "linode-host", WithinLines: within(20)}},
				Kinds:       account,
			},
			{
				ID:          "linode-object-storage-secret",
				Description: "the secret of a key for object storage, named so",
				Pattern:     assigned(`linode[A-Za-z0-9_.-]{0,20}secret[A-Za-z0-9_.-]{0,20}`, `[A-Za-z0-9]{40}`),
				Group:       1,
				Keywords:    []string{"linode"},
				Entropy:     4,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{secret},
			},
			handed("linode", body, []string{"api.linode.com"}, 3, account),
			{ID: "linode-host", Description: "the host of Linode's API", Pattern: `\bapi\.linode\.com\b`, Keywords: []string{"api.linode.com"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "personal access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every resource of its owner's account: its scopes limit what it does, not where",
				AtMost:    detectors.Full,
				Variables: []string{"LINODE_TOKEN", "LINODE_CLI_TOKEN", "LINODE_API_TOKEN", "LINODE_ACCESS_TOKEN"},
				Headers:   []string{"Authorization Bearer"},
				Cut:       "use a token of a user who may touch staging's resources only, with the scopes that the work needs, and revoke this one",
				Source:    linodeTokens,
			},
			{
				Name:      secret,
				Title:     "object storage secret",
				Scope:     detectors.ScopeContainer,
				Bound:     "the buckets of its account, or those that its key was made for, which it does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"LINODE_OBJ_SECRET_KEY", "LINODE_CLI_OBJ_SECRET_KEY"},
				Cut:       "make a key for staging's bucket alone, and revoke this one",
				Source:    "https://techdocs.akamai.com/cloud-computing/docs/manage-access-keys",
			},
		},
		Tools: []detectors.Tool{
			{Name: "linode-cli", Needs: detectors.NeedsToken, Variables: []string{"LINODE_CLI_TOKEN"}, Selectors: []string{"--as-user"}, Source: linodeCLI},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"LINODE_TOKEN"}, Selectors: []string{"-var-file"},
				Source: "https://registry.terraform.io/providers/linode/linode/latest/docs",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete an instance", Does: detectors.Destroy, Undo: "no undo", Backups: "deleted with it", Kinds: account,
				Calls: []string{"http DELETE /v4/linode/instances/*", "cli linode-cli linodes delete"}, Source: linodeAPI + "delete-linode-instance",
			},
			{
				Name: "cancel backups", Does: detectors.Destroy, Undo: "no undo", Backups: "all deleted", DeletesBackups: true, Kinds: account,
				Calls: []string{"http POST /v4/linode/instances/*/backups/cancel", "cli linode-cli linodes backups-cancel"}, Source: linodeAPI + "post-cancel-backups",
			},
			destroy("rebuild an instance", "post-rebuild-linode-instance", "http POST /v4/linode/instances/*/rebuild", "cli linode-cli linodes rebuild"),
			{
				Name: "delete a disk", Does: detectors.Destroy, Kinds: account,
				Calls: []string{"http DELETE /v4/linode/instances/*/disks/*", "cli linode-cli linodes disk-delete"}, Source: linodeClient + "instance_disks.go",
			},
			{
				Name: "delete a bucket", Does: detectors.Destroy, Kinds: account,
				Calls: []string{"http DELETE /v4/object-storage/buckets/*/*"}, Source: linodeClient + "object_storage_buckets.go",
			},
			destroy("delete a volume", "delete-volume", "http DELETE /v4/volumes/*", "cli linode-cli volumes delete"),
			destroy("delete a database", "delete-databases-postgre-sql-instance",
				"http DELETE /v4/databases/mysql/instances/*", "http DELETE /v4/databases/postgresql/instances/*", "cli linode-cli databases mysql-delete", "cli linode-cli databases postgresql-delete"),
			destroy("delete a Kubernetes cluster", "delete-lke-cluster", "http DELETE /v4/lke/clusters/*", "cli linode-cli lke cluster-delete"),
			destroy("delete a domain", "delete-domain", "http DELETE /v4/domains/*", "cli linode-cli domains delete"),
			destroy("delete an image", "delete-image", "http DELETE /v4/images/*", "cli linode-cli images delete"),
			{
				Name: "make tokens or users", Does: detectors.Admin, Kinds: account,
				Calls:  []string{"http POST /v4/profile/tokens", "http POST /v4/account/users", "http PUT /v4/account/users/*/grants", "cli linode-cli profile token-create"},
				Source: linodeAPI + "post-personal-access-token",
			},
			{
				Name: "create an instance", Does: detectors.Write, Kinds: account,
				Calls: []string{"http POST /v4/linode/instances", "cli linode-cli linodes create"}, Source: linodeAPI + "post-linode-instance",
			},
		},
	}
}
