package providers

import "github.com/stagewall/stagewall/detectors"

const (
	spaceliftKeys     = "https://docs.spacelift.io/integrations/api"
	spaceliftCommands = "https://docs.spacelift.io/concepts/spacectl"
)

// spacelift's keys start runs of stacks, and with them whatever the stacks' clouds allow.
func spacelift() detectors.Provider {
	const key, token = "api-key-secret", "api-token"
	const bound = "the stacks of the spaces in which it has a role, which it does not show, and all that these manage"
	return detectors.Provider{
		Name:  "spacelift",
		Title: "Spacelift",
		Hosts: []string{".app.spacelift.io"},
		Rules: []detectors.Rule{{
			ID:          "spacelift-api-key-secret",
			Description: "64 hexadecimal digits in a variable for the secret of a key",
			// No document says the form: secrets that were seen have it.
			Pattern:    assigned(`spacelift_(?:api_)?key_secret`, `[0-9a-f]{64}`),
			Group:      1,
			Keywords:   []string{"spacelift_"},
			Entropy:    3,
			Allowlists: []detectors.Allowlist{notAnID()},
			Kinds:      []string{key},
		}},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key secret",
				Scope:     detectors.ScopeAccount,
				Bound:     bound,
				AtMost:    detectors.Full,
				Variables: []string{"SPACELIFT_API_KEY_SECRET"},
				Shape:     `[0-9a-f]{64}`,
				Partners:  []detectors.Partner{{Title: "key id", Variables: []string{"SPACELIFT_API_KEY_ID"}, Needed: true}},
				Cut:       "use a key of OIDC, or one with a role in staging's space alone, and delete this one",
				Source:    spaceliftKeys,
			},
			{
				Name:      token,
				Title:     "API token",
				Scope:     detectors.ScopeAccount,
				Bound:     bound + ", until it expires",
				AtMost:    detectors.Full,
				Variables: []string{"SPACELIFT_API_TOKEN"},
				Headers:   []string{"Authorization Bearer"},
				Cut:       "use a key of OIDC, or one with a role in staging's space alone",
				Source:    spaceliftKeys,
			},
		},
		Tools: []detectors.Tool{{
			Name: "spacectl", Needs: detectors.NeedsToken, Variables: []string{"SPACELIFT_API_KEY_SECRET", "SPACELIFT_API_TOKEN"}, Selectors: []string{"--id", "--space"},
			Source: spaceliftCommands,
		}},
		Containers: []detectors.Container{{Variable: "SPACELIFT_API_KEY_ENDPOINT", What: "host"}},
		Operations: []detectors.Operation{
			{ // with the flag, or the argument, also what the stack manages
				Name: "delete a stack", Does: detectors.Destroy, Calls: []string{"graphql stackDelete", "cli spacectl stack delete"},
				Source: "https://github.com/spacelift-io/spacectl/blob/main/internal/cmd/stack/delete.go",
			},
			{
				Name: "run a task, which may do anything", Does: detectors.Write | detectors.Destroy, Calls: []string{"graphql taskCreate", "cli spacectl stack task"},
				Source: "https://docs.spacelift.io/concepts/run/task",
			},
			{
				Name: "start or confirm a run", Does: detectors.Write | detectors.Destroy,
				Calls:  []string{"graphql runTrigger", "graphql runConfirm", "cli spacectl stack deploy", "cli spacectl stack confirm", "cli spacectl stack approve"},
				Source: spaceliftCommands,
			},
			{
				Name: "set variables", Does: detectors.Write, Calls: []string{"graphql stackConfigAdd", "cli spacectl stack environment setvar"}, Source: spaceliftCommands,
			},
		},
	}
}
