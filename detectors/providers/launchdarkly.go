package providers

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
)

const (
	launchdarklyKeys   = "https://launchdarkly.com/docs/home/account/environment/keys"
	launchdarklyTokens = "https://launchdarkly.com/docs/home/account/api"
	launchdarklyAPI    = "https://launchdarkly.com/docs/api/"
	launchdarklyClient = "https://github.com/launchdarkly/api-client-go/blob/main/README.md"
)

// launchdarkly binds a key for SDKs to one environment of a project, which it does not name; a token for its API is bound to none, unless
// a policy that the token does not show says so.
func launchdarkly() detectors.Provider {
	const api, sdk, mobile = "api-access-token", "sdk-key", "mobile-key"
	wide := []string{api}
	return detectors.Provider{
		Name:  "launchdarkly",
		Title: "LaunchDarkly",
		Hosts: []string{"app.launchdarkly.com", ".launchdarkly.com"},
		Rules: []detectors.Rule{
			{
				ID:          "launchdarkly-key",
				Description: "a LaunchDarkly key or token, in a text that names LaunchDarkly",
				Pattern:     prefixed(`(?:api|mob|sdk)-` + uuid),
				Group:       1,
				Keywords:    []string{"api-", "mob-", "sdk-"},
				Entropy:     3,
				Required:    []detectors.Required{{Rule: "launchdarkly-name"}},
				Kinds:       []string{api, sdk, mobile},
			},
			{
				ID:          "launchdarkly-name",
				Description: "LaunchDarkly's name",
				Pattern:     `(?i)launch_?darkly|\bLD_(?:[A-Z]+_)*(?:KEY|TOKEN)\b|\bldcli\b`,
				Keywords:    []string{"launchdarkly", "launch_darkly", "ld_", "ldcli"},
				SkipReport:  true,
			},
		},
		Kinds: []detectors.Kind{
			{
				Name:      api,
				Title:     "API access token",
				Scope:     detectors.ScopeAccount,
				Bound:     "every environment of every project, unless its role or policy, which it does not show, says less",
				AtMost:    detectors.Full,
				Variables: []string{"LAUNCHDARKLY_ACCESS_TOKEN", "LAUNCHDARKLY_API_KEY", "LD_ACCESS_TOKEN", "LD_API_KEY"},
				Shape:     `api-` + uuid,
				Cut:       "make a token with a policy for proj/*:env/staging only, and delete this one",
				Source:    launchdarklyTokens,
			},
			{
				Name:      sdk,
				Title:     "SDK key",
				Scope:     detectors.ScopeContainer,
				Bound:     "reading the flags of one environment of one project, which it does not name",
				AtMost:    detectors.Read,
				Variables: []string{"LAUNCHDARKLY_SDK_KEY", "LD_SDK_KEY"},
				Shape:     `sdk-` + uuid,
				Cut:       "use the staging environment's SDK key, and reset this one",
				Source:    launchdarklyKeys,
			},
			{
				Name:      mobile,
				Title:     "mobile key",
				Scope:     detectors.ScopePublic,
				Bound:     "made to be shipped in apps: it reads the flags of one environment that are open to apps",
				Variables: []string{"LAUNCHDARKLY_MOBILE_KEY", "LD_MOBILE_KEY"},
				Shape:     `mob-` + uuid,
				Source:    launchdarklyKeys,
			},
		},
		Tools: []detectors.Tool{{
			Name:      "ldcli",
			Variables: []string{"LD_ACCESS_TOKEN"},
			Selectors: []string{"--environment", "--project"},
			Source:    "https://launchdarkly.com/docs/home/getting-started/ldcli",
		}},
		Containers: []detectors.Container{
			{Variable: "LD_ENVIRONMENT", Names: true, What: "environment"},
			{Variable: "LAUNCHDARKLY_ENVIRONMENT", Names: true, What: "environment"},
			{Variable: "LD_PROJECT", What: "project"},
		},
		// Methods of libraries: https://github.com/launchdarkly/api-client-python/blob/main/README.md
		Operations: []detectors.Operation{
			{
				Name: "delete a flag", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"http DELETE /api/v2/flags/*/*", "sdk delete_feature_flag", "cli ldcli flags delete"},
				Source: launchdarklyAPI + "feature-flags/delete-feature-flag",
			},
			{
				Name: "delete an environment", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"http DELETE /api/v2/projects/*/environments/*", "sdk delete_environment", "cli ldcli environments delete"},
				Source: launchdarklyAPI + "environments/delete-environment",
			},
			{
				Name: "delete a project", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"http DELETE /api/v2/projects/*", "sdk delete_project", "cli ldcli projects delete"},
				Source: launchdarklyAPI + "projects/delete-project",
			},
			{
				Name: "delete a segment", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"http DELETE /api/v2/segments/*/*/*", "sdk delete_segment", "cli ldcli segments delete"},
				Source: launchdarklyClient,
			},
			{
				Name: "delete a metric", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"http DELETE /api/v2/metrics/*/*", "sdk delete_metric", "cli ldcli metrics delete"},
				Source: launchdarklyClient,
			},
			{
				Name: "delete an AI config", Does: detectors.Destroy, Kinds: wide,
				Calls:  []string{"http DELETE /api/v2/projects/*/ai-configs/*", "http DELETE /api/v2/projects/*/ai-configs/*/variations/*"},
				Source: launchdarklyClient,
			},
			{
				Name: "turn a flag", Does: detectors.Write, Kinds: wide,
				Calls:  []string{"http PATCH /api/v2/flags/*/*", "cli ldcli flags update", "cli ldcli flags toggle-on", "cli ldcli flags toggle-off"},
				Source: launchdarklyAPI + "feature-flags/patch-feature-flag",
			},
			{
				Name: "make a token", Does: detectors.Admin, Kinds: wide,
				Calls:  []string{"http POST /api/v2/tokens", "http POST /api/v2/members", "http POST /api/v2/projects/*/environments/*/apiKey"},
				Source: launchdarklyAPI + "access-tokens/post-token",
			},
		},
		Decode: func(key string) detectors.Decoded {
			switch {
			case strings.HasPrefix(key, "api-"):
				return detectors.Decoded{Kind: api}
			case strings.HasPrefix(key, "sdk-"):
				return detectors.Decoded{Kind: sdk}
			case strings.HasPrefix(key, "mob-"):
				return detectors.Decoded{Kind: mobile}
			}
			return detectors.Decoded{}
		},
	}
}
