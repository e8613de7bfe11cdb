package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// segment gives a source a write key, which sends and stands in every page, and a workspace tokens with the rights of an owner or a member.
func segment() detectors.Provider {
	const public, config, write = "public-api-token", "config-api-token", "write-key"
	return detectors.Provider{
		Name:  "segment",
		Title: "Segment",
		Hosts: []string{"api.segmentapis.com", "eu1.api.segmentapis.com", "platform.segmentapis.com", "api.segment.io", "events.eu1.segmentapis.com"},
		Rules: []detectors.Rule{
			{
				ID:          "segment-token",
				Description: "a token for Segment's public API",
				Pattern:     prefixed(`sgp_[0-9A-Za-z]{64}`),
				Group:       1,
				Keywords:    []string{"sgp_"},
				Entropy:     4,
				Kinds:       []string{public},
			},
			{
				ID:          "segment-config-token",
				Description: "a token for Segment's older API, by its name",
				Pattern:     assigned(named(`segment`, `token`), `[0-9A-Za-z_-]{43}\.[0-9A-Za-z_-]{43}`),
				Group:       1,
				Keywords:    []string{"segment"},
				Entropy:     4,
				Kinds:       []string{config},
			},
			{
				ID:          "segment-write-key",
				Description: "a value named as a write key of Segment",
				Pattern:     assigned(named(`segment`, `(?:write[_-]?key|analytics[_-]?key|key)`), `[0-9A-Za-z]{32}`),
				Group:       1,
				Keywords:    []string{"segment"},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{write},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      public,
				Title:     "public API token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every source and destination of the workspace, with the rights of an owner or a member",
				AtMost:    detectors.Full,
				Variables: []string{"SEGMENT_PUBLIC_API_TOKEN", "SEGMENT_API_TOKEN", "SEGMENT_TOKEN"},
				Shape:     `sgp_[0-9A-Za-z]{64}`,
				Cut:       "give staging a workspace of its own or a token limited to its sources, and delete this one",
				Source:    "https://segment.com/docs/api/public-api/",
			},
			{
				Name:      config,
				Title:     "Config API token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every source and destination of the workspace",
				AtMost:    detectors.Full,
				Variables: []string{"SEGMENT_ACCESS_TOKEN", "SEGMENT_CONFIG_API_TOKEN"},
				Cut:       "use a public API token limited to staging's sources, and delete this one",
				Source:    "https://segment.com/docs/api/config-api/",
			},
			{
				Name:      write,
				Title:     "write key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it sends events to one source",
				Variables: []string{"SEGMENT_WRITE_KEY", "NEXT_PUBLIC_SEGMENT_WRITE_KEY", "SEGMENT_KEY", "VITE_SEGMENT_WRITE_KEY"},
				Source:    "https://segment.com/docs/connections/find-writekey/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a source, destination or warehouse", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /sources/*", "http DELETE /destinations/*", "http DELETE /warehouses/*"},
				Source: "https://docs.segmentapis.com/tag/Sources/#operation/deleteSource",
			},
			{
				Name: "delete people", Does: detectors.Destroy,
				Calls:  []string{"http POST /regulations", "http POST /regulations/sources/*"},
				Source: "https://segment.com/docs/privacy/user-deletion-and-suppression/",
			},
			{
				Name: "invite people", Does: detectors.Admin,
				Calls:  []string{"http POST /invites", "http PUT /users/*/permissions"},
				Source: "https://docs.segmentapis.com/tag/IAM-Users/",
			},
		},
		Decode: func(text string) detectors.Decoded {
			if strings.HasPrefix(text, "sgp_") {
				return detectors.Decoded{Kind: public}
			}
			return detectors.Decoded{}
		},
	}
}
