package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// javascript reads the runtimes of JavaScript. Node's and Bun's env files do not replace what is set; a later file replaces an
// earlier one (https://nodejs.org/api/cli.html#--env-filefile, https://bun.sh/docs/runtime/env).
func (r *reader) javascript(c command) {
	name := tool(c.name())
	takes := flags("-r --require --import --loader --experimental-loader -e -p --eval --print --env-file --env-file-if-exists -C --conditions " +
		"--inspect-port --tsconfig --project -P --watch-path --ext -x --exec --watch -w --name -n -i --instances --env --config -c --cwd --preload")
	if name == "deno" {
		takes = denoTakes
	}
	found, operands := options(c.args(), takes, false)
	if name == "bun" && r.bun(c, found, operands) || strings.HasPrefix(name, "pm2") && r.ecosystem(c) {
		return
	}
	if (name == "deno" || name == "tsx" && starts(operands, "watch") || strings.HasPrefix(name, "pm2") || name == "vite-node") && len(operands) > 0 && !looksLikeProgram(operands[0]) {
		var more []option
		command := operands[0].text
		more, operands = options(operands[1:], takes, false)
		found = append(found, more...)
		if name == "deno" && command == "task" {
			r.denoTask(c, found, operands)
			return
		}
	}
	files := r.listed(all(found, "--env-file --env-file-if-exists"))
	if name == "deno" {
		files = r.denoFiles(c, found)
	}
	slices.Reverse(files)
	c.load(r, files, false)
	for _, module := range all(found, "-r --require --import --preload") {
		r.preload(&c, module)
	}
	if text, ok := last(found, "-x --exec"); ok && name == "nodemon" {
		r.shell(c, r.inside(append([]word{text}, operands...)...), nil)
		return
	}
	r.quotes(all(found, "-e -p --eval --print"), byMembers)
	if len(operands) == 0 {
		return
	}
	r.scripts(c, operands[0], operands[1:])
}

// Ecosystem names the program of a configuration of pm2's that starts the applications.
const Ecosystem = "pm2"

// ecosystem reads pm2 start FILE --env NAME, and reports whether the file is one of pm2's configuration: that starts what it lists, with the variables
// that it has for the environment. https://pm2.keymetrics.io/docs/usage/application-declaration/
func (r *reader) ecosystem(c command) bool {
	found, operands := options(c.args(), "--env --only -n --name -i --instances -u --user", true)
	i := slices.IndexFunc(operands, func(w word) bool {
		ext := path.Ext(w.head())
		return strings.HasSuffix(strings.TrimSuffix(w.head(), ext), ".config") && (ext == ".js" || ext == ".cjs" || ext == ".mjs")
	})
	if i < 0 {
		return false
	}
	environment := analyzers.Value{At: c.at, Parts: []analyzers.Part{{}}}
	if w, ok := last(found, "--env"); ok {
		environment = w.value
		r.selects(w.value, "pm2 --env says", w.value.At)
	}
	ref := analyzers.Ref{Path: r.below(operands[i].value), Name: Ecosystem, Args: []analyzers.Value{environment}}
	r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Ref: &ref, Optional: true})
	return true
}

// denoTakes are the options of Deno that take the next word: a file of variables follows an equals sign, or is .env
// (https://docs.deno.com/runtime/reference/env_variables/#.env-file).
const denoTakes = flags("-c --config --import-map --lock --cert --location --seed --ext -L --log-level --cwd")

func (r *reader) denoFiles(c command, found []option) (files []analyzers.Value) {
	for _, w := range all(found, "--env-file --env") {
		if len(w.value.Parts) == 0 {
			files = append(files, r.file(".env", c.at))
		} else {
			files = append(files, r.below(w.value))
		}
	}
	return files
}

// denoTask reads deno task, which runs a task of deno.json or a script of package.json
// (https://docs.deno.com/runtime/reference/cli/task/).
func (r *reader) denoTask(c command, found []option, operands []word) {
	if len(operands) == 0 {
		return
	}
	dir, _ := last(found, "--cwd")
	files := r.denoFiles(c, found)
	slices.Reverse(files)
	c.load(r, files, false)
	for _, file := range []string{"deno.json", "deno.jsonc", packageFile} {
		r.scriptIn(c, file, dir, operands[0], operands[1:])
	}
}

