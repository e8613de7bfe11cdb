package unread

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
)

// TestGaps has for each kind a file that gives something, and its twin that gives nothing.
func TestGaps(t *testing.T) {
	tests := []struct {
		path, text string
		line       int // of the gap; 0 for none
	}{
		{"docker-bake.hcl", "target \"a\" {\n  args = { K = \"v\" }\n}\n", 2},
		{"docker-bake.hcl", "target \"a\" { tags = [\"b\"] }\n", 0},
		{"web/.vscode/launch.json", "{\"configurations\": [\n{\"envFile\": \".env\"}]}\n", 2},
		{".vscode/tasks.json", "{\"tasks\": []}\n", 0},
		{".vscode/settings.json", "{\n\"terminal.integrated.env.linux\": {}}\n", 2},
		{".vscode/settings.json", "{\"editor.tabSize\": 2}\n", 0},
		{".idea/runConfigurations/Web.xml", "<configuration>\n<envs>\n<env name=\"K\" value=\"v\" />\n", 3},
		{".run/Web.run.xml", "<configuration>\n<envs />\n", 0},
		{".travis.yml", "script: x\nenv:\n  - K=v\n", 2},
		{".travis.yml", "script: x\n", 0},
		{"vendor/example.com/a/.travis.yml", "script: x\nenv:\n  - K=v\n", 0},
		{"cloudbuild.yaml", "steps:\n- name: a\n  secretEnv: [K]\n", 3},
		{"deploy/api.service", "[Service]\nEnvironmentFile=/etc/api.env\n", 2},
		{"deploy/api.service.d/10-env.conf", "[Service]\nEnvironment=\"K=v\"\n", 2},
		{"deploy/api.service", "[Service]\nExecStart=/bin/true\n", 0},
		{"deploy/supervisord.conf", "[program:api]\nenvironment=K=\"v\"\n", 2},
		{"deploy/supervisord.conf", "[program:api]\ncommand=a\n", 0},
		{"deploy/crontab", "K=v\n* * * * * /bin/true\n", 1},
		{"deploy/crontab", "* * * * * K=v /bin/true\n", 0},
		{"skaffold.yaml", "deploy:\n  helm:\n    releases:\n    - name: a\n      valuesFiles: [b.yaml]\n", 5},
		{"skaffold.yaml", "build: {artifacts: [{image: a}]}\n", 0},
		{"Tiltfile", "k8s_yaml(helm('a',\n  values=['b.yaml']))\n", 2},
		{"Tiltfile", "k8s_yaml('a.yaml')\n", 0},
		{"Earthfile", "a:\n  RUN --secret K b\n", 2},
		{"jobs/api.nomad.hcl", "job \"a\" {\n  env {\n", 2},
		{"copilot/api/manifest.yml", "name: api\nsecrets: {K: v}\n", 2},
		{"config/deploy/staging.rb", "set :stage, :staging\nset :default_env, { K: 'v' }\n", 2},
		{"config/deploy.rb", "set :application, 'a'\n", 0},
		{"apps/a/project.json", "{\n\"envFile\": \".env\"}\n", 2},
		{"vars/deploy.groovy", "def call() {\n  withCredentials([string(credentialsId: 'a', variable: 'A')]) { sh 'b' }\n}\n", 2},
		{"vars/log.groovy", "def call(m) {\n  echo m\n}\n", 0},
		{"pillar/prod/top.sls", "base:\n  '*':\n    - secrets\n", 3},
		{"salt/top.sls", "base:\n  '*':\n    - app\n", 0},
		{"secrets.nix", "{\n  \"a.age\".publicKeys = [ b ];\n}\n", 2},
		{"image.pkr.hcl", "build {\n  provisioner \"shell\" {\n    environment_vars = [\"K=v\"]\n", 3},
		{"atlantis.yaml", "workflows:\n  a:\n    plan:\n      steps:\n      - run: b\n", 5},
		{"atlantis.yaml", "projects:\n- dir: a\n", 0},
		{"devbox.json", "{\"packages\": [\"a\"],\n\"shell\": {\"scripts\": {\"deploy\": \"b\"}}}\n", 2},
		{"devbox.json", "{\"packages\": [\"a\"], \"env\": {}, \"shell\": {\"init_hook\": []}}\n", 0},
		{"ios/fastlane/Fastfile", "lane :staging do\n  upload_to_testflight(api_key: ENV[\"KEY\"])\nend\n", 2},
		{"fastlane/Matchfile", "git_url(\"a\")\nusername(ENV['USER'])\n", 2},
		{"fastlane/Fastfile", "lane :test do\n  scan\nend\n", 0},
		{"deploy.php", "<?php\nnamespace Deployer;\nhost('a')->set('env', ['K' => 'v']);\n", 3},
		{"deploy.php", "<?php\necho shell_exec('git pull');\n", 0},
		{"Envoy.blade.php", "@servers(['web' => 'deploy@a'])\n@task('deploy')\n{{ env('K') }}\n@endtask\n", 3},
		{".gitpod.yml", "tasks:\n- env: {K: v}\n", 2},
	}
	for _, test := range tests {
		pass := analyzers.NewPass("unread", test.path, []byte(test.text))
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		line := 0
		for _, g := range pass.Facts.Gaps {
			line = g.At.Line
		}
		if line != test.line || len(pass.Facts.Gaps) > 1 {
			t.Errorf("%s: gaps %v, want one in line %d", test.path, pass.Facts.Gaps, test.line)
		}
	}
}

func FuzzRun(f *testing.F) {
	f.Add([]byte("env:\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, ".travis.yml", "codemagic.yaml"))
}
