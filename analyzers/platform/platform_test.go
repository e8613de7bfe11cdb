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

func TestRows(t *testing.T) {
	analyzertest.RunRows(t, platform.Analyzer, []analyzertest.Row{
		{".firebaserc", `{"projects": {"staging": "acme-1", "production": "acme-2", "default": "acme-1"}}`, "1 project acme-1 staging\n1 project acme-2 production"},
		{".firebaserc", `{"projects": {"staging": "acme-1", "default": "acme-1"}}`, "1 project acme-1 staging\n1 project acme-1 unknown"},
		{"supabase/config.toml", "[remotes.staging]\nproject_id = \"abc\"\n[remotes.eu]\nproject_id = \"def\"\n", "2 project abc staging\n4 project def unknown"},
		{"fly.staging.toml", "app = \"acme-two\"\n", "1 app acme-two staging"},
		{"fly.toml", "app = \"acme-two\"\n", "1 app acme-two unknown"},
		{"wrangler.toml", "name = \"x\"\naccount_id = \"1\"\n[env.staging]\naccount_id = \"2\"\nroute = \"stg.acme.dev/*\"\n",
			"2 account 1 unknown\n4 account 2 staging\n5 host stg.acme.dev staging"},
		{"wrangler.toml", "name = \"x\"\n[env.staging]\nroutes = [{ pattern = \"stg.acme.dev\", custom_domain = true }]\n", "3 host stg.acme.dev staging"},
		{"databricks.yml", "workspace: {host: https://adb-0.example.net}\ntargets:\n  stg: {workspace: {host: https://adb-1.example.net}}\n" +
			"  live-eu: {mode: production, workspace: {host: https://adb-2.example.net/}}\n",
			"1 host adb-0.example.net unknown\n3 host adb-1.example.net staging\n4 host adb-2.example.net production"},
		{"web/.vercel/project.json", `{"projectId": "prj_1", "orgId": "team_1", "projectName": "acme-staging"}`, "1 project prj_1 staging"},
		{"web/.vercel/project.json", `{"projectId": "prj_1", "orgId": "team_1"}`, "1 project prj_1 unknown"},
		{".vercel/repo.json", `{"projects": [{"id": "prj_2", "name": "a", "directory": "apps/production"}]}`, "1 project prj_2 production"},
		{"envs/staging/.neon", `{"projectId": "cold-sky-1"}`, "1 project cold-sky-1 staging"},
		{"doppler.yaml", "setup:\n  - {project: acme, config: stg}\n", ""},
		{".infisical.json", `{"workspaceId": "1", "defaultEnvironment": "dev"}`, ""},
	})
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
	f.Fuzz(func(t *testing.T, path string, data []byte) { analyzertest.Fuzz(platform.Analyzer, path)(t, data) })
}
