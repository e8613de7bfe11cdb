package providers

import "github.com/stagewall/stagewall/detectors"

// resend gives keys full access or sending only; a key does not show which.
func resend() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "resend",
		Title: "Resend",
		Hosts: []string{"api.resend.com"},
		Rules: []detectors.Rule{
			{
				ID:          "resend-key",
				Description: "a key for Resend's API",
				Pattern:     prefixed(`re_[0-9A-Za-z]{6,12}_[0-9A-Za-z]{20,30}`),
				Group:       1,
				Keywords:    []string{"re_"},
				Entropy:     3.5,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "the whole account, unless it may only send, or send for one domain, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"RESEND_API_KEY"},
				Shape:     `re_[0-9A-Za-z]{6,12}_[0-9A-Za-z]{20,30}`,
				Cut:       "make a key that may only send for staging's domain, and delete this one",
				Source:    "https://resend.com/docs/api-reference/api-keys/create-api-key",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a domain", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /domains/*"},
				Source: "https://resend.com/docs/api-reference/domains/delete-domain",
			},
			{
				Name: "delete an audience", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /audiences/*", "http DELETE /audiences/*/contacts/*"},
				Source: "https://resend.com/docs/api-reference/audiences/delete-audience",
			},
			{
				Name: "make or delete a key", Does: detectors.Admin,
				Calls:  []string{"http POST /api-keys", "http DELETE /api-keys/*"},
				Source: "https://resend.com/docs/api-reference/api-keys/create-api-key",
			},
			{
				Name: "send mail", Does: detectors.Write,
				Calls:  []string{"http POST /emails", "http POST /emails/batch"},
				Source: "https://resend.com/docs/api-reference/emails/send-email",
			},
		},
	}
}
