package providers

import "github.com/stagewall/stagewall/detectors"

const (
	netlifyAPI = "https://docs.netlify.com/api/get-started/"
	netlifyREF = "https://open-api.netlify.com/"
	netlifyCLI = "https://cli.netlify.com/"

	netlifySites = "https://github.com/netlify/cli/blob/main/docs/commands/sites.md"
)

// netlify knows personal access tokens, which have no scopes and reach every team and site of their owner, and build hooks.
func netlify() detectors.Provider {
	const personal, hook = "personal-access-token", "build-hook"
	destroy := func(name string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: []string{personal}, Calls: calls, Source: netlifyREF}
	}
	return detectors.Provider{
		Name:  "netlify",
		Title: "Netlify",
		Hosts: []string{"api.netlify.com"},
		Rules: []detectors.Rule{
			{
				ID:          "netlify-token",
				Description: "a token with a prefix: personal, of the command line program, or of an app",
				// No document says the form: tokens that were seen have it.
				Pattern:  prefixed(`nf[pcou]_[A-Za-z0-9_]{36}`),
				Group:    1,
				Keywords: []string{"nfp_", "nfc_", "nfo_", "nfu_"},
				Entropy:  3.5,
				Kinds:    []string{personal},
			},
			{
				ID:          "netlify-token-variable",
				Description: "a token of the old form in a variable for Netlify's tokens",
				Pattern:     assigned(named(`netlify`, `(?:token|pat|key|secret)`), `[A-Za-z0-9_-]{43,45}|[0-9a-f]{64}`),
				Group:       1,
				Keywords:    []string{"netlify"},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{personal},
			},
			{
				ID:          "netlify-build-hook",
				Description: "the address of a build hook",
				Pattern:     left + `(https://api\.netlify\.com/build_hooks/[0-9a-f]{24})` + right,
				Group:       1,
				Keywords:    []string{"api.netlify.com/build_hooks/"},
				Kinds:       []string{hook},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      personal,
				Title:     "personal access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every team and site of its owner: tokens have no scopes",
				AtMost:    detectors.Full,
				Variables: []string{"NETLIFY_AUTH_TOKEN", "NETLIFY_TOKEN", "NETLIFY_ACCESS_TOKEN", "NETLIFY_API_TOKEN"},
				Headers:   []string{"Authorization Bearer"},
				Shape:     `[A-Za-z0-9_-]{43,45}`,
				Cut:       "use the token of a user who belongs to staging's team alone, or a build hook, and revoke this one",
				Source:    netlifyAPI,
			},
			{
				Name:   hook,
				Title:  "build hook",
				Scope:  detectors.ScopeContainer,
				Bound:  "one site, which it builds and deploys",
				AtMost: detectors.Write,
				Cut:    "use a build hook of staging's site, and delete this one",
				Source: "https://docs.netlify.com/configure-builds/build-hooks/",
			},
		},
		Tools: []detectors.Tool{{
			Name: "netlify", Needs: detectors.NeedsToken, Aliases: []string{"ntl", "netlify-cli"}, Variables: []string{"NETLIFY_AUTH_TOKEN"},
			Selectors: []string{"--site", "-s", "--context", "--alias", "--auth"}, Source: netlifyCLI,
		}},
		Containers: []detectors.Container{{Variable: "NETLIFY_SITE_ID", What: "app"}, {Variable: "NETLIFY_SITE_NAME", What: "app"}},
		// Methods of libraries: https://github.com/netlify/open-api/blob/master/swagger.yml
		Operations: []detectors.Operation{
			{
				Name: "deleteSite", Does: detectors.Destroy, Undo: "no undo", Kinds: []string{personal},
				Calls: []string{"http DELETE /api/v1/sites/*", "cli netlify sites:delete", "sdk deleteSite"}, Source: netlifySites,
			},
			undo(destroy("deleteSiteDatabase", "http DELETE /api/v1/sites/*/database", "sdk deleteSiteDatabase"), "", "deleted with it"),
			destroy("deleteSiteDatabaseBranch", "http DELETE /api/v1/sites/*/database/branch/*"),
			{
				Name: "deleteSiteDatabaseSnapshot", Does: detectors.Destroy, DeletesBackups: true, Kinds: []string{personal},
				Calls: []string{"http DELETE /api/v1/sites/*/database/snapshot/*"}, Source: netlifyREF,
			},
			destroy("restoreSiteDatabaseSnapshot", "http POST /api/v1/sites/*/database/snapshot/*/restore"),
			destroy("cancelAccount", "http DELETE /api/v1/accounts/*"),
			destroy("deleteDnsZone", "http DELETE /api/v1/dns_zones/*", "sdk deleteDnsZone"),
			destroy("deleteDnsRecord", "http DELETE /api/v1/dns_zones/*/dns_records/*", "sdk deleteDnsRecord"),
			destroy("deleteEnvVar", "http DELETE /api/v1/accounts/*/env/*", "cli netlify env:unset", "sdk deleteEnvVar"),
			destroy("deleteSiteDeploy", "http DELETE /api/v1/sites/*/deploys/*", "http DELETE /api/v1/deploys/*", "sdk deleteSiteDeploy", "sdk deleteDeploy"),
			destroy("blobs:delete", "cli netlify blobs:delete"),
			{
				Name: "change access", Does: detectors.Admin, Kinds: []string{personal},
				Calls: []string{"http POST /api/v1/*/members", "http POST /api/v1/deploy_keys"}, Source: netlifyREF,
			},
			{
				Name: "deploy", Does: detectors.Write,
				Calls: []string{
					"http POST /api/v1/sites/*/deploys", "http POST /build_hooks/*", "http POST /api/v1/sites/*/builds", "cli netlify deploy",
					"cli netlify env:set",
				},
				Source: netlifyREF,
			},
		},
	}
}
