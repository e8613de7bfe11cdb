package providers

import "github.com/stagewall/stagewall/detectors"

// deepseek has keys of one form and no environments.
func deepseek() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "deepseek",
		Title: "DeepSeek",
		Hosts: []string{"api.deepseek.com"},
		Rules: []detectors.Rule{
			{
				ID:          "deepseek-key",
				Description: "a key, on a line that names DeepSeek",
				Pattern:     beside(`deepseek`, `sk-[0-9a-f]{32}`),
				Group:       1,
				Keywords:    []string{"deepseek"},
				Entropy:     3,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "the whole account: it spends",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"DEEPSEEK_API_KEY"},
				Cut:       "give staging a key of an account of its own, and delete this one",
				Source:    "https://api-docs.deepseek.com/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "generate", Does: detectors.Write,
				Calls:  []string{"http POST /chat/completions", "http POST /v1/chat/completions", "http POST /beta/completions"},
				Source: "https://api-docs.deepseek.com/api/create-chat-completion",
			},
		},
	}
}
