package analyzers_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/suite"
)

// Packed facts say what they said, and nothing that one packer copied later changes them.
func TestPack(t *testing.T) {
	names, err := filepath.Glob("*/testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	packer := analyzers.NewPacker()
	said := map[*analyzers.Facts]string{}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			for _, a := range suite.Analyzers() {
				for _, glance := range []bool{false, true} {
					pass := analyzers.NewPass(a.Name, f.Name, f.Data)
					pass.Glance = glance
					if a.Run(pass) != nil {
						continue
					}
					said[pass.Facts] = encode(t, pass.Facts)
					packer.Pack(pass.Facts)
				}
			}
		}
	}
	if len(said) < 1000 {
		t.Errorf("only %d facts", len(said))
	}
	for facts, want := range said {
		if got := encode(t, facts); got != want {
			t.Errorf("%s of %s: packed\n%s\nof\n%s", facts.Analyzer, facts.Path, got, want)
		}
	}
}

// What is shared stays shared, so that values that hold each other many times do not grow.
func TestPackShared(t *testing.T) {
	v := analyzers.Value{Parts: []analyzers.Part{{Text: "x"}}}
	for range 100 {
		h := &analyzers.Hole{Values: []analyzers.Value{v, v}}
		v = analyzers.Value{Parts: []analyzers.Part{{Hole: h}, {Hole: h}}}
	}
	facts := &analyzers.Facts{Programs: []analyzers.Program{{Steps: []analyzers.Step{{Op: analyzers.OpUse, Value: v}}}}}
	analyzers.NewPacker().Pack(facts)
	parts := facts.Programs[0].Steps[0].Value.Parts
	if parts[0].Hole != parts[1].Hole || parts[0].Hole == v.Parts[0].Hole {
		t.Error("what is shared is copied twice, or not at all")
	}
}

func encode(t *testing.T, f *analyzers.Facts) string {
	t.Helper()
	data, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// What units run does not lie in the memory that the facts had before.
func TestPackUnits(t *testing.T) {
	before := []analyzers.Part{{Text: "a"}}
	args := []analyzers.Value{{Parts: before}}
	facts := &analyzers.Facts{Units: []analyzers.Unit{{Runs: analyzers.Ref{Path: args[0], Args: args}}}}
	analyzers.NewPacker().Pack(facts)
	before[0].Text, args[0].Parts = "b", nil
	runs := facts.Units[0].Runs
	if path, _ := runs.Path.Text(); path != "a" {
		t.Errorf("path %q", path)
	}
	if arg, _ := runs.Args[0].Text(); arg != "a" {
		t.Errorf("argument %q", arg)
	}
}
