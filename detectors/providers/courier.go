package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// courier writes the environment into its keys.
func courier() detectors.Provider {
	const key = "api-key"
	const source = "https://www.courier.com/docs/platform/workspaces/environments-api-keys"
	return detectors.Provider{
		Name:  "courier",
		Title: "Courier",
		Hosts: []string{"api.courier.com", "api.eu.courier.com"},
		Rules: []detectors.Rule{
			{
				ID:          "courier-key",
				Description: "a key for Courier's API",
				// No document says the form: keys that were seen have it, as https://github.com/mongodb/kingfisher/blob/main/data/rules/courier.yml
				Pattern:  prefixed(`(?:pk|dk)_(?:prod|test)_[0-9A-Z]{28}`),
				Group:    1,
				Keywords: []string{"k_prod_", "k_test_"},
				Entropy:  3.5,
				Kinds:    []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeText,
				Bound:     "one environment of one workspace: production, whose messages reach people, or test",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"COURIER_AUTH_TOKEN", "COURIER_API_KEY"},
				Shape:     `(?:pk|dk)_(?:prod|test)_[0-9A-Z]{28}`,
				Cut:       "give staging the key of the test environment, and rotate this one",
				Source:    source,
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a profile, list or tenant", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /profiles/*", "http DELETE /lists/*", "http DELETE /tenants/*"},
				Source: "https://www.courier.com/docs/reference/profiles/delete",
			},
			{
				Name: "send", Does: detectors.Write,
				Calls:  []string{"http POST /send", "http POST /bulk/*/run"},
				Source: "https://www.courier.com/docs/reference/send/message",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text[min(len(text), 2):], "_prod_"):
				return textual(key, detectors.Production, "the key's text says prod", source)
			case strings.HasPrefix(text[min(len(text), 2):], "_test_"):
				return textual(key, notProduction, "the key's text says test", source)
			}
			return detectors.Decoded{}
		},
	}
}
