package providers

import "github.com/stagewall/stagewall/detectors"

// together binds a key to one project, which it does not name.
func together() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "together",
		Title: "Together AI",
		Hosts: []string{"api.together.xyz"},
		Rules: []detectors.Rule{
			{
				ID:          "together-key",
				Description: "a key for Together AI's API",
				Pattern:     prefixed(`tgp_v1_[0-9A-Za-z_-]{43}`),
				Group:       1,
				Keywords:    []string{"tgp_v1_"},
				Entropy:     3.5,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one project, which it does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"TOGETHER_API_KEY"},
				Shape:     `tgp_v1_[0-9A-Za-z_-]{43}`,
				Cut:       "make a key of its own for staging, and revoke this one",
				Source:    "https://docs.together.ai/docs/api-keys-authentication",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a file", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/files/*"},
				Source: "https://docs.together.ai/reference/files",
			},
		},
	}
}
