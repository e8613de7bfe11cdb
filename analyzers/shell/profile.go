package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/spring"
)

// Frameworks read files of settings that are called after an environment. Which one a process runs in, its arguments say or a variable.

// variable returns the value of the first of several variables that is set, or else a name that is taken then.
func (r *reader) variable(c command, otherwise string, names ...string) analyzers.Value {
	v := analyzers.Value{At: c.at, Parts: synthetic(otherwise)}
	for _, name := range slices.Backward(names) {
		v = analyzers.Value{At: c.at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: name, Default: new(v)}}}}
	}
	return v
}

// given returns the value of the last argument that begins with one of several texts, or follows one that is such a text without an equals sign.
func given(args []word, names ...string) (value word, ok bool) {
	for i, w := range args {
		for _, name := range names {
			switch head := w.head(); {
			case strings.HasSuffix(name, "=") && strings.HasPrefix(head, name):
				value, ok = w.from(len(name)), true
			case head == name && w.literal && i+1 < len(args):
				value, ok = args[i+1], true
			}
		}
	}
	return value, ok
}

// called returns the path of a file with a computed part in its name.
func (r *reader) called(folder, before string, name analyzers.Value, after string) analyzers.Value {
	if folder != "" {
		before = strings.TrimSuffix(folder, "/") + "/" + before
	}
	return r.below(analyzers.Value{At: name.At, Parts: slices.Concat(synthetic(before), name.Parts, synthetic(after))})
}

// dotnet reads programs of .NET whose host takes settings from appsettings.json and the file of its environment, in the project's folder. dotnet run gives
// them what the profile says that it launches.
//
//	https://learn.microsoft.com/aspnet/core/fundamentals/environments
//	https://learn.microsoft.com/dotnet/core/tools/dotnet-run
//	https://learn.microsoft.com/ef/core/cli/dotnet#aspnet-core-environment
func (r *reader) dotnet(c command) {
	args, folder, otherwise := c.args(), "", "Production"
	launches := starts(args, "run") || starts(args, "watch")
	switch {
	case starts(args, "ef"):
		otherwise = "Development"
	case !launches && (len(args) == 0 || path.Ext(args[0].text) != ".dll"):
		r.external(c)
		return
	}
	if w, ok := given(args, "--project", "--project=", "-p", "--startup-project", "--startup-project="); ok && w.literal {
		folder = w.text
		if strings.HasSuffix(folder, "proj") {
			folder = path.Dir(folder)
		}
	}
	environment := r.variable(c, otherwise, "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT")
	if w, ok := given(args, "--environment", "--environment="); ok {
		environment = w.value
	}
	var steps []analyzers.Step
	if launches && !slices.ContainsFunc(args, func(w word) bool { return w.text == "--no-launch-profile" }) {
		profile := &analyzers.Ref{Path: r.file(path.Join(folder, "Properties/launchSettings.json"), c.at)}
		if w, ok := given(args, "--launch-profile", "--launch-profile=", "-lp"); ok {
			profile.Name = w.text
		}
		steps = append(steps, analyzers.Step{Op: analyzers.OpLoad, At: c.at, Ref: profile, Export: true, Optional: true, Says: "is what it is launched with"})
	}
	for _, file := range []analyzers.Value{r.file(path.Join(folder, "appsettings.json"), c.at), r.called(folder, "appsettings.", environment, ".json")} {
		steps = append(steps, analyzers.Step{Op: analyzers.OpOpen, At: c.at, File: new(file), Optional: true, Says: "the application's host reads the file"})
	}
	r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: steps})
	r.external(c)
}

