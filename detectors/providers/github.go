package providers

import (
	"hash/crc32"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	githubTokens  = "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github"
	githubREST    = "https://docs.github.com/en/rest"
	githubActions = "https://docs.github.com/en/actions/security-for-github-actions/security-guides/automatic-token-authentication"
)

// github knows tokens by their prefixes. No token is limited to an environment: environments gate the secrets of workflows, and whoever
// administers a repository administers its environments.
func github() detectors.Provider {
	const (
		classic, oauth, user, refresh = "classic-token", "oauth-token", "user-token", "refresh-token"
		app, fine, installation       = "app-private-key", "fine-grained-token", "installation-token"
		client                        = "client-secret"
	)
	prefix := func(id, description, word, body, kind string) detectors.Rule {
		return detectors.Rule{
			ID: "github-" + id, Description: description, Pattern: prefixed(word + body), Group: 1,
			Keywords: []string{word}, Entropy: 3, Kinds: []string{kind},
		}
	}
	return detectors.Provider{
		Name:   "github",
		Title:  "GitHub",
		Short:  "gh", // https://cli.github.com/manual/gh_help_environment
		Hosts:  []string{"api.github.com", "uploads.github.com", "github.com", "ghcr.io", ".pkg.github.com"},
		Decode: decodeGitHub,
		Rules: []detectors.Rule{
			prefix("classic-token", "a classic personal access token", "ghp_", `[0-9A-Za-z]{36}`, classic),
			prefix("oauth-token", "a token that an OAuth app got", "gho_", `[0-9A-Za-z]{36}`, oauth),
			prefix("user-token", "a token with which an app acts for a user", "ghu_", `[0-9A-Za-z]{36}`, user),
			prefix("refresh-token", "a token that gets new tokens for a user", "ghr_", `[0-9A-Za-z]{36,76}`, refresh),
			prefix("fine-grained-token", "a fine-grained personal access token", "github_pat_", `[0-9A-Za-z]{22}_[0-9A-Za-z]{59}`, fine),
			prefix("installation-token", "a token of an app's installation, or of a workflow", "ghs_",
				`(?:[0-9A-Za-z]{36}|[0-9]{1,20}_[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,})`, installation),
			{
				ID:          "github-app-private-key",
				Description: "the private key of a GitHub app",
				Pattern: `(?i:gh|github)_?(?i:app)[A-Za-z0-9_.-]{0,20}(?i:key|pem)` + gives +
					`(-----BEGIN (?:RSA )?PRIVATE KEY-----[A-Za-z0-9+/=\s\\]{200,}?-----END (?:RSA )?PRIVATE KEY-----)`,
				Group:    1,
				Keywords: []string{"private key-----"},
				Kinds:    []string{app},
			},
			{
				ID:          "github-client-secret",
				Description: "the secret of an OAuth app or a GitHub app, named so",
				Pattern:     assigned(`(?:gh|github)[_.-]?(?:oauth|app|auth)?[_.-]?(?:client)?[_.-]?secret(?:[_-]?key)?`, `[0-9a-f]{40}`),
				Group:       1,
				Keywords:    []string{"secret"},
				Entropy:     3,
				Allowlists:  []detectors.Allowlist{notAnID()},
				Kinds:       []string{client},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      classic,
				Title:     "classic personal access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every repository and organisation of its owner: its scopes limit what it does, not where",
				AtMost:    detectors.Full,
				Variables: []string{"GH_TOKEN", "GH_PAT", "GITHUB_PAT", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "BUNDLE_GITHUB__COM"}, // https://bundler.io/man/bundle-config.1.html
				Cut:       "use a fine-grained token for the one repository, with the permissions that the work needs, and delete this one",
				Source:    githubTokens,
			},
			{
				Name:   oauth,
				Title:  "OAuth token",
				Scope:  detectors.ScopeAccount,
				Bound:  "every repository and organisation of its owner that the app was allowed",
				AtMost: detectors.Full,
				Cut:    "use a fine-grained token for the one repository, and revoke the app's access",
				Source: githubTokens,
			},
			{
				Name:   user,
				Title:  "app's user token",
				Scope:  detectors.ScopeAccount,
				Bound:  "every repository that both its owner and the app may touch",
				AtMost: detectors.Full,
				Cut:    "use an installation token for the one repository, and revoke the app's access",
				Source: githubTokens,
			},
			{
				Name:   refresh,
				Title:  "refresh token",
				Scope:  detectors.ScopeAccount,
				Bound:  "it gets user tokens for every repository that both its owner and the app may touch",
				AtMost: detectors.Full,
				Cut:    "revoke the app's access, and keep refresh tokens out of the checkout",
				Source: "https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens",
			},
			{
				Name:      app,
				Title:     "app private key",
				Scope:     detectors.ScopeAccount,
				Bound:     "every installation of the app: it mints a token for each",
				AtMost:    detectors.Full,
				Variables: []string{"GITHUB_APP_PRIVATE_KEY", "GH_APP_PRIVATE_KEY"},
				Cut:       "use an app of its own for staging, installed on the one repository, and delete this key",
				Source:    "https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/managing-private-keys-for-github-apps",
			},
			{
				Name:      client,
				Title:     "client secret",
				Scope:     detectors.ScopeContainer,
				Bound:     "the logins of one app's users, which the secret does not name",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"GITHUB_CLIENT_SECRET", "GITHUB_OAUTH_CLIENT_SECRET", "AUTH_GITHUB_SECRET"},
				Cut:       "register an app of its own for staging, and renew this secret",
				Source:    "https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps",
			},
			{
				Name:   fine,
				Title:  "fine-grained personal access token",
				Scope:  detectors.ScopeContainer,
				Bound:  "one owner's repositories, all or chosen ones, which the token does not name",
				AtMost: detectors.Full,
				Cut:    "use a token for staging's repository alone, without the permissions for administration, environments and secrets, and delete this one",
				Source: "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-personal-access-tokens",
			},
			{
				Name:      installation,
				Title:     "installation token",
				Scope:     detectors.ScopeContainer,
				Bound:     "the repositories of one installation, for an hour; in a workflow its own repository, while the job runs",
				AtMost:    detectors.Full,
				Variables: []string{"GITHUB_TOKEN"},
				Fleeting:  true,
				Cut:       "give the job's permissions: block no more than it needs",
				Source:    githubActions,
			},
		},
		Tools: []detectors.Tool{
			{
				Name:      "gh",
				Variables: []string{"GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"},
				Selectors: []string{"--repo", "-R", "--env", "-e", "--org", "-o"},
				Source:    "https://cli.github.com/manual/gh_help_environment",
			},
			{Name: "goreleaser", Variables: []string{"GITHUB_TOKEN"}, Source: "https://goreleaser.com/scm/github/"},
			{
				Name: "semantic-release", Variables: []string{"GH_TOKEN", "GITHUB_TOKEN"},
				Source: "https://github.com/semantic-release/github#github-authentication",
			},
		},
		// Methods of libraries: https://github.com/octokit/plugin-rest-endpoint-methods.js/tree/main/docs
		// https://github.com/google/go-github/tree/master/github https://github.com/PyGithub/PyGithub/blob/main/github/Repository.py
		Operations: []detectors.Operation{
			{
				Name: "delete a repository", Does: detectors.Destroy, Undo: "90 days, unless it has forks",
				Calls:  []string{"http DELETE /repos/*/*", "cli gh repo delete", "sdk get_repo.delete", "sdk repos.delete", "sdk repositories.delete"},
				Source: "https://docs.github.com/en/repositories/creating-and-managing-repositories/restoring-a-deleted-repository",
			},
			{
				Name: "delete an organisation", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"http DELETE /orgs/*", "sdk orgs.delete", "sdk organizations.delete"},
				Source: "https://docs.github.com/en/organizations/managing-organization-settings/deleting-an-organization-account",
			},
			{
				Name: "delete a branch or tag", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /repos/*/*/git/refs/**", "graphql deleteRef", "sdk git.deleteRef"},
				Source: githubREST + "/git/refs",
			},
			{
				Name: "delete a package", Does: detectors.Destroy, Undo: "30 days",
				Calls: []string{
					"http DELETE /orgs/*/packages/**", "http DELETE /users/*/packages/**", "http DELETE /user/packages/**", "graphql deletePackageVersion",
				},
				Source: "https://docs.github.com/en/packages/learn-github-packages/deleting-and-restoring-a-package",
			},
			{
				Name: "delete a release", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /repos/*/*/releases/**", "cli gh release delete", "cli gh release delete-asset", "sdk repos.deleteRelease", "sdk repositories.deleteRelease"},
				Source: githubREST + "/releases/releases",
			},
			{
				Name: "delete an environment", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /repos/*/*/environments/*", "sdk repos.deleteAnEnvironment", "sdk repositories.deleteEnvironment", "sdk get_repo.delete_environment"},
				Source: githubREST + "/deployments/environments",
			},
			{
				Name: "delete a secret", Does: detectors.Destroy,
				Calls: []string{
					"http DELETE /repos/*/*/actions/secrets/*", "http DELETE /repos/*/*/environments/*/secrets/*",
					"http DELETE /orgs/*/actions/secrets/*", "http DELETE /repos/*/*/actions/variables/*", "http DELETE /repos/*/*/environments/*/variables/*",
					"http DELETE /orgs/*/actions/variables/*", "cli gh secret delete", "cli gh secret remove", "cli gh variable delete",
				},
				Source: githubREST + "/actions/secrets",
			},
			{
				Name: "delete artifacts or caches", Does: detectors.Destroy,
				Calls: []string{
					"http DELETE /repos/*/*/actions/artifacts/*", "http DELETE /repos/*/*/actions/caches/**", "http DELETE /repos/*/*/actions/caches",
					"http DELETE /repos/*/*/actions/runs/*", "http DELETE /repos/*/*/actions/runs/*/logs", "cli gh cache delete", "cli gh run delete",
				},
				Source: githubREST + "/actions/artifacts",
			},
			{
				Name: "delete issues, projects or teams", Does: detectors.Destroy,
				Calls: []string{"http DELETE /orgs/*/teams/*", "cli gh issue delete", "cli gh project delete"}, Source: githubREST + "/teams/teams",
			},
			{
				Name: "change who has access", Does: detectors.Admin,
				Calls: []string{
					"http PUT /repos/*/*/collaborators/*", "http POST /repos/*/*/keys", "http PUT /orgs/*/memberships/*",
					"http DELETE /repos/*/*/branches/*/protection", "http DELETE /repos/*/*/rulesets/*", "http DELETE /orgs/*/rulesets/*",
					"http POST /repos/*/*/hooks", "http PUT /repos/*/*/branches/*/protection",
					"graphql deleteBranchProtectionRule", "cli gh repo deploy-key add",
				},
				Source: githubREST + "/collaborators/collaborators",
			},
			{
				Name: "set a secret", Does: detectors.Write,
				Calls: []string{
					"http PUT /repos/*/*/actions/secrets/*", "http PUT /repos/*/*/environments/*/secrets/*", "http PUT /orgs/*/actions/secrets/*",
					"cli gh secret set",
				},
				Source: githubREST + "/actions/secrets",
			},
			{
				Name: "publish", Does: detectors.Write,
				Calls:  []string{"http POST /repos/*/*/releases", "cli gh release create", "cli gh pr merge", "cli gh pr create", "cli gh issue create", "cli gh workflow run"},
				Source: githubREST + "/releases/releases",
			},
		},
	}
}

// decodeGitHub checks the checksum with which most tokens end.
func decodeGitHub(secret string) detectors.Decoded {
	prefix, body, ok := strings.Cut(secret, "_")
	if ok && len(prefix) == len("ghp") && strings.HasPrefix(prefix, "gh") && wrongGitHubChecksum(body) {
		return detectors.Decoded{Reject: "its checksum is wrong"}
	}
	return detectors.Decoded{}
}

// wrongGitHubChecksum reports whether the text behind a prefix has the length of those that end with a checksum, the CRC-32 of the thirty
// characters before it in base 62, and another end.
// https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
func wrongGitHubChecksum(body string) bool {
	const length, checksum = 36, 6
	if len(body) != length {
		return false
	}
	random := body[:length-checksum]
	return base62(crc32.ChecksumIEEE([]byte(random)), checksum) != body[length-checksum:]
}

// base62 writes n in base 62 with at least width digits.
func base62(n uint32, width int) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	var text []byte
	for ; n > 0 || len(text) < width; n /= 62 {
		text = append([]byte{digits[n%62]}, text...)
	}
	return string(text)
}
