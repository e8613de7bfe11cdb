package providers

import "github.com/stagewall/stagewall/detectors"

const (
	koyebCommands  = "https://www.koyeb.com/docs/build-and-deploy/cli/reference"
	koyebAPI       = "https://www.koyeb.com/docs/reference/api"
	koyebTerraform = "https://registry.terraform.io/providers/koyeb/koyeb/latest/docs"
)

// koyeb's tokens are a person's or an organization's, for everything in it.
func koyeb() detectors.Provider {
	const token, shape = "api-token", `[a-z0-9]{64}`
	destroy := func(name, path, noun string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: []string{"http DELETE /v1/" + path, "cli koyeb " + noun + " delete"}, Source: koyebCommands}
	}
	return detectors.Provider{
		Name:  "koyeb",
		Title: "Koyeb",
		Hosts: []string{"app.koyeb.com", "api.koyeb.com"},
		Rules: []detectors.Rule{
			{
				ID:          "koyeb-api-token",
				Description: "64 lower-case letters and digits named as a Koyeb API token",
				// No document says the form: tokens that were seen have it.
				Pattern:    assigned(named(`koyeb`, `(?:token|key)`), shape),
				Group:      1,
				Keywords:   []string{"koyeb"},
				Entropy:    3.5,
				Allowlists: []detectors.Allowlist{notAnID(), notAName()},
				Kinds:      []string{token},
			},
			handed("koyeb", shape, []string{"koyeb.com"}, 3.5, []string{token}),
			{ID: "koyeb-host", Description: "a host of Koyeb's API", Pattern: `\b(?:app|api)\.koyeb\.com\b`, Keywords: []string{"koyeb.com"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{{
			Name:      token,
			Title:     "API token",
			Scope:     detectors.ScopeAccount,
			Bound:     "everything in the organization: apps have no environments that it is for",
			AtMost:    detectors.Full,
			Variables: []string{"KOYEB_TOKEN", "KOYEB_API_TOKEN"},
			Headers:   []string{"Authorization Bearer"},
			Shape:     shape,
			Cut:       "give staging an organization of its own, and delete this token",
			Source:    koyebAPI,
		}},
		Tools: []detectors.Tool{
			{
				Name: "koyeb", Needs: detectors.NeedsToken, Variables: []string{"KOYEB_TOKEN"}, Selectors: []string{"-a", "--app", "--organization"},
				Values: []string{"-c", "--config", "-o", "--output"}, Source: koyebCommands,
			},
			{Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"KOYEB_TOKEN"}, Selectors: []string{"-var-file"}, Source: koyebTerraform},
		},
		Operations: []detectors.Operation{
			destroy("delete an app", "apps/*", "apps"),
			destroy("delete a service", "services/*", "services"),
			destroy("delete a secret", "secrets/*", "secrets"),
			destroy("delete a domain", "domains/*", "domains"),
			{Name: "delete a database", Does: detectors.Destroy, Calls: []string{"cli koyeb databases delete"}, Source: koyebCommands},
			{Name: "delete a volume", Does: detectors.Destroy, Calls: []string{"http DELETE /v1/volumes/*", "cli koyeb volumes delete"}, Source: koyebCommands},
			{Name: "make a token", Does: detectors.Admin, Calls: []string{"http POST /v1/credentials"}, Source: koyebAPI},
			{Name: "deploy a service", Does: detectors.Write, Calls: []string{"http POST /v1/services", "cli koyeb services create", "cli koyeb services redeploy", "cli koyeb deploy"}, Source: koyebCommands},
		},
	}
}
