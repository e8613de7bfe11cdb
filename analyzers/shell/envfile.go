package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
)

// loads reads programs that give a command the variables of dotenv files or of a secret store, and returns that command.
func (r *reader) loads(c command) (command, bool) {
	switch tool(c.name()) {
	case "dotenv":
		if !r.opt.Direnv {
			return r.dotenv(c)
		}
	case "dotenvx":
		return r.dotenvx(c)
	case "env-cmd":
		return r.envCmd(c)
	case "op":
		return r.opRun(c)
	case "uv":
		return r.uvRun(c)
	case "pipenv":
		return r.pipenv(c)
	case "direnv":
		return r.direnvExec(c)
	case "mise":
		return r.miseExec(c)
	}
	return r.injected(c)
}

// load adds dotenv files to what the command's environment has, the first one that sets a name winning.
func (c *command) load(r *reader, files []analyzers.Value, override bool) {
	for _, f := range files {
		c.sets = append(c.sets, r.loadStep(f, *c, override))
	}
}

// listed returns the paths in words, each of which may list several with commas.
func (r *reader) listed(words []word) (files []analyzers.Value) {
	for _, w := range words {
		if !w.literal {
			files = append(files, r.below(w.value))
			continue
		}
		start := 0
		for name := range strings.SplitSeq(w.text, ",") {
			file := analyzers.Value{At: w.value.At, Parts: slice(w.value.Parts, start, start+len(name))}
			start += len(name) + 1
			files = append(files, r.below(file))
		}
	}
	return files
}

// dotenv reads the programs called dotenv: of Node (-e file --, https://github.com/entropitor/dotenv-cli), Ruby (-f files) and Python
// (-f file run --).
func (r *reader) dotenv(c command) (command, bool) {
	args, takes := c.args(), flags("-e -v -p -f -q --file")
	if i := slices.IndexFunc(args, func(w word) bool { return w.text == "-c" }); i >= 0 && i+1 < len(args) && !strings.HasPrefix(args[i+1].head(), "-") {
		takes += " -c" // alone it stands for the files without a name
	}
	found, rest := options(args, takes, false)
	if len(rest) > 0 && rest[0].text == "run" {
		_, rest = options(rest[1:], "", false)
	}
	if len(rest) == 0 {
		return c, false
	}
	override := false
	var cascade []string
	for _, o := range found {
		switch o.name {
		case "-o", "--override", "--overwrite":
			override = true
		case "-c":
			cascade = cascadeOf(o.value.text)
			r.selects(o.value.value, o.name+" says", c.at)
		case "-v":
			if name, ok := o.value.isAssignment(); ok {
				c.sets = append(c.sets, set(name, o.value.from(len(name)+1).value, c.at))
			}
		}
	}
	files := r.listed(all(found, "-e -f --file"))
	for _, name := range cascade {
		files = append(files, r.file(name, c.at))
	}
	if len(files) == 0 {
		files = []analyzers.Value{r.file(".env", c.at)}
	}
	if override {
		slices.Reverse(files)
	}
	c.load(r, files, override)
	c.words = rest
	return c, true
}

// cascadeOf returns the files that dotenv -c reads, the one that wins first.
func cascadeOf(environment string) []string {
	if environment == "" {
		return []string{".env.local", ".env"}
	}
	return []string{".env." + environment + ".local", ".env.local", ".env." + environment, ".env"}
}

// dotenvx reads dotenvx run (https://dotenvx.com/docs/advanced/run-f).
func (r *reader) dotenvx(c command) (command, bool) {
	_, rest := options(c.args(), "", false)
	if len(rest) == 0 || rest[0].text != "run" {
		return c, false
	}
	found, rest := options(rest[1:], "-f -fv -e -fk --env-file --env-vault-file --env", false)
	if len(rest) == 0 {
		return c, false
	}
	_, override := last(found, "-o --overload")
	files := r.listed(all(found, "-f --env-file"))
	for _, w := range all(found, "-e --env") {
		if name, ok := w.isAssignment(); ok {
			c.sets = append(c.sets, set(name, w.from(len(name)+1).value, c.at))
		}
	}
	if len(files) == 0 {
		files = []analyzers.Value{r.file(".env", c.at)}
	}
	c.load(r, files, override)
	c.words = rest
	return c, true
}

// listedNames returns the keys of the sections that words name, each of which may list several with commas; one without keys if none is named.
func (r *reader) listedNames(words []word) (sections [][]analyzers.Named) {
	for _, w := range words {
		if !w.literal {
			sections = append(sections, []analyzers.Named{{Value: w.value}})
			continue
		}
		for name := range strings.SplitSeq(w.text, ",") {
			sections = append(sections, []analyzers.Named{{Value: analyzers.Value{At: w.value.At, Parts: synthetic(name)}}})
		}
	}
	if sections == nil {
		return [][]analyzers.Named{nil}
	}
	return sections
}

