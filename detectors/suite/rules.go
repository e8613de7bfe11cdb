package suite

import (
	"strings"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/providers"
)

// Rules returns the rules of providers, those that name none, and those of a gitleaks configuration, in this order. Where both match the same bytes the
// providers' win, which is the engine's doing; where both have one id, the provider's rule stands for both, and what the other one
// allows it allows too.
func Rules(known []detectors.Provider, c gitleaks.Config) []detectors.Rule {
	var rules []detectors.Rule
	ours := map[string]int{}
	for _, p := range known {
		for _, r := range p.Rules {
			ours[r.ID] = len(rules)
			rules = append(rules, r)
		}
	}
	rules = append(rules, providers.Unnamed()...)
	for _, r := range c.Rules {
		if i, ok := ours[r.ID]; ok {
			rules[i].Allowlists = append(rules[i].Allowlists, r.Allowlists...)
		} else {
			rules = append(rules, nearest(r))
		}
	}
	return rules
}

// nearest returns the rule that looks for logins of curl so that it takes the nearest one, and not the last of those in the next five lines: what
// stands between would be part of one match, and so the logins of the calls between would never be found.
func nearest(r detectors.Rule) detectors.Rule {
	if r.ID == "curl-auth-user" {
		r.Pattern = strings.Replace(r.Pattern, `.*(?:[\r\n]{1,2}.*){1,5}`, `.*?(?:[\r\n]{1,2}.*?){1,5}?`, 1)
	}
	return r
}

// Passed are the files in which nothing is a token: what other scanners keep of tokens that they know, hashed.
func Passed() []detectors.Allowlist {
	return []detectors.Allowlist{{Description: "detect-secrets' baseline", Paths: []string{`(?:^|/)\.secrets\.baseline$`}}}
}
