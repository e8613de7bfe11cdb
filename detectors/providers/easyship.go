package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// easyship writes the environment into its tokens: prod buys real labels, sand is its sandbox.
func easyship() detectors.Provider {
	const token = "api-token"
	return detectors.Provider{
		Name:  "easyship",
		Title: "Easyship",
		Hosts: []string{"public-api.easyship.com", "public-api-sandbox.easyship.com", "api.easyship.com"},
		Rules: []detectors.Rule{
			{
				ID:          "easyship-token",
				Description: "a token for Easyship's API",
				Pattern:     beside(`easyship`, `(?:prod|sand)_[0-9A-Za-z+/_-]{40,64}={0,2}`),
				Group:       1,
				Keywords:    []string{"easyship"},
				Entropy:     3,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "API access token",
				Scope:     detectors.ScopeText,
				Bound:     "one company in production or in the sandbox, within scopes that it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"EASYSHIP_API_TOKEN", "EASYSHIP_TOKEN", "EASYSHIP_API_KEY", "EASYSHIP_ACCESS_TOKEN"},
				Cut:       "give staging the token of the sandbox, and replace this one",
				Source:    "https://developers.easyship.com/reference/authentication-1",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete or cancel a shipment", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /*/shipments/*", "http POST /*/shipments/*/cancel"},
				Source: "https://developers.easyship.com/reference/shipments_delete",
			},
			{
				Name: "buy labels", Does: detectors.Write,
				Calls:  []string{"http POST /*/shipments", "http POST /*/labels"},
				Source: "https://developers.easyship.com/reference/shipments_create",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text, "prod_"):
				return textual(token, detectors.Production, "the token's text says production", "https://developers.easyship.com/reference/authentication-1")
			case strings.HasPrefix(text, "sand_"):
				return textual(token, notProduction, "the token's text says sandbox", "https://developers.easyship.com/reference/authentication-1")
			}
			return detectors.Decoded{}
		},
	}
}
