// Package detection prepares what a scan finds tokens with: the providers' rules, gitleaks' rules or those of a configuration in their place,
// and what is known of kinds.
package detection

import (
	"fmt"
	"slices"

	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/suite"
	"github.com/stagewall/stagewall/detectors/tag"
)

// Options say how tokens are looked for.
type Options struct {
	Decode  int      // encodings, one within the other, that are undone
	Only    []string // the ids of the only rules; nil: all
	Timings bool     // what rules cost is measured
}

// Detection is what tokens are found with. It does not change, and several scans can use it at once.
type Detection struct {
	Rules []detectors.Rule
	Names Names

	match     match.Options
	engine    *match.Engine
	knowledge *tag.Knowledge
}

// New prepares detection with a configuration of gitleaks.
func New(user gitleaks.Config, o Options) (*Detection, error) {
	d := &Detection{match: match.Options{DecodeDepth: o.Decode, Global: append(suite.Passed(), user.Global...), Timings: o.Timings}}
	for _, r := range user.Rules {
		d.Names = append(d.Names, r.ID)
	}
	providers := suite.Providers()
	var err error
	if d.Rules, err = Enabled(suite.Rules(providers, user), o.Only); err != nil {
		return nil, err
	}
	if d.engine, err = match.New(d.Rules, d.match); err != nil {
		return nil, err
	}
	d.knowledge = tag.NewKnowledge(providers)
	return d, nil
}

// Use has a scan find tokens so.
func (d *Detection) Use(opt *scan.Options) {
	opt.Match, opt.Engine, opt.Knowledge = d.match, d.engine, d.knowledge
}

// Names are the ids of gitleaks' rules.
type Names []string

// Of returns under which rules gitleaks may have reported what a rule finds: it has not the providers' rules, and reports the same bytes under
// one of its own.
func (n Names) Of(rule string) []string {
	if slices.Contains(n, rule) {
		return []string{rule}
	}
	return append([]string{rule}, n...)
}

// Ignored returns what [scan.Options] asks: whether fingerprints pass something over, in which a path may be spelt in several ways.
func (n Names) Ignored(ignore gitleaks.Ignore, spelt func(path string) []string) func(commit, file, rule, secret string, line int) bool {
	return func(commit, path, rule, _ string, line int) bool {
		return len(ignore) > 0 && slices.ContainsFunc(n.Of(rule), func(rule string) bool {
			return slices.ContainsFunc(spelt(path), func(path string) bool { return ignore.Has(commit, path, rule, line) })
		})
	}
}

// Enabled returns the rules with the ids, and those that they require, as partners only; all if there are no ids.
func Enabled(rules []detectors.Rule, ids []string) ([]detectors.Rule, error) {
	if len(ids) == 0 {
		return rules, nil
	}
	for _, id := range ids {
		if !slices.ContainsFunc(rules, func(r detectors.Rule) bool { return r.ID == id }) {
			return nil, fmt.Errorf("--enable-rule: there is no rule %q", id)
		}
	}
	wanted, required := map[string]bool{}, map[string]bool{}
	var want func(id string, into map[string]bool)
	want = func(id string, into map[string]bool) {
		into[id] = true
		for _, r := range rules {
			for _, q := range r.Required {
				if r.ID == id && !required[q.Rule] {
					want(q.Rule, required)
				}
			}
		}
	}
	for _, id := range ids {
		want(id, wanted)
	}
	var some []detectors.Rule
	for _, r := range rules {
		if wanted[r.ID] || required[r.ID] {
			r.SkipReport = r.SkipReport || !wanted[r.ID]
			some = append(some, r)
		}
	}
	return some, nil
}
