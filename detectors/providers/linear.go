package providers

import "github.com/stagewall/stagewall/detectors"

// linearSchema describes every mutation.
const linearSchema = "https://github.com/linear/linear/blob/master/packages/sdk/src/schema.graphql"

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
				// No document says the form: keys that were seen have it, those of webhooks below too.
				Pattern:  prefixed(`lin_(?:api|oauth)_[0-9A-Za-z]{32,64}`),
				Group:    1,
				Keywords: []string{"lin_api_", "lin_oauth_"},
				Entropy:  3.5,
				Kinds:    []string{key},
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
				Scope:     detectors.ScopeOutside, // people keep lists of their work there, and run nothing
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
				Name: "issueDelete", Does: detectors.Destroy, Undo: "30 days, none if permanent", Kinds: []string{key},
				Calls:  []string{"graphql issueDelete"},
				Source: linearSchema,
			},
			{
				Name: "projectDelete", Does: detectors.Destroy, Undo: "projectUnarchive", Kinds: []string{key},
				Calls:  []string{"graphql projectDelete"},
				Source: linearSchema,
			},
			{
				Name: "teamDelete", Does: detectors.Destroy, Undo: "teamUnarchive, until the data is deleted", Kinds: []string{key},
				Calls:  []string{"graphql teamDelete"},
				Source: linearSchema,
			},
			{
				Name: "teamCyclesDelete", Does: detectors.Destroy, Kinds: []string{key},
				Calls:  []string{"graphql teamCyclesDelete"},
				Source: linearSchema,
			},
			{
				Name: "customerDelete", Does: detectors.Destroy, Kinds: []string{key},
				Calls:  []string{"graphql customerDelete"},
				Source: linearSchema,
			},
			{
				Name: "organizationDelete", Does: detectors.Destroy, Undo: "no undo", Kinds: []string{key},
				Calls:  []string{"graphql organizationDelete"},
				Source: linearSchema,
			},
			{
				Name: "issueCreate", Does: detectors.Write, Kinds: []string{key},
				Calls:  []string{"graphql issueCreate", "graphql issueUpdate"},
				Source: linearSchema,
			},
		},
	}
}
