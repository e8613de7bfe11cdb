package helm

import (
	"slices"
	"strings"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/carry"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/matrix"
	"github.com/stagewall/stagewall/detectors"
)

// A template of values is given what its environment of helmfile has, and a release what the template makes of that. Where it puts it is not followed:
// what it asks for it is taken to give. https://helmfile.readthedocs.io/en/latest/writing-helmfile/#go-templates
const template = "template" // the program that asks for the values that a template asks for, by their names

// Names of values in templates, and how functions ask for one by its path.
var (
	action    = lazyregexp.New(`\{\{[^{}]*\}\}`)
	valueName = lazyregexp.New(`(?:^|[^\w.)\]])\.?((?:Environment\.|State)?Values(?:\.[A-Za-z_][\w-]*)*)`)
	getter    = lazyregexp.New(`\bget(?:OrNil)?[ \t]+"([\w.-]+)"`) // https://helmfile.readthedocs.io/en/latest/templating_funcs/
)

// stateName returns the name of a value of the environment, of which there are several.
// https://helmfile.readthedocs.io/en/latest/#using-environment-values
func stateName(name string) string {
	return strings.TrimPrefix(strings.TrimPrefix(name, "Environment."), "State")
}

// readTemplate notes the values that a template of values asks for.
func readTemplate(pass *analyzers.Pass) {
	var steps []analyzers.Step
	for _, span := range action.FindAllIndex(pass.Data, maxValues) {
		text := pass.Data[span[0]:span[1]]
		for _, m := range valueName.FindAllSubmatchIndex(text, -1) {
			name := stateName(string(text[m[2]:m[3]]))
			if path := getter.FindSubmatch(text); path != nil && name == strings.TrimSuffix(state, ".") {
				name = state + string(path[1])
			}
			at := pass.At(span[0]+m[2], span[0]+m[3])
			steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: at, Name: name})
		}
	}
	pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{Name: template, At: pass.At(0, 0), Steps: steps})
}

// asked returns the sets of the values that a template asks for which is given at a place; who asks for what is above several has all of them.
func (r *maker) asked(file string, at detectors.Place, parameters matrix.Combination) []analyzers.Step {
	program := programNamed(r.index, file, template)
	if program == nil {
		return nil
	}
	c := carry.Carrier{Local: parameters}
	var steps []analyzers.Step
	given := map[string]bool{}
	for _, s := range program.Steps {
		names := []string{s.Name}
		if _, known := parameters[s.Name]; !known {
			names = slices.DeleteFunc(matrix.Names([]matrix.Combination{parameters}), func(name string) bool {
				return !strings.HasPrefix(name, s.Name+".") && !strings.HasPrefix(name, s.Name+"[")
			})
		}
		for _, name := range names {
			if !given[name] {
				given[name] = true
				value := c.Substitute(analyzers.Value{At: at, Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: name}}}})
				steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: at, Name: name, Value: value, Says: file + " asks for it"})
			}
		}
	}
	return steps
}
