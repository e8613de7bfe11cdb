package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// runtimes returns how a language's interpreter or runner is read: it runs a program of the repository.
func runtimes(name string) func(*reader, command) {
	switch name {
	case "node", "nodejs", "tsx", "ts-node", "ts-node-dev", "ts-node-esm", "nodemon", "swc-node", "esno", "vite-node", "babel-node", "zx", "bun", "deno", "pm2", "pm2-runtime", "pm2-dev":
		return (*reader).javascript
	case "ruby", "php", "perl", "Rscript", "lua", "julia", "elixir", "groovy", "pwsh", "powershell", "osascript", "expect", "tclsh", "swift", "dart", "kotlin":
		return (*reader).interpreter
	case "java", "mvn", "mvnw", "gradle", "gradlew":
		return (*reader).java
	case "dotnet":
		return (*reader).dotnet
	case "mix":
		return (*reader).mix
	case "go":
		return (*reader).golang
	case "jupyter", "papermill":
		return (*reader).jupyter
	case "flask", "gunicorn", "uvicorn", "hypercorn", "celery", "fastapi", "streamlit", "django-admin", "alembic", "pytest", "rails", "rake", "rackup", "puma", "sidekiq", "unicorn":
		return (*reader).framework
	case "vite", "vitest", "next", "nuxt", "nuxi", "astro", "react-scripts", "vue-cli-service", "remix", "svelte-kit", "expo", "gatsby", "strapi":
		return (*reader).bundler
	case "nest":
		return (*reader).nest
	case "prisma", "knex", "sequelize", "sequelize-cli", "typeorm", "drizzle-kit", "mikro-orm":
		return (*reader).migrator
	case "foreman", "honcho", "overmind", "hivemind", "forego", "goreman":
		return (*reader).procfile
	}
	if strings.HasPrefix(name, "python") || name == "pypy" || name == "pypy3" {
		return (*reader).python
	}
	return nil
}

// shells reads a shell that is started: with a program as its argument, from a file or from its input.
func (r *reader) shells(c command) {
	args := c.args()
	if tool(c.name()) == "busybox" && len(args) > 0 && args[0].text == "sh" {
		args = args[1:]
	}
	found, operands := options(args, "-o +o -O +O --rcfile --init-file", false)
	for len(operands) > 0 && strings.HasPrefix(operands[0].text, "+") {
		operands = operands[1:]
	}
	_, inline := last(found, "-c")
	switch {
	case inline && len(operands) > 0:
		var positional []word
		if len(operands) > 2 { // the first one is the program's name
			positional = operands[2:]
		}
		r.shell(c, r.inside(operands[0]), positional)
	case inline:
	case len(operands) > 0 && operands[0].printed != nil:
	case len(operands) > 0 && operands[0].text != "-":
		r.script(c, operands[0].value, operands[1:])
	case r.in != nil && r.in.body != nil:
		r.shell(c, r.inDocument(r.in), nil)
	case r.in != nil:
		for _, f := range r.in.files {
			r.script(c, analyzers.Value{At: f.At, Parts: f.Parts}, nil)
		}
	}
}

// switchesUser reads su and runuser, which run a shell with -c.
func (r *reader) switchesUser(c command) {
	found, operands := options(c.args(), "-c --command -s --shell -g -G -w", true)
	if text, ok := last(found, "-c --command"); ok {
		r.shell(c, r.inside(text), nil)
		return
	}
	if len(operands) > 1 { // runuser user command
		c.words = operands[1:]
		r.command(c)
	}
}

// remote reads ssh: its command runs on another host and inherits nothing.
func (r *reader) remote(c command) {
	if tool(c.name()) == "sshpass" {
		found, rest := options(c.args(), "-p -f -d -P", false)
		for _, f := range all(found, "-f") {
			r.opens(f)
		}
		outer := c
		outer.words = c.words[:len(c.words)-len(rest)]
		r.call(outer)
		if len(rest) > 0 {
			c.words = rest
			r.command(c)
		}
		return
	}
	found, operands := options(c.args(), "-i -o -p -l -F -J -L -R -D -b -c -e -m -S -w -W -Q -E -B -I -O -M", false)
	if len(operands) > 0 {
		_, after := options(operands[1:], "-i -o -p -l -F -J", false)
		operands = append(operands[:1:1], after...)
	}
	for _, key := range all(found, "-i -F") {
		r.opens(key)
	}
	outer := c
	outer.words = c.words[:max(1, len(c.words)-max(0, len(operands)-1))]
	in := r.in
	r.in = nil
	r.call(outer)
	r.in = in
	c.isolated = true
	switch {
	case len(operands) > 1:
		r.shell(c, r.inside(operands[1:]...), nil)
	case in != nil && in.body != nil:
		r.shell(c, r.inDocument(in), nil)
	case in != nil:
		for _, f := range in.files {
			r.script(c, f, nil)
		}
	}
}

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
	if len(operands) == 0 {
		return
	}
	r.scripts(c, operands[0], operands[1:])
}

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
	ref := analyzers.Ref{Path: r.below(operands[i].value), Name: "pm2", Args: []analyzers.Value{environment}}
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

