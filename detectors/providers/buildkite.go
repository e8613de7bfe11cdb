package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	buildkiteTokens = "https://buildkite.com/docs/platform/security/tokens"
	buildkiteREST   = "https://buildkite.com/docs/apis/rest-api/"
	buildkiteAgents = "https://buildkite.com/docs/agent/self-hosted/tokens"
)

// buildkite knows tokens by their prefixes. Who may start a build runs steps of his own on the agents, with all that these reach.
func buildkite() detectors.Provider {
	const api, agent, session, job = "api-access-token", "agent-token", "agent-session-token", "job-token"
	const registry, portal = "registry-token", "portal-token"
	prefix := func(id, description, word, body, kind string) detectors.Rule {
		return detectors.Rule{
			ID: "buildkite-" + id, Description: description, Pattern: prefixed(word + body), Group: 1,
			Keywords: []string{word}, Entropy: 3.5, Kinds: []string{kind},
		}
	}
	const body = `[A-Za-z0-9_-]{30,400}`
	kinds := map[string]string{
		"bkua_": api, "bkct_": agent, "bkar_": agent, "bkaa_": session, "bkaj_": job, "bkpt_": registry, "bkpat_": portal, "bkps_": portal,
	}
	return detectors.Provider{
		Name:  "buildkite",
		Title: "Buildkite",
		Hosts: []string{"api.buildkite.com", "graphql.buildkite.com", "agent.buildkite.com", "packages.buildkite.com", "portal.buildkite.com"},
		Decode: func(token string) detectors.Decoded {
			prefix, _, _ := strings.Cut(token, "_")
			return detectors.Decoded{Kind: kinds[prefix+"_"]}
		},
		Rules: []detectors.Rule{
			prefix("api-access-token", "a person's API access token", "bkua_", `[a-z0-9]{40,64}`, api),
			prefix("agent-token", "the token with which the agents of a cluster register", "bkct_", body, agent),
			prefix("unclustered-agent-token", "the token with which agents without a cluster register", "bkar_", body, agent),
			prefix("agent-session-token", "the token of one agent", "bkaa_", body, session),
			prefix("job-token", "the token of a job", "bkaj_", body, job),
			prefix("registry-token", "the token of a package registry", "bkpt_", body, registry),
			prefix("portal-token", "the token of a portal", "bkpat_", body, portal),
			prefix("portal-secret", "the secret of a portal", "bkps_", body, portal),
		},
		Kinds: []detectors.Kind{
			{
				Name:      api,
				Title:     "API access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every pipeline and cluster of the organizations that it was made for: its scopes limit what it does, not where",
				AtMost:    detectors.Full,
				Variables: []string{"BUILDKITE_API_TOKEN", "BUILDKITE_API_ACCESS_TOKEN", "BUILDKITE_GRAPHQL_TOKEN"},
				Headers:   []string{"Authorization Bearer"},
				Shape:     `bkua_[a-z0-9]{40,64}`,
				Cut:       "make a token with the scopes that the work needs, for an organization without production, and revoke this one",
				Source:    "https://buildkite.com/docs/apis/managing-api-tokens",
			},
			{
				Name:      agent,
				Title:     "agent token",
				Scope:     detectors.ScopeContainer,
				Bound:     "one cluster, or the organization's agents without one, whose jobs it receives with their secrets",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"BUILDKITE_AGENT_TOKEN"},
				Cut:       "give staging's agents a cluster and a token of their own, and revoke this one",
				Source:    buildkiteAgents,
			},
			{
				Name:      session,
				Title:     "agent session token",
				Scope:     detectors.ScopeContainer,
				Bound:     "the jobs of one agent, while it runs",
				AtMost:    detectors.Read | detectors.Write,
				Variables: []string{"BUILDKITE_AGENT_ACCESS_TOKEN"},
				Cut:       "leave it to the agent that it is made for",
				Source:    buildkiteTokens,
			},
			{
				Name:   job,
				Title:  "job token",
				Scope:  detectors.ScopeContainer,
				Bound:  "one job, while it runs",
				AtMost: detectors.Read | detectors.Write,
				Cut:    "leave it to the job that it is made for",
				Source: buildkiteTokens,
			},
			{
				Name:      registry,
				Title:     "registry token",
				Scope:     detectors.ScopeContainer,
				Bound:     "the packages of one registry, which it does not name",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"BUILDKITE_PACKAGES_TOKEN"},
				Cut:       "make a token for staging's registry, and revoke this one",
				Source:    "https://buildkite.com/docs/package-registries/registries/manage",
			},
			{
				Name:   portal,
				Title:  "portal token",
				Scope:  detectors.ScopeContainer,
				Bound:  "the one operation of its portal, with the rights that the portal has",
				AtMost: detectors.UnknownPower,
				Cut:    "make a portal for what staging needs, and rotate this secret",
				Source: "https://buildkite.com/docs/apis/graphql/portals",
			},
		},
		Tools: []detectors.Tool{
			{
				Name: "buildkite-agent", Variables: []string{"BUILDKITE_AGENT_TOKEN", "BUILDKITE_AGENT_ACCESS_TOKEN"}, Selectors: []string{"--tags", "--queue"},
				Source: "https://buildkite.com/docs/agent/cli/reference/start",
			},
			{Name: "bk", Variables: []string{"BUILDKITE_API_TOKEN"}, Selectors: []string{"--pipeline", "-p"}, Source: "https://buildkite.com/docs/platform/cli"},
		},
		Containers: []detectors.Container{{Variable: "BUILDKITE_ORGANIZATION_SLUG", What: "account"}, {Variable: "BUILDKITE_PIPELINE_SLUG", What: "project"}},
		Operations: []detectors.Operation{
			{
				Name: "delete a pipeline", Does: detectors.Destroy, Kinds: []string{api},
				Calls: []string{"http DELETE /v2/organizations/*/pipelines/*", "graphql pipelineDelete"}, Source: buildkiteREST + "pipelines",
			},
			{
				Name: "delete a cluster", Does: detectors.Destroy, Kinds: []string{api},
				Calls:  []string{"http DELETE /v2/organizations/*/clusters/*", "http DELETE /v2/organizations/*/clusters/*/queues/*", "graphql clusterDelete"},
				Source: buildkiteREST + "clusters",
			},
			{
				Name: "delete a secret", Does: detectors.Destroy, Kinds: []string{api},
				Calls:  []string{"http DELETE /v2/organizations/*/clusters/*/secrets/*"},
				Source: buildkiteREST + "clusters/secrets",
			},
			{
				Name: "delete a job's log or artifact", Does: detectors.Destroy, Kinds: []string{api},
				Calls: []string{
					"http DELETE /v2/organizations/*/pipelines/*/builds/*/jobs/*/log", "http DELETE /v2/organizations/*/jobs/*/log",
					"http DELETE /v2/organizations/*/pipelines/*/builds/*/jobs/*/artifacts/*", "http DELETE /v2/organizations/*/jobs/*/artifacts/*",
				},
				Source: buildkiteREST + "jobs",
			},
			{
				Name: "delete a package", Does: detectors.Destroy, Kinds: []string{api, registry},
				Calls:  []string{"http DELETE /v2/packages/organizations/*/registries/*/packages/*"},
				Source: "https://buildkite.com/docs/apis/rest-api/package-registries/packages",
			},
			{
				Name: "delete a registry with its packages", Does: detectors.Destroy, Undo: "no undo", Kinds: []string{api, registry},
				Calls:  []string{"http DELETE /v2/packages/organizations/*/registries/*"},
				Source: "https://buildkite.com/docs/package-registries/registries/manage",
			},
			{
				Name: "make tokens or change access", Does: detectors.Admin, Kinds: []string{api},
				Calls:  []string{"http POST /v2/organizations/*/clusters/*/tokens", "graphql clusterAgentTokenCreate", "graphql agentTokenCreate", "graphql teamMemberCreate"},
				Source: buildkiteREST + "clusters/agent-tokens",
			},
			{
				Name: "run steps on the agents", Does: detectors.Write, Kinds: []string{api},
				Calls: []string{
					"http POST /v2/organizations/*/pipelines/*/builds", "http PUT /v2/organizations/*/pipelines/*/builds/*/rebuild", "graphql buildCreate",
					"cli bk build create", "cli bk build new",
				},
				Source: buildkiteREST + "builds",
			},
		},
	}
}
