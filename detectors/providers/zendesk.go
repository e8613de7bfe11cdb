package providers

import "github.com/stagewall/stagewall/detectors"

// zendesk gives an account tokens that serve as the password of any verified user; the host chooses the account, of which a sandbox is one
// of its own.
func zendesk() detectors.Provider {
	const token = "api-token"
	return detectors.Provider{
		Name:  "zendesk",
		Title: "Zendesk",
		Hosts: []string{".zendesk.com"},
		Rules: []detectors.Rule{
			{
				ID:          "zendesk-token",
				Description: "a value whose variable is named as Zendesk's, or that is sent as a user's password",
				Pattern:     assigned(named(`zendesk`, `(?:token|key)`), `[0-9A-Za-z]{40}`),
				Group:       1,
				Keywords:    []string{"zendesk"},
				Entropy:     4,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "API token",
				Scope:     detectors.ScopeHost,
				Bound:     "the account at the host, as any user whose address is sent with it",
				AtMost:    detectors.Full,
				Variables: []string{"ZENDESK_API_TOKEN", "ZENDESK_TOKEN"},
				Shape:     `[0-9A-Za-z]{40}`,
				Cut:       "use a token of the sandbox account, and delete this one",
				Source:    "https://developer.zendesk.com/api-reference/introduction/security-and-auth/",
			},
		},
		Containers: []detectors.Container{
			{Variable: "ZENDESK_SUBDOMAIN", What: "account"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete tickets", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/tickets/*", "http DELETE /api/v2/tickets/destroy_many"},
				Source: "https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/",
			},
			{
				Name: "delete tickets for ever", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/deleted_tickets/*", "http DELETE /api/v2/deleted_tickets/destroy_many"},
				Source: "https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/",
			},
			{
				Name: "delete a user", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/users/*", "http DELETE /api/v2/users/destroy_many"},
				Source: "https://developer.zendesk.com/api-reference/ticketing/users/users/",
			},
			{
				Name: "make a user", Does: detectors.Admin,
				Calls:  []string{"http POST /api/v2/users"},
				Source: "https://developer.zendesk.com/api-reference/ticketing/users/users/",
			},
		},
	}
}
