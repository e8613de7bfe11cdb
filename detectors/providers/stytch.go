package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// stytch writes the environment into its secrets, and gives each project both.
func stytch() detectors.Provider {
	const secret, public = "secret", "public-token"
	const source = "https://stytch.com/docs/workspace-management/environments"
	return detectors.Provider{
		Name:  "stytch",
		Title: "Stytch",
		Hosts: []string{"api.stytch.com", "test.stytch.com"},
		Rules: []detectors.Rule{
			{ // as in https://github.com/stytchauth/stytch-go/blob/main/README.md
				ID:          "stytch-secret",
				Description: "the secret of a Stytch project",
				Pattern:     prefixed(`secret-(?:live|test)-[0-9A-Za-z_-]{35,36}={0,2}`),
				Group:       1,
				Keywords:    []string{"secret-live-", "secret-test-"},
				Entropy:     3.8,
				Kinds:       []string{secret},
			},
			{
				ID:          "stytch-public-token",
				Description: "the public token of a Stytch project",
				Pattern:     prefixed(`public-token-(?:live|test)-` + uuid),
				Group:       1,
				Keywords:    []string{"public-token-"},
				Entropy:     3,
				Kinds:       []string{public},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "project secret",
				Scope:     detectors.ScopeText,
				Bound:     "the users of one project, live or test",
				AtMost:    detectors.Full,
				Variables: []string{"STYTCH_SECRET", "STYTCH_PROJECT_SECRET"},
				Shape:     `secret-(?:live|test)-[0-9A-Za-z_-]{35,36}={0,2}`,
				Cut:       "give staging the secret of the test environment, and rotate this one",
				Source:    source,
			},
			{
				Name:      public,
				Title:     "public token",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published",
				Variables: []string{"STYTCH_PUBLIC_TOKEN", "NEXT_PUBLIC_STYTCH_PUBLIC_TOKEN"},
				Shape:     `public-token-(?:live|test)-` + uuid,
				Source:    source,
			},
		},
		Containers: []detectors.Container{
			{Variable: "STYTCH_PROJECT_ID", What: "project"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a user", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http DELETE /v1/users/*"},
				Source: "https://stytch.com/docs/api/delete-user",
			},
			{
				Name: "delete an organization or member", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http DELETE /v1/b2b/organizations/*", "http DELETE /v1/b2b/organizations/*/members/*"},
				Source: "https://stytch.com/docs/b2b/api/delete-organization",
			},
			{
				Name: "make a user or session", Does: detectors.Admin, Kinds: []string{secret},
				Calls:  []string{"http POST /v1/users", "http POST /v1/b2b/organizations/*/members"},
				Source: "https://stytch.com/docs/api/create-user",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text, "public-token-"):
				return detectors.Decoded{Kind: public}
			case strings.HasPrefix(text, "secret-live-"):
				return textual(secret, detectors.Production, "the secret's text says live", source)
			case strings.HasPrefix(text, "secret-test-"):
				return textual(secret, notProduction, "the secret's text says test", source)
			}
			return detectors.Decoded{}
		},
	}
}
