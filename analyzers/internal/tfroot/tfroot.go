// Package tfroot is how whoever runs Terraform takes in a configuration: what commands do, and modules that call others, and what its files offer.
package tfroot

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Space is the space of what a run is given: values of variables by their [Variable], and the project of a provider.
const Space = "terraform"

// Kept is the space of what Terraform keeps in a folder for later commands: the [Workspace] that was selected, and whether there is a [Plan].
// https://developer.hashicorp.com/terraform/cli/workspaces
const (
	Kept      = analyzers.OnDisk + "terraform"
	Workspace = "workspace"
	Plan      = "plan"
)

// The programs of a file, which are taken in of all files of a folder before the next: names in it are known in all of them, in whichever order they
// are written. https://developer.hashicorp.com/terraform/language/files
const (
	Variables = "variables" // its variables, with the values that a run gives; of a file of variables: what it gives
	Arguments = "arguments" // its variables, with the values that the calling module gives
	Locals    = "locals"    // its local values
	Names     = "names"     // what else it calls by a name
	Contents  = ""          // what it does
)

// Variable returns the name of a variable.
func Variable(name string) string { return "var." + name }

// Module returns the space of a configuration's own names.
func Module(folder string) string { return Space + " " + folder }

// Gives returns the step by which a run is given a variable's value.
func Gives(variable string, value analyzers.Value, at detectors.Place) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: at, Space: Space, Name: Variable(variable), Value: value}
}

// Takes returns the step by which programs of files are taken in.
func Takes(files analyzers.Value, program string, at detectors.Place, says string) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSource, At: at, Ref: &analyzers.Ref{Path: files, Name: program}, Optional: true, Says: says}
}

// Runs returns the step by which a configuration is run: after given steps, with its variables as one of its programs has them.
func Runs(given []analyzers.Step, files analyzers.Value, variables string, at detectors.Place, says string) analyzers.Step {
	for _, program := range []string{variables, Locals, Names, Contents} {
		given = append(given, Takes(files, program, at, says))
	}
	return analyzers.Step{Op: analyzers.OpRun, At: at, Steps: given}
}
