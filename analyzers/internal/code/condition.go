package code

import (
	"slices"

	"github.com/stagewall/stagewall/analyzers"
)

// Condition is what holds where a condition of the code does: all of the guards. Without any nothing is known.
type Condition struct {
	All     []analyzers.Guard
	Partial bool // more must hold than the guards say: where the condition fails, nothing is known
}

// Comparison is the condition that a value is one of several words, or with not none of them.
func Comparison(v analyzers.Value, not bool, words ...string) Condition {
	return Condition{All: []analyzers.Guard{{Value: v, Patterns: words, Not: not}}}
}

// Not is what holds where the condition fails.
func (c Condition) Not() Condition {
	if c.Partial || len(c.All) == 0 {
		return Condition{}
	}
	g := c.All[0]
	for _, h := range c.All[1:] { // x != a && x != b fails if x is one of a, b
		if !g.Not || !h.Not || !same(g.Value.Parts, h.Value.Parts) {
			return Condition{}
		}
		g.Patterns = slices.Concat(g.Patterns, h.Patterns)
	}
	g.Not = !g.Not
	return Condition{All: []analyzers.Guard{g}}
}

// And is what holds where both do.
func (c Condition) And(d Condition) Condition {
	return Condition{
		All:     slices.Concat(c.All, d.All),
		Partial: c.Partial || d.Partial || len(c.All) == 0 || len(d.All) == 0,
	}
}

// Or is what holds where one of the two does: something is known only if both ask about the same value.
func (c Condition) Or(d Condition) Condition {
	if len(c.All) != 1 || len(d.All) != 1 {
		return Condition{}
	}
	g, h := c.All[0], d.All[0]
	if g.Not || h.Not || !same(g.Value.Parts, h.Value.Parts) {
		return Condition{}
	}
	g.Patterns = slices.Concat(g.Patterns, h.Patterns)
	return Condition{All: []analyzers.Guard{g}, Partial: c.Partial || d.Partial}
}

// same reports whether two values come from the same names and texts.
func same(a, b []analyzers.Part) bool {
	return slices.EqualFunc(a, b, func(p, q analyzers.Part) bool {
		if p.Hole == nil || q.Hole == nil {
			return p.Hole == nil && q.Hole == nil && p.Text == q.Text
		}
		return p.Hole.Space == q.Hole.Space && p.Hole.Name == q.Hole.Name &&
			slices.EqualFunc(p.Hole.Values, q.Hole.Values, func(v, w analyzers.Value) bool { return same(v.Parts, w.Parts) })
	})
}
