package matrix

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
)

func value(text string) analyzers.Value {
	return analyzers.Value{Parts: []analyzers.Part{{Text: text}}}
}

func combinations(list ...map[string]string) []Combination {
	var all []Combination
	for _, texts := range list {
		c := Combination{}
		for name, text := range texts {
			c[name] = value(text)
		}
		all = append(all, c)
	}
	return all
}

func TestSelector(t *testing.T) {
	tests := []struct {
		name   string
		combos []Combination
		want   string
	}{
		{"none", nil, ""},
		{"versions", combinations(map[string]string{"go": "1.25"}, map[string]string{"go": "1.26"}), ""},
		{"its values say so", combinations(map[string]string{"where": "staging"}, map[string]string{"where": "production"}), "where"},
		{"only some of them do", combinations(map[string]string{"where": "staging"}, map[string]string{"where": "moon"}), ""},
		{"its name says so", combinations(map[string]string{"where": "staging", "stage": "staging"}, map[string]string{"stage": "moon", "where": "production"}), "stage"},
		{"a nested name", combinations(map[string]string{"target.name": "staging", "target.key": "A"}), "target.name"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Selector(test.combos); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestByEnvironment(t *testing.T) {
	combos := combinations(
		map[string]string{"stage": "staging", "key": "A"},
		map[string]string{"stage": "production", "key": "B"},
		map[string]string{"stage": "stg", "key": "C"},
		map[string]string{"stage": "moon", "key": "D"},
	)
	steps := ByEnvironment(combos, "stage", func(name string, v analyzers.Value) analyzers.Step {
		return analyzers.Step{Op: analyzers.OpSet, Name: name, Value: v}
	})
	if len(steps) != 2 {
		t.Fatalf("%d blocks, want one for production and one for staging", len(steps))
	}
	if p := steps[1].Guard.Patterns; len(p) != 2 || p[0] != "staging" || p[1] != "stg" {
		t.Errorf("staging's block is for %q", p)
	}
	key := steps[1].Steps[0]
	if key.Name != "key" || len(key.Value.Parts[0].Hole.Values) != 2 {
		t.Errorf("staging's key is %+v", key.Value)
	}
}

func TestProduct(t *testing.T) {
	envs := combinations(map[string]string{"env": "staging"}, map[string]string{"env": "production"})
	regions := combinations(map[string]string{"region": "eu"}, map[string]string{"region": "us"})
	for _, test := range []struct {
		name      string
		dimension []Combination
		most      int
		want      int
		whole     bool
	}{
		{"all", regions, 4, 4, true},
		{"too many", regions, 3, 3, false},
		{"a dimension without values", nil, 1, 2, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, whole := Product(envs, test.dimension, test.most)
			if len(got) != test.want || whole != test.whole {
				t.Errorf("%d combinations, whole: %v", len(got), whole)
			}
			for _, c := range got {
				if len(test.dimension) > 0 && len(c) != 2 {
					t.Errorf("%v", c)
				}
			}
		})
	}
	if len(envs[0]) != 1 {
		t.Error("what was there before has changed")
	}
}
