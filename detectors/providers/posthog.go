package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// posthog gives a project a key made to be published, and a person keys with scopes that are not in the text.
func posthog() detectors.Provider {
	const personal, flags, project = "personal-api-key", "flags-secure-key", "project-api-key"
	return detectors.Provider{
		Name:  "posthog",
		Title: "PostHog",
		Hosts: []string{"us.posthog.com", "eu.posthog.com", "app.posthog.com", "us.i.posthog.com", "eu.i.posthog.com"},
		Rules: []detectors.Rule{
			{
				ID:          "posthog-key",
				Description: "a PostHog key",
				// No document says the form: keys that were seen have it.
				Pattern:  prefixed(`ph[csx]_[0-9A-Za-z_-]{40,50}`),
				Group:    1,
				Keywords: []string{"phc_", "phs_", "phx_"},
				Entropy:  3.5,
				Kinds:    []string{personal, flags, project},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      personal,
				Title:     "personal API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every project and organization of the person, within scopes that it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"POSTHOG_PERSONAL_API_KEY", "POSTHOG_CLI_TOKEN", "POSTHOG_CLI_API_KEY"},
				Shape:     `phx_[0-9A-Za-z_-]{40,50}`,
				Cut:       "make a key that is limited to staging's project and the scopes that it needs, and delete this one",
				Source:    "https://posthog.com/docs/api",
			},
			{
				Name:      flags,
				Title:     "feature flags secure API key",
				Scope:     detectors.ScopeContainer,
				Bound:     "reading the flags of one project, which it does not name",
				AtMost:    detectors.Read,
				Variables: []string{"POSTHOG_FEATURE_FLAGS_KEY", "POSTHOG_FLAGS_SECURE_KEY"},
				Shape:     `phs_[0-9A-Za-z_-]{40,50}`,
				Cut:       "use the key of staging's project",
				Source:    "https://posthog.com/docs/feature-flags/local-evaluation",
			},
			{
				Name:      project,
				Title:     "project API key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it sends events to one project",
				Variables: []string{"POSTHOG_API_KEY", "NEXT_PUBLIC_POSTHOG_KEY", "POSTHOG_KEY"},
				Shape:     `phc_[0-9A-Za-z_-]{40,50}`,
				Source:    "https://posthog.com/docs/api",
			},
		},
		Containers: []detectors.Container{
			{Variable: "POSTHOG_PROJECT_ID", What: "project"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a project", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/projects/*", "http DELETE /api/organizations/*/projects/*"},
				Source: "https://posthog.com/docs/api/projects",
			},
			{
				Name: "delete persons", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/projects/*/persons/*", "http POST /api/projects/*/persons/bulk_delete"},
				Source: "https://posthog.com/docs/api/persons",
			},
			{
				Name: "turn a flag", Does: detectors.Write,
				Calls:  []string{"http PATCH /api/projects/*/feature_flags/*"},
				Source: "https://posthog.com/docs/api/feature-flags",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text, "phx_"):
				return detectors.Decoded{Kind: personal}
			case strings.HasPrefix(text, "phs_"):
				return detectors.Decoded{Kind: flags}
			case strings.HasPrefix(text, "phc_"):
				return detectors.Decoded{Kind: project}
			}
			return detectors.Decoded{}
		},
	}
}
