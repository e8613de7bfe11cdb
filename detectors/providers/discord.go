package providers

import (
	"encoding/base64"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	discordBots     = "https://discord.com/developers/docs/reference#authentication"
	discordWebhooks = "https://discord.com/developers/docs/resources/webhook"
)

// discord knows the tokens of bots, whose first part is the bot's id, and addresses that post into a channel.
func discord() detectors.Provider {
	const bot, webhook = "bot-token", "webhook"
	bots := []string{bot}
	const body = `[MNO][0-9A-Za-z_-]{22,27}\.[0-9A-Za-z_-]{6}\.[0-9A-Za-z_-]{27,38}`
	return detectors.Provider{
		Name:  "discord",
		Title: "Discord",
		Hosts: []string{"discord.com", "discordapp.com", "canary.discord.com", "ptb.discord.com"},
		Rules: []detectors.Rule{
			{
				ID:          "discord-bot-token",
				Description: "a Discord bot's token",
				Pattern:     prefixed(body),
				Group:       1,
				Keywords:    []string{"discord"},
				Entropy:     4,
				Kinds:       []string{bot},
			},
			{
				ID:          "discord-webhook",
				Description: "an address that posts into a Discord channel",
				Pattern:     left + `(https://(?:canary\.|ptb\.)?discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{17,20}/[0-9A-Za-z_-]{60,72})` + right,
				Group:       1,
				Keywords:    []string{"/webhooks/"},
				Entropy:     4,
				Kinds:       []string{webhook},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      bot,
				Title:     "bot token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every server that the bot was let into, within its permissions there",
				AtMost:    detectors.Full,
				Variables: []string{"DISCORD_TOKEN", "DISCORD_BOT_TOKEN"},
				Headers:   []string{"Authorization Bot"},
				Shape:     body,
				Cut:       "make a bot of its own for staging's server, and reset this token",
				Source:    discordBots,
			},
			{
				Name:      webhook,
				Title:     "webhook",
				Scope:     detectors.ScopeOutside,
				Bound:     "one channel, which it does not name: posting there, and removing what was posted and the webhook itself",
				AtMost:    detectors.Read | detectors.Write | detectors.Destroy,
				Variables: []string{"DISCORD_WEBHOOK_URL", "DISCORD_WEBHOOK"},
				Cut:       "make a webhook for staging's channel, and delete this one",
				Source:    discordWebhooks,
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a channel", Does: detectors.Destroy, Undo: "no undo", Kinds: bots,
				Calls:  []string{"http DELETE /api/*/channels/*", "http DELETE /api/channels/*"},
				Source: "https://discord.com/developers/docs/resources/channel#deleteclose-channel",
			},
			{
				Name: "delete messages", Does: detectors.Destroy, Kinds: bots,
				Calls:  []string{"http DELETE /api/*/channels/*/messages/*", "http POST /api/*/channels/*/messages/bulk-delete"},
				Source: "https://discord.com/developers/docs/resources/message",
			},
			{
				Name: "ban or give roles", Does: detectors.Admin, Kinds: bots,
				Calls:  []string{"http PUT /api/*/guilds/*/bans/*", "http PUT /api/*/guilds/*/members/*/roles/*"},
				Source: "https://discord.com/developers/docs/resources/guild",
			},
			{
				Name: "delete the webhook", Does: detectors.Destroy, Undo: "no undo", Kinds: []string{webhook},
				Calls:  []string{"http DELETE /api/webhooks/*/*", "http DELETE /api/*/webhooks/*/*"},
				Source: discordWebhooks + "#delete-webhook-with-token",
			},
			{
				Name: "post into the channel", Does: detectors.Write, Kinds: []string{webhook},
				Calls:  []string{"http POST /api/webhooks/*/*", "http POST /api/*/webhooks/*/*"},
				Source: discordWebhooks + "#execute-webhook",
			},
		},
		Decode: func(token string) detectors.Decoded {
			if strings.HasPrefix(token, "https://") {
				return detectors.Decoded{Kind: webhook}
			}
			first, _, _ := strings.Cut(token, ".")
			id, err := base64.RawURLEncoding.DecodeString(first)
			if err != nil || strings.Trim(string(id), "0123456789") != "" {
				return detectors.Decoded{Reject: "its first part is no bot's id"}
			}
			return detectors.Decoded{Kind: bot}
		},
	}
}
