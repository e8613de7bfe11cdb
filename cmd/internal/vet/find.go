package vet

import (
	"cmp"
	"context"
	"slices"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/analyzers/golang/tokens"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/suite"
	"github.com/stagewall/stagewall/detectors/tag"
)

// finder finds tokens with all rules. Configurations of a repository are not read: drivers cache results by what is in Go packages.
type finder struct {
	engine    *match.Engine
	knowledge *tag.Knowledge
}

// newFinder prepares the rules, which takes some milliseconds.
func newFinder() (*finder, error) {
	config, err := gitleaks.Default()
	if err != nil {
		return nil, err
	}
	providers := suite.Providers()
	engine, err := match.New(suite.Rules(providers, config), match.Options{DecodeDepth: gitleaks.DecodeDepth, Global: append(suite.Passed(), config.Global...)})
	if err != nil {
		return nil, err
	}
	return &finder{engine, tag.NewKnowledge(providers)}, nil
}

// find finds the tokens in the files of a package. The result is sorted by id.
func (f *finder) find(ctx context.Context, files []tokens.File) ([]tokens.Token, error) {
	observations := map[string][]tag.Observation{} // by secret
	scanner := f.engine.Scanner()
	for _, file := range files {
		pass := analyzers.NewPass("", file.Path, file.Data)
		text := f.knowledge.File(file.Path, file.Data, 0)
		err := scanner.Scan(ctx, match.Input{Path: file.Path, Data: file.Data, Final: true}, func(c match.Candidate) bool {
			at := pass.At(c.Secret.Start, c.Secret.End)
			o := text.Observe(f.engine.Rules()[c.Rule], c.Value, at)
			if o.Ignore == "" {
				observations[string(c.Value)] = append(observations[string(c.Value)], o)
			}
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	list := make([]tokens.Token, 0, len(observations))
	for value, seen := range observations {
		list = append(list, f.decide(detectors.NewSecret(value), seen))
	}
	slices.SortFunc(list, func(a, b tokens.Token) int { return cmp.Compare(a.ID, b.ID) })
	return list, nil
}

// decide says what a token is.
func (f *finder) decide(secret detectors.Secret, seen []tag.Observation) tokens.Token {
	t := f.knowledge.Decide(tag.Subject{Secret: secret, Observations: seen}, nil)
	t.ID = tag.ID(t.Provider, secret)
	return tokens.Token{Token: t, Title: f.title(t)}
}

// title names the token for people.
func (f *finder) title(t detectors.Token) string {
	p := f.knowledge.Provider(t.Provider)
	if p == nil {
		return "token of an unknown service"
	}
	if k := f.knowledge.Kind(t.Provider, t.Kind); k != nil {
		return p.Title + " " + k.Title
	}
	return p.Title + " token"
}
