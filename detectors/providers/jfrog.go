package providers

import "github.com/stagewall/stagewall/detectors"

// jfrog's tokens are for the platform at a host, and where instances trust each other for all of these.
func jfrog() detectors.Provider {
	const token = "access-token"
	return detectors.Provider{
		Name:  "jfrog",
		Title: "JFrog",
		Hosts: []string{".jfrog.io"},
		Rules: []detectors.Rule{
			{
				ID:          "jfrog-token",
				Description: "a key or reference token for JFrog's platform",
				Pattern:     prefixed(`cmVmdGtu[0-9A-Za-z]{56}|AKCp[0-9A-Za-z]{68,70}`),
				Group:       1,
				Keywords:    []string{"cmvmdgtu", "akcp"},
				Entropy:     3.5,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "access token or API key",
				Scope:     detectors.ScopeHost,
				Bound:     "the platform at the host, and every other that trusts it, with the rights of its user",
				AtMost:    detectors.Full,
				Variables: []string{"JFROG_ACCESS_TOKEN", "JF_ACCESS_TOKEN", "ARTIFACTORY_API_KEY", "ARTIFACTORY_TOKEN", "JFROG_API_KEY"},
				Shape:     `cmVmdGtu[0-9A-Za-z]{56}|AKCp[0-9A-Za-z]{68,70}`,
				Cut:       "make a scoped token for staging's repositories with a short life, and revoke this one",
				Source:    "https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "jf",
				Aliases:   []string{"jfrog"},
				Variables: []string{"JFROG_CLI_ACCESS_TOKEN", "JF_ACCESS_TOKEN"},
				Selectors: []string{"--server-id", "--url"},
				Source:    "https://docs.jfrog-applications.jfrog.io/jfrog-applications/jfrog-cli",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete artifacts", Does: detectors.Destroy,
				Calls:  []string{"cli jf rt delete", "cli jf rt del", "http DELETE /artifactory/*/**"},
				Source: "https://docs.jfrog-applications.jfrog.io/jfrog-applications/jfrog-cli/cli-for-jfrog-artifactory/managing-artifacts-and-files",
			},
			{
				Name: "delete a repository", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /artifactory/api/repositories/*", "cli jf rt repo-delete"},
				Source: "https://jfrog.com/help/r/jfrog-rest-apis/delete-repository",
			},
			{
				Name: "make a token", Does: detectors.Admin,
				Calls:  []string{"http POST /access/api/v1/tokens", "cli jf access-token-create", "cli jf atc"},
				Source: "https://jfrog.com/help/r/jfrog-rest-apis/create-token",
			},
			{
				Name: "upload", Does: detectors.Write,
				Calls:  []string{"cli jf rt upload", "cli jf rt u"},
				Source: "https://docs.jfrog-applications.jfrog.io/jfrog-applications/jfrog-cli/cli-for-jfrog-artifactory/managing-artifacts-and-files",
			},
		},
	}
}
