package providers

import "github.com/stagewall/stagewall/detectors"

// codecov limits no token to an environment: upload tokens take coverage in for one repository or all, access tokens read as their person.
func codecov() detectors.Provider {
	const access, upload = "access-token", "upload-token"
	return detectors.Provider{
		Name:  "codecov",
		Title: "Codecov",
		Hosts: []string{"api.codecov.io", "codecov.io", "ingest.codecov.io"},
		Rules: []detectors.Rule{
			{
				ID:          "codecov-token",
				Description: "a UUID named as a Codecov token",
				Pattern:     assigned(named(`codecov`, `token`), uuid),
				Group:       1,
				Keywords:    []string{"codecov"},
				Entropy:     uuidEntropy,
				Allowlists:  []detectors.Allowlist{notAnID(), exampleUUID()},
				Kinds:       []string{access, upload},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      access,
				Title:     "access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every repository of the person",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"CODECOV_API_TOKEN", "CODECOV_ACCESS_TOKEN"},
				Shape:     uuid,
				Cut:       "use an upload token, and revoke this one",
				Source:    "https://docs.codecov.com/reference/overview",
			},
			{
				Name:      upload,
				Title:     "upload token",
				Scope:     detectors.ScopeOutside,
				Bound:     "sending coverage for one repository, or for all of an organization",
				AtMost:    detectors.Write,
				Variables: []string{"CODECOV_TOKEN", "CODECOV_UPLOAD_TOKEN", "CODECOV_STATIC_TOKEN"},
				Cut:       "regenerate it, and keep it in the secrets of the jobs that test",
				Source:    "https://docs.codecov.com/docs/codecov-tokens",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "codecov",
				Aliases:   []string{"codecovcli"},
				Variables: []string{"CODECOV_TOKEN"},
				Selectors: []string{"--slug", "-r"},
				Source:    "https://docs.codecov.com/docs/the-codecov-cli",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "upload coverage", Does: detectors.Write,
				Calls: []string{
					"cli codecov upload-process", "cli codecov do-upload", "cli codecovcli upload-process", "cli codecovcli do-upload",
					"http POST /upload/**",
				},
				Source: "https://docs.codecov.com/docs/the-codecov-cli",
			},
		},
	}
}
