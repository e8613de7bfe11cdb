package analyzertest

import (
	"strings"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
)

// Sinks returns where an analyzer says that a file's values go, one a line: tool, method, host, path, header, scheme, parameter, fields; and
// which library's client takes its credential from the environment.
func Sinks(t *testing.T, a *analyzers.Analyzer, path, src string) string {
	t.Helper()
	pass := analyzers.NewPass(a.Name, path, []byte(src))
	if err := a.Run(pass); err != nil {
		t.Fatal(err)
	}
	var out []string
	var walk func(steps []analyzers.Step)
	walk = func(steps []analyzers.Step) {
		for _, s := range steps {
			if s.Op == analyzers.OpUse {
				var fields []string
				for _, f := range s.Sink.Fields {
					fields = append(fields, f.Text)
				}
				out = append(out, strings.Join(strings.Fields(strings.Join([]string{
					s.Sink.Tool, s.Sink.Method, s.Sink.Host, s.Sink.Path.Text, s.Sink.Header, s.Sink.Scheme, s.Sink.Query, strings.Join(fields, ","),
				}, " ")), " "))
			}
			if s.Op == analyzers.OpCall && s.Sink.Library != "" {
				out = append(out, s.Sink.Library+" takes "+s.Sink.Tool)
			}
			walk(s.Steps)
		}
	}
	for _, p := range pass.Facts.Programs {
		walk(p.Steps)
	}
	return strings.Join(out, "\n")
}
