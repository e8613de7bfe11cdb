package providers

import "github.com/stagewall/stagewall/detectors"

// linear gives a person keys whose rights and teams are not in the text.
func linear() detectors.Provider {
	const key, webhook = "api-key", "webhook-secret"
	return detectors.Provider{
		Name:  "linear",
		Title: "Linear",
		Hosts: []string{"api.linear.app"},
		Rules: []detectors.Rule{
			{
				ID:          "linear-key",
				Description: "a key for Linear's API",
				Pattern:     prefixed(`lin_(?:api|oauth)_[0-9A-Za-z]{32,64}`),
				Group:       1,
				Keywords:    []string{"lin_api_", "lin_oauth_"},
				Entropy:     3.5,
				Kinds:       []string{key},
			},
			{
				ID:          "linear-webhook-secret",
				Description: "a secret of a Linear webhook",
				Pattern:     prefixed(`lin_wh_[0-9A-Za-z]{32,64}`),
				Group:       1,
				Keywords:    []string{"lin_wh_"},
				Entropy:     3.5,
				Kinds:       []string{webhook},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "the workspace as the person, within rights and teams that it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"LINEAR_API_KEY"},
				Shape:     `lin_(?:api|oauth)_[0-9A-Za-z]{32,64}`,
				Cut:       "make a key for staging's team that may do no more than it needs, and revoke this one",
				Source:    "https://linear.app/developers/graphql",
			},
			{
				Name:      webhook,
				Title:     "webhook secret",
				Scope:     detectors.ScopeContainer,
				Bound:     "one webhook, which it does not name",
				AtMost:    detectors.Write,
				Variables: []string{"LINEAR_WEBHOOK_SECRET"},
				Shape:     `lin_wh_[0-9A-Za-z]{32,64}`,
				Cut:       "make a webhook of its own for staging, and delete this one",
				Source:    "https://linear.app/developers/webhooks",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "issueDelete", Does: detectors.Destroy, Kinds: []string{key},
				Calls:  []string{"graphql issueDelete"},
				Source: "https://linear.app/developers/graphql",
			},
			{
				Name: "projectDelete", Does: detectors.Destroy, Kinds: []string{key},
				Calls:  []string{"graphql projectDelete"},
				Source: "https://linear.app/developers/graphql",
			},
			{
				Name: "teamDelete", Does: detectors.Destroy, Kinds: []string{key},
				Calls:  []string{"graphql teamDelete"},
				Source: "https://linear.app/developers/graphql",
			},
			{
				Name: "organizationDelete", Does: detectors.Destroy, Kinds: []string{key},
				Calls:  []string{"graphql organizationDelete"},
				Source: "https://linear.app/developers/graphql",
			},
			{
				Name: "issueCreate", Does: detectors.Write, Kinds: []string{key},
				Calls:  []string{"graphql issueCreate", "graphql issueUpdate"},
				Source: "https://linear.app/developers/graphql",
			},
		},
	}
}
