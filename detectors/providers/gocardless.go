package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// gocardless writes the environment into its tokens: live collects real money, sandbox does not.
func gocardless() detectors.Provider {
	const token = "access-token"
	return detectors.Provider{
		Name:  "gocardless",
		Title: "GoCardless",
		Hosts: []string{"api.gocardless.com", "api-sandbox.gocardless.com"},
		Rules: []detectors.Rule{
			{
				ID:          "gocardless-token",
				Description: "a token for GoCardless' API",
				Pattern:     beside(`gocardless|\bgc_access|go[_-]cardless`, `(?:live|sandbox)_[0-9A-Za-z_-]{40}`),
				Group:       1,
				Keywords:    []string{"gocardless", "gc_access", "go_cardless", "go-cardless"},
				Entropy:     3.5,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "access token",
				Scope:     detectors.ScopeText,
				Bound:     "one account in the live environment, which is real money, or in the sandbox",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"GOCARDLESS_ACCESS_TOKEN", "GC_ACCESS_TOKEN", "GOCARDLESS_TOKEN"},
				Cut:       "give staging a token of the sandbox, and delete this one",
				Source:    "https://developer.gocardless.com/getting-started/api/making-your-first-request/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "cancel a mandate, payment or subscription", Does: detectors.Destroy,
				Calls: []string{
					"http POST /mandates/*/actions/cancel", "http POST /payments/*/actions/cancel", "http POST /subscriptions/*/actions/cancel",
				},
				Source: "https://developer.gocardless.com/api-reference/#mandates-cancel-a-mandate",
			},
			{
				Name: "refund", Does: detectors.Destroy,
				Calls:  []string{"http POST /refunds"},
				Source: "https://developer.gocardless.com/api-reference/#refunds-create-a-refund",
			},
			{
				Name: "remove a customer", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /customers/*"},
				Source: "https://developer.gocardless.com/api-reference/#customers-remove-a-customer",
			},
			{
				Name: "collect money", Does: detectors.Write,
				Calls:  []string{"http POST /payments", "http POST /instalment_schedules", "http POST /subscriptions"},
				Source: "https://developer.gocardless.com/api-reference/#payments-create-a-payment",
			},
		},
		Decode: func(text string) detectors.Decoded {
			const source = "https://developer.gocardless.com/getting-started/api/making-your-first-request/"
			switch {
			case strings.HasPrefix(text, "live_"):
				return textual(token, detectors.Production, "the token's text says live", source)
			case strings.HasPrefix(text, "sandbox_"):
				return textual(token, notProduction, "the token's text says sandbox", source)
			}
			return detectors.Decoded{}
		},
	}
}
