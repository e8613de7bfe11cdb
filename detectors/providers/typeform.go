package providers

import "github.com/stagewall/stagewall/detectors"

// typeform gives a person tokens with scopes that are not in the text.
func typeform() detectors.Provider {
	const token = "personal-token"
	return detectors.Provider{
		Name:  "typeform",
		Title: "Typeform",
		Hosts: []string{"api.typeform.com", "api.eu.typeform.com"},
		Rules: []detectors.Rule{
			{
				ID:          "typeform-token",
				Description: "a token for Typeform's API",
				Pattern:     prefixed(`tfp_[0-9A-Za-z_.=-]{40,64}`),
				Group:       1,
				Keywords:    []string{"tfp_"},
				Entropy:     3.5,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "personal token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every form of the person, within scopes that it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"TYPEFORM_TOKEN", "TYPEFORM_API_TOKEN", "TYPEFORM_ACCESS_TOKEN", "TYPEFORM_API_KEY"},
				Shape:     `tfp_[0-9A-Za-z_.=-]{40,64}`,
				Cut:       "make a token with the scopes that staging needs in an account of its own, and delete this one",
				Source:    "https://www.typeform.com/developers/get-started/personal-access-token/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a form", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /forms/*"},
				Source: "https://www.typeform.com/developers/create/reference/delete-form/",
			},
			{
				Name: "delete responses", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /forms/*/responses"},
				Source: "https://www.typeform.com/developers/responses/reference/delete-responses/",
			},
			{
				Name: "delete a workspace", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /workspaces/*"},
				Source: "https://www.typeform.com/developers/create/reference/delete-workspace/",
			},
			{
				Name: "change a form", Does: detectors.Write,
				Calls:  []string{"http PUT /forms/*", "http PATCH /forms/*", "http PUT /forms/*/webhooks/*"},
				Source: "https://www.typeform.com/developers/create/reference/update-form/",
			},
		},
	}
}