// scripts runs a program of the repository whose ending may be left out.
func (r *reader) scripts(c command, file word, args []word) {
	if file.printed != nil || len(file.value.Parts) == 0 {
		return
	}
	r.script(c, file.value, args)
}

// bun reads what bun does beside running a file: package scripts and commands of packages. It loads dotenv files for all of them.
func (r *reader) bun(c command, found []option, operands []word) bool {
	files := r.listed(all(found, "--env-file"))
	if len(files) == 0 {
		for _, name := range []string{".env.local", ".env.development", ".env"} {
			files = append(files, r.file(name, c.at))
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

// interpreter reads interpreters whose first operand is the program.
func (r *reader) interpreter(c command) {
	name := tool(c.name())
	found, operands := options(c.args(), "-e -r -I -d -c -f -F -cp -classpath -jar --rcfile -File -Command -m -M", false)
	if file, ok := last(found, "-f -File"); ok && (name == "php" || name == "pwsh" || name == "powershell") {
		r.scripts(c, file, operands)
		return
	}
	if len(operands) == 0 || name == "swift" || name == "kotlin" {
		r.external(c)
		return
	}
	if name == "php" {
		r.console(&c, operands[0], operands[1:])
	}
	r.scripts(c, operands[0], operands[1:])
}

// python reads Python's interpreter: a file, a module (-m) or a program as text.
func (r *reader) python(c command) {
	found, operands := options(c.args(), "-m -c -W -X", false)
	for i, o := range found {
		if o.name == "-m" { // options behind it are the module's
			var rest []word
			if j := position(c.words, o.value); j >= 0 {
				rest = c.words[j+1:]
			}
			_ = i
			r.module(c, o.value, rest)
			return
		}
		if o.name == "-c" {
			r.call(c)
			return
		}
	}
	if len(operands) == 0 {
		r.external(c)
		return
	}
	if path.Base(operands[0].text) == "manage.py" {
		c.djangoSettings()
	}
	r.scripts(c, operands[0], operands[1:])
}

// djangoSettings gives a command the settings that its argument names. https://docs.djangoproject.com/en/stable/ref/django-admin/#cmdoption-settings
func (c *command) djangoSettings() {
	args := c.args()
	for i, w := range args {
		switch head := w.head(); {
		case strings.HasPrefix(head, "--settings="):
			c.sets = append(c.sets, set("DJANGO_SETTINGS_MODULE", w.from(len("--settings=")).value, c.at))
		case head == "--settings" && i+1 < len(args):
			c.sets = append(c.sets, set("DJANGO_SETTINGS_MODULE", args[i+1].value, c.at))
		}
	}
}

// position returns the index of a word among words, -1 if it is not there.
func position(words []word, w word) int {
	return slices.IndexFunc(words, func(x word) bool { return x.value.At == w.value.At && x.text == w.text })
}

// module runs a Python module, python -m; tools that are started so count as their own command.
func (r *reader) module(c command, module word, args []word) {
	if !module.literal {
		r.call(c)
		return
	}
	if reads(module.text) != nil && module.text != "http" {
		c.words = append([]word{module}, args...)
		r.program(c)
		return
	}
	name := strings.ReplaceAll(module.text, ".", "/")
	for _, file := range []string{name + ".py", name + "/__main__.py"} {
		r.script(c, analyzers.Value{At: module.value.At, Parts: synthetic(file)}, args)
	}
	c.words = append([]word{module}, args...)
	r.call(c)
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

// rails notes which files of settings a program of Rails reads, if they are there: of those with a section for each environment its own, and what
// sections share, and the key of its credentials. The environment's configuration is a program.
// https://guides.rubyonrails.org/configuring.html#configuring-a-database https://guides.rubyonrails.org/security.html#custom-credentials
// https://guides.rubyonrails.org/v7.1/upgrading_ruby_on_rails.html (secrets.yml)
func (r *reader) rails(c command) {
	found, _ := options(c.args(), "-e --environment -c --config -b --bind -p --port -C -q -r -t -w", true)
	rack := analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: "RACK_ENV", Default: &analyzers.Value{Parts: synthetic("development")}}}}}
	environment := analyzers.Value{At: c.at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: "RAILS_ENV", Default: &rack}}}}
	if w, ok := last(found, "-e --environment"); ok {
		environment = w.value
		c.sets = append(c.sets, set("RAILS_ENV", w.value, c.at))
		r.mode(w)
	}
	var opens []analyzers.Step
	open := func(file analyzers.Value, sections ...analyzers.Value) {
		step := analyzers.Step{Op: analyzers.OpOpen, At: c.at, File: &file, Optional: true, Says: "Rails reads the file"}
		for _, section := range sections {
			step.Named = []analyzers.Named{{Value: section}}
			opens = append(opens, step)
		}
		if sections == nil {
			opens = append(opens, step)
		}
	}
	shared := []analyzers.Value{environment, {At: c.at, Parts: synthetic("default")}, {At: c.at, Parts: synthetic("shared")}}
	open(r.file("config/secrets.yml", c.at), shared...)
	open(r.file("config/database.yml", c.at), shared...)
	key := analyzers.Value{At: c.at, Parts: slices.Concat(synthetic("config/credentials/"), environment.Parts, synthetic(".key"))}
	open(r.below(key))
	opens = append(opens, analyzers.Step{
		Op: analyzers.OpSource, At: c.at, Ref: &analyzers.Ref{Path: r.called("config/environments", "", environment, ".rb")}, Optional: true, Says: "Rails evaluates the file",
	})
	r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: opens})
}

