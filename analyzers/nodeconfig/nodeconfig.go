// Package nodeconfig reads the file by which the package config of Node.js takes settings from the environment:
// custom-environment-variables, whose values are names of variables. Which code imports the package is said by package js.
// https://github.com/node-config/node-config/wiki/Environment-Variables#custom-environment-variables
package nodeconfig

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/internal/tree"
)

// Analyzer reads custom-environment-variables.
var Analyzer = &analyzers.Analyzer{
	Name:    "nodeconfig",
	Doc:     "Reads which variables the package config of Node.js takes settings from.",
	Version: 1,
	Files:   []string{"**/custom-environment-variables.{json,json5,yaml,yml,toml}"},
	Run:     run,
}

func run(pass *analyzers.Pass) error {
	root, err := tree.Read(pass)
	at := pass.At(0, 0)
	if err != nil {
		pass.Gap(at, "the file cannot be read; which variables are taken from the environment is not known")
		return nil
	}
	pass.Facts.Programs = append(pass.Facts.Programs, analyzers.Program{At: at, Steps: reads(pass, root, nil)})
	return nil
}

// reads are the readings of the variables that an object names: the name of one with a format stands under __name.
func reads(pass *analyzers.Pass, object *tree.Node, steps []analyzers.Step) []analyzers.Step {
	for _, n := range object.Keys() {
		switch {
		case n.Kind == tree.Object:
			steps = reads(pass, n, steps)
		case n.Kind == tree.String && n.Key != "__format":
			steps = append(steps, analyzers.Step{Op: analyzers.OpRead, At: n.Place(pass), Name: n.Text, Says: "takes a setting from its environment"})
		}
	}
	return steps
}
