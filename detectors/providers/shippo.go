package providers

import "github.com/stagewall/stagewall/detectors"

// shippo writes the mode into its tokens.
func shippo() detectors.Provider {
	const key = "api-token"
	return detectors.Provider{
		Name:  "shippo",
		Title: "Shippo",
		Hosts: []string{"api.goshippo.com"},
		Rules: []detectors.Rule{
			{
				ID:          "shippo-token",
				Description: "a token for Shippo's API",
				Pattern:     prefixed(`shippo_(?:live|test)_[0-9a-f]{40}`),
				Group:       1,
				Keywords:    []string{"shippo_live_", "shippo_test_"},
				Entropy:     3,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API token",
				Scope:     detectors.ScopeText,
				Bound:     "one mode of one account",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"SHIPPO_API_KEY", "SHIPPO_TOKEN", "SHIPPO_API_TOKEN"},
				Shape:     `shippo_(?:live|test)_[0-9a-f]{40}`,
				Cut:       "use the test token, and delete this one",
				Source:    "https://docs.goshippo.com/docs/guides_general/authentication/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "buy a label", Does: detectors.Write,
				Calls:  []string{"http POST /transactions"},
				Source: "https://docs.goshippo.com/shippoapi/public-api/transactions/createtransaction",
			},
			{
				Name: "refund a label", Does: detectors.Write,
				Calls:  []string{"http POST /refunds"},
				Source: "https://docs.goshippo.com/shippoapi/public-api/refunds/createrefund",
			},
		},
		Decode: func(text string) detectors.Decoded {
			return ofMode(text, "shippo_", key, "https://docs.goshippo.com/docs/guides_general/authentication/")
		},
	}
}
