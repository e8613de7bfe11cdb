package providers

import "github.com/stagewall/stagewall/detectors"

// lemonsqueezy gives keys to each mode, live and test, and a key does not name its mode.
func lemonsqueezy() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "lemonsqueezy",
		Title: "Lemon Squeezy",
		Hosts: []string{"api.lemonsqueezy.com"},
		Rules: []detectors.Rule{
			{
				ID:          "lemonsqueezy-key",
				Description: "a signed token that is named as a key for Lemon Squeezy",
				Pattern:     assigned(named(`lemon[_-]?squeezy`, `(?:key|token)`), `eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9\.eyJ[0-9A-Za-z_-]{100,600}\.[0-9A-Za-z_-]{300,900}`),
				Group:       1,
				Keywords:    []string{"lemonsqueezy", "lemon_squeezy", "lemon-squeezy"},
				Entropy:     4,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeContainer,
				Bound:     "every store of the account, in the mode that it was made in, which it does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"LEMONSQUEEZY_API_KEY", "LEMON_SQUEEZY_API_KEY"},
				Cut:       "give staging a key of test mode, and delete this one",
				Source:    "https://github.com/lmsqueezy/lemonsqueezy.js",
			},
		},
		Containers: []detectors.Container{
			{Variable: "LEMONSQUEEZY_STORE_ID", What: "project"},
		},
		Operations: []detectors.Operation{
			{
				Name: "cancel a subscription", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/subscriptions/*"},
				Source: "https://docs.lemonsqueezy.com/api/subscriptions/cancel-subscription",
			},
			{
				Name: "refund an order", Does: detectors.Destroy,
				Calls:  []string{"http POST /v1/orders/*/refund"},
				Source: "https://docs.lemonsqueezy.com/api/orders/issue-refund",
			},
			{
				Name: "delete a discount or webhook", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/discounts/*", "http DELETE /v1/webhooks/*"},
				Source: "https://docs.lemonsqueezy.com/api/discounts/delete-discount",
			},
			{
				Name: "make a checkout", Does: detectors.Write,
				Calls:  []string{"http POST /v1/checkouts"},
				Source: "https://docs.lemonsqueezy.com/api/checkouts/create-checkout",
			},
		},
	}
}
