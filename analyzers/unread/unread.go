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
	Version: 1,
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
	{ // https://cloud.google.com/appengine/docs/standard/reference/app-yaml
		"**/app{,-*,.*,_*}.{yml,yaml}", lazyregexp.New(`(?m)^(?:env_variables|includes):`),
		"App Engine's configuration is not read; what the service is given is not known",
	},
	{ // https://docs.travis-ci.com/user/environment-variables/
		"**/.travis.yml", lazyregexp.New(`(?m)^\s*(?:-\s+)?(?:env|secure|deploy):`),
		"Travis' configuration is not read; what its jobs are given, and what they run, is not known",
	},
	{ // https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
		"**/buildspec*.{yml,yaml}", lazyregexp.New(`(?m)^\s*(?:env|parameter-store|secrets-manager):`),
		"CodeBuild's specification is not read; what the build is given, and what it runs, is not known",
	},
	{ // https://cloud.google.com/build/docs/build-config-file-schema
		"**/cloudbuild*.{yml,yaml}", lazyregexp.New(`(?m)^\s*(?:-\s+)?(?:secretEnv|availableSecrets|env|substitutions):`),
		"Cloud Build's configuration is not read; what its steps are given, and what they run, is not known",
	},
	{ // https://mise.jdx.dev/environments/
		"**/{mise,.mise,mise.*,.mise.*}.toml", lazyregexp.New(`(?m)^\s*\[env|\b_\.(?:file|source)\b`),
		"mise's configuration is not read; what shells below its folder are given, and what its tasks run, is not known",
	},
	{ // https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
		"**/samconfig.{toml,yaml,yml}", lazyregexp.New(`parameter_overrides`),
		"SAM's configuration is not read; what the stacks of its environments are given is not known",
	},
	{ // https://helmfile.readthedocs.io/en/latest/
		"**/{helmfile,helmfile.*}.{yml,yaml}", lazyregexp.New(`(?m)^\s*(?:-\s+)?(?:values|secrets|environments):`),
		"helmfile's releases are not read; which values they are given is not known",
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
