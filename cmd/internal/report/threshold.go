package report

import (
	"fmt"

	"github.com/stagewall/stagewall/analyzers/verdict"
)

// Threshold is from when on what is found fails.
type Threshold struct {
	severity verdict.Severity
	tokens   bool // any token
	never    bool
}

// ParseThreshold reads the value of --fail-on.
func ParseThreshold(name string) (Threshold, error) {
	switch name {
	case "never":
		return Threshold{never: true}, nil
	case "token":
		return Threshold{severity: verdict.Low, tokens: true}, nil
	}
	severity, ok := verdict.Named(name)
	if !ok || severity == verdict.None {
		return Threshold{}, fmt.Errorf("--fail-on is low, medium, high, critical, token or never, not %q", name)
	}
	return Threshold{severity: severity}, nil
}

// Crossing reports whether a crossing of that severity fails.
func (t Threshold) Crossing(severity string) bool {
	s, _ := verdict.Named(severity)
	return !t.never && s >= t.severity
}

// Token reports whether a token fails, in no crossing too: where any does, or if only a threshold of tokens says so.
func (t Threshold) Token(k *Token, any bool) bool {
	return !t.never && (t.tokens || any) && !k.Reference && k.Allowed == ""
}
