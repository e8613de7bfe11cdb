package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

// atlassian gives tokens to persons, to service accounts and to organizations. A person's token opens every site of the person, and the
// host chooses which.
func atlassian() detectors.Provider {
	const organization, user, service = "organization-key", "api-token", "service-account-token"
	return detectors.Provider{
		Name:  "atlassian",
		Title: "Atlassian",
		Hosts: []string{".atlassian.net", "api.atlassian.com", ".jira.com"},
		Rules: []detectors.Rule{
			{
				ID:          "atlassian-token",
				Description: "a token for Atlassian's sites",
				Pattern:     left + `(AT(?:ATT|CTT|STT)3[0-9A-Za-z_=-]{69,})` + right,
				Group:       1,
				Keywords:    []string{"atatt3", "atctt3", "atstt3"},
				Entropy:     4,
				Allowlists: []detectors.Allowlist{{
					Description: "Bitbucket's", MatchAll: true, StopWords: []string{"ATCTT3"}, Regexes: []string{`(?i)bitbucket|x-token-auth`}, Target: "line",
				}},
				Kinds: []string{organization, user, service},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:   organization,
				Title:  "organization key",
				Scope:  detectors.ScopeAccount,
				Bound:  "the people, policies and sites of the organization",
				AtMost: detectors.Full,
				Shape:  `ATCTT3[0-9A-Za-z_=-]{69,}`,
				Cut:    "keep the administration of the organization out of files, and revoke this key",
				Source: "https://support.atlassian.com/organization-administration/docs/manage-an-organization-with-the-admin-apis/",
			},
			{
				Name:      user,
				Title:     "API token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every site of the person, with all rights of the person unless it was made with scopes, which it does not show",
				AtMost:    detectors.Full,
				Variables: []string{"ATLASSIAN_API_TOKEN", "JIRA_API_TOKEN", "CONFLUENCE_API_TOKEN"},
				Shape:     `ATATT3[0-9A-Za-z_=-]{69,}`,
				Cut:       "use a service account's token with the scopes that staging needs, and revoke this one",
				Source:    "https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/",
			},
			{
				Name:   service,
				Title:  "service account token",
				Scope:  detectors.ScopeAccount,
				Bound:  "the sites of its service account, within scopes that it does not show",
				AtMost: detectors.Full,
				Shape:  `ATSTT3[0-9A-Za-z_=-]{69,}`,
				Cut:    "make a token with the scopes that staging needs, and revoke this one",
				Source: "https://support.atlassian.com/user-management/docs/manage-api-tokens-for-service-accounts/",
			},
		},
		Operations: []detectors.Operation{
			{
				Name: "delete a project", Does: detectors.Destroy, Undo: "where enableUndo puts it into the recycle bin",
				Calls:  []string{"http DELETE /rest/api/3/project/*", "http DELETE /rest/api/2/project/*"},
				Source: "https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/",
			},
			{
				Name: "delete an issue", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /rest/api/3/issue/*", "http DELETE /rest/api/2/issue/*"},
				Source: "https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/",
			},
			{
				Name: "delete a space", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /wiki/rest/api/space/*"},
				Source: "https://developer.atlassian.com/cloud/confluence/rest/v1/api-group-space/",
			},
			{
				Name: "delete a page", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /wiki/api/v2/pages/*"},
				Source: "https://developer.atlassian.com/cloud/confluence/rest/v2/api-group-page/",
			},
			{
				Name: "change people", Does: detectors.Admin,
				Calls:  []string{"http POST /rest/api/3/user", "http POST /rest/api/3/group/user", "http DELETE /rest/api/3/user"},
				Source: "https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-users/",
			},
		},
		Decode: func(text string) detectors.Decoded {
			switch {
			case strings.HasPrefix(text, "ATCTT3"):
				return detectors.Decoded{Kind: organization}
			case strings.HasPrefix(text, "ATATT3"):
				return detectors.Decoded{Kind: user}
			case strings.HasPrefix(text, "ATSTT3"):
				return detectors.Decoded{Kind: service}
			}
			return detectors.Decoded{}
		},
	}
}
