package workflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/rhysd/actionlint"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// combination is one run of a job: the values of names that belong together.
type combination map[string]analyzers.Value

// maxCombinations is how many jobs a matrix can make (https://docs.github.com/en/actions/reference/limits).
const maxCombinations = 256

// matrix returns the combinations of a matrix; none if it is computed.
//
//	https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations
func (r *reader) matrix(n *yamltree.Node) []combination {
	combos := []combination{{}}
	dimensions := map[string]bool{}
	for key, values := range n.Pairs() {
		name := lower(key)
		if name == "include" || name == "exclude" {
			continue
		}
		dimensions[name] = true
		var next []combination
		for _, c := range combos {
			for _, v := range r.dimension(name, values) {
				joined := maps.Clone(c)
				maps.Copy(joined, v)
				next = append(next, joined)
			}
		}
		if len(next) > maxCombinations {
			next = next[:maxCombinations]
		}
		if len(next) > 0 {
			combos = next
		}
	}
	combos = r.exclude(combos, n.Get("exclude"))
	return r.include(combos, dimensions, n.Get("include"))
}

// dimension returns the values of one dimension. Values that are mappings have names of their own: matrix.target.name.
func (r *reader) dimension(name string, n *yamltree.Node) []combination {
	var all []combination
	for _, item := range n.Items() {
		all = append(all, r.flatten(name, item))
	}
	if n.Str() != "" {
		source := n.Source()
		for _, p := range placeholders(source.String) {
			for _, text := range lists(parse(p.source)) {
				all = append(all, combination{name: analyzers.Value{At: r.at(n), Parts: []analyzers.Part{{Text: text, Span: n.Span}}}})
			}
		}
	}
	return all
}

// lists returns the texts of all lists that an expression can be.
func lists(n actionlint.ExprNode) []string {
	switch n := n.(type) {
	case *actionlint.LogicalOpNode:
		return append(lists(n.Left), lists(n.Right)...)
	case *actionlint.FuncCallNode:
		texts, _ := constants(n)
		return texts
	}
	return nil
}

func (r *reader) flatten(name string, n *yamltree.Node) combination {
	c := combination{}
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
func (r *reader) exclude(combos []combination, n *yamltree.Node) []combination {
	for _, item := range n.Items() {
		excluded := r.flatten("", item)
		combos = slices.DeleteFunc(combos, func(c combination) bool {
			return len(excluded) > 0 && c.agrees(excluded, func(string) bool { return true })
		})
	}
	return combos
}

// agrees reports whether the combination has the other's values, as far as the names matter.
func (c combination) agrees(other combination, matters func(name string) bool) bool {
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
func (r *reader) include(combos []combination, dimensions map[string]bool, n *yamltree.Node) []combination {
	var own []combination
	dimension := func(name string) bool {
		head, _, _ := strings.Cut(name, ".")
		return dimensions[name] || dimensions[head]
	}
	for _, item := range n.Items() {
		included := r.flatten("", item)
		added := false
		for _, c := range combos {
			if len(c) > 0 && c.agrees(included, dimension) {
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

// combinations returns one for each value of a single name.
func combinations(name string, values []analyzers.Value) []combination {
	var all []combination
	for _, v := range values {
		all = append(all, combination{name: v})
	}
	return all
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
func (r *reader) choose(space, known string, combos []combination) {
	names := map[string]bool{}
	for _, c := range combos {
		for name := range c {
			names[name] = true
		}
	}
	sorted := slices.Sorted(maps.Keys(names))
	for _, name := range sorted {
		if r.values[known+name] == nil {
			r.values[known+name] = distinct(combos, name)
		}
	}
	selector := ""
	for _, name := range sorted {
		if rank(name, combos) > rank(selector, combos) {
			selector = name
		}
	}
	if selector == "" {
		return
	}
	r.choosers = append(r.choosers, chooser{known + selector, distinct(combos, selector)})
	r.byEnvironment(space, selector, sorted, combos)
}

// chooser is a name by whose values a run's environment is known.
type chooser struct {
	name   string
	values []analyzers.Value
}

// chosen adds the signs that choosers are: the matrix makes the job's runs, an input must be used.
func (r *reader) chosen() {
	for _, c := range r.choosers {
		if strings.HasPrefix(c.name, "matrix.") || r.used[c.name] {
			r.sign(analyzers.Selector, c.name+" chooses it", oneOf(c.values[0].At, c.values))
		}
	}
}

// rank says how well a name tells the combinations' environments: 0 not at all.
func rank(name string, combos []combination) int {
	last := name[strings.LastIndex(name, ".")+1:]
	values, telling := distinct(combos, name), 0
	for _, v := range values {
		if text, known := v.Text(); known && environ.Value(text) != 0 {
			telling++
		}
	}
	switch {
	case telling == 0:
		return 0
	case selects(last):
		return 3
	case last == "name" && telling == len(values):
		return 2
	case telling == len(values):
		return 1
	}
	return 0
}

// distinct returns the values that a name has in the combinations.
func distinct(combos []combination, name string) []analyzers.Value {
	var values []analyzers.Value
	seen := map[string]bool{}
	for _, c := range combos {
		v, ok := c[name]
		if !ok {
			continue
		}
		if text, known := v.Text(); known && seen[text] {
			continue
		} else if known {
			seen[text] = true
		}
		values = append(values, v)
	}
	return values[:min(len(values), maxValues)]
}

// byEnvironment sets, in a run for an environment, the names as the combinations of that environment have them.
func (r *reader) byEnvironment(space, selector string, names []string, combos []combination) {
	groups := map[detectors.Environment][]combination{}
	for _, c := range combos {
		text, _ := c[selector].Text()
		if env := environ.Value(text); env != 0 {
			groups[env] = append(groups[env], c)
		}
	}
	for _, env := range slices.Sorted(maps.Keys(groups)) {
		group := groups[env]
		chosen := distinct(group, selector)
		guard := analyzers.Guard{Value: run(chosen[0])}
		for _, v := range chosen {
			text, _ := v.Text()
			guard.Patterns = append(guard.Patterns, text)
		}
		var steps []analyzers.Step
		for _, name := range names {
			if values := distinct(group, name); len(values) > 0 {
				step := set(space, name, oneOf(values[0].At, values))
				step.IfUnset = space == r.inputs // a caller may have given it
				steps = append(steps, step)
			}
		}
		r.emit(block([]analyzers.Guard{guard}, steps)...)
	}
}
