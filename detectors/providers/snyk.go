package providers

import "github.com/stagewall/stagewall/detectors"

// snyk gives persons and service accounts tokens: older ones are UUIDs, so that a name must stand beside one.
func snyk() detectors.Provider {
	const token = "api-token"
	// https://github.com/snyk/go-application-framework/blob/main/pkg/auth/tokenauthenticator.go
	const prefix = `snyk_(?:uat|sat)\.[0-9a-z]{8}\.[0-9A-Za-z_-]{20,1000}\.[0-9A-Za-z_-]{20,200}`
	return detectors.Provider{
		Name:  "snyk",
		Title: "Snyk",
		Hosts: []string{"api.snyk.io", "snyk.io"},
		Rules: []detectors.Rule{
			{
				ID:          "snyk-token",
				Description: "a person's or service account's token for Snyk's API",
				Pattern:     prefixed(prefix),
				Group:       1,
				Keywords:    []string{"snyk_uat.", "snyk_sat."},
				Entropy:     3.5,
				Kinds:       []string{token},
			},
			{
				ID:          "snyk-key",
				Description: "a key for Snyk's API",
				Pattern:     assigned(named(`snyk`, `(?:token|api[_-]?key)`), uuid),
				Group:       1,
				Keywords:    []string{"snyk"},
				Entropy:     2.8,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "API token",
				Scope:     detectors.ScopeOutside,
				Bound:     "reports about code, in every organization of the person or service account",
				AtMost:    detectors.Full,
				Variables: []string{"SNYK_TOKEN"},
				Shape:     prefix + `|` + uuid,
				Cut:       "use a service account that may view staging's projects only, and revoke this one",
				Source:    "https://docs.snyk.io/snyk-api/authentication-for-api",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "snyk",
				Variables: []string{"SNYK_TOKEN"},
				Selectors: []string{"--org"},
				Source:    "https://docs.snyk.io/snyk-cli",
			},
		},
		Containers: []detectors.Container{
			{Variable: "SNYK_ORG", What: "account"},
			{Variable: "SNYK_CFG_ORG", What: "account"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a project", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /rest/orgs/*/projects/*", "http DELETE /v1/org/*/project/*"},
				Source: "https://docs.snyk.io/snyk-api/reference/projects",
			},
			{
				Name: "delete an organization", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/org/*"},
				Source: "https://docs.snyk.io/snyk-api/reference/organizations-v1",
			},
		},
	}
}
