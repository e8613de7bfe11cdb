package gitlabci

import (
	"maps"
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/analyzers/internal/yamltree"
	"github.com/stagewall/stagewall/analyzers/interpolate"
	"github.com/stagewall/stagewall/analyzers/shell"
)

// A file that declares inputs is included with values for them, which are put in wherever it says $[[ inputs.NAME ]], in names too
// (https://docs.gitlab.com/ci/inputs/).
const (
	inputs    = "inputs"         // the space of a file's inputs, and of those that a step gives to the file that it includes
	byDefault = "default inputs" // of what an input is unless it is given
)

// maxInput is the length beyond which what an input is given is not known (https://docs.gitlab.com/ci/inputs/ allows 1 KB).
const maxInput = 1 << 10

// input is an input in a text, with functions behind it.
var input = lazyregexp.New(`\$\[\[\s*inputs\.([\w-]+)[^\]]*\]\]`)

// declared returns the sets of the values that inputs have by default.
func (f *file) declared() []analyzers.Step {
	var steps []analyzers.Step
	for key, n := range f.inputs.Pairs() {
		if own := n.Get("default"); own != nil && own.Kind == yamltree.Scalar {
			steps = append(steps, f.set(key.Str(), own, ""))
			steps[len(steps)-1].Space = byDefault
		}
	}
	return steps
}

// given returns the sets of inputs.
func (f *file) given(n *yamltree.Node) []analyzers.Step {
	var steps []analyzers.Step
	for key, v := range n.Pairs() {
		if v != nil && v.Kind == yamltree.Scalar {
			steps = append(steps, f.set(key.Str(), v, ""))
		}
	}
	return steps
}

// parts returns the parts of a text: variables, $NAME and ${NAME}, and inputs; two dollar signs are one
// (https://docs.gitlab.com/ci/variables/#use-cicd-variables-in-other-variables).
func parts(text interpolate.Text) []analyzers.Part {
	var all []analyzers.Part
	from := 0
	for _, m := range input.FindAllStringSubmatchIndex(text.String, -1) {
		all = append(all, interpolate.Syntax{Doubled: true}.Parts(text.Slice(from, m[0]))...)
		all = append(all, analyzers.Part{Hole: &analyzers.Hole{Space: inputs, Name: text.String[m[2]:m[3]]}})
		from = m[1]
	}
	return append(all, interpolate.Syntax{Doubled: true}.Parts(text.Slice(from, len(text.String)))...)
}

// fills returns the inputs in a script.
func fills(script []byte) []shell.Fill {
	var all []shell.Fill
	for _, m := range input.FindAllSubmatchIndex(script, -1) {
		all = append(all, shell.Fill{Start: m[0], End: m[1], Value: analyzers.Value{
			Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: inputs, Name: string(script[m[2]:m[3]])}}},
		}})
	}
	return all
}

// filler puts the values of inputs in.
type filler struct{ carry.Carrier }

// inputsOf returns the filler for a file that is included with some inputs, and what tells it from the same file with others.
func inputsOf(f *analyzers.Facts, given []analyzers.Step) (filler, string) {
	values := map[string]analyzers.Value{}
	for _, s := range f.Programs[0].Steps {
		if s.Space == byDefault {
			values[s.Name] = s.Value
		}
	}
	for _, s := range given {
		if text, _ := s.Value.Text(); len(text) > maxInput || len(s.Value.Parts) > maxValues { // a file can include itself with ever more
			s.Value = matrix.OneOf(s.At, nil)
		}
		values[s.Name] = s.Value
	}
	var key strings.Builder
	for _, name := range slices.Sorted(maps.Keys(values)) {
		text, _ := values[name].Text()
		key.WriteString("\x00" + name + "\x00" + text + "\x00" + values[name].At.Path)
	}
	return filler{carry.Carrier{Space: inputs, Local: values}}, key.String()
}

// name returns a name with the inputs in it.
func (f filler) name(text string) string {
	if !strings.Contains(text, "$[[") {
		return text
	}
	return input.ReplaceAllStringFunc(text, func(m string) string {
		if value, known := f.Local[input.FindStringSubmatch(m)[1]].Text(); known && value != "" {
			return value
		}
		return m
	})
}

// steps returns a copy of steps with the inputs in them.
func (f filler) steps(steps []analyzers.Step) []analyzers.Step {
	if len(f.Local) == 0 {
		return steps
	}
	return f.Fill(steps, f.name)
}
