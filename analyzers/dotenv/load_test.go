package dotenv_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/compose"
	"github.com/stagewall/stagewall/analyzers/dotenv"
)

// A dotenv file does nothing by itself: what loads it is a compose file here.
func TestReaches(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", dotenv.Analyzer, compose.Analyzer)
}
