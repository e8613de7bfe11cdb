package providers

import "github.com/stagewall/stagewall/detectors"

// mailchimp writes the data centre into a key; a key may do all that its owner may.
func mailchimp() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "mailchimp",
		Title: "Mailchimp",
		Hosts: []string{".api.mailchimp.com"},
		Rules: []detectors.Rule{
			{
				ID:          "mailchimp-key",
				Description: "a key for Mailchimp's API",
				Pattern:     prefixed(`[0-9a-f]{32}-us[0-9]{1,2}`),
				Group:       1,
				Keywords:    []string{"-us"},
				Entropy:     3,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "the whole account: there are no environments",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"MAILCHIMP_API_KEY"},
				Shape:     `[0-9a-f]{32}-us[0-9]{1,2}`,
				Cut:       "make an account of its own for staging, and revoke this key",
				Source:    "https://mailchimp.com/developer/marketing/docs/fundamentals/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete an audience", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /3.0/lists/*"},
				Source: "https://mailchimp.com/developer/marketing/api/lists/delete-list/",
			},
			{
				Name: "delete a person for ever", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http POST /3.0/lists/*/members/*/actions/delete-permanent"},
				Source: "https://mailchimp.com/developer/marketing/api/list-members/delete-list-member/",
			},
			{
				Name: "delete a campaign", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /3.0/campaigns/*"},
				Source: "https://mailchimp.com/developer/marketing/api/campaigns/delete-campaign/",
			},
			{
				Name: "send a campaign", Does: detectors.Write,
				Calls:  []string{"http POST /3.0/campaigns/*/actions/send"},
				Source: "https://mailchimp.com/developer/marketing/api/campaigns/send-campaign/",
			},
		},
	}
}
