package providers

import "github.com/stagewall/stagewall/detectors"

// postmark tells the token of a server, which is how it keeps environments apart, from the token of the account by the header alone.
func postmark() detectors.Provider {
	const account, server = "account-token", "server-token"
	return detectors.Provider{
		Name:  "postmark",
		Title: "Postmark",
		Hosts: []string{"api.postmarkapp.com"},
		Rules: []detectors.Rule{
			{
				ID:          "postmark-account-token",
				Description: "a UUID whose variable or header is named as Postmark's account token",
				Pattern:     assigned(`postmark[A-Za-z0-9_.-]{0,20}account[A-Za-z0-9_.-]{0,20}token`, uuid),
				Group:       1,
				Keywords:    []string{"postmark"},
				Entropy:     2.8,
				Kinds:       []string{account},
			},
			{
				ID:          "postmark-server-token",
				Description: "a UUID whose variable or header is named as a Postmark server's token",
				Pattern:     assigned(`postmark(?:[_.-]?(?:api|app|server|smtp|transactional|broadcast)){0,3}[_.-]?(?:token|key)`, uuid),
				Group:       1,
				Keywords:    []string{"postmark"},
				Entropy:     2.8,
				Kinds:       []string{server},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      account,
				Title:     "account token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every server, domain and signature of the account",
				AtMost:    detectors.Full,
				Variables: []string{"POSTMARK_ACCOUNT_TOKEN"},
				Headers:   []string{"X-Postmark-Account-Token"},
				Shape:     uuid,
				Cut:       "use the token of staging's own server, and regenerate this one",
				Source:    "https://postmarkapp.com/developer/api/overview",
			},
			{
				Name:      server,
				Title:     "server token",
				Scope:     detectors.ScopeContainer,
				Bound:     "one server, which it does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"POSTMARK_SERVER_TOKEN", "POSTMARK_API_TOKEN", "POSTMARK_API_KEY"},
				Headers:   []string{"X-Postmark-Server-Token"},
				Shape:     uuid,
				Cut:       "use the token of staging's own server, and regenerate this one",
				Source:    "https://postmarkapp.com/developer/api/overview",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a server", Does: detectors.Destroy, Kinds: []string{account},
				Calls:  []string{"http DELETE /servers/*"},
				Source: "https://postmarkapp.com/developer/api/servers-api",
			},
			{
				Name: "delete a domain", Does: detectors.Destroy, Kinds: []string{account},
				Calls:  []string{"http DELETE /domains/*"},
				Source: "https://postmarkapp.com/developer/api/domains-api",
			},
			{
				Name: "delete a template", Does: detectors.Destroy, Kinds: []string{server},
				Calls:  []string{"http DELETE /templates/*"},
				Source: "https://postmarkapp.com/developer/api/templates-api",
			},
			{
				Name: "send mail", Does: detectors.Write, Kinds: []string{server},
				Calls:  []string{"http POST /email", "http POST /email/batch"},
				Source: "https://postmarkapp.com/developer/api/email-api",
			},
		},
	}
}
