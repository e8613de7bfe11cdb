package shell

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// wrapper is a program that runs the command that its arguments are.
type wrapper struct {
	takes    flags // options of its own that take a value
	operands int   // its own arguments before the command
	sub      flags // the sub-commands that run a command; empty: it has none
	folder   flags // of the options those that say in which folder the command works
}

var wrappers = map[string]wrapper{
	"nohup": {}, "setsid": {}, "chronic": {}, "unbuffer": {}, "catchsegv": {}, "dbus-run-session": {}, "builtin": {}, "command": {},
	"nocorrect": {}, "noglob": {},
	"time": {takes: "-o -f --output --format"}, "nice": {takes: "-n --adjustment"}, "ionice": {takes: "-c -n -p -t"},
	"stdbuf": {takes: "-i -o -e"}, "timeout": {takes: "-k -s --kill-after --signal", operands: 1},
	"gtimeout": {takes: "-k -s --kill-after --signal", operands: 1}, "caffeinate": {takes: "-t -w"}, "watch": {takes: "-n --interval"},
	"flock": {takes: "-w -E --timeout", operands: 1}, "gosu": {operands: 1}, "su-exec": {operands: 1}, "tini": {takes: "-p -e"},
	"dumb-init": {takes: "-r --rewrite"}, "strace": {takes: "-o -e -p -s"}, "xvfb-run": {takes: "-s -n -f --server-args --server-num"},
	"xargs": {takes: "-I -n -P -d -L -E -s -a --max-args --max-procs --delimiter"}, "parallel": {takes: "-j --jobs -a --colsep"},
	"ifne": {}, "retry": {takes: "-t -d --times --delay"}, "run": {}, "doas": {takes: "-u -C"},
	"bundle": {sub: "exec"}, "poetry": {sub: "run", takes: "-C --directory -P --project", folder: "-C --directory"}, "rye": {sub: "run"}, "pdm": {sub: "run"},
	"hatch": {sub: "run"}, "conda": {sub: "run", takes: "-n -p --name --prefix"}, "mise": {sub: "exec x"}, "rtx": {sub: "exec x"},
	"asdf": {sub: "exec"}, "rbenv": {sub: "exec"}, "pyenv": {sub: "exec"}, "nvm": {sub: "exec"}, "volta": {sub: "run"},
	"npx": {takes: "-p --package -c --call"}, "bunx": {}, "pnpx": {},
	"corepack": {}, "with-contenv": {}, "s6-setuidgid": {operands: 1}, "chpst": {takes: "-u -e -/"},
	"aws-vault": {sub: "exec", takes: "--backend --prompt -d --duration --region", operands: 1}, "saml2aws": {sub: "exec", takes: "-a --exec-profile"},
	"devbox":  {sub: "run", takes: "-c --config -e --env --env-file --environment -q", folder: "-c --config"}, // https://www.jetify.com/docs/devbox/cli-reference/devbox-run
	"devenv":  {sub: "shell"},                                                                                 // https://devenv.sh/basics/
	"flox":    {sub: "activate", takes: "-d --dir -r --remote -m --mode"},                                     // https://flox.dev/docs/man/flox-activate/
	"chamber": {sub: "exec"}, "teller": {sub: "run", takes: "-c"}, "envchain": {operands: 1}, "berglas": {sub: "exec"},
}

// unwrap returns the command that a program runs, if it is one that does so and nothing more.
func (r *reader) unwrap(c command) (command, bool) {
	name := tool(c.name())
	switch name {
	case "sudo":
		return r.sudo(c)
	case "env", "cross-env", "cross-env-shell":
		return r.env(c)
	case "nix", "nix-shell":
		return r.nix(c)
	case "command":
		if len(c.args()) > 0 && strings.HasPrefix(c.words[1].text, "-") && c.words[1].text != "-p" && c.words[1].text != "--" {
			return c, false // command -v asks where a program is
		}
	}
	if inner, ok := r.loads(c); ok {
		return inner, true
	}
	if inner, ok := r.decrypts(c); ok {
		return inner, true
	}
	w, ok := wrappers[name]
	if !ok {
		return c, false
	}
	found, rest := options(c.args(), w.takes, false)
	if w.sub != "" {
		if len(rest) == 0 || !w.sub.has(rest[0].text) {
			return c, false
		}
		var behind []option
		behind, rest = options(rest[1:], w.takes, false)
		found = append(found, behind...)
	}
	if folder, ok := last(found, w.folder); ok {
		c.folder = folder
	}
	if text, ok := last(found, "-c --call"); ok && name == "npx" {
		return c.inShell(text), true
	}
	if len(rest) > w.operands && rest[w.operands].text == "--" {
		rest = append(rest[:w.operands:w.operands], rest[w.operands+1:]...)
	}
	if len(rest) <= w.operands {
		return c, false
	}
	switch name {
	case "aws-vault", "chamber":
		r.injects(&c, name, rest[0])
	}
	c.words = rest[w.operands:]
	if name == "xargs" && r.in != nil && len(r.in.files) > 0 && c.words[0].text == "env" {
		c.sets = append(c.sets, r.loadStep(r.in.files[0], c, false))
	}
	return c, true
}

