package providers

import "github.com/stagewall/stagewall/detectors"

// mistral binds a key to one workspace, which it does not name; the key has no form of its own.
func mistral() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "mistral",
		Title: "Mistral AI",
		Hosts: []string{"api.mistral.ai"},
		Rules: []detectors.Rule{
			{
				ID:          "mistral-key",
				Description: "a key for Mistral AI's API",
				Pattern:     assigned(named(`mistral`, `key`), `[0-9A-Za-z]{32}`),
				Group:       1,
				Keywords:    []string{"mistral"},
				Entropy:     4,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one workspace, which it does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"MISTRAL_API_KEY"},
				Shape:     `[0-9A-Za-z]{32}`,
				Cut:       "make a key of its own for staging, and revoke this one",
				Source:    "https://docs.mistral.ai/admin/security-access/api-keys",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a file", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/files/*"},
				Source: "https://docs.mistral.ai/api/",
			},
			{
				Name: "delete a fine-tuned model", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/models/*"},
				Source: "https://docs.mistral.ai/api/",
			},
			{
				Name: "delete an agent", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/agents/*"},
				Source: "https://docs.mistral.ai/api/",
			},
		},
	}
}
