package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// coinbase chooses sandbox or market by the host, and what a key may do when it is made: view, trade, transfer. Nothing takes a transfer back.
func coinbase() detectors.Provider {
	const cdp, exchange, wallet = "cdp-key", "exchange-secret", "wallet-secret"
	return detectors.Provider{
		Name:  "coinbase",
		Title: "Coinbase",
		Hosts: []string{
			"api.coinbase.com", "api.cdp.coinbase.com", "api.developer.coinbase.com", "api.exchange.coinbase.com", "api.prime.coinbase.com",
			"api-public.sandbox.exchange.coinbase.com",
		},
		Rules: []detectors.Rule{
			{
				ID:          "coinbase-cdp-key",
				Description: "a key of the Developer Platform, beside its name",
				Pattern:     `organizations/` + uuid + `/apiKeys/` + uuid + `["']?[^{}]{0,80}?(-----BEGIN EC PRIVATE KEY-----[^"'{}]{100,400}-----END EC PRIVATE KEY-----)`,
				Group:       1,
				Keywords:    []string{"/apikeys/"},
				Entropy:     4,
				Kinds:       []string{cdp},
			},
			{
				ID:          "coinbase-cdp-secret",
				Description: "a value named as the secret of a key of the Developer Platform",
				Pattern:     assigned(`(?:cdp|coinbase)[A-Za-z0-9_.-]{0,20}(?:key[_-]?secret|private[_-]?key)`, `[A-Za-z0-9+/]{86}==`),
				Group:       1,
				Keywords:    []string{"cdp", "coinbase"},
				Entropy:     4,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       []string{cdp, exchange},
			},
			{
				ID:          "coinbase-api-secret",
				Description: "a value named as a secret for the Exchange",
				Pattern:     assigned(`coinbase[A-Za-z0-9_.-]{0,20}(?:api[_-]?secret|secret)`, `[A-Za-z0-9+/]{86}==`),
				Group:       1,
				Keywords:    []string{"coinbase"},
				Entropy:     4,
				Allowlists:  []detectors.Allowlist{notAnID(), {Description: "a key of the Developer Platform", Target: "match", Regexes: []string{`(?i)key[_-]?secret`}}},
				Kinds:       []string{exchange},
			},
			{
				ID:          "coinbase-wallet-secret",
				Description: "the secret that signs for wallets of the Developer Platform",
				Pattern:     assigned(`(?:cdp|coinbase)[A-Za-z0-9_.-]{0,20}wallet[_-]?secret`, `MIG[A-Za-z0-9+/]{150,220}={0,2}`),
				Group:       1,
				Keywords:    []string{"wallet"},
				Entropy:     4,
				Kinds:       []string{wallet},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      cdp,
				Title:     "Developer Platform key",
				Scope:     detectors.ScopeAccount,
				Bound:     "the account, or one portfolio of it, within permissions chosen when it was made, which it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"CDP_API_KEY_SECRET", "COINBASE_API_KEY_SECRET", "CDP_API_KEY_PRIVATE_KEY"},
				Cut:       "give staging a key that may view only, limited to its addresses, and delete this one",
				Source:    "https://docs.cdp.coinbase.com/coinbase-app/authentication-authorization/authorization",
			},
			{
				Name:      exchange,
				Title:     "Exchange secret",
				Scope:     detectors.ScopeHost,
				Bound:     "one profile of the market, or of the sandbox, as the host says",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"COINBASE_API_SECRET", "COINBASE_SECRET", "COINBASE_EXCHANGE_SECRET"},
				Cut:       "give staging a key of the sandbox, and delete this one",
				Source:    "https://docs.cdp.coinbase.com/exchange/rest-api/authentication",
			},
			{
				Name:      wallet,
				Title:     "wallet secret",
				Scope:     detectors.ScopeAccount,
				Bound:     "every wallet of the project, on test networks and on real ones",
				AtMost:    detectors.Read | detectors.Write | detectors.Destroy,
				Variables: []string{"CDP_WALLET_SECRET"},
				Cut:       "give staging a project of its own, and rotate this secret",
				Source:    "https://docs.cdp.coinbase.com/server-wallets/v2/introduction/security",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "send money", Does: detectors.Destroy,
				Calls: []string{
					"http POST /v2/accounts/*/transactions", "http POST /withdrawals/**",
					"http POST /platform/v2/evm/accounts/*/send/transaction", "http POST /transfers",
				},
				Source: "https://docs.cdp.coinbase.com/coinbase-app/authentication-authorization/authorization",
			},
			{
				Name: "trade", Does: detectors.Write,
				Calls:  []string{"http POST /api/v3/brokerage/orders", "http POST /orders"},
				Source: "https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/orders/create-order",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text, "-----BEGIN EC "):
				return detectors.Decoded{Kind: cdp}
			case strings.HasPrefix(text, "MIG"):
				return detectors.Decoded{Kind: wallet}
			}
			return detectors.Decoded{}
		},
	}
}
