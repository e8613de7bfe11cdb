package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	openaiKeys = "https://help.openai.com/en/articles/8867743-assign-api-key-permissions"
	openaiAPI  = "https://platform.openai.com/docs/api-reference/"
)

// openai binds keys to a project, which they do not name. Newer keys say in their text whose they are; all hold "OpenAI" in base64.
func openai() detectors.Provider {
	const (
		admin   = "admin-key"
		user    = "user-key"
		project = "project-key"
	)
	const (
		mark   = `[0-9A-Za-z_-]{20,}T3BlbkFJ[0-9A-Za-z_-]{20,}`
		scoped = `sk-(?:proj|svcacct|service)-` + mark
		legacy = `sk-(?:None-)?[0-9A-Za-z]{20,}T3BlbkFJ[0-9A-Za-z]{20,}`
	)
	wide := []string{admin}
	return detectors.Provider{
		Name:  "openai",
		Title: "OpenAI",
		Hosts: []string{"api.openai.com", "eu.api.openai.com", "us.api.openai.com"},
		Rules: []detectors.Rule{{
			ID:          "openai-key",
			Description: "a key for OpenAI's API",
			Pattern:     prefixed(`sk-admin-` + mark + `|` + scoped + `|` + legacy),
			Group:       1,
			Keywords:    []string{"t3blbkfj"},
			Entropy:     3,
			Kinds:       []string{admin, user, project},
		}},
		Kinds: []detectors.Kind{
			{
				Name:      admin,
				Title:     "admin key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every project of the organization, its people and its keys",
				AtMost:    detectors.Full,
				Variables: []string{"OPENAI_ADMIN_KEY"},
				Shape:     `sk-admin-` + mark,
				Cut:       "give staging a project key of its own project, and delete this admin key",
				Source:    openaiAPI + "administration",
			},
			{
				Name:   user,
				Title:  "legacy user key",
				Scope:  detectors.ScopeAccount,
				Bound:  "everything that the person may use, in every project",
				AtMost: detectors.UnknownPower,
				Shape:  legacy,
				Cut:    "make a project key in staging's own project, and revoke this one",
				Source: openaiKeys,
			},
			{
				Name:      project,
				Title:     "project or service account key",
				Scope:     detectors.ScopeContainer,
				Bound:     "one project, which it does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"OPENAI_API_KEY"},
				Shape:     scoped,
				Cut:       "make a key in staging's own project, restricted to what staging calls, and revoke this one",
				Source:    openaiKeys,
			},
		},
		Tools: []detectors.Tool{{
			Name:      "openai",
			Aliases:   []string{"codex", "@openai/codex"},
			Variables: []string{"OPENAI_API_KEY", "OPENAI_ADMIN_KEY"},
			Source:    "https://github.com/openai/openai-python",
		}},
		Containers: []detectors.Container{
			{Variable: "OPENAI_PROJECT_ID", What: "project"},
			{Variable: "OPENAI_ORG_ID", What: "account"},
		},
		Libraries: []detectors.Library{{
			Names: []string{"openai"}, Variables: []string{"OPENAI_API_KEY", "OPENAI_ADMIN_KEY"},
			Source: "https://github.com/openai/openai-python/blob/main/src/openai/_client.py",
		}},
		// Methods of libraries: https://github.com/openai/openai-python/blob/main/api.md
		Operations: []detectors.Operation{
			{
				Name: "archive a project", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"http POST /v1/organization/projects/*/archive", "sdk organization.projects.archive"},
				Source: openaiAPI + "projects/archive",
			},
			{
				Name: "remove a person", Does: detectors.Admin, Kinds: wide,
				Calls:  []string{"http DELETE /v1/organization/users/*", "sdk organization.users.delete", "http DELETE /v1/organization/projects/*/users/*"},
				Source: openaiAPI + "users/delete",
			},
			{
				Name: "make a key", Does: detectors.Admin, Kinds: wide,
				Calls:  []string{"http POST /v1/organization/admin_api_keys", "http POST /v1/organization/projects/*/service_accounts"},
				Source: openaiAPI + "admin-api-keys/create",
			},
			{
				Name: "delete a file", Does: detectors.Destroy, Kinds: []string{user, project},
				Calls:  []string{"http DELETE /v1/files/*", "sdk files.delete"},
				Source: openaiAPI + "files/delete",
			},
			{
				Name: "delete a vector store", Does: detectors.Destroy, Kinds: []string{user, project},
				Calls:  []string{"http DELETE /v1/vector_stores/*", "sdk vector_stores.delete", "sdk vector_stores.files.delete", "http DELETE /v1/vector_stores/*/files/*"},
				Source: openaiAPI + "vector-stores/delete",
			},
			{
				Name: "delete a fine-tuned model", Does: detectors.Destroy, Kinds: []string{user, project},
				Calls:  []string{"http DELETE /v1/models/*", "sdk models.delete"},
				Source: openaiAPI + "models/delete",
			},
			{
				Name: "delete an assistant", Does: detectors.Destroy, Kinds: []string{user, project},
				Calls:  []string{"http DELETE /v1/assistants/*", "sdk assistants.delete", "sdk threads.delete", "http DELETE /v1/threads/*"},
				Source: openaiAPI + "assistants/deleteAssistant",
			},
		},
		Decode: func(key string) detectors.Decoded {
			switch {
			case !strings.HasPrefix(key, "sk-"):
				return detectors.Decoded{}
			case strings.HasPrefix(key, "sk-admin-"):
				return detectors.Decoded{Kind: admin}
			case strings.HasPrefix(key, "sk-proj-"), strings.HasPrefix(key, "sk-svcacct-"), strings.HasPrefix(key, "sk-service-"):
				return detectors.Decoded{Kind: project}
			}
			return detectors.Decoded{Kind: user}
		},
	}
}
