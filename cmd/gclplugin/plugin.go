// Package gclplugin is Stagewall's plugin for golangci-lint. README.md says how to build it in, and what it can and cannot do.
package gclplugin

import (
	"fmt"
	"os"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/stagewall/stagewall/analyzers/golang/tokens"
	"github.com/stagewall/stagewall/analyzers/verdict"
	"github.com/stagewall/stagewall/cmd/internal/embedded"
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
	Embedded   string       `json:"embedded"`   // set by the plugin itself, see remember
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
		return nil, fmt.Errorf("stagewall's settings are staging, production, severity and accept: %w", err)
	}
	if err := remember(settings); err != nil {
		return nil, err
	}
	p := &plugin{tokens.Options{Staging: s.Staging, Production: s.Production}}
	if s.Severity != "" {
		var known bool
		if p.options.Severity, known = verdict.Named(s.Severity); !known {
			return nil, fmt.Errorf("stagewall's settings: severity is low, medium, high or critical, not %q", s.Severity)
		}
	}
	for _, a := range s.Accept {
		if !strings.HasPrefix(a.ID, "tok_") && !strings.HasPrefix(a.ID, "x_") || a.Reason == "" {
			return nil, fmt.Errorf("stagewall's settings: an entry of accept needs an id, tok_… or x_…, and a reason, unlike {id: %q, reason: %q}", a.ID, a.Reason)
		}
		p.options.Accept = append(p.options.Accept, a.ID)
	}
	return p, p.options.Validate()
}

// BuildAnalyzers implements [register.LinterPlugin].
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) { return vet.Analyzers(p.options), nil }

// GetLoadMode implements [register.LinterPlugin].
func (p *plugin) GetLoadMode() string { return register.LoadModeTypesInfo }

// remember puts a digest of what Go packages embed into the settings. golangci-lint keeps results by the Go files of packages and by all
// linters' settings, and looks at these after it has made the plugins: so a result is not shown again when an embedded file has changed.
// Where there are no settings to put it into, old results may be shown; the README says so.
func remember(settings any) error {
	object, ok := settings.(map[string]any)
	if !ok || object == nil {
		return nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	digest, err := embedded.Digest(os.DirFS(embedded.Root(dir)))
	if err != nil {
		return fmt.Errorf("reading what is embedded: %w", err)
	}
	object["embedded"] = digest
	return nil
}
