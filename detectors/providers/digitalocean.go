package providers

import "github.com/stagewall/stagewall/detectors"

const (
	doTokens = "https://docs.digitalocean.com/reference/api/create-personal-access-token/"
	doAPI    = "https://docs.digitalocean.com/reference/api/reference/"
	doctlCLI = "https://docs.digitalocean.com/reference/doctl/"
)

// digitalocean knows tokens of a team, by their prefixes, and the keys of Spaces, which have none for their secret half.
func digitalocean() detectors.Provider {
	const personal, oauth, refresh, spaces = "personal-access-token", "oauth-token", "oauth-refresh-token", "spaces-key"
	prefix := func(id, description, word, kind string) detectors.Rule {
		return detectors.Rule{
			ID: "digitalocean-" + id, Description: description, Pattern: prefixed(word + `[0-9a-f]{64}`), Group: 1,
			Keywords: []string{word}, Entropy: 3, Kinds: []string{kind},
		}
	}
	destroy := func(name, source string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: []string{personal, oauth, refresh}, Calls: calls, Source: source}
	}
	without := func(o detectors.Operation, undo, backups string) detectors.Operation {
		o.Undo, o.Backups = undo, backups
		return o
	}
	return detectors.Provider{
		Name:  "digitalocean",
		Title: "DigitalOcean",
		Hosts: []string{"api.digitalocean.com", "registry.digitalocean.com", ".digitaloceanspaces.com"},
		Rules: []detectors.Rule{
			prefix("personal-access-token", "a personal access token", "dop_v1_", personal),
			prefix("oauth-token", "a token that an OAuth app got", "doo_v1_", oauth),
			prefix("oauth-refresh-token", "a token that gets new tokens", "dor_v1_", refresh),
			{
				ID:          "digitalocean-token-variable",
				Description: "64 hexadecimal digits in a variable for DigitalOcean's tokens",
				Pattern:     assigned(`(?:digital_?ocean|do_(?:api|access|auth))[A-Za-z0-9_.-]{0,30}(?:token|key|pat)|\bdo_(?:token|pat)`, `[0-9a-f]{64}`),
				Group:       1,
				Keywords:    []string{"digitalocean", "digital_ocean", "do_"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       []string{personal},
			},
			{
				ID:          "digitalocean-spaces-secret",
				Description: "the secret of a key for Spaces",
				Pattern:     assigned(`spaces[A-Za-z0-9_.-]{0,20}secret[A-Za-z0-9_.-]{0,20}`, `[A-Za-z0-9/+]{43}`),
				Group:       1,
				Keywords:    []string{"spaces"},
				Entropy:     4,
				Kinds:       []string{spaces},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      personal,
				Title:     "personal access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "everything of the team: its scopes limit what it does, not which project or environment",
				AtMost:    detectors.Full,
				Variables: []string{"DIGITALOCEAN_ACCESS_TOKEN", "DIGITALOCEAN_TOKEN", "DIGITALOCEAN_API_TOKEN", "DO_API_TOKEN", "DO_TOKEN"},
				Headers:   []string{"Authorization Bearer"},
				Shape:     `[0-9a-f]{64}`,
				Cut:       "use a team of its own for staging, or a token with only the scopes that the work needs, and revoke this one",
				Source:    doTokens,
			},
			{
				Name:   oauth,
				Title:  "OAuth token",
				Scope:  detectors.ScopeAccount,
				Bound:  "everything of the team that the app was allowed",
				AtMost: detectors.Full,
				Cut:    "use a team of its own for staging, and revoke the app's access",
				Source: "https://docs.digitalocean.com/reference/api/oauth/",
			},
			{
				Name:   refresh,
				Title:  "OAuth refresh token",
				Scope:  detectors.ScopeAccount,
				Bound:  "it gets tokens for everything of the team that the app was allowed",
				AtMost: detectors.Full,
				Cut:    "revoke the app's access, and keep refresh tokens out of the checkout",
				Source: "https://docs.digitalocean.com/reference/api/oauth/",
			},
			{
				Name:      spaces,
				Title:     "Spaces key",
				Scope:     detectors.ScopeContainer,
				Bound:     "all buckets of the team, or those that it was made for, which it does not name",
				AtMost:    detectors.Read | detectors.Write | detectors.Destroy,
				Variables: []string{"SPACES_SECRET_ACCESS_KEY", "SPACES_SECRET_KEY", "SPACES_SECRET"},
				Cut:       "make a key for staging's bucket alone, and delete this one",
				Source:    "https://docs.digitalocean.com/products/spaces/how-to/manage-access/",
			},
		},
		Tools: []detectors.Tool{
			{
				Name: "doctl", Variables: []string{"DIGITALOCEAN_ACCESS_TOKEN"}, Selectors: []string{"--context", "--access-token", "-t"},
				Source: doctlCLI,
			},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"},
				Variables: []string{"DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN", "SPACES_SECRET_ACCESS_KEY"}, Selectors: []string{"-var-file"},
				Source: "https://registry.terraform.io/providers/digitalocean/digitalocean/latest/docs",
			},
		},
		// Methods of libraries: https://github.com/digitalocean/godo
		Operations: []detectors.Operation{
			without(destroy("databases delete", "https://docs.digitalocean.com/products/databases/postgresql/how-to/destroy/",
				"http DELETE /v2/databases/*", "sdk databases.delete", "cli doctl databases delete", "cli doctl databases rm"), "no undo", "deleted with it"),
			without(destroy("destroy droplets with all that belongs to them",
				"https://docs.digitalocean.com/reference/dots/reference/droplets/droplets-destroy-withassociatedresourcesdangerous/",
				"http DELETE /v2/droplets/*/destroy_with_associated_resources/dangerous"), "no undo", "deleted with it"),
			destroy("droplets delete", doAPI, "http DELETE /v2/droplets/*", "sdk droplets.delete", "sdk droplets.deleteByTag", "http DELETE /v2/droplets", "cli doctl compute droplet delete", "cli doctl compute droplet rm"),
			destroy("volumes delete", doAPI, "http DELETE /v2/volumes/*", "sdk storage.deleteVolume", "http DELETE /v2/volumes", "cli doctl compute volume delete"),
			destroy("kubernetes clusters delete", doAPI,
				"http DELETE /v2/kubernetes/clusters/*", "sdk kubernetes.delete", "http DELETE /v2/kubernetes/clusters/*/destroy_with_associated_resources/dangerous",
				"cli doctl kubernetes cluster delete"),
			{
				Name: "snapshots delete", Does: detectors.Destroy, DeletesBackups: true, Undo: "no undo", Kinds: []string{personal, oauth},
				Calls:  []string{"http DELETE /v2/snapshots/*", "sdk snapshots.delete", "cli doctl compute snapshot delete", "cli doctl compute snapshot rm"},
				Source: "https://docs.digitalocean.com/reference/doctl/reference/compute/snapshot/delete",
			},
			destroy("images delete", doAPI, "http DELETE /v2/images/*", "sdk images.delete", "cli doctl compute image delete"),
			destroy("apps delete", doAPI, "http DELETE /v2/apps/*", "sdk apps.delete", "cli doctl apps delete"),
			destroy("registry delete", doAPI, "http DELETE /v2/registry", "sdk registry.delete", "cli doctl registry delete"),
			destroy("domains delete", doAPI, "http DELETE /v2/domains/*", "sdk domains.delete", "cli doctl compute domain delete"),
			destroy("projects delete", doAPI, "http DELETE /v2/projects/*", "sdk projects.delete", "cli doctl projects delete"),
			{
				Name: "add SSH keys", Does: detectors.Admin, Kinds: []string{personal, oauth},
				Calls: []string{"http POST /v2/account/keys", "cli doctl compute ssh-key create", "cli doctl compute ssh-key import"}, Source: doAPI,
			},
			{
				Name: "deploy", Does: detectors.Write, Kinds: []string{personal, oauth},
				Calls: []string{"http POST /v2/apps/*/deployments", "cli doctl apps create-deployment", "cli doctl apps update"}, Source: doAPI,
			},
		},
	}
}
