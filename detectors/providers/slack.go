package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	slackTokens   = "https://docs.slack.dev/authentication/tokens"
	slackMethods  = "https://docs.slack.dev/reference/methods/"
	slackWebhooks = "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"
)

// The kinds that Slack's tokens say by their prefix.
const (
	slackConfiguration = "configuration-token"
	slackUser          = "user-token"
	slackBot           = "bot-token"
	slackSession       = "browser-session"
	slackApp           = "app-level-token"
	slackWebhook       = "webhook"
)

// slack binds a token to a workspace and to the scopes that its app was given, of which the text shows neither.
func slack() detectors.Provider {
	people := []string{slackUser, slackSession}
	return detectors.Provider{
		Name:  "slack",
		Title: "Slack",
		Hosts: []string{"slack.com", "api.slack.com", "hooks.slack.com", "files.slack.com"},
		Rules: []detectors.Rule{
			{
				ID:          "slack-bot-token",
				Description: "a token of a Slack app's bot",
				Pattern:     prefixed(`xoxb-[0-9]{8,14}-(?:[0-9]{8,14}-)?[0-9A-Za-z]{18,34}|xoxe\.xoxb-[0-9]-[0-9A-Za-z]{140,}`),
				Group:       1,
				Keywords:    []string{"xoxb-"},
				Entropy:     2.5,
				Kinds:       []string{slackBot},
			},
			{
				ID:          "slack-user-token",
				Description: "a token by which a Slack app acts for a person",
				Pattern:     prefixed(`xox[pe]-(?:[0-9]{8,14}-){2,3}[0-9A-Za-z]{24,40}`),
				Group:       1,
				Keywords:    []string{"xoxp-", "xoxe-"},
				Entropy:     2.5,
				Kinds:       []string{slackUser},
			},
			{
				ID:          "slack-configuration-token",
				Description: "a Slack token that edits apps, or refreshes one",
				Pattern:     prefixed(`xoxe(?:\.xoxp)?-[0-9]-[0-9A-Za-z]{140,}`),
				Group:       1,
				Keywords:    []string{"xoxe"},
				Entropy:     3,
				Kinds:       []string{slackConfiguration, slackUser},
			},
			{
				ID:          "slack-app-token",
				Description: "a token of a Slack app as a whole",
				Pattern:     prefixed(`xapp-[0-9]-[0-9A-Z]{9,13}-[0-9]{10,15}-[0-9a-f]{64}`),
				Group:       1,
				Keywords:    []string{"xapp-"},
				Entropy:     2.5,
				Kinds:       []string{slackApp},
			},
			{
				ID:          "slack-session-token",
				Description: "a token of a person's session in a browser, or of the oldest apps",
				Pattern:     prefixed(`xox[acors]-(?:[0-9]-)?[0-9]{8,14}(?:-[0-9A-Za-z]{8,64}){1,4}`),
				Group:       1,
				Keywords:    []string{"xoxa-", "xoxc-", "xoxo-", "xoxr-", "xoxs-"},
				Entropy:     2.5,
				Kinds:       []string{slackSession},
			},
			{
				ID:          "slack-webhook",
				Description: "an address that posts into a Slack channel",
				Pattern: left + `(https://hooks\.slack\.com/(?:services/T[0-9A-Z]{8,12}/B[0-9A-Z]{8,12}/[0-9A-Za-z]{23,25}` +
					`|workflows/T[0-9A-Z]{8,12}/A[0-9A-Z]{8,12}/[0-9]{17,19}/[0-9A-Za-z]{23,25}` +
					`|triggers/[TE][0-9A-Z]{8,12}/[0-9]{10,15}/[0-9a-f]{32}))` + right,
				Group:      1,
				Keywords:   []string{"hooks.slack.com"},
				Entropy:    3,
				Allowlists: []detectors.Allowlist{{Description: "the manual's example", Regexes: []string{`/T0{8}/|[Xx]{8}`}}},
				Kinds:      []string{slackWebhook},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      slackConfiguration,
				Title:     "app configuration token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every app of the person in the workspace",
				AtMost:    detectors.Full,
				Variables: []string{"SLACK_CONFIG_TOKEN", "SLACK_APP_CONFIG_TOKEN"},
				Cut:       "keep the configuration of apps to people, and revoke this token",
				Source:    "https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests",
			},
			{
				Name:      slackUser,
				Title:     "user token",
				Scope:     detectors.ScopeAccount,
				Bound:     "the workspace, as the person and within the app's scopes, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"SLACK_USER_TOKEN"},
				Cut:       "install a separate app with a bot token for staging, and revoke this one",
				Source:    slackTokens,
			},
			{
				Name:      slackBot,
				Title:     "bot token",
				Scope:     detectors.ScopeAccount,
				Bound:     "the workspace, within the app's scopes, which it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"SLACK_BOT_TOKEN", "SLACK_TOKEN"},
				Cut:       "install a separate app for staging, in a workspace or with channels of its own, and revoke this token",
				Source:    slackTokens,
			},
			{
				Name:   slackSession,
				Title:  "session or legacy token",
				Scope:  detectors.ScopeAccount,
				Bound:  "the workspace, as the person",
				AtMost: detectors.Full,
				Cut:    "sign the session out, and use an app with a bot token",
				Source: slackTokens,
			},
			{
				Name:      slackApp,
				Title:     "app-level token",
				Scope:     detectors.ScopeAccount,
				Bound:     "the app in every workspace where it is installed: its events and the list of its installations",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"SLACK_APP_TOKEN"},
				Cut:       "make a separate app for staging, and revoke this token",
				Source:    slackTokens,
			},
			{
				Name:      slackWebhook,
				Title:     "incoming webhook",
				Scope:     detectors.ScopeOutside,
				Bound:     "posting into one channel of one workspace, which it does not name",
				AtMost:    detectors.Write,
				Variables: []string{"SLACK_WEBHOOK_URL", "SLACK_WEBHOOK"},
				Cut:       "make a webhook to staging's own channel, and remove this one from the app",
				Source:    slackWebhooks,
			},
		},
		Tools: []detectors.Tool{{
			Name:      "slack",
			Variables: []string{"SLACK_SERVICE_TOKEN", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"},
			Selectors: []string{"--app", "-a", "--team", "-w"},
			Source:    "https://docs.slack.dev/tools/slack-cli/reference/commands/slack/",
		}},
		Containers: []detectors.Container{{Variable: "SLACK_TEAM_ID", What: "account"}},
		Operations: []detectors.Operation{
			{
				Name: "admin.conversations.delete", Does: detectors.Destroy, Kinds: people,
				Calls:  []string{"http POST /api/admin.conversations.delete", "http POST /api/admin.conversations.bulkDelete"},
				Source: slackMethods + "admin.conversations.delete",
			},
			{
				Name: "apps.manifest.delete", Does: detectors.Destroy, Undo: "no undo", Kinds: []string{slackConfiguration},
				Calls:  []string{"http POST /api/apps.manifest.delete"},
				Source: slackMethods + "apps.manifest.delete",
			},
			{
				Name: "chat.delete", Does: detectors.Destroy, Kinds: []string{slackUser, slackBot, slackSession},
				Calls:  []string{"http POST /api/chat.delete"},
				Source: slackMethods + "chat.delete",
			},
			{
				Name: "files.delete", Does: detectors.Destroy, Kinds: []string{slackUser, slackBot, slackSession},
				Calls:  []string{"http POST /api/files.delete"},
				Source: slackMethods + "files.delete",
			},
			{
				Name: "admin.users.remove", Does: detectors.Admin, Kinds: people,
				Calls:  []string{"http POST /api/admin.users.remove", "http POST /api/admin.users.setAdmin", "http POST /api/admin.users.invite"},
				Source: slackMethods + "admin.users.remove",
			},
			{
				Name: "chat.postMessage", Does: detectors.Write, Kinds: []string{slackUser, slackBot, slackSession},
				Calls:  []string{"http POST /api/chat.postMessage"},
				Source: slackMethods + "chat.postMessage",
			},
			{
				Name: "post into the channel", Does: detectors.Write, Kinds: []string{slackWebhook},
				Calls:  []string{"http POST /services/**", "http POST /workflows/**", "http POST /triggers/**"},
				Source: slackWebhooks,
			},
		},
		Decode: decodeSlack,
	}
}

func decodeSlack(token string) detectors.Decoded {
	for _, known := range [...]struct{ prefix, kind string }{
		{"https://hooks.slack.com/", slackWebhook},
		{"xapp-", slackApp},
		{"xoxb-", slackBot},
		{"xoxe.xoxb-", slackBot},
		{"xoxp-", slackUser},
		{"xoxa-", slackSession}, {"xoxc-", slackSession}, {"xoxo-", slackSession}, {"xoxr-", slackSession}, {"xoxs-", slackSession},
	} {
		if strings.HasPrefix(token, known.prefix) {
			return detectors.Decoded{Kind: known.kind}
		}
	}
	return detectors.Decoded{}
}
