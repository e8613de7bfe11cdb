package golang

import (
	"go/ast"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/code"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
)

// callee returns what a call calls: "net/http.NewRequest" for a function of another package, "name" for one of this package, ".Name" for
// a method.
func (f *file) callee(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.ParenExpr:
		return f.callee(e.X)
	case *ast.IndexExpr: // with type arguments
		return f.callee(e.X)
	case *ast.SelectorExpr:
		if imported, ok := f.packageOf(e.X); ok {
			return imported + "." + e.Sel.Name
		}
		return "." + e.Sel.Name
	}
	return ""
}

// call is the value of a call.
func (f *file) call(e *ast.CallExpr, depth int) value {
	arg := func(n int) value {
		if n >= len(e.Args) {
			return value{}
		}
		return f.eval(e.Args[n], depth+1)
	}
	name := f.callee(e.Fun)
	switch name {
	case "os.Getenv", "os.LookupEnv", "syscall.Getenv":
		return f.lookup(arg(0))
	case "os.ExpandEnv":
		return expanded(arg(0))
	case "fmt.Sprintf", "fmt.Sprint", "fmt.Sprintln":
		return f.formatted(e, name, depth)
	case "path.Join", "path/filepath.Join", "net/url.JoinPath":
		var all []value
		for n := range min(len(e.Args), maxParts) {
			all = append(all, arg(n))
		}
		return joined(all)
	case "os.Getwd":
		return value{parts: []analyzers.Part{{Text: "."}}}
	case "strings.ToUpper":
		return value{parts: code.Cased(analyzers.Upper, arg(0).whole())}
	case "strings.ToLower":
		return value{parts: code.Cased(analyzers.Lower, arg(0).whole())}
	case "cmp.Or":
		return fallback(arg(0), arg(1))
	case "strings.TrimSpace", "strings.Trim", "strings.TrimRight", "strings.TrimPrefix", "strings.TrimSuffix", "string",
		"path/filepath.Abs", "path/filepath.Clean", "path/filepath.FromSlash", "path.Clean", "net/url.Parse", "flag.String", "strconv.Quote":
		if name == "flag.String" {
			return arg(1)
		}
		return arg(0)
	case "net/http.NewRequest", "net/http.NewRequestWithContext":
		return value{request: e}
	}
	if points(name) {
		return arg(0)
	}
	if secret := f.secret(e, depth); len(secret) > 0 {
		return value{parts: secret}
	}
	if variable, fallback := f.helper(e, name, depth); variable.parts != nil {
		return f.defaulted(variable, fallback, depth)
	}
	if _, ok := e.Fun.(*ast.ArrayType); ok { // []byte(x)
		return arg(0)
	}
	return f.called(e, name, depth)
}

// called is the value of a call of a function that is not known by its name: what it returns, or what it was given.
func (f *file) called(e *ast.CallExpr, name string, depth int) value {
	var given []analyzers.Part
	for _, a := range e.Args {
		if len(given) < maxParts {
			given = append(given, f.flat(f.eval(a, depth+1), depth+1)...)
		}
	}
	if ident, ok := e.Fun.(*ast.Ident); ok {
		for _, d := range f.find(ident.Name, ident.Pos()) {
			if d.function != nil && d.index < 0 {
				result := f.result(d.function, depth+1)
				result.parts = code.Opaque(result.parts)
				return result
			}
		}
		return value{parts: code.Opaque(given), foreign: f.named(f.key + "#" + ident.Name + "()")}
	}
	sel, ok := e.Fun.(*ast.SelectorExpr)
	if !ok {
		return value{parts: code.Opaque(given)}
	}
	if imported, ok := f.packageOf(sel.X); ok {
		v := value{parts: code.Opaque(given)}
		if strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") || !standard(imported) {
			v.foreign = f.named(packageKey(imported) + "#" + sel.Sel.Name + "()")
		}
		if maker(sel.Sel.Name) {
			v.client = packageKey(imported)
			if !standard(imported) && !code.Credentials(given) {
				v.library = imported
			}
		}
		return v
	}
	v := f.eval(sel.X, depth+1)
	if v.client != "" || v.request != nil {
		result := value{parts: v.parts, client: v.client, library: v.library, request: v.request, foreign: v.foreign}
		if v.client != "" {
			result.client += "." + sel.Sel.Name
		}
		if strings.HasPrefix(sel.Sel.Name, "With") { // what the client is given later
			result.parts = append(slices.Clip(v.parts), code.Opaque(given)...)
			if code.Credentials(given) {
				result.library = ""
			}
		}
		return result
	}
	return value{parts: append(code.Opaque(f.flat(v, depth+1)), code.Opaque(given)...)}
}

// standard reports whether an import path without a dot in its first part is of the standard library and not of a module that is named
// so: the library's packages that handle values are few.
func standard(imported string) bool {
	switch first, _, _ := strings.Cut(imported, "/"); first {
	case "archive", "bufio", "bytes", "compress", "container", "context", "crypto", "database", "embed", "encoding", "errors", "expvar",
		"flag", "fmt", "go", "hash", "html", "image", "io", "iter", "log", "maps", "math", "mime", "net", "os", "path", "reflect", "regexp",
		"runtime", "slices", "sort", "strconv", "strings", "sync", "syscall", "testing", "text", "time", "unicode", "unsafe", "cmp":
		return true
	}
	return false
}

