package gitleaks

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Baseline is a set of findings that are known, read from a JSON report of gitleaks.
type Baseline struct {
	known map[known]bool
}

// known is what a finding of a baseline is recognised by: its secret or, where the report withholds it, its line.
type known struct {
	rule, path, commit string
	secret             string
	line               int
}

// ParseBaseline reads a report that gitleaks wrote with --report-format json.
func ParseBaseline(data []byte, name string) (Baseline, error) {
	var findings []struct {
		RuleID    string
		File      string
		Commit    string
		StartLine int
		Secret    string
	}
	if err := json.Unmarshal(data, &findings); err != nil {
		return Baseline{}, fmt.Errorf("%s is no JSON report of gitleaks: %w", name, err)
	}
	b := Baseline{known: make(map[known]bool, len(findings))}
	for _, f := range findings {
		k := known{rule: f.RuleID, path: strings.ReplaceAll(f.File, `\`, "/"), commit: f.Commit}
		if redacted(f.Secret) {
			k.line = f.StartLine
		} else {
			k.secret = f.Secret
		}
		b.known[k] = true
	}
	return b, nil
}

// redacted reports whether gitleaks withheld the secret, or part of it.
func redacted(secret string) bool {
	return secret == "" || secret == "REDACTED" || strings.HasSuffix(secret, "...")
}

// Has reports whether the finding is known: the same rule found the same secret in the same file and commit, on whatever line, or, if the
// baseline's secrets are redacted, something on the same line.
func (b Baseline) Has(rule, path, commit, secret string, line int) bool {
	k := known{rule: rule, path: path, commit: commit, secret: secret}
	if b.known[k] {
		return true
	}
	k.secret, k.line = "", line
	return b.known[k]
}
