package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	datadogKeys   = "https://docs.datadoghq.com/account_management/api-app-keys/"
	datadogTokens = "https://docs.datadoghq.com/account_management/personal-access-tokens/"
	datadogAPI    = "https://docs.datadoghq.com/api/latest/"
	datadogSchema = "https://github.com/DataDog/datadog-api-client-go/blob/master/.generator/schemas/v1/openapi.yaml"
)

// datadog tags data with an environment and limits no key to one. An API key sends data; an application key, together with one, does what
// its owner may do.
func datadog() detectors.Provider {
	const personal, application, api, client = "personal-access-token", "application-key", "api-key", "client-token"
	wide := []string{personal, application}
	return detectors.Provider{
		Name:  "datadog",
		Title: "Datadog",
		Hosts: []string{".datadoghq.com", ".datadoghq.eu", ".ddog-gov.com", ".datad0g.com"},
		Rules: []detectors.Rule{
			{
				ID:          "datadog-token",
				Description: "a Datadog token or application key with a prefix",
				Pattern:     prefixed(`dd(?:pat|ap)_[0-9A-Za-z]{30,}`),
				Group:       1,
				Keywords:    []string{"ddpat_", "ddap_"},
				Entropy:     3.5,
				Kinds:       []string{personal, application},
			},
			{
				ID:          "datadog-application-key",
				Description: "a value whose variable or header is named as a Datadog application key",
				Pattern:     assigned(`(?:datadog|\bdd)[A-Za-z0-9_.-]{0,20}app(?:lication)?[_-]?key`, `[0-9a-fA-F]{40}|[0-9a-zA-Z]{40}`),
				Group:       1,
				Keywords:    []string{"datadog", "dd"},
				Entropy:     3,
				Kinds:       []string{application},
			},
			{
				ID:          "datadog-api-key",
				Description: "a value whose variable or header is named as a Datadog API key",
				Pattern:     assigned(`(?:datadog|\bdd)[A-Za-z0-9_.-]{0,20}api[_-]?key`, `[0-9a-fA-F]{32}`),
				Group:       1,
				Keywords:    []string{"datadog", "dd"},
				Entropy:     3,
				Kinds:       []string{api},
			},
			{
				ID:          "datadog-client-token",
				Description: "a Datadog token for browsers and apps",
				Pattern:     prefixed(`pub[0-9a-f]{32}`),
				Group:       1,
				Keywords:    []string{"datadog", "ddsource", "ddog", "dd_"},
				Entropy:     3,
				Kinds:       []string{client},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:   personal,
				Title:  "personal access token",
				Scope:  detectors.ScopeAccount,
				Bound:  "the whole organization, as the person and within the token's scopes, which it does not show: environments are tags",
				AtMost: detectors.Full,
				Shape:  `ddpat_[0-9A-Za-z]{30,}`,
				Cut:    "make a token with the scopes that staging needs, and revoke this one",
				Source: datadogTokens,
			},
			{
				Name:      application,
				Title:     "application key",
				Scope:     detectors.ScopeAccount,
				Bound:     "the whole organization, as the person and within the key's scopes, which it does not show: environments are tags",
				AtMost:    detectors.Full,
				Variables: []string{"DD_APP_KEY", "DATADOG_APP_KEY", "DD_APPLICATION_KEY"},
				Headers:   []string{"DD-APPLICATION-KEY"},
				Shape:     `ddap_[0-9A-Za-z]{30,}|[0-9a-fA-F]{40}`,
				Partners:  []detectors.Partner{{Title: "API key", Variables: []string{"DD_API_KEY", "DATADOG_API_KEY"}, Needed: true}},
				Cut:       "make an application key with the scopes that staging needs for a service account, and revoke this one",
				Source:    datadogKeys,
			},
			{
				Name:      api,
				Title:     "API key",
				Scope:     detectors.ScopeOutside,
				Bound:     "sending data to the whole organization: environments are tags",
				AtMost:    detectors.Write,
				Variables: []string{"DD_API_KEY", "DATADOG_API_KEY"},
				Headers:   []string{"DD-API-KEY"},
				Shape:     `[0-9a-fA-F]{32}`,
				Cut:       "give staging an API key of its own, and revoke this one",
				Source:    datadogKeys,
			},
			{
				Name:      client,
				Title:     "client token",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it sends data from browsers and apps",
				Variables: []string{"DD_CLIENT_TOKEN", "DATADOG_CLIENT_TOKEN"},
				Shape:     `pub[0-9a-f]{32}`,
				Source:    "https://docs.datadoghq.com/account_management/api-app-keys/#client-tokens",
			},
		},
		Tools: []detectors.Tool{{
			Name:      "datadog-ci",
			Aliases:   []string{"@datadog/datadog-ci"},
			Variables: []string{"DATADOG_API_KEY", "DD_API_KEY", "DATADOG_APP_KEY", "DD_APP_KEY"},
			Selectors: []string{"--env"},
			Source:    "https://github.com/DataDog/datadog-ci",
		}},
		Libraries: []detectors.Library{{
			Names: []string{"datadog_api_client"}, Variables: []string{"DD_API_KEY", "DD_APP_KEY"},
			Source: "https://github.com/DataDog/datadog-api-client-python/blob/master/README.md",
		}},
		// Methods of libraries: https://github.com/DataDog/datadog-api-client-python/tree/master/examples
		Operations: []detectors.Operation{
			{
				Name: "delete a monitor", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"http DELETE /api/v1/monitor/*", "sdk delete_monitor"},
				Source: datadogAPI + "monitors/#delete-a-monitor",
			},
			{
				Name: "delete a dashboard", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"http DELETE /api/v1/dashboard/*", "sdk delete_dashboard", "sdk delete_dashboards", "http DELETE /api/v1/dashboard"},
				Source: datadogAPI + "dashboards/#delete-a-dashboard",
			},
			{
				Name: "delete an index of logs", Does: detectors.Destroy, Undo: "no undo", Kinds: wide,
				Calls: []string{"http DELETE /api/v1/logs/config/indexes/*"}, Source: datadogSchema,
			},
			{
				Name: "delete an archive of logs", Does: detectors.Destroy, Kinds: wide,
				Calls: []string{"http DELETE /api/v2/logs/config/archives/*"}, Source: datadogAPI + "logs-archives/",
			},
			{
				Name: "delete an objective", Does: detectors.Destroy, Undo: "no undo", Kinds: wide,
				Calls: []string{"http DELETE /api/v1/slo/*", "http POST /api/v1/slo/bulk_delete", "sdk delete_slo"}, Source: datadogSchema,
			},
			{
				Name: "delete a test or a webhook", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"http POST /api/v1/synthetics/tests/delete", "http DELETE /api/v1/integration/webhooks/configuration/webhooks/*"},
				Source: datadogSchema,
			},
			{
				Name: "make keys and people", Does: detectors.Admin, Kinds: wide,
				Calls:  []string{"http POST /api/v2/api_keys", "http POST /api/v2/current_user/application_keys", "http POST /api/v2/users", "http DELETE /api/v2/users/*"},
				Source: datadogAPI + "key-management/",
			},
		},
		Decode: func(key string) detectors.Decoded {
			switch {
			case strings.HasPrefix(key, "ddpat_"):
				return detectors.Decoded{Kind: personal}
			case strings.HasPrefix(key, "ddap_"):
				return detectors.Decoded{Kind: application}
			}
			return detectors.Decoded{}
		},
	}
}
