package providers

import "github.com/stagewall/stagewall/detectors"

const (
	fastlyTokens   = "https://www.fastly.com/documentation/reference/api/auth-tokens/user/"
	fastlyAPI      = "https://www.fastly.com/documentation/reference/api/"
	fastlyCommands = "https://www.fastly.com/documentation/reference/cli/"
)

// fastly's tokens carry no mark: 32 characters, known by their variable or header. Their scope, and the services that they may be limited to,
// are not in them.
func fastly() detectors.Provider {
	const token, shape = "api-token", `[A-Za-z0-9_-]{32}`
	destroy := func(name, page string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: calls, Source: fastlyAPI + page}
	}
	return detectors.Provider{
		Name:  "fastly",
		Title: "Fastly",
		Hosts: []string{"api.fastly.com"},
		Rules: []detectors.Rule{
			{
				ID:          "fastly-token",
				Description: "32 characters in a variable or header for Fastly's tokens",
				// No document says the form: tokens that were seen have it.
				Pattern:  assigned(named(`fastly`, `(?:token|key)`), shape),
				Group:    1,
				Keywords: []string{"fastly"},
				Entropy:  3.8,
				Allowlists: []detectors.Allowlist{notAnID(), notAName(), {
					Description: "a key of what is cached, or one that is public", Regexes: []string{`(?i)(?:surrogate|cache|public)[_-]?key`}, Target: "match",
				}},
				Kinds: []string{token},
			},
			handed("fastly", shape, []string{"api.fastly.com"}, 3.8, []string{token}),
			{ID: "fastly-host", Description: "a host of Fastly's API", Pattern: `\bapi\.fastly\.com\b`, Keywords: []string{"api.fastly.com"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{{
			Name:      token,
			Title:     "API token",
			Scope:     detectors.ScopeAccount,
			Bound:     "every service of its account that its user may touch, or those that it was made for, which it does not show",
			AtMost:    detectors.Full,
			Variables: []string{"FASTLY_API_TOKEN", "FASTLY_API_KEY"},
			Headers:   []string{"Fastly-Key"},
			Shape:     shape,
			Cut:       "use an automation token that is limited to staging's services, and revoke this one",
			Source:    fastlyTokens,
		}},
		Tools: []detectors.Tool{
			{
				Name: "fastly", Variables: []string{"FASTLY_API_TOKEN"}, Selectors: []string{"--service-id", "-s", "--service-name"},
				Source: "https://github.com/fastly/cli",
			},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"FASTLY_API_KEY"}, Selectors: []string{"-var-file"},
				Source: "https://registry.terraform.io/providers/fastly/fastly/latest/docs",
			},
		},
		Containers: []detectors.Container{{Variable: "FASTLY_SERVICE_ID", What: "app"}, {Variable: "FASTLY_CUSTOMER_ID", What: "account"}},
		Operations: []detectors.Operation{
			destroy("delete a service", "services/service/", "http DELETE /service/*", "cli fastly service delete", "cli fastly service remove", "sdk deleteService"),
			destroy("delete a KV store", "services/resources/kv-store/", "http DELETE /resources/stores/kv/*", "cli fastly kv-store delete", "sdk kvStoreDelete"),
			destroy("delete a key of a KV store", "services/resources/kv-store-item/", "http DELETE /resources/stores/kv/*/keys/*", "cli fastly kv-store-entry delete"),
			destroy("delete a config store", "services/resources/config-store/", "http DELETE /resources/stores/config/*", "cli fastly config-store delete"),
			destroy("delete a secret store", "services/resources/secret-store/", "http DELETE /resources/stores/secret/*", "cli fastly secret-store delete"),
			destroy("delete a certificate or its key", "tls/custom-certs/certificates/", "http DELETE /tls/certificates/*", "http DELETE /tls/private_keys/*",
				"http DELETE /tls/bulk/certificates/*", "cli fastly tls-custom certificate delete", "cli fastly tls-custom private-key delete", "cli fastly tls-platform delete"),
			{Name: "delete a DNS zone", Does: detectors.Destroy, Calls: []string{"cli fastly dns zone delete"}, Source: fastlyCommands + "dns/zone/delete/"},
			{
				Name: "make users or tokens", Does: detectors.Admin,
				Calls:  []string{"http POST /user", "http PUT /user/*", "http POST /tokens", "http POST /automation-tokens", "cli fastly user create", "cli fastly auth-token create"},
				Source: fastlyTokens,
			},
			{ // the cache fills again
				Name: "purge what is cached", Does: detectors.Write,
				Calls: []string{
					"http POST /service/*/purge_all", "http POST /service/*/purge/*", "http POST /service/*/purge", "cli fastly service purge", "cli fastly purge",
					"sdk purgeAll",
				},
				Source: fastlyAPI + "purging/",
			},
			{
				Name: "activate a version", Does: detectors.Write,
				Calls: []string{
					"http PUT /service/*/version/*/activate", "cli fastly service-version activate", "cli fastly service version activate",
					"cli fastly compute deploy", "cli fastly compute publish",
				},
				Source: fastlyAPI + "services/version/",
			},
		},
	}
}
