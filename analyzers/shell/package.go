package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors/environ"
)

// packageTools returns how a program is read that runs a named task of the repository: a package script, a target, a recipe.
func packageTools(name string) func(*reader, command) {
	switch name {
	case "npm":
		return (*reader).npm
	case "yarn", "pnpm", "yarnpkg":
		return (*reader).yarn
	case "npm-run-all", "npm-run-all2", "run-s", "run-p":
		return (*reader).runAll
	case "concurrently":
		return (*reader).concurrently
	case "turbo", "lerna", "nx", "rush":
		return (*reader).workspaces
	case "make", "gmake":
		return (*reader).make
	case "just":
		return (*reader).just
	case "task", "go-task":
		return (*reader).task
	case "mise":
		return (*reader).mise
	}
	return nil
}

// Programs that the files behind these names hold are named by what they are called in the file. Package scripts are also known in
// the whole repository: by the package's name and theirs, and by theirs alone.
const (
	packageFile = "package.json"
	everyScript = "@npm/*/"
	oneScript   = "@npm/"
)

// DefaultGoal is the name of the program that is a makefile's first target.
const DefaultGoal = ".DEFAULT_GOAL"

// Overrides is the space of the variables that are set on make's command line.
const Overrides = "makeoverrides"

const npmTakes = flags("-C --prefix -w --workspace --loglevel --userconfig --cwd --dir --filter -F --workspace-root --if-present-of --script-shell")

// npm reads npm: run and its abbreviations, exec, and install, which runs the package's own install scripts
// (https://docs.npmjs.com/cli/commands/npm-run-script).
func (r *reader) npm(c command) {
	found, operands := options(c.args(), npmTakes, false)
	if len(operands) == 0 {
		return
	}
	verb := operands[0].text
	more, rest := options(operands[1:], npmTakes, false)
	found = append(found, more...)
	dir, _ := last(found, "-C --prefix")
	switch verb {
	case "run", "run-script", "rum", "urn":
		if len(rest) > 0 {
			more, args := options(rest[1:], npmTakes, true)
			found = append(found, more...)
			if d, ok := last(more, "-C --prefix"); ok {
				dir = d
			}
			if r.inWorkspaces(c, found, rest[0]) {
				return
			}
			r.packageScript(c, dir, rest[0], args)
		}
	case "start", "test", "stop", "restart", "t", "tst":
		script := operands[0]
		if strings.HasPrefix(verb, "t") {
			script = literalWord("test", script)
		}
		if !r.inWorkspaces(c, found, script) {
			r.packageScript(c, dir, script, rest)
		}
	case "exec", "x":
		if len(rest) > 0 {
			c.words = rest
			r.command(c)
		}
	case "install", "ci", "i", "clean-install":
		r.call(c)
		for _, name := range []string{"preinstall", "install", "postinstall", "prepare"} {
			r.packageScript(c, dir, literalWord(name, operands[0]), nil)
		}
	default:
		r.external(c)
	}
}

// yarnCommands are the commands of yarn and pnpm that are no scripts.
var yarnCommands = flags("add audit autoclean bin cache check config create dedupe generate-lock-entry global help import info init link list " +
	"login logout node npm outdated owner pack plugin policies publish rebuild remove set tag team unlink unplug up upgrade upgrade-interactive " +
	"version versions why workspaces store prune fetch patch deploy env server root approve-builds ls update rm")

