package buildkite

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/pipeline"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/shell"
)

// maxCombinations bounds the jobs of one step; Buildkite allows fewer.
const maxCombinations = 128

// matrixSpace is the space of a matrix' values: of the only dimension "matrix", of others "matrix.NAME".
const matrixSpace = "matrix"

// placeholder is where a matrix' value is put in, before the step runs
// (https://buildkite.com/docs/pipelines/configure/workflows/build-matrix).
var placeholder = lazyregexp.New(`\{\{\s*(matrix(?:\.[A-Za-z0-9_-]+)?)\s*\}\}`)

// combinations returns those of a step's matrix, none if it has no matrix.
func (r *reader) combinations(n *yamltree.Node) []matrix.Combination {
	setup := n
	if n.IsMapping() {
		setup = n.Get("setup")
	}
	if !setup.IsMapping() {
		return r.dimension(matrixSpace, setup)
	}
	combos := []matrix.Combination{{}}
	for key, values := range setup.Pairs() {
		some, whole := matrix.Product(combos, r.dimension(matrixSpace+"."+key.Str(), values), maxCombinations)
		if !whole {
			r.Pass.Gap(r.At(n), "the matrix has too many combinations; what the rest of them are given is not known")
		}
		combos = some
	}
	for _, adjustment := range n.Get("adjustments").Items() {
		one := matrix.Combination{}
		for key, v := range adjustment.Get("with").Pairs() {
			one[matrixSpace+"."+key.Str()] = r.Value(v, syntax)
		}
		if len(one) > 0 {
			combos = append(combos, one)
		}
	}
	return combos
}

// dimension returns a combination for each value of a dimension.
func (r *reader) dimension(name string, values *yamltree.Node) []matrix.Combination {
	var all []analyzers.Value
	for _, v := range values.Items() {
		all = append(all, r.Value(v, syntax))
	}
	return matrix.Single(name, all)
}

// fills returns what a matrix puts into a script.
func (r *reader) fills(script interpolate.Text) []shell.Fill {
	var fills []shell.Fill
	for _, m := range placeholder.FindAllStringSubmatchIndex(script.String, pipeline.MaxNested) {
		span := script.Span(m[0], m[1])
		value := analyzers.Value{At: r.Pass.At(span.Start, span.End), Parts: []analyzers.Part{chosen(script.String[m[2]:m[3]])}}
		fills = append(fills, shell.Fill{Start: m[0], End: m[1], Value: value})
	}
	return fills
}

func chosen(name string) analyzers.Part {
	return analyzers.Part{Hole: &analyzers.Hole{Space: matrixSpace, Name: name}}
}

// filled returns a value with what a matrix puts in.
func filled(v analyzers.Value) analyzers.Value {
	if !slices.ContainsFunc(v.Parts, func(p analyzers.Part) bool { return strings.Contains(p.Text, "{{") }) {
		return v
	}
	var parts []analyzers.Part
	for _, p := range v.Parts {
		from := 0
		cut := func(end int) {
			if end > from {
				parts = append(parts, analyzers.Part{Text: p.Text[from:end], Span: p.Span})
			}
		}
		for _, m := range placeholder.FindAllStringSubmatchIndex(p.Text, pipeline.MaxNested) {
			cut(m[0])
			parts, from = append(parts, chosen(p.Text[m[2]:m[3]])), m[1]
		}
		if p.Hole != nil {
			parts = append(parts, p)
		}
		cut(len(p.Text))
	}
	v.Parts = parts
	return v
}
