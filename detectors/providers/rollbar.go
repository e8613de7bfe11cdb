package providers

import "github.com/stagewall/stagewall/detectors"

// rollbar binds tokens to one project; their scopes, from posting to writing, are not in the text.
func rollbar() detectors.Provider {
	const token = "access-token"
	return detectors.Provider{
		Name:  "rollbar",
		Title: "Rollbar",
		Hosts: []string{"api.rollbar.com"},
		Rules: []detectors.Rule{
			{
				ID:          "rollbar-key",
				Description: "a key for Rollbar's API",
				Pattern:     assigned(named(`rollbar`, `token`), `[0-9a-f]{32}`),
				Group:       1,
				Keywords:    []string{"rollbar"},
				Entropy:     3,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "access token",
				Scope:     detectors.ScopeContainer,
				Bound:     "one project, which it does not name, within scopes that it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"ROLLBAR_ACCESS_TOKEN", "ROLLBAR_TOKEN", "ROLLBAR_POST_SERVER_ITEM_TOKEN"},
				Shape:     `[0-9a-f]{32}`,
				Cut:       "use a token of staging's project that may post only, and disable this one",
				Source:    "https://docs.rollbar.com/docs/access-tokens",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a project", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/1/project/*"},
				Source: "https://docs.rollbar.com/reference/delete-a-project",
			},
		},
	}
}
