package providers

import "github.com/stagewall/stagewall/detectors"

const (
	civoKeys     = "https://www.civo.com/docs/account/api-keys"
	civoAPI      = "https://github.com/civo/civogo" // the client of the API
	civoCommands = "https://github.com/civo/cli"
)

// civo's key is its account's, for everything in it: letters and digits, known by their variable.
func civo() detectors.Provider {
	const key, shape = "api-key", `[A-Za-z0-9]{50}`
	destroy := func(name, path, noun string) detectors.Operation {
		o := detectors.Operation{Name: name, Does: detectors.Destroy, Calls: []string{"http DELETE /v2/" + path}, Source: civoAPI}
		for _, verb := range []string{"remove", "delete", "destroy", "rm"} { // the program takes all of them for one
			o.Calls = append(o.Calls, "cli civo "+noun+" "+verb)
		}
		return o
	}
	backup := destroy("delete a database's backup", "databases/*/backups/*", "database backup")
	backup.DeletesBackups = true
	return detectors.Provider{
		Name:  "civo",
		Title: "Civo",
		Hosts: []string{"api.civo.com"},
		Rules: []detectors.Rule{
			{
				ID:          "civo-api-key",
				Description: "50 letters and digits in a variable for Civo's keys",
				// No document says the form: keys that were seen have it.
				Pattern:    assigned(`civo_(?:api_)?(?:token|key)`, shape),
				Group:      1,
				Keywords:   []string{"civo_"},
				Entropy:    4,
				Allowlists: []detectors.Allowlist{notAnID(), notAName()},
				Kinds:      []string{key},
			},
			handed("civo", shape, []string{"api.civo.com"}, 4, []string{key}),
			{ID: "civo-host", Description: "a host of Civo's API", Pattern: `\bapi\.civo\.com\b`, Keywords: []string{"api.civo.com"}, SkipReport: true},
		},
		Kinds: []detectors.Kind{{
			Name:      key,
			Title:     "API key",
			Scope:     detectors.ScopeAccount,
			Bound:     "everything in the account",
			AtMost:    detectors.Full,
			Variables: []string{"CIVO_TOKEN", "CIVO_API_KEY"},
			Headers:   []string{"Authorization Bearer"},
			Shape:     shape,
			Cut:       "give staging an account of its own, and make this key anew",
			Source:    civoKeys,
		}},
		Tools: []detectors.Tool{
			{Name: "civo", Needs: detectors.NeedsToken, Variables: []string{"CIVO_TOKEN", "CIVO_API_KEY"}, Selectors: []string{"--region", "--config"}, Source: civoCommands},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"CIVO_TOKEN"}, Selectors: []string{"-var-file"},
				Source: "https://registry.terraform.io/providers/civo/civo/latest/docs",
			},
		},
		Operations: []detectors.Operation{
			destroy("delete a Kubernetes cluster", "kubernetes/clusters/*", "kubernetes"),
			destroy("delete an instance", "instances/*", "instance"),
			destroy("delete a database", "databases/*", "database"),
			backup,
			destroy("delete a volume", "volumes/*", "volume"),
			destroy("delete an object store", "objectstores/*", "objectstore"),
			destroy("delete a domain", "dns/*", "domain"),
			destroy("delete a record", "dns/*/records/*", "domain record"),
			{Name: "make teams or roles", Does: detectors.Admin, Calls: []string{"http POST /v2/teams", "http POST /v2/roles", "cli civo teams create"}, Source: civoAPI},
			{
				Name: "create a cluster or instance", Does: detectors.Write,
				Calls: []string{"http POST /v2/kubernetes/clusters", "http POST /v2/instances", "cli civo kubernetes create", "cli civo instance create"}, Source: civoCommands,
			},
		},
	}
}
