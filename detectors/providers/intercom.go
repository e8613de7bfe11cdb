package providers

import "github.com/stagewall/stagewall/detectors"

// intercom gives a token one workspace, which it does not name: workspaces for tests are workspaces of their own.
func intercom() detectors.Provider {
	const token = "access-token"
	const schema = "https://github.com/intercom/Intercom-OpenAPI/tree/main/descriptions"
	return detectors.Provider{
		Name:  "intercom",
		Title: "Intercom",
		Hosts: []string{"api.intercom.io", "api.eu.intercom.io", "api.au.intercom.io"},
		Rules: []detectors.Rule{
			{
				ID:          "intercom-token",
				Description: "a token for Intercom's API: base64 of tok: and more",
				Pattern:     left + `(dG9rO[0-9A-Za-z+/]{54}=)` + `(?:[^A-Za-z0-9+/=_-]|$)`,
				Group:       1,
				Keywords:    []string{"dg9ro"},
				Entropy:     3.5,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "access token",
				Scope:     detectors.ScopeContainer,
				Bound:     "one workspace, which it does not name, within its app's scopes",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"INTERCOM_ACCESS_TOKEN", "INTERCOM_TOKEN", "INTERCOM_API_TOKEN"},
				Shape:     `dG9rO[0-9A-Za-z+/]{54}=`,
				Cut:       "give staging a workspace for tests and its token, and regenerate this one",
				Source:    "https://developers.intercom.com/docs/build-an-integration/learn-more/authentication",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a contact", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /contacts/*", "http POST /user_delete_requests"},
				Source: "https://developers.intercom.com/docs/references/rest-api/api.intercom.io/contacts/deletecontact",
			},
			{
				Name: "delete a conversation or ticket", Does: detectors.Destroy, Undo: "no undo",
				Calls: []string{"http DELETE /conversations/*", "http DELETE /tickets/*"}, Source: schema,
			},
			{
				Name: "delete a company or article", Does: detectors.Destroy,
				Calls: []string{"http DELETE /companies/*", "http DELETE /articles/*"}, Source: schema,
			},
			{
				Name: "send messages", Does: detectors.Write,
				Calls:  []string{"http POST /messages", "http POST /conversations/*/reply"},
				Source: "https://developers.intercom.com/docs/references/rest-api/api.intercom.io/messages/createmessage",
			},
		},
	}
}
