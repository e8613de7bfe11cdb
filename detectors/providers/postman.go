package providers

import "github.com/stagewall/stagewall/detectors"

// postman gives a person keys that may do all that the person may.
func postman() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "postman",
		Title: "Postman",
		Hosts: []string{"api.getpostman.com"},
		Rules: []detectors.Rule{
			{
				ID:          "postman-key",
				Description: "a key for Postman's API",
				Pattern:     prefixed(`PMAK-[0-9a-f]{24}-[0-9a-f]{34}`),
				Group:       1,
				Keywords:    []string{"pmak-"},
				Entropy:     3,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every workspace of the person, with the environments and secrets kept there",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"POSTMAN_API_KEY"},
				Shape:     `PMAK-[0-9a-f]{24}-[0-9a-f]{34}`,
				Cut:       "use a service account that sees staging's workspace only, and delete this key",
				Source:    "https://learning.postman.com/docs/developer/postman-api/authentication/",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "postman",
				Variables: []string{"POSTMAN_API_KEY"},
				Selectors: []string{"--environment", "-e"},
				Source:    "https://learning.postman.com/docs/postman-cli/postman-cli-overview/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a collection", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /collections/*"},
				Source: "https://www.postman.com/postman/postman-public-workspace/documentation/12959542-c8142d51-e97c-46b6-bd77-52bb66712c9a",
			},
			{
				Name: "delete a workspace", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /workspaces/*"},
				Source: "https://www.postman.com/postman/postman-public-workspace/documentation/12959542-c8142d51-e97c-46b6-bd77-52bb66712c9a",
			},
		},
	}
}
