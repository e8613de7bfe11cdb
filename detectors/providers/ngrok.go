package providers

import "github.com/stagewall/stagewall/detectors"

const (
	ngrokKeys     = "https://ngrok.com/docs/errors/err_ngrok_207/" // says what the two are, and the form of keys
	ngrokAPI      = "https://ngrok.com/docs/api"
	ngrokCommands = "https://ngrok.com/docs/agent/cli-api"
	ngrokAgent    = "https://ngrok.com/docs/agent/config"
)

// ngrok has keys of its API, for everything in the account, and authtokens, by which agents open endpoints. Both have the same form.
func ngrok() detectors.Provider {
	const key, auth, shape = "api-key", "authtoken", `[A-Za-z0-9]{25,30}_[A-Za-z0-9]{20,22}`
	destroy := func(name, path string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: []string{key}, Calls: []string{"http DELETE /" + path + "/*"}, Source: ngrokAPI}
	}
	domain := destroy("delete a domain", "reserved_domains")
	domain.Calls = append(domain.Calls, "cli ngrok api reserved-domains delete")
	return detectors.Provider{
		Name:  "ngrok",
		Title: "ngrok",
		Hosts: []string{"api.ngrok.com"},
		Rules: []detectors.Rule{
			{
				ID:          "ngrok-api-key",
				Description: "two runs of letters and digits, joined by an underscore, named as an ngrok API key",
				Pattern:     assigned(named(`ngrok`, `api[_-]?(?:key|token)`), `(?:ngrok_pat_[A-Za-z0-9_]{20,80}|`+shape+`)`),
				Group:       1,
				Keywords:    []string{"ngrok"},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       []string{key},
			},
			{
				ID:          "ngrok-authtoken",
				Description: "two runs of letters and digits, joined by an underscore, named as an ngrok authtoken",
				Pattern:     assigned(named(`ngrok`, `(?:(?:add-)?auth[_-]?token|[_-]token)`), shape),
				Group:       1,
				Keywords:    []string{"ngrok"},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{notAnID(), {Description: "a key of the API", Target: "match", Regexes: []string{`(?i)api[_-]?token`}}},
				Kinds:       []string{auth},
			},
			handed("ngrok", shape, []string{"api.ngrok.com"}, 3.5, []string{key}),
			{ID: "ngrok-host", Description: "a host of ngrok's API", Pattern: `\bapi\.ngrok\.com\b`, Keywords: []string{"api.ngrok.com"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "everything in the account",
				AtMost:    detectors.Full,
				Variables: []string{"NGROK_API_KEY"},
				Headers:   []string{"Authorization Bearer"},
				Shape:     shape,
				Cut:       "give staging an access token with the scopes that it needs, or an account of its own, and delete this key",
				Source:    ngrokAPI,
			},
			{
				Name:      auth,
				Title:     "authtoken",
				Scope:     detectors.ScopeAccount,
				Bound:     "the account's endpoints, unless its access rules say which",
				AtMost:    detectors.Write,
				Variables: []string{"NGROK_AUTHTOKEN"},
				Shape:     shape,
				Cut:       "give staging an authtoken whose access rules are for its own domains, and delete this one",
				Source:    ngrokKeys,
			},
		},
		Tools: []detectors.Tool{{
			Name: "ngrok", Needs: detectors.NeedsToken, Variables: []string{"NGROK_AUTHTOKEN", "NGROK_API_KEY"}, Values: []string{"--config", "--domain", "--url"}, Source: ngrokAgent,
		}},
		Operations: []detectors.Operation{
			domain,
			destroy("delete a reserved address", "reserved_addrs"),
			destroy("delete an endpoint", "endpoints"),
			destroy("delete a certificate", "tls_certificates"),
			{Name: "make a key or an authtoken", Does: detectors.Admin, Kinds: []string{key}, Calls: []string{"http POST /api_keys", "http POST /credentials", "cli ngrok api api-keys create", "cli ngrok api credentials create"}, Source: ngrokCommands},
			{Name: "open an endpoint", Does: detectors.Write, Kinds: []string{auth}, Calls: []string{"cli ngrok http", "cli ngrok tcp", "cli ngrok tls", "cli ngrok start"}, Source: ngrokAgent},
		},
	}
}
