package carry

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
)

func literal(text string) analyzers.Value {
	return analyzers.Value{Parts: []analyzers.Part{{Text: text}}}
}

func name(n string) analyzers.Value {
	return analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: n}}}}
}

func set(space, n string, v analyzers.Value) analyzers.Step {
	return analyzers.Step{Op: analyzers.OpSet, Space: space, Name: n, Value: v}
}

func TestSteps(t *testing.T) {
	guard := &analyzers.Guard{Value: name("A"), Patterns: []string{"a"}}
	tests := []struct {
		name string
		body []analyzers.Step
		want string // the value of the only thing that was written; "" for nothing
	}{
		{"a literal", []analyzers.Step{set("file:f", "X", literal("a"))}, "a"},
		{"a name of the process", []analyzers.Step{set("", "A", literal("a")), set("file:f", "X", name("A"))}, "a"},
		{"a name of a name", []analyzers.Step{set("", "A", literal("a")), set("", "B", name("A")), set("file:f", "X", name("B"))}, "a"},
		{"in a subshell", []analyzers.Step{{Op: analyzers.OpRun, Steps: []analyzers.Step{set("file:f", "X", literal("a"))}}}, "a"},
		{"a subshell's name stays there", []analyzers.Step{
			set("", "A", literal("a")),
			{Op: analyzers.OpRun, Steps: []analyzers.Step{set("", "A", literal("b"))}},
			set("file:f", "X", name("A")),
		}, "a"},
		{"under a condition", []analyzers.Step{
			set("", "A", literal("a")),
			{Op: analyzers.OpBlock, Guard: guard, Steps: []analyzers.Step{set("file:f", "X", literal("b"))}},
		}, "b"},
		{"another program's", []analyzers.Step{{
			Op: analyzers.OpRun, Ref: &analyzers.Ref{Path: literal("x.sh")}, Steps: []analyzers.Step{set("file:f", "X", literal("a"))},
		}}, ""},
		{"a variable only", []analyzers.Step{set("", "A", literal("a"))}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			c := Carrier{Local: map[string]analyzers.Value{}, Out: func(s analyzers.Step, file string, v analyzers.Value) []analyzers.Step {
				got, _ = v.Text()
				return []analyzers.Step{set("", s.Name, v)}
			}}
			out := c.Steps(test.body)
			if got != test.want || len(out) != min(len(got), 1) {
				t.Fatalf("wrote %q in %d steps, want %q", got, len(out), test.want)
			}
			if len(out) == 1 && out[0].Op == analyzers.OpBlock {
				if text, _ := out[0].Guard.Value.Text(); text != "a" {
					t.Errorf("the condition asks %q", text)
				}
			}
		})
	}
}

// What is set again and again under conditions is one of so many values that it can be any.
func TestAlternatives(t *testing.T) {
	for _, times := range []int{1, maxAlternatives - 1, maxAlternatives, 10 * maxAlternatives} {
		body := []analyzers.Step{set("", "A", literal("first"))}
		for range times {
			body = append(body, analyzers.Step{
				Op: analyzers.OpBlock, Guard: &analyzers.Guard{Value: name("B"), Patterns: []string{"b"}}, Steps: []analyzers.Step{set("", "A", literal("next"))},
			})
		}
		c := Carrier{Local: map[string]analyzers.Value{}}
		c.Steps(body)
		leaves := alternatives(nil, c.Local["A"])
		if want := min(times, maxAlternatives) + 1; len(leaves) != want {
			t.Errorf("%d blocks leave %d alternatives, want %d", times, len(leaves), want)
		}
		last := leaves[len(leaves)-1]
		if _, known := last.Text(); known != (times < maxAlternatives) {
			t.Errorf("after %d blocks, that all are known is %v", times, known)
		}
	}
}

// TestDoubling holds a value twice in the next, in each of the ways in which one can: so often nothing else ends.
func TestDoubling(t *testing.T) {
	twice := func(n string) map[string]analyzers.Value {
		v := name(n)
		either := analyzers.Hole{Space: "choice", Values: []analyzers.Value{v, v}}
		return map[string]analyzers.Value{
			"side by side": {Parts: append(slices.Clone(v.Parts), v.Parts...)},
			"a choice":     {Parts: []analyzers.Part{{Hole: &either}}},
			"a default":    {Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: "none", Default: &analyzers.Value{Parts: append(slices.Clone(v.Parts), v.Parts...)}}}}},
			"a condition":  {Parts: v.Parts, If: &analyzers.Guard{Value: v, Patterns: []string{"a"}}},
		}
	}
	for way := range twice("") {
		body := []analyzers.Step{set("", "K0", literal("a"))}
		for i := range 1000 {
			v := twice(fmt.Sprint("K", i))[way]
			body = append(body, set("", fmt.Sprint("K", i+1), v), analyzers.Step{
				Op: analyzers.OpBlock, Guard: &analyzers.Guard{Value: name("L"), Patterns: []string{"b"}}, Steps: []analyzers.Step{set("", "L", v)},
			})
		}
		var written analyzers.Value
		c := Carrier{Local: map[string]analyzers.Value{}, Out: func(_ analyzers.Step, _ string, v analyzers.Value) []analyzers.Step {
			written = v
			return nil
		}}
		c.Steps(append(body, set("file:f", "X", name("K1000")), set("file:f", "X", name("L"))))
		if n := size(written, math.MaxInt); n > 2*maxParts {
			t.Errorf("%s: %d parts", way, n)
		}
	}
}
