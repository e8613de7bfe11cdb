package nodeconfig_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/js"
	"github.com/stagewall/stagewall/analyzers/nodeconfig"
)

func TestReaches(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", nodeconfig.Analyzer, js.Analyzer, dotenv.Analyzer)
}
