package providers

import "github.com/stagewall/stagewall/detectors"

// gemini has keys of its own, each bound to a service account; the older keys of Google Cloud open it too.
func gemini() detectors.Provider {
	const key = "authorization-key"
	return detectors.Provider{
		Name:  "gemini",
		Title: "Google Gemini",
		Hosts: []string{"generativelanguage.googleapis.com"},
		Rules: []detectors.Rule{
			{
				ID:          "gemini-authorization-key",
				Description: "a key for the Gemini API that is bound to a service account",
				Pattern:     prefixed(`AQ\.Ab8RN6[0-9A-Za-z_-]{44}`),
				Group:       1,
				Keywords:    []string{"aq.ab8rn6"},
				Entropy:     3.8,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:    key,
				Title:   "authorization key",
				Scope:   detectors.ScopeContainer,
				Bound:   "one project of Google Cloud, which it does not name, and unless somebody widened it the Gemini API",
				AtMost:  detectors.UnknownPower,
				Headers: []string{"x-goog-api-key"},
				Shape:   `AQ\.Ab8RN6[0-9A-Za-z_-]{44}`,
				Cut:     "make a key in staging's own project, and delete this one",
				Source:  "https://ai.google.dev/gemini-api/docs/api-key",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a file, cache or store", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1beta/files/*", "http DELETE /v1beta/cachedContents/*", "http DELETE /v1beta/fileSearchStores/*"},
				Source: "https://ai.google.dev/api/files",
			},
			{
				Name: "generate", Does: detectors.Write,
				Calls:  []string{"http POST /v1beta/models/**", "http POST /v1/models/**"},
				Source: "https://ai.google.dev/api/generate-content",
			},
		},
	}
}
