package elixir

import (
	"slices"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
)

// TestRun reads what a file of settings takes in and reads: the beginnings of paths, and names.
func TestRun(t *testing.T) {
	const data = "import Config\n# import_config \"none.exs\"\nimport_config \"#{Mix.env}.exs\"\nimport_config(\"shared.exs\")\n" +
		"config :a, b: System.get_env(\"C\"), d: System.fetch_env!(\"E\")\n"
	pass := analyzers.NewPass("elixir", "web/config/config.exs", []byte(data))
	if err := Analyzer.Run(pass); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range pass.Facts.Programs[0].Steps {
		switch s.Op {
		case analyzers.OpRead:
			got = append(got, s.Name)
		case analyzers.OpSource:
			path := ""
			for _, p := range s.Ref.Path.Parts {
				if path += p.Text; p.Hole != nil {
					path += "$" + p.Hole.Name
				}
			}
			got = append(got, path)
		default:
			got = append(got, string(s.Op))
		}
	}
	if want := []string{"open", "C", "E", "web/config/$MIX_ENV.exs", "web/config/shared.exs"}; !slices.Equal(got, want) {
		t.Errorf("it reads %q, want %q", got, want)
	}
}

func FuzzRun(f *testing.F) {
	f.Add([]byte("import_config \"#{config_env()}.exs\"\nif a do\nSystem.fetch_env!(\"B\")\nend\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "config/config.exs"))
}
