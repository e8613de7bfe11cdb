package providers

import "github.com/stagewall/stagewall/detectors"

// mailgun gives keys to an account, and keys of the same form to one domain that may only send; its name must stand beside one.
func mailgun() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "mailgun",
		Title: "Mailgun",
		Hosts: []string{"api.mailgun.net", "api.eu.mailgun.net"},
		Rules: []detectors.Rule{
			{
				ID:          "mailgun-key",
				Description: "a key for Mailgun's API",
				Pattern:     `(?i:mailgun)(?:[^\n]|\n[^\n]){0,120}?\b(key-[0-9a-f]{32}|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})` + right,
				Group:       1,
				Keywords:    []string{"mailgun"},
				Entropy:     3,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every domain of the account, unless it may only send for one, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"MAILGUN_API_KEY", "MAILGUN_KEY"},
				Shape:     `key-[0-9a-f]{32}|[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}`,
				Cut:       "use a sending key of staging's domain, and delete this one",
				Source:    "https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a domain", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v3/domains/*", "http DELETE /v4/domains/*"},
				Source: "https://documentation.mailgun.com/docs/mailgun/api-reference/",
			},
			{
				Name: "delete a mailing list", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v3/lists/*"},
				Source: "https://documentation.mailgun.com/docs/mailgun/api-reference/",
			},
			{
				Name: "forget who must not be written to", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v3/*/bounces", "http DELETE /v3/*/unsubscribes", "http DELETE /v3/*/complaints"},
				Source: "https://documentation.mailgun.com/docs/mailgun/api-reference/",
			},
			{
				Name: "delete a domain's key", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http DELETE /v1/dkim/keys"},
				Source: "https://github.com/mailgun/documentation/blob/master/source/api-domains.rst",
			},
			{
				Name: "delete templates or routes", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v3/*/templates", "http DELETE /v3/*/templates/*", "http DELETE /v3/routes/*"},
				Source: "https://documentation.mailgun.com/docs/mailgun/api-reference/",
			},
			{
				Name: "make a key", Does: detectors.Admin,
				Calls:  []string{"http POST /v1/keys"},
				Source: "https://documentation.mailgun.com/docs/mailgun/api-reference/",
			},
			{
				Name: "send mail", Does: detectors.Write,
				Calls:  []string{"http POST /v3/*/messages"},
				Source: "https://documentation.mailgun.com/docs/mailgun/api-reference/",
			},
		},
	}
}
