package providers

import "github.com/stagewall/stagewall/detectors"

const (
	workosEnvironments = "https://workos.com/docs/authkit/environments"
	workosAPI          = "https://workos.com/docs/reference"
)

// workos has environments of its own, and writes which into a key: test is what it calls staging. The rest is base64 of "key_", an id
// and a secret.
func workos() detectors.Provider {
	const key = "api-key"
	const body = `sk_(?:live|test)_a2V5X[zw][0-9A-Za-z+/]{20,}={0,2}`
	return detectors.Provider{
		Name:  "workos",
		Title: "WorkOS",
		Hosts: []string{"api.workos.com"},
		Rules: []detectors.Rule{{
			ID:          "workos-key",
			Description: "a key for WorkOS' API",
			Pattern:     left + `(` + body + `)`,
			Group:       1,
			Keywords:    []string{"_a2v5x"},
			Entropy:     3.5,
			Allowlists: []detectors.Allowlist{{Description: "the line names another provider that writes keys so", Target: "line",
				Regexes: []string{`(?i)highnote`}}},
			Kinds: []string{key},
		}},
		Kinds: []detectors.Kind{{
			Name:      key,
			Title:     "API key",
			Scope:     detectors.ScopeText,
			Bound:     "one environment of the team: live is production, test is staging",
			AtMost:    detectors.Full,
			Variables: []string{"WORKOS_API_KEY"},
			Shape:     body,
			Cut:       "use the key of the staging environment, and delete this one",
			Source:    workosEnvironments,
		}},
		Operations: []detectors.Operation{
			{
				Name: "delete an organization", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /organizations/*"},
				Source: workosAPI + "/organization/delete",
			},
			{
				Name: "delete a user", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /user_management/users/*"},
				Source: workosAPI + "/authkit/user/delete",
			},
			{
				Name: "delete a connection or a directory", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /connections/*", "http DELETE /directories/*"},
				Source: workosAPI + "/sso/connection/delete",
			},
			{
				Name: "make a user", Does: detectors.Admin,
				Calls:  []string{"http POST /user_management/users", "http POST /user_management/invitations", "http POST /user_management/organization_memberships"},
				Source: workosAPI + "/authkit/user/create",
			},
		},
		Decode: func(text string) detectors.Decoded { return ofMode(text, "sk_", key, workosEnvironments) },
	}
}
