package providers

import "github.com/stagewall/stagewall/detectors"

// mattermost knows the addresses by which programs post to a server of Mattermost, which anybody can run: nothing but the path tells one.
func mattermost() detectors.Provider {
	const (
		webhook  = "webhook"
		webhooks = "https://docs.mattermost.com/developers/integrate/webhooks/incoming"
	)
	return detectors.Provider{
		Name:  "mattermost",
		Title: "Mattermost",
		Rules: []detectors.Rule{{
			ID:          "mattermost-webhook",
			Description: "an address that posts into a channel",
			Pattern:     left + `(https?://[0-9A-Za-z.-]+(?::[0-9]+)?(?:/[0-9A-Za-z_-]+)?/hooks/[0-9a-z]{26})` + right,
			Group:       1,
			Keywords:    []string{"/hooks/"},
			Kinds:       []string{webhook},
		}},
		Kinds: []detectors.Kind{{
			Name:   webhook,
			Title:  "incoming webhook",
			Scope:  detectors.ScopeOutside,
			Bound:  "posting into the channels of one server, which its address names",
			AtMost: detectors.Write,
			// https://github.com/mattermost/action-mattermost-notify#inputs
			Variables: []string{"MATTERMOST_WEBHOOK_URL", "MATTERMOST_WEBHOOK"},
			Cut:       "make a webhook for staging's channel, locked to it, and delete this one",
			Source:    webhooks,
		}},
		Operations: []detectors.Operation{{
			Name: "post into a channel", Does: detectors.Write,
			Calls:  []string{"http POST /hooks/*"},
			Source: webhooks,
		}},
	}
}
