package providers

import "github.com/stagewall/stagewall/detectors"

// brevo gives an account keys for its API and for mail.
func brevo() detectors.Provider {
	const key, smtp = "api-key", "smtp-key"
	return detectors.Provider{
		Name:  "brevo",
		Title: "Brevo",
		Hosts: []string{"api.brevo.com", "api.sendinblue.com", "smtp-relay.brevo.com"},
		Rules: []detectors.Rule{
			{
				ID:          "brevo-key",
				Description: "a key for Brevo's API",
				Pattern:     prefixed(`xkeysib-[0-9a-f]{64}-[0-9A-Za-z]{16}`),
				Group:       1,
				Keywords:    []string{"xkeysib-"},
				Entropy:     3.5,
				Kinds:       []string{key},
			},
			{
				ID:          "brevo-smtp-key",
				Description: "a key for Brevo's mail relay",
				// No document says the form: keys that were seen have that of the API's keys.
				Pattern:  prefixed(`xsmtpsib-[0-9a-f]{64}-[0-9A-Za-z]{16}`),
				Group:    1,
				Keywords: []string{"xsmtpsib-"},
				Entropy:  3.5,
				Kinds:    []string{smtp},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "the whole account: there are no environments",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"BREVO_API_KEY", "SENDINBLUE_API_KEY"},
				Shape:     `xkeysib-[0-9a-f]{64}-[0-9A-Za-z]{16}`,
				Cut:       "make an account of its own for staging, and delete this key",
				Source:    "https://developers.brevo.com/docs/getting-started",
			},
			{
				Name:      smtp,
				Title:     "SMTP key",
				Scope:     detectors.ScopeAccount,
				Bound:     "sending mail for the whole account",
				AtMost:    detectors.Write,
				Variables: []string{"BREVO_SMTP_KEY"},
				Shape:     `xsmtpsib-[0-9a-f]{64}-[0-9A-Za-z]{16}`,
				Cut:       "make an account of its own for staging, and delete this key",
				Source:    "https://developers.brevo.com/docs/smtp-integration",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete contacts", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v3/contacts/*", "http DELETE /v3/contacts/lists/*"},
				Source: "https://developers.brevo.com/reference/delete-contact",
			},
			{
				Name: "send mail", Does: detectors.Write,
				Calls:  []string{"http POST /v3/smtp/email"},
				Source: "https://developers.brevo.com/reference/send-transac-email",
			},
		},
	}
}
