package shell

import (
	"slices"
	"strconv"

	"mvdan.cc/sh/v3/syntax"

	"github.com/stagewall/stagewall/analyzers"
)

// maxArguments is how many of the program's own positional parameters are told apart.
const maxArguments = 8

// arguments are positional parameters: some that are known, and then, if open, those that the program is given, from one on.
type arguments struct {
	values []analyzers.Value
	open   bool
	from   int
}

// shifted returns the arguments without the first n.
func (a arguments) shifted(n int) arguments {
	if n <= len(a.values) {
		a.values = a.values[n:]
		return a
	}
	a.from += n - len(a.values)
	a.values = nil
	return a
}

// empty reports whether there is none.
func (a arguments) empty() bool { return len(a.values) == 0 && !a.open }

// argument returns what the n-th positional parameter holds, counted from 1.
func (a arguments) argument(n int) []analyzers.Part {
	switch {
	case n < 1:
		return nil
	case n <= len(a.values):
		return slices.Clone(a.values[n-1].Parts)
	case !a.open:
		return nil
	}
	name := strconv.Itoa(a.from + n - 1 - len(a.values))
	return []analyzers.Part{{Hole: &analyzers.Hole{Space: "args", Name: name}}}
}

// all returns what $@ expands to, the parameters with spaces between.
func (a arguments) all() []analyzers.Part {
	parts := join(a.values).Parts
	if a.open {
		if len(parts) > 0 {
			parts = append(parts, synthetic(" ")...)
		}
		parts = append(parts, analyzers.Part{Hole: &analyzers.Hole{Space: "args", All: true}})
	}
	return parts
}

// list returns the parameters one by one, of those that the program is given the first few.
func (a arguments) list() []analyzers.Value {
	list := a.values[:len(a.values):len(a.values)]
	for i := range maxArguments {
		if a.open {
			list = append(list, analyzers.Value{Parts: a.argument(len(a.values) + i + 1)})
		}
	}
	return list
}

// given returns what a program is given, which then has no other parameters: the first few of those are empty. Without any argument
// nothing is said of them.
func (a arguments) given() []analyzers.Value {
	list := a.list()
	for len(list) > 0 && len(list) < maxArguments {
		list = append(list, analyzers.Value{})
	}
	return list
}

// arguments returns words as the arguments of a function: "$@" among them are the present ones.
func (r *reader) arguments(words []word) arguments {
	var a arguments
	for _, w := range words {
		if w.node == nil || !isArguments(w.node) {
			a.values = append(a.values, w.value)
			continue
		}
		a.values = append(a.values, r.args.values...)
		if r.args.open {
			a.open, a.from = true, r.args.from
			break
		}
	}
	return a
}

// isArguments reports whether a word is $@ or $*.
func isArguments(w *syntax.Word) bool {
	name := variable(w)
	return name == "@" || name == "*"
}