// envCmd reads env-cmd, which replaces what is set already unless told otherwise (https://github.com/toddbluhm/env-cmd).
func (r *reader) envCmd(c command) (command, bool) {
	found, rest := options(c.args(), "-f -e -r --file --environments --rc-file", false)
	if len(rest) == 0 {
		return c, false
	}
	_, keep := last(found, "--no-override")
	files := r.listed(all(found, "-f --file"))
	_, rc := last(found, "-e --environments -r --rc-file")
	for _, w := range all(found, "-e --environments") {
		r.selects(w.value, "env-cmd's environment says", c.at)
	}
	switch {
	case len(files) == 0 && rc:
		sections := r.listedNames(all(found, "-e --environments"))
		for _, name := range []string{".env-cmdrc", ".env-cmdrc.json", ".env-cmdrc.js"} {
			for _, keys := range sections {
				r.emit(analyzers.Step{Op: analyzers.OpOpen, At: c.at, File: new(r.file(name, c.at)), Named: keys, Optional: true})
			}
		}
	case len(files) == 0 && strings.HasPrefix(path.Base(rest[0].text), ".env") && len(rest) > 1: // its older form
		files, rest = []analyzers.Value{r.below(rest[0].value)}, rest[1:]
	case len(files) == 0:
		files = []analyzers.Value{r.file(".env", c.at)}
	}
	c.load(r, files, !keep)
	c.words = rest
	return c, true
}

// opRun reads op run, which resolves the references in its env files; they replace what is set
// (https://developer.1password.com/docs/cli/reference/commands/run).
func (r *reader) opRun(c command) (command, bool) {
	_, rest := options(c.args(), "--account --config --session", false)
	if len(rest) == 0 || rest[0].text != "run" {
		return c, false
	}
	found, rest := options(rest[1:], "--env-file --account --environment", false)
	if len(rest) == 0 {
		return c, false
	}
	r.call(c)
	c.load(r, r.listed(all(found, "--env-file")), true)
	c.words = rest
	return c, true
}

// uvRun reads uv run; of its env files a later one replaces an earlier one, and none what is set
// (https://docs.astral.sh/uv/reference/cli/#uv-run--env-file).
func (r *reader) uvRun(c command) (command, bool) {
	takes := flags("--env-file --with --with-requirements --with-editable --extra --group --package --project --directory -p --python --index-url")
	_, rest := options(c.args(), takes, false)
	if len(rest) == 0 || rest[0].text != "run" {
		return c, false
	}
	found, rest := options(rest[1:], takes, false)
	if _, module := last(found, "-m --module"); module && len(rest) > 0 {
		rest = append([]word{literalWord("python", rest[0]), literalWord("-m", rest[0])}, rest...)
	}
	if len(rest) == 0 {
		return c, false
	}
	if strings.HasSuffix(rest[0].text, ".py") {
		rest = append([]word{literalWord("python", rest[0])}, rest...)
	}
	files := r.listed(all(found, "--env-file"))
	slices.Reverse(files)
	c.load(r, files, false)
	c.words = rest
	return c, true
}

// pipenv reads pipenv run, which loads .env (https://pipenv.pypa.io/en/latest/shell.html#automatic-loading-of-env).
func (r *reader) pipenv(c command) (command, bool) {
	_, rest := options(c.args(), "", false)
	if len(rest) < 2 || rest[0].text != "run" {
		return c, false
	}
	c.load(r, []analyzers.Value{r.file(".env", c.at)}, true)
	c.words = rest[1:]
	return c, true
}

// direnvExec reads direnv exec DIR COMMAND.
func (r *reader) direnvExec(c command) (command, bool) {
	args := c.args()
	if len(args) < 3 || args[0].text != "exec" {
		return c, false
	}
	file := args[1].value
	file.Parts = append(file.Parts[:len(file.Parts):len(file.Parts)], synthetic("/.envrc")...)
	c.sets = append(c.sets, analyzers.Step{Op: analyzers.OpSource, At: c.at, Ref: &analyzers.Ref{Path: r.below(file)}})
	c.words = args[2:]
	return c, true
}

// miseExec reads mise exec -- COMMAND, which has what the configuration gives to shells (https://mise.jdx.dev/cli/exec.html).
func (r *reader) miseExec(c command) (command, bool) {
	args, inner := c.args(), behindDashes(c.words)
	if len(inner) == 0 || args[0].text != "exec" && args[0].text != "x" {
		return c, false
	}
	found, _ := options(args, "-C --cd -E --env", true)
	dir, _ := last(found, "-C --cd")
	r.miseEnvironment(&c, found)
	for _, file := range r.miseFiles(dir, c) {
		c.sets = append(c.sets, analyzers.Step{Op: analyzers.OpSource, At: c.at, Ref: &analyzers.Ref{Path: file}, Optional: true})
	}
	c.words = inner
	return c, true
}

// direnv reads the functions of direnv's standard library (https://direnv.net/man/direnv-stdlib.1.html).
func (r *reader) direnv(c command) {
	if !r.opt.Direnv {
		r.external(c)
		return
	}
	switch c.name() {
	case "dotenv", "dotenv_if_exists":
		files := r.listed(c.args())
		if len(files) == 0 {
			files = []analyzers.Value{r.file(".env", c.at)}
		}
		for _, f := range files {
			r.load(f, c.at, true)
		}
	case "source_up", "source_up_if_exists":
		name := ".envrc"
		if args := c.args(); len(args) > 0 && args[0].literal {
			name = args[0].text
		}
		above := &analyzers.Ref{Path: analyzers.Value{At: c.at, Parts: synthetic(name)}, Above: true}
		r.emit(analyzers.Step{Op: analyzers.OpSource, At: c.at, Ref: above, Optional: true})
	}
}
