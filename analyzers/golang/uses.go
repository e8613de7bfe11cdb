package golang

import (
	"go/ast"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/commandline"
	"github.com/stagewall/stagewall/detectors"
)

// uses looks for what the file reads and hands on.
func (f *file) uses() {
	for _, n := range f.hands {
		if call, ok := n.(*ast.CallExpr); ok && f.takesIn(call) || f.depth < whole {
			continue
		}
		switch n := n.(type) {
		case *ast.CallExpr:
			f.handsOn(n)
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.BasicLit); ok {
				if text, _ := code.Text(f.text(key).parts); code.Header(text) {
					f.header(n, text, f.headerValue(n.Value), detectors.Sink{})
				}
			}
		case *ast.AssignStmt:
			f.assigned(n)
		}
	}
}

// hand notes that a value is handed to a sink.
func (f *file) hand(n ast.Node, parts []analyzers.Part, sink detectors.Sink) {
	if code.Telling(parts) || code.Exports(parts) {
		f.handed(n, code.Sources(parts), sink)
	}
}

func (f *file) handed(n ast.Node, parts []analyzers.Part, sink detectors.Sink) {
	if len(parts) > 0 {
		f.emit(n, running, analyzers.Step{Op: analyzers.OpUse, Value: f.of(n, parts), Sink: &sink})
	}
}

func (f *file) header(n ast.Node, key string, v value, sink detectors.Sink) {
	sink.Header, sink.Scheme = key, code.Scheme(v.parts)
	f.handed(n, code.InHeader(key, f.flat(v, 0)), sink)
}

// headerValue is the value of a header in a literal, which may be a list.
func (f *file) headerValue(e ast.Expr) value {
	v := f.eval(e, 0)
	if v.literal != nil && len(v.literal.Elts) > 0 {
		return f.eval(v.literal.Elts[0], 0)
	}
	return v
}

// assigned notes keys that are assigned to a library, stripe.Key = x, and headers that are assigned by their name.
func (f *file) assigned(n *ast.AssignStmt) {
	if len(n.Lhs) != len(n.Rhs) {
		return
	}
	for i, left := range n.Lhs {
		switch left := left.(type) {
		case *ast.SelectorExpr:
			if imported, ok := f.packageOf(left.X); ok {
				f.hand(n, f.flat(f.eval(n.Rhs[i], 0), 0), detectors.Sink{Tool: packageKey(imported) + "." + left.Sel.Name})
			}
		case *ast.IndexExpr:
			if key, _ := code.Text(f.eval(left.Index, 0).parts); code.Header(key) {
				f.header(n, key, f.headerValue(n.Rhs[i]), f.target(left.X))
			}
		}
	}
}

// opens are the functions that read a file's content.
var opens = map[string]bool{
	"os.ReadFile": true, "os.Open": true, "os.OpenFile": true, "io/ioutil.ReadFile": true, "github.com/joho/godotenv.Read": true,
	"github.com/ilyakaznacheev/cleanenv.ReadConfig": true, "github.com/spf13/viper.SetConfigFile": true,
	"crypto/tls.LoadX509KeyPair": true, "github.com/BurntSushi/toml.DecodeFile": true, "github.com/knadh/koanf/providers/file.Provider": true,
}

// takesIn notes what a call takes in, or sets, and reports whether that is all that is to be said of it.
func (f *file) takesIn(e *ast.CallExpr) bool {
	name := f.callee(e.Fun)
	arg := func(n int) value {
		if n < len(e.Args) {
			return f.eval(e.Args[n], 0)
		}
		return value{}
	}
	switch name {
	case "os.Getenv", "os.LookupEnv", "syscall.Getenv":
		f.read(e, arg(0))
	case "os.ExpandEnv":
		for _, p := range expanded(arg(0)).parts {
			if p.Hole != nil && p.Hole.Name != "" {
				f.reads(e, p.Hole.Name)
			}
		}
	case "os.Setenv", "syscall.Setenv":
		f.set(e, arg(0), arg(1))
	case "os.Unsetenv":
		if key, ok := code.Text(arg(0).parts); ok {
			f.emit(e, loading, analyzers.Step{Op: analyzers.OpUnset, Name: key})
		}
	case "github.com/knadh/koanf/providers/env.Provider":
		if prefix, ok := code.Text(arg(0).parts); ok && prefix != "" {
			f.emit(e, running, analyzers.Step{Op: analyzers.OpRead, Name: prefix, All: true, Says: readsIt})
		}
	case "os/exec.Command":
		f.command(e, e.Args)
	case "os/exec.CommandContext":
		f.command(e, e.Args[min(1, len(e.Args)):])
	case "path/filepath.Join", "path.Join", "fmt.Sprintf", "fmt.Errorf", "errors.New", "strings.TrimSpace", "append", "len", "make", "string":
		// what they make is looked at where it is handed on
	default:
		if loaders[name] != "" || points(name) {
			return true
		}
		if variable, _ := f.helper(e, name, 0); variable.parts != nil {
			f.read(e, arg(0))
			return true
		}
		if opens[name] && len(e.Args) > 0 {
			f.open(e, arg(0))
			return true
		}
		return f.viper(e, name) || f.asksStore(e)
	}
	return true
}

