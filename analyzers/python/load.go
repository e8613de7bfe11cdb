package python

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// load notes that a file is loaded into the environment. What other files say of its path is known before.
func (s *source) load(i int, file analyzers.Value, override bool) {
	owners := code.Owners(file.Parts)
	for _, t := range s.taken {
		if len(owners) == 0 {
			break
		}
		step := s.taking(t)
		step.Names = true
		s.emit(i, loading, step)
	}
	s.emit(i, loading, analyzers.Step{
		Op: analyzers.OpLoad, Ref: &analyzers.Ref{Path: file}, Export: true, IfUnset: !override, Optional: true,
		Says: "loads the file into its environment",
	})
}

// loads notes the files that are loaded into the environment.
func (s *source) loads() {
	for i := range s.count {
		if s.is(i, "(") && s.partner[i] > i {
			s.loader(i)
		}
	}
	for _, full := range s.imported {
		if full == "decouple.config" { // it looks for its files by itself: https://github.com/HBNetwork/python-decouple#where-is-the-settings-data-stored
			at := s.place(0, 0)
			s.load(0, analyzers.Value{At: at, Parts: []analyzers.Part{{Text: ".env"}}}, false)
			settings := analyzers.Value{At: at, Parts: []analyzers.Part{{Text: "settings.ini"}}}
			s.emit(0, running, analyzers.Step{Op: analyzers.OpOpen, File: &settings, Optional: true, Says: "reads the file"})
			break
		}
	}
}

// loader reads a call that loads a file: load_dotenv, and read_env of environs and django-environ, each of which leaves what is set.
// https://saurabh-kumar.com/python-dotenv/ https://django-environ.readthedocs.io https://github.com/sloria/environs
func (s *source) loader(paren int) {
	name, start := s.callee(paren)
	last := lastWord(name)
	switch {
	case last == "Dynaconf" || last == "LazySettings":
		s.opensSettings(paren)
		return
	case name == "importlib.import_module" && s.argument(paren, 0) > 0:
		if module := s.of(paren+1, s.eval(paren+1).whole()); code.Locates(module.Parts) {
			s.emit(start, importing, analyzers.Step{
				Op: analyzers.OpSource, Ref: &analyzers.Ref{Path: module, Name: analyzers.ModuleOf}, Optional: true, Says: importsIt,
			})
		}
		return
	case last == "execute_from_command_line" || last == "get_wsgi_application" || last == "get_asgi_application":
		s.launches = paren
		return
	case last == "from_object" || last == "from_pyfile":
		s.configuresFrom(paren, last == "from_pyfile")
		return
	case strings.HasPrefix(name, "click.") || strings.HasPrefix(name, "typer."):
		s.option(paren)
		return
	case last != "load_dotenv" && last != "read_env" && name != "dotenv.load":
		return
	}
	at := s.argument(paren, 0)
	for _, key := range []string{"dotenv_path", "path", "env_file"} {
		if found := s.field(paren, key, 0); found > 0 && at == 0 {
			at = found
		}
	}
	override := false
	for _, key := range []string{"override", "overwrite"} {
		if flag := s.field(paren, key, 0); flag > 0 {
			override = s.is(flag, "True")
		}
	}
	if at == 0 {
		s.load(start, analyzers.Value{At: s.place(start, start), Parts: []analyzers.Part{{Text: ".env"}}}, override)
		return
	}
	parts := s.eval(at).whole()
	if len(parts) == 0 {
		parts = s.parameterPath(at)
	}
	if len(parts) == 0 {
		parts = []analyzers.Part{code.Unknown()}
	}
	s.load(start, s.of(at, parts), override)
}

// configuresFrom notes the module or the file that an application of Flask takes its settings from: config.StagingConfig is a class of the module
// config. https://flask.palletsprojects.com/en/stable/config/#configuring-from-python-files
func (s *source) configuresFrom(paren int, file bool) {
	from := s.of(paren+1, s.eval(paren+1).whole())
	if s.argument(paren, 0) == 0 || !code.Locates(from.Parts) {
		return
	}
	ref := analyzers.Ref{Path: from}
	if !file {
		if module, class, dotted := lastDot(from.Parts); dotted && class[0] >= 'A' && class[0] <= 'Z' {
			ref.Path.Parts = module
		}
		ref.Name = analyzers.ModuleOf
	}
	s.emit(paren-1, importing, analyzers.Step{Op: analyzers.OpSource, Ref: &ref, Optional: true, Says: "its settings"})
}

// lastDot cuts a dotted name whose end is written at its last dot.
func lastDot(parts []analyzers.Part) (before []analyzers.Part, after string, found bool) {
	last := parts[len(parts)-1]
	i := strings.LastIndexByte(last.Text, '.')
	if last.Hole != nil || i < 0 || i+1 == len(last.Text) {
		return parts, "", false
	}
	return append(slices.Clone(parts[:len(parts)-1]), analyzers.Part{Text: last.Text[:i]}), last.Text[i+1:], true
}

// option notes the variables that an option of a command line is taken from where it is not given.
// https://click.palletsprojects.com/en/stable/options/#values-from-environment-variables
func (s *source) option(paren int) {
	at := s.field(paren, "envvar", 0)
	if at == 0 {
		return
	}
	for _, name := range s.list(at) {
		if text, ok := name.Text(); ok && text != "" {
			s.read(at, text)
		}
	}
}

