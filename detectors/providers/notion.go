package providers

import "github.com/stagewall/stagewall/detectors"

// notion binds an integration's token to a workspace and to the pages that were shared with it. What it deletes lies in the trash.
func notion() detectors.Provider {
	const token = "integration-token"
	return detectors.Provider{
		Name:  "notion",
		Title: "Notion",
		Hosts: []string{"api.notion.com"},
		Rules: []detectors.Rule{
			{
				ID:          "notion-token",
				Description: "a token for Notion's API",
				Pattern:     prefixed(`ntn_[0-9]{11}[0-9A-Za-z]{35}`),
				Group:       1,
				Keywords:    []string{"ntn_"},
				Entropy:     3.5,
				Kinds:       []string{token},
			},
			{
				ID:          "notion-legacy-token",
				Description: "a token for Notion's API of the older form",
				Pattern:     beside(`notion`, `secret_[0-9A-Za-z]{43}`),
				Group:       1,
				Keywords:    []string{"notion"},
				Entropy:     3.5,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "integration's token",
				Scope:     detectors.ScopeContainer,
				Bound:     "the pages that were shared with the integration, which it does not name, within capabilities that it does not show",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"NOTION_TOKEN", "NOTION_API_KEY", "NOTION_API_TOKEN"},
				Shape:     `ntn_[0-9]{11}[0-9A-Za-z]{35}|secret_[0-9A-Za-z]{43}`,
				Cut:       "make an integration of its own that sees staging's pages only, and refresh this token",
				Source:    "https://developers.notion.com/reference/authentication",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a block", Does: detectors.Write,
				Calls:  []string{"http DELETE /v1/blocks/*"},
				Source: "https://developers.notion.com/reference/delete-a-block",
			},
			{ // an agent can be recovered
				Name: "delete a comment, view or agent", Does: detectors.Write,
				Calls:  []string{"http DELETE /v1/comments/*", "http DELETE /v1/views/*", "http DELETE /v1/agents/*"},
				Source: "https://github.com/makenotion/notion-sdk-js/blob/main/src/api-endpoints/agents.ts",
			},
			{
				Name: "change a page", Does: detectors.Write,
				Calls:  []string{"http PATCH /v1/pages/*"},
				Source: "https://developers.notion.com/reference/patch-page",
			},
		},
	}
}