// jupyter reads the programs that run a notebook from the command line.
// https://nbconvert.readthedocs.io/en/latest/execute_api.html https://papermill.readthedocs.io/en/latest/usage-execute.html
func (r *reader) jupyter(c command) {
	found, operands := options(c.args(), "--to --output --output-dir -p -r -y -f -k --kernel --cwd", true)
	if tool(c.name()) == "jupyter" {
		_, executes := last(found, "--execute")
		switch {
		case starts(operands, "execute"), starts(operands, "nbconvert") && executes:
			operands = operands[1:]
		default:
			operands = nil
		}
	}
	if len(operands) > 0 && path.Ext(operands[0].head()) == ".ipynb" {
		r.script(c, operands[0].value, nil)
	}
	r.external(c)
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

// migrator reads tools that change databases' schemas. What they connect to stands in a file that they find by convention, code or not, or in
// the environment, into which prisma loads .env.
func (r *reader) migrator(c command) {
	found, _ := options(c.args(), "--schema --config -c --knexfile --env -d --dataSource --options-path --migrations-path --url", true)
	given := func(names flags) (analyzers.Value, bool) {
		w, ok := last(found, names)
		return w.value, ok
	}
	if w, ok := last(found, "--env"); ok { // knex, sequelize
		c.sets = append(c.sets, set("NODE_ENV", w.value, c.at))
	}
	var programs []analyzers.Value
	named := func(names ...string) {
		for _, name := range names {
			programs = append(programs, analyzers.Value{At: c.at, Parts: synthetic(name)})
		}
	}
	switch name := tool(c.name()); name {
	case "prisma": // https://www.prisma.io/docs/orm/more/development-environment/environment-variables
		c.load(r, []analyzers.Value{r.file(".env", c.at), r.file("prisma/.env", c.at)}, false)
		named("prisma.config.ts")
	case "knex": // https://knexjs.org/guide/migrations.html#knexfile-in-other-languages
		if file, ok := given("--knexfile"); ok {
			programs = append(programs, file)
		} else {
			named("knexfile.js", "knexfile.ts", "knexfile.cjs", "knexfile.mjs")
		}
	case "sequelize", "sequelize-cli": // https://sequelize.org/docs/v6/other-topics/migrations/#configuration
		if file, ok := given("--config"); ok {
			programs = append(programs, file)
		} else {
			named("config/config.js")
			development := analyzers.Value{Parts: synthetic("development")}
			section := analyzers.Value{At: c.at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: "NODE_ENV", Default: &development}}}}
			r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: []analyzers.Step{{
				Op: analyzers.OpOpen, At: c.at, File: new(r.file("config/config.json", c.at)), Named: []analyzers.Named{{Value: section}}, Optional: true,
			}}})
		}
	case "typeorm": // https://typeorm.io/docs/advanced-topics/using-cli
		if file, ok := given("-d --dataSource"); ok {
			programs = append(programs, file)
		}
	case "drizzle-kit": // https://orm.drizzle.team/docs/drizzle-config-file
		if file, ok := given("--config -c"); ok {
			programs = append(programs, file)
		} else {
			named("drizzle.config.ts", "drizzle.config.js")
		}
	case "mikro-orm": // https://mikro-orm.io/docs/configuration
		named("mikro-orm.config.ts", "mikro-orm.config.js", "src/mikro-orm.config.ts")
	}
	for _, file := range programs {
		r.script(c, file, nil)
	}
	r.external(c)
}

