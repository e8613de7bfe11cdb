package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// braintree writes the environment into access tokens; the three keys of a gateway are silent, and the host chooses.
func braintree() detectors.Provider {
	const private, access = "private-key", "access-token"
	return detectors.Provider{
		Name:  "braintree",
		Title: "Braintree",
		Hosts: []string{"api.braintreegateway.com", "api.sandbox.braintreegateway.com", "payments.braintree-api.com", "payments.sandbox.braintree-api.com"},
		Rules: []detectors.Rule{
			{
				ID:          "braintree-private-key",
				Description: "a value whose variable is named as Braintree's private key",
				Pattern:     assigned(named(`braintree`, `private[_-]?key`), `[0-9a-f]{32}`),
				Group:       1,
				Keywords:    []string{"braintree"},
				Entropy:     3,
				Kinds:       []string{private},
			},
			{
				ID:          "braintree-access-token",
				Description: "a Braintree access token",
				Pattern:     left + `(access_token\$(?:sandbox|production)\$[0-9a-z]{16}\$[0-9a-f]{32})` + right,
				Group:       1,
				Keywords:    []string{"access_token$"},
				Entropy:     3,
				Kinds:       []string{access},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      private,
				Title:     "private key",
				Scope:     detectors.ScopeHost,
				Bound:     "the gateway at the host that it is sent to, as the user whose key it is",
				AtMost:    detectors.Full,
				Variables: []string{"BRAINTREE_PRIVATE_KEY"},
				Shape:     `[0-9a-f]{32}`,
				Cut:       "use the sandbox gateway's keys, and revoke this one",
				Source:    "https://developer.paypal.com/braintree/articles/control-panel/important-gateway-credentials",
			},
			{
				Name:      access,
				Title:     "access token",
				Scope:     detectors.ScopeText,
				Bound:     "one merchant in the sandbox or in production",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"BRAINTREE_ACCESS_TOKEN"},
				Shape:     `access_token\$(?:sandbox|production)\$[0-9a-z]{16}\$[0-9a-f]{32}`,
				Cut:       "use the sandbox's token, and revoke this one",
				Source:    "https://developer.paypal.com/braintree/articles/control-panel/important-gateway-credentials",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a customer", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /merchants/*/customers/*", "graphql deleteCustomer"},
				Source: "https://developer.paypal.com/braintree/docs/reference/request/customer/delete",
			},
			{
				Name: "refund or void", Does: detectors.Write,
				Calls:  []string{"graphql refundTransaction", "graphql reverseTransaction", "http POST /merchants/*/transactions/*/refund"},
				Source: "https://developer.paypal.com/braintree/docs/reference/request/transaction/refund",
			},
		},
		Decode: func(text string) detectors.Decoded {
			environment, ok := strings.CutPrefix(text, "access_token$")
			if !ok {
				return detectors.Decoded{}
			}
			if strings.HasPrefix(environment, "production$") {
				return textual(access, detectors.Production, "the token's text says production", "https://developer.paypal.com/braintree/articles/control-panel/important-gateway-credentials")
			}
			return textual(access, notProduction, "the token's text says sandbox", "https://developer.paypal.com/braintree/articles/control-panel/important-gateway-credentials")
		},
	}
}