// yarn reads yarn and pnpm, where "run" may be left out. A name that is no script is a program of an installed package
// (https://yarnpkg.com/cli/run, https://pnpm.io/cli/run).
func (r *reader) yarn(c command) {
	found, operands := options(c.args(), npmTakes, false)
	if len(operands) == 0 {
		return
	}
	dir, _ := last(found, "-C --cwd --dir")
	verb := operands[0]
	switch verb.text {
	case "run":
		more, rest := options(operands[1:], npmTakes, false)
		operands, found = rest, append(found, more...)
		if len(operands) == 0 {
			return
		}
	case "exec", "dlx", "node":
		_, rest := options(operands[1:], "--package -p", false)
		if verb.text == "node" {
			rest = append([]word{verb}, rest...)
		}
		if len(rest) > 0 {
			c.words = rest
			r.command(c)
		}
		return
	case "workspace":
		if len(operands) > 2 {
			name := operands[2]
			if name.text == "run" && len(operands) > 3 {
				name = operands[3]
			}
			r.shared(c, oneScript+operands[1].text+"/", name.text)
		}
		return
	case "workspaces":
		_, rest := options(operands[1:], "--include --exclude --from -j --jobs", true)
		if i := slices.IndexFunc(rest, func(w word) bool { return w.text == "run" }); i >= 0 && i+1 < len(rest) {
			r.shared(c, everyScript, rest[i+1].text)
		}
		return
	case "install", "i":
		r.call(c)
		for _, name := range []string{"preinstall", "install", "postinstall", "prepare"} {
			r.packageScript(c, dir, literalWord(name, verb), nil)
		}
		return
	}
	if r.inWorkspaces(c, found, operands[0]) {
		return
	}
	if yarnCommands.has(operands[0].text) && verb.text != "run" {
		r.external(c)
		if operands[0].text != "deploy" {
			return
		}
	}
	r.packageScript(c, dir, operands[0], operands[1:])
	if slices.Contains(r.opt.Scripts, operands[0].text) {
		return
	}
	if builtin(operands[0].text) {
		return
	}
	c.words = operands
	r.command(c)
}

// builtin reports whether a name means something to the shell that it does not mean as the name of a package's program.
func builtin(name string) bool {
	return flags("test [ set unset cd exit return source . eval exec shift read trap export type run start stop restart dev build lint format deploy release").has(name)
}

// inWorkspaces runs a script of the packages that options choose, and reports whether they do.
func (r *reader) inWorkspaces(c command, found []option, script word) bool {
	if !script.literal {
		return false
	}
	chosen := false
	for _, w := range all(found, "-w --workspace --filter -F") {
		chosen = true
		name := strings.TrimSuffix(strings.TrimPrefix(w.text, "..."), "...")
		switch {
		case name == "" || strings.ContainsAny(name, "*{[!"):
			r.shared(c, everyScript, script.text)
		case strings.HasPrefix(name, ".") || strings.Contains(name, "/") && !strings.HasPrefix(name, "@"):
			r.packageScript(c, w, script, nil)
		default:
			r.shared(c, oneScript+name+"/", script.text)
		}
	}
	if _, every := last(found, "-r --recursive --workspaces -ws"); every && !chosen {
		r.shared(c, everyScript, script.text)
		return true
	}
	return chosen
}

// shared runs a script that is known in the whole repository, of the packages that it is known by.
func (r *reader) shared(c command, of, script string) {
	r.runs(script, script, nil, c.at)
	r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Ref: &analyzers.Ref{Name: of + script}, Optional: true})
}

// packageScript runs a script of the package in a directory, which an option may name.
func (r *reader) packageScript(c command, dir word, script word, args []word) {
	r.scriptIn(c, packageFile, dir, script, args)
}

func (r *reader) scriptIn(c command, file string, dir word, script word, args []word) {
	for _, alternative := range r.names(script, c, "package script") {
		ref := analyzers.Ref{Path: r.within(dir, file, c), Name: alternative.name, Args: r.arguments(args).list()}
		r.block(alternative.condition, c.at, func() {
			r.runs(alternative.name, alternative.name, args, c.at)
			r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Ref: new(ref), Optional: true})
		})
	}
}

// alternative is a name that a computed name can be, and when it is.
type alternative struct {
	name      string
	condition condition
}

// environments are the usual words of environments, tried where a name is computed from a variable that selects one.
var environments = []string{
	"ci", "demo", "dev", "development", "live", "local", "preprod", "preview", "prd", "prod", "production", "qa", "review", "sandbox", "stage",
	"staging", "stg", "test", "testing", "uat",
}

