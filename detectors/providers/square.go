package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// square chooses the environment by the host. The ids and secrets of applications say sandbox in their text, access tokens do not.
func square() detectors.Provider {
	const access, secret = "access-token", "application-secret"
	return detectors.Provider{
		Name:  "square",
		Title: "Square",
		Hosts: []string{"connect.squareup.com", "connect.squareupsandbox.com"},
		Rules: []detectors.Rule{
			{
				ID:          "square-access-token",
				Description: "a token for Square's API",
				Pattern:     prefixed(`EAAA[0-9A-Za-z_-]{60}|sq0atp-[0-9A-Za-z_-]{22}`),
				Group:       1,
				Keywords:    []string{"eaaa", "sq0atp-"},
				Entropy:     3.5,
				Kinds:       []string{access},
			},
			{
				ID:          "square-application-secret",
				Description: "the secret of a Square application",
				Pattern:     prefixed(`(?:sandbox-)?sq0cs[pb]-[0-9A-Za-z_-]{43}`),
				Group:       1,
				Keywords:    []string{"sq0csp-", "sq0csb-"},
				Entropy:     3.5,
				Kinds:       []string{secret},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      access,
				Title:     "access token",
				Scope:     detectors.ScopeHost,
				Bound:     "the account at the host that it is sent to: production or sandbox; a personal one may do everything",
				AtMost:    detectors.Full,
				Variables: []string{"SQUARE_ACCESS_TOKEN", "SQUARE_TOKEN"},
				Shape:     `EAAA[0-9A-Za-z_-]{60}|sq0atp-[0-9A-Za-z_-]{22}`,
				Cut:       "use the sandbox application's access token, and replace this one in the Developer Console",
				Source:    "https://developer.squareup.com/docs/build-basics/access-tokens",
			},
			{
				Name:      secret,
				Title:     "application's secret",
				Scope:     detectors.ScopeText,
				Bound:     "one application: its text says sandbox or production",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"SQUARE_APPLICATION_SECRET"},
				Cut:       "use the sandbox application's secret, and replace this one in the Developer Console",
				Source:    "https://developer.squareup.com/docs/build-basics/access-tokens",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a customer", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v2/customers/*"},
				Source: "https://developer.squareup.com/reference/square/customers-api/delete-customer",
			},
			{
				Name: "delete a catalog object", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v2/catalog/object/*", "http POST /v2/catalog/batch-delete"},
				Source: "https://developer.squareup.com/reference/square/catalog-api/delete-catalog-object",
			},
			{
				Name: "refund a payment", Does: detectors.Write,
				Calls:  []string{"http POST /v2/refunds"},
				Source: "https://developer.squareup.com/reference/square/refunds-api/refund-payment",
			},
			{
				Name: "take a payment", Does: detectors.Write,
				Calls:  []string{"http POST /v2/payments"},
				Source: "https://developer.squareup.com/reference/square/payments-api/create-payment",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text, "sandbox-"):
				return textual(secret, notProduction, "its text says sandbox", "https://developer.squareup.com/docs/build-basics/access-tokens")
			case strings.HasPrefix(text, "sq0cs"):
				return textual(secret, detectors.Production, "its text is that of a production application", "https://developer.squareup.com/docs/build-basics/access-tokens")
			}
			return detectors.Decoded{Kind: access}
		},
	}
}
