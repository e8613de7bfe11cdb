package providers

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	cloudflareTokens   = "https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/"
	cloudflareAPI      = "https://developers.cloudflare.com/api/"
	cloudflareWrangler = "https://developers.cloudflare.com/workers/wrangler/commands/"
	cloudflareCommands = "https://github.com/cloudflare/workers-sdk/blob/main/packages/wrangler/src/" // what wrangler says before it deletes
)

// cloudflare knows keys and tokens by their prefixes, and older ones by their variables and headers. The header X-Auth-Key carries the
// global key and nothing else.
func cloudflare() detectors.Provider {
	const global, user, account, origin, tunnel, r2 = "global-api-key", "user-api-token", "account-api-token", "origin-ca-key", "tunnel-token", "r2-key"
	tokens := []string{user, account}
	prefix := func(id, description, word, kind string) detectors.Rule {
		return detectors.Rule{
			ID: "cloudflare-" + id, Description: description, Pattern: prefixed(word + `[A-Za-z0-9]{40}[0-9a-f]{8}`), Group: 1,
			Keywords: []string{word}, Entropy: 3.5, Kinds: []string{kind},
		}
	}
	destroy := func(name, source string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: []string{global, user, account}, Calls: calls, Source: source}
	}
	return detectors.Provider{
		Name:   "cloudflare",
		Title:  "Cloudflare",
		Hosts:  []string{"api.cloudflare.com", ".r2.cloudflarestorage.com"},
		Decode: decodeCloudflare,
		Rules: []detectors.Rule{
			prefix("global-api-key", "the global API key of a user", "cfk_", global),
			prefix("user-api-token", "an API token of a user", "cfut_", user),
			prefix("account-api-token", "an API token of an account", "cfat_", account),
			{
				ID:          "cloudflare-global-api-key-variable",
				Description: "37 hexadecimal digits in a variable or header for the global API key",
				Pattern:     assigned(named(`(?:cloudflare|\bcf)`, `key`)+`|x-auth-key`, `[0-9a-f]{37}`),
				Group:       1,
				Keywords:    []string{"cloudflare", "cf", "x-auth-key"},
				Entropy:     3,
				Kinds:       []string{global},
			},
			{
				ID:          "cloudflare-api-token-variable",
				Description: "a token without prefix in a variable for Cloudflare's tokens",
				Pattern:     assigned(named(`(?:cloudflare|\bcf)`, `(?:token|key)`), `[A-Za-z0-9_-]{40}`),
				Group:       1,
				Keywords:    []string{"cloudflare", "cf"},
				Entropy:     3.8,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       tokens,
			},
			{
				ID:          "cloudflare-bearer-token",
				Description: "a token without prefix sent as a Bearer token near Cloudflare's API",
				Pattern:     `(?i:bearer)[ \t]+` + quotes + `([A-Za-z0-9_-]{40})` + right,
				Group:       1,
				Keywords:    []string{"api.cloudflare.com"},
				Entropy:     3.8,
				Allowlists:  []detectors.Allowlist{notAName(), {Description: "the token of the API's own documents", StopWords: []string{"Sn3lZJTBX6kkg7OdcBUA"}}},
				Required:    []detectors.Required{{Rule: "cloudflare-host", WithinLines: within(20)}},
				Kinds:       tokens,
			},
			{
				ID:          "cloudflare-origin-ca-key",
				Description: "a key that signs certificates of origin servers",
				Pattern:     `(?:(?m:^)|[^A-Za-z0-9_.-]|\\[nrt])(v1\.0-[0-9a-f]{24}-[0-9a-f]{146})` + right,
				Group:       1,
				Keywords:    []string{"v1.0-"},
				Entropy:     3,
				Kinds:       []string{origin},
			},
			{
				ID:          "cloudflare-tunnel-token",
				Description: "the token of a tunnel",
				Pattern:     left + `(eyJhIjoi[A-Za-z0-9+/_-]{100,}={0,2})(?:[^A-Za-z0-9+/=_-]|$)`,
				Group:       1,
				Keywords:    []string{"eyjhijoi"},
				Entropy:     4,
				Kinds:       []string{tunnel},
			},
			{
				ID:          "cloudflare-r2-secret",
				Description: "the secret of a key for R2, near R2's host or named so",
				Pattern:     assigned(`r2[A-Za-z0-9_.-]{0,20}secret[A-Za-z0-9_.-]{0,20}`, `[0-9a-f]{64}`),
				Group:       1,
				Keywords:    []string{"secret"},
				Entropy:     3,
				Kinds:       []string{r2},
			},
			handed("cloudflare", `[A-Za-z0-9_-]{40}`, []string{"api.cloudflare.com"}, 3.8, tokens),
			{
				ID:          "cloudflare-host",
				Description: "the host of Cloudflare's API",
				Pattern:     `\bapi\.cloudflare\.com\b`,
				Keywords:    []string{"api.cloudflare.com"},
				SkipReport:  true,
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      global,
				Title:     "global API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every account and zone of its user",
				AtMost:    detectors.Full,
				Variables: []string{"CLOUDFLARE_API_KEY", "CF_API_KEY", "CLOUDFLARE_GLOBAL_API_KEY"},
				Headers:   []string{"X-Auth-Key"},
				Shape:     `[0-9a-f]{37}`,
				Cut:       "use an API token for staging's zone alone, with the permissions that the work needs, and change this key",
				Source:    cloudflareTokens,
			},
			{
				Name:      user,
				Title:     "API token of a user",
				Scope:     detectors.ScopeContainer,
				Bound:     "the accounts and zones that it was made for, which it does not name",
				AtMost:    detectors.Full,
				Variables: []string{"CLOUDFLARE_API_TOKEN", "CF_API_TOKEN", "CLOUDFLARE_TOKEN"},
				Headers:   []string{"Authorization Bearer"},
				Shape:     `[A-Za-z0-9_-]{40}`,
				Cut:       "use an API token for staging's zone or account alone, and revoke this one",
				Source:    "https://developers.cloudflare.com/fundamentals/api/get-started/create-token/",
			},
			{
				Name:   account,
				Title:  "API token of an account",
				Scope:  detectors.ScopeContainer,
				Bound:  "what it was made for of one account, which it does not name",
				AtMost: detectors.Full,
				Cut:    "use an API token for staging's zone or account alone, and revoke this one",
				Source: cloudflareTokens,
			},
			{
				Name:    origin,
				Title:   "origin CA key",
				Scope:   detectors.ScopeAccount,
				Bound:   "the certificates of every zone of its user",
				AtMost:  detectors.Read | detectors.Write | detectors.Destroy,
				Headers: []string{"X-Auth-User-Service-Key"},
				Cut:     "use an API token that may edit the certificates of staging's zone alone, and change this key",
				Source:  "https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/",
			},
			{
				Name:      tunnel,
				Title:     "tunnel token",
				Scope:     detectors.ScopeClaims,
				Bound:     "one tunnel of the account that it names, whose traffic it receives",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"TUNNEL_TOKEN", "CLOUDFLARE_TUNNEL_TOKEN"},
				Cut:       "make a tunnel of its own for staging, and rotate this token",
				Source:    "https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/configure-tunnels/remote-tunnel-permissions/",
			},
			{
				Name:      r2,
				Title:     "R2 key",
				Scope:     detectors.ScopeContainer,
				Bound:     "all buckets of one account, or those that it was made for, which it does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"R2_SECRET_ACCESS_KEY"},
				Cut:       "make a key for staging's bucket alone, and revoke this one",
				Source:    "https://developers.cloudflare.com/r2/api/tokens/",
			},
		},
		Tools: []detectors.Tool{
			{
				Name: "wrangler", Needs: detectors.NeedsToken, Variables: []string{"CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY", "CF_API_TOKEN", "CF_API_KEY"},
				Values: []string{"--env", "-e", "--config", "-c", "--name"}, // a token works in every environment of its account
				Source: "https://developers.cloudflare.com/workers/wrangler/system-environment-variables/",
			},
			{Name: "cloudflared", Variables: []string{"TUNNEL_TOKEN"}, Source: "https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/configure-tunnels/cloudflared-parameters/run-parameters/"},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY"},
				Selectors: []string{"-var-file"}, Source: "https://registry.terraform.io/providers/cloudflare/cloudflare/latest/docs",
			},
		},
		Containers: []detectors.Container{
			{Variable: "CLOUDFLARE_ENV", Names: true, What: "environment"},
			{Variable: "CLOUDFLARE_ACCOUNT_ID", What: "account"},
			{Variable: "CF_ACCOUNT_ID", What: "account"},
			{Variable: "CLOUDFLARE_ZONE_ID", What: "project"},
			{Variable: "CF_ZONE_ID", What: "project"},
		},
		Libraries: []detectors.Library{{
			Names: []string{"cloudflare"}, Variables: []string{"CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY", "CLOUDFLARE_API_USER_SERVICE_KEY"},
			Source: "https://github.com/cloudflare/cloudflare-python/blob/main/src/cloudflare/_client.py",
		}},
		// Methods of libraries: https://github.com/cloudflare/cloudflare-python/blob/main/api.md
		Operations: []detectors.Operation{
			destroy("delete a zone", cloudflareAPI+"resources/zones/methods/delete/", "http DELETE /client/v4/zones/*", "sdk zones.delete"),
			destroy("delete a DNS record", cloudflareAPI+"resources/dns/subresources/records/methods/delete/", "http DELETE /client/v4/zones/*/dns_records/*", "sdk dns.records.delete"),
			undo(destroy("delete a Worker", cloudflareCommands+"delete.ts",
				"http DELETE /client/v4/accounts/*/workers/scripts/*", "cli wrangler delete", "cli wrangler dispatch-namespace delete", "sdk workers.scripts.delete"), "no undo", ""),
			undo(destroy("delete a D1 database", cloudflareCommands+"d1/delete.ts",
				"http DELETE /client/v4/accounts/*/d1/database/*", "cli wrangler d1 delete", "sdk d1.database.delete"), "no undo", ""),
			destroy("run SQL on a D1 database", cloudflareWrangler, "http POST /client/v4/accounts/*/d1/database/*/query", "cli wrangler d1 execute"),
			destroy("delete an R2 bucket", cloudflareAPI+"resources/r2/subresources/buckets/methods/delete/",
				"http DELETE /client/v4/accounts/*/r2/buckets/*", "sdk r2.buckets.delete", "cli wrangler r2 bucket delete"),
			{
				Name: "delete an R2 object", Does: detectors.Destroy, Undo: "no undo", Kinds: []string{global, user, account, r2},
				Calls: []string{"cli wrangler r2 object delete"}, Source: "https://developers.cloudflare.com/r2/objects/delete-objects/",
			},
			undo(destroy("delete a KV namespace", cloudflareCommands+"kv/index.ts",
				"http DELETE /client/v4/accounts/*/storage/kv/namespaces/*", "cli wrangler kv namespace delete", "sdk kv.namespaces.delete"), "no undo", ""),
			destroy("delete keys of KV", cloudflareCommands+"kv/index.ts", "http DELETE /client/v4/accounts/*/storage/kv/namespaces/*/values/*",
				"http DELETE /client/v4/accounts/*/storage/kv/namespaces/*/bulk", "cli wrangler kv key delete", "cli wrangler kv bulk delete"),
			destroy("delete a queue", cloudflareCommands+"queues/cli/commands/delete.ts", "http DELETE /client/v4/accounts/*/queues/*", "cli wrangler queues delete", "sdk queues.delete"),
			undo(destroy("purge a queue", cloudflareCommands+"queues/cli/commands/purge.ts", "http POST /client/v4/accounts/*/queues/*/purge", "cli wrangler queues purge"), "no undo", ""),
			destroy("delete a tunnel", cloudflareCommands+"tunnel/delete.ts",
				"http DELETE /client/v4/accounts/*/cfd_tunnel/*", "cli cloudflared tunnel delete", "cli wrangler tunnel delete", "sdk tunnels.cloudflared.delete"),
			undo(destroy("delete a Pages project", cloudflareCommands+"pages/projects.ts", "http DELETE /client/v4/accounts/*/pages/projects/*",
				"cli wrangler pages project delete", "cli wrangler pages deployment delete", "sdk pages.projects.delete"), "no undo", ""),
			destroy("delete a secret", cloudflareCommands+"secret/index.ts", "cli wrangler secret delete", "cli wrangler pages secret delete",
				"cli wrangler versions secret delete", "cli wrangler secrets-store secret delete", "cli wrangler secrets-store store delete"),
			destroy("delete a Vectorize index", cloudflareCommands+"vectorize/delete.ts", "http DELETE /client/v4/accounts/*/vectorize/v2/indexes/*", "cli wrangler vectorize delete", "sdk vectorize.indexes.delete"),
			destroy("delete a Hyperdrive configuration", cloudflareCommands+"hyperdrive/delete.ts",
				"http DELETE /client/v4/accounts/*/hyperdrive/configs/*", "cli wrangler hyperdrive delete"),
			destroy("delete a workflow or its instances", cloudflareCommands+"workflows/commands/instances/delete.ts",
				"cli wrangler workflows delete", "cli wrangler workflows instances delete"),
			undo(destroy("delete a container or its images", cloudflareCommands+"containers/images.ts", "cli wrangler containers delete", "cli wrangler containers images delete"), "no undo", ""),
			{
				Name: "make tokens or change access", Does: detectors.Admin, Kinds: []string{global, user, account},
				Calls:  []string{"http POST /client/v4/user/tokens", "sdk user.tokens.create", "http POST /client/v4/accounts/*/tokens", "sdk accounts.tokens.create", "http POST /client/v4/accounts/*/members", "sdk accounts.members.create"},
				Source: cloudflareAPI + "resources/user/subresources/tokens/methods/create/",
			},
			{
				Name: "deploy", Does: detectors.Write, Kinds: []string{global, user, account},
				Calls: []string{
					"http PUT /client/v4/accounts/*/workers/scripts/*", "http POST /client/v4/zones/*/dns_records", "sdk dns.records.create", "http POST /client/v4/zones/*/purge_cache",
					"cli wrangler deploy", "cli wrangler publish", "cli wrangler pages deploy", "cli wrangler secret put",
				},
				Source: cloudflareWrangler,
			},
		},
	}
}

// decodeCloudflare reads a tunnel's token, which is JSON in base 64: the account (a), the tunnel (t) and the secret (s).
func decodeCloudflare(secret string) detectors.Decoded {
	if !strings.HasPrefix(secret, "eyJ") {
		return detectors.Decoded{}
	}
	alphabet := base64.RawStdEncoding
	if strings.ContainsAny(secret, "-_") {
		alphabet = base64.RawURLEncoding
	}
	raw, err := alphabet.DecodeString(strings.TrimRight(secret, "="))
	var token struct {
		Account string `json:"a"`
		Tunnel  string `json:"t"`
		Secret  string `json:"s"`
	}
	if err != nil || json.Unmarshal(raw, &token) != nil || token.Account == "" || token.Tunnel == "" || token.Secret == "" {
		return detectors.Decoded{Reject: "it is no tunnel's token"}
	}
	return detectors.Decoded{IDs: []detectors.ID{{What: "account", Value: token.Account}, {What: "tunnel", Value: token.Tunnel}}}
}
