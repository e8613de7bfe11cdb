package providers

import "github.com/stagewall/stagewall/detectors"

const (
	renderKeys = "https://render.com/docs/api"
	renderAPI  = "https://api-docs.render.com/reference/introduction"
	renderCLI  = "https://render.com/docs/cli"

	renderClient = "https://github.com/render-oss/cli/blob/main/pkg/client/client_gen.go" // made from the description of the API
)

// render knows API keys, which are their user's, and the addresses of deploy hooks, which are secrets.
func render() detectors.Provider {
	const key, hook = "api-key", "deploy-hook"
	destroy := func(name string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: []string{key}, Calls: calls, Source: renderClient}
	}
	return detectors.Provider{
		Name:  "render",
		Title: "Render",
		Hosts: []string{"api.render.com"},
		Rules: []detectors.Rule{
			{
				ID:          "render-api-key",
				Description: "an API key",
				// The prefix is that of https://github.com/render-oss/cli/blob/main/cmd/logout_test.go, the length that of keys that were seen.
				Pattern:  prefixed(`rnd_[A-Za-z0-9]{28,32}`),
				Group:    1,
				Keywords: []string{"rnd_"},
				Entropy:  3.5,
				Kinds:    []string{key},
			},
			{
				ID:          "render-deploy-hook",
				Description: "the address of a deploy hook",
				Pattern:     left + `(https://api\.render\.com/deploy/srv-[a-z0-9]{10,40}\?key=[A-Za-z0-9_-]{8,64})` + right,
				Group:       1,
				Keywords:    []string{"api.render.com/deploy/"},
				Kinds:       []string{hook},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every workspace that its user belongs to: no key is limited to an environment",
				AtMost:    detectors.Full,
				Variables: []string{"RENDER_API_KEY"},
				Headers:   []string{"Authorization Bearer"},
				Cut:       "use a key scoped to a workspace of staging's own, with read permissions where they do, and revoke this one",
				Source:    renderKeys,
			},
			{
				Name:      hook,
				Title:     "deploy hook",
				Scope:     detectors.ScopeContainer,
				Bound:     "one service, which it deploys",
				AtMost:    detectors.Write,
				Variables: []string{"RENDER_DEPLOY_HOOK", "RENDER_DEPLOY_HOOK_URL"},
				Cut:       "use the deploy hook of staging's service, and renew this one",
				Source:    "https://render.com/docs/deploy-hooks",
			},
		},
		Tools: []detectors.Tool{{Name: "render", Needs: detectors.NeedsToken, Variables: []string{"RENDER_API_KEY"}, Selectors: []string{"--workspace", "--environment-ids"}, Source: renderCLI}},
		Containers: []detectors.Container{
			{Variable: "RENDER_SERVICE_ID", What: "app"},
			{Variable: "RENDER_WORKSPACE", What: "account"},
		},
		Operations: []detectors.Operation{
			undo(destroy("delete a Postgres instance", "http DELETE /v1/postgres/*", "cli render pg delete"), "no undo", ""),
			destroy("delete a service", "http DELETE /v1/services/*", "cli render services delete"),
			undo(destroy("delete a disk", "http DELETE /v1/disks/*"), "no undo", ""),
			undo(destroy("delete an object", "http DELETE /v1/objects/*/*/**", "cli render ea objects delete"), "no undo", ""),
			destroy("delete a key value instance", "http DELETE /v1/key-value/*", "http DELETE /v1/redis/*", "cli render kv delete"),
			destroy("delete a project", "http DELETE /v1/projects/*"),
			destroy("delete an environment", "http DELETE /v1/environments/*"),
			destroy("delete an environment group", "http DELETE /v1/env-groups/*"),
			destroy("delete an environment variable", "http DELETE /v1/services/*/env-vars/*"),
			undo(destroy("restore a disk snapshot", "http POST /v1/disks/*/snapshots/restore"), "no undo", ""),
			{
				Name: "deploy", Does: detectors.Write,
				Calls: []string{
					"http POST /v1/services/*/deploys", "http POST /deploy/*", "http PUT /v1/services/*/env-vars", "http PUT /v1/services/*/env-vars/*",
					"cli render deploys create",
				},
				Source: renderAPI,
			},
			{
				Name: "read environment variables", Does: detectors.Read, Kinds: []string{key},
				Calls: []string{"http GET /v1/services/*/env-vars"}, Source: renderAPI,
			},
		},
	}
}