// handsOn notes what a call is given.
func (f *file) handsOn(e *ast.CallExpr) {
	if name := f.callee(e.Fun); !f.setsHeader(e, name) && !f.requests(e, name) {
		f.passes(e, name)
	}
}

// read notes a look-up in the environment.
func (f *file) read(e *ast.CallExpr, name value) {
	names := code.Texts(name.parts)
	for _, n := range names {
		f.reads(e, n)
	}
	if parts := name.whole(); len(names) == 0 && code.Exports(parts) && !f.inHelper(e) {
		f.emit(e, running, analyzers.Step{Op: analyzers.OpRead, Value: f.of(e, parts), Says: readsIt})
		return
	}
	if len(names) == 0 && !f.inHelper(e) {
		f.pass.Gap(f.at(e), "the name that code reads from its environment is computed; what it reads is not known")
	}
}

func (f *file) reads(n ast.Node, name string) {
	f.emit(n, running, analyzers.Step{Op: analyzers.OpRead, Name: name, Says: readsIt})
}

const readsIt = "reads it from its environment"

// inHelper reports whether a look-up stands in a function that looks up what it is asked for: its callers are read instead.
func (f *file) inHelper(e *ast.CallExpr) bool {
	for n, fn := range f.bodies {
		if n.Pos() <= e.Pos() && e.Pos() < n.End() && strings.Contains(strings.ToLower(fn.name), "env") {
			return true
		}
	}
	return false
}

func (f *file) set(e *ast.CallExpr, key, v value) {
	name, ok := code.Text(key.parts)
	if !ok {
		return
	}
	parts := v.whole()
	if len(parts) == 0 {
		parts = []analyzers.Part{code.Unknown()}
	}
	f.emit(e, loading, analyzers.Step{Op: analyzers.OpSet, Name: name, Value: f.of(e, parts), Export: true})
}

func (f *file) open(e *ast.CallExpr, v value) {
	if parts := v.whole(); code.Locates(parts) || len(parts) == 1 && code.Parameter(parts[0]) {
		f.emit(e, running, analyzers.Step{Op: analyzers.OpOpen, File: new(f.of(e, v.whole())), Optional: true, Says: "reads the file"})
	}
}

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

// command notes a command that is made, with the environment and the directory that it is given afterwards.
func (f *file) command(e *ast.CallExpr, args []ast.Expr) {
	var values []analyzers.Value
	for _, a := range args {
		v := f.eval(a, 0)
		if e.Ellipsis.IsValid() && a == args[len(args)-1] && v.literal != nil {
			for _, element := range v.literal.Elts {
				values = append(values, f.of(element, f.eval(element, 0).whole()))
			}
			continue
		}
		values = append(values, f.of(a, v.whole()))
	}
	line := commandline.Command(values)
	if line.Empty() {
		return
	}
	child := analyzers.Step{Op: analyzers.OpRun, Says: "runs a command"}
	dir := ""
	for field, v := range f.fieldsGiven(e) {
		switch field {
		case "Env":
			child.Steps, child.Isolated = f.commandEnvironment(v)
		case "Dir":
			dir, _ = code.Text(f.eval(v, 0).parts)
		}
	}
	steps, signs := line.Read(f.pass, dir)
	child.Steps = append(child.Steps, steps...)
	f.signs = append(f.signs, signs...)
	f.emit(e, running, child)
}

// fieldsGiven returns what is assigned to the fields of the variable that holds the call's result.
func (f *file) fieldsGiven(e *ast.CallExpr) map[string]ast.Expr {
	fields := map[string]ast.Expr{}
	var variable *ast.Ident
	ast.Inspect(f.tree, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || len(assign.Lhs) == 0 || len(assign.Lhs) != len(assign.Rhs) {
			return true
		}
		if assign.Rhs[0] == e {
			variable, _ = assign.Lhs[0].(*ast.Ident)
		}
		if sel, ok := assign.Lhs[0].(*ast.SelectorExpr); ok && variable != nil {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == variable.Name && fields[sel.Sel.Name] == nil {
				fields[sel.Sel.Name] = assign.Rhs[0]
			}
		}
		return true
	})
	return fields
}

