// Package gclplugin is Stagewall's plugin for golangci-lint.
//
// golangci-lint compiles plugins in. In a clone of this repository, whose .custom-gcl.yml says so, the command `golangci-lint custom`
// makes a program custom-gcl, which is golangci-lint with the plugin; elsewhere the file is
//
//	version: v2.15.0
//	plugins:
//	  - module: github.com/stagewall/stagewall
//	    import: github.com/stagewall/stagewall/cmd/gclplugin
//	    path: ../stagewall # the clone
//
// The plugin is switched on in .golangci.yml; settings can be left out. Diagnostics hold no secret, but golangci-lint by itself prints
// the line that each is about, so that has to be switched off:
//
//	version: "2"
//	output:
//	  formats:
//	    text: {path: stdout, print-issued-lines: false}
//	linters:
//	  enable: [stagewall]
//	  settings:
//	    custom:
//	      stagewall:
//	        type: module
//	        description: tokens in Go source, and programs of staging that have one of production compiled in
//	        settings:
//	          staging: ["cmd/nightly", "tools/**"]
//	          severity: high
//	          accept:
//	            - {id: x_4f0c9a3be1d27786, reason: "read-only replica, reviewed"}
//
// It sees Go packages only: package tokens, in analyzers/golang, says what it reports, and `stagewall scan` sees the rest. A line is
// left alone with //nolint:stagewall.
package gclplugin

import (
	"fmt"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/stagewall/stagewall/analyzers/golang/tokens"
	"github.com/stagewall/stagewall/analyzers/verdict"
	"github.com/stagewall/stagewall/cmd/internal/vet"
)

// golangci-lint learns of a plugin in no other way.
func init() { register.Plugin("stagewall", New) }

// Settings are what stands under settings. A key that is none of these is an error.
type Settings struct {
	Staging    []string     `json:"staging"`    // doublestar patterns of paths in the module: main packages below are staging's
	Production []string     `json:"production"` // likewise production's
	Severity   string       `json:"severity"`   // low, medium, high, critical: what is less severe is not reported
	Accept     []Acceptance `json:"accept"`     // what somebody accepted
}

// Acceptance accepts a token or a crossing.
type Acceptance struct {
	ID     string `json:"id"`     // tok_… or x_…, as the diagnostic says
	Reason string `json:"reason"` // why; must be given
}

type plugin struct{ options tokens.Options }

// New returns the plugin with its settings, as golangci-lint has read them.
func New(settings any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[Settings](settings)
	if err != nil {
		return nil, fmt.Errorf("stagewall's settings: %w", err)
	}
	p := &plugin{tokens.Options{Staging: s.Staging, Production: s.Production}}
	if s.Severity != "" {
		var known bool
		if p.options.Severity, known = verdict.Named(s.Severity); !known {
			return nil, fmt.Errorf("stagewall's settings: severity is low, medium, high or critical, not %q", s.Severity)
		}
	}
	for _, a := range s.Accept {
		if a.ID == "" || a.Reason == "" {
			return nil, fmt.Errorf("stagewall's settings: an entry of accept needs an id and a reason, unlike {id: %q, reason: %q}", a.ID, a.Reason)
		}
		p.options.Accept = append(p.options.Accept, a.ID)
	}
	return p, p.options.Validate()
}

// BuildAnalyzers implements [register.LinterPlugin].
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) { return vet.Analyzers(p.options), nil }

// GetLoadMode implements [register.LinterPlugin].
func (p *plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
