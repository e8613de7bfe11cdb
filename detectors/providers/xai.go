package providers

import "github.com/stagewall/stagewall/detectors"

// xai binds a key for models to a team; a management key makes and deletes keys.
func xai() detectors.Provider {
	const management, key = "management-key", "api-key"
	return detectors.Provider{
		Name:  "xai",
		Title: "xAI",
		Hosts: []string{"api.x.ai", "management-api.x.ai"},
		Rules: []detectors.Rule{
			{
				ID:          "xai-management-key",
				Description: "a key that manages keys of xAI",
				Pattern:     assigned(`xai[_-]?management[_-]?(?:api[_-]?)?key`, `xai-token-[0-9A-Za-z_-]{60,}`),
				Group:       1,
				Keywords:    []string{"management"},
				Entropy:     3.5,
				Kinds:       []string{management},
			},
			{
				ID:          "xai-key",
				Description: "a key for xAI's API",
				Pattern:     prefixed(`xai-[0-9A-Za-z_]{80}`),
				Group:       1,
				Keywords:    []string{"xai-"},
				Entropy:     3.5,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      management,
				Title:     "management key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every key of the team",
				AtMost:    detectors.Full,
				Variables: []string{"XAI_MANAGEMENT_KEY", "XAI_MANAGEMENT_API_KEY"},
				Cut:       "keep the management of keys to people, and delete this one",
				Source:    "https://docs.x.ai/docs/management-api",
			},
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one team, which it does not name, within permissions that it does not show",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"XAI_API_KEY"},
				Shape:     `xai-[0-9A-Za-z_]{80}`,
				Cut:       "make a key in a team of staging's own, and delete this one",
				Source:    "https://docs.x.ai/docs/key-information",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a collection", Does: detectors.Destroy, Kinds: []string{management},
				Calls:  []string{"http DELETE /v1/collections/*", "http DELETE /v1/collections/*/documents/*"},
				Source: "https://docs.x.ai/developers/rest-api-reference/collections",
			},
			{
				Name: "make or delete a key", Does: detectors.Admin,
				Calls:  []string{"http POST /auth/teams/*/api-keys", "http DELETE /auth/api-keys/*"},
				Source: "https://docs.x.ai/docs/management-api",
			},
		},
	}
}