// decrypts reads sops running a command with what a file of secrets holds: one reference to all of it, by the file
// (https://getsops.io/docs/#passing-secrets-to-other-processes).
func (r *reader) decrypts(c command) (command, bool) {
	_, rest := options(c.args(), sopsFlags, true)
	if tool(c.name()) != "sops" || len(rest) < 3 || rest[0].text != "exec-env" && rest[0].text != "exec-file" {
		return c, false
	}
	file, text := rest[1], rest[2]
	file.value = r.below(file.value)
	file.text, file.literal = file.value.Text()
	r.perform(c, analyzers.Step{Op: analyzers.OpCall, At: c.at, Value: analyzers.Value{At: c.at}, Sink: r.sink(c)})
	r.injects(&c, "sops", file)
	return c.inShell(text), true
}

// inShell returns the command by which a shell reads a text.
func (c command) inShell(text word) command {
	c.words = []word{literalWord("sh", text), literalWord("-c", text), text}
	return c
}

// nix reads what is run in a shell of Nix: the words behind --command, or the text that an older nix-shell is given.
//
//	https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-develop
//	https://nix.dev/manual/nix/latest/command-ref/nix-shell
func (r *reader) nix(c command) (command, bool) {
	args := c.args()
	if tool(c.name()) == "nix-shell" {
		found, _ := options(args, "-p --packages -A --attr -E --expr -I --arg --argstr --run --command --keep", true)
		text, ok := last(found, "--run --command")
		if !ok {
			return c, false
		}
		return c.inShell(text), true
	}
	if len(args) == 0 || !flags("develop shell dev-shell env").has(args[0].text) {
		return c, false
	}
	i := slices.IndexFunc(args, func(w word) bool { return w.text == "--command" || w.text == "-c" })
	if i < 0 || i+1 == len(args) {
		return c, false
	}
	c.words = args[i+1:]
	return c, true
}

const sopsFlags = "--input-type --output-type --extract --kms --pgp --age --user"

// loadStep returns the step that loads a dotenv file into the environment of a command.
func (r *reader) loadStep(file analyzers.Value, c command, override bool) analyzers.Step {
	implied := !slices.ContainsFunc(file.Parts, func(p analyzers.Part) bool { return p.Hole != nil || !p.Span.Empty() }) // nobody wrote its name
	return analyzers.Step{
		Op: analyzers.OpLoad, At: c.at, Ref: &analyzers.Ref{Path: file, Here: implied}, Export: true, IfUnset: !override, Optional: true,
	}
}

// sudo reads sudo, which starts its command with an environment of its own unless it is told to keep the caller's
// (https://www.sudo.ws/docs/man/sudo.man/).
func (r *reader) sudo(c command) (command, bool) {
	takes := flags("-u -g -h -p -C -r -t -T -U -D -R --user --group --host --prompt --close-from --chdir --role --type --other-user")
	found, rest := options(c.args(), takes, false)
	keeps := false
	if folder, ok := last(found, "-D --chdir"); ok {
		c.folder = folder
	}
	for _, o := range found {
		switch {
		case o.name == "-E", o.name == "--preserve-env" && len(o.value.value.Parts) == 0:
			keeps = true
		case o.name == "--preserve-env":
			for _, name := range strings.Split(o.value.text, ",") {
				if isName(name) {
					c.sets = append(c.sets, set(name, hole("", name, c.at), c.at))
				}
			}
		}
	}
	sets, rest := leading(rest)
	if !keeps {
		c.isolated = true
	}
	r.notes(sets)
	c.sets = append(c.sets, sets...)
	c.words = rest
	return c, len(rest) > 0
}

// hole returns a value that is the value of a name.
func hole(space, name string, at detectors.Place) analyzers.Value {
	return analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: space, Name: name}}}}
}

// env reads env and cross-env: assignments and a command.
func (r *reader) env(c command) (command, bool) {
	shell := c.name() == "cross-env-shell"
	found, rest := options(c.args(), "-u -C -S --unset --chdir --split-string", false)
	for _, o := range found {
		switch o.name {
		case "-i", "--ignore-environment":
			c.isolated = true
			c.sets = nil
		case "-u", "--unset":
			c.sets = append(c.sets, analyzers.Step{Op: analyzers.OpUnset, At: c.at, Name: o.value.text})
		case "-C", "--chdir":
			c.folder = o.value
		}
	}
	if len(rest) > 0 && rest[0].text == "-" {
		c.isolated, c.sets = true, nil
		rest = rest[1:]
	}
	for len(rest) > 0 { // env $(cat .env | xargs) K=V command
		sets, after := leading(rest)
		r.notes(sets)
		c.sets = append(c.sets, sets...)
		if len(after) > 0 && after[0].printed != nil && len(after[0].printed.files) > 0 {
			for _, f := range after[0].printed.files {
				c.sets = append(c.sets, r.loadStep(f, c, true))
			}
			after = after[1:]
		} else if len(sets) == 0 {
			break
		}
		rest = after
	}
	c.words = rest
	if shell && len(rest) == 1 {
		c = c.inShell(rest[0])
	}
	return c, len(rest) > 0
}
