package match_test

import (
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/gitleaks"
)

// defaultRules returns gitleaks' rules.
func defaultRules(tb testing.TB) []detectors.Rule {
	tb.Helper()
	c, err := gitleaks.Default()
	if err != nil {
		tb.Fatal(err)
	}
	return c.Rules
}
