package python

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/commandline"
)

// command notes the command that a call runs; it reports whether the call is one.
func (s *source) command(paren, start int, name string) bool {
	first := s.argument(paren, 0)
	if first == 0 {
		first = s.field(paren, "args", 0)
	}
	line := false
	switch name {
	case "subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output", "subprocess.Popen",
		"asyncio.create_subprocess_exec":
	case "os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "asyncio.create_subprocess_shell",
		"c.run", "ctx.run", "conn.run", "connection.run", "context.run":
		line = true
	default:
		return false
	}
	if first == 0 {
		return true
	}
	var words commandline.Line
	switch {
	case line || s.kind(first) == text || s.is(s.field(paren, "shell", 0), "True"):
		words.Add(s.eval(first).whole())
	case name == "asyncio.create_subprocess_exec":
		var values []analyzers.Value
		for n := 0; s.argument(paren, n) > 0 && s.room(n, maxParts); n++ {
			values = append(values, s.of(s.argument(paren, n), s.eval(s.argument(paren, n)).whole()))
		}
		words = commandline.Command(values)
	default:
		words = s.commandList(first)
	}
	if words.Empty() {
		return true
	}
	child := analyzers.Step{Op: analyzers.OpRun, Says: "runs a command"}
	if at := s.field(paren, "env", 0); at > 0 {
		child.Steps, child.Isolated = s.commandEnvironment(at)
	}
	dir := ""
	if at := s.field(paren, "cwd", 0); at > 0 {
		dir, _ = s.constant(at)
	}
	steps, signs := words.Read(s.pass, dir)
	child.Steps = append(child.Steps, steps...)
	s.signs = append(s.signs, signs...)
	s.emit(start, running, child)
	return true
}

// commandList returns the command of a list, which may be the value of a name.
func (s *source) commandList(at int) commandline.Line {
	if s.name(at) != "" {
		for _, d := range s.find(s.text(at), s.offset(at)) {
			if d.init >= 0 && s.is(d.init, "[") {
				at = d.init
				break
			}
		}
	}
	var values []analyzers.Value
	if s.is(at, "[") || s.is(at, "(") {
		for j := at + 1; j < s.partner[at] && s.room(len(values), maxParts); j = s.past(j) + 1 {
			values = append(values, s.of(j, s.eval(j).whole()))
		}
	} else if parts := s.eval(at).whole(); len(parts) > 0 {
		values = append(values, s.of(at, parts))
	}
	return commandline.Command(values)
}

// commandEnvironment returns what a command's env sets. Without the surrounding environment in it, it has nothing else.
func (s *source) commandEnvironment(at int) (sets []analyzers.Step, isolated bool) {
	if name := s.name(at); name != "" && s.past(at) == at+1 {
		for _, d := range s.find(name, s.offset(at)) {
			if d.init > 0 && s.surrounds(d.init) {
				return s.entries(name, d), false
			}
		}
	}
	if s.surrounds(at) {
		return nil, false
	}
	v := s.eval(at)
	if v.object == 0 {
		return nil, false
	}
	isolated = true
	for _, m := range s.members(v.object) {
		switch {
		case m.spread:
			isolated = isolated && !s.surrounds(m.value)
		case m.key != "":
			sets = append(sets, analyzers.Step{
				Op: analyzers.OpSet, At: s.place(m.token, m.token), Name: m.key, Value: s.of(m.value, s.eval(m.value).whole()), Export: true,
			})
		}
	}
	if s.is(v.object, "(") { // dict(os.environ, X=y)
		isolated = isolated && !s.surrounds(v.object+1)
	}
	return sets, isolated
}

// entries returns what is assigned to the entries of a dictionary, or given to its method update, where the declaration is known.
func (s *source) entries(name string, d *declaration) (sets []analyzers.Step) {
	add := func(token int, key string, value int) {
		if parts := s.eval(value).whole(); key != "" && s.room(len(sets), maxParts) {
			sets = append(sets, analyzers.Step{Op: analyzers.OpSet, At: s.place(token, token), Name: key, Value: s.of(value, parts), Export: true})
		}
	}
	for i := range s.count {
		if !s.is(i, name) || s.is(i-1, ".") || s.offset(i) < d.from || s.offset(i) >= d.to {
			continue
		}
		switch {
		case s.is(i+1, "[") && s.is(s.partner[i+1]+1, "="):
			key, _ := s.constant(i + 2)
			add(i, key, s.partner[i+1]+2)
		case s.is(i+1, ".", "update", "("):
			bracket := i + 3
			if v := s.eval(i + 4); v.object != 0 {
				bracket = v.object
			}
			for _, m := range s.members(bracket) {
				add(m.token, m.key, m.value)
			}
		}
	}
	return sets
}

// surrounds reports whether an expression is the surrounding environment, or a copy of it.
func (s *source) surrounds(at int) bool {
	dotted, next := s.dotted(at)
	if dotted == "dict" && s.is(next, "(") && s.argument(next, 1) == 0 && len(s.members(next)) == 0 {
		return s.surrounds(s.argument(next, 0))
	}
	if dotted == "" || s.is(next, "[") {
		return false
	}
	full := s.canonical(strings.Split(dotted, "."))
	return full == "os.environ" || full == "os.environ.copy"
}

// isEnvironment reports whether a name is that of a copy of the surrounding environment wherever it is declared.
func (s *source) isEnvironment(name string) bool {
	is, known := s.copies[name]
	if !known {
		s.copies[name] = false // while it is found out
		is = len(s.declared[name]) > 0 && !slices.ContainsFunc(s.declared[name], func(d *declaration) bool { return d.init < 0 || !s.surrounds(d.init) })
		s.copies[name] = is
	}
	return is
}
