package golang

import (
	"go/ast"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
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
	if parts := name.whole(); code.Varies(parts) && !f.inHelper(e) {
		f.emit(e, running, analyzers.Step{Op: analyzers.OpRead, Value: f.of(e, parts), Says: readsIt})
		return
	}
	names := code.Texts(name.parts)
	for _, n := range names {
		f.reads(e, n)
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
