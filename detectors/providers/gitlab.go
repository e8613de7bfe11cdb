package providers

import (
	"encoding/base64"
	"hash/crc32"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	gitlabTokens = "https://docs.gitlab.com/security/tokens/"
	gitlabAPI    = "https://docs.gitlab.com/api/"

	gitlabRetention = "https://gitlab.com/gitlab-org/gitlab/-/merge_requests/205572" // elsewhere whoever may delete may do so at once
)

// The kinds of GitLab's tokens that [decodeGitLab] tells apart.
const (
	gitlabPersonal = "personal-access-token"
	gitlabGroup    = "group-access-token"
	gitlabProject  = "project-access-token"
)

// gitlab knows tokens by their prefixes. Access tokens of persons, groups and projects share one; those that are routable, which newer
// servers make, name what they belong to.
func gitlab() detectors.Provider {
	const (
		scim, runner, agent, trigger      = "scim-token", "runner-token", "agent-token", "trigger-token"
		oauth, deploy, job, session, feed = "oauth-secret", "deploy-token", "job-token", "session", "feed-token"
		mail, workspace, flags            = "mail-token", "workspace-token", "feature-flags-token"
		short                             = `[0-9A-Za-z_-]{20}`
		routable                          = `[0-9A-Za-z_-]{27,300}\.[0-9a-z]{2}(?:\.[0-9a-z]{2})?[0-9a-z]{7}`
	)
	prefix := func(id, description, word, body string, kinds ...string) detectors.Rule {
		return detectors.Rule{
			ID: "gitlab-" + id, Description: description, Pattern: prefixed(word + `(?:` + body + `)`), Group: 1,
			Keywords: []string{strings.ToLower(word)}, Entropy: 3, Kinds: kinds,
		}
	}
	wide := []string{gitlabPersonal, gitlabGroup, gitlabProject}
	return detectors.Provider{
		Name:   "gitlab",
		Title:  "GitLab",
		Hosts:  []string{"gitlab.com", "registry.gitlab.com"},
		Decode: decodeGitLab,
		Rules: []detectors.Rule{
			prefix("access-token", "a personal, group or project access token", "glpat-", routable+`|`+short, wide...),
			prefix("oauth-secret", "the secret of an OAuth application", "gloas-", `[0-9a-f]{64}`, oauth),
			prefix("deploy-token", "a deploy token", "gldt-", routable+`|`+short, deploy),
			prefix("runner-token", "a runner's authentication token", "glrt-", routable+`|(?:t[0-9]_)?`+short, runner),
			prefix("runner-registration-token", "the authentication token of a runner that registered by a token", "glrtr-", routable+`|[0-9A-Za-z_-]{20,27}`, runner),
			prefix("runner-registration-secret", "a token that registers runners, of the old form", "GR1348941", short, runner),
			prefix("job-token", "the token of a job", "glcbt-", `[0-9a-f]{1,5}_`+short+`|`+routable, job),
			prefix("trigger-token", "a token that starts pipelines", "glptt-", `[0-9a-f]{40}`, trigger),
			prefix("agent-token", "the token of an agent in a cluster", "glagent-", `[0-9A-Za-z_-]{50}`, agent),
			prefix("scim-token", "a token that provisions users", "glsoat-", short, scim),
			prefix("feed-token", "a token for feeds", "glft-", `[0-9A-Za-z_-]{20,100}`, feed),
			prefix("mail-token", "a token that makes issues and merge requests by mail", "glimt-", `[0-9A-Za-z_-]{20,64}`, mail),
			prefix("workspace-token", "the token of a workspace", "glwt-", routable+`|[0-9A-Za-z_-]{20,64}`, workspace),
			prefix("feature-flags-token", "the token of a client of feature flags", "glffct-", `[0-9A-Za-z_-]{20,64}`, flags),
			{
				ID:          "gitlab-session",
				Description: "the cookie of a session",
				Pattern:     `\b_gitlab_session=([0-9a-z]{32})` + right,
				Group:       1,
				Keywords:    []string{"_gitlab_session="},
				Kinds:       []string{session},
			},
			{
				ID:          "gitlab-token-variable",
				Description: "a value without prefix in a variable or header for GitLab's tokens",
				Pattern:     assigned(`(?:gitlab[A-Za-z0-9_.-]{0,20}token|private-token)`, `[0-9A-Za-z_]{20}`),
				Group:       1,
				Keywords:    []string{"gitlab", "private-token"},
				Entropy:     3.3,
				Allowlists:  []detectors.Allowlist{notAnID(), notAName()},
				Kinds:       wide,
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      gitlabPersonal,
				Title:     "personal access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every group and project of its owner: its scopes limit what it does, not where",
				AtMost:    detectors.Full,
				Variables: []string{"GITLAB_TOKEN", "GITLAB_PRIVATE_TOKEN", "GITLAB_ACCESS_TOKEN", "GL_TOKEN", "TF_HTTP_PASSWORD"},
				Headers:   []string{"PRIVATE-TOKEN"},
				Cut:       "use a project access token of staging's project, with the least scopes, and revoke this one",
				Source:    gitlabTokens,
			},
			{
				Name:   gitlabGroup,
				Title:  "group access token",
				Scope:  detectors.ScopeAccount,
				Bound:  "every project of one group, with all their environments",
				AtMost: detectors.Full,
				Cut:    "use a project access token of staging's project, with the least scopes, and revoke this one",
				Source: "https://docs.gitlab.com/user/group/settings/group_access_tokens/",
			},
			{
				Name:   gitlabProject,
				Title:  "project access token",
				Scope:  detectors.ScopeClaims,
				Bound:  "one project: its environments are not told apart",
				AtMost: detectors.Full,
				Cut:    "use a token of a project that deploys to staging only, and revoke this one",
				Source: "https://docs.gitlab.com/user/project/settings/project_access_tokens/",
			},
			{
				Name:   session,
				Title:  "session cookie",
				Scope:  detectors.ScopeAccount,
				Bound:  "everything that the person who logged in may touch",
				AtMost: detectors.Full,
				Cut:    "log out, and use a project access token",
				Source: gitlabTokens,
			},
			{
				Name:   scim,
				Title:  "SCIM token",
				Scope:  detectors.ScopeAccount,
				Bound:  "every user of the group",
				AtMost: detectors.Full,
				Cut:    "keep it with the identity provider alone, and reset it",
				Source: gitlabTokens,
			},
			{
				Name:   oauth,
				Title:  "OAuth application secret",
				Scope:  detectors.ScopeAccount,
				Bound:  "every user who allowed the application",
				AtMost: detectors.Full,
				Cut:    "register an application of its own for staging, and renew this secret",
				Source: gitlabTokens,
			},
			{
				Name:   agent,
				Title:  "agent token",
				Scope:  detectors.ScopeContainer,
				Bound:  "the clusters that its agent runs in, which the token does not name",
				AtMost: detectors.UnknownPower,
				Cut:    "register an agent of its own for staging, and revoke this token",
				Source: gitlabTokens,
			},
			{
				Name:      runner,
				Title:     "runner token",
				Scope:     detectors.ScopeContainer,
				Bound:     "the instance, group or project of its runner, whose jobs it receives with their secrets",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"CI_SERVER_TOKEN"},
				Cut:       "register a runner of its own for staging, for protected branches of staging only, and reset this token",
				Source:    gitlabTokens,
			},
			{
				Name:      deploy,
				Title:     "deploy token",
				Scope:     detectors.ScopeContainer,
				Bound:     "the repository, packages and registry of one project or group, which the token does not name",
				AtMost:    detectors.Read | detectors.Write | detectors.Destroy,
				Variables: []string{"CI_DEPLOY_PASSWORD"},
				Headers:   []string{"Deploy-Token"},
				Cut:       "use a deploy token that reads only, and revoke this one",
				Source:    gitlabTokens,
			},
			{
				Name:   trigger,
				Title:  "pipeline trigger token",
				Scope:  detectors.ScopeContainer,
				Bound:  "the pipelines of one project, whatever they deploy",
				AtMost: detectors.Write,
				Cut:    "use a trigger of a project that deploys to staging only, and revoke this one",
				Source: "https://docs.gitlab.com/ci/triggers/",
			},
			{
				Name:      job,
				Title:     "job token",
				Scope:     detectors.ScopeContainer,
				Bound:     "one project, and those that allow it, while the job runs",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"CI_JOB_TOKEN", "CI_REGISTRY_PASSWORD"},
				Headers:   []string{"JOB-TOKEN"},
				Cut:       "leave it to the job that it is made for",
				Source:    "https://docs.gitlab.com/ci/jobs/ci_job_token/",
			},
			{
				Name:   feed,
				Title:  "feed token",
				Scope:  detectors.ScopeAccount,
				Bound:  "the activity of its owner",
				AtMost: detectors.Read,
				Cut:    "reset it in the owner's preferences",
				Source: gitlabTokens,
			},
			{
				Name:   mail,
				Title:  "incoming mail token",
				Scope:  detectors.ScopeAccount,
				Bound:  "issues and merge requests in the name of its owner, in every project of the owner",
				AtMost: detectors.Write,
				Cut:    "reset it in the owner's preferences",
				Source: gitlabTokens + "#incoming-email-token",
			},
			{
				Name:   workspace,
				Title:  "workspace token",
				Scope:  detectors.ScopeContainer,
				Bound:  "the traffic of one workspace, while it runs",
				AtMost: detectors.Read | detectors.Write,
				Cut:    "stop the workspace, which deletes it",
				Source: gitlabTokens + "#workspace-token",
			},
			{
				Name:      flags,
				Title:     "feature flags client token",
				Scope:     detectors.ScopeContainer,
				Bound:     "the feature flags of one project",
				AtMost:    detectors.Read,
				Variables: []string{"UNLEASH_INSTANCE_ID"},
				Cut:       "reset the instance ID of the project's feature flags",
				Source:    "https://docs.gitlab.com/operations/feature_flags/",
			},
		},
		Tools: []detectors.Tool{
			{
				Name: "glab", Variables: []string{"GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN", "OAUTH_TOKEN"}, Selectors: []string{"--repo", "-R", "--group", "-g"},
				Source: "https://docs.gitlab.com/cli/",
			},
			{Name: "goreleaser", Variables: []string{"GITLAB_TOKEN"}, Source: "https://goreleaser.com/scm/gitlab/"},
		},
		Containers: []detectors.Container{
			{Variable: "CI_ENVIRONMENT_NAME", Names: true, What: "environment"},
			{Variable: "CI_PROJECT_ID", What: "project"},
			{Variable: "GITLAB_PROJECT_ID", What: "project"},
		},
		// Methods of libraries: https://github.com/python-gitlab/python-gitlab/tree/main/docs/gl_objects
		Operations: []detectors.Operation{
			{
				Name: "delete a project", Does: detectors.Destroy, Undo: "30 days on GitLab.com",
				Calls:  []string{"http DELETE /api/v4/projects/*", "cli glab repo delete", "sdk projects.delete", "sdk projects.get.delete"},
				Source: gitlabRetention,
			},
			{
				Name: "delete a group", Does: detectors.Destroy, Undo: "30 days on GitLab.com",
				Calls:  []string{"http DELETE /api/v4/groups/*", "sdk groups.delete", "sdk groups.get.delete"},
				Source: gitlabRetention,
			},
			{
				Name: "delete an environment", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v4/projects/*/environments/*"},
				Source: gitlabAPI + "environments/",
			},
			{
				Name: "delete Terraform state", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v4/projects/*/terraform/state/**"},
				Source: "https://docs.gitlab.com/user/infrastructure/iac/terraform_state/",
			},
			{
				Name: "delete images", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v4/projects/*/registry/repositories/**"},
				Source: gitlabAPI + "container_registry/",
			},
			{
				Name: "delete a package", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v4/projects/*/packages/**"},
				Source: gitlabAPI + "packages/",
			},
			{
				Name: "delete a variable", Does: detectors.Destroy,
				Calls:  []string{"http DELETE /api/v4/projects/*/variables/*", "http DELETE /api/v4/groups/*/variables/*", "cli glab variable delete"},
				Source: gitlabAPI + "project_level_variables/",
			},
			{
				Name: "make tokens or change access", Does: detectors.Admin,
				Calls: []string{
					"http POST /api/v4/projects/*/access_tokens", "http POST /api/v4/groups/*/access_tokens", "http POST /api/v4/projects/*/members",
					"http POST /api/v4/groups/*/members", "http DELETE /api/v4/projects/*/protected_branches/*", "cli glab token create",
				},
				Source: gitlabAPI + "project_access_tokens/",
			},
			{
				Name: "run a pipeline", Does: detectors.Write,
				Calls: []string{
					"http POST /api/v4/projects/*/trigger/pipeline", "http POST /api/v4/projects/*/pipeline", "cli glab ci run", "cli glab release create",
				},
				Source: "https://docs.gitlab.com/ci/triggers/",
			},
		},
	}
}

