package providers

import "github.com/stagewall/stagewall/detectors"

const (
	consulCommands = "https://developer.hashicorp.com/consul/commands"
	consulTokens   = "https://developer.hashicorp.com/consul/docs/secure/acl/token"
)

// consul's tokens are UUIDs, and so are the accessors that only name them, so that a variable, a header or a section of a configuration has to
// say which is which.
func consul() detectors.Provider {
	const token, gossip = "acl-token", "gossip-key"
	tokens := []string{token}
	return detectors.Provider{
		Name:  "consul",
		Title: "Consul",
		Rules: []detectors.Rule{
			{
				ID:          "consul-acl-token",
				Description: "a UUID in a variable or header for Consul's tokens",
				Pattern:     assigned(`consul[A-Za-z0-9_.-]{0,20}(?:token|secret[_-]?id)|x-consul-token`, uuid),
				Group:       1,
				Keywords:    []string{"consul"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{exampleUUID(), consulAccessor()},
				Kinds:       tokens,
			},
			{
				ID:          "consul-configured-token",
				Description: "a UUID in the acl section of an agent's configuration",
				Pattern: `\b(?:initial_management|master|agent|agent_recovery|agent_master|default|replication|config_file_service_registration|dns|managed_service_provider)` +
					`["']?[ \t]*[:=][ \t]*["'](` + uuid + `)["']`,
				Group:      1,
				Keywords:   []string{"initial_management", "agent_master", "agent_recovery", "acl"},
				Entropy:    uuidEntropy,
				Allowlists: []detectors.Allowlist{exampleUUID()},
				Required:   []detectors.Required{{Rule: "consul-acl-section", WithinLines: within(15)}},
				Kinds:      tokens,
			},
			{
				ID:          "consul-gossip-key",
				Description: "the key that encrypts what servers tell each other",
				Pattern:     `(?i:consul[A-Za-z0-9_.-]{0,20}(?:gossip|encrypt)[A-Za-z0-9_.-]{0,20})` + gives + `([A-Za-z0-9+/]{43}=)(?:[^A-Za-z0-9+/=]|$)`,
				Group:       1,
				Keywords:    []string{"consul"},
				Entropy:     4,
				Kinds:       []string{gossip},
			},
			{
				ID:          "consul-acl-section",
				Description: "the acl section of an agent's configuration",
				Pattern:     `\bacl["']?[ \t]*[:=]?[ \t]*\{`,
				Keywords:    []string{"acl"},
				SkipReport:  true,
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "ACL token",
				Homemade:  true,
				Scope:     detectors.ScopeHost,
				Bound:     "the datacenter at its address, within policies that it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"CONSUL_HTTP_TOKEN", "CONSUL_TOKEN"},
				Headers:   []string{"X-Consul-Token"},
				Shape:     uuid,
				Cut:       "make a token whose policies name staging's keys and services only, and delete this one",
				Source:    consulTokens,
			},
			{
				Name:      gossip,
				Title:     "gossip encryption key",
				Homemade:  true,
				Scope:     detectors.ScopeContainer,
				Bound:     "one datacenter, which it does not name: whoever has it can join",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"CONSUL_GOSSIP_ENCRYPTION_KEY"},
				Cut:       "give staging's datacenter a key of its own, and rotate this one (consul keyring)",
				Source:    "https://developer.hashicorp.com/consul/docs/secure/encryption/gossip/enable",
			},
		},
		Tools: []detectors.Tool{{
			Name: "consul", Variables: []string{"CONSUL_HTTP_TOKEN"}, Selectors: []string{"-http-addr", "-datacenter", "-namespace", "-partition", "-token"},
			Source: consulCommands,
		}},
		Containers: []detectors.Container{{Variable: "CONSUL_NAMESPACE", What: "namespace"}, {Variable: "CONSUL_PARTITION", What: "namespace"}},
		Operations: []detectors.Operation{
			{Name: "kv delete", Does: detectors.Destroy, Kinds: tokens, Calls: []string{"cli consul kv delete", "http DELETE /v1/kv/**"}, Source: consulCommands + "/kv/delete"},
			{
				Name: "snapshot restore", Does: detectors.Destroy, Kinds: tokens,
				Calls: []string{"cli consul snapshot restore", "http PUT /v1/snapshot"}, Source: consulCommands + "/snapshot/restore",
			},
			{
				Name: "operator raft remove-peer", Does: detectors.Destroy, Kinds: tokens,
				Calls: []string{"cli consul operator raft remove-peer", "http DELETE /v1/operator/raft/peer"}, Source: consulCommands + "/operator/raft",
			},
			{
				Name: "namespace delete", Does: detectors.Destroy, Kinds: tokens,
				Calls: []string{"cli consul namespace delete", "http DELETE /v1/namespace/*"}, Source: consulCommands + "/namespace",
			},
			{
				Name: "services deregister", Does: detectors.Destroy, Kinds: tokens,
				Calls: []string{"cli consul services deregister", "http PUT /v1/agent/service/deregister/*"}, Source: consulCommands + "/services/deregister",
			},
			{
				Name: "acl", Does: detectors.Admin, Kinds: tokens,
				Calls: []string{
					"cli consul acl token create", "cli consul acl policy create", "cli consul acl policy delete", "cli consul acl token delete", "cli consul acl bootstrap",
					"http PUT /v1/acl/token", "http PUT /v1/acl/policy", "http DELETE /v1/acl/token/*", "http DELETE /v1/acl/policy/*",
				},
				Source: consulCommands + "/acl",
			},
			{Name: "kv put", Does: detectors.Write, Kinds: tokens, Calls: []string{"cli consul kv put", "cli consul kv import", "http PUT /v1/kv/**"}, Source: consulCommands + "/kv/put"},
		},
	}
}

// consulAccessor excludes what names a token, and the two that every datacenter has.
func consulAccessor() detectors.Allowlist {
	return detectors.Allowlist{Description: "an accessor, or a token that everybody has", Regexes: []string{`(?i)accessor|token[_-]?id|00000000-0000-0000-0000-00000000000[0-9]`}, Target: "match"}
}
