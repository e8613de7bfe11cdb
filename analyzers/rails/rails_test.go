package rails

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

func TestRun(t *testing.T) {
	for file, want := range map[string]detectors.Binding{
		"config/credentials.yml.enc":                {Value: "."},
		"web/config/credentials.yml.enc":            {Value: "web"},
		"config/credentials/production.yml.enc":     {Value: ".", Environments: detectors.Production},
		"web/config/credentials/staging.yml.enc":    {Value: "web", Environments: detectors.Staging},
		"config/environments/production.rb":         {Value: ".", Environments: detectors.Production, In: detectors.Elsewhere},
		"config/application.rb":                     {Value: ".", In: detectors.Elsewhere},
		"config/environments/development.rb@plain":  {},
		"config/environments/development.rb@remark": {},
		"config/credentials/acme.yml.enc":           {},
	} {
		data := "Rails.application.configure do\n  config.credentials.content_path = \"noop\"\nend\n"
		for suffix, text := range map[string]string{"@plain": "config.eager_load = true\n", "@remark": "# config.credentials.key_path = 1\n"} {
			if len(file) > len(suffix) && file[len(file)-len(suffix):] == suffix {
				file, data = file[:len(file)-len(suffix)], text
			}
		}
		pass := analyzers.NewPass("rails", file, []byte(data))
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		if want.Value == "" {
			if len(pass.Facts.Bindings) > 0 {
				t.Errorf("%s: %v", file, pass.Facts.Bindings)
			}
			continue
		}
		if len(pass.Facts.Bindings) != 1 {
			t.Errorf("%s: %d rows", file, len(pass.Facts.Bindings))
			continue
		}
		got := pass.Facts.Bindings[0]
		if got.What != detectors.Credentials || got.Value != want.Value || got.Environments != want.Environments || got.In != want.In {
			t.Errorf("%s: %+v", file, got)
		}
	}
}
