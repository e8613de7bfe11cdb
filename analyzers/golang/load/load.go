// Package load loads modules of Go with their types, and summarises their packages. It runs the go command, and so it is for a driver that a user
// started on purpose; nothing else imports it.
//
// The go command reads modules that are nobody's friends. It is only asked which files packages have and what they import, which compiles and
// runs nothing. It is run without its configuration file, without network and toolchains, without cgo and version control, and without flags of
// the surroundings. Types are found out here, from the source of the packages that programs are made of; of dependencies that is what they declare,
// as far as anybody needs it, without the bodies of functions. So nothing depends on what somebody compiled before.
//
// What is read lies below the root, in the module cache, or in the go command's own tree; a module that takes its dependencies from
// elsewhere is not loaded. What does not load is said, and is left to those who read syntax. Whether something loads is a question of its size
// and not of the machine: the limits are bytes and depths.
package load

import (
	"context"
	"errors"
	"fmt"
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
	Most = 1 << 30 // bytes of source, for all modules of a repository; that takes about a minute of one processor

	maxFile = 16 << 20         // bytes of one file
	longest = 10 * time.Minute // that one load may take: the last resort, for what the other limits do not foresee
)

// Config says what to load, and how.
type Config struct {
	Root    string              // the folder that all paths are relative to
	Dir     string              // the module's or workspace's folder, slash-separated and relative to Root
	Modules []string            // folders of the modules in a workspace, relative to Dir; empty for a module by itself
	Tags    []string            // build tags
	Deep    bool                // bodies of dependencies too, but for those of the standard library
	Vendor  bool                // the module has a vendor folder
	Most    int64               // bytes of source that may be read
	Own     func(string) bool   // reports whether a file, relative to Root, is one that may be read
	Shared  *Shared             // what other calls found out of dependencies, and what this one does; nil to share nothing
	Holds   map[string][][2]int // by file, relative to Root: where tokens stand
}

// Modules are modules as they are built with one set of build tags.
type Modules struct {
	Closure *summary.Closure // of all packages that programs are made of
	Mains   []*summary.Package
	Broken  map[string]string // import paths of main packages that do not type-check, and why
	Read    int64             // bytes of source that were read
}

// ErrLoad is an error for modules that cannot be loaded at all. Its text says why, without words of the modules' own.
type ErrLoad struct {
	Says string
	Slow bool // they can be loaded by a machine that is faster, or has less to do
}

func (e *ErrLoad) Error() string { return e.Says }

// errLarge is for more source than may be read.
var errLarge = &ErrLoad{Says: "it is too large, with all that it imports, to be loaded with its types"}

// Load loads the modules.
func Load(ctx context.Context, c Config) (*Modules, error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	path, err := filepath.EvalSymlinks(c.Root)
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return nil, &ErrLoad{Says: "its folder cannot be opened"}
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, &ErrLoad{Says: "its folder cannot be opened"}
	}
	type result struct {
		modules *Modules
		err     error
	}
	done := make(chan result, 1)
	go func() { // which nobody waits for any longer than that: checking the types of one package cannot be stopped
		defer root.Close()
		l := &loader{Config: c, root: root, path: path, fset: token.NewFileSet()}
		modules, err := l.load(ctx)
		done <- result{modules, err}
	}()
	select {
	case r := <-done:
		if r.err == nil || ctx.Err() == nil {
			return r.modules, r.err
		}
	case <-ctx.Done():
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil, &ErrLoad{fmt.Sprintf("loading it takes longer than %s", longest), true}
	}
	return nil, ctx.Err()
}

type loader struct {
	Config
	root *os.Root
	path string // of the root
	fset *token.FileSet
}

func (l *loader) load(ctx context.Context) (*Modules, error) {
	roots, err := l.list(ctx)
	if err != nil {
		return nil, err
	}
	c := newChecker(ctx, l, roots)
	mains := slices.DeleteFunc(slices.Clone(roots), func(p *packages.Package) bool { return p.Name != "main" || len(p.GoFiles) == 0 })
	if err := c.check(slices.DeleteFunc(slices.Clone(mains), c.lacks)); err != nil {
		return nil, err
	}
	return l.modules(c, roots, mains)
}

// list asks the go command which packages there are, what files they have, and what they import.
func (l *loader) list(ctx context.Context) ([]*packages.Package, error) {
	roots, err := packages.Load(&packages.Config{
		Mode:    packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedDeps | packages.NeedModule,
		Context: ctx, Dir: filepath.Join(l.path, filepath.FromSlash(l.Dir)), Env: l.environment(), BuildFlags: l.flags(),
	}, l.patterns()...)
	if err != nil {
		return nil, &ErrLoad{Says: "the go command cannot load it"}
	}
	return roots, nil
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
		work = filepath.Join(l.path, filepath.FromSlash(l.Dir), "go.work")
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

// relative returns the path of a file relative to the root.
func (l *loader) relative(file string) (string, bool) {
	rel, err := filepath.Rel(l.path, file)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// own reports whether a package is of the modules themselves, or of one below the root that takes the place of another.
func (l *loader) own(p *packages.Package) bool {
	m := p.Module
	if m == nil || !m.Main && (m.Replace == nil || m.Replace.Version != "") || len(p.GoFiles) == 0 {
		return false
	}
	rel, below := l.relative(p.GoFiles[0])
	return below && !strings.Contains("/"+rel, "/vendor/")
}

// whole reports whether the bodies of a package's functions are loaded.
func (l *loader) whole(p *packages.Package) bool {
	return l.own(p) || l.Deep && p.Module != nil && !library.Standard(p.PkgPath)
}

// modules summarises what was loaded.
func (l *loader) modules(c *checker, roots, mains []*packages.Package) (*Modules, error) {
	out := &Modules{Closure: &summary.Closure{}, Broken: map[string]string{}, Read: c.spent.Load()}
	for _, p := range roots {
		if len(p.GoFiles) == 0 && len(p.Errors) > 0 {
			out.Broken[p.PkgPath] = "it cannot be loaded"
		}
	}
	all := map[string]*summary.Package{}
	packages.Visit(mains, nil, func(p *packages.Package) {
		if s := c.nodes[p].summary; s != nil && all[p.PkgPath] == nil {
			all[p.PkgPath] = s
		}
	})
	for _, p := range mains {
		lacks := c.lacks(p)
		s := all[p.PkgPath]
		if lacks {
			if s = c.outline(p); s != nil {
				all[p.PkgPath] = s
			}
		}
		if s == nil {
			out.Broken[p.PkgPath] = "it cannot be loaded"
			continue
		}
		if lacks || c.broken(p, map[*packages.Package]bool{}) {
			out.Broken[p.PkgPath] = "it, or what it imports, does not type-check or is not there"
		}
		out.Mains = append(out.Mains, s)
	}
	for _, s := range all {
		out.Closure.Packages = append(out.Closure.Packages, s)
	}
	if len(out.Closure.Packages) == 0 {
		return nil, &ErrLoad{Says: "the go command finds no programs in it, or cannot read its go.mod"}
	}
	slices.SortFunc(out.Closure.Packages, func(a, b *summary.Package) int { return strings.Compare(a.Path, b.Path) })
	slices.SortFunc(out.Mains, func(a, b *summary.Package) int { return strings.Compare(a.Path, b.Path) })
	return out, nil
}
