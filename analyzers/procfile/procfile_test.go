package procfile_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/procfile"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", procfile.Analyzer, shell.Analyzer, dotenv.Analyzer)
}

func FuzzProcfile(f *testing.F) {
	f.Add([]byte("web: a b\nrelease: c && $D\n"))
	f.Fuzz(analyzertest.Fuzz(procfile.Analyzer, "Procfile"))
}
