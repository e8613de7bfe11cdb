package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// flutterwave marks the keys of test mode; the others move real money.
func flutterwave() detectors.Provider {
	const secret, encryption, public = "secret-key", "encryption-key", "public-key"
	return detectors.Provider{
		Name:  "flutterwave",
		Title: "Flutterwave",
		Hosts: []string{"api.flutterwave.com", "ravesandboxapi.flutterwave.com"},
		Rules: []detectors.Rule{
			{
				ID:          "flutterwave-key",
				Description: "a Flutterwave key",
				Pattern:     prefixed(`FLW(?:SEC|PUB)K(?:_TEST)?-[0-9a-f]{32}(?:-[0-9a-z]{6,20})?-X`),
				Group:       1,
				Keywords:    []string{"flwseck", "flwpubk"},
				Entropy:     3,
				Kinds:       []string{secret, public},
			},
			{
				ID:          "flutterwave-encryption-key",
				Description: "a key that encrypts cards for Flutterwave",
				Pattern:     prefixed(`FLWSECK_TEST[0-9a-f]{12}`) + `|` + assigned(`(?:flw|flutterwave)[A-Za-z0-9_.-]{0,20}encryption[_-]?key`, `[0-9a-f]{24}`),
				Keywords:    []string{"flwseck_test", "flw", "flutterwave"},
				Entropy:     2.8,
				Kinds:       []string{encryption},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "secret key",
				Scope:     detectors.ScopeText,
				Bound:     "one mode of one account: live, which is real money, or test",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"FLW_SECRET_KEY", "FLUTTERWAVE_SECRET_KEY"},
				Shape:     `FLWSECK(?:_TEST)?-[0-9a-f]{32}(?:-[0-9a-z]{6,20})?-X`,
				Cut:       "give staging the key of test mode, and generate new keys",
				Source:    "https://developer.flutterwave.com/v3.0/docs/authentication",
			},
			{
				Name:      encryption,
				Title:     "encryption key",
				Scope:     detectors.ScopeContainer,
				Bound:     "the direct charges of one account: it encrypts cards and nothing else",
				AtMost:    detectors.Read,
				Variables: []string{"FLW_ENCRYPTION_KEY", "FLUTTERWAVE_ENCRYPTION_KEY"},
				Cut:       "give staging the key of test mode",
				Source:    "https://developer.flutterwave.com/v3.0/docs/authentication",
			},
			{
				Name:      public,
				Title:     "public key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published",
				Variables: []string{"FLW_PUBLIC_KEY", "FLUTTERWAVE_PUBLIC_KEY", "NEXT_PUBLIC_FLW_PUBLIC_KEY"},
				Shape:     `FLWPUBK(?:_TEST)?-[0-9a-f]{32}(?:-[0-9a-z]{6,20})?-X`,
				Source:    "https://developer.flutterwave.com/v3.0/docs/authentication",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "refund a payment", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http POST /v3/transactions/*/refund"},
				Source: "https://developer.flutterwave.com/v3.0/reference/transaction-refund",
			},
			{
				Name: "transfer money", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http POST /v3/transfers", "http POST /v3/bulk-transfers"},
				Source: "https://developer.flutterwave.com/v3.0/docs/transfers",
			},
			{
				Name: "charge", Does: detectors.Write, Kinds: []string{secret},
				Calls:  []string{"http POST /v3/charges", "http POST /v3/payments"},
				Source: "https://developer.flutterwave.com/v3.0/docs/direct-charge",
			},
		},
		Decode: func(key string) detectors.Decoded {
			const source = "https://developer.flutterwave.com/v3.0/docs/authentication"
			switch {
			case strings.HasPrefix(key, "FLWPUBK"):
				return detectors.Decoded{Kind: public}
			case strings.HasPrefix(key, "FLWSECK_TEST-"):
				return textual(secret, notProduction, "the key's text says test mode", source)
			case strings.HasPrefix(key, "FLWSECK-"):
				return textual(secret, detectors.Production, "a key of test mode would say so", source)
			case strings.HasPrefix(key, "FLWSECK_TEST"):
				return textual(encryption, notProduction, "the key's text says test mode", source)
			}
			return detectors.Decoded{}
		},
	}
}
