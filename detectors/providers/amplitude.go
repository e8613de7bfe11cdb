package providers

import "github.com/stagewall/stagewall/detectors"

// amplitude separates environments by projects. The API key of a project sends events and is made to be published; with the secret key
// beside it, users' data is exported and deleted.
func amplitude() detectors.Provider {
	const secret, api = "secret-key", "api-key"
	return detectors.Provider{
		Name:  "amplitude",
		Title: "Amplitude",
		Hosts: []string{"amplitude.com", "analytics.eu.amplitude.com", "api2.amplitude.com", "api.eu.amplitude.com", "privacy.amplitude.com"},
		Rules: []detectors.Rule{
			{
				ID:          "amplitude-secret-key",
				Description: "a value named as an Amplitude secret key",
				Pattern:     assigned(named(`amplitude`, `secret(?:[_-]?key)?`), `[0-9a-f]{32}`),
				Group:       1,
				Keywords:    []string{"amplitude"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       []string{secret},
			},
			{
				ID:          "amplitude-api-key",
				Description: "a value named as an Amplitude API key",
				Pattern:     assigned(named(`amplitude`, `api[_-]?key`), `[0-9a-f]{32}`),
				Group:       1,
				Keywords:    []string{"amplitude"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       []string{api},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "secret key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one project, which it does not name; deletions can be asked for in the whole organization",
				AtMost:    detectors.Read | detectors.Write | detectors.Destroy,
				Variables: []string{"AMPLITUDE_SECRET_KEY", "AMPLITUDE_API_SECRET"},
				Cut:       "give staging the keys of a project of its own, and keep secret keys to the jobs that export",
				Source:    "https://amplitude.com/docs/apis/keys-and-tokens",
			},
			{
				Name:      api,
				Title:     "API key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it sends events to one project",
				Variables: []string{"AMPLITUDE_API_KEY", "NEXT_PUBLIC_AMPLITUDE_API_KEY", "VITE_AMPLITUDE_API_KEY"},
				Source:    "https://amplitude.com/docs/apis/keys-and-tokens",
			},
		},
		Containers: []detectors.Container{
			{Variable: "AMPLITUDE_PROJECT_ID", What: "project"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete users", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http POST /api/2/deletions/users", "http POST /api/user-deletions/org/*/requests"},
				Source: "https://amplitude.com/docs/apis/analytics/user-privacy",
			},
			{
				Name: "export events", Does: detectors.Read, Kinds: []string{secret},
				Calls:  []string{"http GET /api/2/export"},
				Source: "https://amplitude.com/docs/apis/analytics/export",
			},
		},
	}
}