// maker reports whether a function makes a client from what it is given.
func maker(name string) bool {
	return strings.HasPrefix(name, "New") || strings.HasPrefix(name, "Open") || strings.HasPrefix(name, "Connect") ||
		strings.HasPrefix(name, "Dial") || strings.HasPrefix(name, "MustConnect") || strings.HasPrefix(name, "MustOpen") || name == "Client"
}

// lookup is the value of the variable of the environment that a value names: one of several, if the name is one of several.
func (f *file) lookup(name value) value {
	var all []value
	for _, text := range code.Texts(name.parts) {
		all = append(all, value{parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: text}}}})
	}
	if len(all) == 0 {
		return value{parts: []analyzers.Part{code.Unknown()}}
	}
	return either(all...)
}

// helper recognises a call of a function that looks a name up in the environment: getenv("X", "default"), config.MustEnv("X").
func (f *file) helper(e *ast.CallExpr, name string, depth int) (variable value, fallback ast.Expr) {
	last := strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
	if !strings.Contains(last, "env") || len(e.Args) == 0 || strings.HasPrefix(name, "os.") {
		return value{}, nil
	}
	v := f.eval(e.Args[0], depth+1)
	text, ok := code.Text(v.parts)
	if !ok || !code.ConstantName(text) {
		return value{}, nil
	}
	if len(e.Args) > 1 {
		fallback = e.Args[1]
	}
	return f.lookup(v), fallback
}

// defaulted is a variable's value with a default.
func (f *file) defaulted(variable value, e ast.Expr, depth int) value {
	if e == nil {
		return variable
	}
	return fallback(variable, f.eval(e, depth+1))
}

func fallback(left, right value) value {
	if len(left.parts) == 1 && left.parts[0].Hole != nil && len(right.whole()) > 0 && !code.IsUnknown(left.parts[0].Hole) {
		hole := *left.parts[0].Hole
		hole.Default = &analyzers.Value{Parts: right.whole()}
		return value{parts: []analyzers.Part{{Hole: &hole}}}
	}
	return either(left, right)
}

var expandExpr = lazyregexp.New(`\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))`)

// expanded is a text in which variables are replaced.
func expanded(v value) value {
	text, ok := code.Text(v.parts)
	if !ok || len(v.parts) != 1 {
		return value{parts: code.Opaque(v.parts)}
	}
	span := v.parts[0].Span
	exact := span.End-span.Start == len(text)
	var result value
	from := 0
	add := func(to int) {
		if to <= from {
			return
		}
		part := analyzers.Part{Text: text[from:to], Span: span}
		if exact {
			part.Span.Start, part.Span.End = span.Start+from, span.Start+to
		}
		result.parts = append(result.parts, part)
	}
	for _, m := range expandExpr.FindAllStringSubmatchIndex(text, maxParts) {
		add(m[0])
		name := text[m[0]:m[1]]
		result.parts = append(result.parts, analyzers.Part{Hole: &analyzers.Hole{Name: strings.Trim(name, "${}")}})
		from = m[1]
	}
	add(len(text))
	return result
}

var verbExpr = lazyregexp.New(`%[-+# 0]*[0-9]*(?:\.[0-9]+)?([a-zA-Z%])`)

// formatted is the text that a format and its arguments make.
func (f *file) formatted(e *ast.CallExpr, name string, depth int) value {
	if len(e.Args) == 0 {
		return value{}
	}
	format := f.eval(e.Args[0], depth+1)
	text, ok := code.Text(format.parts)
	if !ok || name != "fmt.Sprintf" || len(format.parts) != 1 {
		var parts []analyzers.Part
		for _, a := range e.Args {
			parts = append(parts, f.flat(f.eval(a, depth+1), depth+1)...)
		}
		if name == "fmt.Sprint" {
			return value{parts: parts[:min(len(parts), maxParts)]}
		}
		return value{parts: code.Opaque(parts[:min(len(parts), maxParts)])}
	}
	span := format.parts[0].Span
	exact := span.End-span.Start == len(text)
	var result value
	from, next := 0, 1
	literal := func(to int) {
		if to > from {
			part := analyzers.Part{Text: text[from:to], Span: span}
			if exact {
				part.Span.Start, part.Span.End = span.Start+from, span.Start+to
			}
			result.parts = append(result.parts, part)
		}
	}
	for _, m := range verbExpr.FindAllStringSubmatchIndex(text, maxParts) {
		literal(m[0])
		from = m[1]
		if text[m[2]] == '%' {
			result.parts = append(result.parts, analyzers.Part{Text: "%"})
			continue
		}
		var parts []analyzers.Part
		if next < len(e.Args) {
			parts = f.eval(e.Args[next], depth+1).whole()
		}
		if len(parts) == 0 {
			parts = []analyzers.Part{code.Unknown()}
		}
		result.parts = append(result.parts, parts...)
		next++
	}
	literal(len(text))
	return result
}
