package workflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/rhysd/actionlint"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/detectors"
)

// maxCombinations is how many jobs a matrix can make (https://docs.github.com/en/actions/reference/limits).
const maxCombinations = 256

// combinations returns those of a matrix; none if it is computed.
//
//	https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations
func (r *reader) combinations(n *yamltree.Node) []matrix.Combination {
	if n != nil && n.Kind == yamltree.Scalar {
		var all []matrix.Combination
		for _, one := range r.decoded(n) {
			if one.IsMapping() {
				all = append(all, r.combinations(one)...)
			}
		}
		return all
	}
	combos := []matrix.Combination{{}}
	dimensions := map[string]bool{}
	for key, values := range n.Pairs() {
		name := lower(key)
		if name == "include" || name == "exclude" {
			continue
		}
		dimensions[name] = true
		combos, _ = matrix.Product(combos, r.dimension(name, values), maxCombinations)
	}
	combos = r.exclude(combos, n.Get("exclude"))
	return r.include(combos, dimensions, n.Get("include"))
}

// dimension returns the values of one dimension. Values that are mappings have names of their own: matrix.target.name.
func (r *reader) dimension(name string, n *yamltree.Node) []matrix.Combination {
	var all []matrix.Combination
	for _, item := range r.items(n) {
		all = append(all, r.flatten(name, item))
	}
	return all
}

// items returns the elements of a list, and of an expression those of all lists that it can be.
func (r *reader) items(n *yamltree.Node) []*yamltree.Node {
	items := n.Items()
	for _, list := range r.decoded(n) {
		items = append(items, list.Items()...)
	}
	return items
}

// decoded returns what a scalar can come to that is an expression and reads JSON.
func (r *reader) decoded(n *yamltree.Node) []*yamltree.Node {
	if n.Str() == "" {
		return nil
	}
	var all []*yamltree.Node
	source := n.Source()
	for _, p := range placeholders(source.String) {
		flat := *r.evaluator
		flat.flat = true
		x := expression{&flat, source.Slice(p.offset, p.offset+len(p.source)), r.at(n)}
		for _, text := range x.read(parse(p.source), false) {
			if documents, err := yamltree.ReadWithin(text); err == nil {
				all = append(all, documents...)
			}
		}
	}
	return all
}

// read returns the texts of JSON that an expression can read, or with isText can be.
func (x expression) read(n actionlint.ExprNode, isText bool) []interpolate.Text {
	var choice []alternative
	switch n := n.(type) {
	case *actionlint.LogicalOpNode:
		choice = alternatives(n)
	case *actionlint.FuncCallNode:
		switch strings.ToLower(n.Callee) {
		case "fromjson":
			if !isText && len(n.Args) == 1 {
				return x.read(n.Args[0], true)
			}
			return nil
		case "case":
			choice = cases(n.Args)
		}
	}
	var all []interpolate.Text
	for _, a := range choice[:min(len(choice), maxValues)] {
		all = append(all, x.read(a.value, isText)...)
	}
	if len(choice) > 0 || !isText || n == nil {
		return all
	}
	v := x.value(n)
	found, _ := texts(v)
	for _, text := range found {
		if text == "" {
			continue
		}
		at := v.At.Span
		if len(v.Parts) == 1 && !v.Parts[0].Span.Empty() {
			at = v.Parts[0].Span
		}
		var t interpolate.Text
		t.Append(text, at.Start, at.End)
		all = append(all, t)
	}
	return all
}

func (r *reader) flatten(name string, n *yamltree.Node) matrix.Combination {
	c := matrix.Combination{}
	if n.Kind == yamltree.Scalar {
		c[name] = r.flatly(n)
	}
	for key, v := range n.Pairs() {
		child := lower(key)
		if name != "" {
			child = name + "." + child
		}
		maps.Copy(c, r.flatten(child, v))
	}
	return c
}

// exclude drops the combinations that agree with one of the list's in all of its names.
func (r *reader) exclude(combos []matrix.Combination, n *yamltree.Node) []matrix.Combination {
	for _, item := range r.items(n) {
		excluded := r.flatten("", item)
		combos = slices.DeleteFunc(combos, func(c matrix.Combination) bool {
			return len(excluded) > 0 && agrees(c, excluded, func(string) bool { return true })
		})
	}
	return combos
}

// agrees reports whether a combination has the other's values, as far as the names matter.
func agrees(c, other matrix.Combination, matters func(name string) bool) bool {
	for name, v := range other {
		if !matters(name) {
			continue
		}
		mine, ok := c[name]
		a, known := mine.Text()
		b, alsoKnown := v.Text()
		if !ok || !known || !alsoKnown || a != b {
			return false
		}
	}
	return true
}

