package providers

import "github.com/stagewall/stagewall/detectors"

const (
	scalingoTokens   = "https://developers.scalingo.com/index#authentication"
	scalingoCommands = "https://github.com/Scalingo/cli#command-help"
)

// scalingo's tokens are a person's, for every app that the person owns or works on.
func scalingo() detectors.Provider {
	const token = "api-token"
	destroy := func(name string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: calls, Source: scalingoCommands}
	}
	return detectors.Provider{
		Name:  "scalingo",
		Title: "Scalingo",
		Hosts: []string{"auth.scalingo.com", "api.osc-fr1.scalingo.com", "api.osc-secnum-fr1.scalingo.com"},
		Rules: []detectors.Rule{{
			ID:          "scalingo-api-token",
			Description: "an API token",
			Pattern:     prefixed(`tk-us-[0-9A-Za-z_-]{40,80}`),
			Group:       1,
			Keywords:    []string{"tk-us-"},
			Entropy:     3.5,
			Kinds:       []string{token},
		}},
		Kinds: []detectors.Kind{{
			Name:      token,
			Title:     "API token",
			Scope:     detectors.ScopeAccount,
			Bound:     "every app that its owner owns or works on, in all regions",
			AtMost:    detectors.Full,
			Variables: []string{"SCALINGO_API_TOKEN"},
			Cut:       "give staging the token of a user who works on staging's apps alone, and revoke this one",
			Source:    scalingoTokens,
		}},
		Tools: []detectors.Tool{{
			Name: "scalingo", Needs: detectors.NeedsToken, Variables: []string{"SCALINGO_API_TOKEN"},
			Selectors: []string{"-a", "--app", "-r", "--remote"}, Source: scalingoCommands,
		}},
		Operations: []detectors.Operation{
			destroy("delete an app", "cli scalingo destroy", "http DELETE /v1/apps/*"),
			destroy("delete an add-on with its data", "cli scalingo addons-remove", "http DELETE /v1/apps/*/addons/*"),
			{Name: "deploy an app", Does: detectors.Write, Calls: []string{"cli scalingo deploy", "cli scalingo restart", "cli scalingo run"}, Source: scalingoCommands},
			{Name: "set variables", Does: detectors.Write, Calls: []string{"cli scalingo env-set", "cli scalingo env-unset"}, Source: scalingoCommands},
			{Name: "read variables", Does: detectors.Read, Calls: []string{"cli scalingo env", "cli scalingo env-get"}, Source: scalingoCommands},
			{Name: "change who works on an app", Does: detectors.Admin, Calls: []string{"cli scalingo collaborators-add", "cli scalingo collaborators-remove"}, Source: scalingoCommands},
		},
	}
}
