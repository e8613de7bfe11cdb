package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	vercelTokens = "https://vercel.com/docs/accounts/access-tokens"
	vercelAPI    = "https://vercel.com/docs/rest-api"
	vercelCLI    = "https://vercel.com/docs/cli"

	vercelCommands = "https://github.com/vercel/vercel/blob/main/packages/cli/src/commands/"

	vercelOIDC = "https://vercel.com/docs/oidc/reference"
)

// vercel knows tokens by their prefixes and, without one, by their variables and by the flag of the command line program. A project's
// OIDC token names its environment.
func vercel() detectors.Provider {
	const personal, app, refresh, integration, gateway = "access-token", "app-token", "app-refresh-token", "integration-token", "gateway-key"
	const oidc, blob, hook, edge = "oidc-token", "blob-token", "deploy-hook", "edge-config"
	old := `[A-Za-z0-9]{24}`
	prefix := func(id, description, word, kind string) detectors.Rule {
		return detectors.Rule{
			ID: "vercel-" + id, Description: description, Pattern: prefixed(word + `[A-Za-z0-9_-]{56}`), Group: 1,
			Keywords: []string{word}, Entropy: 3.5, Kinds: []string{kind},
		}
	}
	destroy := func(name, source string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: []string{personal, app, refresh, integration}, Calls: calls, Source: source}
	}
	return detectors.Provider{
		Name:   "vercel",
		Title:  "Vercel",
		Hosts:  []string{"api.vercel.com", "vercel.com", "edge-config.vercel.com", ".blob.vercel-storage.com", "ai-gateway.vercel.sh"},
		Decode: decodeVercel,
		Rules: []detectors.Rule{
			prefix("access-token", "an access token", "vcp_", personal),
			prefix("app-token", "a token that an app got", "vca_", app),
			prefix("app-refresh-token", "a token that gets new tokens for an app", "vcr_", refresh),
			prefix("integration-token", "the token of an integration", "vci_", integration),
			prefix("gateway-key", "a key for the AI gateway", "vck_", gateway),
			{
				ID:          "vercel-token-variable",
				Description: "a token without prefix in a variable for Vercel's tokens",
				Pattern:     assigned(`(?:\b|_)(?:vercel[_ .-]?(?:(?:api|access|auth|deploy|ci)[_-]?)?(?:token|key|secret)|now_?token)`, old),
				Group:       1,
				Keywords:    []string{"vercel", "now_token", "nowtoken"},
				Entropy:     3.2,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{personal},
			},
			{
				ID:          "vercel-token-flag",
				Description: "a token without prefix handed to the command line program",
				Pattern:     `\b(?:vercel|vc|now)\b[^\n]{0,200}?[ \t](?:--token|-t)(?:[ \t]+|=)["']?(` + old + `)` + right,
				Group:       1,
				Keywords:    []string{"vercel"},
				Entropy:     3.2,
				Kinds:       []string{personal},
			},
			{
				ID:          "vercel-oidc-token",
				Description: "a project's OIDC token",
				Pattern:     assigned(`vercel[_-]?oidc[_-]?token`, `eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{40,}`),
				Group:       1,
				Keywords:    []string{"oidc"},
				Kinds:       []string{oidc},
			},
			{
				ID:          "vercel-blob-token",
				Description: "a token for a blob store",
				// STORE_SECRET, as https://github.com/vercel/storage/blob/main/packages/blob/src/helpers.ts takes them apart.
				Pattern:  prefixed(`vercel_blob_rw_[A-Za-z0-9]{10,24}_[A-Za-z0-9]{20,60}`),
				Group:    1,
				Keywords: []string{"vercel_blob_rw_"},
				Entropy:  3.5,
				Kinds:    []string{blob},
			},
			{
				ID:          "vercel-deploy-hook",
				Description: "the address of a deploy hook",
				Pattern:     left + `(https://api\.vercel\.com/v1/integrations/deploy/prj_[A-Za-z0-9]{10,40}/[A-Za-z0-9]{6,40})` + right,
				Group:       1,
				Keywords:    []string{"/integrations/deploy/prj_"},
				Kinds:       []string{hook},
			},
			{
				ID:          "vercel-edge-config",
				Description: "the connection string of an edge configuration",
				Pattern:     left + `(https://edge-config\.vercel\.com/ecfg_[A-Za-z0-9]{10,40}\?token=` + uuid + `)` + right,
				Group:       1,
				Keywords:    []string{"edge-config.vercel.com/ecfg_"},
				Kinds:       []string{edge},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      personal,
				Title:     "access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every environment of all that its account, team or project scope holds: no token is limited to one",
				AtMost:    detectors.Full,
				Variables: []string{"VERCEL_TOKEN", "VERCEL_ACCESS_TOKEN", "VERCEL_API_TOKEN"},
				Headers:   []string{"Authorization Bearer"},
				Shape:     old,
				Cut:       "use a token scoped to a project of staging's own, with a short life, and revoke this one",
				Source:    vercelTokens,
			},
			{
				Name:   app,
				Title:  "app token",
				Scope:  detectors.ScopeAccount,
				Bound:  "every environment of what its owner allowed the app",
				AtMost: detectors.Full,
				Cut:    "use a token scoped to a project of staging's own, and revoke the app's access",
				Source: vercelTokens,
			},
			{
				Name:   refresh,
				Title:  "app refresh token",
				Scope:  detectors.ScopeAccount,
				Bound:  "it gets tokens for every environment of what its owner allowed the app",
				AtMost: detectors.Full,
				Cut:    "revoke the app's access, and keep refresh tokens out of the checkout",
				Source: vercelTokens,
			},
			{
				Name:   integration,
				Title:  "integration token",
				Scope:  detectors.ScopeAccount,
				Bound:  "every environment of the projects that the integration was allowed",
				AtMost: detectors.Full,
				Cut:    "install the integration for staging's project alone, and revoke this token",
				Source: "https://vercel.com/docs/integrations/create-integration",
			},
			{
				Name:      gateway,
				Title:     "AI gateway key",
				Scope:     detectors.ScopeAccount,
				Bound:     "the models, and the credit, of the whole team",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"AI_GATEWAY_API_KEY"},
				Cut:       "make a key of its own for staging with a budget, and delete this one",
				Source:    "https://vercel.com/docs/ai-gateway",
			},
			{
				Name:      blob,
				Title:     "blob token",
				Scope:     detectors.ScopeContainer,
				Bound:     "one blob store, to read and to write",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"BLOB_READ_WRITE_TOKEN"},
				Cut:       "make a blob store of its own for staging, and rotate this token",
				Source:    "https://vercel.com/docs/vercel-blob",
			},
			{
				Name:      oidc,
				Title:     "OIDC token",
				Scope:     detectors.ScopeClaims,
				Bound:     "one environment of one project, for some hours: its claims name both",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"VERCEL_OIDC_TOKEN"},
				Headers:   []string{"X-Vercel-Oidc-Token"},
				Cut:       "pull the token of the development environment, and keep it out of files",
				Source:    vercelOIDC,
			},
			{
				Name:   hook,
				Title:  "deploy hook",
				Scope:  detectors.ScopeContainer,
				Bound:  "one branch of one project, which it deploys",
				AtMost: detectors.Write,
				Cut:    "use a deploy hook of staging's branch, and revoke this one",
				Source: "https://vercel.com/docs/deploy-hooks",
			},
			{
				Name:      edge,
				Title:     "edge configuration token",
				Scope:     detectors.ScopeContainer,
				Bound:     "one edge configuration, to read",
				AtMost:    detectors.Read,
				Variables: []string{"EDGE_CONFIG"},
				Cut:       "use an edge configuration of staging's own, and delete this token",
				Source:    "https://vercel.com/docs/edge-config/using-edge-config",
			},
		},
		Tools: []detectors.Tool{{
			Name: "vercel", Needs: detectors.NeedsToken, Aliases: []string{"vc", "now"}, Variables: []string{"VERCEL_TOKEN"},
			Selectors: []string{"--environment", "--target", "--scope", "-S", "--team", "-T", "--token", "-t"}, Source: vercelCLI,
		}},
		Containers: []detectors.Container{
			{Variable: "VERCEL_TARGET_ENV", Names: true, What: "environment"},
			{Variable: "VERCEL_PROJECT_ID", What: "project"},
			{Variable: "VERCEL_ORG_ID", What: "account"},
		},
		// Methods of libraries: https://github.com/vercel/sdk/tree/main/docs/sdks
		Operations: []detectors.Operation{
			destroy("delete a project", vercelAPI+"/projects/delete-a-project", "http DELETE /v9/projects/*", "http DELETE /v2/projects/*", "cli vercel project rm", "cli vercel project remove", "sdk projects.deleteProject"),
			destroy("delete a deployment", vercelAPI+"/deployments/delete-a-deployment", "http DELETE /v13/deployments/*", "cli vercel remove", "cli vercel rm", "sdk deployments.deleteDeployment"),
			destroy("delete a domain", vercelAPI+"/domains/remove-a-domain-by-name", "http DELETE /v6/domains/*", "http DELETE /v3/domains/*", "cli vercel domains rm", "sdk domains.deleteDomain"),
			undo(destroy("delete a DNS record", vercelCommands+"dns/rm.ts", "http DELETE /v2/domains/*/records/*", "http DELETE /v3/domains/*/records/*", "cli vercel dns rm", "sdk dns.removeRecord"), "no undo", ""),
			destroy("delete an environment variable", vercelAPI+"/projects/remove-an-environment-variable",
				"http DELETE /v9/projects/*/env/*", "http DELETE /v10/projects/*/env/*", "cli vercel env rm", "cli vercel env remove", "sdk projects.removeProjectEnv"),
			undo(destroy("delete a store", vercelCommands+"blob/store-remove.ts", "http DELETE /v1/storage/stores/blob/*", "http DELETE /v1/storage/stores/integration/*",
				"cli vercel blob delete-store", "cli vercel blob store delete", "cli vercel integration-resource remove", "cli vercel integration-resource rm"), "no undo", ""),
			undo(destroy("empty a store", vercelCommands+"blob/store-empty.ts", "cli vercel blob empty-store"), "no undo", ""),
			destroy("delete a Global Config", vercelCommands+"global-config/command.ts", "http DELETE /v1/global-config/*",
				"cli vercel global-config remove", "cli vercel global-config rm", "cli vercel global-config delete"),
			{
				Name: "delete a blob", Does: detectors.Destroy, Kinds: []string{personal, app, integration, blob},
				Calls: []string{"cli vercel blob del", "http POST /delete"}, Source: vercelCLI + "/blob",
			},
			{
				Name: "make tokens or change access", Does: detectors.Admin, Kinds: []string{personal},
				Calls:  []string{"http POST /v3/user/tokens", "sdk authentication.createAuthToken", "http POST /v1/teams/*/members", "http POST /v2/teams/*/members", "cli vercel tokens add", "cli vercel teams invite"},
				Source: vercelAPI + "/authentication/create-an-auth-token",
			},
			{
				Name: "deploy", Does: detectors.Write,
				Calls: []string{
					"http POST /v13/deployments", "http POST /v1/integrations/deploy/**", "http POST /v10/projects/*/env", "cli vercel deploy", "cli vercel promote",
					"cli vercel rollback", "cli vercel env add", "cli vercel alias",
				},
				Source: vercelAPI + "/deployments/create-a-new-deployment",
			},
			{
				Name: "read environment variables", Does: detectors.Read, Kinds: []string{personal, app, integration},
				Calls: []string{"cli vercel env pull", "cli vercel pull", "http GET /v9/projects/*/env"}, Source: vercelCLI + "/env",
			},
		},
	}
}

// decodeVercel reads the environment, the project and the team out of an OIDC token's claims.
func decodeVercel(secret string) detectors.Decoded {
	var token struct {
		Environment string `json:"environment"`
		Project     string `json:"project_id"`
		Owner       string `json:"owner_id"`
		Exp         any
	}
	if !strings.HasPrefix(secret, "eyJ") || !claims(secret, &token) {
		return detectors.Decoded{}
	}
	var d detectors.Decoded
	if environment, ok := detectors.EnvironmentNamed(token.Environment); ok { // Vercel's own three are named as ours are
		d.Reach = environment
		d.Evidence = []detectors.Evidence{{About: "reach", Says: "its claims name the environment " + token.Environment, Source: vercelOIDC}}
	}
	if token.Project != "" {
		d.IDs = append(d.IDs, detectors.ID{What: "project", Value: token.Project})
	}
	if token.Owner != "" {
		d.IDs = append(d.IDs, detectors.ID{What: "account", Value: token.Owner})
	}
	return untilClaim(d, token.Exp)
}
