package providers

import "github.com/stagewall/stagewall/detectors"

// bugsnag marks errors with a release stage and limits no token to one. A project's API key only sends.
func bugsnag() detectors.Provider {
	const personal, notifier = "personal-auth-token", "notifier-key"
	return detectors.Provider{
		Name:  "bugsnag",
		Title: "BugSnag",
		Hosts: []string{"api.bugsnag.com", "build.bugsnag.com", "upload.bugsnag.com", "notify.bugsnag.com", "sessions.bugsnag.com"},
		Rules: []detectors.Rule{
			{
				ID:          "bugsnag-auth-token",
				Description: "a UUID named as a BugSnag token",
				Pattern:     assigned(named(`bugsnag`, `token`), uuid),
				Group:       1,
				Keywords:    []string{"bugsnag"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{notAnID(), exampleUUID()},
				Kinds:       []string{personal},
			},
			{
				ID:          "bugsnag-notifier-key",
				Description: "a value named as a BugSnag project's API key",
				Pattern:     assigned(named(`bugsnag`, `(?:api|notifier)[_-]?key`), `[0-9a-f]{32}`),
				Group:       1,
				Keywords:    []string{"bugsnag"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       []string{notifier},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      personal,
				Title:     "personal auth token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every project and organization of the person",
				AtMost:    detectors.Full,
				Variables: []string{"BUGSNAG_AUTH_TOKEN", "BUGSNAG_PERSONAL_AUTH_TOKEN", "BUGSNAG_DATA_ACCESS_TOKEN"},
				Headers:   []string{"Authorization token"},
				Shape:     uuid,
				Cut:       "use a person's token that sees staging's projects only, and delete this one",
				Source:    "https://docs.bugsnag.com/api/data-access/",
			},
			{
				Name:      notifier,
				Title:     "notifier API key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it sends errors to one project",
				Variables: []string{"BUGSNAG_API_KEY", "BUGSNAG_NOTIFIER_API_KEY", "NEXT_PUBLIC_BUGSNAG_API_KEY"},
				Shape:     `[0-9a-f]{32}`,
				Source:    "https://docs.bugsnag.com/api/error-reporting/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete errors", Does: detectors.Destroy, Kinds: []string{personal},
				Calls:  []string{"http DELETE /projects/*/errors", "http DELETE /projects/*/errors/*"},
				Source: "https://github.com/bugsnag/bugsnag-api-ruby/blob/master/lib/bugsnag/api/client/errors.rb",
			},
			{
				Name: "delete a project", Does: detectors.Destroy, Kinds: []string{personal},
				Calls:  []string{"http DELETE /projects/*"},
				Source: "https://github.com/bugsnag/bugsnag-api-ruby/blob/master/lib/bugsnag/api/client/projects.rb",
			},
			{
				Name: "invite people", Does: detectors.Admin, Kinds: []string{personal},
				Calls:  []string{"http POST /organizations/*/collaborators"},
				Source: "https://github.com/bugsnag/bugsnag-api-ruby/blob/master/lib/bugsnag/api/client/collaborators.rb",
			},
		},
	}
}
