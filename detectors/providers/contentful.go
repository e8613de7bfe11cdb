package providers

import "github.com/stagewall/stagewall/detectors"

// contentful gives a person tokens for every space of the person, with all environments; tokens for delivery read one or more environments
// of a space.
func contentful() detectors.Provider {
	const personal, delivery = "personal-access-token", "delivery-token"
	return detectors.Provider{
		Name:  "contentful",
		Title: "Contentful",
		Hosts: []string{"api.contentful.com", "cdn.contentful.com", "preview.contentful.com"},
		Rules: []detectors.Rule{
			{
				ID:          "contentful-personal-token",
				Description: "a Contentful person's token",
				Pattern:     prefixed(`CFPAT-[0-9A-Za-z_-]{43}`),
				Group:       1,
				Keywords:    []string{"cfpat-"},
				Entropy:     3.5,
				Kinds:       []string{personal},
			},
			{
				ID:          "contentful-delivery-token",
				Description: "a value whose variable is named as a Contentful token",
				Pattern:     assigned(`contentful[A-Za-z0-9_.-]{0,30}(?:access|delivery|preview)[A-Za-z0-9_.-]{0,10}(?:token|key)`, `[0-9A-Za-z_-]{43}`),
				Group:       1,
				Keywords:    []string{"contentful"},
				Entropy:     3.5,
				Kinds:       []string{delivery},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      personal,
				Title:     "personal access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every space and environment of the person",
				AtMost:    detectors.Full,
				Variables: []string{"CONTENTFUL_MANAGEMENT_TOKEN", "CONTENTFUL_MANAGEMENT_ACCESS_TOKEN"},
				Shape:     `CFPAT-[0-9A-Za-z_-]{43}`,
				Cut:       "use an app's token that may write staging's environment only, and revoke this one",
				Source:    "https://www.contentful.com/developers/docs/references/authentication/",
			},
			{
				Name:      delivery,
				Title:     "delivery or preview token",
				Scope:     detectors.ScopeContainer,
				Bound:     "reading the environments of one space that it was made for, which it does not name",
				AtMost:    detectors.Read,
				Variables: []string{"CONTENTFUL_ACCESS_TOKEN", "CONTENTFUL_DELIVERY_TOKEN", "CONTENTFUL_PREVIEW_TOKEN"},
				Shape:     `[0-9A-Za-z_-]{43}`,
				Cut:       "make a key for staging's environment, and delete this one",
				Source:    "https://www.contentful.com/developers/docs/references/authentication/",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "contentful",
				Aliases:   []string{"contentful-cli"},
				Variables: []string{"CONTENTFUL_MANAGEMENT_TOKEN"},
				Selectors: []string{"--space-id", "-s", "--environment-id", "-e"},
				Source:    "https://github.com/contentful/contentful-cli",
			},
		},
		Containers: []detectors.Container{
			{Variable: "CONTENTFUL_ENVIRONMENT", Names: true, What: "environment"},
			{Variable: "CONTENTFUL_ENVIRONMENT_ID", Names: true, What: "environment"},
			{Variable: "CONTENTFUL_SPACE_ID", What: "project"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a space", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /spaces/*", "cli contentful space delete"},
				Source: "https://www.contentful.com/developers/docs/references/content-management-api/#/reference/spaces/space",
			},
			{
				Name: "delete an environment", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /spaces/*/environments/*", "cli contentful space environment delete"},
				Source: "https://www.contentful.com/developers/docs/references/content-management-api/#/reference/environments/environment",
			},
			{
				Name: "delete an entry", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /spaces/*/environments/*/entries/*", "http DELETE /spaces/*/environments/*/assets/*"},
				Source: "https://www.contentful.com/developers/docs/references/content-management-api/#/reference/entries/entry",
			},
			{
				Name: "delete a content type or locale", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /spaces/*/environments/*/content_types/*", "http DELETE /spaces/*/environments/*/locales/*"},
				Source: "https://github.com/contentful/contentful-management.js",
			},
		},
	}
}
