package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// devcycle has keys for each environment of a project, which do not name it, and credentials of the organization for its management.
func devcycle() detectors.Provider {
	const management, server, client = "management-secret", "server-key", "client-key"
	return detectors.Provider{
		Name:  "devcycle",
		Title: "DevCycle",
		Hosts: []string{"api.devcycle.com", "auth.devcycle.com", "bucketing-api.devcycle.com", "config-cdn.devcycle.com", "sdk-api.devcycle.com"},
		Rules: []detectors.Rule{
			{
				ID:          "devcycle-management-secret",
				Description: "a value named as a secret for the management of DevCycle",
				Pattern:     assigned(named(`devcycle`, `client[_-]?secret`)+`|\bdvc[_-]?client[_-]?secret`, `[0-9A-Za-z_-]{40,80}`),
				Group:       1,
				Keywords:    []string{"devcycle", "dvc"},
				Entropy:     3.8,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{management},
			},
			{
				ID:          "devcycle-key",
				Description: "a key of an environment",
				Pattern:     prefixed(`dvc_(?:server|client|mobile)_[0-9A-Za-z_]{8,100}`),
				Group:       1,
				Keywords:    []string{"dvc_server_", "dvc_client_", "dvc_mobile_"},
				Entropy:     3.2,
				Allowlists:  []detectors.Allowlist{{Description: "a name", Regexes: []string{`^dvc_(?:server|client|mobile)_[a-z_]+$`}}},
				Kinds:       []string{server, client},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      management,
				Title:     "management secret",
				Scope:     detectors.ScopeAccount,
				Bound:     "every project and environment of the organization",
				AtMost:    detectors.Read | detectors.Write | detectors.Destroy,
				Variables: []string{"DEVCYCLE_CLIENT_SECRET"},
				Cut:       "give staging the key of its own environment, which reads only, and rotate this secret",
				Source:    "https://docs.devcycle.com/platform/account-management/keys",
			},
			{
				Name:      server,
				Title:     "server key",
				Scope:     detectors.ScopeContainer,
				Bound:     "the flags of one environment of one project, which it does not name",
				AtMost:    detectors.Read,
				Variables: []string{"DEVCYCLE_SERVER_SDK_KEY", "DEVCYCLE_SERVER_KEY"},
				Shape:     `dvc_server_[0-9A-Za-z_]{8,100}`,
				Cut:       "use the key of staging's environment",
				Source:    "https://docs.devcycle.com/platform/account-management/keys",
			},
			{
				Name:      client,
				Title:     "client or mobile key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it reads the flags that one user sees",
				Variables: []string{"DEVCYCLE_CLIENT_SDK_KEY", "NEXT_PUBLIC_DEVCYCLE_CLIENT_SDK_KEY", "DEVCYCLE_MOBILE_SDK_KEY"},
				Shape:     `dvc_(?:client|mobile)_[0-9A-Za-z_]{8,100}`,
				Source:    "https://docs.devcycle.com/platform/account-management/keys",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "dvc",
				Aliases:   []string{"@devcycle/cli"},
				Variables: []string{"DEVCYCLE_CLIENT_SECRET"},
				Selectors: []string{"--project", "--env"},
				Source:    "https://docs.devcycle.com/cli-guides/keys",
			},
		},
		Containers: []detectors.Container{
			{Variable: "DEVCYCLE_PROJECT_KEY", What: "project"},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a project, environment or feature", Does: detectors.Destroy, Kinds: []string{management},
				Calls: []string{
					"http DELETE /v1/projects/*", "http DELETE /v1/projects/*/environments/*", "http DELETE /v1/projects/*/features/*",
					"cli dvc features delete",
				},
				Source: "https://docs.devcycle.com/management-api/",
			},
			{
				Name: "turn a feature", Does: detectors.Write, Kinds: []string{management},
				Calls:  []string{"http PATCH /v1/projects/*/features/*/configurations", "cli dvc targeting enable", "cli dvc targeting disable"},
				Source: "https://docs.devcycle.com/cli-guides/targeting",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text, "dvc_server_"):
				return detectors.Decoded{Kind: server}
			case strings.HasPrefix(text, "dvc_client_"), strings.HasPrefix(text, "dvc_mobile_"):
				return detectors.Decoded{Kind: client}
			}
			return detectors.Decoded{}
		},
	}
}
