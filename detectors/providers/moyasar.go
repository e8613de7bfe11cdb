package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// moyasar writes the mode into its keys, in the form that Stripe's have.
func moyasar() detectors.Provider {
	const secret, publishable = "secret-key", "publishable-key"
	const source = "https://docs.moyasar.com/guides/dashboard/get-your-api-keys"
	return detectors.Provider{
		Name:  "moyasar",
		Title: "Moyasar",
		Hosts: []string{"api.moyasar.com"},
		Rules: []detectors.Rule{
			{
				ID:          "moyasar-secret-key",
				Description: "a key for Moyasar's API",
				Pattern:     beside(`moyasar`, `sk_(?:live|test)_[0-9A-Za-z]{36,48}`),
				Group:       1,
				Keywords:    []string{"moyasar"},
				Entropy:     3.5,
				Kinds:       []string{secret},
			},
			{
				ID:          "moyasar-publishable-key",
				Description: "a Moyasar key made to be published",
				Pattern:     beside(`moyasar`, `pk_(?:live|test)_[0-9A-Za-z]{36,48}`),
				Group:       1,
				Keywords:    []string{"moyasar"},
				Entropy:     3.5,
				Kinds:       []string{publishable},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "secret key",
				Scope:     detectors.ScopeText,
				Bound:     "one mode of one account: live, which is real money, or test",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"MOYASAR_SECRET_KEY", "MOYASAR_API_KEY"},
				Cut:       "give staging the key of test mode, and regenerate this one",
				Source:    source,
			},
			{
				Name:      publishable,
				Title:     "publishable key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it makes payments and nothing else",
				Variables: []string{"MOYASAR_PUBLISHABLE_KEY", "NEXT_PUBLIC_MOYASAR_PUBLISHABLE_KEY"},
				Source:    source,
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "refund or void a payment", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http POST /v1/payments/*/refund", "http POST /v1/payments/*/void"},
				Source: "https://docs.moyasar.com/api/payments/05-refund-payment",
			},
			{
				Name: "pay out", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http POST /v1/payouts"},
				Source: "https://docs.moyasar.com/api/payouts/",
			},
			{
				Name: "charge", Does: detectors.Write, Kinds: []string{secret},
				Calls:  []string{"http POST /v1/payments", "http POST /v1/invoices"},
				Source: "https://docs.moyasar.com/api/payments/01-create-payment",
			},
		},
		Decode: func(key string) detectors.Decoded {
			if strings.HasPrefix(key, "pk_") {
				return detectors.Decoded{Kind: publishable}
			}
			return ofMode(key, "sk_", secret, source)
		},
	}
}
