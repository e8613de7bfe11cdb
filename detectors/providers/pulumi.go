package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	pulumiTokens  = "https://www.pulumi.com/docs/administration/access-identity/access-tokens/"
	pulumiSecrets = "https://www.pulumi.com/docs/iac/concepts/secrets/"
	pulumiCLI     = "https://www.pulumi.com/docs/iac/cli/commands/"
	// The description of Pulumi Cloud's API.
	pulumiCloudAPI = "https://github.com/pulumi/pulumi-pulumiservice/blob/main/provider/pkg/cloud/spec.json"
)

// pulumi gives one form to the tokens of persons, teams and organizations; none is limited to a stack. A passphrase opens the secrets of every stack
// that was made with it.
func pulumi() detectors.Provider {
	const token, passphrase = "access-token", "config-passphrase"
	tokens := []string{token}
	const body = `pul-[0-9a-f]{40}`
	return detectors.Provider{
		Name:  "pulumi",
		Title: "Pulumi",
		Hosts: []string{"api.pulumi.com"},
		Decode: func(text string) detectors.Decoded {
			if strings.HasPrefix(text, "pul-") {
				return detectors.Decoded{Kind: token}
			}
			return detectors.Decoded{Kind: passphrase, Reject: fakePassword(text, "pulumi", "passphrase", "phrase")}
		},
		Rules: []detectors.Rule{
			{
				ID:          "pulumi-access-token",
				Description: "an access token",
				Pattern:     prefixed(body),
				Group:       1,
				Keywords:    []string{"pul-"},
				Entropy:     3,
				Kinds:       tokens,
			},
			{
				ID:          "pulumi-config-passphrase",
				Description: "the passphrase of a stack's secrets, named so",
				Pattern:     assigned(`pulumi_config_passphrase`, "[^\\s\"'`$<>{}()|;&,\\\\]{8,128}"),
				Group:       1,
				Keywords:    []string{"pulumi_config_passphrase"},
				Entropy:     2.8,
				Allowlists:  []detectors.Allowlist{notAnID(), notAPath()},
				Kinds:       []string{passphrase},
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every stack of its person, team or organization, and what the stacks' own credentials reach",
				AtMost:    detectors.Full,
				Variables: []string{"PULUMI_ACCESS_TOKEN"},
				Shape:     body,
				Cut:       "use the token of a team that may write staging's stacks only, and delete this one",
				Source:    pulumiTokens,
			},
			{
				Name:      passphrase,
				Title:     "config passphrase",
				Scope:     detectors.ScopeContainer,
				Bound:     "the secrets of every stack that was made with it, and what they reach",
				AtMost:    detectors.UnknownPower,
				Variables: []string{"PULUMI_CONFIG_PASSPHRASE"},
				Cut:       "give staging's stacks a passphrase of their own (pulumi stack change-secrets-provider)",
				Source:    pulumiSecrets,
			},
		},
		Tools: []detectors.Tool{{
			Name: "pulumi", Variables: []string{"PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"}, Selectors: []string{"--stack", "-s", "--cwd", "-C"},
			Source: "https://www.pulumi.com/docs/iac/cli/environment-variables/",
		}},
		Containers: []detectors.Container{{Variable: "PULUMI_STACK", Names: true, What: "environment"}, {Variable: "PULUMI_ORG", What: "account"}},
		Operations: []detectors.Operation{
			{
				Name: "destroy", Does: detectors.Destroy,
				Calls: []string{"cli pulumi destroy", "cli pulumi down", "cli pulumi dn"}, Source: pulumiCLI + "pulumi_destroy/",
			},
			{
				Name: "up", Does: detectors.Destroy,
				Calls: []string{"cli pulumi up", "cli pulumi update"}, Source: pulumiCLI + "pulumi_up/",
			},
			{
				Name: "stack rm", Does: detectors.Destroy, Undo: "while it is among the 25 last deleted", Kinds: tokens,
				Calls:  []string{"cli pulumi stack rm", "http DELETE /api/stacks/*/*/*"},
				Source: "https://www.pulumi.com/docs/iac/operations/stack-management/restoring-deleted-stacks/",
			},
			{Name: "state delete", Does: detectors.Destroy, Kinds: tokens, Calls: []string{"cli pulumi state delete", "cli pulumi stack import"}, Source: pulumiCLI + "pulumi_state_delete/"},
			{
				Name: "env rm", Does: detectors.Destroy, Undo: "within a retention time, on the larger plans", Kinds: tokens,
				Calls: []string{"cli pulumi env rm", "cli esc env rm", "http DELETE /api/esc/environments/*/*/*"}, Source: pulumiCloudAPI,
			},
			{
				Name: "make tokens", Does: detectors.Admin, Kinds: tokens,
				Calls: []string{"http POST /api/user/tokens", "http POST /api/orgs/*/tokens", "http POST /api/orgs/*/teams/*/tokens"}, Source: pulumiTokens,
			},
			{Name: "read secrets", Does: detectors.Read, Calls: []string{"cli pulumi config get", "cli pulumi stack output", "cli pulumi env open"}, Source: pulumiSecrets},
		},
	}
}
