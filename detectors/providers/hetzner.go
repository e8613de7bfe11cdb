package providers

import "github.com/stagewall/stagewall/detectors"

const (
	hetznerTokens = "https://docs.hetzner.com/cloud/api/getting-started/generating-api-token/"
	hetznerCloud  = "https://docs.hetzner.cloud/reference/cloud"
	hetznerCLI    = "https://github.com/hetznercloud/cli/blob/main/docs/reference/manual/hcloud.md"
)

// hetzner binds a token to the project that it was made in, which it does not name: 64 letters and digits, known by their variable. Protection
// flags can be taken off by the tokens that they protect from.
func hetzner() detectors.Provider {
	const token, dns, secret = "cloud-api-token", "dns-token", "object-storage-secret"
	cloud := []string{token}
	const body = `[A-Za-z0-9]{64}`
	destroy := func(name, resource string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: cloud, Calls: calls, Source: hetznerCloud + "#" + resource}
	}
	return detectors.Provider{
		Name:  "hetzner",
		Title: "Hetzner",
		Hosts: []string{"api.hetzner.cloud", "api.hetzner.com", "dns.hetzner.com", ".your-objectstorage.com"},
		Rules: []detectors.Rule{
			{
				ID:          "hetzner-cloud-token",
				Description: "64 letters and digits in a variable for tokens of Hetzner Cloud",
				Pattern:     assigned(named(`(?:hcloud|hetzner)`, `(?:token|api[_-]?key|secret)`), body),
				Group:       1,
				Keywords:    []string{"hcloud", "hetzner"},
				Entropy:     4.2,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       cloud,
			},
			{
				ID:          "hetzner-cli-token",
				Description: "the token of a context of the command line program",
				Pattern:     `\btoken[ \t]*=[ \t]*["'](` + body + `)["']`,
				Group:       1,
				Keywords:    []string{"token"},
				Entropy:     4.2,
				Path:        `(?:^|/)hcloud/cli\.toml$`,
				Kinds:       cloud,
			},
			{
				ID:          "hetzner-bearer-token",
				Description: "64 letters and digits sent as a Bearer token near Hetzner's API",
				Pattern:     `(?i:bearer)[ \t]+` + quotes + `(` + body + `)` + right,
				Group:       1,
				Keywords:    []string{"api.hetzner."},
				Entropy:     4.2,
				Required:    []detectors.Required{{Rule: "hetzner-host", WithinLines: within(20)}},
				Kinds:       cloud,
			},
			{
				ID:          "hetzner-dns-token",
				Description: "32 letters and digits in a variable or header for tokens of Hetzner DNS",
				Pattern:     assigned(`(?:hetzner[_-]?dns|hdns)[A-Za-z0-9_.-]{0,20}(?:token|key)|auth-api-token`, `[A-Za-z0-9]{32}`),
				Group:       1,
				Keywords:    []string{"hetzner", "hdns", "auth-api-token"},
				Entropy:     3.8,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       []string{dns},
			},
			{
				ID:          "hetzner-object-storage-secret",
				Description: "the secret of a key for object storage, named so",
				Pattern:     assigned(`(?:hetzner|hcloud)[A-Za-z0-9_.-]{0,20}s3[A-Za-z0-9_.-]{0,20}secret[A-Za-z0-9_.-]{0,20}`, `[A-Za-z0-9]{40}`),
				Group:       1,
				Keywords:    []string{"hetzner", "hcloud"},
				Entropy:     4,
				Kinds:       []string{secret},
			},
			handed("hetzner", body, []string{"api.hetzner."}, 4.2, cloud),
			{ID: "hetzner-host", Description: "the host of Hetzner's API", Pattern: `\bapi\.hetzner\.(?:cloud|com)\b`, Keywords: []string{"api.hetzner."}, SkipReport: true},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "Cloud API token",
				Scope:     detectors.ScopeContainer,
				Bound:     "one project, which the token does not name, to read or to read and write",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"HCLOUD_TOKEN", "HETZNER_TOKEN", "HETZNER_API_TOKEN", "HETZNER_CLOUD_TOKEN"},
				Headers:   []string{"Authorization Bearer"},
				Cut:       "make a token in staging's own project, to read where that does, and delete this one",
				Source:    hetznerTokens,
			},
			{
				Name:      dns,
				Title:     "DNS token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every zone of its account",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"HETZNER_DNS_TOKEN", "HETZNER_DNS_API_TOKEN"},
				Headers:   []string{"Auth-API-Token"},
				Shape:     `[A-Za-z0-9]{32}`,
				Cut:       "move staging's zone to an account of its own, and delete this token",
				Source:    "https://dns.hetzner.com/api-docs",
			},
			{
				Name:   secret,
				Title:  "object storage secret",
				Scope:  detectors.ScopeContainer,
				Bound:  "the buckets of one project, which it does not name",
				AtMost: detectors.UnknownPower,
				Cut:    "make a key in staging's own project, and delete this one",
				Source: "https://docs.hetzner.com/storage/object-storage/getting-started/generating-s3-keys/",
			},
		},
		Tools: []detectors.Tool{
			{Name: "hcloud", Needs: detectors.NeedsToken, Variables: []string{"HCLOUD_TOKEN"}, Selectors: []string{"--context"}, Source: hetznerCLI},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"HCLOUD_TOKEN"}, Selectors: []string{"-var-file"},
				Source: "https://registry.terraform.io/providers/hetznercloud/hcloud/latest/docs",
			},
		},
		Containers: []detectors.Container{{Variable: "HCLOUD_CONTEXT", Names: true, What: "environment"}},
		Operations: []detectors.Operation{
			{ // snapshots stay, by the same page
				Name: "server delete", Does: detectors.Destroy, Backups: "deleted with it, but for snapshots", Kinds: cloud,
				Calls: []string{"cli hcloud server delete", "http DELETE /v1/servers/*"}, Source: "https://docs.hetzner.com/cloud/general/faq/",
			},
			destroy("server rebuild", "server-actions", "cli hcloud server rebuild", "http POST /v1/servers/*/actions/rebuild"),
			destroy("volume delete", "volumes", "cli hcloud volume delete", "http DELETE /v1/volumes/*"),
			{
				Name: "image delete", Does: detectors.Destroy, DeletesBackups: true, Kinds: cloud,
				Calls: []string{"cli hcloud image delete", "http DELETE /v1/images/*"}, Source: hetznerCloud + "#images",
			},
			{
				Name: "server disable-backup", Does: detectors.Destroy, Backups: "deleted at once", DeletesBackups: true, Kinds: cloud,
				Calls: []string{"cli hcloud server disable-backup", "http POST /v1/servers/*/actions/disable_backup"}, Source: hetznerCloud + "#server-actions",
			},
			destroy("network delete", "networks", "cli hcloud network delete", "http DELETE /v1/networks/*"),
			destroy("load-balancer delete", "load-balancers", "cli hcloud load-balancer delete", "http DELETE /v1/load_balancers/*"),
			destroy("zone delete", "zones", "cli hcloud zone delete", "http DELETE /v1/zones/*"),
			destroy("storage-box rollback-snapshot", "storage-box-actions", "cli hcloud storage-box rollback-snapshot", "http POST /v1/storage_boxes/*/actions/rollback_snapshot"),
			{
				Name: "storage-box snapshot delete", Does: detectors.Destroy, DeletesBackups: true, Kinds: cloud,
				Calls:  []string{"cli hcloud storage-box snapshot delete", "cli hcloud storage-box disable-snapshot-plan", "http DELETE /v1/storage_boxes/*/snapshots/*"},
				Source: "https://github.com/hetznercloud/cli/blob/main/docs/reference/manual/hcloud_storage-box_snapshot_delete.md",
			},
			destroy("storage-box delete", "storage-boxes", "cli hcloud storage-box delete", "http DELETE /v1/storage_boxes/*"),
			{
				Name: "delete a DNS zone or record", Does: detectors.Destroy, Kinds: []string{dns},
				Calls: []string{"http DELETE /api/v1/zones/*", "http DELETE /api/v1/records/*"}, Source: "https://dns.hetzner.com/api-docs",
			},
			{
				Name: "take the protection off", Does: detectors.Write, Kinds: cloud,
				Calls:  []string{"cli hcloud server disable-protection", "cli hcloud volume disable-protection", "http POST /v1/servers/*/actions/change_protection"},
				Source: hetznerCloud + "#server-actions",
			},
			{Name: "server create", Does: detectors.Write, Kinds: cloud, Calls: []string{"cli hcloud server create", "http POST /v1/servers"}, Source: hetznerCloud + "#servers"},
		},
	}
}
