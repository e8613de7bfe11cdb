package providers

import "github.com/stagewall/stagewall/detectors"

// pagerduty gives an account keys for its whole API, which may be read-only and do not show it, and services keys that only raise alarms.
func pagerduty() detectors.Provider {
	const key, integration = "api-key", "integration-key"
	return detectors.Provider{
		Name:  "pagerduty",
		Title: "PagerDuty",
		Hosts: []string{"api.pagerduty.com", "api.eu.pagerduty.com", "events.pagerduty.com"},
		Rules: []detectors.Rule{
			{
				// No document says the form: keys that were seen have 20 characters, a person's begin with u+.
				ID:          "pagerduty-api-key",
				Description: "a value whose variable or header is PagerDuty's for keys",
				Pattern:     `(?:(?i:pagerduty|\bpd)[A-Za-z0-9_.-]{0,20}(?i:token|api[_-]?key)` + gives + `|(?i:authorization)[^\n]{0,12}Token token=)(u\+[0-9A-Za-z_-]{18}|[0-9A-Za-z_+-]{20})` + right,
				Group:       1,
				Keywords:    []string{"pagerduty", "pd_", "token token="},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{{Description: "words that stand for a key", StopWords: []string{"token", "pagerduty", "your", "example"}}},
				Kinds:       []string{key},
			},
			{
				ID:          "pagerduty-integration-key",
				Description: "a value whose variable is named as a key for PagerDuty's events",
				Pattern:     assigned(`(?:pagerduty|\bpd)[A-Za-z0-9_.-]{0,20}(?:integration|routing|service|events?)[A-Za-z0-9_.-]{0,10}key`, `[0-9a-zA-Z]{32}`),
				Group:       1,
				Keywords:    []string{"pagerduty", "pd_"},
				Entropy:     3,
				Kinds:       []string{integration},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "the whole account, unless it is read-only, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"PAGERDUTY_TOKEN", "PAGERDUTY_API_KEY", "PD_TOKEN"},
				Cut:       "make a read-only key, and revoke this one",
				Source:    "https://support.pagerduty.com/main/docs/api-access-keys",
			},
			{
				Name:      integration,
				Title:     "integration key",
				Scope:     detectors.ScopeOutside,
				Bound:     "raising alarms for one service, which it does not name",
				AtMost:    detectors.Write,
				Variables: []string{"PAGERDUTY_INTEGRATION_KEY", "PAGERDUTY_ROUTING_KEY", "PAGERDUTY_SERVICE_KEY", "PD_INTEGRATION_KEY", "PD_ROUTING_KEY"},
				Shape:     `[0-9a-zA-Z]{32}`,
				Cut:       "make a service of staging's own, and delete this integration",
				Source:    "https://support.pagerduty.com/main/docs/services-and-integrations",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "pd",
				Aliases:   []string{"pagerduty-cli"},
				Variables: []string{"PD_TOKEN"},
				Source:    "https://github.com/martindstone/pagerduty-cli",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a service", Does: detectors.Destroy, Kinds: []string{key},
				Calls:  []string{"http DELETE /services/*", "http DELETE /business_services/*"},
				Source: "https://developer.pagerduty.com/api-reference/",
			},
			{
				Name: "delete a schedule", Does: detectors.Destroy, Kinds: []string{key},
				Calls:  []string{"http DELETE /schedules/*", "http DELETE /v3/schedules/*", "http DELETE /escalation_policies/*"},
				Source: "https://developer.pagerduty.com/api-reference/",
			},
			{
				Name: "delete what takes events in", Does: detectors.Destroy, Kinds: []string{key},
				Calls:  []string{"http DELETE /event_orchestrations/*", "http DELETE /event_orchestrations/*/integrations/*", "http DELETE /rulesets/*"},
				Source: "https://github.com/PagerDuty/api-schema/blob/main/reference/REST/openapiv3.json",
			},
			{
				Name: "delete a user or team", Does: detectors.Destroy, Kinds: []string{key},
				Calls:  []string{"http DELETE /users/*", "http DELETE /teams/*"},
				Source: "https://developer.pagerduty.com/api-reference/",
			},
			{
				Name: "make a user", Does: detectors.Admin, Kinds: []string{key},
				Calls:  []string{"http POST /users"},
				Source: "https://developer.pagerduty.com/api-reference/",
			},
			{
				Name: "raise an alarm", Does: detectors.Write, Kinds: []string{integration},
				Calls:  []string{"http POST /v2/enqueue"},
				Source: "https://developer.pagerduty.com/docs/events-api-v2/trigger-events/",
			},
		},
	}
}
