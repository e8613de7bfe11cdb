package cloudformation

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/analyzers/internal/table"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
	"github.com/stagewall/stagewall/analyzers/shell"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// configuration reads SAM's configuration: for each environment, what it gives for the parameters of the template.
func configuration(pass *analyzers.Pass) error {
	root, err := tree.Read(pass)
	if err != nil {
		pass.Gap(detectors.Place{Path: pass.Path}, "SAM's configuration does not parse; what the stacks of its environments are given is not known")
		return nil
	}
	for _, environment := range root.Keys() {
		var steps []analyzers.Step
		for _, command := range []string{"global", "deploy"} {
			given := environment.Get(command, "parameters", "parameter_overrides")
			for _, n := range append(given.Elements(), given) {
				steps = append(steps, overrides(pass, n)...)
			}
		}
		table.Mention(pass, environ.Value(environment.Key), "SAM's configuration has it", pass.At(environment.KeySpan.Start, environment.KeySpan.End))
		if len(steps) > 0 {
			pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{Name: shell.StackGiven + environment.Key, At: steps[0].At, Steps: steps})
		}
	}
	return nil
}

// override is NAME=VALUE or ParameterKey=NAME,ParameterValue=VALUE, the value in quotes or not.
var override = lazyregexp.New(`(?:ParameterKey=)?"?([A-Za-z0-9]+)"?(?:,ParameterValue)?=(?:"([^"]*)"|'([^']*)'|([^\s"']*))`)

// overrides returns the sets that a text of overrides means.
func overrides(pass *analyzers.Pass, n *tree.Node) []analyzers.Step {
	text := n.Str()
	var steps []analyzers.Step
	for _, m := range override.FindAllStringSubmatchIndex(text, -1) {
		for group := 4; group < len(m); group += 2 {
			if m[group] < 0 {
				continue
			}
			value := analyzers.Value{At: n.Place(pass), Parts: []analyzers.Part{n.Part(pass.Data, m[group], m[group+1])}}
			if m[group] == m[group+1] {
				value.Parts = nil
			}
			steps = append(steps, analyzers.Step{Op: analyzers.OpSet, At: value.At, Space: shell.Stack, Name: text[m[2]:m[3]], Value: value})
		}
	}
	return steps
}
