package providers

import "github.com/stagewall/stagewall/detectors"

const telegramAPI = "https://core.telegram.org/bots/api"

// telegram gives a bot one token, which begins with the bot's id.
func telegram() detectors.Provider {
	const bot = "bot-token"
	const body = `[0-9]{8,10}:AA[0-9A-Za-z_-]{33}`
	return detectors.Provider{
		Name:  "telegram",
		Title: "Telegram",
		Hosts: []string{"api.telegram.org"},
		Rules: []detectors.Rule{{
			ID:          "telegram-bot-token",
			Description: "a Telegram bot's token",
			Pattern:     `(?:\b|\\[nrt]|/bot)(` + body + `)` + right,
			Group:       1,
			Keywords:    []string{":aa"},
			Entropy:     4,
			Kinds:       []string{bot},
		}},
		Kinds: []detectors.Kind{{
			Name:      bot,
			Title:     "bot token",
			Scope:     detectors.ScopeAccount,
			Bound:     "every chat of the bot",
			AtMost:    detectors.UnknownPower,
			Variables: []string{"TELEGRAM_BOT_TOKEN", "TELEGRAM_TOKEN"},
			Shape:     body,
			Cut:       "make a bot of its own for staging, and revoke this token with @BotFather",
			Source:    telegramAPI + "#authorizing-your-bot",
		}},
		Operations: []detectors.Operation{
			{
				Name: "deleteMessage", Does: detectors.Destroy,
				Calls:  []string{"http POST /*/deleteMessage", "http GET /*/deleteMessage", "http POST /*/deleteMessages"},
				Source: telegramAPI + "#deletemessage",
			},
			{
				Name: "setWebhook", Does: detectors.Write,
				Calls:  []string{"http POST /*/setWebhook", "http GET /*/setWebhook"},
				Source: telegramAPI + "#setwebhook",
			},
			{
				Name: "sendMessage", Does: detectors.Write,
				Calls:  []string{"http POST /*/sendMessage", "http GET /*/sendMessage"},
				Source: telegramAPI + "#sendmessage",
			},
		},
	}
}
