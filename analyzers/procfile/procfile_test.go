package procfile_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
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
	f.Fuzz(func(t *testing.T, data []byte) {
		pass := analyzers.NewPass("procfile", "Procfile", data)
		if err := procfile.Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
	})
}
