package pipeline

import (
	"strconv"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/environ"
)

// signSpace is the space of sets that are signs, of the name of their class, until it is known whether what they stand in is used.
const signSpace = "sign"

// signStep returns the step that a sign is until it is known of which unit it is one.
func signStep(class analyzers.Class, says string, v analyzers.Value) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, At: v.At, Space: signSpace, Name: strconv.Itoa(int(class)), Value: v, Says: says}
}

// SignSteps is like [signStep] for a sign that may know its environments.
func SignSteps(sign analyzers.Sign) []analyzers.Step {
	if sign.Value != nil {
		step := signStep(sign.Class, sign.Says, *sign.Value)
		step.At = sign.At
		return []analyzers.Step{step}
	}
	var steps []analyzers.Step
	for _, name := range sign.Environments.Names() {
		steps = append(steps, signStep(sign.Class, sign.Says, analyzers.Value{At: sign.At, Parts: []analyzers.Part{{Text: name}}}))
	}
	return steps
}

// IsSign reports whether the step is a sign.
func IsSign(s analyzers.Step) bool { return s.Space == signSpace }

// Signed returns the sign that a step is.
func Signed(s analyzers.Step) (analyzers.Sign, bool) {
	class, err := strconv.Atoi(s.Name)
	if err != nil || !IsSign(s) {
		return analyzers.Sign{}, false
	}
	return analyzers.Sign{Class: analyzers.Class(class), Says: s.Says, At: s.At, Value: &s.Value}, true
}

// Called returns the sign that a job's name for people is. Of a job that is given what another environment has, as by a context or a group of variables called
// after that one, the name says more: it is what the job is called, whosever secrets it is given.
func Called(name string, given detectors.Environment, at detectors.Place) analyzers.Sign {
	sign := analyzers.Sign{Class: analyzers.Display, Environments: environ.Job(name), Says: "the name " + name + " says so", At: at}
	if given != 0 && !given.Touches(sign.Environments) {
		sign.Class = analyzers.Selector
	}
	return sign
}
