package providers

import "github.com/stagewall/stagewall/detectors"

// duffel writes the mode into its tokens: test books flights of an airline that does not exist.
func duffel() detectors.Provider {
	const key = "access-token"
	return detectors.Provider{
		Name:  "duffel",
		Title: "Duffel",
		Hosts: []string{"api.duffel.com"},
		Rules: []detectors.Rule{
			{
				ID:          "duffel-token",
				Description: "a token for Duffel's API",
				Pattern:     prefixed(`duffel_(?:live|test)_[0-9A-Za-z_=-]{43}`),
				Group:       1,
				Keywords:    []string{"duffel_live_", "duffel_test_"},
				Entropy:     3.5,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "access token",
				Scope:     detectors.ScopeText,
				Bound:     "one mode of one organization",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"DUFFEL_ACCESS_TOKEN"},
				Shape:     `duffel_(?:live|test)_[0-9A-Za-z_=-]{43}`,
				Cut:       "use a test token, and delete this one",
				Source:    "https://duffel.com/docs/api/overview/authentication",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "book", Does: detectors.Write,
				Calls:  []string{"http POST /air/orders"},
				Source: "https://duffel.com/docs/api/orders/create-order",
			},
			{
				Name: "cancel an order", Does: detectors.Destroy,
				Calls:  []string{"http POST /air/order_cancellations/*/actions/confirm"},
				Source: "https://duffel.com/docs/api/order-cancellations",
			},
		},
		Decode: func(text string) detectors.Decoded {
			return ofMode(text, "duffel_", key, "https://duffel.com/docs/api/overview/authentication")
		},
	}
}
