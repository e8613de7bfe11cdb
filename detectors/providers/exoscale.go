package providers

import "github.com/stagewall/stagewall/detectors"

const (
	exoscaleKeys      = "https://community.exoscale.com/reference/cli/exo/iam/api-key/"
	exoscaleCommands  = "https://community.exoscale.com/reference/cli/"
	exoscaleAPI       = "https://openapi-v2.exoscale.com/"
	exoscaleTerraform = "https://registry.terraform.io/providers/exoscale/exoscale/latest/docs"
)

// exoscale's keys have a role, which says what they may do in their organization and does not show.
func exoscale() detectors.Provider {
	const key, shape = "api-secret", `[A-Za-z0-9_-]{43}`
	destroy := func(name, path, command string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: []string{"http DELETE /v2/" + path, "cli exo " + command}, Source: exoscaleAPI}
	}
	snapshot := destroy("delete a snapshot", "snapshot/*", "compute instance snapshot delete")
	snapshot.DeletesBackups = true
	return detectors.Provider{
		Name:  "exoscale",
		Title: "Exoscale",
		Hosts: []string{".exoscale.com"},
		Rules: []detectors.Rule{{
			ID:          "exoscale-api-secret",
			Description: "43 letters, digits, dashes and underscores named as the secret of an Exoscale key",
			// No document says the form: secrets that were seen have it.
			Pattern:    assigned(named(`exoscale`, `(?:api[_-]?)?secret(?:[_-]?key)?`), shape),
			Group:      1,
			Keywords:   []string{"exoscale"},
			Entropy:    3.8,
			Allowlists: []detectors.Allowlist{notAnID(), notAName()},
			Kinds:      []string{key},
		}},
		Kinds: []detectors.Kind{{
			Name:      key,
			Title:     "API secret",
			Scope:     detectors.ScopeAccount,
			Bound:     "everything in the organization, as far as its role goes",
			AtMost:    detectors.Full,
			Variables: []string{"EXOSCALE_API_SECRET", "EXOSCALE_SECRET_KEY"},
			Shape:     shape,
			Partners:  []detectors.Partner{{Title: "key", Variables: []string{"EXOSCALE_API_KEY"}, Shape: `EXO[0-9A-Za-z]{24}`}},
			Cut:       "make a key with a role, or in an organization, for staging's resources only, and delete this one",
			Source:    exoscaleKeys,
		}},
		Tools: []detectors.Tool{
			{
				Name: "exo", Needs: detectors.NeedsToken, Variables: []string{"EXOSCALE_API_SECRET"}, Selectors: []string{"-A", "--use-account"}, Values: []string{"-C", "--config", "-z", "--zone"},
				Source: exoscaleCommands,
			},
			{
				Name: "terraform", Aliases: []string{"tofu", "terragrunt"}, Variables: []string{"EXOSCALE_API_SECRET"}, Selectors: []string{"-var-file"}, Source: exoscaleTerraform,
			},
		},
		Operations: []detectors.Operation{
			destroy("delete an instance", "instance/*", "compute instance delete"),
			destroy("delete a database service", "dbaas-service/*", "dbaas delete"),
			destroy("delete a Kubernetes cluster", "sks-cluster/*", "compute sks delete"),
			destroy("delete a volume", "block-storage/*", "compute block-storage delete"),
			destroy("delete a domain", "dns-domain/*", "dns delete"),
			snapshot,
			{Name: "delete a bucket, or what is in it", Does: detectors.Destroy, Calls: []string{"cli exo storage rb", "cli exo storage delete"}, Source: exoscaleCommands},
			{Name: "make a key or a role", Does: detectors.Admin, Calls: []string{"http POST /v2/api-key", "http POST /v2/iam-role", "cli exo iam api-key create"}, Source: exoscaleAPI},
			{Name: "create an instance", Does: detectors.Write, Calls: []string{"http POST /v2/instance", "cli exo compute instance create"}, Source: exoscaleAPI},
		},
	}
}
