// Package load loads modules of Go with their types, and summarises their packages. It runs the go command, and so it is for a driver that a user
// started on purpose; nothing else imports it.
//
// The go command reads modules that are nobody's friends. It is run without its configuration file, without network and toolchains, without cgo
// and version control, and without flags of the surroundings; it runs nothing of the module, neither generators nor tests. Dependencies
// come from the module cache or the vendor folder, as compiled by the go command into its build cache: their bodies are
// not loaded unless that is asked for. What does not load is said, and is left to those who read syntax.
package load

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/packages"

	"github.com/stagewall/stagewall/analyzers/golang/library"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
)

// Limits of what is loaded.
const (
	longest = 2 * time.Minute // that one load may take
	maxFile = 16 << 20        // bytes of one file of the modules' own
)

// Config says what to load, and how.
type Config struct {
	Root    string              // the folder that all paths are relative to
	Dir     string              // the module's or workspace's folder, slash-separated and relative to Root
	Modules []string            // folders of the modules in a workspace, relative to Dir; empty for a module by itself
	Tags    []string            // build tags
	Deep    bool                // bodies of dependencies too, but for those of the standard library
	Vendor  bool                // the module has a vendor folder
	Own     func(string) bool   // reports whether a file, relative to Root, is one that may be read
	Holds   map[string][][2]int // by file, relative to Root: where tokens stand
}

// Modules are modules as they are built with one set of build tags.
type Modules struct {
	Closure *summary.Closure // of all packages
	Mains   []*summary.Package
	Broken  map[string]string // import paths of main packages that do not type-check, and why
}

// ErrLoad is an error for modules that cannot be loaded at all. Its text says why, without words of the modules' own.
type ErrLoad struct{ Says string }

func (e *ErrLoad) Error() string { return e.Says }

// Load loads the modules.
func Load(ctx context.Context, c Config) (*Modules, error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	l := &loader{Config: c}
	var err error
	if l.root, err = filepath.EvalSymlinks(c.Root); err != nil {
		return nil, &ErrLoad{"its folder cannot be opened"}
	}
	if l.root, err = filepath.Abs(l.root); err != nil {
		return nil, &ErrLoad{"its folder cannot be opened"}
	}
	mode := packages.LoadSyntax | packages.NeedModule
	if c.Deep {
		mode |= packages.LoadAllSyntax
	}
	config := &packages.Config{
		Mode: mode, Context: ctx, Dir: filepath.Join(l.root, filepath.FromSlash(c.Dir)), Env: l.environment(), BuildFlags: l.flags(),
		Fset: token.NewFileSet(), ParseFile: l.parse,
	}
	patterns := l.patterns()
	roots, err := l.compiled(ctx, config, patterns)
	if errors.Is(err, errSlow) {
		if err := few(config, patterns); err != nil {
			return nil, err
		}
		l.bare = true
		config.Mode, config.Fset = packages.LoadAllSyntax|packages.NeedModule, token.NewFileSet()
		roots, err = packages.Load(config, patterns...)
	}
	if local := l.local(roots); err == nil && len(local) > 0 && !c.Deep && !l.bare {
		config.Fset = token.NewFileSet()
		roots, err = packages.Load(config, append(patterns, local...)...)
	}
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, &ErrLoad{fmt.Sprintf("loading it takes longer than %s", longest)}
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, &ErrLoad{"the go command cannot load it"}
	}
	return l.modules(roots)
}

// most is how many packages are read from source. It takes some hundred megabytes.
const most = 600

// few returns an error if the packages are too many to be read from source.
func few(config *packages.Config, patterns []string) error {
	once := *config
	once.Mode = packages.NeedName | packages.NeedImports | packages.NeedDeps
	roots, err := packages.Load(&once, patterns...)
	n := 0
	packages.Visit(roots, nil, func(*packages.Package) { n++ })
	if err != nil || n > most {
		return &ErrLoad{"the go command has not compiled its dependencies yet, and takes long for it"}
	}
	return nil
}

type loader struct {
	Config
	root string
	bare bool // dependencies are read from source, without the bodies of their functions
}

// errSlow says that the go command has to compile what it has not in its cache, and takes long for it.
var errSlow = errors.New("slow")

// soon is how long the go command may take to give the types of dependencies from its cache.
const soon = 20 * time.Second

// compiled loads with the types of dependencies as the go command compiled them. That is by far the cheapest way if its cache has them. If it has
// to compile them first, reading the declarations in their source takes less: the bodies of functions are most of it.
func (l *loader) compiled(ctx context.Context, config *packages.Config, patterns []string) ([]*packages.Package, error) {
	if l.Deep {
		return packages.Load(config, patterns...)
	}
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	once := *config
	once.Context = ctx
	roots, err := packages.Load(&once, patterns...)
	if ctx.Err() != nil {
		return nil, errSlow
	}
	return roots, err
}

// environment is what the go command sees: where its caches and it itself are, and nothing that could make it ask the network or run programs.
func (l *loader) environment() []string {
	var env []string
	for _, name := range []string{
		"PATH", "HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "SystemRoot", "TMPDIR", "TMP", "TEMP", "XDG_CACHE_HOME", "GOROOT", "GOPATH",
		"GOMODCACHE", "GOCACHE",
	} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	work := "off"
	if len(l.Modules) > 0 {
		work = filepath.Join(l.root, filepath.FromSlash(l.Dir), "go.work")
	}
	return append(env, "GOENV=off", "GOPROXY=off", "GOSUMDB=off", "GOVCS=*:off", "GOTOOLCHAIN=local", "GOFLAGS=", "CGO_ENABLED=0", "GO111MODULE=on",
		"GOWORK="+work, "GOPACKAGESDRIVER=off", "GIT_TERMINAL_PROMPT=0", "GIT_ALLOW_PROTOCOL=none")
}

