package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	planetscaleTokens    = "https://planetscale.com/docs/api/reference/service-tokens"
	planetscalePasswords = "https://planetscale.com/docs/vitess/security/password-roles"
	planetscaleAPI       = "https://planetscale.com/docs/api/reference/getting-started-with-planetscale-api"
	planetscaleCLI       = "https://planetscale.com/docs/cli"
)

// planetscale makes branches of a database the environments. A password is bound to one branch, a service token to databases at best.
func planetscale() detectors.Provider {
	const oauth, service, password = "oauth-token", "service-token", "branch-password"
	manage := []string{oauth, service}
	const body = `[0-9A-Za-z_=.-]{31,63}[0-9A-Za-z_=]`
	return detectors.Provider{
		Name:  "planetscale",
		Title: "PlanetScale",
		Hosts: []string{"api.planetscale.com"},
		Rules: []detectors.Rule{
			{
				ID:          "planetscale-token",
				Description: "a token for PlanetScale's API",
				Pattern:     prefixed(`pscale_(?:tkn|oauth)_` + body),
				Group:       1,
				Keywords:    []string{"pscale_tkn_", "pscale_oauth_"},
				Entropy:     3,
				Kinds:       []string{oauth, service},
			},
			{
				ID:          "planetscale-password",
				Description: "a password of a PlanetScale database's branch",
				Pattern:     prefixed(`pscale_pw_` + body),
				Group:       1,
				Keywords:    []string{"pscale_pw_"},
				Entropy:     3,
				Kinds:       []string{password},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:   oauth,
				Title:  "OAuth token",
				Scope:  detectors.ScopeAccount,
				Bound:  "what the person let the application do, which it does not show",
				AtMost: detectors.Full,
				Shape:  `pscale_oauth_` + body,
				Cut:    "use a service token that is granted the staging database only, and revoke the application",
				Source: "https://planetscale.com/docs/api/reference/oauth",
			},
			{
				Name:      service,
				Title:     "service token",
				Scope:     detectors.ScopeAccount,
				Bound:     "the databases of one organization that it was granted, with all their branches, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"PLANETSCALE_SERVICE_TOKEN"},
				Shape:     `pscale_tkn_` + body,
				Cut:       "grant staging's token the staging database only, without delete permissions, and delete this token",
				Source:    planetscaleTokens,
			},
			{
				Name:   password,
				Title:  "branch password",
				Scope:  detectors.ScopeContainer,
				Bound:  "one branch of one database, which it does not name",
				AtMost: detectors.UnknownPower,
				Shape:  `pscale_pw_` + body,
				Cut:    "make a password for the staging branch, and delete this one",
				Source: planetscalePasswords,
			},
		},
		Tools: []detectors.Tool{{
			Name: "pscale", Needs: detectors.NeedsToken,
			Variables: []string{"PLANETSCALE_SERVICE_TOKEN", "PLANETSCALE_SERVICE_TOKEN_ID"},
			Selectors: []string{"--org", "--database", "--branch"},
			Source:    planetscaleCLI,
		}},
		Containers: []detectors.Container{
			{Variable: "PLANETSCALE_BRANCH", Names: true, What: "environment"},
			{Variable: "PLANETSCALE_BRANCH_NAME", Names: true, What: "environment"},
			{Variable: "PLANETSCALE_ORG", What: "account"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a database", Does: detectors.Destroy, Kinds: manage,
				Calls:  []string{"http DELETE /v1/organizations/*/databases/*", "cli pscale database delete"},
				Source: planetscaleAPI,
			},
			{
				Name: "delete a branch", Does: detectors.Destroy, Kinds: manage,
				Calls:  []string{"http DELETE /v1/organizations/*/databases/*/branches/*", "cli pscale branch delete"},
				Source: planetscaleAPI,
			},
			{
				Name: "delete a backup", Does: detectors.Destroy, DeletesBackups: true, Kinds: manage,
				Calls:  []string{"http DELETE /v1/organizations/*/databases/*/branches/*/backups/*", "cli pscale backup delete"},
				Source: planetscaleAPI,
			},
			{
				Name: "deploy a schema change", Does: detectors.Write, Kinds: manage,
				Calls:  []string{"http POST /v1/organizations/*/databases/*/deploy-requests/*/deploy", "cli pscale deploy-request deploy"},
				Source: planetscaleAPI,
			},
			{
				Name: "make a password", Does: detectors.Admin, Kinds: manage,
				Calls:  []string{"http POST /v1/organizations/*/databases/*/branches/*/passwords", "cli pscale password create", "cli pscale service-token create"},
				Source: planetscaleAPI,
			},
			{
				Name: "DROP TABLE", Does: detectors.Destroy, Kinds: []string{password},
				Calls:  []string{"sql DROP TABLE", "sql TRUNCATE", "sql DROP DATABASE"},
				Source: planetscalePasswords,
			},
		},
		Decode: func(secret string) detectors.Decoded {
			switch {
			case strings.HasPrefix(secret, "pscale_oauth_"):
				return detectors.Decoded{Kind: oauth}
			case strings.HasPrefix(secret, "pscale_tkn_"):
				return detectors.Decoded{Kind: service}
			}
			return detectors.Decoded{}
		},
	}
}