// procfile reads the programs that run a Procfile's processes, for which they load .env
// (https://ddollar.github.io/foreman/#ENVIRONMENT).
func (r *reader) procfile(c command) {
	found, operands := options(c.args(), "-f -e -p -c -m -d -t -l --procfile --env --port --formation --root", true)
	dir, has := last(found, "-d --root")
	outer := r.dir
	if has {
		r.dir = r.directory(dir.value)
	}
	defer func() { r.dir = outer }()
	files := r.listed(all(found, "-e --env"))
	if len(files) == 0 {
		files = []analyzers.Value{r.file(".env", c.at)}
	}
	c.load(r, files, false)
	if starts(operands, "run") && len(operands) > 1 {
		if i := position(c.words, operands[1]); i > 0 {
			c.words = c.words[i:]
			r.command(c)
		}
		return
	}
	file := analyzers.Value{At: c.at, Parts: synthetic("Procfile")}
	if w, ok := last(found, "-f --procfile"); ok {
		file = w.value
	}
	names := []string{""}
	if len(operands) > 1 {
		names = nil
		for _, o := range operands[1:] {
			names = append(names, o.text)
		}
	}
	for _, name := range names {
		r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Ref: &analyzers.Ref{Path: r.below(file), Name: name}, Optional: true})
	}
}

// bundler reads the build tools of web applications, which load dotenv files by their mode. What is set already stays.
func (r *reader) bundler(c command) {
	name := tool(c.name())
	found, operands := options(c.args(), "--mode -m --port -p --config -c --root --host --hostname -H --dotenv --outDir", true)
	build := len(operands) > 0 && slices.Contains([]string{"build", "generate", "export", "preview", "start"}, operands[0].text)
	mode := analyzers.Value{At: c.at, Parts: synthetic("development")}
	switch {
	case build:
		mode.Parts = synthetic("production")
	case name == "vitest", starts(operands, "test"):
		mode.Parts = synthetic("test")
	}
	if w, ok := last(found, "--mode -m"); ok && name != "next" && name != "react-scripts" {
		mode = w.value
		r.mode(w)
	}
	env := func(prefix, suffix string) analyzers.Value {
		v := analyzers.Value{At: c.at, Parts: synthetic(prefix)}
		v.Parts = append(append(v.Parts, mode.Parts...), synthetic(suffix)...)
		return r.below(v)
	}
	var files []analyzers.Value
	switch name {
	case "next", "react-scripts": // https://nextjs.org/docs/app/guides/environment-variables#environment-variable-load-order
		files = append(files, env(".env.", ".local"))
		if text, _ := mode.Text(); text != "test" {
			files = append(files, r.file(".env.local", c.at))
		}
		files = append(files, env(".env.", ""), r.file(".env", c.at))
	case "gatsby": // https://www.gatsbyjs.com/docs/how-to/local-development/environment-variables/
		files = append(files, env(".env.", ""))
	case "strapi": // https://docs.strapi.io/cms/configurations/environment
		files = append(files, r.file(".env", c.at))
	case "nuxt", "nuxi": // https://nuxt.com/docs/guide/directory-structure/env
		file := r.file(".env", c.at)
		if w, ok := last(found, "--dotenv"); ok {
			file = r.below(w.value)
		}
		files = append(files, file)
	default: // https://vite.dev/guide/env-and-mode#env-files
		files = append(files, env(".env.", ".local"), env(".env.", ""), r.file(".env.local", c.at), r.file(".env", c.at))
	}
	c.load(r, files, false)
	steps := []analyzers.Step{{Op: analyzers.OpCall, At: c.at, Value: analyzers.Value{At: c.at}, Sink: r.sink(c)}}
	for _, prefix := range inlined[name] {
		steps = append(steps, analyzers.Step{Op: analyzers.OpRead, At: c.at, Name: prefix, All: true})
	}
	for _, program := range slices.Concat(configs[name], entries[name]) {
		steps = append(steps, analyzers.Step{
			Op: analyzers.OpRun, At: c.at, Ref: &analyzers.Ref{Path: r.file(program, c.at)}, Optional: true,
		})
	}
	for _, folder := range routes[name] {
		steps = append(steps, analyzers.Step{Op: analyzers.OpMount, At: c.at, File: new(r.file(folder, c.at)), Copied: true, Says: "builds what is in it"})
	}
	r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: steps})
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
