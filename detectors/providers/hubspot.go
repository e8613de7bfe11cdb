package providers

import "github.com/stagewall/stagewall/detectors"

// hubspotAPI holds the descriptions of HubSpot's APIs, of which newer versions are dates.
const hubspotAPI = "https://github.com/HubSpot/HubSpot-public-api-spec-collection"

// hubspot binds a private app's token to one account; a sandbox is an account of its own. The letters after pat are a region.
func hubspot() detectors.Provider {
	const token = "private-app-token"
	return detectors.Provider{
		Name:  "hubspot",
		Title: "HubSpot",
		Hosts: []string{"api.hubapi.com", "api.hubspot.com"},
		Rules: []detectors.Rule{
			{
				ID:          "hubspot-key",
				Description: "a key for HubSpot's API",
				Pattern:     prefixed(`pat-(?:na|eu|ap)[0-9]-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}`),
				Group:       1,
				Keywords:    []string{"pat-na", "pat-eu", "pat-ap"},
				Entropy:     3,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "private app token",
				Scope:     detectors.ScopeContainer,
				Bound:     "one account, which it does not name and which may be a sandbox, within scopes that it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"HUBSPOT_ACCESS_TOKEN", "HUBSPOT_PRIVATE_APP_TOKEN", "HUBSPOT_TOKEN"},
				Shape:     `pat-(?:na|eu|ap)[0-9]-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}`,
				Cut:       "install the app in a sandbox account and use that token, and rotate this one",
				Source:    "https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "hs",
				Variables: []string{"HUBSPOT_PERSONAL_ACCESS_KEY"},
				Selectors: []string{"--account", "-a", "--portal"},
				Source:    "https://developers.hubspot.com/docs/developer-tooling/local-development/hubspot-cli/reference",
			},
		},
		Containers: []detectors.Container{
			{Variable: "HUBSPOT_PORTAL_ID", What: "account"},
			{Variable: "HUBSPOT_ACCOUNT_ID", What: "account"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a contact for ever", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http POST /crm/v3/objects/*/gdpr-delete", "http POST /crm/objects/*/*/gdpr-delete"},
				Source: hubspotAPI,
			},
			{
				Name: "archive objects", Does: detectors.Destroy,
				Calls: []string{
					"http DELETE /crm/v3/objects/*/*", "http POST /crm/v3/objects/*/batch/archive", "http DELETE /crm/objects/*/*/*", "http POST /crm/objects/*/*/batch/archive",
				},
				Source: hubspotAPI,
			},
			{
				Name: "change objects", Does: detectors.Write,
				Calls:  []string{"http POST /crm/v3/objects/*", "http PATCH /crm/v3/objects/*/*", "http POST /crm/v3/objects/*/batch/update"},
				Source: "https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide",
			},
		},
	}
}