// include adds the list's names to the combinations in whose dimensions they agree, or makes combinations of their own.
func (r *reader) include(combos []matrix.Combination, dimensions map[string]bool, n *yamltree.Node) []matrix.Combination {
	var own []matrix.Combination
	dimension := func(name string) bool {
		head, _, _ := strings.Cut(name, ".")
		return dimensions[name] || dimensions[head]
	}
	for _, item := range r.items(n) {
		included := r.flatten("", item)
		added := false
		for _, c := range combos {
			if len(c) > 0 && agrees(c, included, dimension) {
				added = true
				maps.Copy(c, included)
			}
		}
		if !added && len(own) < maxCombinations {
			own = append(own, included)
		}
	}
	if len(combos) == 1 && len(combos[0]) == 0 {
		combos = nil
	}
	return append(combos, own...)
}

// possibleValues returns the values of a name that the job's condition leaves, if all of them are texts.
func (r *reader) possibleValues(name string) []analyzers.Value {
	values := r.left(name)
	for _, v := range values {
		if _, known := v.Text(); !known {
			return nil
		}
	}
	return values
}

// choose makes a run for an environment have the values of the combinations in which the environment occurs. known is what the
// names begin with in expressions.
func (r *reader) choose(space, known string, combos []matrix.Combination) {
	names := matrix.Names(combos)
	for _, name := range names {
		if r.values[known+name] == nil {
			r.values[known+name] = matrix.Distinct(combos, name)
		}
	}
	selector := matrix.Selector(combos)
	if selector == "" {
		return
	}
	values := matrix.Distinct(combos, selector)
	r.choosers = append(r.choosers, chooser{known + selector, values})
	r.emit(matrix.ByEnvironment(combos, selector, func(name string, v analyzers.Value) analyzers.Step { return set(space, name, v) })...)
	r.emit(unsettled(space, names, values[0].At)...)
}

// unsettled returns steps that take the names' values away in a run for no environment in particular, which has them all: only there
// both of two opposite guards hold.
func unsettled(space string, names []string, at detectors.Place) []analyzers.Step {
	var unsets []analyzers.Step
	for _, name := range names {
		unsets = append(unsets, analyzers.Step{Op: analyzers.OpUnset, At: at, Space: space, Name: name})
	}
	one := detectors.Production.Names()
	return block([]analyzers.Guard{{Value: matrix.Run(at), Patterns: one}, {Value: matrix.Run(at), Patterns: one, Not: true}}, unsets)
}

// dispatched is the space of what is chosen for inputs when somebody starts the workflow.
const dispatched = "dispatched"

// dispatch makes an input have what is chosen for it, unless a caller starts the workflow.
func (r *reader) dispatch(input string) {
	values := r.possibleValues("inputs." + input)
	if len(values) == 0 {
		return
	}
	outer := r.done
	r.done = nil
	r.choose(dispatched, "inputs.", matrix.Single(input, values))
	at := values[0].At
	step := set(r.inputs, input, hole(at, analyzers.Hole{
		Space: dispatched, Name: input, Values: append(slices.Clone(values), analyzers.Value{At: at}), // or nothing, if an event starts it
	}))
	step.IfUnset = true
	r.emit(step)
	r.bound[input] = true
	r.done = append(outer, block([]analyzers.Guard{r.notCalled(at)}, r.done)...)
}

// yes is the text of a name that only says that something is so.
const yes = "yes"

// eventOf is the space of what started a workflow.
func eventOf(path string) string { return "event of " + path }

// notCalled returns the guard that no other workflow calls this one.
func (f *file) notCalled(at detectors.Place) analyzers.Guard {
	return analyzers.Guard{Value: hole(at, analyzers.Hole{Space: eventOf(f.pass.Path), Name: "called"}), Patterns: []string{yes}, Not: true}
}

// chooser is a name by whose values a run's environment is known.
type chooser struct {
	name   string
	values []analyzers.Value
}

// chosen adds the signs that choosers are: the matrix makes the job's runs, an input must be used.
func (r *reader) chosen() {
	for _, c := range r.choosers {
		isMatrix := strings.HasPrefix(c.name, "matrix.")
		if isMatrix || r.used[c.name] {
			v := matrix.OneOf(c.values[0].At, c.values)
			r.sign(analyzers.Selector, c.name+" "+described(v, ""), v)
		}
		if !isMatrix && r.used[c.name] {
			r.conditional = append(r.conditional, r.signs[len(r.signs)-1])
		}
	}
}
