package providers

import "github.com/stagewall/stagewall/detectors"

// elevenlabs gives a workspace keys whose rights are chosen when they are made and not in the text.
func elevenlabs() detectors.Provider {
	const key = "api-key"
	return detectors.Provider{
		Name:  "elevenlabs",
		Title: "ElevenLabs",
		Hosts: []string{"api.elevenlabs.io", "api.us.elevenlabs.io"},
		Rules: []detectors.Rule{
			{
				ID:          "elevenlabs-key",
				Description: "a key for ElevenLabs' API",
				Pattern:     prefixed(`sk_[0-9a-f]{48}`),
				Group:       1,
				Keywords:    []string{"sk_"},
				Entropy:     3.3,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      key,
				Title:     "API key",
				Scope:     detectors.ScopeAccount,
				Bound:     "the whole workspace, within rights that it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"ELEVENLABS_API_KEY", "ELEVEN_API_KEY", "XI_API_KEY"},
				Headers:   []string{"xi-api-key"},
				Shape:     `sk_[0-9a-f]{48}`,
				Cut:       "make a key with the rights that staging needs and a limit of credits, and delete this one",
				Source:    "https://elevenlabs.io/docs/api-reference/authentication",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a voice or agent", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/voices/*", "http DELETE /v1/convai/agents/*"},
				Source: "https://elevenlabs.io/docs/api-reference/voices/delete",
			},
			{
				Name: "delete from the history", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/history/*", "http DELETE /v1/convai/conversations/*", "http DELETE /v1/speech-to-text/transcripts/*"},
				Source: "https://elevenlabs.io/docs/api-reference/history/delete",
			},
			{
				Name: "delete a project, dubbing or knowledge", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /v1/studio/projects/*", "http DELETE /v1/dubbing/*", "http DELETE /v1/convai/knowledge-base/*", "http DELETE /v1/convai/phone-numbers/*"},
				Source: "https://github.com/elevenlabs/elevenlabs-python",
			},
			{
				Name: "speak", Does: detectors.Write,
				Calls:  []string{"http POST /v1/text-to-speech/**"},
				Source: "https://elevenlabs.io/docs/api-reference/text-to-speech/convert",
			},
		},
	}
}
