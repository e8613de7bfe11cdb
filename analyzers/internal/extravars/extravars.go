// Package extravars is what whoever runs a playbook of Ansible gives it for variables, on the command line: it goes before all that files have.
//
//	https://docs.ansible.com/projects/ansible/latest/playbook_guide/playbooks_variables.html#defining-variables-at-runtime
package extravars

import (
	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// Space is the space of the variables that are given, by their names.
const Space = "ansible's extra variables"

// Gives returns the step by which a variable is given a value.
func Gives(variable string, value analyzers.Value, at detectors.Place) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: at, Space: Space, Name: variable, Value: value}
}

// Or returns what a variable is given, or else what it has in a space.
func Or(space, variable string) analyzers.Part {
	otherwise := analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Space: space, Name: variable}}}}
	return analyzers.Part{Hole: &analyzers.Hole{Space: Space, Name: variable, Default: &otherwise}}
}
