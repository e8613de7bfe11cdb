package golang

import (
	"go/ast"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
)

// viper reads the calls of github.com/spf13/viper: a key is read from the variable of its name in upper case, with the prefix, where
// the file asks for variables at all; BindEnv names the variables. https://pkg.go.dev/github.com/spf13/viper
func (f *file) viper(e *ast.CallExpr, name string) bool {
	method, ok := strings.CutPrefix(name, "github.com/spf13/viper.")
	if sel, is := e.Fun.(*ast.SelectorExpr); !ok && is && f.eval(sel.X, 0).client == "viper" { // of viper.New()
		method, ok = sel.Sel.Name, true
	}
	if !ok {
		return false
	}
	var named value
	if len(e.Args) > 0 {
		named = f.eval(e.Args[0], 0)
	}
	key, known := code.Text(named.parts)
	switch {
	case method == "SetConfigFile":
		f.open(e, named)
	case method == "BindEnv" && len(e.Args) > 1:
		for _, a := range e.Args[1:] {
			if text, ok := code.Text(f.eval(a, 0).parts); ok {
				f.reads(e, text)
			}
		}
	case known && (method == "BindEnv" || strings.HasPrefix(method, "Get")):
		f.reads(e, f.viperPrefix()+strings.NewReplacer(".", "_", "-", "_").Replace(strings.ToUpper(key)))
	case method == "SetConfigName" && len(named.whole()) > 0:
		for _, folder := range append(f.viperFolders(), ".") {
			for _, ext := range []string{".yaml", ".yml", ".json", ".toml", ".env"} {
				parts := slices.Concat([]analyzers.Part{{Text: path.Clean(folder) + "/"}}, named.whole(), []analyzers.Part{{Text: ext}})
				file := analyzers.Value{At: f.at(e), Parts: parts}
				f.emit(e, running, analyzers.Step{Op: analyzers.OpOpen, File: new(file), Optional: true, Says: "viper reads the file"})
			}
		}
	}
	return true
}

// viperPrefix returns what the file sets in front of the names of variables.
func (f *file) viperPrefix() string {
	for _, call := range f.calls["SetEnvPrefix"] {
		if len(call.Args) == 1 {
			if text, ok := code.Text(f.eval(call.Args[0], 0).parts); ok && text != "" {
				return strings.ToUpper(text) + "_"
			}
		}
	}
	return ""
}

// viperFolders returns the folders in which configuration is looked for.
func (f *file) viperFolders() []string {
	var folders []string
	for _, call := range f.calls["AddConfigPath"] {
		if len(call.Args) == 1 {
			if text, ok := code.Text(f.eval(call.Args[0], 0).parts); ok {
				folders = append(folders, text)
			}
		}
	}
	return folders
}

// loaders are the functions that load files into the environment; the word says whether they replace what is set.
var loaders = map[string]string{
	"github.com/joho/godotenv.Load": "keep", "github.com/joho/godotenv.Overload": "replace",
	"github.com/subosito/gotenv.Load": "keep", "github.com/subosito/gotenv.OverLoad": "replace",
}

// loads notes the files that are loaded into the environment.
func (f *file) loads() {
	for _, spec := range f.tree.Imports {
		if imported, _ := strconv.Unquote(spec.Path.Value); imported == "github.com/joho/godotenv/autoload" {
			f.load(spec, f.plain(spec, ".env"), false)
		}
	}
	for _, function := range []string{"Load", "Overload", "OverLoad"} {
		for _, e := range f.calls[function] {
			f.loadCall(e)
		}
	}
}

func (f *file) loadCall(e *ast.CallExpr) {
	how := loaders[f.callee(e.Fun)]
	switch {
	case how == "":
	case len(e.Args) == 0:
		f.load(e, f.plain(e, ".env"), how == "replace")
	default:
		for _, a := range e.Args {
			parts := f.eval(a, 0).whole()
			if len(parts) == 0 {
				parts = []analyzers.Part{code.Unknown()}
			}
			f.load(e, f.of(a, parts), how == "replace")
		}
	}
}

// load notes that a file is loaded into the environment. What other files say of its path is known before.
func (f *file) load(n ast.Node, file analyzers.Value, replace bool) {
	for _, owner := range code.Owners(file.Parts) {
		if owner == f.key {
			f.takeNames(n, "package:.")
		}
		for _, imported := range slices.Sorted(maps.Values(f.imported)) {
			if packageKey(imported) == owner && !standard(imported) {
				f.takeNames(n, "import:"+imported)
			}
		}
	}
	f.emit(n, loading, analyzers.Step{
		Op: analyzers.OpLoad, Ref: &analyzers.Ref{Path: file}, Export: true, IfUnset: !replace, Optional: true,
		Says: "loads the file into its environment",
	})
}

func (f *file) takeNames(n ast.Node, what string) {
	f.emit(n, loading, analyzers.Step{
		Op: analyzers.OpSource, Ref: new(analyzers.PathTo(what, "", f.at(n))), Names: true, Optional: true, Says: "takes its names in",
	})
}

func (f *file) plain(n ast.Node, text string) analyzers.Value {
	return analyzers.Value{At: f.at(n), Parts: []analyzers.Part{{Text: text}}}
}
