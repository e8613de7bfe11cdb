package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	anthropicKeys  = "https://platform.claude.com/docs/en/api/overview"
	anthropicAdmin = "https://platform.claude.com/docs/en/manage-claude/admin-api"
	anthropicSDK   = "https://github.com/anthropics/anthropic-sdk-go/blob/main/api.md"
	anthropicCode  = "https://code.claude.com/docs/en/authentication"
)

// anthropic binds keys to a workspace, which they do not name; the text says the kind, and a variable's name does not.
func anthropic() detectors.Provider {
	const admin, session, subscription, workspace = "admin-key", "oauth-token", "subscription-token", "workspace-key"
	const body = `[0-9]{2}-[0-9A-Za-z_-]{80,}`
	return detectors.Provider{
		Name:  "anthropic",
		Title: "Anthropic",
		Hosts: []string{"api.anthropic.com"},
		Rules: []detectors.Rule{{
			ID:          "anthropic-key",
			Description: "a key or token for Anthropic's API",
			Pattern:     prefixed(`sk-ant-(?:api|admin|oat|ort)` + body),
			Group:       1,
			Keywords:    []string{"sk-ant-"},
			Entropy:     3.5,
			Kinds:       []string{admin, session, workspace},
		}},
		Kinds: []detectors.Kind{
			{
				Name:      admin,
				Title:     "admin key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every workspace of the organization, its people and its keys",
				AtMost:    detectors.Full,
				Variables: []string{"ANTHROPIC_ADMIN_KEY", "ANTHROPIC_ADMIN_API_KEY"},
				Shape:     `sk-ant-admin` + body,
				Cut:       "give staging a key of its own workspace, and delete this admin key",
				Source:    anthropicAdmin,
			},
			{
				Name:      session,
				Title:     "OAuth token",
				Scope:     detectors.ScopeAccount,
				Bound:     "the subscription of the person who logged in",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"ANTHROPIC_AUTH_TOKEN"},
				Shape:     `sk-ant-o[ar]t` + body,
				Cut:       "log in as the job's own account, or use a key of staging's workspace, and log this session out",
				Source:    anthropicCode,
			},
			{
				Name:      subscription, // claude setup-token makes it
				Title:     "subscription token",
				Scope:     detectors.ScopeOutside,
				Bound:     "it asks models on behalf of the person whose subscription it is, and nothing else",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"CLAUDE_CODE_OAUTH_TOKEN"},
				Cut:       "make one for the job's own account, and revoke this one",
				Source:    anthropicCode,
			},
			{
				Name:      workspace,
				Title:     "API key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one workspace, which it does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"ANTHROPIC_API_KEY"},
				Shape:     `sk-ant-api` + body,
				Cut:       "make a key in a workspace of staging's own, and delete this one",
				Source:    anthropicKeys,
			},
		},
		Tools: []detectors.Tool{{
			Name:      "claude",
			Aliases:   []string{"@anthropic-ai/claude-code"},
			Variables: []string{"ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"},
			Source:    anthropicCode,
		}},
		Operations: []detectors.Operation{
			{
				Name: "archive a workspace", Does: detectors.Destroy, Kinds: []string{admin},
				Calls:  []string{"http POST /v1/organizations/workspaces/*/archive"},
				Source: anthropicAdmin,
			},
			{
				Name: "change people and keys", Does: detectors.Admin, Kinds: []string{admin},
				Calls: []string{
					"http POST /v1/organizations/api_keys/*", "http POST /v1/organizations/invites", "http POST /v1/organizations/users/*",
					"http DELETE /v1/organizations/users/*", "http POST /v1/organizations/workspaces/*/members",
				},
				Source: anthropicAdmin,
			},
			{
				Name: "delete a file", Does: detectors.Destroy, Kinds: []string{workspace},
				Calls:  []string{"http DELETE /v1/files/*"},
				Source: "https://platform.claude.com/docs/en/api/beta/files/delete",
			},
			{
				Name: "delete a skill", Does: detectors.Destroy, Kinds: []string{workspace},
				Calls:  []string{"http DELETE /v1/skills/*", "http DELETE /v1/skills/*/versions/*"},
				Source: "https://platform.claude.com/docs/en/api/beta/skills/delete",
			},
			{
				Name: "delete a memory store", Does: detectors.Destroy, Kinds: []string{workspace},
				Calls:  []string{"http DELETE /v1/memory_stores/*", "http DELETE /v1/memory_stores/*/memories/*", "sdk memory_stores.delete", "sdk memoryStores.delete"},
				Source: anthropicSDK,
			},
			{
				Name: "delete a vault of credentials", Does: detectors.Destroy, Kinds: []string{workspace},
				Calls:  []string{"http DELETE /v1/vaults/*", "http DELETE /v1/vaults/*/credentials/*"},
				Source: anthropicSDK,
			},
			{
				Name: "delete a session or environment", Does: detectors.Destroy, Kinds: []string{workspace},
				Calls:  []string{"http DELETE /v1/sessions/*", "http DELETE /v1/environments/*"},
				Source: anthropicSDK,
			},
			{
				Name: "archive a tunnel", Does: detectors.Destroy, Undo: "no undo", Kinds: []string{workspace},
				Calls:  []string{"http POST /v1/tunnels/*/archive"},
				Source: "https://github.com/anthropics/anthropic-sdk-go/blob/main/betatunnel.go",
			},
			{
				Name: "delete a batch", Does: detectors.Destroy, Kinds: []string{workspace},
				Calls:  []string{"http DELETE /v1/messages/batches/*"},
				Source: "https://platform.claude.com/docs/en/api/messages/batches/delete",
			},
		},
		Decode: func(key string) detectors.Decoded {
			switch {
			case strings.HasPrefix(key, "sk-ant-admin"):
				return detectors.Decoded{Kind: admin}
			case strings.HasPrefix(key, "sk-ant-oat"), strings.HasPrefix(key, "sk-ant-ort"):
				return detectors.Decoded{Kind: session}
			case strings.HasPrefix(key, "sk-ant-api"):
				return detectors.Decoded{Kind: workspace}
			}
			return detectors.Decoded{}
		},
	}
}
