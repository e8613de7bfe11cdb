package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// statsig shares server keys between a project's environments, unless somebody made keys for each.
func statsig() detectors.Provider {
	const console, server, client = "console-key", "server-secret-key", "client-key"
	return detectors.Provider{
		Name:  "statsig",
		Title: "Statsig",
		Hosts: []string{"statsigapi.net", "api.statsig.com"},
		Rules: []detectors.Rule{
			{
				ID:          "statsig-key",
				Description: "a Statsig key, on a line that names Statsig",
				Pattern:     beside(`statsig`, `(?:secret|console|client)-[0-9A-Za-z]{32,64}`),
				Group:       1,
				Keywords:    []string{"statsig"},
				Entropy:     3.5,
				Kinds:       []string{console, server, client},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      console,
				Title:     "console key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every environment of the project, to change",
				AtMost:    detectors.Full,
				Variables: []string{"STATSIG_CONSOLE_KEY", "STATSIG_CONSOLE_API_KEY"},
				Cut:       "make a key that may read only, and deactivate this one",
				Source:    "https://docs.statsig.com/console-api/introduction",
			},
			{
				Name:      server,
				Title:     "server secret key",
				Scope:     detectors.ScopeContainer,
				Bound:     "every environment of one project, unless it was made for one, which it does not show",
				AtMost:    detectors.Read,
				Variables: []string{"STATSIG_SERVER_SECRET", "STATSIG_SECRET_KEY", "STATSIG_SERVER_KEY"},
				Cut:       "make a server key for staging's environment, and deactivate this one",
				Source:    "https://docs.statsig.com/access-management/api-keys",
			},
			{
				Name:      client,
				Title:     "client key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be published: it reads what is open to apps",
				Variables: []string{"STATSIG_CLIENT_KEY", "NEXT_PUBLIC_STATSIG_CLIENT_KEY"},
				Source:    "https://docs.statsig.com/access-management/api-keys",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a gate", Does: detectors.Destroy, Kinds: []string{console},
				Calls:  []string{"http DELETE /console/v1/gates/*"},
				Source: "https://docs.statsig.com/console-api/gates",
			},
			{
				Name: "delete an experiment", Does: detectors.Destroy, Kinds: []string{console},
				Calls:  []string{"http DELETE /console/v1/experiments/*"},
				Source: "https://docs.statsig.com/console-api/experiments",
			},
			{
				Name: "change a gate", Does: detectors.Write, Kinds: []string{console},
				Calls:  []string{"http POST /console/v1/gates/*", "http PATCH /console/v1/gates/*"},
				Source: "https://docs.statsig.com/console-api/gates",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text, "console-"):
				return detectors.Decoded{Kind: console}
			case strings.HasPrefix(text, "secret-"):
				return detectors.Decoded{Kind: server}
			case strings.HasPrefix(text, "client-"):
				return detectors.Decoded{Kind: client}
			}
			return detectors.Decoded{}
		},
	}
}
