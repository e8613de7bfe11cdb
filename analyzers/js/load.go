package js

import (
	"slices"
	"strings"

	lexer "github.com/tdewolff/parse/v2/js"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// loader makes the steps of a call that loads files into the environment; without a call (paren is 0) the package was imported for it.
type loader func(s *source, i, paren int) []analyzers.Step

// loaders are the calls that load files into the environment, by the callee's name.
var loaders = map[string]loader{
	"dotenv.config":                       dotenv, // https://github.com/motdotla/dotenv#options
	"dotenv-safe.config":                  dotenv,
	"@dotenvx/dotenvx.config":             dotenv,
	"dotenv-flow.config":                  dotenvFlow, // https://github.com/kerimdzhanov/dotenv-flow#how-it-works
	"@next/env.loadEnvConfig":             nextEnv,    // https://nextjs.org/docs/pages/guides/environment-variables
	"process.loadEnvFile":                 nodeEnv,    // https://nodejs.org/api/process.html#processloadenvfilepath
	"vite.loadEnv":                        viteEnv,    // https://vite.dev/guide/env-and-mode
	"@nestjs/config.ConfigModule.forRoot": nestEnv,    // https://docs.nestjs.com/techniques/configuration
}

// preloads are the modules that load files by being imported.
var preloads = map[string]loader{
	"dotenv/config":           dotenv,
	"dotenv/config.js":        dotenv,
	"dotenv-safe/config":      dotenv,
	"@dotenvx/dotenvx/config": dotenv,
	"dotenv-flow/config":      dotenvFlow,
}

// loads emits the steps of a call at i that loads files. What other files say of their paths is known before.
func (s *source) loads(i int, steps []analyzers.Step) {
	for _, step := range steps {
		for _, owner := range code.Owners(step.Refers().Path.Parts) {
			for _, spec := range s.owned(owner) {
				s.emit(i, loading, analyzers.Step{
					Op: analyzers.OpSource, Ref: &analyzers.Ref{Path: s.modulePath(i, spec)}, Names: true, Optional: true, Says: importsIt,
				})
			}
		}
		s.emit(i, loading, step)
	}
}

// owned returns the paths of the imported modules whose exports are known by names that begin with the key, sorted.
func (s *source) owned(key string) []string {
	var specs []string
	for _, m := range s.imported {
		if local(m.path) && moduleKey(m.path) == key && !slices.Contains(specs, m.path) {
			specs = append(specs, m.path)
		}
	}
	slices.Sort(specs)
	return specs
}

func (s *source) load(i int, file analyzers.Value, override bool) analyzers.Step {
	return analyzers.Step{
		Op: analyzers.OpLoad, At: s.place(i, i), Ref: &analyzers.Ref{Path: file}, Export: true, IfUnset: !override, Optional: true,
		Says: "loads the file into its environment",
	}
}

// plain is the path of a file with a fixed name.
func (s *source) plain(i int, file string) analyzers.Value {
	return analyzers.Value{At: s.place(i, i), Parts: []analyzers.Part{{Text: file}}}
}

// options returns the object that is the call's n-th argument, 0 for none.
func (s *source) options(paren, n int) int {
	if paren == 0 {
		return 0
	}
	at := s.argument(paren, n)
	if at == 0 {
		return 0
	}
	v, _ := s.expression(at, 0)
	return v.object
}

// isTrue reports whether an option is switched on.
func (s *source) isTrue(object int, key string) bool {
	if object == 0 {
		return false
	}
	at := s.field(object, key, 0)
	return at > 0 && s.is(at, "true")
}

// paths returns the paths that an expression names: one, or those of a list in its order.
func (s *source) paths(at int) []analyzers.Value {
	if s.kind(at) != lexer.OpenBracketToken {
		v, _ := s.expression(at, 0)
		parts := v.whole()
		if len(parts) == 0 {
			parts = s.parameterPath(at)
		}
		if len(parts) == 0 {
			parts = []analyzers.Part{code.Unknown()}
		}
		return []analyzers.Value{s.of(at, parts)}
	}
	var all []analyzers.Value
	for j := at + 1; j < s.partner[at] && s.room(len(all), maxParts); j++ {
		v, _ := s.expression(j, 0)
		if parts := v.whole(); len(parts) > 0 {
			all = append(all, s.of(j, parts))
		}
		if j = s.past(j); s.kind(j) != lexer.CommaToken {
			break
		}
	}
	return all
}

// dotenv loads one file, .env if nothing else is said. What is set stays, unless override is.
func dotenv(s *source, i, paren int) []analyzers.Step {
	options := s.options(paren, 0)
	override := s.isTrue(options, "override")
	files := []analyzers.Value{s.plain(i, ".env")}
	if options != 0 {
		if at := s.field(options, "path", 0); at > 0 {
			files = s.paths(at)
		}
	}
	var steps []analyzers.Step
	for _, file := range files {
		steps = append(steps, s.load(i, file, override))
	}
	return steps
}

// byMode loads files of which the names end in a mode, strongest first. %s stands for the mode.
func (s *source) byMode(i int, mode analyzers.Part, names ...string) []analyzers.Step {
	var steps []analyzers.Step
	for _, name := range names {
		file := analyzers.Value{At: s.place(i, i)}
		before, after, moded := strings.Cut(name, "%s")
		file.Parts = append(file.Parts, analyzers.Part{Text: before})
		if moded {
			file.Parts = append(file.Parts, mode)
		}
		if after != "" {
			file.Parts = append(file.Parts, analyzers.Part{Text: after})
		}
		steps = append(steps, s.load(i, file, false))
	}
	return steps
}

func dotenvFlow(s *source, i, _ int) []analyzers.Step {
	mode := analyzers.Part{Hole: &analyzers.Hole{Name: "NODE_ENV"}}
	return s.byMode(i, mode, ".env.%s.local", ".env.%s", ".env.local", ".env")
}

// nextEnv loads by the build mode, which is one of three whatever the environment is.
func nextEnv(s *source, i, _ int) []analyzers.Step {
	hole := &analyzers.Hole{Name: "NODE_ENV"}
	for _, mode := range []string{"development", "production", "test"} {
		hole.Values = append(hole.Values, analyzers.Value{Parts: []analyzers.Part{{Text: mode}}})
	}
	return s.byMode(i, analyzers.Part{Hole: hole}, ".env.%s.local", ".env.local", ".env.%s", ".env")
}

func viteEnv(s *source, i, paren int) []analyzers.Step {
	mode := code.Unknown()
	if at := s.argument(paren, 0); at > 0 {
		if v, _ := s.expression(at, 0); len(v.parts) == 1 {
			mode = v.parts[0]
		}
	}
	return s.byMode(i, mode, ".env.%s.local", ".env.%s", ".env.local", ".env")
}

func nodeEnv(s *source, i, paren int) []analyzers.Step {
	file := s.plain(i, ".env")
	if at := s.argument(paren, 0); at > 0 {
		file = s.paths(at)[0]
	}
	return []analyzers.Step{s.load(i, file, false)}
}

// nestEnv loads the files of envFilePath; of a name that several set the first file's value stays.
func nestEnv(s *source, i, paren int) []analyzers.Step {
	options := s.options(paren, 0)
	if s.isTrue(options, "ignoreEnvFile") {
		return nil
	}
	files := []analyzers.Value{s.plain(i, ".env")}
	if options != 0 {
		if at := s.field(options, "envFilePath", 0); at > 0 {
			files = s.paths(at)
		}
	}
	var steps []analyzers.Step
	for _, file := range files {
		steps = append(steps, s.load(i, file, false))
	}
	return steps
}
