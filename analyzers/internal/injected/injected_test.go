package injected

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/graph"
	"github.com/stagewall/stagewall/analyzers/internal/lazyregexp"
	"github.com/stagewall/stagewall/detectors"
)

// What is read behind more steps than are followed is not given, and that is said.
func TestBounds(t *testing.T) {
	s := Store{Name: "ci", Title: "CI", Own: lazyregexp.New(`^CI$`)}
	for _, test := range []struct{ before, given, gaps int }{{maxSteps - 1, 1, 0}, {maxSteps, 0, 1}} {
		steps := make([]analyzers.Step, test.before, test.before+1)
		steps = append(steps, analyzers.Step{Op: analyzers.OpRead, Name: "TOKEN"})
		facts := &analyzers.Facts{Path: "ci.yml"}
		given := s.Steps(graph.NewIndex(), facts, steps, detectors.Place{Path: "ci.yml", Line: 1})
		if len(given) != test.given || len(facts.Gaps) != test.gaps {
			t.Errorf("behind %d steps: %d given, gaps %v", test.before, len(given), facts.Gaps)
		}
	}
}

// Where git pushes over SSH and nothing gave it a key, the service may have one, which nobody sees.
func TestPush(t *testing.T) {
	s := Store{Name: "ci", Title: "CI", Own: lazyregexp.New(`^CI$`)}
	call := func(words ...string) analyzers.Step {
		sink := &detectors.Sink{Tool: words[0]}
		for _, w := range words {
			sink.Argv = append(sink.Argv, detectors.Word{Text: w})
		}
		return analyzers.Step{Op: analyzers.OpCall, Sink: sink}
	}
	push := call("git", "push", "--force", "git@deploy.acme.example:shop/shop.git", "main")
	for name, test := range map[string]struct {
		steps []analyzers.Step
		gaps  int
	}{
		"to a host, twice":        {[]analyzers.Step{push, push}, 1},
		"to a URL":                {[]analyzers.Step{call("git", "push", "ssh://git@deploy.acme.example/shop.git")}, 1},
		"to where it came from":   {[]analyzers.Step{call("git", "push", "origin", "main")}, 0},
		"with a password":         {[]analyzers.Step{call("git", "push", "https://x@deploy.acme.example/shop.git")}, 0},
		"no push":                 {[]analyzers.Step{call("git", "fetch", "git@deploy.acme.example:shop/shop.git")}, 0},
		"behind a key of CI's":    {[]analyzers.Step{{Op: analyzers.OpUse, Sink: &detectors.Sink{Tool: "ssh"}}, push}, 0},
		"behind a variable's key": {[]analyzers.Step{{Op: analyzers.OpRead, Name: "DEPLOY_KEY"}, push}, 0},
		"behind a known host":     {[]analyzers.Step{{Op: analyzers.OpRead, Name: "ACME_PUBLIC_KEY"}, push}, 1},
	} {
		facts := &analyzers.Facts{Path: "ci.yml"}
		s.Steps(graph.NewIndex(), facts, test.steps, detectors.Place{Path: "ci.yml", Line: 1})
		if len(facts.Gaps) != test.gaps {
			t.Errorf("%s: gaps %v", name, facts.Gaps)
		}
	}
}
