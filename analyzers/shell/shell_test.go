package shell_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", shell.Analyzer, dotenv.Analyzer)
}
