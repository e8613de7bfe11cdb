package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	npmTokens    = "https://docs.npmjs.com/about-access-tokens"
	npmUnpublish = "https://docs.npmjs.com/cli/commands/npm-unpublish"
	npmConfig    = "https://docs.npmjs.com/cli/configuring-npm/npmrc"
)

// npm knows tokens of the registry, and what a configuration file gives to any registry. A registry has no environments.
func npm() detectors.Provider {
	const token, login = "access-token", "registry-login"
	return detectors.Provider{
		Name:  "npm",
		Title: "npm",
		Hosts: []string{"registry.npmjs.org"},
		Decode: func(secret string) detectors.Decoded {
			// https://github.blog/security/announcing-npms-new-access-token-format
			if body, ok := strings.CutPrefix(secret, "npm_"); ok && wrongGitHubChecksum(body) {
				return detectors.Decoded{Reject: "its checksum is wrong"}
			}
			return detectors.Decoded{}
		},
		Rules: []detectors.Rule{
			{
				ID:          "npm-access-token",
				Description: "a token for npm's registry",
				Pattern:     prefixed(`npm_[0-9A-Za-z]{36}`),
				Group:       1,
				Keywords:    []string{"npm_"},
				Entropy:     3,
				Kinds:       []string{token},
			},
			{
				ID:          "npm-registry-login",
				Description: "a token or password for a registry, in npm's configuration",
				Pattern:     `(?:^|[\s"':])_(?:authToken|auth|password)["']?[ \t]*[= \t:][ \t]*["']?([0-9A-Za-z+/=_.~-]{16,})`,
				Group:       1,
				Keywords:    []string{"_auth", "_password"},
				Entropy:     3,
				Path:        `(?:^|/)[^/]*npmrc[^/]*$`,
				Kinds:       []string{login},
				Generic:     true, // what is a known token belongs to whoever issued it
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      token,
				Title:     "granular access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "the packages and organizations that it was made for, which it does not show: a registry has no environments",
				AtMost:    detectors.Full,
				Variables: []string{"NPM_TOKEN", "NODE_AUTH_TOKEN", "NPM_AUTH_TOKEN", "YARN_NPM_AUTH_TOKEN"},
				Shape:     `npm_[0-9A-Za-z]{36}`,
				Cut:       "publish from the release job by trusted publishing, read with a read-only token elsewhere, and revoke this one",
				Source:    npmTokens,
			},
			{
				Name:   login,
				Title:  "registry login",
				Scope:  detectors.ScopeHost,
				Bound:  "the registry that it stands for",
				AtMost: detectors.UnknownPower,
				Cut:    "write ${NPM_TOKEN} into the file, give each job a token that may do no more than it needs, and revoke this one",
				Source: npmConfig,
			},
		},
		Tools: []detectors.Tool{{
			Name:      "npm",
			Aliases:   []string{"pnpm", "yarn", "bun"},
			Variables: []string{"NPM_TOKEN", "NODE_AUTH_TOKEN", "NPM_CONFIG_TOKEN", "YARN_NPM_AUTH_TOKEN"},
			Selectors: []string{"--registry", "--scope"},
			Source:    npmConfig,
		}},
		Operations: []detectors.Operation{
			{
				Name: "unpublish", Does: detectors.Destroy, Undo: "no undo",
				Calls:  []string{"cli npm unpublish", "http DELETE /*/-rev/*", "http DELETE /*/-/*/-rev/*"},
				Source: npmUnpublish,
			},
			{
				Name: "publish", Does: detectors.Write,
				Calls:  []string{"cli npm publish", "cli pnpm publish", "cli yarn npm publish", "cli yarn publish", "cli bun publish", "http PUT /*"},
				Source: "https://docs.npmjs.com/cli/commands/npm-publish",
			},
			{
				Name: "deprecate", Does: detectors.Write,
				Calls:  []string{"cli npm deprecate", "cli npm dist-tag add", "cli npm dist-tag rm"},
				Source: "https://docs.npmjs.com/cli/commands/npm-deprecate",
			},
			{
				Name: "change who has access", Does: detectors.Admin,
				Calls:  []string{"cli npm owner add", "cli npm owner rm", "cli npm access grant", "cli npm team add", "cli npm token create"},
				Source: "https://docs.npmjs.com/cli/commands/npm-owner",
			},
		},
	}
}
