package graph

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

// What a path ends in is followed through names: only where every end is known to be no name of a file with tokens is it passed over.
func TestEnds(t *testing.T) {
	text := func(s string) analyzers.Part { return analyzers.Part{Text: s} }
	name := func(s string) analyzers.Part { return analyzers.Part{Hole: &analyzers.Hole{Name: s}} }
	hole := func(h analyzers.Hole) analyzers.Part { return analyzers.Part{Hole: &h} }
	value := func(parts ...analyzers.Part) *analyzers.Value { return &analyzers.Value{Parts: parts} }
	sets := map[string]*analyzers.Value{
		"a#Key":    value(text("conf/key.pem")),
		"a#Other":  value(text("conf/other.pem")),
		"a#Chain":  value(name("a#Key")),
		"a#Circle": value(name("a#Circle")),
		"a#Pem":    value(name("a#Nothing"), text(".pem")),
		"a#Txt":    value(name("a#Nothing"), text(".txt")),
		"a#Empty":  value(text("")),
		"a#Known":  value(hole(analyzers.Hole{Space: "@all", Name: "Key"})),
	}
	tests := []struct {
		path    *analyzers.Value
		nowhere bool
	}{
		{value(name("a#Key")), false},
		{value(name("a#Other")), true},
		{value(name("a#Chain")), false},
		{value(name("a#Circle")), true},
		{value(name("a#Pem")), false},
		{value(name("a#Txt")), true},
		{value(name("a#Nothing")), true},
		{value(name("a#Nothing"), text("/"), name("a#Other")), true},
		{value(text("conf/"), name("a#Other")), false}, // if its text were not known, any file of the folder could be meant
		{value(name("a#Other"), name("a#Nothing")), false},
		{value(name("a#Nothing"), name("a#Empty")), false},
		{value(name("a#Known")), false},
		{value(hole(analyzers.Hole{Space: "args", Name: "1"})), false},
		{value(hole(analyzers.Hole{Name: "a#Nothing", Default: value(text("key.pem"))})), false},
		{value(hole(analyzers.Hole{Name: "a#Nothing", Default: value(text("other.pem"))})), true},
		{value(hole(analyzers.Hole{Name: "a#Nothing", Default: value(hole(analyzers.Hole{Name: "a#Nothing.", All: true}))})), true},
		{value(hole(analyzers.Hole{Space: "unknown", Values: []analyzers.Value{*value(name("a#Other")), *value(name("a#Key"))}})), false},
		{value(hole(analyzers.Hole{Space: "unknown", Values: []analyzers.Value{*value(name("a#Other")), *value(name("a#Txt"))}})), true},
	}
	index := NewIndex()
	index.AddFile("conf/key.pem", true)
	facts := &analyzers.Facts{Path: "main.go", Programs: []analyzers.Program{{}}}
	steps := &facts.Programs[0].Steps
	for _, test := range tests {
		*steps = append(*steps, analyzers.Step{Op: analyzers.OpOpen, File: test.path, Optional: true})
	}
	for set, v := range sets {
		*steps = append(*steps, analyzers.Step{Op: analyzers.OpSet, Name: set, Value: *v})
	}
	index.AddFacts(facts)
	stands := map[string][]Stand{"conf/key.pem": {{Token: "key", At: detectors.Place{Path: "conf/key.pem", Line: 1}}}}
	l := newLinker(Input{Index: index, Stands: stands})
	for i, test := range tests {
		if got := l.idle(&(*steps)[i], "main.go"); got != test.nowhere {
			t.Errorf("%d: %+v leads nowhere: %v", i, test.path.Parts, got)
		}
	}
	if !l.wanted["a#Txt"] || l.asked["a#Txt"] {
		t.Errorf("wanted %v, asked %v: a name that leads nowhere is to be known in full, and then nobody asks for it", l.wanted["a#Txt"], l.asked["a#Txt"])
	}
}
