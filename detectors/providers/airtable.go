package providers

import "github.com/stagewall/stagewall/detectors"

// airtable gives a person tokens with scopes and bases that are not in the text.
func airtable() detectors.Provider {
	const token = "personal-access-token"
	return detectors.Provider{
		Name:  "airtable",
		Title: "Airtable",
		Hosts: []string{"api.airtable.com"},
		Rules: []detectors.Rule{
			{
				ID:          "airtable-key",
				Description: "a key for Airtable's API",
				Pattern:     prefixed(`pat[0-9A-Za-z]{14}\.[0-9a-f]{64}`),
				Group:       1,
				Keywords:    []string{"pat"},
				Entropy:     3.5,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "personal access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "the bases that the person gave it, within scopes that it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"AIRTABLE_API_KEY", "AIRTABLE_TOKEN", "AIRTABLE_PAT", "AIRTABLE_ACCESS_TOKEN"},
				Shape:     `pat[0-9A-Za-z]{14}\.[0-9a-f]{64}`,
				Cut:       "make a token for staging's base only, and delete this one",
				Source:    "https://airtable.com/developers/web/guides/personal-access-tokens",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete records", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v0/*/*", "http DELETE /v0/*/*/*"},
				Source: "https://airtable.com/developers/web/api/delete-record",
			},
			{
				Name: "delete a base or workspace", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v0/meta/bases/*", "http DELETE /v0/meta/workspaces/*"},
				Source: "https://github.com/gtalarico/pyairtable/blob/main/pyairtable/api/base.py",
			},
			{
				Name: "change records", Does: detectors.Write,
				Calls:  []string{"http POST /v0/*/*", "http PATCH /v0/*/*", "http PUT /v0/*/*"},
				Source: "https://airtable.com/developers/web/api/update-multiple-records",
			},
		},
	}
}
