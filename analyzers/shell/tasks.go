package shell

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// taskRunners are programs whose operands are names of tasks that the repository makes in a language of its own: what they do is not read here, but they
// are called after what they are for.
//
//	https://ruby.github.io/rake/ https://hexdocs.pm/mix/Mix.html https://www.pyinvoke.org/ https://docs.fabfile.org/
//	https://docs.fastlane.tools/advanced/lanes/ https://docs.gradle.org/current/userguide/command_line_interface.html
//	https://gruntjs.com/using-the-cli https://gulpjs.com/docs/en/getting-started/quick-start https://laravel.com/docs/envoy https://bazel.build/run/build
var taskRunners = map[string]taskRunner{
	"rake": {takes: "-f --rakefile -C --directory -j --jobs -I --libdir -r --require -R --rakelibdir"}, "mix": {most: 1},
	"inv": {takes: invokeTakes}, "invoke": {takes: invokeTakes}, "fab": {takes: invokeTakes},
	"fastlane": {takes: "--env", most: 2}, "gradle": {takes: gradleTakes}, "gradlew": {takes: gradleTakes},
	"grunt": {takes: "--gruntfile -b --base"}, "gulp": {takes: "-f --gulpfile --cwd"}, "envoy": {most: 2}, "bazel": {most: 2}, "earthly": {most: 1},
}

// taskRunner is such a program.
type taskRunner struct {
	takes flags // options that take a value
	most  int   // how many of its operands can be names: the others are arguments; 0 for all
}

const (
	invokeTakes = flags("-H --hosts -i --identity -c --collection -r --search-root -f --config -F --list-format -D --list-depth")
	gradleTakes = flags("-x --exclude-task -p --project-dir -b --build-file -c --settings-file -I --init-script -g --gradle-user-home --console --tests --args " +
		"--max-workers")
)

// variantFlags are the flags of programs whose value says which variant is built. That it is production's, or made for tests, says nothing, as a build's
// mode does not: what is released is built and tested everywhere.
//
//	https://docs.flutter.dev/deployment/flavors https://nx.dev/docs/reference/nx-commands https://maven.apache.org/guides/introduction/introduction-to-profiles.html
var variantFlags = map[string]flags{
	"flutter": "--flavor", "xcodebuild": "-scheme -configuration", "nx": "-c --configuration", "mvn": "-P --activate-profiles", "mvnw": "-P --activate-profiles",
}

// isProperty reports whether a flag sets a property that selects an environment: -Penv=staging, -Ddeploy.env=staging
// (https://docs.gradle.org/current/userguide/build_environment.html https://maven.apache.org/ref/current/maven-embedder/cli.html).
func isProperty(program, flag string) bool {
	const takes = flags("gradle gradlew mvn mvnw java")
	return takes.has(program) && len(flag) > 2 && (flag[:2] == "-P" || flag[:2] == "-D") && environ.Selector(strings.ReplaceAll(flag[2:], ".", "_"))
}

// tasks notes the signs that the names of tasks and of variants give.
func (r *reader) tasks(c command) {
	name := tool(c.name())
	r.variants(c, name)
	runner, ok := taskRunners[name]
	if !ok {
		return
	}
	_, operands := options(c.args(), runner.takes, true)
	if runner.most > 0 {
		operands = operands[:min(runner.most, len(operands))]
	}
	for _, o := range operands {
		if key, _, given := strings.Cut(o.head(), "="); given { // an option of the task's
			if environ.Selector(key) {
				r.selects(o.from(len(key)+1).value, key+" says", o.value.At)
			}
		} else if text, known := r.resolve(o.value); known {
			r.sign(analyzers.Selector, ofTask(text), "it runs "+text+", which is for", o.value.At)
		}
	}
}

// variants notes the signs that [variantFlags] give.
func (r *reader) variants(c command, name string) {
	found, _ := options(c.args(), variantFlags[name], true)
	for _, o := range found {
		flag, at := o.name, o.value.value.At
		text, known := r.resolve(o.value.value)
		if !variantFlags[name].has(flag) && len(flag) > 2 && flag[1] != '-' { // -Pstaging
			flag, text, known, at = flag[:2], flag[2:], true, c.at
		}
		if known && variantFlags[name].has(flag) {
			r.sign(analyzers.Selector, environ.Value(text)&^(detectors.Production|detectors.Test), flag+" says", at)
		}
	}
}

// ofTask returns the environments that a task is for by its name. One that tests says what is done; one that builds production's variant and brings it
// nowhere is no work on production; and Maven's repositories for staging releases are none (https://central.sonatype.org/publish/publish-gradle/).
func ofTask(name string) detectors.Environment {
	lower := strings.ToLower(name)
	if strings.Contains(lower, "repositor") || strings.Contains(lower, "sonatype") {
		return 0
	}
	environments := environ.Job(name) &^ detectors.Test
	works := slices.ContainsFunc(workers, func(w string) bool { return strings.Contains(lower, w) })
	isName := strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") == "" // the whole of it: fastlane production
	if !works && !isName {
		environments &^= detectors.Production
	}
	return environments
}