// preload reads a module that is required before the program: dotenv's loads .env (https://github.com/motdotla/dotenv#preload).
func (r *reader) preload(c *command, module word) {
	switch {
	case module.text == "dotenv-flow/config": // https://github.com/kerimdzhanov/dotenv-flow#variables-overwritingpriority
		mode := hole("", "NODE_ENV", c.at).Parts
		var files []analyzers.Value
		for _, parts := range [][]analyzers.Part{
			slices.Concat(synthetic(".env."), mode, synthetic(".local")), slices.Concat(synthetic(".env."), mode), synthetic(".env.local"), synthetic(".env"),
		} {
			files = append(files, r.below(analyzers.Value{At: c.at, Parts: parts}))
		}
		c.load(r, files, false)
	case strings.HasPrefix(module.text, "dotenv/config"):
		file := r.file(".env", c.at)
		for _, w := range c.args() {
			if path, ok := strings.CutPrefix(w.head(), "dotenv_config_path="); ok {
				file = r.below(w.from(len(w.head()) - len(path)).value)
			}
		}
		for _, s := range c.sets {
			if s.Name == "DOTENV_CONFIG_PATH" {
				file = r.below(s.Value)
			}
		}
		c.load(r, []analyzers.Value{file}, false)
	case strings.HasPrefix(module.head(), "."):
		c.sets = append(c.sets, analyzers.Step{Op: analyzers.OpSource, At: c.at, Ref: &analyzers.Ref{Path: r.below(module.value)}, Optional: true})
	}
}

// looksLikeProgram reports whether a word names a file rather than a sub-command.
func looksLikeProgram(w word) bool {
	return strings.ContainsAny(w.head(), "./") || !w.literal
}

// bun reads what bun does beside running a file: package scripts and commands of packages. It loads dotenv files for all of them.
func (r *reader) bun(c command, found []option, operands []word) bool {
	files := r.listed(all(found, "--env-file"))
	if len(files) == 0 {
		mode := bunMode(c.at)
		for _, parts := range [][]analyzers.Part{
			slices.Concat(synthetic(".env."), mode, synthetic(".local")), synthetic(".env.local"), slices.Concat(synthetic(".env."), mode), synthetic(".env"),
		} {
			files = append(files, r.below(analyzers.Value{At: c.at, Parts: parts}))
		}
	} else {
		slices.Reverse(files)
	}
	c.load(r, files, false)
	if len(operands) == 0 {
		return true
	}
	switch first := operands[0]; first.text {
	case "run", "x":
		more, rest := options(operands[1:], "--cwd --env-file --filter -F", false)
		if len(rest) == 0 {
			return true
		}
		if first.text == "x" {
			c.words = rest
			r.command(c)
			return true
		}
		if path.Ext(rest[0].text) != "" {
			r.scripts(c, rest[0], rest[1:])
			return true
		}
		dir, _ := last(append(found, more...), "--cwd")
		r.packageScript(c, dir, rest[0], rest[1:])
	case "install", "i", "add", "remove", "update", "create", "init", "link", "pm", "test", "build", "upgrade":
		r.external(c)
	default:
		if looksLikeProgram(first) {
			r.scripts(c, first, operands[1:])
		} else {
			dir, _ := last(found, "--cwd")
			r.packageScript(c, dir, first, operands[1:])
		}
	}
	return true
}

// bunMode is the mode whose files Bun loads: production or test if NODE_ENV is that, and else development (https://bun.com/docs/guides/runtime/set-env).
func bunMode(at detectors.Place) []analyzers.Part {
	development := analyzers.Value{Parts: synthetic("development")}
	set := analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{ // what nobody sets here is known, other than where code compares it
		Space: "choice", Values: []analyzers.Value{{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: "NODE_ENV", Default: &development}}}}},
	}}}}
	mode := &analyzers.Hole{Space: "unknown"}
	add := func(name string, guard analyzers.Guard) {
		mode.Values = append(mode.Values, analyzers.Value{At: at, Parts: synthetic(name), If: &guard})
	}
	own := []string{"production", "test"}
	for _, name := range own {
		add(name, analyzers.Guard{Value: set, Patterns: []string{name}})
	}
	add("development", analyzers.Guard{Value: set, Patterns: own, Not: true})
	return []analyzers.Part{{Hole: mode}}
}

// framework reads servers and task runners that run a program of the repository which they find by convention.
func (r *reader) framework(c command) {
	run := func(files ...string) {
		for _, f := range files {
			r.script(c, analyzers.Value{At: c.at, Parts: synthetic(f)}, nil)
		}
	}
	found, operands := options(c.args(), "-A --app -b --bind -w --workers -k -c --config -m --env-file --host --port -p -t --threads --chdir", true)
	files := r.listed(all(found, "--env-file"))
	c.load(r, files, false)
	app := ""
	switch name := tool(c.name()); name {
	case "flask":
		c.load(r, []analyzers.Value{r.file(".env", c.at), r.file(".flaskenv", c.at)}, false)
		app = "app"
		if w, ok := last(found, "-A --app"); ok {
			app = w.text
		}
	case "gunicorn", "uvicorn", "hypercorn", "fastapi", "streamlit":
		if len(operands) > 0 {
			app = operands[len(operands)-1].text
		}
	case "celery":
		if w, ok := last(found, "-A --app"); ok {
			app = w.text
		}
	case "django-admin":
		c.djangoSettings()
		run("manage.py")
	case "alembic": // https://alembic.sqlalchemy.org/en/latest/tutorial.html#the-migration-environment
		file := r.file("alembic.ini", c.at)
		if w, ok := last(found, "-c --config"); ok {
			file = r.below(w.value)
		}
		r.emit(analyzers.Step{Op: analyzers.OpOpen, At: c.at, File: new(file), Optional: true})
		run("migrations/env.py", "alembic/env.py")
	case "rails":
		r.rails(c)
		run("config/application.rb")
	case "rake":
		r.rails(c)
		run("Rakefile")
	case "rackup", "puma", "unicorn":
		r.rails(c)
		run("config.ru")
	case "sidekiq":
		r.rails(c)
	}
	if module, _, _ := strings.Cut(app, ":"); module != "" && strings.Trim(module, "./") != "" {
		if path.Ext(module) == ".py" {
			run(module)
		} else {
			name := strings.ReplaceAll(module, ".", "/")
			run(name+".py", name+"/__init__.py")
		}
	}
	r.openArguments(c)
	r.call(c)
}