// profiles are the arguments by which the profiles of Spring Boot are said, to the application, the machine that it runs in, or the tool that builds it.
//
//	https://docs.spring.io/spring-boot/reference/features/profiles.html
//	https://docs.spring.io/spring-boot/maven-plugin/run.html
//	https://docs.gradle.org/current/userguide/application_plugin.html
var profiles = []string{
	"--spring.profiles.active=", "-Dspring.profiles.active=", "-Dspring-boot.run.profiles=", "-Dspring-boot.run.arguments=--spring.profiles.active=",
	"-Dspring-boot.run.jvmArguments=-Dspring.profiles.active=", "--args=--spring.profiles.active=",
}

const profilesVariable = "SPRING_PROFILES_ACTIVE"

// java reads programs that start an application of Spring Boot: the machine of Java, and the tools that build and run it. It reads its settings from the
// folders config and the one where it works, and from the resources of its module, which are in the program.
//
//	https://docs.spring.io/spring-boot/reference/features/external-config.html
//	https://docs.spring.io/spring-boot/maven-plugin/run.html
//	https://docs.spring.io/spring-boot/gradle-plugin/running.html
func (r *reader) java(c command) {
	args, module := c.args(), ""
	starts := false
	for _, w := range args {
		task := strings.TrimPrefix(w.text, ":")
		switch {
		case w.text == "spring-boot:run", w.text == "spring-boot:start":
			starts = true
		case task == "bootRun" || strings.HasSuffix(task, ":bootRun"):
			starts, module = true, strings.ReplaceAll(strings.TrimSuffix(strings.TrimSuffix(task, "bootRun"), ":"), ":", "/")
		}
	}
	profile, profiled := given(args, profiles...)
	if jar, ok := given(args, "-jar"); ok {
		starts = profiled || slices.ContainsFunc(c.sets, func(s analyzers.Step) bool { return s.Name == profilesVariable })
		for _, made := range []string{"/target/", "/build/libs/"} { // a jar that lies elsewhere in the repository is somebody else's
			if folder, _, ok := strings.Cut(path.Join("/", jar.text), made); ok {
				starts, module = true, strings.TrimPrefix(folder, "/")
			}
		}
		starts = starts || path.IsAbs(jar.text) || strings.HasPrefix(path.Base(jar.text), "app")
	}
	if !starts {
		r.external(c)
		return
	}
	if w, ok := given(args, "-pl", "--projects", "--projects=", "-f", "--file", "--file="); ok && w.literal {
		module = strings.TrimSuffix(strings.TrimPrefix(w.text, ":"), "/pom.xml")
	}
	active := []analyzers.Value{r.variable(c, "default", profilesVariable)}
	for _, s := range c.sets {
		if text, known := s.Value.Text(); known && s.Name == profilesVariable {
			active = r.listOf(text, s.Value)
		}
	}
	if profiled {
		r.selects(profile.value, "the active profile says", profile.value.At)
		active = []analyzers.Value{profile.value}
		if profile.literal {
			active = r.listOf(profile.text, profile.value)
		}
	} else if w, ok := given(args, "--args"); ok && strings.HasPrefix(w.head(), profiles[0]) {
		w = w.from(len(profiles[0]))
		r.selects(w.value, "the active profile says", w.value.At)
		active = []analyzers.Value{w.value}
	}
	var steps []analyzers.Step
	for _, profile := range active {
		steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: c.at, Space: spring.Profiles, Name: spring.Active, Value: profile})
		for _, folder := range []string{"config", "", path.Join(module, "src/main/resources/config"), path.Join(module, "src/main/resources")} {
			for _, ending := range []string{".yml", ".yaml", ".properties"} {
				for _, file := range []analyzers.Value{r.file(path.Join(folder, "application"+ending), c.at), r.called(folder, "application-", profile, ending)} {
					steps = append(steps, analyzers.Step{Op: analyzers.OpSource, At: c.at, Ref: &analyzers.Ref{Path: file}, Optional: true, Says: "the application reads the file"})
				}
			}
		}
	}
	r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: steps})
	r.external(c)
}

