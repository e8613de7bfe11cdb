package providers

import "github.com/stagewall/stagewall/detectors"

// clickup gives a person one token, for all workspaces that the person is in.
func clickup() detectors.Provider {
	const token = "personal-token"
	return detectors.Provider{
		Name:  "clickup",
		Title: "ClickUp",
		Hosts: []string{"api.clickup.com"},
		Rules: []detectors.Rule{
			{
				ID:          "clickup-token",
				Description: "a token for ClickUp's API",
				Pattern:     prefixed(`pk_[0-9]{5,10}_[0-9A-Z]{32}`),
				Group:       1,
				Keywords:    []string{"pk_"},
				Entropy:     3.5,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "personal token",
				Scope:     detectors.ScopeOutside, // people keep lists of their work there, and run nothing
				Bound:     "every workspace of the person",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"CLICKUP_API_TOKEN", "CLICKUP_TOKEN", "CLICKUP_API_KEY"},
				Shape:     `pk_[0-9]{5,10}_[0-9A-Z]{32}`,
				Cut:       "use the token of a guest who sees staging's space only, and regenerate this one",
				Source:    "https://developer.clickup.com/docs/authentication",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a space, folder or list", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/space/*", "http DELETE /api/v2/folder/*", "http DELETE /api/v2/list/*"},
				Source: "https://developer.clickup.com/reference/deletespace",
			},
			{
				Name: "delete a task", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/task/*"},
				Source: "https://developer.clickup.com/reference/deletetask",
			},
			{
				Name: "change a task", Does: detectors.Write,
				Calls:  []string{"http POST /api/v2/list/*/task", "http PUT /api/v2/task/*"},
				Source: "https://developer.clickup.com/reference/createtask",
			},
		},
	}
}