// commandEnvironment returns what a command's Env sets: a list of NAME=value, with or without the surrounding environment.
func (f *file) commandEnvironment(e ast.Expr) (sets []analyzers.Step, isolated bool) {
	isolated = true
	var add func(e ast.Expr)
	add = func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.CallExpr:
			name := f.callee(e.Fun)
			if name == "os.Environ" || name == ".Environ" {
				isolated = false
			}
			if name == "append" {
				for _, a := range e.Args {
					add(a)
				}
			}
		case *ast.CompositeLit:
			for _, element := range e.Elts {
				add(element)
			}
		case *ast.SelectorExpr:
			isolated = isolated && e.Sel.Name != "Env"
		default:
			if step, ok := f.pair(e); ok {
				sets = append(sets, step)
			}
		}
	}
	add(e)
	return sets, isolated
}

// pair reads "NAME=" + value.
func (f *file) pair(e ast.Expr) (analyzers.Step, bool) {
	parts := f.eval(e, 0).whole()
	if len(parts) == 0 || parts[0].Hole != nil {
		return analyzers.Step{}, false
	}
	name, rest, ok := strings.Cut(parts[0].Text, "=")
	if !ok {
		return analyzers.Step{}, false
	}
	first := parts[0]
	if first.Span.End-first.Span.Start == len(first.Text) {
		first.Span.Start += len(name) + 1
	}
	first.Text = rest
	parts = append([]analyzers.Part{first}, parts[1:]...)
	return analyzers.Step{Op: analyzers.OpSet, At: f.at(e), Name: name, Value: f.of(e, parts), Export: true}, true
}

// setsHeader notes a header that a call sets, or the login of SetBasicAuth.
func (f *file) setsHeader(e *ast.CallExpr, name string) bool {
	sel, ok := e.Fun.(*ast.SelectorExpr)
	if !ok || len(e.Args) != 2 {
		return false
	}
	switch name {
	case ".Set", ".Add", ".SetHeader":
		key, _ := code.Text(f.eval(e.Args[0], 0).parts)
		if !code.Header(key) {
			return false
		}
		f.header(e, key, f.eval(e.Args[1], 0), f.target(sel.X))
		return true
	case ".SetBasicAuth":
		sink := f.target(sel.X)
		sink.Header, sink.Scheme = "Authorization", "Basic"
		f.hand(e, append(slices.Clip(f.eval(e.Args[0], 0).whole()), f.eval(e.Args[1], 0).whole()...), sink)
		return true
	}
	return false
}

// target returns where the request goes whose header an expression is: that of the call that made it.
func (f *file) target(e ast.Expr) detectors.Sink {
	if sel, ok := e.(*ast.SelectorExpr); ok && sel.Sel.Name == "Header" {
		e = sel.X
	}
	if v := f.eval(e, 0); v.request != nil {
		return f.sink(v.request)
	}
	return detectors.Sink{}
}

// sink returns where the request goes that a call of http.NewRequest makes.
func (f *file) sink(e *ast.CallExpr) detectors.Sink {
	args := e.Args
	if lastName(e.Fun) == "NewRequestWithContext" {
		args = args[min(1, len(args)):]
	}
	if len(args) < 2 {
		return detectors.Sink{}
	}
	address := code.Locate(f.eval(args[1], 0).whole())
	sink := detectors.Sink{Tool: "http.NewRequest", Host: address.Host, Path: address.Path}
	if text, ok := code.Text(f.eval(args[0], 0).parts); ok && len(text) <= len("OPTIONS") {
		sink.Method = strings.ToUpper(text)
		if text == "" {
			sink.Method = "GET"
		}
	}
	if len(args) > 2 {
		sink.Fields = code.Documents(f.pass.Data, f.flat(f.eval(args[2], 0), 0))
	}
	if len(sink.Fields) == 0 && strings.Contains(address.Path.Text, "graphql") {
		sink.Fields = f.documents()
	}
	return sink
}

// documents returns the identifiers of all GraphQL documents in the file.
func (f *file) documents() []detectors.Word {
	var parts []analyzers.Part
	ast.Inspect(f.tree, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			parts = append(parts, f.text(lit).parts...)
		}
		return true
	})
	return code.Documents(f.pass.Data, parts)
}

