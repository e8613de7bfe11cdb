package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// branch writes the mode into both halves of an app's pair: the key is in every app that is shipped, the secret changes and reads links.
func branch() detectors.Provider {
	const secret, key = "secret", "key"
	return detectors.Provider{
		Name:  "branch",
		Title: "Branch",
		Hosts: []string{"api2.branch.io"},
		Rules: []detectors.Rule{
			{
				ID:          "branch-secret",
				Description: "the secret of a Branch app",
				Pattern:     beside(`branch`, `secret_(?:live|test)_[0-9A-Za-z]{20,64}`),
				Group:       1,
				Keywords:    []string{"branch"},
				Entropy:     3.5,
				Kinds:       []string{secret},
			},
			{
				ID:          "branch-key",
				Description: "the key of a Branch app",
				Pattern:     beside(`branch`, `key_(?:live|test)_[0-9A-Za-z]{20,64}`),
				Group:       1,
				Keywords:    []string{"branch"},
				Entropy:     3.5,
				Kinds:       []string{key},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "secret",
				Scope:     detectors.ScopeText,
				Bound:     "the live or the test side of one app",
				AtMost:    detectors.Read | detectors.Write | detectors.Destroy,
				Variables: []string{"BRANCH_SECRET", "BRANCH_IO_SECRET"},
				Shape:     `secret_(?:live|test)_[0-9A-Za-z]{20,64}`,
				Cut:       "give staging the secret of the test side",
				Source:    "https://help.branch.io/apidocs/deep-linking/overview",
			},
			{
				Name:      key,
				Title:     "key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it is in every app that is shipped",
				Variables: []string{"BRANCH_KEY", "BRANCH_IO_KEY"},
				Shape:     `key_(?:live|test)_[0-9A-Za-z]{20,64}`,
				Source:    "https://help.branch.io/developers-hub/docs/react-native",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a link", Does: detectors.Destroy, Kinds: []string{secret},
				Calls:  []string{"http DELETE /v1/url"},
				Source: "https://help.branch.io/apidocs/deep-linking",
			},
			{
				Name: "change a link", Does: detectors.Write, Kinds: []string{secret},
				Calls:  []string{"http PUT /v1/url"},
				Source: "https://help.branch.io/apidocs/deep-linking",
			},
		},
		Decode: func(text string) detectors.Decoded {
			if strings.HasPrefix(text, "key_") {
				return detectors.Decoded{Kind: key}
			}
			return ofMode(text, "secret_", secret, "https://help.branch.io/apidocs/deep-linking/overview")
		},
	}
}
