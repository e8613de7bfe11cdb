package providers

import "github.com/stagewall/stagewall/detectors"

const (
	octopusKeys     = "https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key"
	octopusExamples = "https://octopus.com/docs/octopus-rest-api/examples/"
	octopusCommands = "https://octopus.com/docs/octopus-rest-api/cli/"
)

// octopus' keys are a person's or a service account's, and deploy to every environment that these may: API- and capitals and digits, on a line
// that names Octopus.
func octopus() detectors.Provider {
	const key, shape = "api-key", `API-[A-Z0-9]{25,40}`
	destroy := func(name, source string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: calls, Source: source}
	}
	remove := func(noun, path string) detectors.Operation { // what the program deletes by three names
		command := "cli octopus " + noun
		return destroy("delete a "+noun, octopusCommands+"octopus-"+noun+"-delete", "http DELETE "+path, command+" delete", command+" rm", command+" remove")
	}
	return detectors.Provider{
		Name:  "octopus",
		Title: "Octopus Deploy",
		Hosts: []string{".octopus.app"},
		Rules: []detectors.Rule{
			{
				ID:          "octopus-api-key",
				Description: "a key on a line that names Octopus",
				// No document says the length: those of keys that were seen differ.
				Pattern:    beside(`\bocto(?:pus)?`, shape),
				Group:      1,
				Keywords:   []string{"octopus", "octo "},
				Entropy:    3,
				Allowlists: []detectors.Allowlist{notAName()},
				Kinds:      []string{key},
			},
			handed("octopus", shape, []string{"octopus.app", "x-octopus-apikey"}, 3, []string{key}),
			{ID: "octopus-host", Description: "a host of Octopus's API", Pattern: `(?i:\.octopus\.app\b|\bx-octopus-apikey\b)`, Keywords: []string{"octopus.app", "x-octopus-apikey"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{{
			Name:      key,
			Title:     "API key",
			Scope:     detectors.ScopeAccount,
			Bound:     "every space, project and environment of one server that its owner may touch",
			AtMost:    detectors.Full,
			Variables: []string{"OCTOPUS_API_KEY", "OCTOPUS_CLI_API_KEY"},
			Headers:   []string{"X-Octopus-ApiKey"},
			Shape:     shape,
			Cut:       "use OpenID Connect, or the key of a service account whose team may deploy to staging alone, and revoke this one",
			Source:    octopusKeys,
		}},
		Tools: []detectors.Tool{
			{
				Name: "octopus", Needs: detectors.NeedsToken, Variables: []string{"OCTOPUS_API_KEY"}, Selectors: []string{"--environment", "-e", "--space", "-s"},
				Source: "https://github.com/OctopusDeploy/cli",
			},
			{
				Name: "octo", Needs: detectors.NeedsToken, Variables: []string{"OCTOPUS_CLI_API_KEY"}, Selectors: []string{"--deployTo", "--deployto", "--space", "--server"},
				Source: "https://octopus.com/docs/octopus-rest-api/octopus-cli",
			},
		},
		Containers: []detectors.Container{{Variable: "OCTOPUS_URL", What: "host"}, {Variable: "OCTOPUS_SPACE", Names: true, What: "project"}},
		Operations: []detectors.Operation{
			undo(destroy("delete a project", octopusExamples+"projects/delete-project", "http DELETE /api/*/projects/*", "http DELETE /api/projects/*",
				"cli octopus project delete", "cli octopus project rm", "cli octopus project remove", "cli octo delete-project"), "no undo", ""),
			undo(destroy("delete a space", octopusExamples+"spaces/delete-a-space", "http DELETE /api/spaces/*", "cli octopus space delete", "cli octopus space rm",
				"cli octopus space remove"), "no undo", ""),
			remove("environment", "/api/*/environments/*"),
			remove("tenant", "/api/*/tenants/*"),
			remove("deployment-target", "/api/*/machines/*"),
			remove("account", "/api/*/accounts/*"),
			remove("runbook", "/api/*/runbooks/*"),
			remove("release", "/api/*/releases/*"),
			{
				Name: "run a runbook, which may do anything", Does: detectors.Write | detectors.Destroy,
				Calls:  []string{"cli octopus runbook run", "cli octo run-runbook", "http POST /api/*/runbook-runs/create/*", "http POST /api/*/runbookRuns"},
				Source: "https://octopus.com/docs/runbooks",
			},
			{
				Name: "make keys or users", Does: detectors.Admin,
				Calls: []string{"http POST /api/users/*/apikeys", "http POST /api/users"}, Source: octopusKeys,
			},
			{
				Name: "deploy a release", Does: detectors.Write,
				Calls: []string{
					"cli octopus release deploy", "cli octopus release create", "cli octo deploy-release", "cli octo create-release", "http POST /api/*/deployments",
					"http POST /api/*/deployments/create/*",
				},
				Source: octopusCommands + "octopus-release-deploy",
			},
		},
	}
}
