package providers

import "github.com/stagewall/stagewall/detectors"

const (
	cloudsmithKeys     = "https://docs.cloudsmith.com/accounts-and-teams/api-key"
	cloudsmithCommands = "https://github.com/cloudsmith-io/cloudsmith-cli"
	cloudsmithAPI      = "https://github.com/cloudsmith-io/cloudsmith-api" // clients made of its description
)

// cloudsmith's keys are a person's or a service's, for every repository that these may write to.
func cloudsmith() detectors.Provider {
	const key, shape = "api-key", `[0-9a-f]{40}`
	return detectors.Provider{
		Name:  "cloudsmith",
		Title: "Cloudsmith",
		Hosts: []string{"api.cloudsmith.io"},
		Rules: []detectors.Rule{{
			ID:          "cloudsmith-api-key",
			Description: "40 hexadecimal digits named as a Cloudsmith API key",
			// No document says the form: keys that were seen have it.
			Pattern:    assigned(named(`cloudsmith`, `(?:api[_-]?)?(?:key|token)`), shape),
			Group:      1,
			Keywords:   []string{"cloudsmith"},
			Entropy:    3,
			Allowlists: []detectors.Allowlist{notAnID()},
			Kinds:      []string{key},
		}},
		Kinds: []detectors.Kind{{
			Name:      key,
			Title:     "API key",
			Scope:     detectors.ScopeAccount,
			Bound:     "every repository that its user or service may use",
			AtMost:    detectors.Full,
			Variables: []string{"CLOUDSMITH_API_KEY"},
			Shape:     shape,
			Cut:       "give staging an entitlement token, which only reads, or a service of its own for its repositories, and refresh this key",
			Source:    cloudsmithKeys,
		}},
		Tools: []detectors.Tool{{
			Name: "cloudsmith", Needs: detectors.NeedsToken, Variables: []string{"CLOUDSMITH_API_KEY"}, Values: []string{"--config-file", "--credentials-file"}, Source: cloudsmithCommands,
		}},
		Operations: []detectors.Operation{
			{Name: "delete a repository", Does: detectors.Destroy, Calls: []string{"http DELETE /repos/*/*/", "cli cloudsmith repositories delete", "cli cloudsmith repos rm"}, Source: cloudsmithCommands},
			{Name: "delete a package", Does: detectors.Destroy, Calls: []string{"http DELETE /packages/*/*/*/", "cli cloudsmith delete", "cli cloudsmith rm"}, Source: cloudsmithCommands},
			{Name: "make an entitlement token", Does: detectors.Admin, Calls: []string{"http POST /entitlements/*/*/", "cli cloudsmith entitlements create"}, Source: cloudsmithCommands},
			{Name: "publish a package", Does: detectors.Write, Calls: []string{"http POST /packages/*/*/upload/**", "cli cloudsmith push"}, Source: cloudsmithAPI},
		},
	}
}