// names returns what the name of a program can be: what it is written as, or, where one variable in it selects an environment, the
// name for each environment. Other computed names are gaps.
func (r *reader) names(w word, c command, what string) []alternative {
	if name, ok := r.resolve(w.value); ok {
		return []alternative{{name: name}}
	}
	hole, before, after := -1, "", ""
	for i, p := range w.value.Parts {
		text, ok := r.resolve(analyzers.Value{Parts: []analyzers.Part{p}})
		switch {
		case ok && hole < 0:
			before += text
		case ok:
			after += text
		case hole >= 0 || p.Hole == nil:
			r.pass.Gap(c.at, r.what()+" runs a "+what+" whose name is computed")
			return nil
		default:
			hole = i
		}
	}
	value := analyzers.Value{At: w.value.At, Parts: w.value.Parts[hole : hole+1]}
	words := environments
	h := value.Parts[0].Hole
	if len(h.Values) > 0 {
		words = nil
		for _, v := range h.Values {
			if text, ok := r.resolve(v); ok {
				words = append(words, text)
			}
		}
	} else if !r.selecting(value) && !environ.Selector(h.Name) {
		r.pass.Gap(c.at, r.what()+" runs a "+what+" whose name is computed")
	}
	var all []alternative
	for _, word := range words {
		all = append(all, alternative{before + word + after, matches(value, []string{word})})
	}
	return all
}

// within returns the path of a file in a directory that an option names, or in the present one.
func (r *reader) within(dir word, file string, c command) analyzers.Value {
	if len(dir.value.Parts) == 0 {
		return r.file(file, c.at)
	}
	v := dir.value
	v.Parts = append(v.Parts[:len(v.Parts):len(v.Parts)], synthetic("/"+file)...)
	return r.below(v)
}

// runAll reads npm-run-all and its short forms: every operand is the name of a script, or a pattern of names.
func (r *reader) runAll(c command) {
	_, operands := options(c.args(), "--max-parallel --npm-path", true)
	for _, o := range operands {
		name, _, _ := strings.Cut(o.text, " ")
		for _, script := range r.scriptsLike(name) {
			r.packageScript(c, word{}, literalWord(script, o), nil)
		}
	}
}

// scriptsLike returns the names of the package's scripts that a pattern means; a star stands for no colon.
func (r *reader) scriptsLike(pattern string) []string {
	if !strings.Contains(pattern, "*") {
		return []string{pattern}
	}
	pattern = strings.ReplaceAll(strings.ReplaceAll(pattern, "**", "*"), ":", "/")
	var names []string
	for _, s := range r.opt.Scripts {
		if ok, err := path.Match(pattern, strings.ReplaceAll(s, ":", "/")); ok && err == nil {
			names = append(names, s)
		}
	}
	return names
}

// concurrently reads concurrently: every operand is a command, or npm:script.
func (r *reader) concurrently(c command) {
	_, operands := options(c.args(), "-n --names -c --prefix-colors -p --prefix -m --max-processes --success -s --cwd -l --restart-tries --restart-after", true)
	for _, o := range operands {
		for _, manager := range []string{"npm:", "yarn:", "pnpm:", "bun:"} {
			if pattern, ok := strings.CutPrefix(o.text, manager); ok {
				for _, script := range r.scriptsLike(pattern) {
					r.packageScript(c, word{}, literalWord(script, o), nil)
				}
				o = word{}
				break
			}
		}
		if len(o.value.Parts) > 0 {
			r.shell(c, r.inside(o), nil)
		}
	}
}

// workspaces reads the tools that run a script in many packages.
func (r *reader) workspaces(c command) {
	found, operands := options(c.args(), "--filter -F --scope --projects --target -t --cwd --concurrency", true)
	if len(operands) == 0 {
		return
	}
	r.call(c)
	scripts := operands
	switch operands[0].text {
	case "run", "run-many", "affected", "exec":
		scripts = operands[1:]
	}
	scripts = append(scripts, all(found, "-t --target")...)
	for _, s := range scripts {
		if project, target, ok := strings.Cut(s.text, ":"); ok && tool(c.name()) == "nx" { // nx run project:target
			r.shared(c, oneScript+project+"/", target)
			continue
		}
		if s.text == "" {
			continue
		}
		if scopes := all(found, "--filter -F --scope --projects"); len(scopes) > 0 {
			r.inWorkspaces(c, found, s)
			for _, scope := range all(found, "--scope --projects") {
				r.shared(c, oneScript+scope.text+"/", s.text)
			}
			continue
		}
		r.shared(c, everyScript, s.text)
	}
}

// makefiles are the names that make tries.
var makefiles = []string{"GNUmakefile", "makefile", "Makefile"}

