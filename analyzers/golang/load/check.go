package load

import (
	"context"
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/packages"

	"github.com/stagewall/stagewall/analyzers/golang/summary"
)

// checker finds out the types of packages, each once and only if a program needs it.
type checker struct {
	l       *loader
	ctx     context.Context
	nodes   map[*packages.Package]*node
	whole   map[string]bool            // import paths of the packages that are loaded whole
	lacking map[*packages.Package]bool // see lacks
	spent   atomic.Int64               // bytes of source, and of what they declare when it is written out
	sizes   types.Sizes
}

// node is a package, and what is found out of it.
type node struct {
	*packages.Package
	cyclic  bool // it imports itself, by whatever way: the last import of the circle is left out
	missing bool // it is not there, or may not be read

	asked  asked
	texts  [][]byte // of the files of a package that is loaded whole; nil for one that cannot be read
	stock  *stock   // of another one of which something is needed
	taken  []bool   // its pieces that were parsed
	parsed []parsed // by file
	fset   *token.FileSet

	ordered bool
	needs   []*packages.Package // those that are checked before
	waiting int                 // how many of these are not checked yet
	users   []*node             // those that wait for it
	source  *source

	types   *types.Package
	summary *summary.Package // of a package that is loaded whole
	correct bool
	sizes   sizes
}

func newChecker(ctx context.Context, l *loader, roots []*packages.Package) *checker {
	c := &checker{
		l: l, ctx: ctx, nodes: map[*packages.Package]*node{}, whole: map[string]bool{}, lacking: map[*packages.Package]bool{},
		sizes: types.SizesFor("gc", runtime.GOARCH),
	}
	const entered, left = 1, 2
	state := map[*packages.Package]int{}
	var enter func(p *packages.Package)
	enter = func(p *packages.Package) {
		n := &node{Package: p}
		c.nodes[p] = n
		if l.whole(p) {
			c.whole[p.PkgPath] = true
		}
		state[p] = entered
		for _, path := range slices.Sorted(maps.Keys(p.Imports)) {
			switch i := p.Imports[path]; state[i] {
			case entered:
				n.cyclic = true
				delete(p.Imports, path)
			case left:
			default:
				enter(i)
			}
		}
		state[p] = left
	}
	for _, p := range roots {
		if state[p] == 0 {
			enter(p)
		}
	}
	return c
}

// check checks packages and all that they need, on all processors: each when all that it needs is checked, so that no more syntax than necessary
// is held.
func (c *checker) check(list []*packages.Package) error {
	if err := c.demand(list); err != nil {
		return err
	}
	w := &work{}
	for _, p := range list {
		c.order(w, c.nodes[p])
	}
	return w.all(c.ctx, func(n *node) error {
		if err := c.one(n); err != nil {
			return err
		}
		w.Lock()
		defer w.Unlock()
		for _, u := range n.users {
			if u.waiting--; u.waiting == 0 {
				w.add(u)
			}
		}
		return nil
	})
}

// order finds what a package needs before it is checked, and adds those that need nothing.
func (c *checker) order(w *work, n *node) {
	if n.ordered {
		return
	}
	n.ordered = true
	c.settle(n)
	for _, p := range n.needs {
		i := c.nodes[p]
		c.order(w, i)
		i.users = append(i.users, n)
		n.waiting++
	}
	if n.waiting == 0 {
		w.add(n)
	}
}

// work is what is to be done, on all processors.
type work struct {
	sync.Mutex
	changed *sync.Cond
	list    []*node
	busy    int
	err     error // ends it
}

// add adds a package. Whoever does it while others work holds the lock.
func (w *work) add(n *node) { w.list = append(w.list, n) }

// all does something with each package that is there, and with those that are added by that.
func (w *work) all(ctx context.Context, do func(*node) error) error {
	w.changed = sync.NewCond(w)
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for n := w.next(); n != nil; n = w.next() {
				err := ctx.Err()
				if err == nil {
					err = do(n)
				}
				w.done(err)
			}
		})
	}
	wait.Wait()
	return w.err
}

// next returns the package that was added last, nil when all is done.
func (w *work) next() *node {
	w.Lock()
	defer w.Unlock()
	for {
		switch last := len(w.list) - 1; {
		case w.err != nil || last < 0 && w.busy == 0:
			return nil
		case last >= 0:
			n := w.list[last]
			w.list = w.list[:last]
			w.busy++
			return n
		}
		w.changed.Wait()
	}
}

