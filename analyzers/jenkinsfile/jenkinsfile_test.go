package jenkinsfile

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, shell.Analyzer, dotenv.Analyzer)
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("@Library(\"l\") _\npipeline { environment { A = credentials(\"b\"); C = \"d\" }\nparameters { choice(name: \"ENV\", choices: [\"staging\"]) }\nstages { stage(\"e\") { when { branch \"f\" }\nsteps { withCredentials([string(credentialsId: \"g\", variable: \"H\")]) { sh \"i \\$H ${env.A}\" } } } } }\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := Analyzer.Run(analyzers.NewPass("jenkinsfile", "Jenkinsfile", data)); err != nil {
			t.Fatal(err)
		}
	})
}
