// Package matrix takes the runs of a job apart by environment. A job that runs once for each combination of some names' values has,
// in its run for staging, the values of the combinations that staging occurs in, and no others.
package matrix

import (
	"maps"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// Combination holds the values of names that belong together.
type Combination map[string]analyzers.Value

// Single returns a combination for each value of one name.
func Single(name string, values []analyzers.Value) []Combination {
	var all []Combination
	for _, v := range values {
		all = append(all, Combination{name: v})
	}
	return all
}

// Product returns each of the combinations with each of those of another dimension, most of them at most, and whether that is all of them. A dimension
// without values adds nothing.
func Product(combos, dimension []Combination, most int) (all []Combination, whole bool) {
	if len(dimension) == 0 {
		return combos, true
	}
	for _, c := range combos {
		for _, values := range dimension {
			if len(all) == most {
				return all, false
			}
			one := maps.Clone(c)
			maps.Copy(one, values)
			all = append(all, one)
		}
	}
	return all, true
}

// Names returns the names of all combinations, sorted.
func Names(combos []Combination) []string {
	names := map[string]bool{}
	for _, c := range combos {
		for name := range c {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// Distinct returns the values that a name has in the combinations, in their order.
func Distinct(combos []Combination, name string) []analyzers.Value {
	var values []analyzers.Value
	seen := map[string]bool{}
	for _, c := range combos {
		v, ok := c[name]
		if !ok {
			continue
		}
		if text, known := v.Text(); known {
			if seen[text] {
				continue
			}
			seen[text] = true
		}
		values = append(values, v)
	}
	return values
}

// Selector returns the name by whose values a combination's environment is known, "" if there is none: best one that says so itself,
// else one whose values all name environments.
func Selector(combos []Combination) string {
	selector, best := "", 0
	for _, name := range Names(combos) {
		if r := rank(name, combos); r > best {
			selector, best = name, r
		}
	}
	return selector
}

// rank says how well a name tells the combinations' environments: 0 not at all.
func rank(name string, combos []Combination) int {
	values, telling := Distinct(combos, name), 0
	for _, v := range values {
		if text, known := v.Text(); known && environ.Value(text) != 0 {
			telling++
		}
	}
	switch last := name[strings.LastIndex(name, ".")+1:]; {
	case telling == 0:
		return 0
	case Selects(last):
		return 3
	case last == "name" && telling == len(values):
		return 2
	case telling == len(values):
		return 1
	}
	return 0
}

// Selects reports whether an input or a dimension says by its name that it selects an environment.
func Selects(name string) bool {
	return environ.Selector(strings.ToUpper(strings.ReplaceAll(name, "-", "_")))
}

// ByEnvironment returns steps by which, in a run for an environment, the names have the values of the combinations of that environment.
// set makes the step that sets a name.
func ByEnvironment(combos []Combination, selector string, set func(name string, v analyzers.Value) analyzers.Step) []analyzers.Step {
	groups := map[detectors.Environment][]Combination{}
	for _, c := range combos {
		text, _ := c[selector].Text()
		if env := environ.Value(text); env != 0 {
			groups[env] = append(groups[env], c)
		}
	}
	var steps []analyzers.Step
	for _, env := range slices.Sorted(maps.Keys(groups)) {
		chosen := Distinct(groups[env], selector)
		guard := analyzers.Guard{Value: Run(chosen[0].At)}
		for _, v := range chosen {
			text, _ := v.Text()
			guard.Patterns = append(guard.Patterns, text)
		}
		steps = append(steps, analyzers.Step{Op: analyzers.OpBlock, At: chosen[0].At, Guard: &guard, Steps: Any(groups[env], set)})
	}
	return steps
}

// ByEnvironmentOrAny is like [ByEnvironment], but that in a run for an environment of which no combination is the names have any of their values: what selects
// does not say what the run is for then.
func ByEnvironmentOrAny(combos []Combination, selector string, set func(name string, v analyzers.Value) analyzers.Step) []analyzers.Step {
	values := Distinct(combos, selector)
	if len(values) == 0 {
		return Any(combos, set)
	}
	other := &analyzers.Guard{Value: Run(values[0].At), Not: true}
	for _, v := range values {
		if text, _ := v.Text(); environ.Value(text) != 0 {
			other.Patterns = append(other.Patterns, text)
		}
	}
	return append(ByEnvironment(combos, selector, set), analyzers.Step{Op: analyzers.OpBlock, At: values[0].At, Guard: other, Steps: Any(combos, set)})
}

// Any returns steps by which the names have any of the values that they have in the combinations.
func Any(combos []Combination, set func(name string, v analyzers.Value) analyzers.Step) []analyzers.Step {
	var steps []analyzers.Step
	for _, name := range Names(combos) {
		values := Distinct(combos, name)
		steps = append(steps, set(name, OneOf(values[0].At, values)))
	}
	return steps
}

// Numbered returns a value in which a number stands for every name that is known to be of no environment, such as a pull request's
// number or a branch: what stands around it still says something, as in review/$CI_COMMIT_REF_SLUG.
func Numbered(v analyzers.Value, none func(h *analyzers.Hole) bool) analyzers.Value {
	out := analyzers.Value{At: v.At}
	for _, part := range v.Parts {
		if len(v.Parts) > 1 && part.Hole != nil && none(part.Hole) {
			part = analyzers.Part{Text: "1"}
		}
		out.Parts = append(out.Parts, part)
	}
	return out
}

// Run returns a value that nothing ever has: a guard over it is decided by the environment that the unit runs for.
func Run(at detectors.Place) analyzers.Value {
	return analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: "run", Name: "environment"}}}}
}

// OneOf returns a value that is one of several.
func OneOf(at detectors.Place, values []analyzers.Value) analyzers.Value {
	switch len(values) {
	case 0:
		return analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: "unknown"}}}}
	case 1:
		return values[0]
	}
	return analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: "choice", Values: values}}}}
}
