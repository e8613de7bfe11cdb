package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// mercury writes the environment into its tokens; what a token may do is chosen when it is made. The sandbox has a host and tokens of its own,
// https://docs.mercury.com/docs/using-mercury-sandbox
func mercury() detectors.Provider {
	const token = "api-token"
	return detectors.Provider{
		Name:  "mercury",
		Title: "Mercury",
		Hosts: []string{"api.mercury.com", "api-sandbox.mercury.com", "backend.mercury.com"},
		Rules: []detectors.Rule{
			{
				ID:          "mercury-token",
				Description: "a token for Mercury's API",
				// Production's form is of the API's description, the sandbox's of tokens that were seen:
				// https://github.com/betterleaks/betterleaks/blob/main/cmd/generate/config/rules/mercury.go
				Pattern:  prefixed(`(?:secret-token:)?mercury_(?:production|sandbox)_[a-z]{2,8}_[0-9A-Za-z]{30,60}_yrucrem`),
				Group:    1,
				Keywords: []string{"mercury_production_", "mercury_sandbox_"},
				Entropy:  3.5,
				Kinds:    []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "API token",
				Scope:     detectors.ScopeText,
				Bound:     "the bank accounts of one company, within a tier that it does not show: reading, or reading and paying",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"MERCURY_API_TOKEN", "MERCURY_API_KEY", "MERCURY_TOKEN"},
				Cut:       "give staging a token of the sandbox or one that reads only, and delete this one",
				Source:    "https://docs.mercury.com/docs/getting-started",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "send money", Does: detectors.Destroy,
				Calls: []string{
					"http POST /api/v1/account/*/transactions", "http POST /api/v1/account/*/request-send-money", "http POST /api/v1/transfer",
				},
				Source: "https://docs.mercury.com/reference/createtransaction",
			},
			{
				Name: "add a recipient", Does: detectors.Write,
				Calls:  []string{"http POST /api/v1/recipients"},
				Source: "https://docs.mercury.com/reference/createrecipient",
			},
		},
		Decode: func(text string) detectors.Decoded {
			const source = "https://docs.mercury.com/docs/getting-started"
			switch text = strings.TrimPrefix(text, "secret-token:"); {
			case strings.HasPrefix(text, "mercury_production_"):
				return textual(token, detectors.Production, "the token's text says production", source)
			case strings.HasPrefix(text, "mercury_sandbox_"):
				return textual(token, notProduction, "the token's text says sandbox", source)
			}
			return detectors.Decoded{}
		},
	}
}
