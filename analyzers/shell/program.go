package shell

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors/environ"
)

// program reads a command whose program is known by name.
func (r *reader) program(c command) flow {
	name := c.name()
	switch name {
	case "exit":
		return flow{ends: true, fails: len(c.words) > 1 && c.words[1].text != "0"}
	case "return":
		return flow{ends: true, returns: true, fails: len(c.words) > 1 && c.words[1].text != "0"}
	case "exec":
		return r.exec(c)
	case "eval":
		return r.evaluates(c)
	}
	if understood(name) && basic(name) == nil && r.sourced {
		r.borrowed(c) // a file that was sourced can have put a function in the place of a program
	}
	if inner, ok := r.unwrap(c); ok {
		inner.bare = bypassing(name)
		folder := inner.folder
		inner.folder = word{}
		r.inFolder(folder, c, func() { r.command(inner) })
		return flow{}
	}
	if read := reads(tool(name)); read != nil {
		read(r, c)
		return flow{}
	}
	if isPath(name) && !isInstalled(name) {
		r.console(&c, c.words[0], c.args())
		r.script(c, c.words[0].value, c.args())
		return flow{}
	}
	if !understood(name) {
		r.borrowed(c)
	}
	r.external(c)
	return flow{}
}

// bypassing reports whether a program, or a command of the shell, runs what its arguments name as it is installed, and no function of that name.
func bypassing(wrapper string) bool {
	switch tool(wrapper) {
	case "retry", "run", "nocorrect", "noglob", "time": // often functions themselves, or words of the shell
		return false
	}
	return true
}

// reads returns how commands of a program are read, nil for one without rules of its own.
func reads(name string) func(*reader, command) {
	if read := basic(name); read != nil {
		return read
	}
	switch name {
	case "git":
		return (*reader).git
	case "sh", "bash", "dash", "ksh", "mksh", "zsh", "ash", "busybox":
		return (*reader).shells
	case "su", "runuser":
		return (*reader).switchesUser
	case "ssh", "autossh", "sshpass":
		return (*reader).remote
	}
	if read := runtimes(name); read != nil {
		return read
	}
	if read := packageTools(name); read != nil {
		return read
	}
	switch name {
	case "curl":
		return (*reader).curl
	case "wget", "wget2":
		return (*reader).wget
	case "http", "https", "xh", "xhs":
		return (*reader).httpie
	case "docker", "podman", "nerdctl", "docker-compose", "podman-compose", "kubectl", "oc":
		return (*reader).containers
	case "dotenv", "dotenv_if_exists", "layout", "use", "source_up", "source_up_if_exists", "PATH_add", "path_add", "watch_file", "strict_env":
		return (*reader).direnv
	}
	return nil
}

// basic is [reads] for the commands of the shell itself, and for programs that every system has and that work on files and texts.
func basic(name string) func(*reader, command) {
	switch name {
	case ".", "source", "source_env", "source_env_if_exists":
		return (*reader).sources
	case "set":
		return (*reader).setOption
	case "unset":
		return (*reader).unsets
	case "cd", "pushd", "chdir":
		return (*reader).changeDirectory
	case "popd":
		return (*reader).popDirectory
	case "shift":
		return (*reader).shifts
	case "read", "mapfile", "readarray", "getopts":
		return (*reader).readsNames
	case "trap":
		return (*reader).traps
	case "test", "[", ":", "true", "false", "wait", "umask", "ulimit", "shopt", "hash", "alias", "unalias", "bind", "break", "continue",
		"jobs", "kill", "type", "which", "sleep", "bg", "fg", "disown", "enable", "emulate", "setopt", "unsetopt", "autoload",
		"rm", "rmdir", "touch", "mkdir", "chmod", "chown", "ls", "find", "stat", "file", "du", "df", "mktemp", "date", "clear",
		"whoami", "id", "hostname", "uname", "seq", "tty", "stty":
		return (*reader).ignores
	case "echo", "printf", "print":
		return (*reader).echoes
	case "printenv":
		return (*reader).printsVariable
	case "pwd":
		return func(r *reader, _ command) { r.write(analyzers.Value{Parts: synthetic(r.here())}) }
	case "dirname", "basename", "realpath", "readlink", "greadlink", "grealpath":
		return (*reader).pathOf
	case "cat", "bat", "tac", "head", "tail", "grep", "egrep", "fgrep", "rg", "sed", "gsed", "awk", "gawk", "cut", "tr", "sort", "uniq",
		"jq", "yq", "xargs", "xxd", "base64", "envsubst", "column", "rev", "paste", "dos2unix", "tee", "gunzip", "zcat", "openssl", "gpg", "sops",
		"age", "ansible-vault":
		return (*reader).filters
	}
	return nil
}

