package providers

import "github.com/stagewall/stagewall/detectors"

// okta binds a token to one organization, chosen by the host, and to the rights of the administrator who made it, also when these change.
func okta() detectors.Provider {
	const token = "api-token"
	return detectors.Provider{
		Name:  "okta",
		Title: "Okta",
		Hosts: []string{".okta.com", ".okta-emea.com", ".oktapreview.com"},
		Rules: []detectors.Rule{
			{
				ID:          "okta-token",
				Description: "a token for Okta's API, by its variable or scheme",
				Pattern:     `(?:(?i:okta)[A-Za-z0-9_.-]{0,30}(?i:token|key)` + gives + `|\bSSWS[ \t]+)(00[0-9A-Za-z_-]{40})` + right,
				Group:       1,
				Keywords:    []string{"okta", "ssws"},
				Entropy:     4,
				Kinds:       []string{token},
			},
			handed("okta", `00[0-9A-Za-z_-]{40}`, []string{".okta.com", ".okta-emea.com", ".oktapreview.com"}, 4, []string{token}),
			{ID: "okta-host", Description: "a host of Okta's API", Pattern: `\.okta(?:-emea|preview)?\.com\b`, Keywords: []string{".okta.com", ".okta-emea.com", ".oktapreview.com"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "API token",
				Scope:     detectors.ScopeHost,
				Bound:     "one organization, with all rights of the administrator who made it",
				AtMost:    detectors.Full,
				Variables: []string{"OKTA_API_TOKEN", "OKTA_CLIENT_TOKEN", "OKTA_TOKEN"},
				Headers:   []string{"Authorization SSWS"},
				Shape:     `00[0-9A-Za-z_-]{40}`,
				Cut:       "use the preview organization's service application with the scopes that staging needs, and revoke this token",
				Source:    "https://developer.okta.com/docs/guides/create-an-api-token/main/",
			},
		},
		Containers: []detectors.Container{
			{Variable: "OKTA_ORG_NAME", What: "account"},
		},
		// Methods of libraries: https://github.com/okta/okta-sdk-nodejs/blob/master/README.md
		Operations: []detectors.Operation{
			{
				Name: "delete a user", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http DELETE /api/v1/users/*", "sdk userApi.deleteUser"},
				Source: "https://github.com/okta/okta-management-openapi-spec/blob/master/dist/2025.08.0/management-minimal.yaml",
			},
			{
				Name: "delete an application", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v1/apps/*"},
				Source: "https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Application/",
			},
			{
				Name: "delete a group", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v1/groups/*"},
				Source: "https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Group/",
			},
			{
				Name: "give rights", Does: detectors.Admin,
				Calls:  []string{"http POST /api/v1/users/*/roles", "http POST /api/v1/users", "http PUT /api/v1/groups/*/users/*"},
				Source: "https://developer.okta.com/docs/api/openapi/okta-management/management/tag/RoleAssignmentAUser/",
			},
		},
	}
}
