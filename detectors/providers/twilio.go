package providers

import "github.com/stagewall/stagewall/detectors"

const (
	twilioTokens = "https://www.twilio.com/docs/iam/api"
	twilioKeys   = "https://www.twilio.com/docs/iam/api-keys"
	twilioAPI    = "https://www.twilio.com/docs/usage/api"
)

// twilio gives an account a token and keys, and test credentials that look the same. Ids are 32 hexadecimal digits after two letters;
// secrets have no form of their own.
func twilio() detectors.Provider {
	const token, key, id = "auth-token", "api-key-secret", "api-key-sid"
	const hex = `[0-9a-f]{32}`
	return detectors.Provider{
		Name:  "twilio",
		Title: "Twilio",
		Hosts: []string{"api.twilio.com", ".twilio.com"},
		Rules: []detectors.Rule{
			{
				ID:          "twilio-auth-token",
				Description: "a value whose variable is named as a Twilio auth token",
				Pattern:     assigned(named(`twilio`, `(?:token|secret|password)`), hex),
				Group:       1,
				Keywords:    []string{"twilio"},
				Entropy:     3,
				Kinds:       []string{token},
			},
			{
				ID:          "twilio-account-pair",
				Description: "a Twilio account's id and, after it, its auth token",
				Pattern:     `\bAC` + hex + `(?::|["'][ \t]*,\s*["'])(` + hex + `)` + right,
				Group:       1,
				Keywords:    []string{"twilio"},
				Entropy:     3,
				Kinds:       []string{token},
			},
			{
				ID:          "twilio-api-key-secret",
				Description: "a value whose variable is named as the secret of a Twilio key",
				Pattern:     assigned(named(`twilio`, `secret`), `[0-9A-Za-z]{32}`),
				Group:       1,
				Keywords:    []string{"twilio"},
				Entropy:     4,
				Kinds:       []string{key},
			},
			{
				ID:          "twilio-api-key-sid",
				Description: "the id of a Twilio key",
				Pattern:     prefixed(`SK` + hex),
				Group:       1,
				Keywords:    []string{"twilio"},
				Entropy:     3,
				Kinds:       []string{id},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "auth token",
				Scope:     detectors.ScopeAccount,
				Bound:     "the whole account or subaccount, and the subaccounts below it",
				AtMost:    detectors.Full,
				Variables: []string{"TWILIO_AUTH_TOKEN"},
				Shape:     hex,
				Partners:  []detectors.Partner{{Title: "account SID", Variables: []string{"TWILIO_ACCOUNT_SID"}, Shape: `AC` + hex, Needed: true}},
				Cut:       "give staging a subaccount with a restricted API key, and promote a new auth token",
				Source:    twilioTokens,
			},
			{
				Name:      key,
				Title:     "API key's secret",
				Scope:     detectors.ScopeAccount,
				Bound:     "the whole account or subaccount, within the key's type, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"TWILIO_API_SECRET", "TWILIO_API_KEY_SECRET"},
				Shape:     `[0-9A-Za-z]{32}`,
				Partners:  []detectors.Partner{{Title: "key SID", Variables: []string{"TWILIO_API_KEY", "TWILIO_API_KEY_SID"}, Shape: `SK` + hex, Needed: true}},
				Cut:       "give staging a subaccount with a restricted API key, and delete this key",
				Source:    twilioKeys,
			},
			{
				Name:      id,
				Title:     "API key's id",
				Scope:     detectors.ScopePublic,
				Bound:     "an id that opens nothing without the key's secret",
				Variables: []string{"TWILIO_API_KEY", "TWILIO_API_KEY_SID"},
				Shape:     `SK` + hex,
				Source:    twilioKeys,
			},
		},
		Tools: []detectors.Tool{{
			Name:      "twilio",
			Aliases:   []string{"twilio-cli"},
			Variables: []string{"TWILIO_AUTH_TOKEN", "TWILIO_API_SECRET"},
			Selectors: []string{"--profile", "-p", "--account-sid"},
			Source:    "https://www.twilio.com/docs/twilio-cli/general-usage",
		}},
		Containers: []detectors.Container{{Variable: "TWILIO_ACCOUNT_SID", What: "account"}},
		Libraries: []detectors.Library{{
			Names: []string{"twilio"}, Variables: []string{"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"},
			Source: "https://github.com/twilio/twilio-node/blob/main/README.md",
		}},
		Operations: []detectors.Operation{
			{
				Name: "release a phone number", Does: detectors.Destroy,
				Calls: []string{
					"http DELETE /2010-04-01/Accounts/*/IncomingPhoneNumbers/*", "cli twilio phone-numbers:remove",
					"cli twilio api:core:incoming-phone-numbers:remove",
				},
				Source: "https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource",
			},
			{
				Name: "delete a recording", Does: detectors.Destroy,
				Calls: []string{
					"http DELETE /2010-04-01/Accounts/*/Recordings/*", "http DELETE /2010-04-01/Accounts/*/Recordings/*.json",
					"cli twilio api:core:recordings:remove",
				},
				Source: "https://www.twilio.com/docs/voice/api/recording",
			},
			{
				Name: "delete a message", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /2010-04-01/Accounts/*/Messages/*", "cli twilio api:core:messages:remove"},
				Source: "https://www.twilio.com/docs/messaging/api/message-resource",
			},
			{
				Name: "close or suspend an account", Does: detectors.Destroy, Kinds: []string{token},
				Calls:  []string{"http POST /2010-04-01/Accounts/*", "http POST /2010-04-01/Accounts/*.json"},
				Source: "https://www.twilio.com/docs/iam/api/account",
			},
			{
				Name: "make a key", Does: detectors.Admin,
				Calls:  []string{"http POST /2010-04-01/Accounts/*/Keys.json", "http POST /v1/Keys", "cli twilio api:core:keys:create"},
				Source: twilioKeys,
			},
			{
				Name: "send a message", Does: detectors.Write,
				Calls:  []string{"http POST /2010-04-01/Accounts/*/Messages.json", "cli twilio api:core:messages:create"},
				Source: twilioAPI,
			},
		},
	}
}
