package js

import (
	"strings"

	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/commandline"
)

// manner says how a function is told which command to run.
type manner uint8

const (
	line  manner = iota + 1 // a command line for a shell
	list                    // a program and the list of its arguments
	whole                   // one list
)

// commands are the functions that run a command, by the callee's last word: https://nodejs.org/api/child_process.html,
// https://github.com/sindresorhus/execa, https://bun.com/docs/runtime/child-process, https://docs.deno.com/api/deno/~/Deno.Command.
// exec is told apart, since regular expressions have a method of that name.
var commands = map[string]manner{
	"execSync": line, "execAsync": line, "execPromise": line, "execaCommand": line, "execaCommandSync": line,
	"spawn": list, "spawnSync": list, "execFile": list, "execFileSync": list, "execFileAsync": list, "execa": list, "execaSync": list,
}

// command notes the command that a call runs; it reports whether the call is one.
func (s *source) command(paren int, name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	how := commands[last]
	switch name {
	case "exec", "child_process.exec", "cp.exec", "shelljs.exec", "shell.exec":
		how = line
	case "Bun.spawn", "Bun.spawnSync":
		how = whole
	case "Deno.Command":
		how = list
	case "child_process.fork", "fork":
		return s.fork(paren)
	}
	first := s.argument(paren, 0)
	if how == 0 || first == 0 || s.functions[first] != nil {
		return false
	}
	var p commandline.Line
	options := s.commandOptions(paren)
	switch how {
	case line:
		v, _ := s.expression(first, 0)
		p.Add(v.whole())
	case list:
		s.word(&p, first)
		if args := s.arguments0(paren, options); args > 0 {
			s.list(&p, args)
		}
	case whole:
		s.list(&p, first)
	}
	s.run(paren-1, p, options)
	return true
}

// commandOptions returns the object that is the call's last argument, 0 for none.
func (s *source) commandOptions(paren int) int {
	for n := 2; n > 0; n-- {
		if object := s.options(paren, n); object != 0 {
			return object
		}
	}
	return 0
}

// arguments0 returns where the list of a command's arguments is: the call's second argument or, as for Deno, an option.
func (s *source) arguments0(paren, options int) int {
	if second := s.argument(paren, 1); s.kind(second) == lexer.OpenBracketToken {
		return second
	}
	if options != 0 {
		if at := s.field(options, "args", 0); s.kind(at) == lexer.OpenBracketToken {
			return at
		}
	}
	if second := s.argument(paren, 1); second > 0 && s.name(second) != "" {
		for _, d := range s.find(s.text(second), second) {
			if d.init > 0 && s.kind(d.init) == lexer.OpenBracketToken {
				return d.init
			}
		}
	}
	return 0
}

// list adds the words of a list to a piece.
func (s *source) list(p *commandline.Line, bracket int) {
	for j := bracket + 1; j < s.partner[bracket]; j++ {
		s.word(p, j)
		if j = s.past(j); s.kind(j) != lexer.CommaToken {
			return
		}
	}
}

// word adds one word.
func (s *source) word(l *commandline.Line, i int) {
	v, _ := s.expression(i, 0)
	l.Word(s.of(i, v.whole()))
}

// fork notes a script that runs in a process of its own.
func (s *source) fork(paren int) bool {
	at := s.argument(paren, 0)
	if at == 0 {
		return false
	}
	v, _ := s.expression(at, 0)
	if len(v.parts) == 0 || v.parts[0].Hole != nil {
		return false
	}
	s.emit(paren-1, running, analyzers.Step{
		Op: analyzers.OpRun, Ref: &analyzers.Ref{Path: s.of(at, v.parts)}, Optional: true, Says: "runs it",
	})
	return true
}

// tagged notes the command in a template that is tagged with the dollar sign of zx, Bun or execa.
func (s *source) tagged(i int) {
	if k := s.kind(i + 1); k != lexer.TemplateToken && k != lexer.TemplateStartToken || s.begins(i+1) {
		return
	}
	v, _ := s.template(i+1, 0)
	var p commandline.Line
	p.Add(v.parts)
	s.run(i, p, 0)
}

// run notes that a piece of shell is run in a process of its own, with the environment of the options, if they give one.
func (s *source) run(i int, p commandline.Line, options int) {
	if p.Empty() {
		return
	}
	child := analyzers.Step{Op: analyzers.OpRun, Says: "runs a command"}
	child.Steps, child.Isolated = s.commandEnvironment(options)
	dir := ""
	if v, at := s.option(options, "cwd"); at > 0 {
		dir, _ = analyzers.Value{Parts: v.parts}.Text()
	}
	steps, signs := p.Read(s.pass, dir)
	child.Steps = append(child.Steps, steps...)
	s.signs = append(s.signs, signs...)
	s.emit(i, running, child)
}

// commandEnvironment returns what a command's options set in its environment. Without the surrounding one spread into it, it has
// nothing else.
func (s *source) commandEnvironment(options int) (sets []analyzers.Step, isolated bool) {
	v, at := s.option(options, "env")
	if at == 0 || v.object == 0 || s.isTrue(options, "extendEnv") {
		return nil, false
	}
	isolated = true
	for _, m := range s.object(v.object) {
		switch {
		case m.spread:
			isolated = isolated && s.environment(m.value) == 0
		case m.key != "":
			inner, _ := s.expression(m.value, 1)
			sets = append(sets, analyzers.Step{
				Op: analyzers.OpSet, At: s.place(m.token, m.token), Name: m.key, Value: s.of(m.value, inner.whole()), Export: true,
			})
		}
	}
	return sets, isolated
}
