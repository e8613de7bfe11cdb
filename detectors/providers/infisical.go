package providers

import "github.com/stagewall/stagewall/detectors"

const (
	infisicalTokens     = "https://infisical.com/docs/documentation/platform/token"
	infisicalIdentities = "https://infisical.com/docs/documentation/platform/identities/universal-auth"
	infisicalCLI        = "https://infisical.com/docs/cli/overview"
	infisicalAPI        = "https://infisical.com/docs/api-reference/overview/introduction"
)

// infisical keeps other secrets: who may read an environment has every secret in it. A service token is for environments of one project, and a
// machine identity for what its roles say; neither says which.
func infisical() detectors.Provider {
	const service, client, access = "service-token", "client-secret", "access-token"
	wide := []string{client, access}
	jwt := []string{"ImlkZW50aXR5SWQi", "JpZGVudGl0eUlkI", "iaWRlbnRpdHlJZC"} // "identityId"
	return detectors.Provider{
		Name:  "infisical",
		Title: "Infisical",
		Hosts: []string{"app.infisical.com", "eu.infisical.com", "us.infisical.com"},
		Decode: func(token string) detectors.Decoded {
			var c struct {
				IdentityID string `json:"identityId"`
				Exp        float64
			}
			if claims(token, &c) && c.IdentityID != "" {
				return until(detectors.Decoded{Kind: access}, c.Exp, infisicalIdentities)
			}
			return detectors.Decoded{}
		},
		Rules: []detectors.Rule{
			{
				// No document says the lengths: tokens that were seen have a UUID or 24 digits, and twice 32 or 64 digits.
				ID:          "infisical-service-token",
				Description: "a service token",
				Pattern:     left + `(st\.[0-9a-f-]{24,36}\.[0-9a-f]{32,64}\.[0-9a-f]{32,64})(?:[^A-Za-z0-9_.-]|$)`,
				Group:       1,
				Keywords:    []string{"infisical"},
				Entropy:     3,
				Kinds:       []string{service},
			},
			{
				ID:          "infisical-client-secret",
				Description: "the client secret of a machine identity, named so",
				Pattern:     assigned(named(`infisical`, `client[_-]?secret`), `[A-Za-z0-9]{32,80}`),
				Group:       1,
				Keywords:    []string{"infisical"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{client},
			},
			{
				ID:          "infisical-access-token",
				Description: "the access token of a machine identity",
				Pattern:     prefixed(jwtWith(jwt...)),
				Group:       1,
				Keywords:    lowerAll(jwt),
				Kinds:       []string{access},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      client,
				Title:     "client secret of a machine identity",
				Scope:     detectors.ScopeAccount,
				Bound:     "the projects and environments in which its identity has a role, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "INFISICAL_CLIENT_SECRET", "INFISICAL_MACHINE_CLIENT_SECRET"},
				Cut:       "use an identity whose role is for staging's environment only, and delete this secret",
				Source:    infisicalIdentities,
			},
			{
				Name:      access,
				Title:     "access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "the projects and environments in which its identity has a role, until it expires",
				AtMost:    detectors.Full,
				Variables: []string{"INFISICAL_ACCESS_TOKEN"},
				Cut:       "use an identity whose role is for staging's environment only",
				Source:    infisicalIdentities,
			},
			{
				Name:      service,
				Title:     "service token",
				Scope:     detectors.ScopeContainer,
				Bound:     "environments and paths of one project, which it does not name",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"INFISICAL_TOKEN", "INFISICAL_SERVICE_TOKEN"},
				Shape:     `st\.[0-9a-f-]{24,36}\.[0-9a-f]{32,64}\.[0-9a-f]{32,64}`,
				Cut:       "use a machine identity whose role is for staging's environment only, and delete this token",
				Source:    infisicalTokens,
			},
		},
		Tools: []detectors.Tool{{
			Name: "infisical", Variables: []string{"INFISICAL_TOKEN", "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"}, Selectors: []string{"--env", "-e", "--projectId", "--path"},
			Source: infisicalCLI,
		}},
		Containers: []detectors.Container{{Variable: "INFISICAL_ENVIRONMENT", Names: true, What: "environment"}, {Variable: "INFISICAL_PROJECT_ID", What: "project"}},
		Operations: []detectors.Operation{
			{
				Name: "delete a project", Does: detectors.Destroy, Kinds: wide,
				Calls: []string{"http DELETE /api/v1/projects/*", "http DELETE /api/v1/workspace/*"}, Source: infisicalAPI,
			},
			{
				Name: "delete an environment", Does: detectors.Destroy, Kinds: wide,
				Calls: []string{"http DELETE /api/v1/projects/*/environments/*", "http DELETE /api/v1/workspace/*/environments/*"}, Source: infisicalAPI,
			},
			{
				Name: "delete a secret", Does: detectors.Write,
				Calls: []string{"cli infisical secrets delete", "http DELETE /api/v3/secrets/raw/*", "http DELETE /api/v4/secrets/*"}, Source: infisicalAPI,
			},
			{
				Name: "write a secret", Does: detectors.Write,
				Calls: []string{"cli infisical secrets set", "http POST /api/v3/secrets/raw/*", "http PATCH /api/v3/secrets/raw/*", "http POST /api/v4/secrets/*"}, Source: infisicalAPI,
			},
			{
				Name: "read secrets", Does: detectors.Read,
				Calls: []string{"cli infisical run", "cli infisical export", "cli infisical secrets", "http GET /api/v3/secrets/raw", "http GET /api/v4/secrets"}, Source: infisicalCLI,
			},
			{
				Name: "make identities", Does: detectors.Admin, Kinds: wide,
				Calls: []string{"http POST /api/v1/identities", "http POST /api/v1/auth/universal-auth/identities/*/client-secrets"}, Source: infisicalAPI,
			},
		},
	}
}