func (l *loader) flags() []string {
	mod := "-mod=readonly"
	if l.Vendor {
		mod = "-mod=vendor"
	}
	flags := []string{mod, "-buildvcs=false"}
	if len(l.Tags) > 0 {
		flags = append(flags, "-tags="+strings.Join(l.Tags, ","))
	}
	return flags
}

func (l *loader) patterns() []string {
	if len(l.Modules) == 0 {
		return []string{"./..."}
	}
	var patterns []string
	for _, m := range l.Modules {
		patterns = append(patterns, "./"+strings.TrimPrefix(m+"/...", "./"))
	}
	return patterns
}

// local returns the import paths of packages that are imported and lie below the root, in modules that replace others.
func (l *loader) local(roots []*packages.Package) []string {
	loaded := map[string]bool{}
	for _, p := range roots {
		loaded[p.PkgPath] = true
	}
	var paths []string
	packages.Visit(roots, nil, func(p *packages.Package) {
		if m := p.Module; m != nil && !loaded[p.PkgPath] && m.Replace != nil && m.Replace.Version == "" {
			if _, ok := l.relative(filepath.Join(m.Dir, "go.mod")); ok {
				paths = append(paths, p.PkgPath)
			}
		}
	})
	slices.Sort(paths)
	return paths
}

// relative returns the path of a file relative to the root.
func (l *loader) relative(file string) (string, bool) {
	rel, err := filepath.Rel(l.root, file)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// errForeign is for a file below the root that is none of the source's: a link, most likely.
var errForeign = errors.New("not read")

// parse parses a file. Objects are not resolved, which takes time and is out of fashion; files that are too large are not read.
func (l *loader) parse(fset *token.FileSet, name string, data []byte) (*ast.File, error) {
	rel, below := l.relative(name)
	own := below && !strings.HasPrefix("/"+rel, "/vendor/") && !strings.Contains(rel, "/vendor/")
	if own && (l.Config.Own != nil && !l.Config.Own(rel) || len(data) > maxFile) {
		return nil, errForeign
	}
	if !own && l.bare {
		f, err := parser.ParseFile(fset, name, data, parser.SkipObjectResolution)
		if f != nil {
			for _, decl := range f.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok {
					fn.Body = nil
				}
			}
		}
		return f, err
	}
	return parser.ParseFile(fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
}

// modules summarises what was loaded.
func (l *loader) modules(roots []*packages.Package) (*Modules, error) {
	out := &Modules{Closure: &summary.Closure{}, Broken: map[string]string{}}
	list := roots
	if l.Deep {
		list = nil
		packages.Visit(roots, nil, func(p *packages.Package) {
			if !library.Standard(p.PkgPath) {
				list = append(list, p)
			}
		})
	}
	own := map[string]bool{}
	for _, p := range list {
		own[p.PkgPath] = true
	}
	seen := map[string]bool{}
	for _, p := range list {
		if p.Types == nil || p.TypesInfo == nil || seen[p.PkgPath] || len(p.Syntax) == 0 {
			if p.Name == "main" || p.Name == "" && len(p.Errors) > 0 {
				out.Broken[p.PkgPath] = "it cannot be loaded"
			}
			continue
		}
		seen[p.PkgPath] = true
		s := l.summarise(p, own)
		out.Closure.Packages = append(out.Closure.Packages, s)
		if p.Name != "main" {
			continue
		}
		if broken(p, own, map[*packages.Package]bool{}) {
			out.Broken[p.PkgPath] = "it, or what it imports, does not type-check or is not there"
		}
		out.Mains = append(out.Mains, s)
	}
	if len(out.Closure.Packages) == 0 {
		return nil, &ErrLoad{"the go command finds no packages in it, or cannot read its go.mod"}
	}
	slices.SortFunc(out.Closure.Packages, func(a, b *summary.Package) int { return strings.Compare(a.Path, b.Path) })
	slices.SortFunc(out.Mains, func(a, b *summary.Package) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}

// broken reports whether a package, or one of those that are summarised and that it imports, has errors. Of dependencies that are read without the
// bodies of their functions it is no error that their imports are not used.
func broken(p *packages.Package, own map[string]bool, seen map[*packages.Package]bool) bool {
	if seen[p] {
		return false
	}
	seen[p] = true
	if len(p.Errors) > 0 {
		return true
	}
	for _, i := range p.Imports {
		if own[i.PkgPath] && broken(i, own, seen) {
			return true
		}
	}
	return false
}

func (l *loader) summarise(p *packages.Package, own map[string]bool) *summary.Package {
	src := summary.Source{
		Fset: p.Fset, Files: p.Syntax, Pkg: p.Types, Info: p.TypesInfo, Withheld: map[string][]summary.Extent{},
		Name: func(file string) string {
			if rel, ok := l.relative(file); ok {
				return rel
			}
			return p.PkgPath + "/" + filepath.Base(file)
		},
		Own: func(importPath string) bool { return own[importPath] },
	}
	for _, f := range p.Syntax {
		name := p.Fset.File(f.FileStart).Name()
		rel, ok := l.relative(name)
		if !ok {
			continue
		}
		for _, span := range l.Holds[rel] {
			src.Withheld[name] = append(src.Withheld[name], summary.Extent{Start: span[0], End: span[1]})
		}
	}
	return summary.Of(src)
}
