package code

import "github.com/stagewall/stagewall/analyzers"

// Choice is one of the values that an expression can come to, where what they have below them differs. V is what a language takes for a value.
type Choice[V any] struct {
	Guards []analyzers.Guard // under which it is taken
	Value  V
}

// MaxChoices bounds the values that are told apart.
const MaxChoices = 16

// Choose returns the choice between values, none if they are too many.
func Choose[V any](all []V) []Choice[V] {
	if len(all) > MaxChoices {
		return nil
	}
	choices := make([]Choice[V], len(all))
	for i, v := range all {
		choices[i].Value = v
	}
	return choices
}
