package providers

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	onepasswordAccounts = "https://developer.1password.com/docs/service-accounts/get-started/"
	onepasswordSecurity = "https://developer.1password.com/docs/service-accounts/security/"
	onepasswordConnect  = "https://developer.1password.com/docs/connect/get-started/"
	onepasswordCLI      = "https://developer.1password.com/docs/cli/reference/"
)

// onepassword keeps other secrets: who may open a vault has every secret in it. A service account's token names the account's address and no vault.
// A reference, op://VAULT/ITEM/FIELD, is no secret.
func onepassword() detectors.Provider {
	const service, connect, secret = "service-account-token", "connect-token", "secret-key"
	tokens := []string{service, connect}
	return detectors.Provider{
		Name:   "onepassword",
		Title:  "1Password",
		Hosts:  []string{".1password.com", ".1password.eu", ".1password.ca"},
		Decode: decodeOnePassword,
		Rules: []detectors.Rule{
			{
				ID:          "onepassword-service-account-token",
				Description: "a service account's token",
				Pattern:     left + `(ops_eyJ[A-Za-z0-9+/_-]{200,}={0,3})(?:[^A-Za-z0-9+/=_-]|$)`,
				Group:       1,
				Keywords:    []string{"ops_eyj"},
				Entropy:     4,
				Kinds:       []string{service},
			},
			{
				ID:          "onepassword-connect-token",
				Description: "a token of a Connect server, in a variable that says so",
				Pattern:     assigned(`op[_-]?connect[_-]?token|onepassword[_-]?connect[_-]?token`, `eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}`),
				Group:       1,
				Keywords:    []string{"op_connect", "op-connect", "opconnect", "onepassword"},
				Kinds:       []string{connect},
			},
			{
				ID:          "onepassword-secret-key",
				Description: "the secret key of a person's account",
				Pattern:     left + `(A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5})` + right,
				Group:       1,
				Keywords:    []string{"a3-"},
				Entropy:     3.6,
				Kinds:       []string{secret},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      service,
				Title:     "service account token",
				Scope:     detectors.ScopeContainer,
				Bound:     "the vaults that its account was given, which it does not name, and what the secrets in them reach",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"OP_SERVICE_ACCOUNT_TOKEN"},
				Shape:     `ops_eyJ[A-Za-z0-9+/_-]{200,}={0,3}`,
				Cut:       "use a service account that may read staging's vault only, and delete this one",
				Source:    onepasswordAccounts,
			},
			{
				Name:      connect,
				Title:     "Connect token",
				Scope:     detectors.ScopeContainer,
				Bound:     "the vaults that it was made for, at one Connect server, and what the secrets in them reach",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"OP_CONNECT_TOKEN"},
				Cut:       "make a token for staging's vault only, and revoke this one",
				Source:    onepasswordConnect,
			},
			{
				Name:      secret,
				Title:     "secret key",
				Scope:     detectors.ScopeAccount,
				Bound:     "one person's account, together with the person's password",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"OP_SECRET_KEY", "ONEPASSWORD_SECRET_KEY"},
				Cut:       "use a service account that may read staging's vault only, and make the key anew",
				Source:    "https://support.1password.com/secret-key-security/",
			},
		},
		Tools: []detectors.Tool{{
			Name: "op", Variables: []string{"OP_SERVICE_ACCOUNT_TOKEN", "OP_CONNECT_TOKEN"}, Selectors: []string{"--vault", "--account", "--env-file"},
			Source: "https://developer.1password.com/docs/cli/environment-variables/",
		}},
		Containers: []detectors.Container{{Variable: "OP_VAULT", What: "vault"}, {Variable: "OP_CONNECT_HOST", What: "host"}},
		Operations: []detectors.Operation{
			{
				Name: "delete an item", Does: detectors.Destroy, Kinds: tokens,
				Calls: []string{"cli op item delete", "cli op document delete", "http DELETE /v1/vaults/*/items/*"}, Source: onepasswordCLI + "management-commands/item",
			},
			{Name: "delete a vault", Does: detectors.Destroy, Kinds: []string{service}, Calls: []string{"cli op vault delete"}, Source: onepasswordCLI + "management-commands/vault"},
			{
				Name: "write an item", Does: detectors.Write, Kinds: tokens,
				Calls: []string{"cli op item create", "cli op item edit", "http POST /v1/vaults/*/items", "http PUT /v1/vaults/*/items/*"}, Source: onepasswordCLI + "management-commands/item",
			},
			{
				Name: "read secrets", Does: detectors.Read, Kinds: tokens,
				Calls:  []string{"cli op read", "cli op run", "cli op inject", "cli op item get", "http GET /v1/vaults/*/items/*", "http GET /v1/vaults/*/items"},
				Source: onepasswordCLI + "commands/run",
			},
		},
	}
}

// decodeOnePassword reads the address of a service account, which its token, an object in base 64, holds beside its keys.
func decodeOnePassword(token string) detectors.Decoded {
	const kind = "service-account-token"
	if strings.HasPrefix(token, "A3-ASWWYB-798JRY") || strings.Contains(token, "XXXXX") { // https://support.1password.com/secret-key/
		return detectors.Decoded{Reject: "the manual's"}
	}
	body, ok := strings.CutPrefix(token, "ops_")
	if !ok {
		return detectors.Decoded{}
	}
	if len(body) > longestText {
		return undecodable(kind)
	}
	raw, err := base64.RawStdEncoding.DecodeString(strings.NewReplacer("-", "+", "_", "/", "=", "").Replace(body))
	var says struct{ SignInAddress string }
	if err != nil || json.Unmarshal(raw, &says) != nil {
		return undecodable(kind)
	}
	d := detectors.Decoded{Kind: kind}
	if host := strings.TrimPrefix(says.SignInAddress, "https://"); host != "" {
		d.IDs = []detectors.ID{{What: "account", Value: host}}
		d.Evidence = []detectors.Evidence{{About: "reach", Says: "its text names the account at " + host, Source: onepasswordSecurity}}
	}
	return d
}
