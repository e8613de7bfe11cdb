package spring

import (
	"slices"
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/analyzertest"
)

// TestDocuments reads which profiles the documents of a file are for.
func TestDocuments(t *testing.T) {
	for _, test := range []struct {
		name, data string
		guards     []analyzers.Guard // of the documents; without patterns for one of which nothing is known
		all        int               // documents that are for every profile
	}{
		{"one", "a: b\n", nil, 1},
		{"empty", "\n---\n", nil, 0},
		{"keys in each other", "a: b\n---\nspring:\n  config:\n    activate:\n      on-profile: prod\n", []analyzers.Guard{{Patterns: []string{"prod"}}}, 1},
		{"a path", "spring.config.activate.on-profile: \"a | b\"\n", []analyzers.Guard{{Patterns: []string{"a", "b"}}}, 0},
		{"properties", "a=b\r\n#---\r\nspring.config.activate.on-profile=!prod\r\n", []analyzers.Guard{{Patterns: []string{"prod"}, Not: true}}, 1},
		{"the older name", "spring:\n  profiles: prod\n", []analyzers.Guard{{Patterns: []string{"prod"}}}, 0},
		{"which are active", "spring:\n  profiles:\n    active: prod\n", nil, 1},
		{"an expression", "spring.config.activate.on-profile: a & b\n", []analyzers.Guard{{}}, 0},
	} {
		pass := analyzers.NewPass("spring", "application.yml", []byte(test.data))
		if err := Analyzer.Run(pass); err != nil {
			t.Fatal(err)
		}
		all := 0
		var guards []analyzers.Guard
		for _, s := range pass.Facts.Programs[0].Steps {
			switch {
			case s.Op == analyzers.OpUse:
				all++
			case s.Guard != nil:
				guards = append(guards, analyzers.Guard{Patterns: s.Guard.Patterns, Not: s.Guard.Not})
			}
		}
		if all != test.all || !slices.EqualFunc(guards, test.guards, func(a, b analyzers.Guard) bool { return a.Not == b.Not && slices.Equal(a.Patterns, b.Patterns) }) {
			t.Errorf("%s: %d for all and %+v, want %d and %+v", test.name, all, guards, test.all, test.guards)
		}
	}
}

func FuzzRun(f *testing.F) {
	f.Add([]byte("a: ${B:c}\n---\nspring.config.activate.on-profile: \"!prod | d\"\n#---\n"))
	f.Fuzz(analyzertest.Fuzz(Analyzer, "application.yml"))
}
