package detectortest

import (
	"context"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/match"
)

// found is one match of a rule.
type found struct{ rule, secret string }

// rules are an engine for one provider's rules.
type rules struct {
	engine  *match.Engine
	scanner *match.Scanner
}

func newRules(t *testing.T, all []detectors.Rule) *rules {
	t.Helper()
	engine, err := match.New(all, match.Options{})
	if err == nil {
		err = engine.Check()
	}
	if err != nil {
		t.Fatal(err)
	}
	return &rules{engine, engine.Scanner()}
}

// search returns what the rules find in a text.
func (r *rules) search(t *testing.T, path, text string) []found {
	t.Helper()
	var all []found
	in := match.Input{Path: path, Data: []byte(text), Final: true}
	err := r.scanner.Scan(context.Background(), in, func(c match.Candidate) bool {
		all = append(all, found{r.engine.Rules()[c.Rule].ID, string(c.Value)})
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
