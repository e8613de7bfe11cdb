package providers

import "github.com/stagewall/stagewall/detectors"

// betterstack has tokens of one form for all: global ones manage every team, others one team, and source tokens only send.
func betterstack() detectors.Provider {
	const global, team, source = "global-api-token", "team-api-token", "source-token"
	return detectors.Provider{
		Name:  "betterstack",
		Title: "Better Stack",
		Hosts: []string{
			"uptime.betterstack.com", "telemetry.betterstack.com", "logs.betterstack.com", "errors.betterstack.com", ".betterstackdata.com",
		},
		Rules: []detectors.Rule{
			{
				ID:          "betterstack-token",
				Description: "a value named as a Better Stack API token",
				Pattern:     assigned(named(`better[_-]?(?:stack|uptime)`, `(?:token|api[_-]?key)`)+`|logtail[_-]?api[_-]?token`, `[0-9A-Za-z]{24}`),
				Group:       1,
				Keywords:    []string{"betterstack", "better_stack", "better-stack", "betteruptime", "better_uptime", "better-uptime", "logtail"},
				Entropy:     3.3,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName(), {Description: "a source's token", Target: "match", Regexes: []string{`(?i)source[_-]?token`}}},
				Kinds:       []string{global, team},
			},
			{
				ID:          "betterstack-source-token",
				Description: "a value named as a Logtail source token",
				Pattern:     assigned(`(?:logtail|better[_-]?stack)[A-Za-z0-9_.-]{0,20}source[_-]?token|logtail[_-]?token`, `[0-9A-Za-z]{24}`),
				Group:       1,
				Keywords:    []string{"logtail", "source_token", "sourcetoken", "source-token"},
				Entropy:     3.3,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{source},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      global,
				Title:     "global API token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every team of the organization",
				AtMost:    detectors.Full,
				Variables: []string{"BETTERSTACK_API_TOKEN", "BETTER_STACK_API_TOKEN", "BETTERSTACK_TOKEN"},
				Shape:     `[0-9A-Za-z]{24}`,
				Cut:       "use a token of staging's team, and delete this one",
				Source:    "https://betterstack.com/docs/uptime/api/getting-started-with-uptime-api/",
			},
			{
				Name:      team,
				Title:     "team API token",
				Scope:     detectors.ScopeContainer,
				Bound:     "one team, which it does not name",
				AtMost:    detectors.Read | detectors.Write | detectors.Destroy,
				Variables: []string{"BETTERUPTIME_API_TOKEN", "LOGTAIL_API_TOKEN"},
				Shape:     `[0-9A-Za-z]{24}`,
				Cut:       "make a token of staging's team, and delete this one",
				Source:    "https://betterstack.com/docs/uptime/api/getting-started-with-uptime-api/",
			},
			{
				Name:      source,
				Title:     "source token",
				Scope:     detectors.ScopeOutside,
				Bound:     "sending to one source",
				AtMost:    detectors.Write,
				Variables: []string{"LOGTAIL_SOURCE_TOKEN", "LOGTAIL_TOKEN", "BETTERSTACK_SOURCE_TOKEN"},
				Cut:       "give staging a source of its own",
				Source:    "https://betterstack.com/docs/logs/ingesting-data/http/logs/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a monitor or heartbeat", Does: detectors.Destroy, Kinds: []string{global, team},
				Calls:  []string{"http DELETE /api/v2/monitors/*", "http DELETE /api/v2/heartbeats/*"},
				Source: "https://betterstack.com/docs/uptime/api/delete-a-monitor/",
			},
			{
				Name: "delete a source", Does: detectors.Destroy, Kinds: []string{global, team},
				Calls:  []string{"http DELETE /api/v1/sources/*"},
				Source: "https://betterstack.com/docs/logs/api/remove-a-source/",
			},
			{
				Name: "invite a team member", Does: detectors.Admin, Kinds: []string{global},
				Calls:  []string{"http POST /api/v2/team-members"},
				Source: "https://betterstack.com/docs/uptime/api/team-members/",
			},
		},
	}
}
