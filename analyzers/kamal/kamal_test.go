package kamal

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/shell"
)

func TestCases(t *testing.T) { analyzertest.Run(t, "testdata/*.txtar", Analyzer, shell.Analyzer) }

func FuzzRead(f *testing.F) {
	f.Add([]byte("service: <%= a %>\n<% if b %>\nenv: {clear: {C: d<%=e%>}, <%# f\n %>}\n"))
	f.Add([]byte("service: a\nregistry: {password: [B]}\nenv: {clear: {C: d}, secret: [E, F:G]}\nservers: {web: {env: {H: i}}}\naccessories: {j: {env: {secret: [K]}}}\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "config/deploy.yml", "config/deploy.staging.yml", ".kamal/secrets"))
}
