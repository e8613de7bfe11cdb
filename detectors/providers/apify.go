package providers

import "github.com/stagewall/stagewall/detectors"

// apify gives a person or an organization tokens, which may be limited to some actions; the text does not show it.
func apify() detectors.Provider {
	const token = "api-token"
	return detectors.Provider{
		Name:  "apify",
		Title: "Apify",
		Hosts: []string{"api.apify.com"},
		Rules: []detectors.Rule{
			{
				ID:          "apify-token",
				Description: "a token for Apify's API",
				Pattern:     prefixed(`apify_api_[0-9A-Za-z]{34,38}`),
				Group:       1,
				Keywords:    []string{"apify_api_"},
				Entropy:     3.5,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "API token",
				Scope:     detectors.ScopeAccount,
				Bound:     "everything of the account, unless it was limited when it was made, which it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"APIFY_TOKEN", "APIFY_API_TOKEN"},
				Shape:     `apify_api_[0-9A-Za-z]{34,38}`,
				Cut:       "make a token limited to staging's actors and storages, and revoke this one",
				Source:    "https://docs.apify.com/platform/integrations/api",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "apify",
				Aliases:   []string{"apify-cli"},
				Variables: []string{"APIFY_TOKEN"},
				Source:    "https://docs.apify.com/cli/docs/reference",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete an actor or task", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v2/acts/*", "http DELETE /v2/actor-tasks/*", "cli apify actors rm"},
				Source: "https://docs.apify.com/api/v2/act-delete",
			},
			{
				Name: "delete a storage", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v2/datasets/*", "http DELETE /v2/key-value-stores/*", "http DELETE /v2/request-queues/*"},
				Source: "https://docs.apify.com/api/v2/dataset-delete",
			},
			{
				Name: "run", Does: detectors.Write,
				Calls:  []string{"http POST /v2/acts/*/runs", "cli apify call", "cli apify push"},
				Source: "https://docs.apify.com/api/v2/act-runs-post",
			},
		},
	}
}
