package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

const (
	dopplerTokens   = "https://docs.doppler.com/reference/auth-token-formats"
	dopplerService  = "https://docs.doppler.com/docs/service-tokens"
	dopplerAccounts = "https://docs.doppler.com/docs/service-accounts"
	dopplerAPI      = "https://docs.doppler.com/reference/api"
	dopplerCLI      = "https://docs.doppler.com/docs/cli"
)

// doppler keeps other tokens: who may read a config has every secret in it. A service token is bound to one config and says its slug,
// of which the words before the first underscore are the environment.
func doppler() detectors.Provider {
	const (
		personal = "personal-token"
		cli      = "cli-token"
		account  = "service-account-token"
		scim     = "scim-token"
		audit    = "audit-token"
		service  = "service-token"
	)
	wide := []string{personal, cli, account}
	const body = `[0-9A-Za-z]{40,44}`
	return detectors.Provider{
		Name:  "doppler",
		Title: "Doppler",
		Hosts: []string{"api.doppler.com"},
		Rules: []detectors.Rule{
			{
				ID:          "doppler-token",
				Description: "a Doppler token for a workplace",
				Pattern:     prefixed(`dp\.(?:pt|ct|sa|said|scim|audit)\.` + body),
				Group:       1,
				Keywords:    []string{"dp.pt.", "dp.ct.", "dp.sa.", "dp.said.", "dp.scim.", "dp.audit."},
				Entropy:     3,
				Kinds:       []string{personal, cli, account, scim, audit},
			},
			{
				ID:          "doppler-service-token",
				Description: "a Doppler token for one config",
				Pattern:     prefixed(`dp\.st\.(?:[a-z0-9_-]{2,35}\.)?` + body),
				Group:       1,
				Keywords:    []string{"dp.st."},
				Entropy:     3,
				Kinds:       []string{service},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:   personal,
				Title:  "personal token",
				Scope:  detectors.ScopeAccount,
				Bound:  "every config of every project that the person may open",
				AtMost: detectors.Full,
				Shape:  `dp\.pt\.` + body,
				Cut:    "use a service token of staging's config (dp.st.stg), and revoke this one",
				Source: dopplerTokens,
			},
			{
				Name:   cli,
				Title:  "CLI token",
				Scope:  detectors.ScopeAccount,
				Bound:  "every config of every project that the person who logged in may open",
				AtMost: detectors.Full,
				Shape:  `dp\.ct\.` + body,
				Cut:    "run doppler logout, and use a service token of staging's config",
				Source: dopplerTokens,
			},
			{
				Name:   account,
				Title:  "service account token",
				Scope:  detectors.ScopeAccount,
				Bound:  "the projects and environments that its service account was given, which it does not show",
				AtMost: detectors.Full,
				Shape:  `dp\.(?:sa|said)\.` + body,
				Cut:    "give staging a service account that may open staging's environments only, and revoke this token",
				Source: dopplerAccounts,
			},
			{
				Name:   scim,
				Title:  "SCIM token",
				Scope:  detectors.ScopeAccount,
				Bound:  "the people and groups of the workplace",
				AtMost: detectors.Read | detectors.Write | detectors.Admin,
				Shape:  `dp\.scim\.` + body,
				Cut:    "keep this token with the identity provider only, and revoke this copy",
				Source: dopplerTokens,
			},
			{
				Name:   audit,
				Title:  "audit token",
				Scope:  detectors.ScopeAccount,
				Bound:  "the logs and people of the workplace, to read",
				AtMost: detectors.Read,
				Shape:  `dp\.audit\.` + body,
				Cut:    "keep this token with the audit only, and revoke this copy",
				Source: dopplerTokens,
			},
			{
				Name:      service,
				Title:     "service token",
				Scope:     detectors.ScopeText,
				Bound:     "one config of one project; the config's slug stands in the token, but for old ones",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"DOPPLER_TOKEN"},
				Shape:     `dp\.st\.(?:[a-z0-9_-]{2,35}\.)?` + body,
				Cut:       "use a service token of staging's config, and revoke this one",
				Source:    dopplerService,
			},
		},
		Tools: []detectors.Tool{{
			Name:      "doppler",
			Variables: []string{"DOPPLER_TOKEN"},
			Selectors: []string{"--config", "-c", "--project", "-p"},
			Source:    dopplerCLI,
		}},
		Containers: []detectors.Container{
			{Variable: "DOPPLER_CONFIG", Names: true, What: "environment"},
			{Variable: "DOPPLER_ENVIRONMENT", Names: true, What: "environment"},
			{Variable: "DOPPLER_PROJECT", What: "project"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a project", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"http DELETE /v3/projects/project", "cli doppler projects delete"},
				Source: dopplerAPI,
			},
			{
				Name: "delete an environment", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"http DELETE /v3/environments/environment", "cli doppler environments delete"},
				Source: dopplerAPI,
			},
			{
				Name: "delete a config", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"http DELETE /v3/configs/config", "cli doppler configs delete"},
				Source: dopplerAPI,
			},
			{
				Name: "read secrets", Does: detectors.Read,
				Calls: []string{
					"http GET /v3/configs/config/secrets", "http GET /v3/configs/config/secrets/download", "http GET /v3/configs/config/secret",
					"cli doppler secrets", "cli doppler run",
				},
				Source: dopplerAPI,
			},
			{
				Name: "write secrets", Does: detectors.Write,
				Calls: []string{
					"http POST /v3/configs/config/secrets", "http DELETE /v3/configs/config/secret",
					"cli doppler secrets set", "cli doppler secrets upload", "cli doppler secrets delete",
				},
				Source: dopplerAPI,
			},
			{
				Name: "make a service token", Does: detectors.Admin, Kinds: wide,
				Calls:  []string{"http POST /v3/configs/config/tokens", "cli doppler configs tokens create"},
				Source: dopplerAPI,
			},
		},
		Decode: decodeDoppler,
	}
}

// decodeDoppler reads the kind, and of a service token the config's slug: a root config has the slug of its environment, by default
// dev, stg or prd, and a branch config has that, an underscore and a name of its own, https://docs.doppler.com/docs/branch-configs
func decodeDoppler(token string) detectors.Decoded {
	kinds := map[string]string{
		"pt": "personal-token", "ct": "cli-token", "sa": "service-account-token", "said": "service-account-token",
		"scim": "scim-token", "audit": "audit-token", "st": "service-token",
	}
	parts := strings.Split(token, ".")
	if len(parts) < 3 || parts[0] != "dp" || kinds[parts[1]] == "" {
		return detectors.Decoded{}
	}
	d := detectors.Decoded{Kind: kinds[parts[1]]}
	if parts[1] != "st" || len(parts) < 4 {
		return d
	}
	config := parts[2]
	environment, _, _ := strings.Cut(config, "_")
	d.IDs = []detectors.ID{{What: "environment", Value: config}}
	if d.Reach = environ.Value(environment); d.Reach != 0 {
		d.Evidence = []detectors.Evidence{{About: "reach", Says: "the token's text says the config " + config, Source: dopplerService}}
	}
	return d
}