// make reads make: its targets, and variables that override those of the makefile and are in the environment of its recipes
// (https://www.gnu.org/software/make/manual/make.html#Overriding).
func (r *reader) make(c command) {
	found, operands := options(c.args(), "-C -f -I -o -W -E --directory --file --makefile --include-dir --old-file --eval --what-if", true)
	var targets []word
	for _, o := range operands {
		name, ok := o.isAssignment()
		if !ok {
			name, ok = strings.CutSuffix(name, ":")
			ok = ok && isName(name) && strings.Contains(o.head(), ":=")
		}
		if !ok {
			targets = append(targets, o)
			continue
		}
		value := o.from(strings.IndexByte(o.head(), '=') + 1).value
		r.assigns(name, value, o.value.At)
		override := set(name, value, o.value.At)
		override.Space, override.Export = Overrides, false
		c.sets = append(c.sets, set(name, value, o.value.At), override)
	}
	dir := word{}
	if d, ok := last(found, "-C --directory"); ok {
		dir = d
	}
	var files []analyzers.Value
	if f, ok := last(found, "-f --file --makefile"); ok {
		if len(dir.value.Parts) > 0 && f.literal {
			files = append(files, r.within(dir, f.text, c))
		} else {
			files = append(files, r.below(f.value))
		}
	} else {
		for _, name := range makefiles {
			files = append(files, r.within(dir, name, c))
		}
	}
	if len(targets) == 0 {
		r.makes(c, files, []string{DefaultGoal})
		return
	}
	sets := []goalSet{{}}
	for _, t := range targets {
		sets = combine(sets, r.names(t, c, "target"))
	}
	for _, s := range sets {
		r.block(s.condition, c.at, func() { r.makes(c, files, s.names) })
	}
}

// goalSet is what one make makes, and when.
type goalSet struct {
	names     []string
	condition condition
}

// combine adds each of a target's names to each of the sets.
func combine(sets []goalSet, names []alternative) []goalSet {
	var all []goalSet
	for _, s := range sets {
		for _, n := range names {
			if len(all) < 2*len(environments) {
				all = append(all, goalSet{append(s.names[:len(s.names):len(s.names)], n.name), s.condition.and(n.condition)})
			}
		}
	}
	return all
}

// makes runs a make for some targets. Only one of the files exists as a rule.
func (r *reader) makes(c command, files []analyzers.Value, names []string) {
	for _, name := range names {
		r.runs(name, name, nil, c.at)
	}
	for _, f := range files {
		ref := analyzers.Ref{Path: f, Name: names[0]}
		if len(names) > 1 {
			ref = r.goals(c, f, names)
		}
		r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Ref: new(ref), Optional: true})
	}
}

// Goal is what the name of the program of a target begins with that makes the target in a make that has read the file. Alone it is the
// name of the program that a make begins with: nothing is set, and the file is read.
const Goal = "="

// Exports is the name of the program that puts the variables of a makefile into the environment of its recipes.
const Exports = "exported variables"

// NextGoal is the name of the program of what happens between two targets that a make is asked for: the first one's own variables end.
const NextGoal = Goal + Goal

// goals returns a program that makes several targets one after the other, as one make does: what a recipe sets for all of the file
// holds for the targets that come after.
func (r *reader) goals(c command, file analyzers.Value, names []string) analyzers.Ref {
	var steps []analyzers.Step
	programs := []string{Goal}
	for i, name := range names {
		if i > 0 {
			programs = append(programs, NextGoal)
		}
		programs = append(programs, Goal+name)
	}
	for _, name := range programs {
		ref := analyzers.Ref{Path: file, Name: name}
		steps = append(steps, analyzers.Step{Op: analyzers.OpSource, At: c.at, Ref: new(ref), Optional: true})
	}
	name := r.programName("make", c.at.Span.Start)
	r.pass.Facts.Programs = append(r.pass.Facts.Programs, analyzers.Program{Name: name, At: c.at, Steps: steps})
	return analyzers.PathTo(r.pass.Path, name, c.at)
}

