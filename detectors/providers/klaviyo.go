package providers

import "github.com/stagewall/stagewall/detectors"

// klaviyo gives an account private keys with scopes that are not in the text; test accounts are accounts of their own.
func klaviyo() detectors.Provider {
	const key = "private-key"
	return detectors.Provider{
		Name:  "klaviyo",
		Title: "Klaviyo",
		Hosts: []string{"a.klaviyo.com"},
		Rules: []detectors.Rule{
			{
				ID:          "klaviyo-key",
				Description: "a private key, on a line that names Klaviyo",
				// The prefix is of https://developers.klaviyo.com/en/docs/retrieve_api_credentials, the length of keys that were seen.
				Pattern:    beside(`klaviyo`, `pk_[0-9A-Za-z_]{34,64}`),
				Group:      1,
				Keywords:   []string{"klaviyo"},
				Entropy:    3.5,
				Allowlists: []detectors.Allowlist{{Description: "a name", Regexes: []string{`^pk_[a-z_]+$`}}},
				Kinds:      []string{key},
			},
			handed("klaviyo", `pk_[0-9A-Za-z_]{34,64}`, []string{"a.klaviyo.com"}, 3.5, []string{key}),
			{ID: "klaviyo-host", Description: "a host of Klaviyo's API", Pattern: `\ba\.klaviyo\.com\b`, Keywords: []string{"a.klaviyo.com"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "private API key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one account, which it does not name, within scopes that it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"KLAVIYO_PRIVATE_API_KEY", "KLAVIYO_API_KEY", "KLAVIYO_PRIVATE_KEY"},
				Headers:   []string{"Authorization Klaviyo-API-Key"},
				Cut:       "give staging a test account and its key, and delete this one",
				Source:    "https://developers.klaviyo.com/en/docs/authenticate_",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete people", Does: detectors.Destroy,
				Calls:  []string{"http POST /api/data-privacy-deletion-jobs"},
				Source: "https://developers.klaviyo.com/en/reference/request_profile_deletion",
			},
			{
				Name: "delete a list, segment or template", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/lists/*", "http DELETE /api/segments/*", "http DELETE /api/templates/*"},
				Source: "https://developers.klaviyo.com/en/reference/delete_list",
			},
			{
				Name: "send a campaign", Does: detectors.Write,
				Calls:  []string{"http POST /api/campaign-send-jobs"},
				Source: "https://developers.klaviyo.com/en/reference/send_campaign",
			},
		},
	}
}
