package providers

import "github.com/stagewall/stagewall/detectors"

// cohere calls keys trial or production by how they are paid, which is no environment.
func cohere() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "cohere",
		Title: "Cohere",
		Hosts: []string{"api.cohere.com", "api.cohere.ai"},
		Rules: []detectors.Rule{
			{
				ID:          "cohere-key",
				Description: "a key for Cohere's API",
				Pattern:     assigned(`(?:cohere[A-Za-z0-9_.-]{0,30}(?:key|token)|\bco_api_key)`, `[0-9A-Za-z]{40}`),
				Group:       1,
				Keywords:    []string{"cohere", "co_api_key"},
				Entropy:     4,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "everything of the account: its trial and production keys are two ways to pay",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"CO_API_KEY", "COHERE_API_KEY"},
				Shape:     `[0-9A-Za-z]{40}`,
				Cut:       "make a key of its own for staging, and revoke this one",
				Source:    "https://docs.cohere.com/docs/rate-limits",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a data set", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/datasets/*"},
				Source: "https://docs.cohere.com/reference/delete-dataset",
			},
			{
				Name: "delete a fine-tuned model", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http DELETE /v1/finetuning/finetuned-models/*"},
				Source: "https://docs.cohere.com/reference/deletefinetunedmodel",
			},
		},
	}
}
