package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// onesignal gives keys to an app, which stands for one environment, and to an organization.
func onesignal() detectors.Provider {
	const organization, app = "organization-key", "app-key"
	return detectors.Provider{
		Name:  "onesignal",
		Title: "OneSignal",
		Hosts: []string{"api.onesignal.com", "onesignal.com"},
		Rules: []detectors.Rule{
			{
				ID:          "onesignal-key",
				Description: "a key for OneSignal's API",
				Pattern:     prefixed(`os_v2_(?:app|org)_[a-z2-7]{103}`),
				Group:       1,
				Keywords:    []string{"os_v2_"},
				Entropy:     3.8,
				Kinds:       []string{organization, app},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      organization,
				Title:     "organization key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every app of the organization",
				AtMost:    detectors.Full,
				Variables: []string{"ONESIGNAL_ORGANIZATION_API_KEY", "ONESIGNAL_USER_AUTH_KEY"},
				Shape:     `os_v2_org_[a-z2-7]{103}`,
				Cut:       "use the key of staging's app, and delete this one",
				Source:    "https://documentation.onesignal.com/docs/en/keys-and-ids",
			},
			{
				Name:      app,
				Title:     "app key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one app, which it does not name",
				AtMost:    detectors.Read | detectors.Write | detectors.Destroy,
				Variables: []string{"ONESIGNAL_REST_API_KEY", "ONESIGNAL_API_KEY"},
				Shape:     `os_v2_app_[a-z2-7]{103}`,
				Cut:       "use the key of staging's app, and delete this one",
				Source:    "https://documentation.onesignal.com/docs/en/keys-and-ids",
			},
		},
		Containers: []detectors.Container{
			{Variable: "ONESIGNAL_APP_ID", What: "app"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a user or subscription", Does: detectors.Destroy,
				Calls: []string{"http DELETE /apps/*/users/by/*/*", "http DELETE /apps/*/subscriptions/*", "http DELETE /players/*",
					"http DELETE /api/v1/apps/*/users/by/*/*", "http DELETE /api/v1/apps/*/subscriptions/*", "http DELETE /api/v1/players/*"},
				Source: "https://documentation.onesignal.com/reference/delete-user",
			},
			{
				Name: "delete a segment or template", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /apps/*/segments/*", "http DELETE /templates/*", "http DELETE /api/v1/apps/*/segments/*"},
				Source: "https://documentation.onesignal.com/reference/delete-segments",
			},
			{
				Name: "make a key", Does: detectors.Admin, Kinds: []string{organization},
				Calls:  []string{"http POST /apps/*/auth/tokens"},
				Source: "https://documentation.onesignal.com/reference/create-api-key",
			},
			{
				Name: "send", Does: detectors.Write,
				Calls:  []string{"http POST /notifications"},
				Source: "https://documentation.onesignal.com/reference/create-message",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text, "os_v2_org_"):
				return detectors.Decoded{Kind: organization}
			case strings.HasPrefix(text, "os_v2_app_"):
				return detectors.Decoded{Kind: app}
			}
			return detectors.Decoded{}
		},
	}
}