// isPath reports whether a program is named by a path in the repository. What begins with @ is a package: npx @acme/cli.
func isPath(name string) bool {
	return strings.Contains(name, "/") && !path.IsAbs(name) && !strings.HasPrefix(name, "~") && !strings.HasPrefix(name, "@")
}

// isInstalled reports whether a program named by a path is one that a package manager put there, and no file of the repository.
func isInstalled(name string) bool {
	dir := path.Dir(name)
	for _, folder := range []string{"node_modules/.bin", "vendor/bin", "venv/bin", ".venv/bin", "env/bin", ".bin"} {
		if dir == folder || strings.HasSuffix(dir, "/"+folder) {
			return true
		}
	}
	return false
}

// ignores reads commands that take nothing from their environment; they have it all the same.
func (r *reader) ignores(c command) {
	if len(c.sets) > 0 {
		r.run(c, analyzers.Step{Op: analyzers.OpRun, At: c.at})
	}
}

// sources reads . and source. Arguments behind the file's name are its positional parameters.
func (r *reader) sources(c command) {
	args := c.args()
	if len(args) == 0 {
		return
	}
	file := args[0]
	if c.name() == "source_env" || c.name() == "source_env_if_exists" { // a folder means the .envrc in it
		if !strings.Contains(path.Base(file.head()), "envrc") {
			file.value.Parts = append(file.value.Parts[:len(file.value.Parts):len(file.value.Parts)], synthetic("/.envrc")...)
		}
	}
	if text := file.head(); strings.HasPrefix(text, "~") || path.IsAbs(text) {
		return
	}
	if file.printed != nil {
		r.assignments(file.printed, c.at, false)
		return
	}
	for _, s := range c.sets {
		r.emit(s)
	}
	if text, ok := r.resolve(file.value); ok && r.blocks == 0 && strings.Contains(path.Base(text), "env") {
		r.sign(analyzers.Given, environ.Path(text), "it sources variables for", c.at)
	}
	r.sourced, r.tookAt = true, r.known.now()
	ref := analyzers.Ref{Path: r.below(file.value), Args: values(args[1:])}
	r.emit(analyzers.Step{Op: analyzers.OpSource, At: c.at, Ref: new(ref)})
}

// setOption reads set -a and set -o allexport, their opposites, and set -- words.
func (r *reader) setOption(c command) {
	args := c.args()
	for i, w := range args {
		on := strings.HasPrefix(w.text, "-")
		switch {
		case w.text == "--":
			r.args = r.arguments(args[i+1:])
			return
		case !on && !strings.HasPrefix(w.text, "+"):
			if i == 0 || args[i-1].text == "" || !strings.HasSuffix(args[i-1].text, "o") {
				return
			}
			continue
		}
		long := i+1 < len(args) && strings.HasSuffix(w.text, "o") && args[i+1].text == "allexport"
		if long || strings.Contains(w.text, "a") {
			r.exportAll = on
			r.emit(analyzers.Step{Op: analyzers.OpExport, At: c.at, Export: on})
		}
	}
}

func (r *reader) unsets(c command) {
	for _, w := range c.args() {
		if w.literal && isName(w.text) {
			r.known.delete(w.text)
			r.exported.delete(w.text)
			r.emit(analyzers.Step{Op: analyzers.OpUnset, At: c.at, Name: w.text})
		}
	}
}

// changeDirectory reads cd and pushd.
func (r *reader) changeDirectory(c command) {
	_, args := options(c.args(), "", false)
	if c.name() == "pushd" {
		r.dirs = append(r.dirs, r.dir)
	}
	if len(args) == 0 {
		return
	}
	dir := r.directory(args[0].value)
	if dir == "" && isFilled(args[0].value) { // what the process has for the variables says which
		r.emit(analyzers.Step{Op: analyzers.OpEnter, At: c.at, Optional: true, File: new(r.below(args[0].value))})
	}
	r.dir = dir
}

// inFolder reads in a folder what a command starts there.
func (r *reader) inFolder(folder word, c command, read func()) {
	if len(folder.value.Parts) == 0 {
		read()
		return
	}
	outer, file := r.dir, r.below(folder.value)
	defer func() { r.dir = outer }()
	if r.dir = r.directory(folder.value); r.dir != "" || !isFilled(folder.value) {
		read()
		return
	}
	steps := append([]analyzers.Step{{Op: analyzers.OpEnter, At: c.at, Optional: true, File: &file}}, r.collect(read)...)
	r.emit(analyzers.Step{Op: analyzers.OpRun, At: c.at, Steps: steps})
}

// isFilled reports whether a value is made of variables, and texts around them.
func isFilled(v analyzers.Value) bool {
	return slices.ContainsFunc(v.Parts, func(p analyzers.Part) bool { return p.Hole != nil }) &&
		!slices.ContainsFunc(v.Parts, func(p analyzers.Part) bool {
			return p.Hole != nil && (p.Hole.Name == "" || p.Hole.All || p.Hole.File != nil)
		})
}

