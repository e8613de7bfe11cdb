package platform_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
	"github.com/stagewall/stagewall/analyzers/dotenv"
	"github.com/stagewall/stagewall/analyzers/js"
	"github.com/stagewall/stagewall/analyzers/platform"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
)

func TestReaches(t *testing.T) {
	analyzertest.Run(t, "testdata/*.txtar", platform.Analyzer, dotenv.Analyzer, js.Analyzer, shell.Analyzer)
}

func TestBindings(t *testing.T) {
	tests := []struct{ path, source, what, value string }{
		{".firebaserc", `{"projects": {"staging": "acme-1"}}`, "project", "acme-1"},
		{"supabase/config.toml", "[remotes.staging]\nproject_id = \"abc\"\n", "project", "abc"},
		{"fly.staging.toml", "app = \"acme-two\"\n", "app", "acme-two"},
		{"wrangler.toml", "name = \"x\"\n[env.staging]\nroute = \"stg.acme.dev/*\"\n", "host", "stg.acme.dev"},
		{"wrangler.toml", "name = \"x\"\n[env.staging]\nroutes = [{ pattern = \"stg.acme.dev\", custom_domain = true }]\n", "host", "stg.acme.dev"},
	}
	for _, test := range tests {
		pass := analyzers.NewPass("platform", test.path, []byte(test.source))
		if err := platform.Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		if len(pass.Facts.Bindings) != 1 {
			t.Errorf("%s: %d bindings", test.path, len(pass.Facts.Bindings))
			continue
		}
		b := pass.Facts.Bindings[0]
		if b.What != test.what || b.Value != test.value || b.Environments != detectors.Staging {
			t.Errorf("%s: %s %s is %s", test.path, b.What, b.Value, b.Environments)
		}
	}
}

func TestMentionStandsAtItsKey(t *testing.T) {
	source := "{\n  \"environments\": {\n    \"staging\": {}\n  }\n}\n"
	pass := analyzers.NewPass("platform", "railway.json", []byte(source))
	if err := platform.Analyzer.Run(pass); err != nil {
		t.Fatal(err)
	}
	if m := pass.Facts.Mentions; len(m) != 1 || m[0].At.Line != 3 || m[0].Environments != detectors.Staging {
		t.Errorf("mentions: %+v", m)
	}
}

func FuzzRun(f *testing.F) {
	f.Add("railway.json", []byte(`{"environments": {"staging": {"deploy": {"startCommand": ["a", "b"]}}}}`))
	f.Add("netlify.toml", []byte("[build]\ncommand = 'x'\n[context.\"a/b\".environment]\nA = 'b'\n"))
	f.Add("wrangler.jsonc", []byte(`{"env": {"production": {"routes": ["a.b/*", {"pattern": 1}]}}, "main": "x.js"}`))
	f.Add("heroku.yml", []byte("run:\n  web:\n    command: [a, b]\n"))
	f.Add("supabase/config.toml", []byte("[auth]\na = \"env(B)\"\n[remotes.x]\n"))
	f.Add("app.json", []byte(`{"env": {"A": {"value": "b"}}, "environments": {"test": null}}`))
	f.Fuzz(func(t *testing.T, path string, data []byte) {
		if err := platform.Analyzer.Run(analyzers.NewPass("platform", path, data)); err != nil {
			t.Error(err)
		}
	})
}
