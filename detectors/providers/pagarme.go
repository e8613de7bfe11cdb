package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// pagarme marks the keys of its test environment; keys of the first API name their mode.
func pagarme() detectors.Provider {
	const secret, public = "secret-key", "public-key"
	const source = "https://docs.pagar.me/docs/chaves-de-acesso"
	return detectors.Provider{
		Name:  "pagarme",
		Title: "Pagar.me",
		Hosts: []string{"api.pagar.me"},
		Rules: []detectors.Rule{
			{
				ID:          "pagarme-key",
				Description: "a key of Pagar.me's first API",
				Pattern:     prefixed(`ak_(?:live|test)_[0-9A-Za-z]{30}`),
				Group:       1,
				Keywords:    []string{"ak_live_", "ak_test_"},
				Entropy:     3.5,
				Kinds:       []string{secret},
			},
			{
				ID:          "pagarme-secret-key",
				Description: "a secret key, on a line that names Pagar.me",
				Pattern:     beside(`pagar[_.-]?me`, `sk_(?:test_)?[0-9A-Za-z]{16,32}`),
				Group:       1,
				Keywords:    []string{"pagarme", "pagar.me", "pagar_me", "pagar-me"},
				Entropy:     3.2,
				Kinds:       []string{secret},
			},
			{
				ID:          "pagarme-public-key",
				Description: "a public key, on a line that names Pagar.me",
				Pattern:     beside(`pagar[_.-]?me`, `pk_(?:test_)?[0-9A-Za-z]{16,32}|ek_(?:live|test)_[0-9A-Za-z]{30}`),
				Group:       1,
				Keywords:    []string{"pagarme", "pagar.me", "pagar_me", "pagar-me"},
				Entropy:     3.2,
				Kinds:       []string{public},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "secret key",
				Scope:     detectors.ScopeText,
				Bound:     "one account in production, which is real money, or in the test environment",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"PAGARME_SECRET_KEY", "PAGARME_API_KEY", "PAGAR_ME_API_KEY"},
				Cut:       "give staging the key of the test environment, and replace this one",
				Source:    source,
			},
			{
				Name:      public,
				Title:     "public key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it turns cards into tokens",
				Variables: []string{"PAGARME_PUBLIC_KEY", "PAGARME_ENCRYPTION_KEY"},
				Source:    source,
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "cancel or refund a charge", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http DELETE /core/v5/charges/*", "http POST /1/transactions/*/refund"},
				Source: "https://docs.pagar.me/reference/cancelar-cobrança",
			},
			{
				Name: "cancel a subscription", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http DELETE /core/v5/subscriptions/*"},
				Source: "https://docs.pagar.me/reference/cancelar-assinatura-1",
			},
			{
				Name: "charge", Does: detectors.Write, Kinds: []string{secret},
				Calls:  []string{"http POST /core/v5/orders", "http POST /1/transactions"},
				Source: "https://docs.pagar.me/reference/criar-pedido-2",
			},
		},
		Decode: func(key string) detectors.Decoded {
			switch {
			case strings.HasPrefix(key, "pk_"), strings.HasPrefix(key, "ek_"):
				return detectors.Decoded{Kind: public}
			case strings.HasPrefix(key, "sk_test_"), strings.HasPrefix(key, "ak_test_"):
				return textual(secret, notProduction, "the key's text says test", source)
			case strings.HasPrefix(key, "ak_live_"):
				return textual(secret, detectors.Production, "the key's text says live", source)
			case strings.HasPrefix(key, "sk_"):
				return textual(secret, detectors.Production, "a key for tests would say so", source)
			}
			return detectors.Decoded{}
		},
	}
}
