package providers

import "github.com/stagewall/stagewall/detectors"

// mixpanel separates environments by projects. A project's token sends and is in every page; its secret reads; a service account does what its
// roles allow, in one project or many.
func mixpanel() detectors.Provider {
	const account, secret, token = "service-account-secret", "api-secret", "project-token"
	return detectors.Provider{
		Name:  "mixpanel",
		Title: "Mixpanel",
		Hosts: []string{
			"mixpanel.com", "eu.mixpanel.com", "in.mixpanel.com", "data.mixpanel.com", "data-eu.mixpanel.com", "api.mixpanel.com",
			"api-eu.mixpanel.com",
		},
		Rules: []detectors.Rule{
			{
				ID:          "mixpanel-service-account-secret",
				Description: "a value named as the secret of a Mixpanel service account",
				Pattern:     assigned(named(`mixpanel`, `service[_-]?account[A-Za-z_-]{0,12}(?:secret|password)`), `[0-9A-Za-z]{32}`),
				Group:       1,
				Keywords:    []string{"mixpanel"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       []string{account},
			},
			{
				ID:          "mixpanel-secret",
				Description: "a value named as the secret of a Mixpanel project",
				Pattern:     assigned(named(`mixpanel`, `secret`), `[0-9a-f]{32}`),
				Group:       1,
				Keywords:    []string{"mixpanel"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID(), {Description: "a service account's", Target: "match", Regexes: []string{`(?i)service[_-]?account`}}},
				Kinds:       []string{secret},
			},
			{
				ID:          "mixpanel-token",
				Description: "a value named as the token of a Mixpanel project",
				Pattern:     assigned(named(`mixpanel`, `token`), `[0-9a-f]{32}`),
				Group:       1,
				Keywords:    []string{"mixpanel"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      account,
				Title:     "service account's secret",
				Scope:     detectors.ScopeAccount,
				Bound:     "the projects that the account's roles name, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"MIXPANEL_SERVICE_ACCOUNT_SECRET"},
				Cut:       "give staging a service account of its own in staging's project, and delete this one",
				Source:    "https://developer.mixpanel.com/reference/service-accounts",
			},
			{
				Name:      secret,
				Title:     "API secret",
				Scope:     detectors.ScopeContainer,
				Bound:     "one project, which it does not name: it imports and exports events",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"MIXPANEL_API_SECRET", "MIXPANEL_SECRET", "MIXPANEL_PROJECT_SECRET"},
				Cut:       "give staging a project of its own",
				Source:    "https://developer.mixpanel.com/reference/project-secret",
			},
			{
				Name:      token,
				Title:     "project token",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it sends events to one project",
				Variables: []string{"MIXPANEL_TOKEN", "MIXPANEL_PROJECT_TOKEN", "NEXT_PUBLIC_MIXPANEL_TOKEN", "VITE_MIXPANEL_TOKEN"},
				Source:    "https://developer.mixpanel.com/reference/project-token",
			},
		},
		Containers: []detectors.Container{
			{Variable: "MIXPANEL_PROJECT_ID", What: "project"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete schemas", Does: detectors.Destroy, Kinds: []string{account},
				Calls:  []string{"http DELETE /api/app/projects/*/schemas", "http DELETE /api/app/projects/*/schemas/**"},
				Source: "https://docs.mixpanel.com/reference/lexicon-schemas-api-authentication",
			},
			{
				Name: "delete people", Does: detectors.Destroy, Kinds: []string{account},
				Calls:  []string{"http POST /api/app/data-deletions/v3.0"},
				Source: "https://docs.mixpanel.com/reference/gdpr-api",
			},
			{
				Name: "make a service account", Does: detectors.Admin, Kinds: []string{account},
				Calls:  []string{"http POST /api/app/organizations/*/service-accounts"},
				Source: "https://developer.mixpanel.com/reference/service-accounts",
			},
			{
				Name: "export events", Does: detectors.Read, Kinds: []string{account, secret},
				Calls:  []string{"http GET /api/2.0/export"},
				Source: "https://developer.mixpanel.com/reference/raw-event-export",
			},
		},
	}
}
