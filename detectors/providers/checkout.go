package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// checkout marks the keys of its sandbox; a key without a mark is for real money. Keys of the older form are UUIDs, marked as tests or not.
func checkout() detectors.Provider {
	const secret, public = "secret-key", "public-key"
	const body = `[a-z2-7]{26}[a-z2-7*#$=]`
	return detectors.Provider{
		Name:  "checkout",
		Title: "Checkout.com",
		Hosts: []string{"api.checkout.com", "api.sandbox.checkout.com", "access.checkout.com", "access.sandbox.checkout.com"},
		Rules: []detectors.Rule{
			{
				ID:          "checkout-sandbox-key",
				Description: "a secret key of Checkout.com's sandbox",
				Pattern:     left + `(sk_sbox_` + body + `)(?:[^A-Za-z0-9_*#$=-]|$)`,
				Group:       1,
				Keywords:    []string{"sk_sbox_"},
				Entropy:     3,
				Kinds:       []string{secret},
			},
			{
				ID:          "checkout-secret-key",
				Description: "a secret key, on a line that names Checkout.com",
				Pattern:     beside(`checkout[_.-]?(?:com|[A-Za-z_]{0,12}key)|\bcko`, `sk_(?:`+body+`|(?:test_)?`+uuid+`)`),
				Group:       1,
				Keywords:    []string{"checkout", "cko"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{exampleUUID()},
				Kinds:       []string{secret},
			},
			{
				ID:          "checkout-public-key",
				Description: "a public key, on a line that names Checkout.com, or of its sandbox",
				Pattern:     beside(`checkout[_.-]?(?:com|[A-Za-z_]{0,12}key)|\bcko`, `pk_(?:sbox_)?`+body+`|pk_(?:test_)?`+uuid),
				Group:       1,
				Keywords:    []string{"checkout", "cko"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{exampleUUID()},
				Kinds:       []string{public},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "secret key",
				Scope:     detectors.ScopeText,
				Bound:     "one account of the sandbox, or of the live environment, which is real money",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"CHECKOUT_SECRET_KEY", "CKO_SECRET_KEY", "CHECKOUT_COM_SECRET_KEY"},
				Cut:       "give staging a key of the sandbox with the scopes that it needs, and delete this one",
				Source:    "https://www.checkout.com/docs/developer-resources/api/manage-api-keys/api-keys",
			},
			{
				Name:      public,
				Title:     "public key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it turns cards into tokens",
				Variables: []string{"CHECKOUT_PUBLIC_KEY", "CKO_PUBLIC_KEY"},
				Source:    "https://www.checkout.com/docs/developer-resources/api/manage-api-keys/api-keys",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "refund, reverse or void a payment", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http POST /payments/*/refunds", "http POST /payments/*/voids", "http POST /payments/*/reversals"},
				Source: "https://www.checkout.com/docs/payments/manage-payments/refund-a-payment",
			},
			{
				Name: "delete an instrument or customer", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http DELETE /instruments/*", "http DELETE /customers/*"},
				Source: "https://api-reference.checkout.com/",
			},
			{
				Name: "take or pay out money", Does: detectors.Write, Kinds: []string{secret},
				Calls:  []string{"http POST /payments", "http POST /payments/*/captures"},
				Source: "https://api-reference.checkout.com/",
			},
		},
		Decode: func(key string) detectors.Decoded {
			switch {
			case strings.HasPrefix(key, "pk_"):
				return detectors.Decoded{Kind: public}
			case strings.HasPrefix(key, "sk_sbox_"), strings.HasPrefix(key, "sk_test_"):
				return textual(secret, notProduction, "the key's text says sandbox", "https://github.com/checkout/checkout-sdk-node")
			case strings.HasPrefix(key, "sk_"):
				return textual(secret, detectors.Production, "a key of the sandbox would say so", "https://github.com/checkout/checkout-sdk-node")
			}
			return detectors.Decoded{}
		},
	}
}
