package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// sonarqube says in a token's first letters whether it may do all that a person may, analyse one project, or analyse all.
func sonarqube() detectors.Provider {
	const user, global, project, scoped = "user-token", "global-analysis-token", "project-analysis-token", "scoped-organization-token"
	return detectors.Provider{
		Name:  "sonarqube",
		Title: "SonarQube",
		Hosts: []string{"sonarcloud.io", "api.sonarcloud.io"},
		Rules: []detectors.Rule{
			{
				ID:          "sonarqube-token",
				Description: "a SonarQube token",
				Pattern:     prefixed(`sq[uap]_[0-9a-f]{40}|sqco_[0-9A-Za-z]{59}`),
				Group:       1,
				Keywords:    []string{"squ_", "sqa_", "sqp_", "sqco_"},
				Entropy:     3,
				Kinds:       []string{user, global, project, scoped},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      user,
				Title:     "user token",
				Scope:     detectors.ScopeOutside,
				Bound:     "analyses of code and their results, with all rights of the person on the server at the host",
				AtMost:    detectors.Full,
				Variables: []string{"SONAR_TOKEN", "SONARQUBE_TOKEN"},
				Shape:     `squ_[0-9a-f]{40}`,
				Cut:       "use a project's analysis token, and revoke this one",
				Source:    "https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens/",
			},
			{
				Name:   global,
				Title:  "global analysis token",
				Scope:  detectors.ScopeOutside,
				Bound:  "analysing every project of the server at the host",
				AtMost: detectors.Write,
				Shape:  `sqa_[0-9a-f]{40}`,
				Cut:    "use a project's analysis token, and revoke this one",
				Source: "https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens/",
			},
			{
				Name:   scoped,
				Title:  "scoped organization token",
				Scope:  detectors.ScopeOutside,
				Bound:  "analysing projects of one organization of SonarQube Cloud, which it does not name",
				AtMost: detectors.Write,
				Shape:  `sqco_[0-9A-Za-z]{59}`,
				Cut:    "make a token for staging's projects, and revoke this one",
				Source: "https://docs.sonarsource.com/sonarqube-cloud/administering-sonarcloud/scoped-organization-tokens/",
			},
			{
				Name:   project,
				Title:  "project analysis token",
				Scope:  detectors.ScopeOutside,
				Bound:  "analysing one project of the server at the host",
				AtMost: detectors.Write,
				Shape:  `sqp_[0-9a-f]{40}`,
				Cut:    "make a token for staging's project, and revoke this one",
				Source: "https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens/",
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "sonar-scanner",
				Aliases:   []string{"sonar"},
				Variables: []string{"SONAR_TOKEN"},
				Source:    "https://docs.sonarsource.com/sonarqube-server/analyzing-source-code/scanners/sonarscanner/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a project", Does: detectors.Destroy, Kinds: []string{user},
				Calls:  []string{"http POST /api/projects/delete", "http POST /api/projects/bulk_delete"},
				Source: "https://docs.sonarsource.com/sonarqube-server/extension-guide/web-api/",
			},
			{
				Name: "make a token", Does: detectors.Admin, Kinds: []string{user},
				Calls:  []string{"http POST /api/user_tokens/generate"},
				Source: "https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens/",
			},
			{
				Name: "analyse", Does: detectors.Write,
				Calls:  []string{"cli sonar-scanner"},
				Source: "https://docs.sonarsource.com/sonarqube-server/analyzing-source-code/scanners/sonarscanner/",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text, "squ_"):
				return detectors.Decoded{Kind: user}
			case strings.HasPrefix(text, "sqa_"):
				return detectors.Decoded{Kind: global}
			case strings.HasPrefix(text, "sqp_"):
				return detectors.Decoded{Kind: project}
			case strings.HasPrefix(text, "sqco_"):
				return detectors.Decoded{Kind: scoped}
			}
			return detectors.Decoded{}
		},
	}
}
