package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// easypost writes into the first letters of a key whether it buys labels (EZAK) or pretends to (EZTK).
func easypost() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "easypost",
		Title: "EasyPost",
		Hosts: []string{"api.easypost.com"},
		Rules: []detectors.Rule{
			{
				ID:          "easypost-key",
				Description: "a key for EasyPost's API",
				Pattern:     prefixed(`EZ[AT]K[0-9A-Za-z]{54}`),
				Group:       1,
				Keywords:    []string{"ezak", "eztk"},
				Entropy:     3.5,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeText,
				Bound:     "production or test of one account",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"EASYPOST_API_KEY"},
				Shape:     `EZ[AT]K[0-9A-Za-z]{54}`,
				Cut:       "use the test key, and delete this one",
				Source:    "https://docs.easypost.com/docs/authentication",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "buy a label", Does: detectors.Write,
				Calls:  []string{"http POST /v2/shipments/*/buy"},
				Source: "https://docs.easypost.com/docs/shipments",
			},
			{
				Name: "refund a label", Does: detectors.Write,
				Calls:  []string{"http POST /v2/shipments/*/refund"},
				Source: "https://docs.easypost.com/docs/shipments",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text, "EZAK"):
				return textual(key, detectors.Production, "its first letters say production", "https://docs.easypost.com/docs/authentication")
			case strings.HasPrefix(text, "EZTK"):
				return textual(key, notProduction, "its first letters say test", "https://docs.easypost.com/docs/authentication")
			}
			return detectors.Decoded{}
		},
	}
}
