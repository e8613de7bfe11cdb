package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// langsmith gives a person a token with all rights of the person, and a service a key for one or more workspaces.
func langsmith() detectors.Provider {
	const personal, service = "personal-access-token", "service-key"
	return detectors.Provider{
		Name:  "langsmith",
		Title: "LangSmith",
		Hosts: []string{"api.smith.langchain.com", "eu.api.smith.langchain.com"},
		Rules: []detectors.Rule{
			{
				ID:          "langsmith-key",
				Description: "a key for LangSmith's API",
				Pattern:     prefixed(`lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}`),
				Group:       1,
				Keywords:    []string{"lsv2_pt_", "lsv2_sk_"},
				Entropy:     3,
				Kinds:       []string{personal, service},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      personal,
				Title:     "personal access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every workspace of the person",
				AtMost:    detectors.Full,
				Variables: []string{"LANGSMITH_API_KEY", "LANGCHAIN_API_KEY"},
				Shape:     `lsv2_pt_[0-9a-f]{32}_[0-9a-f]{10}`,
				Cut:       "make a service key for staging's workspace, and delete this token",
				Source:    "https://docs.langchain.com/langsmith/create-account-api-key",
			},
			{
				Name:   service,
				Title:  "service key",
				Scope:  detectors.ScopeContainer,
				Bound:  "the workspaces that it was made for, which it does not name",
				AtMost: detectors.UnknownPower,
				Shape:  `lsv2_sk_[0-9a-f]{32}_[0-9a-f]{10}`,
				Cut:    "make a service key for staging's workspace, and delete this one",
				Source: "https://docs.langchain.com/langsmith/create-account-api-key",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a project of traces", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v1/sessions/*"},
				Source: "https://api.smith.langchain.com/redoc",
			},
			{
				Name: "delete a data set", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v1/datasets/*"},
				Source: "https://api.smith.langchain.com/redoc",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text, "lsv2_pt_"):
				return detectors.Decoded{Kind: personal}
			case strings.HasPrefix(text, "lsv2_sk_"):
				return detectors.Decoded{Kind: service}
			}
			return detectors.Decoded{}
		},
	}
}
