package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// midtrans marks most keys of its sandbox with SB; that a key has no mark does not say that it is production's.
func midtrans() detectors.Provider {
	const server, client = "server-key", "client-key"
	return detectors.Provider{
		Name:  "midtrans",
		Title: "Midtrans",
		Hosts: []string{"api.midtrans.com", "api.sandbox.midtrans.com", "app.midtrans.com", "app.sandbox.midtrans.com"},
		Rules: []detectors.Rule{
			{
				ID:          "midtrans-key",
				Description: "a Midtrans key",
				Pattern:     prefixed(`(?:SB-)?Mid-(?:server|client)-[0-9A-Za-z_-]{10,40}`),
				Group:       1,
				Keywords:    []string{"mid-server-", "mid-client-"},
				Entropy:     3.2,
				Kinds:       []string{server, client},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      server,
				Title:     "server key",
				Scope:     detectors.ScopeHost,
				Bound:     "one merchant, in the sandbox or in production as the host says",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"MIDTRANS_SERVER_KEY"},
				Shape:     `(?:SB-)?Mid-server-[0-9A-Za-z_-]{10,40}`,
				Cut:       "give staging the key of the sandbox",
				Source:    "https://docs.midtrans.com/reference/authorization",
			},
			{
				Name:      client,
				Title:     "client key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published",
				Variables: []string{"MIDTRANS_CLIENT_KEY", "NEXT_PUBLIC_MIDTRANS_CLIENT_KEY"},
				Shape:     `(?:SB-)?Mid-client-[0-9A-Za-z_-]{10,40}`,
				Source:    "https://docs.midtrans.com/reference/authorization",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "refund or cancel a transaction", Does: detectors.Destroy, Kinds: []string{server},
				Calls:  []string{"http POST /v2/*/refund", "http POST /v2/*/cancel", "http POST /v2/*/refund/online/direct"},
				Source: "https://docs.midtrans.com/reference/refund-transaction",
			},
			{
				Name: "charge", Does: detectors.Write, Kinds: []string{server},
				Calls:  []string{"http POST /v2/charge", "http POST /snap/v1/transactions"},
				Source: "https://docs.midtrans.com/reference/charge-transactions-1",
			},
		},
		Decode: func(key string) detectors.Decoded {
			rest, sandbox := strings.CutPrefix(key, "SB-")
			kind := ""
			switch {
			case strings.HasPrefix(rest, "Mid-server-"):
				kind = server
			case strings.HasPrefix(rest, "Mid-client-"):
				kind = client
			}
			if sandbox && kind != "" {
				return textual(kind, notProduction, "the key's text says sandbox", "https://docs.midtrans.com/reference/authorization")
			}
			return detectors.Decoded{Kind: kind}
		},
	}
}
