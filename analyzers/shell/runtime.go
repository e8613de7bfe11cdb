package shell

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
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
		if len(r.in.files) == 0 && slices.ContainsFunc(r.in.value.Parts, func(p analyzers.Part) bool { return p.Hole == nil && p.Text != "" }) {
			r.shell(c, r.inside(word{value: r.in.value}), nil)
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
	if len(operands) > 0 {
		if host, known := r.resolve(operands[0].value); known {
			r.sign(analyzers.Given, environ.Host(host[strings.LastIndexByte(host, '@')+1:]), "it works on a host for", operands[0].value.At)
		}
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

// scripts runs a program of the repository whose ending may be left out.
func (r *reader) scripts(c command, file word, args []word) {
	if file.printed != nil || len(file.value.Parts) == 0 {
		return
	}
	r.script(c, file.value, args)
}

// interpreter reads interpreters whose first operand is the program.
func (r *reader) interpreter(c command) {
	name := tool(c.name())
	found, operands := options(c.args(), "-e -r -I -d -c -f -F -cp -classpath -jar --rcfile -File -Command -m -M", false)
	if file, ok := last(found, "-f -File"); ok && (name == "php" || name == "pwsh" || name == "powershell") {
		r.scripts(c, file, operands)
		return
	}
	r.quotes(all(found, "-e -r -Command"), byKeys)
	if len(operands) == 0 || name == "swift" || name == "kotlin" {
		r.external(c)
		return
	}
	if name == "php" {
		r.console(&c, operands[0], operands[1:])
	}
	r.scripts(c, operands[0], operands[1:])
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
