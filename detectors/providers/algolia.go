package providers

import "github.com/stagewall/stagewall/detectors"

// algolia binds keys to one application, in which many keep the indices of all their environments. Keys that write and keys that search
// look alike.
func algolia() detectors.Provider {
	const admin, search = "admin-key", "search-key"
	return detectors.Provider{
		Name:  "algolia",
		Title: "Algolia",
		Hosts: []string{".algolia.net", ".algolianet.com"},
		Rules: []detectors.Rule{
			{
				ID:          "algolia-admin-key",
				Description: "a value whose variable is named as an Algolia key that writes",
				Pattern:     assigned(`algolia[A-Za-z0-9_.-]{0,20}(?:admin|write|private|secret)[A-Za-z0-9_.-]{0,20}key`, `[0-9a-f]{32}`),
				Group:       1,
				Keywords:    []string{"algolia"},
				Entropy:     3,
				Kinds:       []string{admin},
			},
			{
				ID:          "algolia-search-key",
				Description: "a value whose variable is named as an Algolia key that searches",
				Pattern:     assigned(`algolia[A-Za-z0-9_.-]{0,20}search[A-Za-z0-9_.-]{0,20}key`, `[0-9a-f]{32}`),
				Group:       1,
				Keywords:    []string{"algolia"},
				Entropy:     3,
				Kinds:       []string{search},
			},
			{
				ID:          "algolia-key",
				Description: "a value whose variable is named as an Algolia key",
				Pattern:     assigned(`algolia[_-]?(?:api[_-]?)?key`, `[0-9a-f]{32}`),
				Group:       1,
				Keywords:    []string{"algolia"},
				Entropy:     3,
				Kinds:       []string{admin, search},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      admin,
				Title:     "admin or write key",
				Scope:     detectors.ScopeContainer,
				Bound:     "every index of one application, which it does not name",
				AtMost:    detectors.Full,
				Variables: []string{"ALGOLIA_ADMIN_KEY", "ALGOLIA_ADMIN_API_KEY", "ALGOLIA_WRITE_KEY", "ALGOLIA_WRITE_API_KEY"},
				Partners:  []detectors.Partner{{Title: "application id", Variables: []string{"ALGOLIA_APP_ID", "ALGOLIA_APPLICATION_ID"}, Needed: true}},
				Cut:       "make a key for staging's indices, in an application of staging's own, and regenerate this one",
				Source:    "https://www.algolia.com/doc/guides/security/api-keys/",
			},
			{
				Name:      search,
				Title:     "search key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it searches",
				Variables: []string{"ALGOLIA_SEARCH_KEY", "ALGOLIA_SEARCH_API_KEY", "ALGOLIA_SEARCH_ONLY_API_KEY"},
				Source:    "https://www.algolia.com/doc/guides/security/api-keys/",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "algolia",
				Variables: []string{"ALGOLIA_ADMIN_API_KEY", "ALGOLIA_API_KEY"},
				Selectors: []string{"--profile", "-p", "--application-id"},
				Source:    "https://www.algolia.com/doc/tools/cli/get-started/overview/",
			},
		},
		Containers: []detectors.Container{
			{Variable: "ALGOLIA_APP_ID", What: "app"},
			{Variable: "ALGOLIA_APPLICATION_ID", What: "app"},
		},
		// Methods of libraries:
		// https://github.com/algolia/algoliasearch-client-javascript/blob/main/packages/client-search/src/searchClient.ts
		Operations: []detectors.Operation{
			{
				Name: "delete an index", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /1/indexes/*", "sdk deleteIndex", "cli algolia indices delete"},
				Source: "https://www.algolia.com/doc/rest-api/search/delete-index",
			},
			{
				Name: "clear an index", Does: detectors.Destroy,
				Calls:  []string{"http POST /1/indexes/*/clear", "sdk clearObjects", "sdk deleteBy", "cli algolia indices clear"},
				Source: "https://www.algolia.com/doc/rest-api/search/clear-objects",
			},
			{
				Name: "delete records, rules or synonyms", Does: detectors.Destroy,
				Calls: []string{
					"http DELETE /1/indexes/*/*", "http POST /1/indexes/*/deleteByQuery", "http POST /1/indexes/*/rules/clear", "http POST /1/indexes/*/synonyms/clear",
					"sdk deleteObject", "sdk deleteObjects", "sdk clearRules", "sdk clearSynonyms",
				},
				Source: "https://github.com/algolia/api-clients-automation/blob/main/specs/bundled/search.yml",
			},
			{
				Name: "make a key", Does: detectors.Admin,
				Calls:  []string{"http POST /1/keys", "sdk addApiKey", "cli algolia apikeys create"},
				Source: "https://www.algolia.com/doc/rest-api/search/add-api-key",
			},
		},
	}
}
