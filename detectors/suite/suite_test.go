package suite

import (
	"slices"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
)

func TestRulesCompile(t *testing.T) {
	user, err := gitleaks.Default()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := match.New(Rules(Providers(), user), match.Options{Global: user.Global})
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.Check(); err != nil {
		t.Error(err)
	}
}

func TestProviderRuleStays(t *testing.T) {
	allowed := detectors.Allowlist{Regexes: []string{"made-up"}}
	user := gitleaks.Config{Rules: []detectors.Rule{
		{ID: "heroku-api-key", Pattern: "x", Allowlists: []detectors.Allowlist{allowed}},
		{ID: "acme-key", Pattern: "acme_[a-z]+"},
	}}
	rules := Rules(Providers(), user)
	id := func(id string) func(detectors.Rule) bool { return func(r detectors.Rule) bool { return r.ID == id } }
	heroku := rules[slices.IndexFunc(rules, id("heroku-api-key"))]
	if heroku.Provider != "heroku" || heroku.Pattern == "x" {
		t.Errorf("the provider's rule was replaced: %+v", heroku)
	}
	if n := len(heroku.Allowlists); n == 0 || heroku.Allowlists[n-1].Regexes[0] != "made-up" {
		t.Errorf("what the user allows is lost: %+v", heroku.Allowlists)
	}
	if !slices.ContainsFunc(rules, id("acme-key")) {
		t.Error("the user's own rule is lost")
	}
}

// TestNearestLogin: of several calls of curl in a row each is found with its own login.
func TestNearestLogin(t *testing.T) {
	config, err := gitleaks.Default()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := match.New(Rules(Providers(), config), match.Options{})
	if err != nil {
		t.Fatal(err)
	}
	logins := []string{"deploy:" + detectortest.Mint("password"), `"robot:` + detectortest.Mint("password#2") + `"`, `":` + detectortest.Mint("password#3") + `"`}
	text := "curl -k -X POST https://one.acme.dev \\\n  -d x \\\n  -u " + logins[0] + "\ncurl -u " + logins[1] + " https://two.acme.dev\ncurl https://three.acme.dev -u " + logins[2] + "\n"
	var got []string
	err = engine.Scanner().Scan(t.Context(), match.Input{Path: "a.sh", Data: []byte(text), Final: true}, func(c match.Candidate) bool {
		if engine.Rules()[c.Rule].ID == "curl-auth-user" {
			got = append(got, string(c.Value))
		}
		return true
	})
	if err != nil || !slices.Equal(got, logins) {
		t.Errorf("%d of %d logins, %v", len(got), len(logins), err)
	}
}
