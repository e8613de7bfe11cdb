package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	triggerKeys   = "https://trigger.dev/docs/management/authentication"
	triggerDeploy = "https://trigger.dev/docs/github-actions"
)

// triggerDev's secret keys say of which environment they are; its personal access tokens are a person's, and what jobs deploy with.
func triggerDev() detectors.Provider {
	const (
		personal, personalShape = "personal-access-token", `tr_pat_[0-9a-z]{40}`
		secret, secretShape     = "secret-key", `tr_(?:prod|stg|dev|preview)_[0-9A-Za-z]{20,32}`
		shortest                = 20
	)
	environments := map[string]detectors.Environment{
		"tr_prod_": detectors.Production, "tr_stg_": detectors.Staging, "tr_dev_": detectors.Development, "tr_preview_": detectors.Preview,
	}
	return detectors.Provider{
		Name:  "triggerdev",
		Title: "Trigger.dev",
		Hosts: []string{"api.trigger.dev", "cloud.trigger.dev"},
		Rules: []detectors.Rule{
			{
				ID: "triggerdev-personal-access-token", Description: "a person's token", Pattern: prefixed(personalShape), Group: 1,
				Keywords: []string{"tr_pat_"}, Entropy: 3.5, Kinds: []string{personal},
			},
			{
				ID: "triggerdev-secret-key", Description: "the key of one environment", Pattern: prefixed(secretShape), Group: 1,
				Keywords: []string{"tr_prod_", "tr_stg_", "tr_dev_", "tr_preview_"}, Entropy: 3.2, Kinds: []string{secret},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      personal,
				Title:     "personal access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every environment of all projects that its owner may touch",
				AtMost:    detectors.Full,
				Variables: []string{"TRIGGER_ACCESS_TOKEN"},
				Headers:   []string{"Authorization Bearer"},
				Shape:     personalShape,
				Cut:       "let a user deploy staging who belongs to no project of production, and revoke this token",
				Source:    triggerKeys,
			},
			{
				Name:      secret,
				Title:     "secret key",
				Scope:     detectors.ScopeText,
				Bound:     "one environment of one project; the environment stands in the key",
				AtMost:    detectors.Read | detectors.Write | detectors.Destroy,
				Variables: []string{"TRIGGER_SECRET_KEY"},
				Headers:   []string{"Authorization Bearer"},
				Shape:     secretShape,
				Cut:       "use the key of staging's environment",
				Source:    triggerKeys,
			},
		},
		Tools: []detectors.Tool{{
			Name: "trigger.dev", Needs: detectors.NeedsToken, Aliases: []string{"trigger"}, Variables: []string{"TRIGGER_ACCESS_TOKEN"},
			Selectors: []string{"-e", "--env", "-p", "--project-ref"}, Source: triggerDeploy,
		}},
		Operations: []detectors.Operation{
			{Name: "deploy tasks", Does: detectors.Write, Calls: []string{"cli trigger.dev deploy", "cli trigger.dev promote"}, Source: triggerDeploy},
			{Name: "run a task", Does: detectors.Write, Calls: []string{"http POST /api/v1/tasks/*/trigger", "sdk tasks.trigger"}, Source: "https://trigger.dev/docs/management/tasks/trigger"},
			{Name: "delete a variable", Does: detectors.Destroy, Calls: []string{"http DELETE /api/v1/projects/*/envvars/*/*"}, Source: "https://trigger.dev/docs/management/envvars/delete"},
			{Name: "read variables", Does: detectors.Read, Calls: []string{"http GET /api/v1/projects/*/envvars/*"}, Source: "https://trigger.dev/docs/management/envvars/list"},
		},
		Decode: func(key string) detectors.Decoded {
			for prefix, environment := range environments {
				if rest, ok := strings.CutPrefix(key, prefix); ok && len(rest) >= shortest {
					return detectors.Decoded{
						Kind: secret, Reach: environment,
						Evidence: []detectors.Evidence{{About: "reach", Says: "the key's text says " + environment.String(), Source: triggerKeys}},
					}
				}
			}
			return detectors.Decoded{}
		},
	}
}
