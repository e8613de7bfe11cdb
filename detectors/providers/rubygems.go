package providers

import "github.com/stagewall/stagewall/detectors"

const (
	rubygemsKeys = "https://guides.rubygems.org/api-key-scopes/"
	rubygemsAPI  = "https://guides.rubygems.org/rubygems-org-api/"
)

// rubygems knows the API keys of RubyGems.org. A registry has no environments: what is pushed is what production installs.
func rubygems() detectors.Provider {
	const key, body = "api-key", `rubygems_[0-9a-f]{48}`
	return detectors.Provider{
		Name:  "rubygems",
		Title: "RubyGems.org",
		Hosts: []string{"rubygems.org"},
		Rules: []detectors.Rule{{
			ID:          "rubygems-api-key",
			Description: "an API key",
			Pattern:     prefixed(body),
			Group:       1,
			Keywords:    []string{"rubygems_"},
			Entropy:     3,
			Kinds:       []string{key},
		}},
		Kinds: []detectors.Kind{{
			Name:      key,
			Title:     "API key",
			Scope:     detectors.ScopeAccount,
			Bound:     "the gems of its owner, or one gem, within scopes that it does not show: a registry has no environments",
			AtMost:    detectors.Full,
			Variables: []string{"GEM_HOST_API_KEY", "RUBYGEMS_API_KEY", "BUNDLE_GEM__PUSH_KEY"},
			Shape:     body,
			Cut:       "publish from the release job by trusted publishing, and delete this key",
			Source:    rubygemsKeys,
		}},
		Tools: []detectors.Tool{{
			Name: "gem", Variables: []string{"GEM_HOST_API_KEY"}, Selectors: []string{"--host", "--key", "-k"}, Source: "https://guides.rubygems.org/command-reference/",
		}},
		Operations: []detectors.Operation{
			{
				Name: "yank a version", Does: detectors.Destroy,
				Calls: []string{"cli gem yank", "http DELETE /api/v1/gems/yank"}, Source: "https://guides.rubygems.org/removing-a-published-gem/",
			},
			{Name: "push a version", Does: detectors.Write, Calls: []string{"cli gem push", "http POST /api/v1/gems"}, Source: rubygemsAPI},
			{
				Name: "change owners", Does: detectors.Admin,
				Calls: []string{"cli gem owner", "http POST /api/v1/gems/*/owners", "http DELETE /api/v1/gems/*/owners"}, Source: rubygemsAPI,
			},
		},
	}
}