// directory returns the directory that a value names, as seen from where the program began; empty if it is not known.
func (r *reader) directory(v analyzers.Value) string {
	dir, known := r.resolve(v)
	switch {
	case !known || dir == "-" || strings.HasPrefix(dir, "~"):
		return ""
	case path.IsAbs(dir):
		return path.Clean(dir)
	case len(r.dir)+len(dir) > maxPath:
		return ""
	}
	return path.Join(r.dir, dir)
}

// maxPath is the length up to which a directory is kept.
const maxPath = 1024

func (r *reader) popDirectory(command) {
	if n := len(r.dirs); n > 0 {
		r.dir, r.dirs = r.dirs[n-1], r.dirs[:n-1]
	}
}

// here returns where the reader stands, as a path.
func (r *reader) here() string {
	if r.dir == "" {
		return "."
	}
	return r.dir
}

func (r *reader) shifts(c command) {
	if r.looping {
		return
	}
	n := 1
	if args := c.args(); len(args) > 0 {
		if given, err := strconv.Atoi(args[0].text); err == nil && given >= 0 && given <= maxArguments {
			n = given
		}
	}
	r.args = r.args.shifted(n)
}

// readsNames reads commands that set variables to what is not known: read, getopts.
func (r *reader) readsNames(c command) {
	if c.name() == "getopts" {
		r.getopts(c)
		return
	}
	_, names := options(c.args(), "-a -d -i -n -N -p -t -u -C -c -O -s", false)
	for _, w := range names {
		if !isName(w.text) {
			continue
		}
		value := analyzers.Value{At: c.at, Parts: []analyzers.Part{r.unknownAt(c.at)}}
		if r.in != nil {
			value.Parts = append(r.in.value.Parts[:len(r.in.value.Parts):len(r.in.value.Parts)], value.Parts...)
		}
		r.assign(w.text, value, c.at)
		if r.in != nil && len(r.in.files) > 0 {
			r.lines.set(w.text, r.in.files[0])
		}
	}
}

// traps reads trap: its command happens when the shell ends.
func (r *reader) traps(c command) {
	args := c.args()
	if len(args) < 2 || strings.HasPrefix(args[0].text, "-") || args[0].text == "" {
		return
	}
	command := r.inside(args[0])
	if slices.ContainsFunc(args[1:], func(w word) bool { return w.text == "EXIT" || w.text == "0" }) {
		r.atExit = append(r.atExit, command)
		return
	}
	r.fork(func() { r.evaluate(command) })
}

// exec reads exec: the shell becomes the command.
func (r *reader) exec(c command) flow {
	_, rest := options(c.args(), "-a", false)
	if len(rest) == 0 {
		return flow{}
	}
	c.words, c.bare = rest, true
	r.command(c)
	return flow{ends: true}
}

// printsVariable reads printenv NAME.
func (r *reader) printsVariable(c command) {
	if len(c.args()) == 1 {
		r.write(analyzers.Value{At: c.at, Parts: r.namedBy(c.words[1].value, 0)})
	}
}

// evaluates reads eval: its words, joined, are a program of this shell.
func (r *reader) evaluates(c command) flow {
	if len(c.args()) == 0 {
		return flow{}
	}
	if s := c.words[1].printed; s != nil && len(c.args()) == 1 {
		if len(s.files) > 0 {
			r.assignments(s, c.at, false)
			return flow{}
		}
		if !hasText(s.value) { // eval "$(ssh-agent)": what a program prints for the shell
			return flow{}
		}
	}
	if w := c.words[1]; len(c.words) == 2 && w.node != nil && isArguments(w.node) {
		c.words = c.args()
		return r.command(c)
	}
	if v := joinWords(c.args()); !hasText(v) {
		if _, known := r.resolve(v); !known {
			r.pass.Gap(c.at, r.what()+" runs a command that is computed")
			return flow{}
		}
	}
	if v := joinWords(c.args()); namesVariable(v) {
		if _, known := r.resolve(v); !known {
			r.pass.Gap(c.at, r.what()+computedName)
		}
	}
	return r.evaluate(r.inside(c.args()...))
}

// namesVariable reports whether a text has the name of a variable in it that another one holds: key=\$$name.
func namesVariable(v analyzers.Value) bool {
	for i, p := range v.Parts {
		if i > 0 && p.Hole != nil && strings.HasSuffix(strings.TrimSuffix(v.Parts[i-1].Text, "{"), "$") {
			return true
		}
	}
	return false
}

// hasText reports whether a part of the value is known text.
func hasText(v analyzers.Value) bool {
	for _, p := range v.Parts {
		if p.Hole == nil && p.Text != "" {
			return true
		}
	}
	return false
}

func values(words []word) []analyzers.Value {
	list := make([]analyzers.Value, len(words))
	for i, w := range words {
		list[i] = w.value
	}
	return list
}