// just reads just: a recipe and its arguments (https://just.systems/man/en/).
func (r *reader) just(c command) {
	found, operands := options(c.args(), "-f --justfile -d --working-directory --set -E --dotenv-path --dotenv-filename --shell", false)
	for len(operands) > 0 {
		name, ok := operands[0].isAssignment()
		if !ok {
			break
		}
		step := set(name, operands[0].from(len(name)+1).value, c.at)
		r.notes([]analyzers.Step{step})
		step.Space, step.Export = Overrides, false
		c.sets = append(c.sets, step)
		operands = operands[1:]
	}
	c.load(r, r.listed(all(found, "-E --dotenv-path")), false)
	files := []analyzers.Value{r.file("justfile", c.at), r.file("Justfile", c.at), r.file(".justfile", c.at)}
	if f, ok := last(found, "-f --justfile"); ok {
		files = []analyzers.Value{r.below(f.value)}
	}
	ref := analyzers.Ref{}
	if len(operands) > 0 {
		ref.Args = r.arguments(operands[1:]).list()
	}
	recipes := []alternative{{name: DefaultGoal}}
	if len(operands) > 0 {
		recipes = r.names(operands[0], c, "recipe")
	}
	for _, recipe := range recipes {
		r.block(recipe.condition, c.at, func() {
			r.runs(recipe.name, recipe.name, operands[min(1, len(operands)):], c.at)
			for _, f := range files {
				ref.Path, ref.Name = f, recipe.name
				r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Ref: new(ref), Optional: true})
			}
		})
	}
}

// taskfiles are the names that task tries.
var taskfiles = []string{"Taskfile.yml", "taskfile.yml", "Taskfile.yaml", "taskfile.yaml", "Taskfile.dist.yml", "Taskfile.dist.yaml"}

// task reads task: names of tasks, and variables for them (https://taskfile.dev/docs/reference/cli).
func (r *reader) task(c command) {
	found, operands := options(c.args(), "-d --dir -t --taskfile -C --concurrency -o --output", true)
	var tasks []alternative
	for _, o := range operands {
		if name, ok := o.isAssignment(); ok {
			step := set(name, o.from(len(name)+1).value, c.at)
			r.notes([]analyzers.Step{step})
			step.Space, step.Export = Overrides, false
			c.sets = append(c.sets, step)
		} else {
			tasks = append(tasks, r.names(o, c, "task")...)
		}
	}
	if len(tasks) == 0 {
		tasks = []alternative{{name: "default"}}
	}
	dir, _ := last(found, "-d --dir")
	var files []analyzers.Value
	for _, name := range taskfiles {
		files = append(files, r.within(dir, name, c))
	}
	if f, ok := last(found, "-t --taskfile"); ok {
		files = []analyzers.Value{r.below(f.value)}
	}
	for _, t := range tasks {
		r.block(t.condition, c.at, func() {
			r.runs(t.name, t.name, nil, c.at)
			for _, f := range files {
				r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Ref: &analyzers.Ref{Path: f, Name: t.name}, Optional: true})
			}
		})
	}
}

// mise reads mise run TASK: https://mise.jdx.dev/cli/run.html.
func (r *reader) mise(c command) {
	const takes = flags("-C --cd -E --env -j --jobs")
	found, operands := options(c.args(), takes, false)
	if len(operands) < 2 || operands[0].text != "run" && operands[0].text != "r" {
		return
	}
	more, operands := options(operands[1:], takes, false)
	if found = append(found, more...); len(operands) == 0 {
		return
	}
	dir, _ := last(found, "-C --cd")
	r.miseEnvironment(&c, found)
	for _, t := range r.names(operands[0], c, "task") {
		r.block(t.condition, c.at, func() {
			r.runs(t.name, t.name, nil, c.at)
			for _, f := range r.miseFiles(dir, c) {
				r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at, Ref: &analyzers.Ref{Path: f, Name: t.name}, Optional: true})
			}
		})
	}
}

// miseEnvironment selects the environment of mise that an option names (https://mise.jdx.dev/configuration/environments.html).
func (r *reader) miseEnvironment(c *command, found []option) {
	if w, ok := last(found, "-E --env"); ok {
		c.sets = append(c.sets, set("MISE_ENV", w.value, c.at))
		r.selects(w.value, "mise's environment says", w.value.At)
	}
}

// miseFiles returns the configurations that mise can have in a folder (https://mise.jdx.dev/configuration.html).
func (r *reader) miseFiles(dir word, c command) []analyzers.Value {
	var files []analyzers.Value
	for _, name := range []string{"mise.toml", ".mise.toml", ".config/mise.toml"} {
		files = append(files, r.within(dir, name, c))
	}
	return files
}
