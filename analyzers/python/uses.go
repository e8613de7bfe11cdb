package python

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/commandline"
	"github.com/stagewall/stagewall/detectors"
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
		if name == "" {
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

// readsNamed notes a look-up, up to next, of a name that another file says.
func (s *source) readsNamed(i, next int) bool {
	open := s.partner[next-1]
	if open < i {
		return false
	}
	parts := s.eval(open + 1).whole()
	if !code.Exports(parts) {
		return false
	}
	s.emit(i, running, analyzers.Step{Op: analyzers.OpRead, Value: s.of(open+1, parts), Says: readsIt})
	return true
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
	for j := at + 1; j < s.partner[at] && len(all) < maxParts; j = s.past(j) + 1 {
		if parts := s.eval(j).whole(); len(parts) > 0 {
			all = append(all, s.of(j, parts))
		}
	}
	return all
}

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

// uses walks the tokens for calls that are handed values, and then for headers that no request was seen to take.
func (s *source) uses() {
	s.libraryKeys()
	for i := 0; i < len(s.toks); i++ {
		switch {
		case s.is(i, "(") && s.partner[i] > i && s.kind(i-1) == identifier && !s.is(i-2, "def") && !s.is(i-2, "class"):
			s.call(i)
		case s.is(i, "="):
			s.assigned(i)
		}
	}
	for i := range s.count {
		if key, ok := s.str(i); ok && s.is(i+1, ":") && code.Header(key) && !s.seen[i] {
			s.header(i, key, i+2, detectors.Sink{})
		}
	}
}

// hand notes that a value is handed to a sink.
func (s *source) hand(i int, parts []analyzers.Part, at int, sink detectors.Sink) {
	if code.Telling(parts) {
		s.handed(i, code.Sources(parts), at, sink)
	}
}

func (s *source) handed(i int, parts []analyzers.Part, at int, sink detectors.Sink) {
	if len(parts) > 0 {
		s.emit(i, running, analyzers.Step{Op: analyzers.OpUse, Value: s.of(at, parts), Sink: &sink, Named: s.carried})
	}
}

func (s *source) header(i int, key string, at int, sink detectors.Sink) {
	parts := s.eval(at).whole()
	sink.Header, sink.Scheme = key, code.Scheme(parts)
	s.handed(i, code.InHeader(key, parts), at, sink)
}

// assigned notes headers that are assigned by their name, session.headers["Authorization"] = x, and keys that are assigned to a library,
// stripe.api_key = x.
func (s *source) assigned(i int) {
	if s.is(i-1, "]") && s.partner[i-1] == i-3 {
		if key, ok := s.str(i - 2); ok && code.Header(key) {
			s.header(i-3, key, i+1, detectors.Sink{})
		}
		return
	}
	if s.kind(i-1) != identifier || !s.is(i-2, ".") {
		return
	}
	start := i - 1
	for s.is(start-1, ".") && s.kind(start-2) == identifier {
		start -= 2
	}
	if _, imported := s.imported[s.text(start)]; imported {
		dotted, _ := s.dotted(start)
		s.hand(start, s.flat(s.eval(i+1), 0), i+1, detectors.Sink{Tool: dotted})
	}
}

// opens are the calls that read a file's content, by the last word of the callee.
var opens = map[string]bool{"open": true, "read_text": true, "read_bytes": true, "dotenv_values": true}

// call notes what a call is handed.
func (s *source) call(paren int) {
	name, start := s.callee(paren)
	last := lastWord(name)
	switch {
	case keywords[last] || s.kind(start) == end:
		return
	case last == "load_dotenv" || last == "read_env":
		return
	case last == "read" && strings.Contains(name, ".") && s.parses():
		s.parse(paren)
	case opens[last]:
		s.open(paren, start, name)
		return
	}
	s.gives(name, start, paren)
	if _, next := s.variable(start); next > 0 {
		return
	}
	if s.command(paren, start, name) || s.request(paren, start, name) {
		return
	}
	sink := detectors.Sink{Tool: strings.TrimPrefix(name, ".")}
	if parts, at := s.libraryKey(start, name); at > 0 {
		s.hand(start, parts, at, sink)
	}
	v, method := s.receiver(start, name), name
	if words, begin := s.chain(paren); v.client == "" && begin > 0 {
		v, method = s.known(s.text(begin), s.offset(begin), 0), strings.Join(words, ".")
	}
	if v.client == "" && name[0] == '.' { // boto3.client("s3").delete_bucket(…)
		dot := paren - 2
		v, method = s.before(s.beginning(dot), dot), name
	}
	if v.client == "" && maker(name) && s.name(start) != "" {
		if made := s.before(start, paren+1); made.library != "" {
			s.fetches(start, sink, made.library)
		}
	}
	if v.client != "" {
		sink.Tool = strings.ToLower(lastWord(v.client)) + methodOf(method)
		if at := s.argument(paren, 0); s.kind(at) == text {
			span, _, _ := content(s.pass.Data, s.toks[at])
			sink.Fields = code.Statement(s.pass.Data, span)
		}
		s.hand(start, v.parts, start, sink)
		if v.library != "" {
			s.fetches(start, sink, v.library)
		}
	}
	s.hand(start, s.arguments(paren, 0), paren, sink)
}

// fetches notes that a client takes its credential from the environment.
func (s *source) fetches(i int, sink detectors.Sink, library string) {
	sink.Library = library
	s.emit(i, running, analyzers.Step{Op: analyzers.OpCall, Sink: &sink})
}

// receiver returns the value of what a method is called on, as far as it is a name or an attribute of self.
func (s *source) receiver(start int, name string) value {
	if !strings.Contains(name, ".") || s.name(start) == "" {
		return value{}
	}
	if s.is(start, "self", ".") {
		if !s.is(start+3, ".") {
			return value{}
		}
		return s.known("self."+s.text(start+2), s.offset(start), 0)
	}
	return s.known(s.text(start), s.offset(start), 0)
}

// chain returns the words of a call that is called on the result of others, from the name that they all begin with: db, cursor and
// execute for db.cursor().execute(…). begin is that name's token, 0 if the call is no such chain.
func (s *source) chain(paren int) (words []string, begin int) {
	for i := paren - 1; s.kind(i) == identifier && len(words) < maxParts; i -= 2 {
		words = append(words, s.text(i))
		if !s.is(i-1, ".") {
			slices.Reverse(words)
			return words, i
		}
		for s.is(i-2, ")") && s.partner[i-2] > 0 && s.partner[i-2] < i {
			i = s.partner[i-2] + 1
		}
	}
	return nil, 0
}

// methodOf returns the words behind the variable of a client's method, from the first dot on.
func methodOf(name string) string {
	name = strings.TrimPrefix(name, "self.")
	if dot := strings.IndexByte(name, '.'); dot >= 0 {
		return name[dot:]
	}
	return "." + name
}

// libraryKey returns the key that the file gives to the library that a call belongs to: stripe.api_key = k before stripe.Customer.delete(…).
func (s *source) libraryKey(start int, name string) (parts []analyzers.Part, at int) {
	if s.kind(start) != identifier || !strings.Contains(name, ".") {
		return nil, 0
	}
	key, ok := s.keys[s.text(start)]
	if !ok {
		return nil, 0
	}
	return s.flat(s.eval(key), 0), key
}

// libraryKeys finds the keys that the file assigns to libraries.
func (s *source) libraryKeys() {
	s.keys = map[string]int{}
	for i := range s.count {
		if s.is(i, "=") && s.kind(i-1) == identifier && s.is(i-2, ".") && s.kind(i-3) == identifier && !s.is(i-4, ".") {
			if _, imported := s.imported[s.text(i-3)]; imported && keyProperty[s.text(i-1)] {
				s.keys[s.text(i-3)] = i + 1
			}
		}
	}
}

// keyProperty are the properties by which libraries take their key.
var keyProperty = map[string]bool{"api_key": true, "apikey": true, "key": true, "token": true, "access_token": true, "secret_key": true}

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
	at := s.argument(paren, 0)
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
		v = s.before(at, paren-2)
	case "open":
		if mode, ok := s.str(s.argument(paren, 1)); ok && strings.ContainsAny(mode, "wax") {
			return
		}
		if at == 0 && strings.Contains(name, ".") { // Path("x").open()
			at = s.beginning(paren - 2)
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
	if code.Locates(parts) || len(parts) == 1 && code.Parameter(parts[0]) {
		s.emit(paren-1, running, analyzers.Step{
			Op: analyzers.OpOpen, File: new(s.of(at, parts)), Optional: true, Says: "reads the file",
		})
	}
}

// beginning returns the token at which the operand begins that ends before the dot.
func (s *source) beginning(dot int) int {
	i := dot - 1
	for i > 0 {
		switch {
		case (s.is(i, ")") || s.is(i, "]")) && s.partner[i] > 0:
			i = s.partner[i]
			if s.kind(i-1) == identifier {
				i--
			}
		case s.kind(i) != identifier && s.kind(i) != text:
			return i
		}
		if !s.is(i-1, ".") {
			return i
		}
		i -= 2
	}
	return max(i, 0)
}

// before evaluates the operand from start up to a dot.
func (s *source) before(start, dot int) value {
	v, next := s.primary(start, 0)
	var receiver value
	for next < dot && next > start {
		switch {
		case s.is(next, "(") && s.partner[next] > next:
			v = s.called(next, v, receiver, 0)
			next = s.partner[next] + 1
		case s.is(next, "."):
			if s.is(next+2, "(") && s.partner[next+2] > next && s.partner[next+2] < dot {
				if result, ok := s.method(v, s.text(next+1), next+2, 0); ok {
					v, next = result, s.partner[next+2]+1
					continue
				}
			}
			receiver = v
			v = s.attribute(v, s.text(next+1), 0)
			next += 2
		default:
			return v
		}
	}
	return v
}

// verbs are the methods by which requests are sent, and the requests' own.
var verbs = map[string]string{
	"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE", "head": "HEAD", "options": "OPTIONS", "request": "",
	"Request": "", "urlopen": "GET", "stream": "", "execute": "POST",
}

// request notes what a request carries; it reports whether the call is one.
func (s *source) request(paren, start int, name string) bool {
	last := lastWord(name)
	method, isVerb := verbs[last]
	if !isVerb {
		return false
	}
	first := s.argument(paren, 0)
	if url := s.field(paren, "url", 0); url > 0 {
		first = url
	} else if last == "request" || last == "stream" {
		if text, ok := s.str(first); ok {
			method = strings.ToUpper(text)
		}
		if second := s.argument(paren, 1); second > 0 {
			first = second
		}
	}
	if first == 0 {
		return false
	}
	if at := s.field(paren, "method", 0); at > 0 {
		text, _ := s.constant(at)
		method = strings.ToUpper(text)
	}
	target := s.eval(first)
	address := code.Locate(target.whole())
	headers := s.field(paren, "headers", 0)
	client := s.receiver(start, name)
	if client.client != "" && address.Host == "" {
		base := code.Locate(s.base(client).whole())
		if base.Host == "" && address.Path.Text == "" {
			return false
		}
		address.Host = base.Host
	}
	if address.Host == "" && headers == 0 && client.client == "" {
		return false
	}
	sink := detectors.Sink{Tool: strings.TrimPrefix(name, "."), Host: address.Host, Path: address.Path, Method: method}
	var body []analyzers.Part
	var members []analyzers.Named
	for _, key := range []string{"json", "data", "content", "body"} {
		if at := s.field(paren, key, 0); at > 0 {
			v := s.eval(at)
			body = append(body, s.flat(v, 0)...)
			members = s.sending(members, v, 0)
		}
	}
	s.carried = code.Named(body, members)
	defer func() { s.carried = nil }()
	sink.Fields = code.Documents(s.pass.Data, body)
	if len(sink.Fields) == 0 && strings.Contains(address.Path.Text, "graphql") {
		sink.Fields = s.documents()
	}
	s.headers(start, headers, sink, 0)
	for _, key := range []string{"auth", "params", "cookies"} {
		if at := s.field(paren, key, 0); at > 0 {
			s.hand(start, s.flat(s.eval(at), 0), at, sink)
		}
	}
	carried := sink
	carried.Query = code.Query(target.parts)
	s.hand(start, target.whole(), first, carried)
	if client.client != "" {
		s.hand(start, client.parts, start, sink)
	}
	s.hand(start, body, paren, sink)
	return true
}

// sending adds what the dictionaries in a request's body give to names.
func (s *source) sending(all []analyzers.Named, v value, depth int) []analyzers.Named {
	const deepest, most = 4, 32
	if v.object == 0 || depth > deepest {
		return all
	}
	for _, m := range s.members(v.object) {
		if inner := s.eval(m.value); inner.object != 0 && inner.object != v.object {
			all = s.sending(all, inner, depth+1)
		} else if parts := inner.whole(); m.key != "" && len(parts) > 0 && len(all) < most {
			all = append(all, analyzers.Named{Name: m.key, Value: s.of(m.value, parts)})
		}
	}
	return all
}

// base is the address that a client was made with.
func (s *source) base(client value) value {
	for _, key := range []string{"base_url", "url", "endpoint_url"} {
		if at := s.field(client.object, key, 0); at > 0 {
			return s.eval(at)
		}
	}
	return value{}
}

// headers notes the values of a request's headers.
func (s *source) headers(i, at int, sink detectors.Sink, depth int) {
	if at == 0 || depth > 4 {
		return
	}
	v := s.eval(at)
	if v.object == 0 {
		s.hand(i, v.whole(), at, sink)
		return
	}
	for _, m := range s.members(v.object) {
		s.seen[m.token] = true
		switch {
		case m.spread:
			s.headers(m.token, m.value, sink, depth+1)
		case m.key != "":
			s.header(m.token, m.key, m.value, sink)
		}
	}
}

// documents returns the identifiers of all GraphQL documents in the file.
func (s *source) documents() []detectors.Word {
	var parts []analyzers.Part
	for i := range s.count {
		if s.kind(i) == text {
			span, _, _ := content(s.pass.Data, s.toks[i])
			parts = append(parts, analyzers.Part{Span: span})
		}
	}
	return code.Documents(s.pass.Data, parts)
}

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
		for n := 0; s.argument(paren, n) > 0 && n < maxParts; n++ {
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
		for j := at + 1; j < s.partner[at] && len(values) < maxParts; j = s.past(j) + 1 {
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
		if parts := s.eval(value).whole(); key != "" && len(sets) < maxParts {
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
	dotted, _ := s.dotted(at)
	if dotted == "" {
		return false
	}
	full := s.canonical(strings.Split(dotted, "."))
	return full == "os.environ" || full == "os.environ.copy"
}