// requests notes what is in the address and in the body of a request.
func (f *file) requests(e *ast.CallExpr, name string) bool {
	var sink detectors.Sink
	var at int
	switch name {
	case "net/http.NewRequest", "net/http.NewRequestWithContext":
		sink = f.sink(e)
		at = strings.Count(lastName(e.Fun), "Context") + 1
	case "net/http.Get", "net/http.Head", "net/http.Post", "net/http.PostForm", ".Get", ".Post", ".Put", ".Patch", ".Delete":
		if len(e.Args) == 0 {
			return false
		}
		address := code.Locate(f.eval(e.Args[0], 0).whole())
		if address.Host == "" {
			return false
		}
		method := strings.ToUpper(strings.TrimSuffix(lastName(e.Fun), "Form"))
		sink = detectors.Sink{Tool: "http." + lastName(e.Fun), Host: address.Host, Path: address.Path, Method: method}
	default:
		return false
	}
	for i := at; i < len(e.Args); i++ {
		v := f.eval(e.Args[i], 0)
		carried := sink
		if i == at {
			carried.Query = code.Query(v.parts)
		}
		f.hand(e, f.flat(v, 0), carried)
	}
	return true
}

// passes notes what any other call is given, and that a client's method uses what the client was made with.
func (f *file) passes(e *ast.CallExpr, name string) {
	sink := detectors.Sink{Tool: strings.TrimPrefix(path.Base(name), ".")}
	if sel, ok := e.Fun.(*ast.SelectorExpr); ok && strings.HasPrefix(name, ".") {
		if v := f.receiver(sel.X); v.client != "" {
			sink.Tool = v.client + methodOf(e.Fun)
			if len(e.Args) > 0 {
				for _, a := range e.Args[:min(2, len(e.Args))] {
					if parts := f.eval(a, 0).parts; len(parts) > 0 && sink.Fields == nil {
						sink.Fields = code.Statement(f.pass.Data, parts[0].Span)
					}
				}
			}
			f.hand(e, v.whole(), sink)
			f.fetches(e, sink, v.library)
		}
	} else if made := f.eval(e, 0); made.client != "" {
		f.fetches(e, sink, made.library)
	}
	if key := f.libraryKey(name); key != nil {
		f.hand(e, f.flat(f.eval(key, 0), 0), sink)
	}
	for _, a := range e.Args {
		f.hand(e, f.flat(f.eval(a, 0), 0), sink)
	}
}

// fetches notes that a client takes its credential from the environment, if it is one of a package that was given none.
func (f *file) fetches(n ast.Node, sink detectors.Sink, library string) {
	if library != "" {
		sink.Library = library
		f.emit(n, running, analyzers.Step{Op: analyzers.OpCall, Sink: &sink})
	}
}

// receiver returns the client that a method is called on: the value itself, or that of which it is a field or a method's result.
func (f *file) receiver(e ast.Expr) value {
	for {
		if v := f.eval(e, 0); v.client != "" {
			return v
		}
		switch inner := e.(type) {
		case *ast.SelectorExpr:
			e = inner.X
		case *ast.CallExpr:
			e = inner.Fun
		default:
			return value{}
		}
	}
}

// methodOf returns the words of a method's name behind the variable of the client, each after a dot: .Customers.Del for sc.Customers.Del.
func methodOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return methodOf(e.X) + "." + e.Sel.Name
	}
	return "" // the client that is the result of a call has the call's name
}

// libraryKey returns the key that the file gives to the library whose function is called: stripe.Key = k before customer.Del(…), which is
// a package of the same module.
func (f *file) libraryKey(name string) ast.Expr {
	for _, k := range f.keys() {
		if strings.HasPrefix(name, k.library+"/") || strings.HasPrefix(name, k.library+".") {
			return k.value
		}
	}
	return nil
}

// libraryKey is a key that the file gives to a library.
type libraryKey struct {
	library string // its import path
	value   ast.Expr
}

// keys returns the keys that the file gives to libraries.
func (f *file) keys() []libraryKey {
	if f.libraryKeys != nil {
		return f.libraryKeys
	}
	f.libraryKeys = []libraryKey{}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || len(assign.Lhs) != 1 || len(assign.Rhs) != 1 {
			return true
		}
		if sel, ok := assign.Lhs[0].(*ast.SelectorExpr); ok && strings.HasSuffix(sel.Sel.Name, "Key") {
			if imported, ok := f.packageOf(sel.X); ok {
				f.libraryKeys = append(f.libraryKeys, libraryKey{imported, assign.Rhs[0]})
			}
		}
		return true
	})
	return f.libraryKeys
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
