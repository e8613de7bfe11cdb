package providers

import "github.com/stagewall/stagewall/detectors"

// sourcegraph gives a person tokens for one instance, which the host chooses.
func sourcegraph() detectors.Provider {
	const token = "access-token"
	return detectors.Provider{
		Name:  "sourcegraph",
		Title: "Sourcegraph",
		Hosts: []string{"sourcegraph.com"},
		Rules: []detectors.Rule{
			{
				ID:          "sourcegraph-key",
				Description: "a key for Sourcegraph's API",
				Pattern:     prefixed(`sgp_(?:(?:[0-9a-f]{16}|local)_)?[0-9a-f]{40}`),
				Group:       1,
				Keywords:    []string{"sgp_"},
				Entropy:     3,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "access token",
				Scope:     detectors.ScopeHost,
				Bound:     "the instance at the host, as the person",
				AtMost:    detectors.Full,
				Variables: []string{"SRC_ACCESS_TOKEN", "SOURCEGRAPH_TOKEN"},
				Shape:     `sgp_(?:(?:[0-9a-f]{16}|local)_)?[0-9a-f]{40}`,
				Cut:       "make a token for an account that may read only, and delete this one",
				Source:    "https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "src",
				Variables: []string{"SRC_ACCESS_TOKEN"},
				Selectors: []string{"-endpoint"},
				Source:    "https://sourcegraph.com/docs/cli",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "apply a batch change", Does: detectors.Write,
				Calls:  []string{"cli src batch apply"},
				Source: "https://sourcegraph.com/docs/cli/references/batch/apply",
			},
			{
				Name: "delete a user", Does: detectors.Destroy,
				Calls:  []string{"cli src users delete", "graphql deleteUser"},
				Source: "https://sourcegraph.com/docs/cli/references/users/delete",
			},
		},
	}
}
