package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	circleciTokens = "https://circleci.com/docs/guides/toolkit/managing-api-tokens/"
	circleciAPI    = "https://circleci.com/docs/api/v2/"
	circleciFormat = "https://circleci.com/changelog/new-format-for-api-access-tokens/"
)

// circleci knows personal and project tokens, older ones of 40 hexadecimal digits by their variable or header. Contexts, in which an
// organization keeps its secrets, have no environments.
func circleci() detectors.Provider {
	const personal, project, status = "personal-api-token", "project-api-token", "project-status-token"
	wide := []string{personal}
	return detectors.Provider{
		Name:  "circleci",
		Title: "CircleCI",
		Hosts: []string{"circleci.com", ".circleci.com"},
		Decode: func(token string) detectors.Decoded {
			switch {
			case strings.HasPrefix(token, "CCIPAT_"):
				return detectors.Decoded{Kind: personal}
			case strings.HasPrefix(token, "CCIPRJ_"):
				return detectors.Decoded{Kind: project}
			}
			return detectors.Decoded{}
		},
		Rules: []detectors.Rule{
			{
				ID:          "circleci-token",
				Description: "a personal or project API token",
				// https://circleci.com/changelog/new-format-for-api-access-tokens/
				Pattern:  prefixed(`(?:CCIPAT|ccipat|CCIPRJ|cciprj)_[A-Za-z0-9]{20,24}_[0-9a-f]{40}`),
				Group:    1,
				Keywords: []string{"ccipat_", "cciprj_"},
				Entropy:  3.5,
				Kinds:    []string{personal, project},
			},
			{
				ID:          "circleci-token-variable",
				Description: "40 hexadecimal digits in a variable or header for CircleCI's tokens",
				Pattern:     assigned(`circle(?:[_-]?ci)?[A-Za-z0-9_.-]{0,20}token|circle-token`, `[0-9a-f]{40}`),
				Group:       1,
				Keywords:    []string{"circle"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID(), {Description: "of a badge", Regexes: []string{`\.svg\?`}, Target: "line"}},
				Kinds:       []string{personal, project},
			},
			{
				ID:          "circleci-badge-token",
				Description: "the token in the address of a status badge",
				Pattern:     `circleci\.com/[^\s"'<>)]{0,200}\.svg\?[^\s"'<>)]{0,100}circle-token=([0-9a-f]{40}|CCIPRJ_[A-Za-z0-9]{20,24}_[0-9a-f]{40})` + right,
				Group:       1,
				Keywords:    []string{"circle-token="},
				Entropy:     3,
				Kinds:       []string{status},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      personal,
				Title:     "personal API token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every project and context that its owner may touch, in every organization",
				AtMost:    detectors.Full,
				Variables: []string{"CIRCLECI_CLI_TOKEN", "CIRCLE_TOKEN", "CIRCLECI_TOKEN", "CIRCLECI_API_TOKEN"},
				Headers:   []string{"Circle-Token"},
				Shape:     `CCIPAT_[A-Za-z0-9]{20,24}_[0-9a-f]{40}|[0-9a-f]{40}`,
				Cut:       "use a token of a person who may touch staging's project only, or a project token that reads, and delete this one",
				Source:    circleciTokens,
			},
			{
				Name:   project,
				Title:  "project API token",
				Scope:  detectors.ScopeContainer,
				Bound:  "one project, which the token does not name, within its scope: status, read only or admin",
				AtMost: detectors.UnknownPower,
				Shape:  `CCIPRJ_[A-Za-z0-9]{20,24}_[0-9a-f]{40}`,
				Cut:    "make a read-only token of staging's project, and delete this one",
				Source: circleciTokens,
			},
			{
				Name:   status,
				Title:  "project status token",
				Scope:  detectors.ScopeOutside,
				Bound:  "whether the builds of one project pass",
				AtMost: detectors.Read,
				Cut:    "it is made for badges; make one for nothing else",
				Source: "https://circleci.com/docs/guides/integration/status-badges/",
			},
		},
		Tools: []detectors.Tool{{
			Name: "circleci", Variables: []string{"CIRCLECI_CLI_TOKEN"}, Selectors: []string{"--org-id", "--project-id"},
			Source: "https://circleci.com/docs/guides/toolkit/local-cli/",
		}},
		Containers: []detectors.Container{{Variable: "CIRCLE_PROJECT_REPONAME", What: "project"}, {Variable: "CIRCLE_PROJECT_ID", What: "project"}},
		Operations: []detectors.Operation{
			{
				Name: "delete a context", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"http DELETE /api/v2/context/*", "http DELETE /api/v2/context/*/environment-variable/*", "cli circleci context delete", "cli circleci context remove-secret"},
				Source: circleciAPI,
			},
			{
				Name: "delete a variable of a project", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/project/*/*/*/envvar/*", "http DELETE /api/v1.1/project/*/*/*/envvar/*"},
				Source: circleciAPI,
			},
			{
				Name: "delete a checkout key", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v2/project/*/*/*/checkout-key/*", "http DELETE /api/v1.1/project/*/*/*/checkout-key/*"},
				Source: circleciAPI,
			},
			{
				Name: "make keys or change access", Does: detectors.Admin, Kinds: wide,
				Calls:  []string{"http POST /api/v2/project/*/*/*/checkout-key", "http POST /api/v2/context/*/restrictions"},
				Source: circleciAPI,
			},
			{
				Name: "run a pipeline", Does: detectors.Write,
				Calls:  []string{"http POST /api/v2/project/*/*/*/pipeline", "http POST /api/v2/project/*/*/*/envvar", "http POST /api/v1.1/project/*/*/*", "cli circleci context store-secret"},
				Source: circleciAPI,
			},
		},
	}
}
