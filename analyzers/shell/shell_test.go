package shell_test

import (
	"slices"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/appsettings"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/elixir"
	"github.com/stagewall/stagewall/analyzers/helm"
	"github.com/stagewall/stagewall/analyzers/rails"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/analyzers/spring"
	"github.com/stagewall/stagewall/analyzers/terraform"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", shell.Analyzer, dotenv.Analyzer, helm.Analyzer, terraform.Analyzer)
}

// TestSettings runs programs whose frameworks read settings by the name of an environment.
func TestSettings(t *testing.T) {
	analyzertest.Run(t, "testdata/settings/*.txtar", shell.Analyzer, dotenv.Analyzer, appsettings.Analyzer, spring.Analyzer, elixir.Analyzer, rails.Analyzer)
}

// Only functions that are wanted are read for others, and the names of the others are left.
func TestWants(t *testing.T) {
	pass := analyzers.NewPass("shell", "lib.sh", []byte("deploy() { curl -H \"$TOKEN\" https://acme.example; }\nlog() { logger \"$1\"; }\n"))
	pass.Wants = func(name string) bool { return name == "function deploy" }
	if err := shell.Analyzer.Run(pass); err != nil {
		t.Fatal(err)
	}
	var apart []string
	for _, p := range pass.Facts.Programs {
		if p.Apart {
			apart = append(apart, p.Name)
		}
	}
	if left := pass.Facts.Left; !slices.Equal(apart, []string{"function deploy"}) || left == nil || !slices.Equal(left.Programs, []string{"function log"}) {
		t.Errorf("read %q and left %+v", apart, left)
	}
}
