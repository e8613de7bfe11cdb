package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	tailscalePrefixes = "https://tailscale.com/docs/reference/key-prefixes"
	tailscaleAPI      = "https://tailscale.com/api"
	tailscaleAuth     = "https://tailscale.com/docs/features/access-control/auth-keys"
)

// tailscale knows keys by their prefixes. A key that adds a machine to a network lets it reach what the network's policies allow; no key is for an
// environment, but tags and policies may tell machines apart.
func tailscale() detectors.Provider {
	const api, client, auth, scim, webhook = "api-access-token", "oauth-client-secret", "auth-key", "scim-key", "webhook-secret"
	wide := []string{api, client}
	kinds := map[string]string{"api": api, "client": client, "auth": auth, "scim": scim, "webhook": webhook}
	prefix := func(id, description, word, kind string) detectors.Rule {
		return detectors.Rule{
			ID: "tailscale-" + id, Description: description, Pattern: prefixed(`tskey-` + word + `-[A-Za-z0-9]{6,24}-[A-Za-z0-9]{16,40}`), Group: 1,
			Keywords: []string{"tskey-" + word}, Entropy: 3.5, Kinds: []string{kind},
		}
	}
	return detectors.Provider{
		Name:  "tailscale",
		Title: "Tailscale",
		Hosts: []string{"api.tailscale.com"},
		Decode: func(key string) detectors.Decoded {
			parts := strings.SplitN(key, "-", 3)
			switch {
			case strings.Contains(key, "091234567890ABCDEF"):
				return detectors.Decoded{Reject: "the manual's"}
			case len(parts) == 3 && parts[0] == "tskey":
				return detectors.Decoded{Kind: kinds[parts[1]]}
			}
			return detectors.Decoded{}
		},
		Rules: []detectors.Rule{
			prefix("api-access-token", "a token for the API", "api", api),
			prefix("oauth-client-secret", "the secret of an OAuth client", "client", client),
			prefix("auth-key", "a key that adds machines", "auth", auth),
			prefix("scim-key", "a key that provisions people", "scim", scim),
			prefix("webhook-secret", "the secret that signs events", "webhook", webhook),
		},
		Kinds: []detectors.Kind{
			{
				Name:      api,
				Title:     "API access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "the whole network: its machines, keys and policies",
				AtMost:    detectors.Full,
				Variables: []string{"TAILSCALE_API_KEY", "TS_API_KEY"},
				Cut:       "use an OAuth client with the scopes that the work needs, and revoke this token",
				Source:    tailscaleAPI,
			},
			{
				Name:      client,
				Title:     "OAuth client secret",
				Scope:     detectors.ScopeAccount,
				Bound:     "the whole network, within scopes and tags that it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"TAILSCALE_OAUTH_CLIENT_SECRET", "TS_OAUTH_SECRET", "TS_OAUTH_CLIENT_SECRET"},
				Cut:       "make a client with the scopes and the tags of staging only, and revoke this one",
				Source:    "https://tailscale.com/docs/features/oauth-clients",
			},
			{
				Name:      auth,
				Title:     "auth key",
				Scope:     detectors.ScopeAccount,
				Bound:     "adding machines to the network, which then reach what its policies allow",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"TS_AUTHKEY", "TS_AUTH_KEY", "TAILSCALE_AUTHKEY", "TAILSCALE_AUTH_KEY"},
				Cut:       "make a key with staging's tag, for one machine, with a short life, and revoke this one",
				Source:    tailscaleAuth,
			},
			{
				Name:   scim,
				Title:  "SCIM key",
				Scope:  detectors.ScopeAccount,
				Bound:  "the people of the network",
				AtMost: detectors.Read | detectors.Write | detectors.Admin,
				Cut:    "keep this key with the identity provider only, and make it anew",
				Source: tailscalePrefixes,
			},
			{
				Name:   webhook,
				Title:  "webhook secret",
				Scope:  detectors.ScopeOutside,
				Bound:  "forging events of the network for whoever receives them",
				AtMost: detectors.Write,
				Cut:    "rotate it, and give staging's receiver a webhook of its own",
				Source: "https://tailscale.com/docs/features/webhooks",
			},
		},
		Tools: []detectors.Tool{
			{Name: "tailscale", Variables: []string{"TS_AUTHKEY"}, Selectors: []string{"--advertise-tags", "--login-server"}, Source: "https://tailscale.com/docs/reference/tailscale-cli"},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"TAILSCALE_API_KEY", "TAILSCALE_OAUTH_CLIENT_SECRET"}, Selectors: []string{"-var-file"},
				Source: "https://registry.terraform.io/providers/tailscale/tailscale/latest/docs",
			},
		},
		Containers: []detectors.Container{{Variable: "TAILSCALE_TAILNET", What: "account"}},
		Operations: []detectors.Operation{
			{Name: "delete a machine", Does: detectors.Destroy, Kinds: wide, Calls: []string{"http DELETE /api/v2/device/*"}, Source: tailscaleAPI},
			{
				Name: "replace the policy", Does: detectors.Admin, Kinds: wide,
				Calls: []string{"http POST /api/v2/tailnet/*/acl", "http POST /api/v2/tailnet/*/keys", "http POST /api/v2/device/*/authorized"}, Source: tailscaleAPI,
			},
			{Name: "delete a key", Does: detectors.Destroy, Kinds: wide, Calls: []string{"http DELETE /api/v2/tailnet/*/keys/*"}, Source: tailscaleAPI},
			{Name: "join", Does: detectors.Write, Kinds: []string{auth, client}, Calls: []string{"cli tailscale up", "cli tailscale login"}, Source: tailscaleAuth},
		},
	}
}
