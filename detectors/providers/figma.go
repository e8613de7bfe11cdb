package providers

import "github.com/stagewall/stagewall/detectors"

// figma gives a person tokens with scopes that are not in the text.
func figma() detectors.Provider {
	const token, oauth = "personal-access-token", "oauth-token"
	return detectors.Provider{
		Name:  "figma",
		Title: "Figma",
		Hosts: []string{"api.figma.com"},
		Rules: []detectors.Rule{
			{
				ID:          "figma-key",
				Description: "a key for Figma's API",
				Pattern:     prefixed(`fig[dp]_[0-9A-Za-z_-]{38,54}`),
				Group:       1,
				Keywords:    []string{"figd_", "figp_"},
				Entropy:     3.5,
				Kinds:       []string{token},
			},
			{
				ID:          "figma-oauth-token",
				Description: "a token that an app was given",
				Pattern:     prefixed(`fig[ou][rhu]_[0-9A-Za-z_-]{38,54}`),
				Group:       1,
				Keywords:    []string{"figor_", "figoh_", "figou_", "figur_", "figuh_", "figuu_"},
				Entropy:     3.5,
				Kinds:       []string{oauth},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "personal access token",
				Scope:     detectors.ScopeOutside, // people draw there, and run nothing
				Bound:     "the files of the person, within scopes that it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"FIGMA_TOKEN", "FIGMA_ACCESS_TOKEN", "FIGMA_API_KEY"},
				Shape:     `fig[dp]_[0-9A-Za-z_-]{38,54}`,
				Cut:       "make a token with read scopes only, and revoke this one",
				Source:    "https://developers.figma.com/docs/rest-api/authentication/",
			},
			{
				Name:   oauth,
				Title:  "OAuth token",
				Scope:  detectors.ScopeOutside,
				Bound:  "the files of the person who gave it, within the app's scopes, which it does not show",
				AtMost: detectors.UnknownPower,
				Cut:    "keep tokens of apps out of files, and let the person take the app's access away",
				Source: "https://developers.figma.com/docs/rest-api/authentication/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a comment", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/files/*/comments/*"},
				Source: "https://developers.figma.com/docs/rest-api/comments-endpoints/",
			},
			{
				Name: "delete a webhook", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http DELETE /v2/webhooks/*"},
				Source: "https://github.com/figma/rest-api-spec/blob/main/openapi/openapi.yaml",
			},
			{
				Name: "change variables", Does: detectors.Write,
				Calls:  []string{"http POST /v1/files/*/variables"},
				Source: "https://developers.figma.com/docs/rest-api/variables-endpoints/",
			},
		},
	}
}
