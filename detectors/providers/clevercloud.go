package providers

import "github.com/stagewall/stagewall/detectors"

const (
	cleverCommands = "https://www.clever.cloud/developers/doc/cli/"
	cleverAPI      = "https://www.clever.cloud/developers/api/"
)

// cleverCloud's tokens are a person's, for everything in all organizations that the person belongs to. A login is a token and its secret.
func cleverCloud() detectors.Provider {
	const token, shape = "account-token", `[0-9A-Za-z]{32,64}`
	destroy := func(name string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: calls, Source: cleverCommands}
	}
	return detectors.Provider{
		Name:  "clevercloud",
		Title: "Clever Cloud",
		Hosts: []string{"api.clever-cloud.com", "api-bridge.clever-cloud.com"},
		Rules: []detectors.Rule{{
			ID:          "clevercloud-secret",
			Description: "the secret of a login, in the variable of Clever Cloud's program",
			// No document says the form.
			Pattern:    assigned(`clever_secret`, shape),
			Group:      1,
			Keywords:   []string{"clever_secret"},
			Entropy:    3.5,
			Allowlists: []detectors.Allowlist{notAnID(), notAName()},
			Kinds:      []string{token},
		}},
		Kinds: []detectors.Kind{{
			Name:      token,
			Title:     "account token",
			Scope:     detectors.ScopeAccount,
			Bound:     "every application and add-on of all organizations that its owner belongs to",
			AtMost:    detectors.Full,
			Variables: []string{"CLEVER_SECRET"},
			Partners:  []detectors.Partner{{Title: "token", Variables: []string{"CLEVER_TOKEN"}, Shape: shape}},
			Cut:       "give staging an organization of its own, with a user who belongs to no other, and revoke this login",
			Source:    cleverCommands,
		}},
		Tools: []detectors.Tool{{
			Name: "clever", Needs: detectors.NeedsToken, Aliases: []string{"clever-tools"}, Variables: []string{"CLEVER_TOKEN", "CLEVER_SECRET"},
			Selectors: []string{"-a", "--alias", "--app", "--org"}, Source: cleverCommands,
		}},
		Operations: []detectors.Operation{
			destroy("delete an application", "cli clever delete", "http DELETE /v2/organisations/*/applications/*"),
			destroy("delete an add-on with its data", "cli clever addon delete", "http DELETE /v2/organisations/*/addons/*"),
			{Name: "deploy an application", Does: detectors.Write, Calls: []string{"cli clever deploy", "cli clever restart", "cli clever create"}, Source: cleverCommands},
			{Name: "set variables", Does: detectors.Write, Calls: []string{"cli clever env set", "cli clever env import"}, Source: cleverCommands},
			{Name: "read variables", Does: detectors.Read, Calls: []string{"cli clever env"}, Source: cleverCommands},
			{Name: "make a token", Does: detectors.Admin, Calls: []string{"cli clever tokens create"}, Source: cleverAPI},
		},
	}
}
