// Package elixir reads the settings of projects of Elixir.
//
// # Analyzer elixir
//
// A file of settings is a program: it reads what it holds itself, the variables that it asks for, and the files that it imports, whose names can have the
// environment in them. Who evaluates the settings is said by package shell.
//
//	https://hexdocs.pm/elixir/Config.html
//	https://hexdocs.pm/elixir/System.html#fetch_env!/1
//
// # What is not seen
//
// Conditions: of settings under them, as in runtime.exs, it is not known for which environment they are.
package elixir

import (
	"path"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
)

// Analyzer reads files of settings.
var Analyzer = &analyzers.Analyzer{
	Name:    "elixir",
	Doc:     "Reads the settings of projects of Elixir: which files they import, and which variables they take.",
	Version: 1,
	Files:   []string{"**/config/*.exs"},
	Run:     run,
}

var (
	imported    = lazyregexp.New(`(?m)^[^#\n]*?\bimport_config[ (]\s*"([^"#]*)(#\{\s*(?:config_env\(\)|Mix\.env(?:\(\))?)\s*\})?([^"#]*)"`)
	environment = lazyregexp.New(`\bSystem\.(?:get_env|fetch_env!?)\(\s*"([A-Za-z_]\w*)"`)
	conditional = lazyregexp.New(`(?m)^\s*(?:if|case|cond|unless)\b`)
)

func run(pass *analyzers.Pass) error {
	at := pass.At(0, 0)
	file := analyzers.Value{At: at, Parts: []analyzers.Part{{Text: pass.Path}}}
	p := analyzers.Program{At: at, Steps: []analyzers.Step{{Op: analyzers.OpOpen, At: at, File: &file, Says: "is evaluated"}}}
	if conditional.Match(pass.Data) {
		p.Steps[0].Op = analyzers.OpMount // what it takes of that is not known
	}
	for _, m := range environment.FindAllSubmatchIndex(pass.Data, -1) {
		p.Steps = append(p.Steps, analyzers.Step{
			Op: analyzers.OpRead, At: pass.At(m[2], m[3]), Name: string(pass.Data[m[2]:m[3]]), Says: "takes a setting from its environment",
		})
	}
	for _, m := range imported.FindAllSubmatchIndex(pass.Data, -1) {
		at := pass.At(m[2]-1, m[1])
		v := analyzers.Value{At: at, Parts: []analyzers.Part{{Text: path.Dir(pass.Path) + "/" + string(pass.Data[m[2]:m[3]])}}}
		if m[4] >= 0 {
			v.Parts = append(v.Parts, analyzers.Part{Hole: &analyzers.Hole{Name: "MIX_ENV"}})
		}
		v.Parts = append(v.Parts, analyzers.Part{Text: string(pass.Data[m[6]:m[7]])})
		p.Steps = append(p.Steps, analyzers.Step{Op: analyzers.OpSource, At: at, Ref: &analyzers.Ref{Path: v}, Optional: true, Says: "imports the settings"})
	}
	pass.Facts.Programs = append(pass.Facts.Programs, p)
	return nil
}