// decodeGitLab reads a routable token: PREFIX PAYLOAD.VERSION.LENGTH CRC. The payload is 16 random bytes, lines KEY:NUMBER and one byte
// with the length of the lines; numbers are in base 36, and so is the CRC-32 of everything before it.
// https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/authn/token_field/generator/routable_token.rb
func decodeGitLab(secret string) detectors.Decoded {
	const crcLength, randomLength = 7, 16
	dot := strings.IndexByte(secret, '.')
	if dot < 0 || len(secret) < dot+1+len("01")+crcLength || !strings.HasPrefix(secret, "gl") {
		return detectors.Decoded{}
	}
	signed, sum := secret[:len(secret)-crcLength], secret[len(secret)-crcLength:]
	if n, err := strconv.ParseUint(sum, 36, 64); err != nil || n != uint64(crc32.ChecksumIEEE([]byte(signed))) {
		return detectors.Decoded{Reject: "its checksum is wrong"}
	}
	prefix, payload, _ := strings.Cut(secret[:dot], "-")
	if runner := strings.HasPrefix(prefix, "glrt"); runner && len(payload) > 3 && payload[0] == 't' && payload[2] == '_' {
		payload = payload[3:] // the type of runner
	}
	raw, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil || len(raw) < randomLength+1 {
		return detectors.Decoded{}
	}
	lines := string(raw[randomLength : len(raw)-1])
	if len(lines) != int(raw[len(raw)-1]) {
		return detectors.Decoded{}
	}
	return routedGitLab(prefix, lines)
}

// routedGitLab says what the lines of a routable token say. Of an access token they tell whose it is: a project's names its project, and
// a group's its group, beside the user that acts for them.
func routedGitLab(prefix, lines string) detectors.Decoded {
	owners := []struct{ key, what, kind string }{{"p", "project", gitlabProject}, {"g", "group", gitlabGroup}, {"u", "user", gitlabPersonal}}
	ids := map[string]string{}
	for line := range strings.SplitSeq(lines, "\n") {
		key, value, _ := strings.Cut(line, ":")
		if n, err := strconv.ParseUint(value, 36, 64); err == nil {
			ids[key] = strconv.FormatUint(n, 10)
		}
	}
	var d detectors.Decoded
	for _, o := range owners {
		if ids[o.key] == "" {
			continue
		}
		d.IDs = append(d.IDs, detectors.ID{What: o.what, Value: ids[o.key]})
		if prefix == "glpat" && d.Kind == "" {
			d.Kind = o.kind
			d.Evidence = []detectors.Evidence{{About: "kind", Says: "the token names the " + o.what + " that it belongs to", Source: gitlabTokens}}
		}
	}
	return d
}
