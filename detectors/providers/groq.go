package providers

import "github.com/stagewall/stagewall/detectors"

// groq binds a key to one project, which it does not name.
func groq() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "groq",
		Title: "Groq",
		Hosts: []string{"api.groq.com"},
		Rules: []detectors.Rule{
			{
				ID:          "groq-key",
				Description: "a key for Groq's API",
				Pattern:     prefixed(`gsk_[0-9A-Za-z]{52}`),
				Group:       1,
				Keywords:    []string{"gsk_"},
				Entropy:     3.5,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one project of the organization, which it does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"GROQ_API_KEY"},
				Shape:     `gsk_[0-9A-Za-z]{52}`,
				Cut:       "make a key of its own for staging, and revoke this one",
				Source:    "https://console.groq.com/docs/projects",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a file", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /openai/v1/files/*"},
				Source: "https://console.groq.com/docs/api-reference",
			},
		},
	}
}
