package compose_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/compose"
	"github.com/stagewall/stagewall/analyzers/devcontainer"
	"github.com/stagewall/stagewall/analyzers/dockerfile"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/analyzers/terraform"
	"github.com/stagewall/stagewall/analyzers/workflow"
)

func TestReaches(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", compose.Analyzer, devcontainer.Analyzer, dockerfile.Analyzer, dotenv.Analyzer, shell.Analyzer, workflow.Analyzer, terraform.Analyzer)
}
