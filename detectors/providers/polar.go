package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// polar chooses sandbox or production by the host; a token is of an organization, within scopes that are not in the text.
func polar() detectors.Provider {
	const organization, personal = "organization-token", "personal-token"
	return detectors.Provider{
		Name:  "polar",
		Title: "Polar",
		Hosts: []string{"api.polar.sh", "sandbox-api.polar.sh"},
		Rules: []detectors.Rule{
			{
				ID:          "polar-token",
				Description: "a token for Polar's API",
				Pattern:     prefixed(`polar_(?:oat|pat)_[0-9A-Za-z_-]{20,100}`),
				Group:       1,
				Keywords:    []string{"polar_oat_", "polar_pat_"},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{{Description: "a name", Regexes: []string{`^polar_[a-z_]+$`}}},
				Kinds:       []string{organization, personal},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      organization,
				Title:     "organization access token",
				Scope:     detectors.ScopeHost,
				Bound:     "one organization, in the sandbox or in production as the host says",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"POLAR_ACCESS_TOKEN", "POLAR_API_KEY", "POLAR_TOKEN"},
				Shape:     `polar_oat_[0-9A-Za-z_-]{20,100}`,
				Cut:       "give staging a token of the sandbox, and delete this one",
				Source:    "https://polar.sh/docs/integrate/oat",
			},
			{
				Name:   personal,
				Title:  "personal access token",
				Scope:  detectors.ScopeHost,
				Bound:  "every organization of the person, in the sandbox or in production as the host says",
				AtMost: detectors.UnknownPower,
				Shape:  `polar_pat_[0-9A-Za-z_-]{20,100}`,
				Cut:    "use an organization token of the sandbox, and delete this one",
				Source: "https://polar.sh/docs/integrate/oat",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a customer, benefit or discount", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/customers/*", "http DELETE /v1/customers/external/*", "http DELETE /v1/benefits/*", "http DELETE /v1/discounts/*"},
				Source: "https://polar.sh/docs/api-reference/customers/delete",
			},
			{
				Name: "refund or revoke a subscription", Does: detectors.Destroy,
				Calls:  []string{"http POST /v1/refunds", "http POST /v1/refunds/", "http DELETE /v1/subscriptions/*"},
				Source: "https://polar.sh/docs/api-reference/subscriptions/revoke",
			},
			{
				Name: "make a checkout", Does: detectors.Write,
				Calls:  []string{"http POST /v1/checkouts"},
				Source: "https://polar.sh/docs/api-reference/checkouts/create-session",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text, "polar_oat_"):
				return detectors.Decoded{Kind: organization}
			case strings.HasPrefix(text, "polar_pat_"):
				return detectors.Decoded{Kind: personal}
			}
			return detectors.Decoded{}
		},
	}
}