// nest reads nest start, which builds the application, or one of several, and runs it (https://docs.nestjs.com/cli/usages#nest-start).
func (r *reader) nest(c command) {
	found, operands := options(c.args(), "-p --path -c --config -b --builder -e --exec --entryFile --env-file --sourceRoot --type", true)
	c.load(r, r.listed(all(found, "--env-file")), false)
	if !starts(operands, "start") {
		r.external(c)
		return
	}
	folder, entry := "src", "main"
	if len(operands) > 1 && operands[1].literal {
		folder = "apps/" + operands[1].text + "/src"
	}
	if w, ok := last(found, "--entryFile"); ok && w.literal {
		entry = w.text
	}
	r.script(c, analyzers.Value{At: c.at, Parts: synthetic(folder + "/" + entry + ".ts")}, nil)
}

// mode notes the sign of a build's mode: staging and its like are environments; production, development and test are how it is built.
func (r *reader) mode(w word) {
	if text, ok := r.resolve(w.value); ok && environ.Value(text).Touches(detectors.Staging|detectors.Preview) {
		r.selects(w.value, "the mode says", w.value.At)
	}
}

// inlined are the beginnings of the names that a tool puts into what it builds.
var inlined = map[string][]string{
	"vite": {"VITE_"}, "vitest": {"VITE_"}, "next": {"NEXT_PUBLIC_"}, "nuxt": {"NUXT_"}, "nuxi": {"NUXT_"}, "astro": {"PUBLIC_"},
	"react-scripts": {"REACT_APP_"}, "vue-cli-service": {"VUE_APP_"}, "expo": {"EXPO_PUBLIC_"}, "svelte-kit": {"PUBLIC_"},
}

// configs are the programs of the repository that a tool runs for its configuration.
var configs = map[string][]string{
	"vite":   {"vite.config.ts", "vite.config.js", "vite.config.mts", "vite.config.mjs"},
	"next":   {"next.config.js", "next.config.mjs", "next.config.ts"},
	"nuxt":   {"nuxt.config.ts", "nuxt.config.js"},
	"nuxi":   {"nuxt.config.ts", "nuxt.config.js"},
	"astro":  {"astro.config.mjs", "astro.config.ts"},
	"gatsby": {"gatsby-config.js", "gatsby-config.ts", "gatsby-node.js", "gatsby-node.ts"},
	"strapi": {"config/database.js", "config/database.ts", "config/server.js", "config/server.ts", "config/plugins.js", "config/plugins.ts",
		"config/admin.js", "config/admin.ts", "src/index.js", "src/index.ts"},
}

// entries are the programs with which the templates of a tool begin, where nothing that is read names another one.
var entries = map[string][]string{
	"vite":            {"src/main.ts", "src/main.tsx", "src/main.js", "src/main.jsx"},     // https://github.com/vitejs/vite/tree/main/packages/create-vite
	"vue-cli-service": {"src/main.js", "src/main.ts"},                                     // https://cli.vuejs.org/config/#pages
	"react-scripts":   {"src/index.js", "src/index.tsx", "src/index.ts", "src/index.jsx"}, // https://create-react-app.dev/docs/folder-structure
}

// routes are the folders of which a tool builds every file.
var routes = map[string][]string{
	"next":       {"app", "pages", "src/app", "src/pages"}, // https://nextjs.org/docs/app/getting-started/project-structure
	"nuxt":       {"pages", "server", "app/pages"},         // https://nuxt.com/docs/guide/directory-structure/server
	"nuxi":       {"pages", "server", "app/pages"},
	"astro":      {"src/pages"},  // https://docs.astro.build/en/basics/project-structure/
	"svelte-kit": {"src/routes"}, // https://svelte.dev/docs/kit/project-structure
	"remix":      {"app/routes"}, // https://v2.remix.run/docs/file-conventions/routes
	"gatsby":     {"src/pages", "src/api"},
}
