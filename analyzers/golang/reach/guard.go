package reach

import (
	"reflect"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/summary"
)

// guards returns the conditions that hold where a guard of a function does, outermost last.
func (p *Program) guards(in *function, guard int, f *frame, depth int) []analyzers.Guard {
	var all []analyzers.Guard
	for guard >= 0 && guard < len(in.Guards) && len(all) < maxConditions {
		g := &in.Guards[guard]
		all = append(all, p.condition(&g.Cond, in, f, g.Not, depth+1)...)
		guard = g.Parent
	}
	return all
}

// condition reads a condition: all of the guards hold where it does. What it cannot read is left out.
func (p *Program) condition(e *summary.Expr, in *function, f *frame, not bool, depth int) []analyzers.Guard {
	if depth > maxNesting || p.exhausted() {
		return nil
	}
	switch e.Op {
	case summary.Not:
		return p.condition(&e.Args[0], in, f, !not, depth+1)
	case summary.And, summary.Or:
		return p.combined(e, in, f, not, depth)
	case summary.Equal:
		return p.comparison(e, in, f, not, depth)
	case summary.Name: // isProduction := env == "production"
		if one := p.only(e.Text); one != nil {
			return p.condition(&one.From, one.in, nil, not, depth+1)
		}
		return p.isSet(e.Text, not, depth)
	case summary.Member:
		if one := p.only(e.Text); one != nil {
			return p.condition(&one.From, one.in, nil, not, depth+1)
		}
	case summary.Result:
		return p.predicate(e, f, not, depth)
	}
	return nil
}

// only returns the assignment to a variable that has just one.
func (p *Program) only(id string) *assign {
	var one *assign
	for _, a := range p.assigns[id] {
		if a.in == nil || !a.in.reached {
			continue
		}
		if one != nil {
			return nil
		}
		one = a
	}
	return one
}

// combined reads a conjunction, or the opposite of a disjunction: both sides hold. Of any other combination only alternatives for one value
// can be told.
func (p *Program) combined(e *summary.Expr, in *function, f *frame, not bool, depth int) []analyzers.Guard {
	var sides [][]analyzers.Guard
	for i := range e.Args {
		sides = append(sides, p.condition(&e.Args[i], in, f, not, depth+1))
	}
	if (e.Op == summary.And) != not {
		return slices.Concat(sides...)
	}
	return oneOf(sides)
}

func (p *Program) comparison(e *summary.Expr, in *function, f *frame, not bool, depth int) []analyzers.Guard {
	left, right := p.value(&e.Args[0], in, f, depth+1), p.value(&e.Args[1], in, f, depth+1)
	if right.compared() && !left.compared() {
		left, right = right, left
	}
	words, known := right.texts()
	if !known || !left.compared() || slices.Contains(words, "") {
		return nil
	}
	v := p.template(left)
	v.At = p.place(in.pkg, e.At)
	return []analyzers.Guard{{Value: v, Patterns: words, Not: not}}
}

// predicate reads a call whose result is a condition: that of the function, or of one that compares texts.
func (p *Program) predicate(e *summary.Expr, f *frame, not bool, depth int) []analyzers.Guard {
	c := p.called(e)
	if c == nil {
		return nil
	}
	if len(c.targets) == 0 {
		return p.comparing(c, f, not, depth)
	}
	if len(c.targets) != 1 || len(c.targets[0].Returns) == 0 {
		return nil
	}
	target := c.targets[0]
	key := busy{"predicate", target.ID, nil}
	if p.busy[key] {
		return nil
	}
	p.busy[key] = true
	defer delete(p.busy, key)
	inner := p.frameOf(c, target, f)
	if r := &target.Returns[0]; len(target.Returns) == 1 && e.N < len(r.Results) && r.Guard < 0 {
		return p.condition(&r.Results[e.N], target.function, inner, not, depth+1)
	}
	var ways [][]analyzers.Guard
	for i := range target.Returns {
		r := &target.Returns[i]
		if e.N >= len(r.Results) || r.Results[e.N].Op != summary.Truth {
			return nil
		}
		if isTrue(&r.Results[e.N]) != not {
			ways = append(ways, p.guards(target.function, r.Guard, inner, depth))
		}
	}
	return oneOf(ways)
}

// isSet reads a flag that is given constants, true only under conditions: one of these held where it is set. Where it is not set nothing is told,
// since these are not all that was asked.
func (p *Program) isSet(id string, not bool, depth int) []analyzers.Guard {
	var ways [][]analyzers.Guard
	for _, a := range p.assigns[id] {
		switch {
		case a.in == nil || !a.in.reached || a.From.Op != summary.Truth:
			return nil
		case isTrue(&a.From):
			ways = append(ways, p.guards(a.in, a.Guard, nil, depth))
		}
	}
	if not {
		return nil
	}
	return oneOf(ways)
}

func isTrue(e *summary.Expr) bool { return e.Text == "true" }

// oneOf are the guards of which all hold whichever of several ways was taken: those of the only one, or that a value is one of some words.
func oneOf(ways [][]analyzers.Guard) []analyzers.Guard {
	if len(ways) == 1 {
		return ways[0]
	}
	var out analyzers.Guard
	for i, way := range ways {
		if len(way) != 1 || way[0].Not || len(way[0].Patterns) == 0 || i > 0 && !reflect.DeepEqual(way[0].Value.Parts, out.Value.Parts) {
			return nil
		}
		if i == 0 {
			out = way[0]
			out.Patterns = slices.Clone(out.Patterns)
			continue
		}
		out.Patterns = append(out.Patterns, way[0].Patterns...)
	}
	if len(ways) == 0 {
		return nil
	}
	return []analyzers.Guard{out}
}

// comparing reads a call of a function of the standard library that compares.
func (p *Program) comparing(c *call, f *frame, not bool, depth int) []analyzers.Guard {
	if len(c.Args) != 2 {
		return nil
	}
	subject, words := 0, 1
	before, after := "", ""
	switch c.Callee {
	case "strings.EqualFold":
	case "strings.HasPrefix":
		after = "*"
	case "strings.HasSuffix":
		before = "*"
	case "strings.Contains":
		before, after = "*", "*"
	case "slices.Contains":
		subject, words = 1, 0
	default:
		return nil
	}
	left, right := p.value(&c.Args[subject], c.in, f, depth+1), p.value(&c.Args[words], c.in, f, depth+1)
	if c.Callee == "slices.Contains" {
		right = nil
		lists, _ := p.objectsIn(&c.Args[words], c.in, f, depth+1)
		for _, o := range lists {
			for i := range o.Args {
				right = union(right, p.value(&o.Args[i], o.in, o.frame, depth+1))
			}
		}
	}
	texts, known := right.texts()
	if !known || !left.compared() {
		return nil
	}
	for i := range texts {
		texts[i] = before + texts[i] + after
	}
	v := p.template(left)
	v.At = p.place(c.in.pkg, c.At)
	return []analyzers.Guard{{Value: v, Patterns: texts, Not: not}}
}
