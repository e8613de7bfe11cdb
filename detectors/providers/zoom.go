package providers

import "github.com/stagewall/stagewall/detectors"

// zoom gives an app credentials for development and others for production, of one form; those of a server-to-server app act for the account.
func zoom() detectors.Provider {
	const secret, webhook = "client-secret", "webhook-secret"
	return detectors.Provider{
		Name:  "zoom",
		Title: "Zoom",
		Hosts: []string{"api.zoom.us", "zoom.us"},
		Rules: []detectors.Rule{
			{
				ID:          "zoom-client-secret",
				Description: "a value named as the secret of a Zoom app",
				Pattern:     assigned(`\bzoom[A-Za-z0-9_.-]{0,24}(?:client[_-]?secret|api[_-]?secret|sdk[_-]?secret)`, `[0-9A-Za-z]{32,36}`),
				Group:       1,
				Keywords:    []string{"zoom"},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{secret},
			},
			{
				ID:          "zoom-webhook-secret",
				Description: "a value named as the secret of Zoom's webhooks",
				Pattern:     assigned(`\bzoom[A-Za-z0-9_.-]{0,24}(?:webhook|verification)[A-Za-z_-]{0,12}(?:secret|token)`, `[0-9A-Za-z_-]{22}`),
				Group:       1,
				Keywords:    []string{"zoom"},
				Entropy:     3.2,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{webhook},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "app's client secret",
				Scope:     detectors.ScopeAccount,
				Bound:     "the account of a server-to-server app, or those who installed a general one, within the app's scopes",
				AtMost:    detectors.Full,
				Variables: []string{"ZOOM_CLIENT_SECRET", "ZOOM_API_SECRET", "ZOOM_SDK_SECRET"},
				Cut:       "give staging the development credentials of the app, and regenerate these",
				Source:    "https://developers.zoom.us/docs/internal-apps/s2s-oauth/",
			},
			{
				Name:      webhook,
				Title:     "webhook secret",
				Scope:     detectors.ScopeOutside,
				Bound:     "proving that an event comes from Zoom",
				AtMost:    detectors.Write,
				Variables: []string{"ZOOM_WEBHOOK_SECRET_TOKEN", "ZOOM_WEBHOOK_SECRET", "ZOOM_VERIFICATION_TOKEN"},
				Cut:       "give staging an app of its own",
				Source:    "https://developers.zoom.us/docs/api/webhooks/",
			},
		},
		Containers: []detectors.Container{
			{Variable: "ZOOM_ACCOUNT_ID", What: "account"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a user", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http DELETE /v2/users/*"},
				Source: "https://developers.zoom.us/docs/api/users/#tag/users/delete/users/{userId}",
			},
			{
				Name: "delete recordings", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http DELETE /v2/meetings/*/recordings", "http DELETE /v2/meetings/*/recordings/*"},
				Source: "https://developers.zoom.us/docs/api/meetings/#tag/cloud-recording",
			},
			{
				Name: "delete a meeting or webinar", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http DELETE /v2/meetings/*", "http DELETE /v2/webinars/*"},
				Source: "https://developers.zoom.us/docs/api/meetings/#tag/meetings",
			},
			{
				Name: "make a user or give roles", Does: detectors.Admin, Kinds: []string{secret},
				Calls:  []string{"http POST /v2/users", "http POST /v2/roles/*/members"},
				Source: "https://developers.zoom.us/docs/api/users/",
			},
		},
	}
}
