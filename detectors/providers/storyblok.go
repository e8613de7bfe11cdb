package providers

import "github.com/stagewall/stagewall/detectors"

const (
	storyblokAuth   = "https://www.storyblok.com/docs/api/management/getting-started/authentication"
	storyblokTokens = "https://www.storyblok.com/docs/concepts/access-tokens"
	storyblokAPI    = "https://www.storyblok.com/docs/api/management"
)

// storyblok has personal tokens, for all spaces of a person, and tokens of one space, which read what is shown or will be.
func storyblok() detectors.Provider {
	const personal, delivery = "personal-access-token", "delivery-token"
	// No document says the forms: tokens that were seen have them.
	const own, read = `[A-Za-z0-9]{20,24}tt-[0-9]{1,20}-[A-Za-z0-9_-]{20,24}`, `[A-Za-z0-9]{22}tt`
	destroy := func(name, path string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: []string{personal}, Calls: []string{"http DELETE /v1/spaces/" + path}, Source: storyblokAPI}
	}
	return detectors.Provider{
		Name:  "storyblok",
		Title: "Storyblok",
		Hosts: []string{"mapi.storyblok.com", "api.storyblok.com"},
		Rules: []detectors.Rule{
			{
				ID:          "storyblok-personal-access-token",
				Description: "a token of Storyblok's management API",
				Pattern:     assigned(named(`storyblok`, `(?:token|key)`), own),
				Group:       1,
				Keywords:    []string{"storyblok"},
				Entropy:     3.5,
				Kinds:       []string{personal},
			},
			{
				ID:          "storyblok-delivery-token",
				Description: "24 letters and digits that end in tt, named as a Storyblok token",
				Pattern:     assigned(named(`storyblok`, `(?:token|key)`), read),
				Group:       1,
				Keywords:    []string{"storyblok"},
				Entropy:     3.3,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       []string{delivery, personal},
			},
			handed("storyblok", own, []string{"api.storyblok.com"}, 3.5, []string{personal}),
			{ID: "storyblok-host", Description: "a host of Storyblok's API", Pattern: `\bm?api\.storyblok\.com\b`, Keywords: []string{"api.storyblok.com"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{
			{
				Name:      personal,
				Title:     "personal access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every space of its user",
				AtMost:    detectors.Full,
				Variables: []string{"STORYBLOK_PERSONAL_ACCESS_TOKEN", "STORYBLOK_OAUTH_TOKEN", "STORYBLOK_MANAGEMENT_TOKEN", "STORYBLOK_TOKEN"},
				Headers:   []string{"Authorization"},
				Shape:     own,
				Cut:       "give staging a token of a user who is in its space only, and revoke this one",
				Source:    storyblokAuth,
			},
			{
				Name:      delivery,
				Title:     "access token",
				Scope:     detectors.ScopeContainer,
				Bound:     "one space, which it does not name",
				AtMost:    detectors.Read,
				Variables: []string{"STORYBLOK_ACCESS_TOKEN", "STORYBLOK_PREVIEW_TOKEN", "STORYBLOK_DELIVERY_API_TOKEN"},
				Shape:     read,
				Cut:       "make a token of staging's space, and delete this one",
				Source:    storyblokTokens,
			},
		},
		Operations: []detectors.Operation{
			destroy("delete a space", "*"),
			destroy("delete a story", "*/stories/*"),
			destroy("delete a component", "*/components/*"),
			destroy("delete an asset", "*/assets/*"),
			{Name: "make an access token", Does: detectors.Admin, Kinds: []string{personal}, Calls: []string{"http POST /v1/spaces/*/api_keys/"}, Source: storyblokAPI + "/access-tokens/create-an-access-token"},
			{Name: "change a story", Does: detectors.Write, Kinds: []string{personal}, Calls: []string{"http PUT /v1/spaces/*/stories/*"}, Source: storyblokAPI},
		},
	}
}
