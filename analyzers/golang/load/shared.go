package load

import (
	"crypto/sha256"
	"go/types"
	"maps"
	"slices"
	"sync"

	"golang.org/x/tools/go/packages"
)

// A repository has modules by the dozen, which need the same packages of the standard library and of the module cache.
//
// Idea: what is found out of a package that lies outside the root is kept for the next module that has the same: the same files, and imports of
// which that holds too. So an identity of a package is a digest of its path, its files and the identities of its imports.
//
// Why it is valid: nobody changes such files while a repository is read. Two packages that mean one type have one, since a package is kept only
// if all that it needs is kept as well, and what is kept stays. The limit of what is read counts what is shared, so it does not depend on it.
//
// Gain: a scan of dokku, which has 41 modules, takes four fifths of the processor time, and one of paas-cf, with 9, three fifths.

// Shared is what was found out of dependencies, for several calls of [Load].
type Shared struct {
	mu    sync.Mutex
	known map[identity]*dependency
	spent int64
}

// mostShared bounds the bytes of source of which types are kept.
const mostShared = 128 << 20

// identity is the digest of all that decides what a package declares; the zero value means a package that is not shared.
type identity [sha256.Size]byte

// dependency is what is known of a package.
type dependency struct {
	types   *types.Package
	correct bool
	sizes   sizes
	needs   []string // import paths
	spent   int64    // bytes, as the checker counts them
}

// identify returns the identity of a package whose imports have theirs.
func (c *checker) identify(p *packages.Package) (id identity) {
	if c.l.Shared == nil || c.nodes[p].cyclic || p.PkgPath == "unsafe" || len(p.GoFiles) == 0 || c.l.whole(p) {
		return id
	}
	h := sha256.New()
	write := func(text string) { h.Write(append([]byte(text), 0)) }
	write(p.PkgPath)
	if p.Module != nil {
		write(p.Module.GoVersion)
	}
	for _, file := range p.GoFiles {
		if _, below := c.l.relative(file); below {
			return id
		}
		write(file)
	}
	for _, path := range slices.Sorted(maps.Keys(p.Imports)) {
		write(path)
		i := c.nodes[p.Imports[path]]
		if i.id == (identity{}) && i.PkgPath != "unsafe" {
			return id
		}
		h.Write(i.id[:])
	}
	h.Sum(id[:0])
	return id
}

// recall returns what is known of a package, nil if nothing is.
func (s *Shared) recall(n *node) *dependency {
	if s == nil || n.id == (identity{}) {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known[n.id]
}

// keep keeps what was found out of a package by reading so many bytes, if what it needs was kept.
func (s *Shared) keep(c *checker, n *node, needs []*packages.Package, spent int64) {
	if s == nil || n.id == (identity{}) || n.types == nil {
		return
	}
	d := &dependency{types: n.types, correct: n.correct, sizes: n.sizes, spent: spent}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range needs {
		if p.PkgPath != "unsafe" && s.known[c.nodes[p].id] == nil {
			return
		}
		d.needs = append(d.needs, p.PkgPath)
	}
	if s.spent+spent > mostShared {
		return
	}
	if s.known == nil {
		s.known = map[identity]*dependency{}
	}
	s.spent += spent
	s.known[n.id] = d
}

// recall takes over what is known of a package from a load before, and reports whether anything is. What it needs is counted as if it were read.
func (c *checker) recall(n *node) bool {
	d := c.l.Shared.recall(n)
	if d == nil {
		return false
	}
	n.source = &source{spent: d.spent}
	n.types, n.correct, n.sizes = d.types, d.correct, d.sizes
	for _, p := range n.Imports {
		if slices.Contains(d.needs, p.PkgPath) {
			n.source.imports = append(n.source.imports, p)
		}
	}
	return true
}
