package mise

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, dotenv.Analyzer, shell.Analyzer)
}

func FuzzRun(f *testing.F) {
	f.Add([]byte("[env]\nA = \"b\"\nC = false\n_.file = [\"d\", {path = \"e\"}]\n[tasks]\nf = \"g $A\"\n[tasks.h]\nrun = [\"i\", {task = \"f\"}]\ndepends = [\"f\"]\nenv = {J = {value = \"k\"}}\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "mise.toml", "a/.config/mise/config.staging.toml"))
}
