package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	vaultTokens   = "https://developer.hashicorp.com/vault/docs/concepts/tokens"
	vaultCommands = "https://developer.hashicorp.com/vault/docs/commands"
	vaultKV       = "https://developer.hashicorp.com/vault/docs/secrets/kv/kv-v2"
	vaultAppRole  = "https://developer.hashicorp.com/vault/docs/auth/approle"
)

// The kinds of Vault's tokens that their prefixes tell apart.
const (
	vaultRecovery = "recovery-token"
	vaultService  = "service-token"
	vaultBatch    = "batch-token"
)

// vault keeps other secrets: who may read a path has every secret below it. A token is for the server at its address, within policies; one with the policy
// of root may do everything, and its text does not show it.
func vault() detectors.Provider {
	const unseal, role = "unseal-key", "approle-secret-id"
	tokens := []string{vaultRecovery, vaultService, vaultBatch}
	destroy := func(name, source string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Kinds: tokens, Calls: calls, Source: source}
	}
	return detectors.Provider{
		Name:   "vault",
		Title:  "HashiCorp Vault",
		Hosts:  []string{".hashicorp.cloud"},
		Decode: decodeVault,
		Rules: []detectors.Rule{
			{
				ID:          "vault-token",
				Description: "a service, batch or recovery token",
				Pattern:     prefixed(`hv[sbr]\.[A-Za-z0-9_-]{24,400}`),
				Group:       1,
				Keywords:    []string{"hvs.", "hvb.", "hvr."},
				Entropy:     3.5,
				Kinds:       tokens,
			},
			{
				ID:          "vault-old-token",
				Description: "a token of the old form, in a variable or header for Vault's tokens",
				Pattern:     assigned(`vault[A-Za-z0-9_.-]{0,20}token|x-vault-token`, `[sbr]\.[A-Za-z0-9]{24}(?:\.[A-Za-z0-9]{5})?`),
				Group:       1,
				Keywords:    []string{"vault"},
				Entropy:     3.5,
				Kinds:       tokens,
			},
			{
				ID:          "vault-unseal-key",
				Description: "a share of the key that unseals a server, named so or printed by it",
				// No document says the lengths: 33 bytes of a share, or 32 of a key that is not split, in base 64 or in hexadecimal digits.
				Pattern: `(?i:(?:unseal|recovery)[ _-]?key(?:[ _-]?(?:share|[0-9]))?)` + gives + `([A-Za-z0-9+/]{43,44}={0,2}|[0-9a-f]{64,66})(?:[^A-Za-z0-9+/=]|$)` +
					`|\bvault[ \t]+operator[ \t]+unseal[ \t]+["']?([A-Za-z0-9+/]{43,44}={0,2}|[0-9a-f]{64,66})(?:[^A-Za-z0-9+/=]|$)`,
				Keywords: []string{"unseal", "recovery"},
				Entropy:  3,
				Kinds:    []string{unseal},
			},
			{
				ID:          "vault-approle-secret-id",
				Description: "the secret of an AppRole, a UUID, named so",
				Pattern:     assigned(`(?:vault|approle)[A-Za-z0-9_.-]{0,20}secret[_-]?id`, uuid),
				Group:       1,
				Keywords:    []string{"vault", "approle"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{exampleUUID()},
				Kinds:       []string{role},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      unseal,
				Title:     "unseal key",
				Scope:     detectors.ScopeContainer,
				Bound:     "all that one server keeps, together with enough other shares",
				AtMost:    detectors.Full,
				Variables: []string{"VAULT_UNSEAL_KEY"},
				Cut:       "give each share to one person, let the server unseal itself by a key service, and rekey",
				Source:    "https://developer.hashicorp.com/vault/docs/concepts/seal",
			},
			{
				Name:   vaultRecovery,
				Title:  "recovery token",
				Scope:  detectors.ScopeHost,
				Bound:  "the storage of one server in recovery mode",
				AtMost: detectors.Full,
				Cut:    "leave it to the recovery that it is made for",
				Source: "https://developer.hashicorp.com/vault/docs/concepts/recovery-mode",
			},
			{
				Name:      vaultService,
				Title:     "token",
				Scope:     detectors.ScopeHost,
				Bound:     "the server at its address, within policies that it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"VAULT_TOKEN"},
				Headers:   []string{"X-Vault-Token"},
				Shape:     `hvs\.[A-Za-z0-9_-]{24,400}|s\.[A-Za-z0-9]{24}`,
				Cut:       "let staging log in with a role whose policy names staging's paths only, and revoke this token",
				Source:    vaultTokens,
			},
			{
				Name:   vaultBatch,
				Title:  "batch token",
				Scope:  detectors.ScopeHost,
				Bound:  "the server at its address, within policies that it does not show, until it expires: it cannot be revoked",
				AtMost: detectors.UnknownPower,
				Shape:  `hvb\.[A-Za-z0-9_-]{24,400}|b\.[A-Za-z0-9]{24}`,
				Cut:    "let staging log in with a role whose policy names staging's paths only",
				Source: vaultTokens,
			},
			{
				Name:      role,
				Title:     "AppRole secret",
				Scope:     detectors.ScopeHost,
				Bound:     "the server at its address, within the policies of its role",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"VAULT_SECRET_ID", "VAULT_APPROLE_SECRET_ID", "APPROLE_SECRET_ID"},
				Shape:     uuid,
				Cut:       "make a role for staging whose policy names staging's paths only, and destroy this secret",
				Source:    vaultAppRole,
			},
		},
		Tools: []detectors.Tool{{
			Name: "vault", Aliases: []string{"bao"}, Variables: []string{"VAULT_TOKEN"}, Selectors: []string{"-address", "-namespace", "-ns"}, Source: vaultCommands,
		}},
		Containers: []detectors.Container{{Variable: "VAULT_NAMESPACE", What: "namespace"}, {Variable: "VAULT_ADDR", What: "host"}},
		Operations: []detectors.Operation{
			{
				Name: "kv delete", Does: detectors.Destroy, Undo: "until the version is destroyed, with the engine's second version", Kinds: tokens,
				Calls: []string{"cli vault kv delete", "http DELETE /v1/*/data/**"}, Source: vaultKV,
			},
			{
				Name: "kv destroy", Does: detectors.Destroy, Undo: "no undo", Kinds: append([]string{role}, tokens...),
				Calls:  []string{"cli vault kv destroy", "cli vault kv metadata delete", "http POST /v1/*/destroy/**", "http PUT /v1/*/destroy/**", "http DELETE /v1/*/metadata/**"},
				Source: vaultKV,
			},
			{
				Name: "secrets disable", Does: detectors.Destroy, Undo: "no undo", Kinds: tokens,
				Calls: []string{"cli vault secrets disable", "http DELETE /v1/sys/mounts/*"}, Source: vaultCommands + "/secrets/disable",
			},
			destroy("auth disable", vaultCommands+"/auth/disable", "cli vault auth disable", "http DELETE /v1/sys/auth/*"),
			destroy("namespace delete", vaultCommands+"/namespace", "cli vault namespace delete", "http DELETE /v1/sys/namespaces/*"),
			destroy("lease revoke", vaultCommands+"/lease/revoke", "cli vault lease revoke", "http PUT /v1/sys/leases/revoke-prefix/**", "http POST /v1/sys/leases/revoke-prefix/**",
				"http PUT /v1/sys/leases/revoke-force/**", "http POST /v1/sys/leases/revoke-force/**"),
			{
				Name: "delete", Does: detectors.Destroy, Kinds: tokens,
				Calls: []string{"cli vault delete"}, Source: vaultCommands + "/delete",
			},
			{
				Name: "operator seal", Does: detectors.Destroy, Undo: "unseal with the keys", Kinds: tokens,
				Calls: []string{"cli vault operator seal", "http PUT /v1/sys/seal", "http POST /v1/sys/seal"}, Source: "https://github.com/hashicorp/vault-client-go/blob/main/openapi.json",
			},
			{
				Name: "operator raft snapshot restore", Does: detectors.Destroy, Kinds: append([]string{unseal}, tokens...),
				Calls:  []string{"cli vault operator raft snapshot restore", "http POST /v1/sys/storage/raft/snapshot-force", "http POST /v1/sys/storage/raft/snapshot"},
				Source: vaultCommands + "/operator/raft",
			},
			destroy("operator raft remove-peer", vaultCommands+"/operator/raft", "cli vault operator raft remove-peer"),
			{
				Name: "write policies or make tokens", Does: detectors.Admin, Kinds: tokens,
				Calls: []string{
					"cli vault policy write", "cli vault policy delete", "cli vault token create", "cli vault auth enable", "cli vault operator generate-root",
					"http PUT /v1/sys/policies/acl/*", "http POST /v1/sys/policies/acl/*", "http POST /v1/auth/token/create", "http DELETE /v1/sys/policies/acl/*",
				},
				Source: vaultCommands + "/policy",
			},
			{Name: "kv put", Does: detectors.Write, Calls: []string{"cli vault kv put", "cli vault kv patch", "cli vault write", "http POST /v1/*/data/**", "http PUT /v1/*/data/**"}, Source: vaultKV},
			{Name: "read secrets", Does: detectors.Read, Calls: []string{"cli vault kv get", "cli vault read", "http GET /v1/*/data/**"}, Source: vaultKV},
			{Name: "operator unseal", Does: detectors.Write, Kinds: []string{unseal}, Calls: []string{"cli vault operator unseal", "http PUT /v1/sys/unseal"}, Source: vaultCommands + "/operator/unseal"},
		},
	}
}

// decodeVault reads the kind, and no more: what is behind the prefix is the server's own and may change.
func decodeVault(token string) detectors.Decoded {
	for prefix, kind := range map[string]string{"hvs.": vaultService, "s.": vaultService, "hvb.": vaultBatch, "b.": vaultBatch, "hvr.": vaultRecovery, "r.": vaultRecovery} {
		if strings.HasPrefix(token, prefix) {
			return detectors.Decoded{Kind: kind}
		}
	}
	return detectors.Decoded{}
}
