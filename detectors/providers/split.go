package providers

import "github.com/stagewall/stagewall/detectors"

// split gives an environment keys for its SDKs, which do not name it, and a workspace keys that administer, whose scope is not in the text.
func split() detectors.Provider {
	const admin, sdk = "admin-api-key", "sdk-key"
	return detectors.Provider{
		Name:  "split",
		Title: "Split",
		Hosts: []string{"api.split.io", "sdk.split.io", "events.split.io", "auth.split.io", "streaming.split.io"},
		Rules: []detectors.Rule{
			{
				ID:          "split-admin-key",
				Description: "a value named as an admin key of Split",
				// No document says the form: the name decides, here and below, and the value must look like keys that were seen.
				Pattern:  assigned(`split(?:[_-]?io)?[_-]?(?:admin|internal)[A-Za-z_-]{0,12}key`, `[0-9a-z]{36,60}`),
				Group:    1,
				Keywords: []string{"split"},
				Entropy:  3.5,
				Kinds:    []string{admin},
			},
			{
				ID:          "split-sdk-key",
				Description: "a value named as an SDK key of Split",
				Pattern:     assigned(`split[_-]?io[A-Za-z0-9_.-]{0,20}key|split[_-]?(?:sdk|api|server|client|authorization)[A-Za-z_-]{0,12}key`, `[0-9a-z]{36,60}`),
				Group:       1,
				Keywords:    []string{"split"},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{{Description: "an admin's", Target: "match", Regexes: []string{`(?i)admin|internal`}}},
				Kinds:       []string{sdk},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      admin,
				Title:     "admin API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "the workspaces and environments chosen when it was made, which it does not show: all by default",
				AtMost:    detectors.Full,
				Variables: []string{"SPLIT_ADMIN_API_KEY", "SPLIT_ADMIN_KEY"},
				Cut:       "make an admin key for staging's environment only, and delete this one",
				Source:    "https://docs.split.io/reference/api-keys-overview",
			},
			{
				Name:      sdk,
				Title:     "SDK key",
				Scope:     detectors.ScopeContainer,
				Bound:     "the flags of one environment, which it does not name",
				AtMost:    detectors.Read,
				Variables: []string{"SPLIT_API_KEY", "SPLIT_SDK_KEY", "SPLIT_IO_API_KEY", "SPLITIO_API_KEY"},
				Cut:       "use the key of staging's environment",
				Source:    "https://docs.split.io/reference/api-keys-overview",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a flag", Does: detectors.Destroy, Kinds: []string{admin},
				Calls:  []string{"http DELETE /internal/api/v2/splits/ws/*/*", "http DELETE /internal/api/v2/splits/ws/*/*/environments/*"},
				Source: "https://docs.split.io/reference/delete-feature-flag",
			},
			{
				Name: "delete an environment or segment", Does: detectors.Destroy, Kinds: []string{admin},
				Calls:  []string{"http DELETE /internal/api/v2/environments/ws/*/*", "http DELETE /internal/api/v2/segments/ws/*/*"},
				Source: "https://docs.split.io/reference/delete-environment",
			},
			{
				Name: "kill a flag", Does: detectors.Write, Kinds: []string{admin},
				Calls:  []string{"http PUT /internal/api/v2/splits/ws/*/*/environments/*/kill"},
				Source: "https://docs.split.io/reference/kill-feature-flag-in-environment",
			},
			{
				Name: "make a key", Does: detectors.Admin, Kinds: []string{admin},
				Calls:  []string{"http POST /internal/api/v2/apiKeys"},
				Source: "https://docs.split.io/reference/create-an-api-key",
			},
		},
	}
}
