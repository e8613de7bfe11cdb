package providers

import "github.com/stagewall/stagewall/detectors"

const (
	upcloudTokens   = "https://upcloud.com/docs/guides/managing-api-tokens/"
	upcloudCommands = "https://github.com/UpCloudLtd/upcloud-cli"
)

// upcloud's tokens have a prefix. They, and logins before them, reach all that their account or subaccount may.
func upcloud() detectors.Provider {
	const token, login, shape = "api-token", "login", `ucat_[A-Za-z0-9]{20,64}`
	const bound = "all that its account or subaccount may touch, which it does not show"
	destroy := func(name, path, command string) detectors.Operation {
		return detectors.Operation{
			Name: name, Does: detectors.Destroy, Calls: []string{"http DELETE /1.3/" + path, "cli upctl " + command + " delete"}, Source: upcloudCommands,
		}
	}
	return detectors.Provider{
		Name:  "upcloud",
		Title: "UpCloud",
		Hosts: []string{"api.upcloud.com"},
		Rules: []detectors.Rule{{
			ID:          "upcloud-api-token",
			Description: "an API token",
			// The guide has the prefix; no document says the length.
			Pattern:    prefixed(shape),
			Group:      1,
			Keywords:   []string{"ucat_"},
			Entropy:    3,
			Allowlists: []detectors.Allowlist{{Description: "words", Regexes: []string{`^ucat_[A-Za-z]+$`}}},
			Kinds:      []string{token},
		}},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "API token",
				Scope:     detectors.ScopeAccount,
				Bound:     bound,
				AtMost:    detectors.Full,
				Variables: []string{"UPCLOUD_TOKEN"},
				Headers:   []string{"Authorization Bearer"},
				Shape:     shape,
				Cut:       "use the token of a subaccount that may touch staging's servers alone, and delete this one",
				Source:    upcloudTokens,
			},
			{
				Name:      login,
				Title:     "login",
				Scope:     detectors.ScopeAccount,
				Bound:     bound,
				AtMost:    detectors.Full,
				Variables: []string{"UPCLOUD_PASSWORD"},
				Partners:  []detectors.Partner{{Title: "user", Variables: []string{"UPCLOUD_USERNAME"}, Needed: true}},
				Cut:       "use the token of a subaccount that may touch staging's servers alone, and change this password",
				Source:    "https://upcloud.com/docs/guides/getting-started-upcloud-api/",
			},
		},
		Tools: []detectors.Tool{
			{
				Name: "upctl", Needs: detectors.NeedsToken, Variables: []string{"UPCLOUD_TOKEN", "UPCLOUD_PASSWORD"}, Selectors: []string{"--config"},
				Source: "https://upcloudltd.github.io/upcloud-cli/",
			},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"UPCLOUD_TOKEN", "UPCLOUD_PASSWORD"}, Selectors: []string{"-var-file"},
				Source: "https://registry.terraform.io/providers/UpCloudLtd/upcloud/latest/docs",
			},
		},
		Operations: []detectors.Operation{
			{ // its backups are deleted too
				Name: "purge everything", Does: detectors.Destroy, Backups: "deleted with it", Calls: []string{"cli upctl all purge"},
				Source: "https://github.com/UpCloudLtd/upcloud-cli/blob/main/internal/commands/all/resource.go",
			},
			undo(destroy("delete a storage", "storage/*", "storage"), "", "as asked: kept or deleted with it"),
			destroy("delete a server", "server/*", "server"),
			destroy("delete a database", "database/*", "database"),
			destroy("delete a Kubernetes cluster", "kubernetes/*", "kubernetes"),
			destroy("delete object storage", "object-storage-2/*", "object-storage"),
			destroy("delete a bucket", "object-storage-2/*/buckets/*", "object-storage bucket"),
			destroy("delete file storage", "file-storage/*", "file-storage"),
			{
				Name: "make tokens or accounts", Does: detectors.Admin,
				Calls: []string{"http POST /1.3/account/tokens", "http POST /1.3/account/sub", "cli upctl account token create"}, Source: upcloudTokens,
			},
			{Name: "create a server", Does: detectors.Write, Calls: []string{"http POST /1.3/server", "cli upctl server create"}, Source: upcloudCommands},
		},
	}
}
