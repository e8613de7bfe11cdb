package drone

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", Analyzer, shell.Analyzer, dotenv.Analyzer)
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("kind: pipeline\nname: a\nsteps:\n- {name: b, image: c:1, environment: {D: {from_secret: e}, F: $G}, secrets: [h, {source: i, target: j}], commands: [k $L], when: [{branch: main}]}\n- {name: m, image: n, settings: {o: {from_secret: p}, q: [r]}}\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, ".drone.yml"))
}
