package python

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// reads walks the tokens for what code reads from, and writes to, its environment.
func (s *source) reads() {
	for i := 0; i < len(s.toks); i++ {
		if name, next := s.variable(i); next > 0 {
			s.look(i, name, next)
			continue
		}
		if s.is(i+1, "(") && s.partner[i+1] > i {
			s.asksStore(i)
		}
		if s.is(i, ".", "setdefault", "(") || s.is(i, ".", "update", "(") {
			s.writes(i)
		}
	}
	if s.launches > 0 && !s.configured { // the settings are those that its environment names
		s.settingsModule(s.launches)
	}
}

// asksStore notes a call, of the function named at i, that looks a secret up in a store.
func (s *source) asksStore(i int) {
	for _, step := range code.Asks(s.place(i, i), s.secret(i+1, 0)) {
		s.emit(i, running, step)
	}
}

// look notes one look-up of a name, or its assignment.
func (s *source) look(i int, name string, next int) {
	switch {
	case s.is(next, "=") && s.is(next-1, "]"):
		if name == "" || s.copies[s.text(i)] { // who is given the copy has it: see entries
			return
		}
		parts := s.eval(next + 1).whole()
		if len(parts) == 0 {
			parts = []analyzers.Part{code.Unknown()}
		}
		s.emit(i, loading, analyzers.Step{Op: analyzers.OpSet, Name: name, Value: s.of(next+1, parts), Export: true})
		if name == "DJANGO_SETTINGS_MODULE" {
			s.settingsModule(i)
		}
	case s.is(i-1, "del") && name != "":
		s.emit(i, loading, analyzers.Step{Op: analyzers.OpUnset, Name: name})
	case name != "":
		s.read(i, name)
	case s.readsNamed(i, next):
	case !s.helps(i):
		s.pass.Gap(s.place(i, i), "the name that code reads from its environment is computed; what it reads is not known")
	}
}

func (s *source) read(i int, name string) {
	s.emit(i, running, analyzers.Step{Op: analyzers.OpRead, Name: name, Says: readsIt})
}

const readsIt = "reads it from its environment"

// readsNamed notes a look-up, up to next, of a name that is one of several that are known, or put together of what other names hold.
func (s *source) readsNamed(i, next int) bool {
	open := s.partner[next-1]
	if open < i {
		return false
	}
	parts := s.eval(open + 1).whole()
	if code.Varies(parts) {
		s.emit(i, running, analyzers.Step{Op: analyzers.OpRead, Value: s.of(open+1, parts), Says: readsIt})
		return true
	}
	names := code.Texts(parts)
	for _, name := range names {
		s.read(i, name)
	}
	return len(names) > 0
}

// helps reports whether a look-up stands in a function that looks up what it is asked for: its callers are read instead.
func (s *source) helps(i int) bool {
	f := s.functionAt(s.offset(i))
	return f != nil && strings.Contains(strings.ToLower(f.name), "env")
}

// writes reads os.environ.setdefault("X", y) and os.environ.update({"X": y}).
func (s *source) writes(i int) {
	paren := i + 2
	name, _ := s.callee(paren)
	switch name {
	case "os.environ.setdefault":
		key, ok := s.constant(paren + 1)
		at := s.argument(paren, 1)
		if !ok || at == 0 {
			return
		}
		parts := s.eval(at).whole()
		s.emit(i, loading, analyzers.Step{Op: analyzers.OpSet, Name: key, Value: s.of(at, parts), Export: true, IfUnset: true})
		if key == "DJANGO_SETTINGS_MODULE" {
			s.settingsModule(i)
		}
	case "os.environ.update":
		if v := s.eval(paren + 1); v.object != 0 {
			for _, m := range s.members(v.object) {
				if m.key != "" {
					s.emit(m.token, loading, analyzers.Step{
						Op: analyzers.OpSet, Name: m.key, Value: s.of(m.value, s.eval(m.value).whole()), Export: true,
					})
				}
			}
		}
	}
}

// settings reads the classes of settings that are read from the environment, a variable for each field.
// https://docs.pydantic.dev/latest/concepts/pydantic_settings/
func (s *source) settings() {
	for _, c := range s.classes {
		settings := false
		for _, base := range c.bases {
			settings = settings || base == "BaseSettings"
		}
		if settings {
			s.settingsClass(c)
		}
	}
}

func (s *source) settingsClass(c *class) {
	prefix := ""
	for i := c.first; i < c.last; i++ {
		switch {
		case s.is(i, "env_prefix", "="):
			prefix, _ = s.constant(i + 2)
		case s.is(i, "env_file", "="):
			for _, file := range slices.Backward(s.list(i + 2)) { // of several files a later one counts before an earlier
				s.load(i, file, false)
			}
		}
	}
	if c.first >= len(s.toks) {
		return
	}
	indent := s.lines[s.toks[c.first].line].indent
	for n := s.toks[c.first].line; n < len(s.lines) && s.lines[n].from < c.last; n++ {
		line := s.lines[n]
		i := line.from
		if line.indent != indent || s.name(i) == "" || !s.is(i+1, ":") {
			continue
		}
		s.read(i, strings.ToUpper(prefix+s.text(i)))
		for j := i + 2; j < line.to; j++ {
			if s.is(j+1, "=") && (s.is(j, "env") || s.is(j, "alias") || s.is(j, "validation_alias")) {
				if text, ok := s.str(j + 2); ok {
					s.read(i, strings.ToUpper(text))
				}
			}
		}
	}
}

// list returns the values that an expression names: one, or those of a list or a tuple in their order.
func (s *source) list(at int) []analyzers.Value {
	if !s.is(at, "[") && !s.is(at, "(") {
		parts := s.eval(at).whole()
		if len(parts) == 0 {
			return nil
		}
		return []analyzers.Value{s.of(at, parts)}
	}
	var all []analyzers.Value
	for j := at + 1; j < s.partner[at] && s.room(len(all), maxParts); j = s.past(j) + 1 {
		if parts := s.eval(j).whole(); len(parts) > 0 {
			all = append(all, s.of(j, parts))
		}
	}
	return all
}
