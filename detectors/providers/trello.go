package providers

import "github.com/stagewall/stagewall/detectors"

// trello gives a person a token for each key of an app, for reading, writing or the account, which it does not show.
func trello() detectors.Provider {
	const token = "token"
	return detectors.Provider{
		Name:  "trello",
		Title: "Trello",
		Hosts: []string{"api.trello.com", "trello.com"},
		Rules: []detectors.Rule{
			{
				ID:          "trello-token",
				Description: "a token for Trello's API",
				// No document says the form: tokens that were seen since 2022 have it.
				Pattern:  prefixed(`ATTA[0-9a-f]{64}[0-9A-F]{8}`),
				Group:    1,
				Keywords: []string{"atta"},
				Entropy:  3.3,
				Kinds:    []string{token},
			},
			{
				ID:          "trello-named-token",
				Description: "a value named as a token for Trello",
				Pattern:     assigned(named(`trello`, `(?:token|secret)`), `[0-9a-f]{64}`),
				Group:       1,
				Keywords:    []string{"trello"},
				Entropy:     3.3,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "token",
				Scope:     detectors.ScopeOutside, // people keep lists of their work there, and run nothing
				Bound:     "every board of the person, within rights that it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"TRELLO_TOKEN", "TRELLO_API_TOKEN", "TRELLO_ACCESS_TOKEN"},
				Shape:     `ATTA[0-9a-f]{64}[0-9A-F]{8}|[0-9a-f]{64}`,
				Cut:       "use a token for reading of a person who sees staging's boards only, and revoke this one",
				Source:    "https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a board or workspace", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /1/boards/*", "http DELETE /1/organizations/*"},
				Source: "https://developer.atlassian.com/cloud/trello/rest/api-group-boards/#api-boards-id-delete",
			},
			{
				Name: "delete a card", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /1/cards/*"},
				Source: "https://developer.atlassian.com/cloud/trello/rest/api-group-cards/#api-cards-id-delete",
			},
			{
				Name: "change members", Does: detectors.Admin,
				Calls:  []string{"http PUT /1/boards/*/members", "http PUT /1/organizations/*/members"},
				Source: "https://developer.atlassian.com/cloud/trello/rest/api-group-boards/#api-boards-id-members-put",
			},
		},
	}
}
