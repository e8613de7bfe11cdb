package providers

import "github.com/stagewall/stagewall/detectors"

const (
	sendgridKeys = "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys"
	sendgridAPI  = "https://www.twilio.com/docs/sendgrid/api-reference/"

	sendgridSchemas = "https://github.com/twilio/sendgrid-oai/blob/main/spec/json/"
)

// sendgrid knows the one sort of key that SendGrid has; its permissions were chosen when it was made.
func sendgrid() detectors.Provider {
	const key = "api-key"
	const body = `SG\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}`
	return detectors.Provider{
		Name:  "sendgrid",
		Title: "SendGrid",
		Hosts: []string{"api.sendgrid.com", "api.eu.sendgrid.com", "smtp.sendgrid.net"},
		Rules: []detectors.Rule{{
			ID:          "sendgrid-key",
			Description: "a key for SendGrid's API",
			Pattern:     prefixed(body),
			Group:       1,
			Keywords:    []string{"sg."},
			Entropy:     3.5,
			Kinds:       []string{key},
		}},
		Kinds: []detectors.Kind{{
			Name:      key,
			Title:     "API key",
			Scope:     detectors.ScopeAccount,
			Bound:     "the account or subuser, within permissions that it does not show: there are no environments",
			AtMost:    detectors.Full,
			Variables: []string{"SENDGRID_API_KEY"},
			Shape:     body,
			Cut:       "give staging a subuser with a key that may send only, and delete this key",
			Source:    sendgridKeys,
		}},
		Operations: []detectors.Operation{
			{
				Name: "delete contacts", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v3/marketing/contacts", "http DELETE /v3/marketing/lists/*"},
				Source: sendgridAPI + "contacts/delete-contacts",
			},
			{
				Name: "delete a template", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v3/templates/*"},
				Source: sendgridAPI + "transactional-templates/delete-a-template",
			},
			{
				Name: "forget who must not be written to", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v3/suppression/**", "http DELETE /v3/asm/suppressions/**"},
				Source: sendgridAPI + "suppressions-suppressions",
			},
			{
				Name: "delete a subuser", Does: detectors.Destroy, Undo: "no undo",
				Calls: []string{"http DELETE /v3/subusers/*"}, Source: sendgridSchemas + "tsg_subusers_v3.json",
			},
			{
				Name: "delete a single send or design", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http DELETE /v3/marketing/singlesends", "http DELETE /v3/marketing/singlesends/*", "http DELETE /v3/designs/*"},
				Source: sendgridSchemas + "tsg_mc_singlesends_v3.json",
			},
			{
				Name: "make or delete a key", Does: detectors.Admin,
				Calls:  []string{"http POST /v3/api_keys", "http PUT /v3/api_keys/*", "http DELETE /v3/api_keys/*"},
				Source: sendgridAPI + "api-keys",
			},
			{
				Name: "send mail", Does: detectors.Write,
				Calls:  []string{"http POST /v3/mail/send"},
				Source: sendgridAPI + "mail-send/mail-send",
			},
		},
	}
}
