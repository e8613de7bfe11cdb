package detectortest

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
)

// found is one match of a rule.
type found struct{ rule, secret string }

// rules are compiled rules.
type rules struct {
	all      []detectors.Rule
	compiled map[string]*regexp.Regexp
}

func newRules(t *testing.T, all []detectors.Rule) *rules {
	t.Helper()
	r := &rules{all, map[string]*regexp.Regexp{}}
	for _, rule := range all {
		r.compiled[rule.ID] = regexp.MustCompile(rule.Pattern)
	}
	return r
}

// search returns what the rules find in a text.
func (r *rules) search(t *testing.T, path, text string) []found {
	t.Helper()
	var all []found
	for _, rule := range r.all {
		if rule.SkipReport || !slices.ContainsFunc(rule.Required, func(q detectors.Required) bool { return r.compiled[q.Rule].MatchString(text) }) && rule.Required != nil {
			continue
		}
		if rule.Path != "" && !regexp.MustCompile(rule.Path).MatchString(path) {
			continue
		}
		if !slices.ContainsFunc(rule.Keywords, func(k string) bool { return strings.Contains(strings.ToLower(text), k) }) {
			continue
		}
		for _, m := range r.compiled[rule.ID].FindAllStringSubmatch(text, -1) {
			if f := (found{rule.ID, m[rule.Group]}); !excluded(rule, m[0], f.secret) {
				all = append(all, f)
			}
		}
	}
	return all
}

func excluded(rule detectors.Rule, match, secret string) bool {
	for _, a := range rule.Allowlists {
		target := secret
		if a.Target != "" && a.Target != "secret" {
			target = match
		}
		for _, e := range a.Regexes {
			if regexp.MustCompile(e).MatchString(target) {
				return true
			}
		}
		for _, w := range a.StopWords {
			if strings.Contains(strings.ToLower(secret), strings.ToLower(w)) {
				return true
			}
		}
	}
	return entropy(secret) < rule.Entropy
}

// entropy returns Shannon's, in bits a byte.
func entropy(s string) float64 {
	var count [256]float64
	for i := range len(s) {
		count[s[i]]++
	}
	var bits float64
	for _, n := range count {
		if n > 0 {
			bits -= n / float64(len(s)) * math.Log2(n/float64(len(s)))
		}
	}
	return bits
}
