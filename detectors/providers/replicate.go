package providers

import "github.com/stagewall/stagewall/detectors"

// replicate gives an account tokens that may do all that it may.
func replicate() detectors.Provider {
	const token = "api-token"
	return detectors.Provider{
		Name:  "replicate",
		Title: "Replicate",
		Hosts: []string{"api.replicate.com"},
		Rules: []detectors.Rule{
			{
				ID:          "replicate-key",
				Description: "a key for Replicate's API",
				Pattern:     prefixed(`r8_[0-9A-Za-z_-]{37}`),
				Group:       1,
				Keywords:    []string{"r8_"},
				Entropy:     3.5,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "API token",
				Scope:     detectors.ScopeAccount,
				Bound:     "everything of the account: there are no environments",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"REPLICATE_API_TOKEN"},
				Shape:     `r8_[0-9A-Za-z_-]{37}`,
				Cut:       "make a key of its own for staging, and revoke this one",
				Source:    "https://replicate.com/docs/topics/security/api-tokens",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a model", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/models/*/*", "http DELETE /v1/models/*/*/versions/*"},
				Source: "https://replicate.com/docs/reference/http#models.delete",
			},
			{
				Name: "delete a deployment", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/deployments/*/*"},
				Source: "https://replicate.com/docs/reference/http#deployments.delete",
			},
		},
	}
}
