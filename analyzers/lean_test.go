package analyzers_test

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// What a file holds can be a token though no name says so.
func TestLeanKeepsWhatFilesHold(t *testing.T) {
	file := analyzers.Literal("conf.json", detectors.Place{Path: "a.go"})
	held := analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{File: &file, Keys: []string{"key"}}}}}
	named := analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: "pkg#KEY"}}}}
	f := &analyzers.Facts{Programs: []analyzers.Program{{Steps: []analyzers.Step{
		{Op: analyzers.OpUse, Sink: &detectors.Sink{}, Value: held},
		{Op: analyzers.OpUse, Sink: &detectors.Sink{}, Value: named},
		{Op: analyzers.OpSet, Name: "pkg#Key", Value: held},
	}}}}
	f.Lean(nil)
	if steps := f.Programs[0].Steps; len(steps) != 2 || steps[0].Value.Parts[0].Hole.File == nil || steps[1].Op != analyzers.OpSet {
		t.Errorf("kept %+v", steps)
	}
}

// A variable of the environment can be any script's: what it is handed to stays.
func TestLeanKeepsVariables(t *testing.T) {
	variable := analyzers.Value{Parts: []analyzers.Part{{Hole: &analyzers.Hole{Name: "KEY"}}}}
	f := &analyzers.Facts{Programs: []analyzers.Program{{Steps: []analyzers.Step{{Op: analyzers.OpUse, Sink: &detectors.Sink{}, Value: variable}}}}}
	f.Lean(nil)
	if f.Left != nil || len(f.Programs[0].Steps) != 1 {
		t.Errorf("left out %+v", f.Left)
	}
}
