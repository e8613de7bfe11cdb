package providers

import "github.com/stagewall/stagewall/detectors"

const (
	herokuCLI   = "https://github.com/heroku/cli/tree/main/src/commands"
	herokuAPI   = "https://devcenter.heroku.com/articles/platform-api-reference"
	herokuOAuth = "https://devcenter.heroku.com/articles/oauth"
)

// heroku knows API keys of the new form, which have a prefix, and of the old one, which are UUIDs and need their context.
func heroku() detectors.Provider {
	const (
		key   = "api-key"
		fresh = `HRKU-(?:AA[0-9A-Za-z_-]{58}|` + uuid + `)` // for some years what followed was a UUID as before
	)
	kinds := []string{key}
	bare := []detectors.Allowlist{notAnID(), exampleUUID()}
	destroy := func(name string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: calls, Source: herokuCLI}
	}
	forever := func(o detectors.Operation) detectors.Operation {
		o.Undo = "no undo" // "permanently destroy", in the commands' own words
		return o
	}
	return detectors.Provider{
		Name:  "heroku",
		Title: "Heroku",
		Hosts: []string{"api.heroku.com", "git.heroku.com", "registry.heroku.com", "api.data.heroku.com"},
		Rules: []detectors.Rule{
			{
				ID:          "heroku-api-key",
				Description: "an API key or OAuth token",
				//   https://devcenter.heroku.com/changelog-items/3175
				//   https://rules.sonarsource.com/secrets/RSPEC-7006/
				Pattern:  prefixed(fresh),
				Group:    1,
				Keywords: []string{"hrku-"},
				Entropy:  3.5,
				Kinds:    kinds,
			},
			{
				ID:          "heroku-api-key-variable",
				Description: "a UUID whose variable is named as a Heroku key",
				Pattern:     assigned(named(`heroku`, `(?:key|token|secret|auth|password)`), uuid),
				Group:       1,
				Keywords:    []string{"heroku"},
				Entropy:     uuidEntropy,
				Allowlists:  bare,
				Kinds:       kinds,
			},
			{
				ID:          "heroku-bearer-token",
				Description: "a UUID sent as a Bearer token near Heroku's API",
				Pattern:     `(?i:bearer)[ \t]+` + quotes + `(` + uuid + `)` + right,
				Group:       1,
				Keywords:    []string{"api.heroku.com"},
				Entropy:     uuidEntropy,
				Allowlists:  bare,
				Required:    []detectors.Required{{Rule: "heroku-host", WithinLines: within(20)}},
				Kinds:       kinds,
			},
			{
				ID:          "heroku-spoken-token",
				Description: "a UUID on a line that speaks of a credential, in a text that talks to Heroku's API",
				Pattern:     spoken(`api\.heroku\.com`, uuid),
				Group:       1,
				Keywords:    []string{"api.heroku.com"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{notSpoken(), exampleUUID()},
				Required:    []detectors.Required{{Rule: "heroku-host"}},
				Kinds:       kinds,
				Generic:     true,
			},
			{
				ID:          "heroku-netrc",
				Description: "the password of Heroku's hosts in a .netrc file",
				Pattern:     `\bmachine[ \t]+(?:api|git)\.heroku\.com\s+login\s+\S+\s+password\s+([0-9A-Za-z_-]{36,66})` + right,
				Group:       1,
				Keywords:    []string{"heroku.com"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{exampleUUID(), {Description: "has a prefix", Regexes: []string{`^` + fresh + `$`}}},
				Kinds:       kinds,
			},
			handed("heroku", uuid, []string{"api.heroku.com"}, uuidEntropy, kinds),
			{
				ID:          "heroku-host",
				Description: "the host of Heroku's API",
				Pattern:     `\bapi\.heroku\.com\b`,
				Keywords:    []string{"api.heroku.com"},
				SkipReport:  true,
			},
		},
		Kinds: []detectors.Kind{{
			Name:      key,
			Title:     "API key",
			Scope:     detectors.ScopeAccount,
			Bound:     "every app and every stage of every pipeline of the account: its scopes limit what it does, not where",
			AtMost:    detectors.Full,
			Variables: []string{"HEROKU_API_KEY"},
			Headers:   []string{"Authorization Bearer"},
			Shape:     uuid,
			Cut:       "use the key of a user who collaborates on staging's apps alone, with a scope without write-protected, and revoke this one",
			Source:    herokuOAuth,
		}},
		Tools: []detectors.Tool{{
			Name: "heroku", Needs: detectors.NeedsToken, Variables: []string{"HEROKU_API_KEY"}, Selectors: []string{"--app", "-a", "--remote", "-r", "--pipeline", "--team", "-t"},
			Source: "https://devcenter.heroku.com/articles/authentication",
		}},
		Containers: []detectors.Container{{Variable: "HEROKU_APP", What: "app"}, {Variable: "HEROKU_APP_NAME", What: "app"}},
		Operations: []detectors.Operation{
			forever(destroy("apps:destroy", "cli heroku apps:destroy", "cli heroku apps:delete", "cli heroku destroy", "http DELETE /apps/*")),
			forever(destroy("addons:destroy", "cli heroku addons:destroy", "cli heroku addons:remove", "http DELETE /apps/*/addons/*", "http DELETE /addons/*")),
			destroy("pg:reset", "cli heroku pg:reset"),
			destroy("pg:copy", "cli heroku pg:copy", "cli heroku pg:backups:restore"),
			{
				Name: "pg:backups:delete", Does: detectors.Destroy, DeletesBackups: true,
				Calls: []string{"cli heroku pg:backups:delete", "cli heroku pg:backups:unschedule"}, Source: herokuCLI,
			},
			destroy("data:pg:destroy", "cli heroku data:pg:destroy"),
			destroy("spaces:destroy", "cli heroku spaces:destroy", "http DELETE /spaces/*"),
			destroy("config:unset", "cli heroku config:unset", "cli heroku config:remove"),
			destroy("pipelines:destroy", "cli heroku pipelines:destroy", "http DELETE /pipelines/*"),
			{
				Name: "change access", Does: detectors.Admin,
				Calls: []string{
					"cli heroku access:add", "cli heroku authorizations:create", "cli heroku keys:add", "http POST /oauth/authorizations",
					"http POST /apps/*/collaborators",
				},
				Source: herokuAPI,
			},
			{
				Name: "deploy", Does: detectors.Write,
				Calls: []string{
					"cli heroku config:set", "cli heroku container:release", "cli heroku pipelines:promote", "cli heroku run", "cli heroku domains:add",
					"http PATCH /apps/*/config-vars", "http POST /apps/*/builds",
				},
				Source: herokuAPI,
			},
			{Name: "read config vars", Does: detectors.Read, Calls: []string{"cli heroku config", "cli heroku config:get", "http GET /apps/*/config-vars"}, Source: herokuAPI},
		},
	}
}
