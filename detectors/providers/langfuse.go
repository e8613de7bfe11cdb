package providers

import "github.com/stagewall/stagewall/detectors"

const langfuseAPI = "https://github.com/langfuse/langfuse/blob/main/web/public/generated/api/openapi.yml"

// langfuse binds a pair of keys to one project, which they do not name.
func langfuse() detectors.Provider {
	const secret, public = "secret-key", "public-key"
	return detectors.Provider{
		Name:  "langfuse",
		Title: "Langfuse",
		Hosts: []string{"cloud.langfuse.com", "us.cloud.langfuse.com"},
		Rules: []detectors.Rule{
			{
				ID:          "langfuse-secret-key",
				Description: "a secret key of a Langfuse project",
				Pattern:     prefixed(`sk-lf-` + uuid),
				Group:       1,
				Keywords:    []string{"sk-lf-"},
				Entropy:     3,
				Kinds:       []string{secret},
			},
			{
				ID:          "langfuse-public-key",
				Description: "a public key of a Langfuse project",
				Pattern:     prefixed(`pk-lf-` + uuid),
				Group:       1,
				Keywords:    []string{"pk-lf-"},
				Entropy:     3,
				Kinds:       []string{public},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "secret key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one project, which it does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"LANGFUSE_SECRET_KEY"},
				Shape:     `sk-lf-` + uuid,
				Cut:       "use the keys of staging's project, and delete these",
				Source:    "https://langfuse.com/docs/api-and-data-platform/features/public-api",
			},
			{
				Name:      public,
				Title:     "public key",
				Scope:     detectors.ScopePublic,
				Bound:     "an id that opens nothing without the secret key",
				Variables: []string{"LANGFUSE_PUBLIC_KEY"},
				Shape:     `pk-lf-` + uuid,
				Source:    "https://langfuse.com/docs/api-and-data-platform/features/public-api",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a trace", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/public/traces/*", "http DELETE /api/public/traces"},
				Source: langfuseAPI,
			},
			{
				Name: "delete a data set item", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http DELETE /api/public/dataset-items/*", "http DELETE /api/public/datasets/*/runs/*"},
				Source: langfuseAPI,
			},
			{
				Name: "delete a prompt or score", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/public/v2/prompts/*", "http DELETE /api/public/scores/*"},
				Source: langfuseAPI,
			},
			{
				Name: "delete a project", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/public/projects/*"},
				Source: langfuseAPI,
			},
		},
	}
}
