package providers

import "github.com/stagewall/stagewall/detectors"

const (
	cloudfoundryAuth     = "https://cli.cloudfoundry.org/en-US/v8/auth.html"
	cloudfoundryCommands = "https://github.com/cloudfoundry/cli/tree/main/command/v7"
)

// cloudfoundry knows the login that cf auth takes from the environment: a person's, or that of an account for one space, as a service key of
// cloud.gov is. Nothing in it says which.
func cloudfoundry() detectors.Provider {
	const login = "login"
	destroy := func(name, path string, commands ...string) detectors.Operation {
		o := detectors.Operation{Name: name, Does: detectors.Destroy, Calls: []string{"http DELETE " + path}, Source: cloudfoundryCommands}
		for _, command := range commands {
			o.Calls = append(o.Calls, "cli cf "+command)
		}
		return o
	}
	return detectors.Provider{
		Name:  "cloudfoundry",
		Title: "Cloud Foundry",
		Rules: []detectors.Rule{{
			ID:          "cloudfoundry-password",
			Description: "a password in the variable of Cloud Foundry's program",
			Pattern:     assigned(`\bcf_password`, password),
			Group:       1,
			Keywords:    []string{"cf_password"},
			Entropy:     2.8,
			Allowlists:  []detectors.Allowlist{notAnID(), notAPath()},
			Kinds:       []string{login},
		}},
		Kinds: []detectors.Kind{{
			Name:      login,
			Title:     "login",
			Scope:     detectors.ScopeContainer,
			Bound:     "the organizations and spaces of one foundation in which it has a role, which it does not show",
			AtMost:    detectors.Full,
			Variables: []string{"CF_PASSWORD"},
			Partners:  []detectors.Partner{{Title: "user", Variables: []string{"CF_USERNAME"}, Needed: true}},
			Cut:       "use an account that has a role in staging's space alone, and change this password",
			Source:    cloudfoundryAuth,
		}},
		Tools: []detectors.Tool{{
			Name: "cf", Needs: detectors.NeedsToken, Aliases: []string{"cf8", "cf7"}, Variables: []string{"CF_PASSWORD"}, Selectors: []string{"-s", "-o"}, Source: cloudfoundryAuth,
		}},
		Operations: []detectors.Operation{
			destroy("delete a service instance", "/v3/service_instances/*", "delete-service", "ds"),
			destroy("delete an app", "/v3/apps/*", "delete", "d"),
			destroy("delete a space", "/v3/spaces/*", "delete-space"),
			destroy("delete an organization", "/v3/organizations/*", "delete-org"),
			destroy("delete a domain", "/v3/domains/*", "delete-private-domain", "delete-domain", "delete-shared-domain"),
			{
				Name: "run a task, which may do anything", Does: detectors.Write | detectors.Destroy,
				Calls: []string{"cli cf run-task", "cli cf rt", "cli cf ssh", "http POST /v3/apps/*/tasks"}, Source: cloudfoundryCommands,
			},
			{
				Name: "make keys or give roles", Does: detectors.Admin,
				Calls: []string{
					"cli cf create-service-key", "cli cf csk", "cli cf set-space-role", "cli cf set-org-role", "cli cf create-user", "http POST /v3/roles",
					"http POST /v3/service_credential_bindings",
				},
				Source: cloudfoundryCommands,
			},
			{Name: "deploy", Does: detectors.Write, Calls: []string{"cli cf push", "cli cf p", "cli cf restage", "cli cf set-env"}, Source: cloudfoundryCommands},
		},
		Decode: func(text string) detectors.Decoded { return detectors.Decoded{Reject: fakePassword(text, "cf")} },
	}
}
