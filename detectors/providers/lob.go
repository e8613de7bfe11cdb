package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// lob writes the mode into its keys: live prints and posts letters.
func lob() detectors.Provider {
	const key, publishable = "secret-key", "publishable-key"
	return detectors.Provider{
		Name:  "lob",
		Title: "Lob",
		Hosts: []string{"api.lob.com"},
		Rules: []detectors.Rule{
			{
				ID:          "lob-key",
				Description: "a key for Lob's API",
				Pattern:     beside(`\blob`, `(?:live|test)_[0-9a-f]{35}`),
				Group:       1,
				Keywords:    []string{"lob"},
				Entropy:     3,
				Kinds:       []string{key},
			},
			{
				ID:          "lob-publishable-key",
				Description: "a Lob key made to be published",
				Pattern:     beside(`\blob`, `(?:live|test)_pub_[0-9a-f]{31}`),
				Group:       1,
				Keywords:    []string{"lob"},
				Entropy:     3,
				Kinds:       []string{publishable},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "secret key",
				Scope:     detectors.ScopeText,
				Bound:     "one mode of one account",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"LOB_API_KEY"},
				Cut:       "use the test key, and roll this one",
				Source:    "https://docs.lob.com/#tag/Authentication",
			},
			{
				Name:      publishable,
				Title:     "publishable key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it verifies addresses",
				Variables: []string{"LOB_PUBLISHABLE_KEY", "LOB_PUBLISHABLE_API_KEY"},
				Source:    "https://docs.lob.com/#tag/Authentication",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "cancel a letter", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/letters/*", "http DELETE /v1/postcards/*", "http DELETE /v1/checks/*"},
				Source: "https://docs.lob.com/",
			},
			{
				Name: "delete a bank account or template", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http DELETE /v1/bank_accounts/*", "http DELETE /v1/templates/*", "http DELETE /v1/templates/*/versions/*"},
				Source: "https://github.com/lob/lob-openapi/blob/main/dist/lob-api-bundled.yml",
			},
			{
				Name: "post a letter", Does: detectors.Write,
				Calls:  []string{"http POST /v1/letters", "http POST /v1/postcards", "http POST /v1/checks"},
				Source: "https://docs.lob.com/",
			},
		},
		Decode: func(text string) detectors.Decoded {
			if strings.Contains(text, "_pub_") {
				return detectors.Decoded{Kind: publishable}
			}
			return ofMode(text, "", key, "https://docs.lob.com/#tag/Authentication")
		},
	}
}