// listOf returns the values in a list with commas, as far as a list of that kind goes.
func (r *reader) listOf(text string, of analyzers.Value) (all []analyzers.Value) {
	const most = 64
	for i, one := range strings.Split(text, ",") {
		if i == most {
			r.pass.Gap(of.At, r.what()+" names too many profiles to follow; what the rest of them give the application is not known")
			break
		}
		all = append(all, analyzers.Value{At: of.At, Parts: synthetic(strings.TrimSpace(one))})
	}
	return all
}

// mix reads the build tool of Elixir, which evaluates the project's settings before it does anything: config.exs and what that imports, and then those of
// the runtime. https://hexdocs.pm/elixir/Config.html https://hexdocs.pm/mix/Mix.html#module-environments
func (r *reader) mix(c command) {
	for _, s := range c.sets {
		if s.Name == "MIX_ENV" {
			r.mode(word{value: s.Value})
		}
	}
	var settings []analyzers.Step
	for _, file := range []string{"config/config.exs", "config/runtime.exs"} {
		settings = append(settings, analyzers.Step{Op: analyzers.OpSource, At: c.at, Ref: &analyzers.Ref{Path: r.file(file, c.at)}, Optional: true, Says: "mix evaluates the settings"})
	}
	steps := []analyzers.Step{set("MIX_ENV", r.variable(c, "dev", "MIX_ENV"), c.at)}
	if _, task := options(c.args(), "", false); len(task) > 0 && slices.Contains(mixTools, task[0].text) {
		settings = nil // it evaluates them too, and nothing of the application uses them
	}
	r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: append(steps, settings...)})
	r.external(c)
}

// mixTools are tasks by which a project is built, tested and documented: jobs that work in production call them, too. They are those of Mix
// (https://hexdocs.pm/mix/Mix.html), and of Hex, Phoenix, ExDoc, Credo, Dialyxir, Gettext, Sobelow and ExCoveralls.
var mixTools = []string{
	"archive", "archive.build", "archive.install", "assets.build", "assets.deploy", "assets.setup", "clean", "compile", "coveralls", "coveralls.html", "coveralls.json",
	"credo", "deps", "deps.audit", "deps.clean", "deps.compile", "deps.get", "deps.loadpaths", "deps.unlock", "deps.update", "dialyzer", "docs", "escript.build",
	"escript.install", "format", "gettext.extract", "gettext.merge", "help", "hex.audit", "hex.build", "hex.info", "hex.outdated", "hex.publish", "local", "local.hex",
	"local.rebar", "new", "phx.digest", "phx.new", "sobelow", "test", "xref",
}

// console gives the consoles of Laravel and Symfony, which are called artisan and bin/console, the variables that they load. What is set stays, and the
// more particular file wins.
//
//	https://laravel.com/docs/configuration#additional-environment-files
//	https://symfony.com/doc/current/configuration.html#overriding-environment-values-via-env-local
func (r *reader) console(c *command, program word, args []word) {
	folder, name := path.Split(path.Clean(program.text))
	symfony := name == "console" && path.Base(folder) == "bin"
	if name != "artisan" && !symfony {
		return
	}
	environment := r.variable(*c, "", "APP_ENV")
	if symfony {
		environment = r.variable(*c, "dev", "APP_ENV")
		folder = path.Dir(path.Clean(folder))
	}
	if w, ok := given(args, "--env", "--env=", "-e"); ok {
		environment = w.value
		c.sets = append(c.sets, set("APP_ENV", w.value, c.at))
		r.selects(w.value, "--env says", w.value.At)
	}
	files := []analyzers.Value{r.called(folder, ".env.", environment, "")}
	if symfony {
		files = []analyzers.Value{
			r.called(folder, ".env.", environment, ".local"), r.called(folder, ".env.", environment, ""), r.file(path.Join(folder, ".env.local"), c.at),
		}
	}
	c.load(r, append(files, r.file(path.Join(folder, ".env"), c.at)), false)
}
