package providers

import "github.com/stagewall/stagewall/detectors"

// paystack writes the mode into its keys as Stripe does, so its own name must stand beside one.
func paystack() detectors.Provider {
	const key = "secret-key"
	return detectors.Provider{
		Name:  "paystack",
		Title: "Paystack",
		Hosts: []string{"api.paystack.co"},
		Rules: []detectors.Rule{
			{
				ID:          "paystack-secret-key",
				Description: "a key for Paystack's API",
				Pattern:     beside(`paystack`, `sk_(?:live|test)_[0-9a-z]{36,48}`),
				Group:       1,
				Keywords:    []string{"paystack"},
				Entropy:     3,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "secret key",
				Scope:     detectors.ScopeText,
				Bound:     "one mode of one account",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"PAYSTACK_SECRET_KEY"},
				Cut:       "use the test key, and generate a new live key",
				Source:    "https://paystack.com/docs/api/authentication/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "refund", Does: detectors.Write,
				Calls:  []string{"http POST /refund"},
				Source: "https://paystack.com/docs/api/refund/",
			},
			{
				Name: "transfer money", Does: detectors.Write,
				Calls:  []string{"http POST /transfer", "http POST /transfer/bulk"},
				Source: "https://paystack.com/docs/api/transfer/",
			},
		},
		Decode: func(text string) detectors.Decoded {
			return ofMode(text, "sk_", key, "https://paystack.com/docs/api/authentication/")
		},
	}
}
