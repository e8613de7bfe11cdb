package providers

import "github.com/stagewall/stagewall/detectors"

// openrouter has keys of one form: that one may make and delete others is not in the text.
func openrouter() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "openrouter",
		Title: "OpenRouter",
		Hosts: []string{"openrouter.ai"},
		Rules: []detectors.Rule{
			{
				ID:          "openrouter-key",
				Description: "a key for OpenRouter's API",
				Pattern:     prefixed(`sk-or-v1-[0-9a-f]{64}`),
				Group:       1,
				Keywords:    []string{"sk-or-v1-"},
				Entropy:     3.3,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "the whole account, up to its own limit of credits; one made for provisioning manages all keys, which it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"OPENROUTER_API_KEY", "OPENROUTER_KEY", "OPENROUTER_PROVISIONING_KEY"},
				Shape:     `sk-or-v1-[0-9a-f]{64}`,
				Cut:       "give staging a key with a limit of its own, and delete this one",
				Source:    "https://openrouter.ai/docs/api-reference/authentication",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a key", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v1/keys/*"},
				Source: "https://openrouter.ai/docs/features/provisioning-api-keys",
			},
			{
				Name: "make a key", Does: detectors.Admin,
				Calls:  []string{"http POST /api/v1/keys"},
				Source: "https://openrouter.ai/docs/features/provisioning-api-keys",
			},
			{
				Name: "generate", Does: detectors.Write,
				Calls:  []string{"http POST /api/v1/chat/completions"},
				Source: "https://openrouter.ai/docs/api-reference/chat-completion",
			},
		},
	}
}
