package js

import (
	"slices"
	"strings"

	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/detectors"
)

// reads walks the tokens for what code reads from, and writes to, its environment.
func (s *source) reads() {
	schema := false
	for i := range s.toks {
		if !s.isName(i) {
			continue
		}
		if s.kind(i+1) == lexer.OpenParenToken && s.partner[i+1] > i {
			s.asksStore(i)
		}
		if name, next := s.variable(i); next > 0 {
			s.look(i, name, next)
			continue
		}
		end := s.environment(i)
		switch {
		case end == 0:
		case s.kind(i-1) == lexer.EqToken && s.kind(i-2) == lexer.CloseBraceToken && s.partner[i-2] >= 0:
			s.destructured(i, s.partner[i-2])
		case s.is(i-2, "assign", "(") && s.kind(end) == lexer.CommaToken:
			s.assigns(end + 1)
		case s.kind(i-1) == lexer.OpenParenToken && s.lists(i-2), s.kind(i-1) == lexer.InToken:
			s.unseen(i, "code goes through all names of its environment; which of them it reads is not known")
		case s.kind(i-1) == lexer.OpenParenToken, s.kind(i-1) == lexer.CommaToken, s.is(i-2, "runtimeEnv", ":"):
			schema = true
		}
	}
	if schema {
		s.schema()
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
	switch k := s.kind(next); {
	case k == lexer.EqToken, k == lexer.NullishEqToken, k == lexer.OrEqToken:
		if name == "" {
			return
		}
		v, _ := s.expression(next+1, 0)
		parts := v.whole()
		if len(parts) == 0 {
			parts = []analyzers.Part{code.Unknown()}
		}
		s.emit(i, loading, analyzers.Step{
			Op: analyzers.OpSet, Name: name, Value: s.of(next+1, parts), Export: true, IfUnset: k != lexer.EqToken,
		})
	case s.kind(i-1) == lexer.DeleteToken && name != "":
		s.emit(i, loading, analyzers.Step{Op: analyzers.OpUnset, Name: name})
	case name == "" && s.oneOf(i, next):
	case name == "" && s.helps(i):
	case name == "":
		s.unseen(i, "the name that code reads from its environment is computed; what it reads is not known")
	default:
		s.read(i, name)
	}
}

// oneOf notes a computed look-up whose name is one of several that are known, or put together of what other names hold.
func (s *source) oneOf(i, next int) bool {
	if s.kind(next-1) != lexer.CloseBracketToken || s.partner[next-1] < 0 {
		return false
	}
	key := s.partner[next-1] + 1
	v, _ := s.expression(key, 0)
	if parts := v.whole(); code.Varies(parts) {
		s.emit(i, running, analyzers.Step{Op: analyzers.OpRead, Value: s.of(key, parts), Says: readsIt})
		return true
	}
	names := code.Texts(v.parts)
	for _, name := range names {
		s.read(i, name)
	}
	return len(names) > 0
}

func (s *source) read(i int, name string) {
	s.emit(i, running, analyzers.Step{Op: analyzers.OpRead, Name: name, Says: readsIt})
}

const readsIt = "reads it from its environment"

func (s *source) unseen(i int, says string) { s.pass.Gap(s.place(i, i), says) }

// lists reports whether the word at i is a function that lists an object's members.
func (s *source) lists(i int) bool {
	return s.is(i-2, "Object") && (s.is(i, "keys") || s.is(i, "entries") || s.is(i, "values"))
}

// destructured notes the names that a pattern takes from the environment.
func (s *source) destructured(i, brace int) {
	for _, m := range s.object(brace) {
		switch {
		case m.key != "":
			s.read(m.token, m.key)
		case m.spread:
			s.unseen(m.token, "code takes the rest of its environment as a whole; which names it reads is not known")
		}
	}
}

// assigns notes what Object.assign(process.env, {…}) sets.
func (s *source) assigns(i int) {
	v, _ := s.expression(i, 0)
	if v.object == 0 {
		return
	}
	for _, m := range s.object(v.object) {
		if m.key == "" {
			continue
		}
		inner, _ := s.expression(m.value, 1)
		s.emit(m.token, loading, analyzers.Step{
			Op: analyzers.OpSet, Name: m.key, Value: s.of(m.value, inner.whole()), Export: true,
		})
	}
}

// schema notes the names that a schema lists to which the environment is given: z.object({TOKEN: z.string()}).parse(process.env).
func (s *source) schema() {
	for i := range s.toks {
		if s.kind(i+1) == lexer.ColonToken && code.ConstantName(s.text(i)) &&
			(s.kind(i-1) == lexer.OpenBraceToken || s.kind(i-1) == lexer.CommaToken) {
			s.read(i, s.text(i))
		}
	}
}

// opens are the calls that read a file's content, by the last word of the callee.
var opens = map[string]bool{
	"readFileSync": true, "readFile": true, "createReadStream": true, "readTextFile": true, "readTextFileSync": true,
	"readJson": true, "readJsonSync": true, "readJSON": true, "readJSONSync": true,
}

// open notes the file that a call reads; it reports whether it is such a call.
func (s *source) open(paren int, name string) bool {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if !opens[last] && name != "Bun.file" && (last != "loadFile" || !s.importsPackage(convictPackage)) {
		return false
	}
	at := s.argument(paren, 0)
	if at == 0 {
		return true
	}
	v, _ := s.expression(at, 0)
	if n := len(v.parts); n > 0 && !assetless(v.parts[n-1].Text) {
		return true
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
	return true
}

// packaged are modules that read files when they are imported.
var packaged = map[string]func(s *source, i int){
	nodeConfigPackage: nodeConfig,
	convictPackage:    convict,
}

const nodeConfigPackage = "config"

// nodeConfig reads the files of the package config, by the deployment's name: the default ones, over them the deployment's, over these the local ones,
// and the one that names variables. https://github.com/node-config/node-config/wiki/Configuration-Files
func nodeConfig(s *source, i int) {
	const says = "the package config reads the file"
	mode := analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: "NODE_ENV"}}}}
	deployment := analyzers.Part{Hole: &analyzers.Hole{Name: "NODE_CONFIG_ENV", Default: &mode}}
	layers := &analyzers.Hole{Space: analyzers.Layers}
	for _, name := range [][]analyzers.Part{{{Text: "local-"}, deployment}, {{Text: "local"}}, {deployment}, {{Text: "default"}}, {{Text: "custom-environment-variables"}}} {
		for _, ext := range []string{".json", ".json5", ".yaml", ".yml", ".toml", ".js", ".ts"} {
			file := analyzers.Value{At: s.place(i, i), Parts: slices.Concat([]analyzers.Part{{Text: "config/"}}, name, []analyzers.Part{{Text: ext}})}
			if code := ext == ".js" || ext == ".ts"; code || name[0].Text == "custom-environment-variables" {
				s.emit(i, importing, analyzers.Step{Op: analyzers.OpSource, Ref: &analyzers.Ref{Path: file}, Optional: true, Says: says})
			} else {
				layers.Values = append(layers.Values, file)
			}
		}
	}
	s.imports = append(s.imports, document{token: i, spec: nodeConfigPackage, file: analyzers.Value{At: s.place(i, i), Parts: []analyzers.Part{{Hole: layers}}}, says: says})
}

// use notes that a value is handed to a sink.
func (s *source) use(i int, parts []analyzers.Part, at int, sink detectors.Sink) {
	if code.Telling(parts) || code.Exports(parts) {
		s.handed(i, code.Sources(parts), at, sink)
	}
}

func (s *source) handed(i int, parts []analyzers.Part, at int, sink detectors.Sink) {
	if len(parts) > 0 {
		s.emit(i, running, analyzers.Step{Op: analyzers.OpUse, Value: s.of(at, parts), Sink: &sink, Named: s.carried})
	}
}