// opensSettings notes the files of settings of Dynaconf, with environments the sections that are taken of each. https://www.dynaconf.com/configuration/
func (s *source) opensSettings(paren int) {
	var section []analyzers.Named
	if at := s.field(paren, "environments", 0); at > 0 && !s.is(at, "False") {
		section = s.layers(paren)
	}
	for _, key := range []string{"settings_files", "settings_file", "preload", "includes", "secrets"} {
		at := s.field(paren, key, 0)
		if at == 0 {
			continue
		}
		for _, file := range s.list(at) {
			if code.Locates(file.Parts) {
				s.emit(at, running, analyzers.Step{Op: analyzers.OpOpen, File: new(file), Named: section, Optional: true, Says: "reads the file"})
			}
		}
	}
}

// layers are the sections that Dynaconf takes: the environment's, which a variable names, above the default one, below the global one.
// https://www.dynaconf.com/configuration/#environments
func (s *source) layers(paren int) []analyzers.Named {
	switcher := "ENV_FOR_DYNACONF"
	if at := s.field(paren, "env_switcher", 0); at > 0 {
		if name, ok := s.constant(at); ok {
			switcher = name
		}
	}
	hole := &analyzers.Hole{Name: switcher, Default: &analyzers.Value{Parts: []analyzers.Part{{Text: "development"}}}}
	alternatives := code.Alternatives([]analyzers.Part{{Text: "default"}}, []analyzers.Part{{Text: "global"}}, []analyzers.Part{{Hole: hole}})
	return []analyzers.Named{{Value: analyzers.Value{At: s.place(paren, paren), Parts: []analyzers.Part{alternatives}}}}
}

// opens are the calls that read a file's content, by the last word of the callee.
var opens = map[string]bool{"open": true, "read_text": true, "read_bytes": true, "dotenv_values": true}

// parses reports whether the file uses configparser, of which an object reads one file or a list of them.
// https://docs.python.org/3/library/configparser.html#configparser.ConfigParser.read
func (s *source) parses() bool {
	for _, full := range s.imported {
		if first, _, _ := strings.Cut(full, "."); first == "configparser" {
			return true
		}
	}
	return false
}

// parse notes the files that a call of its method read reads.
func (s *source) parse(paren int) {
	at := s.argument(paren, 0)
	if found := s.field(paren, "filenames", 0); found > 0 && at == 0 {
		at = found
	}
	if at == 0 {
		return
	}
	sections := s.sections(paren)
	for _, file := range s.list(at) {
		if !code.Locates(file.Parts) {
			continue
		}
		for _, section := range sections {
			s.emit(paren-1, running, analyzers.Step{Op: analyzers.OpOpen, File: new(file), Named: section, Optional: true, Says: "reads the file"})
		}
	}
}

// sections returns the keys of the sections that are asked of the object whose method is called; one without keys if all of it may be.
func (s *source) sections(paren int) [][]analyzers.Named {
	whole := [][]analyzers.Named{nil}
	_, start := s.callee(paren)
	if start != paren-3 || !s.is(start+1, ".") { // no plain name
		return whole
	}
	var all [][]analyzers.Named
	for i := range s.count {
		if i == start || !s.is(i, s.text(start)) || s.kind(i) != identifier || s.is(i-1, ".") || s.is(i+1, "=") {
			continue
		}
		at := 0
		switch {
		case s.is(i+1, "["):
			at = i + 2
		case s.is(i+1, ".") && s.is(i+3, "(") && strings.HasPrefix(s.text(i+2), "get"):
			at = s.argument(i+3, 0)
		case s.is(i+1, ".", "has_section"), s.is(i+1, ".", "has_option"), s.is(i+1, ".", "read"):
			continue
		}
		if at == 0 || len(all) == maxSections {
			return whole
		}
		parts := s.eval(at).whole()
		if len(parts) == 0 {
			parts = []analyzers.Part{code.Unknown()}
		}
		all = append(all, []analyzers.Named{{Value: s.of(at, parts)}})
	}
	if all == nil {
		return whole // somebody else asks
	}
	return all
}

// maxSections bounds the sections of a file that are told apart.
const maxSections = 32

// open notes the file that a call reads.
func (s *source) open(paren, start int, name string) {
	var v value
	at, first := s.argument(paren, 0), start
	switch lastWord(name) {
	case "read_text", "read_bytes":
		at = start
		for s.is(at-1, ".") || s.is(at-1, ")") { // Path(…).read_text()
			if s.is(at-1, ")") {
				at = s.partner[at-1]
			}
			at--
			if at <= 0 {
				return
			}
		}
		if s.is(start, ")") || s.is(start, ".") || s.kind(start) != identifier {
			at = s.beginning(paren - 2)
		}
		first = at
		v = s.before(at, paren-2)
	case "open":
		if mode, ok := s.str(s.argument(paren, 1)); ok && strings.ContainsAny(mode, "wax") {
			return
		}
		if at == 0 && strings.Contains(name, ".") { // Path("x").open()
			at = s.beginning(paren - 2)
			first = at
			v = s.before(at, paren-2)
			break
		}
		fallthrough
	default:
		if at == 0 {
			return
		}
		v = s.eval(at)
	}
	parts := v.whole()
	if len(parts) == 0 {
		parts = s.parameterPath(at)
	}
	if !code.Locates(parts) && (len(parts) != 1 || !code.Parameter(parts[0])) {
		return
	}
	file := s.of(at, parts)
	entries := s.lookUps(first, paren)
	if len(entries) == 0 {
		s.emit(paren-1, running, analyzers.Step{Op: analyzers.OpOpen, File: &file, Optional: true, Says: "reads the file"})
		return
	}
	s.emit(paren-1, running, analyzers.Step{Op: analyzers.OpMount, File: &file, Says: "reads the file"}) // all of it is in the program
	for _, keys := range entries {
		s.emit(paren-1, running, analyzers.Step{Op: analyzers.OpOpen, File: &file, Named: keys, Optional: true, Says: "reads an entry of the file"})
	}
}
