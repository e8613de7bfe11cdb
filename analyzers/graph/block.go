package graph

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// block does the steps of a block if its condition can hold. If it can also not hold, what a name had before is what it may still have.
func (p *process) block(s *analyzers.Step, at detectors.Place) {
	possible, certain := p.allows(s.Guard, at)
	if !possible {
		return
	}
	if len(s.Own) > 0 {
		defer p.own(s.Own)()
	}
	if certain || !p.alters(s.Steps) {
		p.run(s.Steps, at.Path)
		return
	}
	start := len(p.changes)
	p.blocks++
	p.run(s.Steps, at.Path)
	p.blocks--
	firsts := p.firsts(p.changes[start:])
	for _, c := range firsts {
		now, bound := p.space(c.space)[c.name]
		switch {
		case c.bound && !bound:
			p.change(c.space, c.name)
			p.put(c.space, c.name, c.old.perhaps())
		case c.bound && now.differs(c.old):
			p.change(c.space, c.name)
			p.put(c.space, c.name, p.either(c.name, c.old, now))
		case bound && now.filled && !(c.bound && c.old.filled):
			p.change(c.space, c.name)
			p.put(c.space, c.name, now.perhaps())
		}
	}
	p.changes = p.changes[:start]
	if p.blocks > 0 { // of the block around this one, too, they are the first since
		p.changes = append(p.changes, firsts...)
	}
}

// perhaps returns the binding as one of a name that may also be unset.
func (b binding) perhaps() binding {
	if b.filled {
		c := *b.content
		c.filled = false
		b.content = &c
	}
	return b
}

// firsts returns the first change of each name of each space, which says what was before, by name. It is good until the next call.
func (l *linker) firsts(changes []change) []change {
	l.first = append(l.first[:0], changes...) // a copy, since more is noted behind them
	changes = l.first
	if len(changes) < 2 {
		return changes
	}
	slices.SortStableFunc(changes, func(a, b change) int {
		return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.space, b.space))
	})
	return slices.CompactFunc(changes, func(a, b change) bool { return a.name == b.name && a.space == b.space })
}

// change is what a name of a space was bound to before something changed it.
type change struct {
	space, name string
	old         binding
	bound       bool
}

// change notes, within a block, what a name is bound to before that changes. Environments are large and blocks many, and most change a
// name or two: noting these costs less than keeping a copy of all. Of a block that is over the first change of each name stays.
func (p *process) change(space, name string) {
	if p.blocks > 0 {
		old, bound := p.space(space)[name]
		p.changes = append(p.changes, change{space, name, old, bound})
	}
}

// either returns a binding that may be one or the other.
func (p *process) either(name string, a, b binding) binding {
	a, b = p.current(name, a), p.current(name, b)
	v := union(value{texts: a.texts, known: a.known, filled: a.filled}, value{texts: b.texts, known: b.known, filled: b.filled})
	for _, one := range []binding{a, b} {
		if one.node != (analyzers.Node{}) {
			v.sources = append(v.sources, source{one.node, one.via})
		}
	}
	both := *b.content
	both.texts, both.known, both.filled, both.mixed = v.texts, v.known, v.filled, max(a.mixed, b.mixed)+1
	switch len(v.sources) {
	case 0:
	case 1:
		both.node = v.sources[0].node
	default:
		if a.mixed >= maxAlternatives { // from then on what it may be is not told by when it came to be so
			both.node, both.via, both.says = a.node, a.via, a.says
			p.edge(a.node, b.node, analyzers.Binds, b.via, "")
			break
		}
		via := p.via
		p.via = nil // the names before say how they came
		both.node = p.bind(name, v, b.via, b.says).node
		p.via = via
	}
	return binding{&both, a.exported || b.exported}
}

// fitting returns those of several texts that can be in the process' environment: a matrix over staging and production is, in staging's
// execution, staging.
func (p *process) fitting(texts []string) []string {
	if len(texts) < 2 || p.environment == 0 {
		return texts
	}
	var fit []string
	for _, text := range texts {
		if env := p.valued(text); env == 0 || env.Touches(p.environment) {
			fit = append(fit, text)
		}
	}
	if fit == nil {
		return texts
	}
	return fit
}

// allows reports whether a condition can hold, and whether it surely does.
func (p *process) allows(g *analyzers.Guard, at detectors.Place) (possible, certain bool) {
	switch {
	case g == nil:
		return true, true
	case len(g.Patterns) == 0:
		return true, false
	}
	v := p.evaluate(g.Value, at)
	if v.filled && slices.Equal(g.Patterns, []string{""}) {
		return g.Not, true
	}
	if v.known && len(v.texts) > 0 {
		certain = true
		for _, text := range p.fitting(v.texts) {
			matched := slices.ContainsFunc(g.Patterns, func(pattern string) bool { return matches(pattern, text) })
			possible = possible || matched != g.Not
			certain = certain && matched != g.Not
		}
		return possible, certain
	}
	if isBuildMode(g.Value) {
		return true, false
	}
	var named detectors.Environment
	for _, pattern := range g.Patterns {
		named |= p.valued(pattern)
	}
	if p.environment == 0 || named == 0 {
		return true, false
	}
	holds := named.Touches(p.environment) != g.Not
	if !holds && !g.Not && p.environment != detectors.Production && named.Touches(detectors.Development) && isBranch(g.Value) {
		return true, false // the branch that development is merged to is, as often as not, what staging is deployed from
	}
	byDefault := slices.ContainsFunc(v.texts, func(text string) bool { // what is taken where nobody gives another
		if env := p.valued(text); p.environment == detectors.Production && env != 0 && !env.Touches(p.environment) {
			return false // who runs it for production gives another
		}
		return slices.ContainsFunc(g.Patterns, func(pattern string) bool { return matches(pattern, text) }) != g.Not
	})
	return holds || byDefault, holds
}

// isBuildMode reports whether a value is of a name that nobody sets here and that says how code was built, or how it is run, whatever environment it is for.
func isBuildMode(v analyzers.Value) bool {
	return slices.ContainsFunc(v.Parts, func(part analyzers.Part) bool { return part.Hole != nil && environ.BuildMode(part.Hole.Name) })
}

// isBranch reports whether a value is the name of a git branch that nobody tells.
func isBranch(v analyzers.Value) bool {
	return slices.ContainsFunc(v.Parts, func(part analyzers.Part) bool { return part.Hole != nil && environ.HoldsBranch(part.Hole.Name) })
}
