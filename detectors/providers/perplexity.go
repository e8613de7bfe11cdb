package providers

import "github.com/stagewall/stagewall/detectors"

// perplexity binds a key to a group that pays; it asks models and no more.
func perplexity() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "perplexity",
		Title: "Perplexity",
		Hosts: []string{"api.perplexity.ai"},
		Rules: []detectors.Rule{
			{
				ID:          "perplexity-key",
				Description: "a key for Perplexity's API",
				Pattern:     prefixed(`pplx-[0-9A-Za-z]{48}`),
				Group:       1,
				Keywords:    []string{"pplx-"},
				Entropy:     3.5,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeContainer,
				Bound:     "the credits of one API group, which it does not name",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"PERPLEXITY_API_KEY", "PPLX_API_KEY"},
				Shape:     `pplx-[0-9A-Za-z]{48}`,
				Cut:       "make a key of its own for staging, and revoke this one",
				Source:    "https://docs.perplexity.ai/guides/api-key-management",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "ask a model", Does: detectors.Write,
				Calls:  []string{"http POST /chat/completions"},
				Source: "https://docs.perplexity.ai/api-reference/chat-completions-post",
			},
		},
	}
}
