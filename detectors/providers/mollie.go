package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	mollieKeys = "https://docs.mollie.com/docs/authentication"
	mollieAPI  = "https://docs.mollie.com/reference/"
)

// mollie writes the mode into the keys of a website's profile; a token of the organization chooses the mode with each request.
func mollie() detectors.Provider {
	const organization, key = "organization-token", "api-key"
	return detectors.Provider{
		Name:  "mollie",
		Title: "Mollie",
		Hosts: []string{"api.mollie.com"},
		Rules: []detectors.Rule{
			{
				ID:          "mollie-key",
				Description: "a key of a Mollie profile",
				Pattern:     beside(`mollie`, `(?:live|test)_[0-9A-Za-z]{30,}`),
				Group:       1,
				Keywords:    []string{"mollie"},
				Entropy:     3.5,
				Kinds:       []string{key},
			},
			{
				ID:          "mollie-organization-token",
				Description: "a token of a Mollie organization",
				Pattern:     beside(`mollie`, `access_[0-9A-Za-z]{30,}`),
				Group:       1,
				Keywords:    []string{"mollie"},
				Entropy:     3.5,
				Kinds:       []string{organization},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      organization,
				Title:     "organization access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every profile of the organization in both modes: a request says which mode it means",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"MOLLIE_ACCESS_TOKEN"},
				Cut:       "use a profile's test key, and revoke this token",
				Source:    mollieKeys,
			},
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeText,
				Bound:     "one mode of one website's profile",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"MOLLIE_API_KEY", "MOLLIE_KEY"},
				Cut:       "use the profile's test key, and roll this one",
				Source:    mollieKeys,
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "refund a payment", Does: detectors.Write,
				Calls:  []string{"http POST /v2/payments/*/refunds"},
				Source: mollieAPI + "create-refund",
			},
			{
				Name: "delete a customer", Does: detectors.Destroy, Kinds: []string{organization},
				Calls:  []string{"http DELETE /v2/customers/*"},
				Source: mollieAPI + "delete-customer",
			},
		},
		Decode: func(secret string) detectors.Decoded {
			if strings.HasPrefix(secret, "access_") {
				return detectors.Decoded{Kind: organization}
			}
			return ofMode(secret, "", key, mollieKeys)
		},
	}
}
