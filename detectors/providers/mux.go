package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// mux gives each environment tokens of its own, which do not name it; a token may read, write, or both.
func mux() detectors.Provider {
	const secret, signing = "token-secret", "signing-key"
	return detectors.Provider{
		Name:  "mux",
		Title: "Mux",
		Hosts: []string{"api.mux.com"},
		Rules: []detectors.Rule{
			{
				ID:          "mux-token-secret",
				Description: "a value named as the secret of a Mux token",
				// No document says the form: secrets that were seen have 75 characters, others may have more or less.
				Pattern:  assigned(named(`\bmux`, `(?:token[_-]?secret|secret)`), `[0-9A-Za-z+/]{60,100}`),
				Group:    1,
				Keywords: []string{"mux"},
				Entropy:  4.2,
				Kinds:    []string{secret},
			},
			{
				ID:          "mux-signing-key",
				Description: "a value named as the private key that signs for Mux",
				Pattern:     assigned(`\bmux[A-Za-z0-9_.-]{0,20}(?:private|signing)[_-]?(?:private[_-]?)?key`, `LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVkt[0-9A-Za-z+/]{200,}={0,2}`),
				Group:       1,
				Keywords:    []string{"mux"},
				Entropy:     4.2,
				Kinds:       []string{signing},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "access token secret",
				Scope:     detectors.ScopeContainer,
				Bound:     "one environment of one organization, which it does not name, for reading, writing or both, which it does not show",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"MUX_TOKEN_SECRET", "MUX_SECRET_KEY", "MUX_ACCESS_TOKEN_SECRET"},
				Cut:       "make a token in staging's environment, and delete this one",
				Source:    "https://docs.mux.com/core/make-api-requests",
			},
			{
				Name:      signing,
				Title:     "signing key",
				Scope:     detectors.ScopeContainer,
				Bound:     "watching the videos of one environment, which it does not name",
				AtMost:    detectors.Read,
				Variables: []string{"MUX_PRIVATE_KEY", "MUX_SIGNING_PRIVATE_KEY"},
				Cut:       "make a key in staging's environment",
				Source:    "https://docs.mux.com/guides/secure-video-playback",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete an asset", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http DELETE /video/v1/assets/*", "http DELETE /video/v1/live-streams/*"},
				Source: "https://docs.mux.com/api-reference/video/assets/delete-asset",
			},
			{
				Name: "delete a signing key", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http DELETE /system/v1/signing-keys/*"},
				Source: "https://docs.mux.com/api-reference/system/signing-keys/delete-signing-key",
			},
			{
				Name: "upload", Does: detectors.Write, Kinds: []string{secret},
				Calls:  []string{"http POST /video/v1/assets", "http POST /video/v1/uploads"},
				Source: "https://docs.mux.com/api-reference/video/direct-uploads",
			},
		},
		Decode: func(text string) detectors.Decoded {
			if strings.HasPrefix(text, "LS0t") {
				return detectors.Decoded{Kind: signing}
			}
			return detectors.Decoded{}
		},
	}
}
