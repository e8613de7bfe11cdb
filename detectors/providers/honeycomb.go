package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// honeycomb binds keys for sending and for configuration to one environment, which they do not name; management keys belong to a team.
func honeycomb() detectors.Provider {
	const management, configuration, ingest = "management-key", "configuration-key", "ingest-key"
	// The third letter is a region, the last says whether the key is for an environment or for what was there before environments:
	// https://github.com/honeycombio/libhoney-go/blob/main/libhoney.go
	const ingestion = `hc[ab]i[kc]_[0-9a-z]{58}`
	return detectors.Provider{
		Name:  "honeycomb",
		Title: "Honeycomb",
		Hosts: []string{"api.honeycomb.io", "api.eu1.honeycomb.io"},
		Rules: []detectors.Rule{
			{
				ID:          "honeycomb-key",
				Description: "a Honeycomb key with a prefix",
				Pattern:     prefixed(ingestion),
				Group:       1,
				Keywords:    []string{"hcaik_", "hcaic_", "hcbik_", "hcbic_"},
				Entropy:     3.5,
				Kinds:       []string{ingest},
			},
			{ // the id, hcamk_ and a ULID, is no secret
				ID:          "honeycomb-management-secret",
				Description: "the secret of a management key, named so or after the key's id",
				Pattern: assigned(`honeycomb[A-Za-z0-9_.-]{0,20}(?:key[_-]?secret|management[_-]?(?:key|secret))`, `[0-9a-z]{32}`) + `|` +
					left + `hc[ab]mk_[0-9a-z]{26}:([0-9a-z]{32})` + right,
				Keywords: []string{"honeycomb", "hcamk_", "hcbmk_"},
				Entropy:  3.5,
				Kinds:    []string{management},
			},
			{
				ID:          "honeycomb-named-key",
				Description: "a value whose variable or header is named as a Honeycomb key",
				Pattern:     assigned(`(?:honeycomb[A-Za-z0-9_.-]{0,20}(?:api[_-]?)?key|x-honeycomb-team)`, `[0-9A-Za-z]{22}|[0-9a-f]{32}`),
				Group:       1,
				Keywords:    []string{"honeycomb"},
				Entropy:     3,
				Kinds:       []string{configuration, ingest},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      management,
				Title:     "management key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every environment of the team",
				AtMost:    detectors.Full,
				Variables: []string{"HONEYCOMB_MANAGEMENT_KEY", "HONEYCOMB_KEY_SECRET"},
				Cut:       "use staging's configuration key, and delete this one",
				Source:    "https://docs.honeycomb.io/configure/environments/manage-api-keys/",
			},
			{
				Name:      configuration,
				Title:     "configuration key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one environment, which it does not name, within permissions that it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"HONEYCOMB_API_KEY"},
				Cut:       "use a key of staging's environment, and delete this one",
				Source:    "https://docs.honeycomb.io/configure/environments/manage-api-keys/",
			},
			{
				Name:      ingest,
				Title:     "ingest key",
				Scope:     detectors.ScopeContainer,
				Bound:     "sending events to one environment, which it does not name",
				AtMost:    detectors.Write,
				Variables: []string{"HONEYCOMB_INGEST_KEY"},
				Shape:     ingestion,
				Cut:       "use the ingest key of staging's environment, and delete this one",
				Source:    "https://docs.honeycomb.io/configure/environments/manage-api-keys/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a data set", Does: detectors.Destroy, Kinds: []string{management, configuration},
				Calls:  []string{"http DELETE /1/datasets/*"},
				Source: "https://api-docs.honeycomb.io/api/datasets",
			},
			{
				Name: "delete an environment", Does: detectors.Destroy, Kinds: []string{management},
				Calls:  []string{"http DELETE /2/teams/*/environments/*"},
				Source: "https://api-docs.honeycomb.io/api/environments",
			},
			{
				Name: "make a key", Does: detectors.Admin, Kinds: []string{management},
				Calls:  []string{"http POST /2/teams/*/api-keys"},
				Source: "https://api-docs.honeycomb.io/api/key-management",
			},
		},
		Decode: func(text string) detectors.Decoded {
			if strings.HasPrefix(text, "hca") || strings.HasPrefix(text, "hcb") {
				return detectors.Decoded{Kind: ingest}
			}
			return detectors.Decoded{}
		},
	}
}
