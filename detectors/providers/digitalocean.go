package providers

import "github.com/stagewall/stagewall/detectors"

const (
	doTokens = "https://docs.digitalocean.com/reference/api/create-personal-access-token/"
	doAPI    = "https://docs.digitalocean.com/reference/api/reference/"
	doctlCLI = "https://docs.digitalocean.com/reference/doctl/"

	doCommands = "https://github.com/digitalocean/doctl/blob/main/commands/"
	doOpenAPI  = "https://github.com/digitalocean/openapi/blob/main/specification/resources/"
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
				Partners:  []detectors.Partner{{Title: "key id", Variables: []string{"SPACES_ACCESS_KEY_ID", "SPACES_ACCESS_KEY", "SPACES_KEY"}}},
				Cut:       "make a key for staging's bucket alone, and delete this one",
				Source:    "https://docs.digitalocean.com/products/spaces/how-to/manage-access/",
			},
		},
		Tools: []detectors.Tool{
			{
				Name: "doctl", Needs: detectors.NeedsToken, Variables: []string{"DIGITALOCEAN_ACCESS_TOKEN"}, Selectors: []string{"--context", "--access-token", "-t"},
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
			undo(destroy("databases delete", "https://docs.digitalocean.com/products/databases/postgresql/how-to/destroy/",
				"http DELETE /v2/databases/*", "cli doctl databases delete", "cli doctl databases rm", "sdk databases.delete"), "no undo", "deleted with it"),
			undo(destroy("destroy droplets with all that belongs to them",
				"https://docs.digitalocean.com/reference/dots/reference/droplets/droplets-destroy-withassociatedresourcesdangerous/",
				"http DELETE /v2/droplets/*/destroy_with_associated_resources/dangerous"), "no undo", "deleted with it"),
			undo(destroy("droplets delete", doCommands+"droplets.go", "http DELETE /v2/droplets/*", "http DELETE /v2/droplets",
				"cli doctl compute droplet delete", "cli doctl compute droplet rm", "sdk droplets.delete", "sdk droplets.deleteByTag"), "no undo", ""),
			undo(destroy("volumes delete", doCommands+"volumes.go", "http DELETE /v2/volumes/*", "http DELETE /v2/volumes",
				"cli doctl compute volume delete", "cli doctl compute volume rm", "sdk storage.deleteVolume"), "no undo", ""),
			destroy("kubernetes clusters delete", doAPI,
				"http DELETE /v2/kubernetes/clusters/*", "sdk kubernetes.delete", "http DELETE /v2/kubernetes/clusters/*/destroy_with_associated_resources/dangerous",
				"cli doctl kubernetes cluster delete"),
			{
				Name: "snapshots delete", Does: detectors.Destroy, DeletesBackups: true, Undo: "no undo", Kinds: []string{personal, oauth},
				Calls:  []string{"http DELETE /v2/snapshots/*", "sdk snapshots.delete", "cli doctl compute snapshot delete", "cli doctl compute snapshot rm"},
				Source: "https://docs.digitalocean.com/reference/doctl/reference/compute/snapshot/delete",
			},
			undo(destroy("images delete", doCommands+"images.go", "http DELETE /v2/images/*", "cli doctl compute image delete", "cli doctl compute image rm", "sdk images.delete"), "no undo", ""),
			undo(destroy("apps delete", doCommands+"apps.go", "http DELETE /v2/apps/*", "cli doctl apps delete", "sdk apps.delete"), "no undo", ""),
			undo(destroy("registry delete", doCommands+"registry.go", "http DELETE /v2/registry", "http DELETE /v2/registries/*",
				"cli doctl registry delete", "cli doctl registries delete", "sdk registry.delete"), "no undo", ""),
			undo(destroy("domains delete", doCommands+"domains.go", "http DELETE /v2/domains/*", "cli doctl compute domain delete", "sdk domains.delete"), "no undo", ""),
			undo(destroy("functions namespaces delete", doOpenAPI+"functions/functions_delete_namespace.yml",
				"http DELETE /v2/functions/namespaces/*", "cli doctl serverless namespaces delete"), "no undo", ""),
			undo(destroy("vector databases delete", doOpenAPI+"vector_databases/vector_databases_delete.yml", "http DELETE /v2/vector-databases/*"), "no undo", ""),
			destroy("projects delete", doAPI, "http DELETE /v2/projects/*", "cli doctl projects delete", "sdk projects.delete"),
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
