package npm_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/npm"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", npm.Analyzer, shell.Analyzer, dotenv.Analyzer)
}

func FuzzNpm(f *testing.F) {
	f.Add([]byte(`{"name": "a", "scripts": {"b": "npm run c && curl -H \"X: $Y\" https://a.example", "c": "\u0041\n"}}`))
	f.Fuzz(analyzertest.Fuzz(npm.Analyzer, "package.json"))
}
