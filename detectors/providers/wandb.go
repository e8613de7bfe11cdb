package providers

import "github.com/stagewall/stagewall/detectors"

// wandb gives a person a key that does all that the person may do; environments are projects.
func wandb() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "wandb",
		Title: "Weights & Biases",
		Hosts: []string{"api.wandb.ai"},
		Rules: []detectors.Rule{
			{
				ID:          "wandb-key",
				Description: "a key for Weights & Biases",
				Pattern:     prefixed(`wandb_v1_[0-9A-Za-z_]{77}`),
				Group:       1,
				Keywords:    []string{"wandb_v1_"},
				Entropy:     3.8,
				Kinds:       []string{key},
			},
			{
				ID:          "wandb-named-key",
				Description: "a value named as a key for Weights & Biases",
				Pattern:     assigned(named(`wandb`, `key`), `[0-9a-f]{40}`),
				Group:       1,
				Keywords:    []string{"wandb"},
				Entropy:     3.2,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       []string{key},
			},
			{
				ID:          "wandb-netrc-key",
				Description: "a key in the file of logins",
				Pattern:     `\bmachine[ \t]+api\.wandb\.ai\s+login[ \t]+user\s+password[ \t]+([0-9a-f]{40})` + right,
				Group:       1,
				Keywords:    []string{"api.wandb.ai"},
				Entropy:     3.2,
				Kinds:       []string{key},
			},
			{
				ID:          "wandb-login-key",
				Description: "a key on a command line",
				Pattern:     `\bwandb[ \t]+login[ \t]+(?:--relogin[ \t]+)?([0-9a-f]{40})` + right,
				Group:       1,
				Keywords:    []string{"wandb"},
				Entropy:     3.2,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every project of the person and the teams",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"WANDB_API_KEY"},
				Shape:     `[0-9a-f]{40}|wandb_v1_[0-9A-Za-z_]{77}`,
				Cut:       "use the key of a service account of staging's team, and delete this one",
				Source:    "https://docs.wandb.ai/guides/track/environment-variables/",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "wandb",
				Variables: []string{"WANDB_API_KEY"},
				Selectors: []string{"--project", "-p", "--entity", "-e"},
				Source:    "https://docs.wandb.ai/ref/cli/",
			},
		},
		Containers: []detectors.Container{
			{Variable: "WANDB_PROJECT", What: "project"},
			{Variable: "WANDB_ENTITY", What: "account"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete runs, artifacts or registries", Does: detectors.Destroy,
				Calls: []string{
					"graphql deleteRun", "graphql deleteFiles", "graphql deleteArtifact", "graphql deleteArtifactSequence", "graphql deleteArtifactPortfolio",
					"graphql deleteModel", "sdk run.delete", "sdk artifact.delete",
				},
				Source: "https://github.com/wandb/wandb",
			},
			{
				Name: "upload runs", Does: detectors.Write,
				Calls:  []string{"cli wandb sync", "cli wandb artifact put", "cli wandb launch"},
				Source: "https://docs.wandb.ai/ref/cli/wandb-sync/",
			},
			{
				Name: "query", Does: detectors.Read,
				Calls:  []string{"http POST /graphql"},
				Source: "https://docs.wandb.ai/ref/python/public-api/",
			},
		},
	}
}
