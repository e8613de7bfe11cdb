package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// mapbox says in a token's first letters whether it is public, secret or temporary; scopes are kept by the account.
func mapbox() detectors.Provider {
	const secret, public = "secret-token", "public-token"
	return detectors.Provider{
		Name:  "mapbox",
		Title: "Mapbox",
		Hosts: []string{"api.mapbox.com"},
		Rules: []detectors.Rule{
			{
				ID:          "mapbox-token",
				Description: "a Mapbox token",
				Pattern:     prefixed(`[pst]k\.eyJ[0-9A-Za-z_-]{20,}\.[0-9A-Za-z_-]{22}`),
				Group:       1,
				Keywords:    []string{"pk.eyj", "sk.eyj", "tk.eyj"},
				Entropy:     3.5,
				Kinds:       []string{secret, public},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      secret,
				Title:     "secret token",
				Scope:     detectors.ScopeAccount,
				Bound:     "the whole account, within scopes that it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"MAPBOX_SECRET_TOKEN", "MAPBOX_SECRET_KEY"},
				Shape:     `[st]k\.eyJ[0-9A-Za-z_-]{20,}\.[0-9A-Za-z_-]{22}`,
				Cut:       "make a token with the scopes that staging needs, and delete this one",
				Source:    "https://docs.mapbox.com/api/guides/#access-tokens-and-token-scopes",
			},
			{
				Name:      public,
				Title:     "public token",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it reads maps",
				Variables: []string{"MAPBOX_ACCESS_TOKEN", "MAPBOX_TOKEN", "NEXT_PUBLIC_MAPBOX_TOKEN"},
				Shape:     `pk\.eyJ[0-9A-Za-z_-]{20,}\.[0-9A-Za-z_-]{22}`,
				Source:    "https://docs.mapbox.com/api/guides/#access-tokens-and-token-scopes",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a tileset", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /tilesets/v1/*"},
				Source: "https://docs.mapbox.com/api/maps/mapbox-tiling-service/",
			},
			{
				Name: "delete a style", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /styles/v1/*/*"},
				Source: "https://docs.mapbox.com/api/maps/styles/",
			},
			{
				Name: "make a token", Does: detectors.Admin,
				Calls:  []string{"http POST /tokens/v2/*"},
				Source: "https://docs.mapbox.com/api/accounts/tokens/",
			},
		},
		Decode: func(text string) detectors.Decoded {
			if strings.HasPrefix(text, "pk.") {
				return detectors.Decoded{Kind: public}
			}
			return detectors.Decoded{Kind: secret}
		},
	}
}
