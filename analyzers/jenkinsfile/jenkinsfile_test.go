package jenkinsfile

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, shell.Analyzer, dotenv.Analyzer)
}

// TestManyRounds: a loop that is done too often says so.
func TestManyRounds(t *testing.T) {
	for n, want := range map[int]int{maxRounds: 0, maxRounds + 1: 1} {
		pass := analyzers.NewPass("jenkinsfile", "Jenkinsfile", []byte("node {\n  ["+strings.Repeat("'staging', ", n)+"].each { stage(\"deploy ${it}\") { sh 'make' } }\n}\n"))
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		if len(pass.Facts.Gaps) != want || len(pass.Facts.Units) != maxRounds {
			t.Errorf("%d rounds: %d units, gaps %v", n, len(pass.Facts.Units), pass.Facts.Gaps)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("@Library(\"l\") _\npipeline { environment { A = credentials(\"b\"); C = \"d\" }\nparameters { choice(name: \"ENV\", choices: [\"staging\"]) }\nstages { stage(\"e\") { when { branch \"f\" }\nsteps { withCredentials([string(credentialsId: \"g\", variable: \"H\")]) { sh \"i \\$H ${env.A}\" } } } } }\n"))
	f.Add([]byte("for (a in ['b']) { stage(a) { [c: 'd'].each { e, f -> sh \"${e}\" } } }\nmatrix { axes { axis { name 'g'; values 'h' } } }\n"))
	f.Add([]byte("def a = [b: [c: 'd']]\ndef e(f) { switch (f) { case ['g']: return 'h'; default: return \"${f ?: 'i'}\" } }\nnode { if (!(j == 'k') && l in ['m']) { env.N = a[o].c + e(p) } else { withVault(vaultSecrets: [[path: 'q', secretValues: [[vaultKey: 'r']]]]) { sshagent(['s']) { sh 't' } } } }\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "Jenkinsfile"))
}
