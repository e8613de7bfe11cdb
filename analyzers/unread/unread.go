// Package unread says of files that run or deploy something, and that no other analyzer reads, that they are not read.
//
// # Analyzer unread
//
// Tokens in such a file are found and lie in the checkout; what the file gives to whom is not known. That is a gap where the file, by a word in
// it, gives something: variables, a file of them, secrets.
package unread

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
)

// Analyzer notes files that are not read.
var Analyzer = &analyzers.Analyzer{
	Name:    "unread",
	Doc:     "notes files that run or deploy something and are not read",
	Version: 5,
	Files:   patterns(),
	Run:     run,
}

// kind is a kind of file that is not read.
type kind struct {
	pattern string
	gives   *lazyregexp.Regexp // what stands in it where it gives something
	says    string
}

// kinds are the kinds, each with the document that says what it is.
var kinds = []kind{
	{ // https://docs.docker.com/build/bake/reference/
		"**/docker-bake*.{hcl,json}", lazyregexp.New(`\b(?:args|secret)\b`),
		"the file of docker bake is not read; what its builds are given is not known",
	},
	{ // https://code.visualstudio.com/docs/debugtest/debugging-configuration
		"**/.vscode/{launch,tasks}.json", lazyregexp.New(`"(?:envFile|env)"`),
		"Visual Studio Code's configuration is not read; what the programs that it starts are given is not known",
	},
	{ // https://code.visualstudio.com/docs/terminal/advanced
		"**/.vscode/settings.json", lazyregexp.New(`"terminal\.integrated\.env\.`),
		"Visual Studio Code's settings are not read; what its terminals are given is not known",
	},
	{ // https://www.jetbrains.com/help/idea/run-debug-configuration.html#share-configurations
		"**/{.idea/runConfigurations/*.xml,.run/*.run.xml}", lazyregexp.New(`<env\s|<entry\b[^>]*\bPATH=`),
		"the run configuration of a JetBrains IDE is not read; what the program that it starts is given is not known",
	},
	{ // https://docs.travis-ci.com/user/environment-variables/
		"**/.travis.yml", lazyregexp.New(`(?m)^\s*(?:-\s+)?(?:env|secure|deploy):`),
		"Travis' configuration is not read; what its jobs are given, and what they run, is not known",
	},
	{ // https://cloud.google.com/build/docs/build-config-file-schema
		"**/cloudbuild*.{yml,yaml}", lazyregexp.New(`(?m)^\s*(?:-\s+)?(?:secretEnv|availableSecrets|env|substitutions):`),
		"Cloud Build's configuration is not read; what its steps are given, and what they run, is not known",
	},
	{ // https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Environment
		"**/{*.service,*.service.d/*.conf,*.container}", lazyregexp.New(`(?m)^\s*(?:Environment|EnvironmentFile|PassEnvironment|(?:Load|Set)Credential(?:Encrypted)?)=`),
		"systemd's unit is not read; what the service is given is not known",
	},
	{ // http://supervisord.org/configuration.html#program-x-section-settings
		"**/{supervisord*.conf,supervisor/**/*.{conf,ini},supervisord/**/*.{conf,ini}}", lazyregexp.New(`(?m)^\s*environment\s*=`),
		"supervisord's configuration is not read; what the programs that it starts are given is not known",
	},
	{ // https://man7.org/linux/man-pages/man5/crontab.5.html
		"**/{crontab,crontab.*,*.crontab,*.cron,cron.d/*}", lazyregexp.New(`(?m)^[ \t]*[A-Za-z_]\w*[ \t]*=`),
		"the table of cron is not read; what its commands are given is not known",
	},
	{ // https://skaffold.dev/docs/references/yaml/
		"**/skaffold{,.*,-*}.{yml,yaml}", lazyregexp.New(`(?m)(?:^|[{,])\s*(?:-\s+)?(?:valuesFiles|setValues|setValueTemplates|setFiles|buildArgs|secrets|env|overrides):`),
		"skaffold's configuration is not read; what its builds and releases are given is not known",
	},
	{ // https://docs.tilt.dev/api.html
		"**/{Tiltfile,Tiltfile.*,*.tiltfile}", lazyregexp.New(`\b(?:env|environ|env_file|build_args|values|set|secret)\s*=|\b(?:dotenv|docker_compose|secret_\w+|helm_resource)\s*\(`),
		"the Tiltfile is not read; what it starts, and what that is given, is not known",
	},
	{ // https://docs.earthly.dev/docs/earthfile
		"**/{Earthfile,*.earth}", lazyregexp.New(`--secret\b|(?m)^\s*(?:ARG|ENV)\s`),
		"the Earthfile is not read; what its targets are given is not known",
	},
	{ // https://developer.hashicorp.com/nomad/docs/job-specification
		"**/*.nomad{,.hcl}", lazyregexp.New(`(?m)^\s*(?:env|template|vault|secret)\b[^\n]*\{`),
		"Nomad's job is not read; what its tasks are given is not known",
	},
	{ // https://aws.github.io/copilot-cli/docs/manifest/overview/
		"**/copilot/**/manifest.yml", lazyregexp.New(`(?m)^\s*(?:variables|secrets|env_file):`),
		"Copilot's manifest is not read; what the service is given is not known",
	},
	{ // https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/ebextensions-optionsettings.html
		"**/.ebextensions/*.config", lazyregexp.New(`aws:elasticbeanstalk:application:environment`),
		"Elastic Beanstalk's settings are not read; what the application is given is not known",
	},
	{ // https://docs.semaphore.io/reference/pipeline-yaml
		"**/.semaphore/*.{yml,yaml}", lazyregexp.New(`(?m)^\s*(?:-\s+)?(?:secrets|env_vars):`),
		"Semaphore's pipeline is not read; what its jobs are given, and what they run, is not known",
	},
	{ // https://capistranorb.com/documentation/getting-started/configuration/
		"**/config/deploy{,/*}.rb", lazyregexp.New(`\b(?:default_env|ENV)\b|:linked_files\b`),
		"Capistrano's settings are not read; what a deployment is given is not known",
	},
	{ // https://docs.fastlane.tools/advanced/Fastfile/
		"**/fastlane/{Fastfile,Matchfile,Appfile,Deliverfile,*.fastfile}", lazyregexp.New(`\bENV\b|\bdotenv\b`),
		"fastlane's file is not read; what its lanes are given, and what they run, is not known",
	},
	{ // https://deployer.org/docs/8.x/basics
		"**/deploy.php", lazyregexp.New(`(?:\bset|\badd)\(\s*['"](?:env|dotenv|shared_files)['"]`),
		"Deployer's recipe is not read; what a deployment is given is not known",
	},
	{ // https://laravel.com/docs/envoy
		"**/{Envoy,envoy}.blade.php", lazyregexp.New(`\b(?:env|getenv)\(|\$_ENV\b|\bDotenv\b`),
		"Envoy's tasks are not read; what they are given, and what they run, is not known",
	},
	{ // https://nx.dev/docs/reference/project-configuration
		"**/project.json", lazyregexp.New(`"envFile"\s*:|"env"\s*:\s*\{\s*"`),
		"nx' targets are not read; what they are given, and what they run, is not known",
	},
	{ // https://www.gitpod.io/docs/classic/user/references/gitpod-yml
		"**/.gitpod.yml", lazyregexp.New(`(?m)^\s*(?:-\s+)?env:|\bexport\s+\w+=`),
		"gitpod's configuration is not read; what its tasks are given is not known",
	},
	{ // https://www.jenkins.io/doc/book/pipeline/shared-libraries/#directory-structure
		"**/vars/*.groovy", lazyregexp.New(`\b(?:withCredentials|credentialsId|with(?:Hashicorp)?Vault|withAzureKeyvault|azureKeyVaultSecrets)\b`),
		"the step of a shared library of Jenkins is not read; which credentials it is given, and what it runs with them, is not known",
	},
	{ // https://docs.saltproject.io/en/latest/topics/pillar/#declaring-the-master-pillar
		"**/*pillar*/**/top.sls", lazyregexp.New(`(?m)^\s*-\s`),
		"Salt's table of pillars is not read; which secrets a machine is given is not known",
	},
	{ // https://github.com/ryantm/agenix#tutorial
		"**/secrets.nix", lazyregexp.New(`\bpublicKeys\b`),
		"the table of agenix is not read; which machines can decrypt a secret is not known",
	},
	{ // https://developer.hashicorp.com/packer/docs/templates/hcl_templates
		"**/*.pkr.hcl", lazyregexp.New(`\benvironment_vars\b|\benv\(`),
		"Packer's template is not read; what its builds are given is not known",
	},
	{ // https://www.runatlantis.io/docs/custom-workflows.html
		"**/atlantis.{yml,yaml}", lazyregexp.New(`(?m)^\s*(?:-\s+)?(?:run|env|multienv|extra_args):`),
		"Atlantis' configuration is not read; what its plans are given, and what they run, is not known",
	},
	{ // https://www.jetify.com/docs/devbox/configuration
		"**/devbox.json", lazyregexp.New(`"(?:env_from|env|scripts)"\s*:\s*["{]\s*["\w]`),
		"devbox's configuration is not read; what its scripts are given, and what they run, is not known",
	},
	{ // https://docs.codemagic.io/yaml-basic-configuration/yaml-getting-started/
		"**/codemagic.{yml,yaml}", lazyregexp.New(`(?m)^\s*(?:vars|groups):`),
		"Codemagic's configuration is not read; what its builds are given, and what they run, is not known",
	},
}

func patterns() []string {
	var all []string
	for _, k := range kinds {
		all = append(all, k.pattern)
	}
	return all
}

func run(pass *analyzers.Pass) error {
	if isOthers(pass.Path) {
		return nil
	}
	for _, k := range kinds {
		if !doublestar.MatchUnvalidated(k.pattern, pass.Path) {
			continue
		}
		if at := k.gives.FindIndex(pass.Data); at != nil {
			start := at[0] + len(pass.Data[at[0]:at[1]]) - len(bytes.TrimLeft(pass.Data[at[0]:at[1]], " \t\r\n-"))
			pass.Gap(pass.At(start, at[1]), k.says)
		}
		return nil
	}
	return nil
}

// isOthers reports whether a file lies in the code of others: what that was once built and deployed with is run by nobody here.
func isOthers(file string) bool {
	return slices.ContainsFunc(strings.Split(path.Dir(file), "/"), func(folder string) bool { return folder == "vendor" || folder == "node_modules" })
}
