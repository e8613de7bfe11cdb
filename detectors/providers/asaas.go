package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// asaas writes the environment into its keys: prod is real money, hmlg (homologação) its sandbox.
func asaas() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "asaas",
		Title: "Asaas",
		Hosts: []string{"api.asaas.com", "api-sandbox.asaas.com"},
		Rules: []detectors.Rule{
			{
				ID:          "asaas-key",
				Description: "a key for Asaas' API",
				Pattern:     `(?:(?m:^)|[^A-Za-z0-9_$-]|\\[nrt])(\$aact_(?:prod|hmlg)_[0-9A-Za-z+/=:$_-]{40,600})` + right,
				Group:       1,
				Keywords:    []string{"$aact_"},
				Entropy:     3.5,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeText,
				Bound:     "one account of one environment: production, which is real money, or the sandbox",
				AtMost:    detectors.Full,
				Variables: []string{"ASAAS_API_KEY", "ASAAS_ACCESS_TOKEN", "ASAAS_TOKEN"},
				Headers:   []string{"access_token"},
				Shape:     `\$aact_(?:prod|hmlg)_[0-9A-Za-z+/=:$_-]{40,600}`,
				Cut:       "give staging a key of the sandbox, and replace this one",
				Source:    "https://docs.asaas.com/docs/authentication-2",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a payment, customer or subscription", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v3/payments/*", "http DELETE /v3/customers/*", "http DELETE /v3/subscriptions/*"},
				Source: "https://docs.asaas.com/reference/delete-payment",
			},
			{
				Name: "transfer money", Does: detectors.Destroy,
				Calls:  []string{"http POST /v3/transfers"},
				Source: "https://docs.asaas.com/reference/transfer-to-another-institution-account-or-pix-key",
			},
			{
				Name: "make an API key of a subaccount", Does: detectors.Admin,
				Calls:  []string{"http POST /v3/accounts/*/accessTokens"},
				Source: "https://docs.asaas.com/docs/subaccount-api-key-management",
			},
		},
		Decode: func(key string) detectors.Decoded {
			switch {
			case strings.HasPrefix(key, "$aact_prod_"):
				return textual("api-key", detectors.Production, "the key's text says production", "https://docs.asaas.com/docs/authentication-2")
			case strings.HasPrefix(key, "$aact_hmlg_"):
				return textual("api-key", notProduction, "the key's text says sandbox", "https://docs.asaas.com/docs/authentication-2")
			}
			return detectors.Decoded{}
		},
	}
}
