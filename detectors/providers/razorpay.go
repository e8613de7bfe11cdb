package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	razorpayModes = "https://razorpay.com/docs/payments/dashboard/account-settings/api-keys/"
	razorpayAPI   = "https://razorpay.com/docs/api/"
)

// razorpay writes the mode into a key's id, which is public, and not into its secret: only where both are written as one is the mode of
// a secret known.
func razorpay() detectors.Provider {
	const secret, pair, id = "key-secret", "key-pair", "key-id"
	const keyID = `rzp_(?:live|test)_[0-9A-Za-z]{14}`
	return detectors.Provider{
		Name:  "razorpay",
		Title: "Razorpay",
		Hosts: []string{"api.razorpay.com"},
		Rules: []detectors.Rule{
			{
				ID:          "razorpay-pair",
				Description: "a Razorpay key's id and secret",
				Pattern:     prefixed(keyID + `:[0-9A-Za-z]{20,28}`),
				Group:       1,
				Keywords:    []string{"rzp_live_", "rzp_test_"},
				Entropy:     3.5,
				Kinds:       []string{pair},
			},
			{
				ID:          "razorpay-secret",
				Description: "a value whose variable is named as a Razorpay key's secret",
				Pattern:     assigned(named(`(?:razorpay|rzp)`, `secret`), `[0-9A-Za-z]{20,28}`),
				Group:       1,
				Keywords:    []string{"razorpay", "rzp"},
				Entropy:     3.5,
				Kinds:       []string{secret},
			},
			{
				ID:          "razorpay-id",
				Description: "a Razorpay key's id",
				Pattern:     left + `(` + keyID + `)(?:[^0-9A-Za-z_:-]|$)`,
				Group:       1,
				Keywords:    []string{"rzp_live_", "rzp_test_"},
				Entropy:     3,
				Kinds:       []string{id},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "key's secret",
				Scope:     detectors.ScopeContainer,
				Bound:     "one mode of one account, which the id beside it says and it does not",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"RAZORPAY_KEY_SECRET", "RAZORPAY_SECRET"},
				Partners:  []detectors.Partner{{Title: "key id", Variables: []string{"RAZORPAY_KEY_ID"}, Shape: keyID, Needed: true}},
				Cut:       "use a test key, and regenerate this one",
				Source:    razorpayModes,
			},
			{
				Name:   pair,
				Title:  "key with its secret",
				Scope:  detectors.ScopeText,
				Bound:  "one mode of one account",
				AtMost: detectors.UnknownPower,
				Shape:  keyID + `:[0-9A-Za-z]{20,28}`,
				Cut:    "use a test key, and regenerate this one",
				Source: razorpayModes,
			},
			{
				Name:      id,
				Title:     "key's id",
				Scope:     detectors.ScopePublic,
				Bound:     "an id that opens nothing without the key's secret",
				Variables: []string{"RAZORPAY_KEY_ID"},
				Shape:     keyID,
				Source:    razorpayModes,
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "refund a payment", Does: detectors.Write,
				Calls:  []string{"http POST /v1/payments/*/refund"},
				Source: razorpayAPI + "refunds/create-normal/",
			},
			{
				Name: "cancel a subscription", Does: detectors.Destroy,
				Calls:  []string{"http POST /v1/subscriptions/*/cancel"},
				Source: razorpayAPI + "payments/subscriptions/cancel-subscription/",
			},
			{
				Name: "pay out", Does: detectors.Write,
				Calls:  []string{"http POST /v1/payouts"},
				Source: razorpayAPI + "x/payouts/",
			},
		},
		Decode: func(text string) detectors.Decoded {
			if strings.Contains(text, ":") {
				return ofMode(text, "rzp_", pair, razorpayModes)
			}
			return ofMode(text, "rzp_", id, razorpayModes)
		},
	}
}
