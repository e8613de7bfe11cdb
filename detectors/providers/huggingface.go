package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	huggingfaceTokens = "https://huggingface.co/docs/hub/security-tokens"
	huggingfaceCLI    = "https://huggingface.co/docs/huggingface_hub/guides/cli"
	huggingfaceAPI    = "https://huggingface.co/docs/huggingface_hub/package_reference/hf_api"
)

// huggingface gives a person tokens whose role, read, write or fine-grained, is not in the text.
func huggingface() detectors.Provider {
	const user, organization = "user-token", "organization-token"
	return detectors.Provider{
		Name:  "huggingface",
		Title: "Hugging Face",
		Hosts: []string{"huggingface.co", "api-inference.huggingface.co", "router.huggingface.co", ".huggingface.cloud"},
		Rules: []detectors.Rule{{
			ID:          "huggingface-token",
			Description: "a token for Hugging Face",
			Pattern:     prefixed(`(?:hf|api_org)_[0-9A-Za-z]{34}`),
			Group:       1,
			Keywords:    []string{"hf_", "api_org_"},
			Entropy:     3.5,
			Kinds:       []string{user, organization},
		}},
		Kinds: []detectors.Kind{
			{
				Name:      user,
				Title:     "user access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "what the person may open, within the token's role, which it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HUGGINGFACE_TOKEN", "HUGGINGFACEHUB_API_TOKEN"},
				Shape:     `hf_[0-9A-Za-z]{34}`,
				Cut:       "make a fine-grained token for staging's repositories, and invalidate this one",
				Source:    huggingfaceTokens,
			},
			{
				Name:   organization,
				Title:  "organization API token",
				Scope:  detectors.ScopeAccount,
				Bound:  "what the organization has",
				AtMost: detectors.UnknownPower,
				Shape:  `api_org_[0-9A-Za-z]{34}`,
				Cut:    "make a fine-grained user token for staging's repositories, and invalidate this one",
				Source: huggingfaceTokens,
			},
		},
		Tools: []detectors.Tool{{
			Name:      "hf",
			Aliases:   []string{"huggingface-cli"},
			Variables: []string{"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"},
			Source:    huggingfaceCLI,
		}},
		Libraries: []detectors.Library{{
			Names: []string{"huggingface_hub"}, Variables: []string{"HF_TOKEN"},
			Source: "https://github.com/huggingface/huggingface_hub/blob/main/docs/source/en/package_reference/environment_variables.md",
		}},
		// Methods of libraries: https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/hf_api.py
		Operations: []detectors.Operation{
			{
				Name: "delete a repository", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http DELETE /api/repos/delete", "cli hf repo delete", "cli hf repos delete", "cli huggingface-cli repo delete", "sdk delete_repo"},
				Source: huggingfaceAPI,
			},
			{
				Name: "delete files", Does: detectors.Write,
				Calls:  []string{"cli hf repo-files delete", "cli huggingface-cli repo-files delete"},
				Source: huggingfaceCLI,
			},
			{
				Name: "upload", Does: detectors.Write,
				Calls:  []string{"cli hf upload", "cli huggingface-cli upload", "http POST /api/repos/create"},
				Source: huggingfaceCLI,
			},
		},
		Decode: func(token string) detectors.Decoded {
			switch {
			case strings.HasPrefix(token, "hf_"):
				return detectors.Decoded{Kind: user}
			case strings.HasPrefix(token, "api_org_"):
				return detectors.Decoded{Kind: organization}
			}
			return detectors.Decoded{}
		},
	}
}
