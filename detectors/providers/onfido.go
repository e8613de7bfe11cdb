package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// onfido writes the environment, and the region where it is not Europe, into its tokens.
func onfido() detectors.Provider {
	const token = "api-token"
	const source = "https://documentation.onfido.com/api/latest/#token-authentication"
	return detectors.Provider{
		Name:  "onfido",
		Title: "Onfido",
		Hosts: []string{"api.eu.onfido.com", "api.us.onfido.com", "api.ca.onfido.com"},
		Rules: []detectors.Rule{
			{
				ID:          "onfido-token",
				Description: "a token for Onfido's API",
				Pattern:     prefixed(`api_(?:live|sandbox)(?:_(?:us|ca|eu))?\.[0-9A-Za-z_.-]{20,100}`),
				Group:       1,
				Keywords:    []string{"api_live", "api_sandbox"},
				Entropy:     3.5,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "API token",
				Scope:     detectors.ScopeText,
				Bound:     "one account, live or in the sandbox: people's documents and faces",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"ONFIDO_API_TOKEN", "ONFIDO_TOKEN", "ONFIDO_API_KEY"},
				Shape:     `api_(?:live|sandbox)(?:_(?:us|ca|eu))?\.[0-9A-Za-z_.-]{20,100}`,
				Cut:       "give staging a token of the sandbox, and revoke this one",
				Source:    source,
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete an applicant", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /*/applicants/*"},
				Source: "https://documentation.onfido.com/api/latest/#delete-applicant",
			},
			{
				Name: "delete a webhook", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /*/webhooks/*"},
				Source: "https://documentation.onfido.com/api/latest/#delete-webhook",
			},
			{
				Name: "make a check", Does: detectors.Write,
				Calls:  []string{"http POST /*/checks", "http POST /*/applicants", "http POST /*/workflow_runs"},
				Source: "https://documentation.onfido.com/api/latest/#create-check",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text, "api_live"):
				return textual(token, detectors.Production, "the token's text says live", source)
			case strings.HasPrefix(text, "api_sandbox"):
				return textual(token, notProduction, "the token's text says sandbox", source)
			}
			return detectors.Decoded{}
		},
	}
}
