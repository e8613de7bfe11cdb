package providers

import "github.com/stagewall/stagewall/detectors"

const (
	teamsWebhooks  = "https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook"
	teamsWorkflows = "https://learn.microsoft.com/power-automate/oauth-authentication"
)

// teams knows addresses that post into a channel of Microsoft Teams. The word environment in a workflow's host is its vendor's.
func teams() detectors.Provider {
	const workflow, webhook = "workflow", "webhook"
	return detectors.Provider{
		Name:  "teams",
		Title: "Microsoft Teams",
		Hosts: []string{".webhook.office.com", ".environment.api.powerplatform.com", ".logic.azure.com"},
		Rules: []detectors.Rule{
			{
				ID:          "teams-webhook",
				Description: "an address that posts into a channel",
				Pattern: left + `(https://[0-9a-z-]+\.webhook\.office\.com/webhookb2/` + uuid + `@` + uuid + `/IncomingWebhook/[0-9a-f]{32}/` +
					uuid + `(?:/[0-9A-Za-z_-]{20,})?)` + right,
				Group:    1,
				Keywords: []string{".webhook.office.com"},
				Kinds:    []string{webhook},
			},
			{
				ID:          "teams-workflow",
				Description: "an address that starts a workflow, with its signature",
				Pattern: left + `(https://[0-9a-z.-]+\.(?:environment\.api\.powerplatform|logic\.azure)\.com(?::[0-9]+)?/` +
					`[^\s"'<>` + "`" + `]*[?&]sig=[0-9A-Za-z_%-]{40,})` + right,
				Group:    1,
				Keywords: []string{".environment.api.powerplatform.com", ".logic.azure.com"},
				Kinds:    []string{workflow},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:   workflow,
				Title:  "workflow's address",
				Scope:  detectors.ScopeContainer,
				Bound:  "starting one workflow, which it names by an id",
				AtMost: detectors.Write,
				Cut:    "make a workflow of its own for staging, and let this one be started by signed-in users only",
				Source: teamsWorkflows,
			},
			{
				Name:      webhook,
				Title:     "incoming webhook",
				Scope:     detectors.ScopeOutside,
				Bound:     "posting into one channel, which it names by an id",
				AtMost:    detectors.Write,
				Variables: []string{"TEAMS_WEBHOOK_URL", "MS_TEAMS_WEBHOOK_URL"},
				Cut:       "make a webhook for staging's channel, and remove this one",
				Source:    teamsWebhooks,
			},
		},
		Operations: []detectors.Operation{{
			Name: "post into the channel", Does: detectors.Write,
			Calls:  []string{"http POST /webhookb2/**", "http POST /powerautomate/**", "http POST /workflows/**"},
			Source: teamsWebhooks,
		}},
	}
}
