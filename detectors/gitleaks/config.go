package gitleaks

import (
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/zricethezav/gitleaks/v8/config"

	"github.com/stagewall/stagewall/detectors"
)

// Config is what a configuration says.
type Config struct {
	Rules  []detectors.Rule
	Global []detectors.Allowlist // they hold for every rule
}

// Default returns the configuration that the pinned version of gitleaks carries. The caller owns the result.
func Default() (Config, error) {
	var f file
	if err := toml.Unmarshal([]byte(config.DefaultConfig), &f); err != nil {
		return Config{}, fmt.Errorf("gitleaks' own rules: %w", err)
	}
	return f.config()
}

// file is a configuration file as written.
type file struct {
	Rules      []rule
	Allowlist  *allowlist // the older form of Allowlists
	Allowlists []allowlist
}

type rule struct {
	ID          string
	Description string
	Path        string
	Regex       string
	SecretGroup int
	Entropy     float64
	Keywords    []string
	Allowlist   *allowlist // the older form of Allowlists
	Allowlists  []allowlist
	Required    []required
	SkipReport  bool
}

type required struct {
	ID            string
	WithinLines   *int
	WithinColumns *int
}

type allowlist struct {
	TargetRules []string
	Description string
	Condition   string
	Commits     []string
	Paths       []string
	RegexTarget string
	Regexes     []string
	StopWords   []string
}

func (f *file) config() (Config, error) {
	var c Config
	for _, r := range f.Rules {
		c.Rules = append(c.Rules, r.rule())
	}
	for _, a := range joined(f.Allowlist, f.Allowlists) {
		c.Global = append(c.Global, a.allowlist())
	}
	return c, nil
}

func (r *rule) rule() detectors.Rule {
	d := detectors.Rule{
		ID: r.ID, Description: r.Description, Pattern: r.Regex, Group: r.SecretGroup, Path: r.Path,
		Entropy: r.Entropy, SkipReport: r.SkipReport,
		Generic: strings.Contains(strings.ToLower(r.ID), "generic"),
	}
	for _, k := range r.Keywords {
		d.Keywords = append(d.Keywords, strings.ToLower(k))
	}
	for _, a := range joined(r.Allowlist, r.Allowlists) {
		d.Allowlists = append(d.Allowlists, a.allowlist())
	}
	for _, q := range r.Required {
		d.Required = append(d.Required, detectors.Required{Rule: q.ID, WithinLines: q.WithinLines, WithinColumns: q.WithinColumns})
	}
	return d
}

func joined(one *allowlist, more []allowlist) []allowlist {
	if one == nil {
		return more
	}
	return append([]allowlist{*one}, more...)
}

func (a *allowlist) allowlist() detectors.Allowlist {
	d := detectors.Allowlist{
		Description: a.Description, Commits: a.Commits, Paths: a.Paths, Regexes: a.Regexes, Target: a.RegexTarget, StopWords: a.StopWords,
	}
	switch strings.ToUpper(a.Condition) {
	case "AND", "&&":
		d.MatchAll = true
	}
	return d
}
