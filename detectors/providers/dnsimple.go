package providers

import "github.com/stagewall/stagewall/detectors"

const (
	dnsimpleTokens = "https://support.dnsimple.com/articles/api-access-token/"
	dnsimpleAPI    = "https://developer.dnsimple.com/v2/"
)

// dnsimple's tokens are a user's or an account's, for every domain of it. Those of the sandbox look alike, and its host takes no others.
func dnsimple() detectors.Provider {
	const token, shape = "api-token", `[A-Za-z0-9_]{32,90}`
	destroy := func(name, page string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: calls, Source: dnsimpleAPI + page}
	}
	return detectors.Provider{
		Name:  "dnsimple",
		Title: "DNSimple",
		Hosts: []string{"api.dnsimple.com", "api.sandbox.dnsimple.com"},
		Rules: []detectors.Rule{
			{
				ID:          "dnsimple-token",
				Description: "a token in a variable that names DNSimple",
				Pattern:     assigned(named(`dnsimple`, `token`), shape), // no document says the form
				Group:       1,
				Keywords:    []string{"dnsimple"},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{token},
			},
			handed("dnsimple", shape, []string{"dnsimple.com"}, 3.5, []string{token}),
			{ID: "dnsimple-host", Description: "a host of DNSimple's API", Pattern: `\bapi\.(?:sandbox\.)?dnsimple\.com\b`, Keywords: []string{"dnsimple.com"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{{
			Name:      token,
			Title:     "API token",
			Scope:     detectors.ScopeAccount,
			Bound:     "every domain of its account, or of its user's accounts, unless it was limited to some, which it does not show",
			AtMost:    detectors.Full,
			Variables: []string{"DNSIMPLE_TOKEN", "DNSIMPLE_OAUTH_TOKEN"}, // the second is lego's: https://go-acme.github.io/lego/dns/dnsimple/
			Headers:   []string{"Authorization Bearer"},
			Shape:     shape,
			Cut:       "use a token of the sandbox, or one that is limited to staging's domain, and delete this one",
			Source:    dnsimpleTokens,
		}},
		Tools: []detectors.Tool{
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"DNSIMPLE_TOKEN"}, Selectors: []string{"-var-file"},
				Source: "https://github.com/dnsimple/terraform-provider-dnsimple/blob/main/docs/index.md",
			},
			{Name: "lego", Variables: []string{"DNSIMPLE_OAUTH_TOKEN"}, Selectors: []string{"--domains", "-d"}, Source: "https://go-acme.github.io/lego/dns/dnsimple/"},
		},
		Containers: []detectors.Container{{Variable: "DNSIMPLE_ACCOUNT", What: "account"}},
		Operations: []detectors.Operation{
			destroy("delete a domain", "domains/", "http DELETE /v2/*/domains/*", "sdk deleteDomain"),
			destroy("delete a record", "zones/records/", "http DELETE /v2/*/zones/*/records/*", "sdk deleteZoneRecord", "sdk deleteRecord"),
			destroy("give a domain to another account", "domains/pushes/", "http POST /v2/*/domains/*/pushes", "sdk initiatePush"),
			{
				Name: "change the name servers", Does: detectors.Write, Calls: []string{"http PUT /v2/*/registrar/domains/*/delegation"}, Source: dnsimpleAPI + "registrar/delegation/",
			},
			{
				Name: "write records", Does: detectors.Write, Calls: []string{"http POST /v2/*/zones/*/records", "http PATCH /v2/*/zones/*/records/*"}, Source: dnsimpleAPI + "zones/records/",
			},
		},
	}
}
