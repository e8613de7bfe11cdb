package providers

import "github.com/stagewall/stagewall/detectors"

// asana gives a person tokens that may do all that the person may.
func asana() detectors.Provider {
	const token = "personal-access-token"
	return detectors.Provider{
		Name:  "asana",
		Title: "Asana",
		Hosts: []string{"app.asana.com"},
		Rules: []detectors.Rule{
			{
				ID:          "asana-key",
				Description: "a key for Asana's API",
				Pattern:     prefixed(`[0-2]/[0-9]{12,20}(?:/[0-9]{12,20})?:[0-9a-f]{32}`),
				Group:       1,
				Keywords:    []string{"asana"},
				Entropy:     3,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "personal access token",
				Scope:     detectors.ScopeOutside, // people keep lists of their work there, and run nothing
				Bound:     "everything of the person in every workspace",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"ASANA_ACCESS_TOKEN", "ASANA_TOKEN", "ASANA_PAT"},
				Shape:     `[0-2]/[0-9]{12,20}(?:/[0-9]{12,20})?:[0-9a-f]{32}`,
				Cut:       "use a service account that sees staging's projects only, and deauthorize this token",
				Source:    "https://developers.asana.com/docs/personal-access-token",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a project", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/1.0/projects/*"},
				Source: "https://developers.asana.com/reference/deleteproject",
			},
			{
				Name: "delete a task", Does: detectors.Destroy, Undo: "30 days",
				Calls:  []string{"http DELETE /api/1.0/tasks/*"},
				Source: "https://developers.asana.com/reference/deletetask",
			},
			{
				Name: "change a task", Does: detectors.Write,
				Calls:  []string{"http POST /api/1.0/tasks", "http PUT /api/1.0/tasks/*"},
				Source: "https://developers.asana.com/reference/updatetask",
			},
		},
	}
}
