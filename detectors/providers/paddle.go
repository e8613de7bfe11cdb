package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const paddleAPI = "https://developer.paddle.com/api-reference/"

// paddle has an account for sandboxes and one for real money, and writes which into a key.
func paddle() detectors.Provider {
	const key = "api-key"
	const body = `pdl_(?:live|sdbx)_apikey_[0-9a-hjkmnp-tv-z]{26}_[0-9A-Za-z]{22}_[0-9A-Za-z]{3}`
	return detectors.Provider{
		Name:  "paddle",
		Title: "Paddle",
		Hosts: []string{"api.paddle.com", "sandbox-api.paddle.com"},
		Rules: []detectors.Rule{{
			ID:          "paddle-key",
			Description: "a key for Paddle's API",
			Pattern:     prefixed(body),
			Group:       1,
			Keywords:    []string{"pdl_live_apikey_", "pdl_sdbx_apikey_"},
			Entropy:     3.5,
			Kinds:       []string{key},
		}},
		Kinds: []detectors.Kind{{
			Name:      key,
			Title:     "API key",
			Scope:     detectors.ScopeText,
			Bound:     "one account, live or sandbox, within permissions that it does not show",
			AtMost:    detectors.UnknownPower,
			Variables: []string{"PADDLE_API_KEY"},
			Shape:     body,
			Cut:       "use a key of the sandbox account, and revoke this one",
			Source:    paddleAPI + "about/authentication",
		}},
		Operations: []detectors.Operation{
			{
				Name: "cancel a subscription", Does: detectors.Destroy,
				Calls:  []string{"http POST /subscriptions/*/cancel"},
				Source: paddleAPI + "subscriptions/cancel-subscription",
			},
			{
				Name: "refund", Does: detectors.Write,
				Calls:  []string{"http POST /adjustments"},
				Source: paddleAPI + "adjustments/create-adjustment",
			},
		},
		Decode: func(secret string) detectors.Decoded {
			switch {
			case strings.HasPrefix(secret, "pdl_live_"):
				return textual(key, detectors.Production, "the key's text says the live account", paddleAPI+"about/authentication")
			case strings.HasPrefix(secret, "pdl_sdbx_"):
				return textual(key, notProduction, "the key's text says the sandbox account", paddleAPI+"about/authentication")
			}
			return detectors.Decoded{}
		},
	}
}
