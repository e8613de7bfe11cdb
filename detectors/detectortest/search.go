package detectortest

import (
	"context"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match"
)

// found is one match of a rule.
type found struct {
	rule, secret string
	span         detectors.Span
}

// rules are an engine for one provider's rules.
type rules struct {
	engine  *match.Engine
	scanner *match.Scanner
}

func newRules(t testing.TB, all []detectors.Rule) *rules {
	t.Helper()
	engine, err := match.New(all, match.Options{DecodeDepth: 2})
	if err == nil {
		err = engine.Check()
	}
	if err != nil {
		t.Fatal(err)
	}
	return &rules{engine, engine.Scanner()}
}

// search returns what the rules find in a text.
func (r *rules) search(t testing.TB, path, text string) []found {
	t.Helper()
	return r.candidates(t, match.Input{Path: path, Data: []byte(text), Final: true})
}

// candidates returns what the rules find in a text or a piece of one.
func (r *rules) candidates(t testing.TB, in match.Input) []found {
	t.Helper()
	var all []found
	err := r.scanner.Scan(context.Background(), in, func(c match.Candidate) bool {
		all = append(all, found{r.engine.Rules()[c.Rule].ID, string(c.Value), c.Secret})
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
