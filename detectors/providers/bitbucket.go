package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	bitbucketTokens   = "https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/"
	bitbucketPrefixes = "https://community.atlassian.com/forums/Bitbucket-questions/Can-we-confirm-BitBucket-s-token-prefixes/qaq-p/3093481"
	bitbucketREST     = "https://developer.atlassian.com/cloud/bitbucket/rest/"
)

// bitbucket knows app passwords of persons, and access tokens of repositories, projects and workspaces, which look the same. Atlassian's own
// organization keys begin like these, so that only a mention of Bitbucket makes one of them. Deployment environments hold variables; no token
// is limited to one.
func bitbucket() detectors.Provider {
	const password, access, server, consumer = "app-password", "access-token", "data-center-token", "oauth-consumer-secret"
	const body = `ATCTT3[0-9A-Za-z_=-]{69,}`
	destroy := func(name, group string, calls ...string) detectors.Operation {
		return detectors.Operation{Name: name, Does: detectors.Destroy, Calls: calls, Source: bitbucketREST + "api-group-" + group + "/"}
	}
	return detectors.Provider{
		Name:  "bitbucket",
		Title: "Bitbucket",
		Hosts: []string{"api.bitbucket.org", "bitbucket.org"},
		Decode: func(token string) detectors.Decoded {
			for prefix, kind := range map[string]string{"ATBB": password, "ATCTT3": access, "BBDC-": server} {
				if strings.HasPrefix(token, prefix) {
					return detectors.Decoded{Kind: kind}
				}
			}
			return detectors.Decoded{}
		},
		Rules: []detectors.Rule{
			{
				ID:          "bitbucket-app-password",
				Description: "a person's app password",
				Pattern:     prefixed(`ATBB[A-Za-z0-9]{32}`),
				Group:       1,
				Keywords:    []string{"atbb"},
				Entropy:     3.5,
				Kinds:       []string{password},
			},
			{
				ID:          "bitbucket-access-token",
				Description: "the access token of a repository, a project or a workspace",
				Pattern:     beside(`bitbucket|repository_oauth_access_token|x-token-auth`, body) + `|\b(` + body + `)(?:@|[^0-9A-Za-z_\n-][^\n]{0,200}?)bitbucket\.org`,
				Keywords:    []string{"atctt3"},
				Entropy:     4,
				Kinds:       []string{access},
			},
			{
				ID:          "bitbucket-data-center-token",
				Description: "an HTTP access token of a Bitbucket Data Center: its number, a colon and twenty bytes, in base 64",
				// The form of tokens that were seen, as
				// https://github.com/trufflesecurity/trufflehog/blob/main/pkg/detectors/atlassiandatacenter/bitbucketdatacenter/bitbucketdatacenter_test.go
				// has them; Atlassian describes none.
				Pattern:  left + `(BBDC-[MNO][A-Za-z0-9+/]{43})(?:[^A-Za-z0-9+/_-]|$)`,
				Group:    1,
				Keywords: []string{"bbdc-"},
				Entropy:  3.5,
				Kinds:    []string{server},
			},
			{
				ID:          "bitbucket-consumer-secret",
				Description: "the secret of an OAuth consumer, named so",
				Pattern:     assigned(named(`bitbucket`, `(?:oauth|client|consumer)[_-]?secret`), `[A-Za-z0-9]{32}`),
				Group:       1,
				Keywords:    []string{"bitbucket"},
				Entropy:     3.5,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       []string{consumer},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      password,
				Title:     "app password",
				Scope:     detectors.ScopeAccount,
				Bound:     "every workspace and repository of its owner: its permissions limit what it does, not where",
				AtMost:    detectors.Full,
				Variables: []string{"BITBUCKET_APP_PASSWORD"},
				Shape:     `ATBB[A-Za-z0-9]{32}`,
				Cut:       "use an access token of staging's repository, with the least scopes, and revoke this password",
				Source:    "https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/",
			},
			{
				Name:      access,
				Title:     "access token",
				Scope:     detectors.ScopeContainer,
				Bound:     "one repository, project or workspace, which the token does not name: environments are not told apart",
				AtMost:    detectors.Full,
				Variables: []string{"BITBUCKET_TOKEN", "BITBUCKET_ACCESS_TOKEN", "REPOSITORY_OAUTH_ACCESS_TOKEN"},
				Shape:     body,
				Cut:       "use an access token of a repository that deploys to staging only, with the least scopes, and revoke this one",
				Source:    bitbucketTokens,
			},
			{
				Name:   server,
				Title:  "HTTP access token of a Data Center",
				Scope:  detectors.ScopeHost,
				Bound:  "one server: all that its owner may touch there, or one project or repository",
				AtMost: detectors.Full,
				Cut:    "make a token for staging's repository alone, with the least permissions, and revoke this one",
				Source: "https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html",
			},
			{
				Name:      consumer,
				Title:     "OAuth consumer secret",
				Scope:     detectors.ScopeContainer,
				Bound:     "one workspace, which it does not name, and the people who let the consumer in",
				AtMost:    detectors.Full,
				Variables: []string{"BITBUCKET_CLIENT_SECRET", "BITBUCKET_OAUTH_SECRET"},
				Cut:       "make a consumer of its own for staging, and renew this secret",
				Source:    "https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/",
			},
		},
		Containers: []detectors.Container{
			{Variable: "BITBUCKET_DEPLOYMENT_ENVIRONMENT", Names: true, What: "environment"},
			{Variable: "BITBUCKET_REPO_SLUG", What: "project"},
			{Variable: "BITBUCKET_WORKSPACE", What: "account"},
		},
		Operations: []detectors.Operation{
			destroy("delete a repository", "repositories", "http DELETE /2.0/repositories/*/*"),
			destroy("delete a project", "projects", "http DELETE /2.0/workspaces/*/projects/*"),
			destroy("delete a branch", "refs", "http DELETE /2.0/repositories/*/*/refs/branches/*"),
			destroy("delete an environment", "deployments", "http DELETE /2.0/repositories/*/*/environments/*"),
			destroy("delete a variable", "pipelines",
				"http DELETE /2.0/repositories/*/*/pipelines_config/variables/*", "http DELETE /2.0/workspaces/*/pipelines-config/variables/*"),
			{
				Name: "change who has access", Does: detectors.Admin,
				Calls: []string{
					"http PUT /2.0/repositories/*/*/permissions-config/users/*", "http POST /2.0/repositories/*/*/deploy-keys",
					"http DELETE /2.0/repositories/*/*/branch-restrictions/*",
				},
				Source: bitbucketREST + "api-group-repositories/",
			},
			{
				Name: "run a pipeline", Does: detectors.Write,
				Calls:  []string{"http POST /2.0/repositories/*/*/pipelines/", "http POST /2.0/repositories/*/*/pipelines", "http POST /2.0/repositories/*/*/pipelines_config/variables"},
				Source: bitbucketREST + "api-group-pipelines/",
			},
		},
	}
}
