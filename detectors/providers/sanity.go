package providers

import "github.com/stagewall/stagewall/detectors"

// sanity gives a token one project with all its datasets, production's and staging's alike, unless a role of the project's own limits it.
func sanity() detectors.Provider {
	const token = "api-token"
	return detectors.Provider{
		Name:  "sanity",
		Title: "Sanity",
		Hosts: []string{".api.sanity.io", ".apicdn.sanity.io", "api.sanity.io"},
		Rules: []detectors.Rule{
			{
				ID:          "sanity-token",
				Description: "a token for Sanity's API, on a line that names Sanity",
				Pattern:     beside(`sanity`, `sk[0-9A-Za-z]{78,200}`),
				Group:       1,
				Keywords:    []string{"sanity"},
				Entropy:     4,
				Kinds:       []string{token},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:   token,
				Title:  "API token",
				Scope:  detectors.ScopeContainer,
				Bound:  "every dataset of one project, which it does not name: production and staging share a project unless somebody made two",
				AtMost: detectors.Full,
				Variables: []string{
					"SANITY_AUTH_TOKEN", "SANITY_API_TOKEN", "SANITY_TOKEN", "SANITY_API_READ_TOKEN", "SANITY_API_WRITE_TOKEN",
					"SANITY_WRITE_TOKEN", "SANITY_READ_TOKEN",
				},
				Shape:  `sk[0-9A-Za-z]{78,200}`,
				Cut:    "give staging a project of its own, or a token with the role viewer, and delete this one",
				Source: "https://www.sanity.io/docs/http-auth",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "sanity",
				Aliases:   []string{"@sanity/cli"},
				Variables: []string{"SANITY_AUTH_TOKEN"},
				Selectors: []string{"--dataset", "-d", "--project"},
				Source:    "https://www.sanity.io/docs/cli",
			},
		},
		Containers: []detectors.Container{
			{Variable: "SANITY_PROJECT_ID", What: "project"},
			{Variable: "SANITY_STUDIO_PROJECT_ID", What: "project"},
			{Variable: "NEXT_PUBLIC_SANITY_PROJECT_ID", What: "project"},
			{Variable: "SANITY_STUDIO_API_PROJECT_ID", What: "project"},
		},
		Operations: []detectors.Operation{
			{
				Name: "dataset delete", Does: detectors.Destroy,
				Calls:  []string{"cli sanity dataset delete", "http DELETE /*/projects/*/datasets/*"},
				Source: "https://www.sanity.io/docs/cli-reference/dataset",
			},
			{
				Name: "documents delete", Does: detectors.Destroy,
				Calls:  []string{"cli sanity documents delete"},
				Source: "https://www.sanity.io/docs/cli-reference/documents",
			},
			{
				Name: "dataset import", Does: detectors.Destroy,
				Calls:  []string{"cli sanity dataset import"},
				Source: "https://www.sanity.io/docs/importing-data",
			},
			{
				Name: "mutate", Does: detectors.Write,
				Calls:  []string{"http POST /*/data/mutate/*", "http POST /*/data/actions/*"},
				Source: "https://www.sanity.io/docs/http-mutations",
			},
			{
				Name: "make tokens and invite", Does: detectors.Admin,
				Calls:  []string{"http POST /*/projects/*/tokens", "cli sanity users invite"},
				Source: "https://www.sanity.io/docs/projects-api",
			},
		},
	}
}