func (w *work) done(err error) {
	w.Lock()
	defer w.Unlock()
	w.busy--
	if err != nil {
		w.err = err
	}
	w.changed.Broadcast()
}

// errMissing is for a package that is not there, or may not be read.
var errMissing = errors.New("not there")

// spend counts bytes, which are an error if they are too many.
func (c *checker) spend(bytes int64) error {
	if c.spent.Add(bytes) > c.l.Most {
		return errLarge
	}
	return nil
}

// one checks one package, after those that it needs.
func (c *checker) one(n *node) error {
	s := n.source
	switch {
	case n.PkgPath == "unsafe":
		n.types, n.correct = types.Unsafe, true
		return nil
	case n.missing:
		return nil
	case c.whole[n.PkgPath]:
		if s = c.parse(n); len(s.files) == 0 {
			return nil
		}
	case s == nil || len(s.files) == 0: // nobody needs anything of it
		n.types = types.NewPackage(n.PkgPath, n.Name)
		n.types.MarkComplete()
		return nil
	}
	n.source, n.texts = nil, nil // whatever holds syntax is let go
	declared, total, small := c.measure(s, n.needs)
	if !small {
		return nil
	}
	if err := c.spend(total); err != nil {
		return err
	}
	n.sizes, n.correct = declared, s.complete && !n.cyclic
	config := &types.Config{
		IgnoreFuncBodies: true, FakeImportC: true, Sizes: c.sizes, Error: func(error) { n.correct = false },
		Importer: importer(func(path string) (*types.Package, error) {
			if path == "unsafe" {
				return types.Unsafe, nil
			}
			if i := n.Imports[path]; i != nil && c.nodes[i].types != nil {
				return c.nodes[i].types, nil
			}
			return nil, errMissing
		}),
	}
	if n.Module != nil && n.Module.GoVersion != "" {
		config.GoVersion = "go" + n.Module.GoVersion
	}
	var info *types.Info
	if c.whole[n.PkgPath] {
		config.IgnoreFuncBodies = false
		info = &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
			Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		}
	}
	defer func() {
		if recover() != nil { // a bug of package types is no reason to see nothing else
			n.types, n.correct = nil, false
		}
	}()
	n.types, _ = config.Check(n.PkgPath, s.fset, s.files, info)
	if info != nil && n.types != nil {
		n.summary = c.summarise(n, s.files, info)
	}
	return nil
}

type importer func(path string) (*types.Package, error)

// summarise summarises a package that is loaded whole.
func (c *checker) summarise(n *node, files []*ast.File, info *types.Info) *summary.Package {
	src := summary.Source{
		Fset: c.l.fset, Files: files, Pkg: n.types, Info: info, Withheld: map[string][]summary.Extent{},
		Name: func(file string) string {
			if rel, ok := c.l.relative(file); ok {
				return rel
			}
			return n.PkgPath + "/" + filepath.Base(file)
		},
		Own: func(importPath string) bool { return c.whole[importPath] },
	}
	for _, f := range files {
		name := c.l.fset.File(f.FileStart).Name()
		rel, ok := c.l.relative(name)
		if !ok {
			continue
		}
		for _, span := range c.l.Holds[rel] {
			src.Withheld[name] = append(src.Withheld[name], summary.Extent{Start: span[0], End: span[1]})
		}
	}
	return summary.Of(src)
}

// Import implements [types.Importer].
func (i importer) Import(path string) (*types.Package, error) { return i(path) }

// outside reports whether a package lies in a folder that the module names, and that is not below the root.
func (c *checker) outside(p *packages.Package) bool {
	m := p.Module
	if m == nil || !m.Main && (m.Replace == nil || m.Replace.Version != "") {
		return false
	}
	_, below := c.l.relative(p.GoFiles[0])
	return !below
}

// broken reports whether a package, or one of those that are loaded whole and that it imports, is not as its author wrote it: a file cannot be
// read, or does not type-check.
func (c *checker) broken(p *packages.Package, seen map[*packages.Package]bool) bool {
	if seen[p] {
		return false
	}
	seen[p] = true
	if !c.nodes[p].correct {
		return true
	}
	for _, i := range p.Imports {
		if c.whole[i.PkgPath] && c.broken(i, seen) {
			return true
		}
	}
	return false
}
