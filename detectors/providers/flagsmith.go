package providers

import "github.com/stagewall/stagewall/detectors"

// flagsmith binds keys for SDKs to one environment, which they do not name.
func flagsmith() detectors.Provider {
	const organisation, server = "organisation-api-key", "server-side-key"
	return detectors.Provider{
		Name:  "flagsmith",
		Title: "Flagsmith",
		Hosts: []string{"api.flagsmith.com", "edge.api.flagsmith.com"},
		Rules: []detectors.Rule{
			{
				ID:          "flagsmith-server-key",
				Description: "a Flagsmith key for servers",
				Pattern:     prefixed(`ser\.[0-9A-Za-z]{22}`),
				Group:       1,
				Keywords:    []string{"ser."},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{{Description: "a class in a package", Regexes: []string{`^ser\.(?:[A-Z][a-z]+){2,}$`}}},
				Kinds:       []string{server},
			},
			{
				ID:          "flagsmith-api-key",
				Description: "a value whose variable is named as a Flagsmith API key",
				Pattern:     assigned(`flagsmith[_-]?(?:organisation[_-]?)?api[_-]?(?:key|token)`, `[0-9A-Za-z]{8}\.[0-9A-Za-z]{32}`),
				Group:       1,
				Keywords:    []string{"flagsmith"},
				Entropy:     3.5,
				Kinds:       []string{organisation},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      organisation,
				Title:     "organisation API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every environment of the organisation, unless it has a role, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"FLAGSMITH_API_KEY"},
				Cut:       "give staging's key a role for staging's environment, and delete this one",
				Source:    "https://docs.flagsmith.com/clients/rest",
			},
			{
				Name:      server,
				Title:     "server-side environment key",
				Scope:     detectors.ScopeContainer,
				Bound:     "reading one environment, which it does not name",
				AtMost:    detectors.Read,
				Variables: []string{"FLAGSMITH_ENVIRONMENT_KEY", "FLAGSMITH_SERVER_KEY"},
				Shape:     `ser\.[0-9A-Za-z]{22}`,
				Cut:       "use the key of staging's environment, and delete this one",
				Source:    "https://docs.flagsmith.com/clients/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a feature", Does: detectors.Destroy, Kinds: []string{organisation},
				Calls:  []string{"http DELETE /api/v1/projects/*/features/*"},
				Source: "https://docs.flagsmith.com/clients/rest",
			},
			{
				Name: "delete an environment", Does: detectors.Destroy, Kinds: []string{organisation},
				Calls:  []string{"http DELETE /api/v1/environments/*"},
				Source: "https://docs.flagsmith.com/clients/rest",
			},
		},
	}
}
