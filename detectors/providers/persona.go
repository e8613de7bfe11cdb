package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// persona writes the environment into its keys.
func persona() detectors.Provider {
	const key = "api-key"
	const source = "https://docs.withpersona.com/api-keys"
	return detectors.Provider{
		Name:  "persona",
		Title: "Persona",
		Hosts: []string{"api.withpersona.com", "withpersona.com"},
		Rules: []detectors.Rule{
			{
				ID:          "persona-key",
				Description: "a key for Persona's API",
				Pattern:     prefixed(`persona_(?:production|sandbox)_[0-9A-Za-z_-]{20,80}`),
				Group:       1,
				Keywords:    []string{"persona_production_", "persona_sandbox_"},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{{Description: "a name", Regexes: []string{`^persona_[a-z_]+$`}}},
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeText,
				Bound:     "one environment of one organization, within permissions that it does not show: people's documents",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"PERSONA_API_KEY"},
				Shape:     `persona_(?:production|sandbox)_[0-9A-Za-z_-]{20,80}`,
				Cut:       "give staging a key of the sandbox, and delete this one",
				Source:    source,
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "redact an inquiry or account", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v1/inquiries/*", "http DELETE /api/v1/accounts/*", "http DELETE /api/v1/reports/*"},
				Source: "https://docs.withpersona.com/api-reference/inquiries/redact-an-inquiry",
			},
			{
				Name: "approve or decline", Does: detectors.Write,
				Calls:  []string{"http POST /api/v1/inquiries/*/approve", "http POST /api/v1/inquiries/*/decline"},
				Source: "https://docs.withpersona.com/api-reference/inquiries/approve-an-inquiry",
			},
			{
				Name: "make an API key", Does: detectors.Write,
				Calls:  []string{"http POST /api/v1/api-keys"},
				Source: "https://docs.withpersona.com/api-reference/api-keys/create-an-api-key",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text, "persona_production_"):
				return textual(key, detectors.Production, "the key's text says production", source)
			case strings.HasPrefix(text, "persona_sandbox_"):
				return textual(key, notProduction, "the key's text says sandbox", source)
			}
			return detectors.Decoded{}
		},
	}
}
