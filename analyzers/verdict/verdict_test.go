package verdict

import (
	"testing"

	"github.com/stagewall/stagewall/analyzers"
	"github.com/stagewall/stagewall/detectors"
)

func TestCells(t *testing.T) {
	const r, w, a, d = detectors.Read, detectors.Write, detectors.Admin, detectors.Destroy
	for _, c := range []struct {
		strength  analyzers.Strength
		privilege detectors.Privilege
		want      Severity
	}{
		{analyzers.Flow, 0, None}, {analyzers.Flow, r, High}, {analyzers.Flow, r | w, Critical}, {analyzers.Flow, r | w | a, Critical}, {analyzers.Flow, d, Critical},
		{analyzers.Loaded, 0, None}, {analyzers.Loaded, r, Medium}, {analyzers.Loaded, w, High}, {analyzers.Loaded, a, Critical}, {analyzers.Loaded, r | d, Critical},
		{analyzers.Ambient, 0, None}, {analyzers.Ambient, r, Low}, {analyzers.Ambient, w, Medium}, {analyzers.Ambient, w | a, High}, {analyzers.Ambient, w | d, Critical},
		{analyzers.Neutral, d, None},
	} {
		if got := Cell(c.strength, c.privilege); got != c.want {
			t.Errorf("Cell(%v, %v) = %v, want %v", c.strength, c.privilege, got, c.want)
		}
	}
}

func TestSteps(t *testing.T) {
	token := func(provider string, known bool, env detectors.Environment, scopeUnknown bool, most detectors.Privilege) detectors.Token {
		return detectors.Token{Provider: provider, Reach: detectors.Reach{Known: known, Environments: env, ScopeUnknown: scopeUnknown}, AtMost: most}
	}
	for _, c := range []struct {
		name     string
		strength analyzers.Strength
		token    detectors.Token
		want     Severity
	}{
		{"production by evidence takes the cell", analyzers.Ambient, token("railway", true, detectors.Unscoped, false, detectors.Full), Critical},
		{"bound to staging is no crossing", analyzers.Flow, token("railway", true, detectors.Staging, false, detectors.Full), None},
		{"unknown reach, one step", analyzers.Flow, token("aws", false, 0, false, detectors.Read), Medium},
		{"unknown reach, one step, loaded", analyzers.Loaded, token("aws", false, 0, false, detectors.Full), High},
		{"unknown reach, two steps at ambient", analyzers.Ambient, token("aws", false, 0, false, detectors.Full), Medium},
		{"below low is none", analyzers.Ambient, token("aws", false, 0, false, detectors.Read), None},
		{"a suspicion is no evidence", analyzers.Ambient, token("aws", false, detectors.Production, false, detectors.Full), Medium},
		{"scope unknown, one step", analyzers.Flow, token("fly", true, detectors.Unscoped, true, detectors.Full), High},
		{"steps do not add", analyzers.Flow, token("fly", false, 0, true, detectors.Full), High},
		{"no provider, unknown: low at most", analyzers.Flow, token("", false, 0, false, detectors.Full), Low},
		{"no provider, unknown, ambient: none", analyzers.Ambient, token("", false, 0, false, detectors.Full), None},
		{"no provider, known", analyzers.Loaded, token("", true, detectors.Production, false, detectors.UnknownPower), Critical},
		{"a sample, unknown: low at most", analyzers.Loaded, detectors.Token{Provider: "private", Sample: true, AtMost: detectors.UnknownPower}, Low},
		{"a sample, unknown, ambient: none", analyzers.Ambient, detectors.Token{Provider: "private", Sample: true, AtMost: detectors.UnknownPower}, None},
		{"use shows more than the kind", analyzers.Ambient, detectors.Token{Provider: "x", Reach: detectors.Reach{Known: true, Environments: detectors.Production}, AtMost: detectors.Read, AtLeast: detectors.Destroy}, Critical},
		{"public", analyzers.Flow, detectors.Token{Provider: "x", Public: true, Reach: detectors.Reach{Known: true, Environments: detectors.Unscoped}, AtMost: detectors.Full}, None},
	} {
		if got := Of(c.strength, c.token); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestWhy: the words name the cell and the step that is taken.
func TestWhy(t *testing.T) {
	token := detectors.Token{AtMost: detectors.Read | detectors.Destroy}
	const want = "the path is ambient and the token may destroy, which is critical; its reach is unknown, at ambient two steps down; " +
		"no provider is known, so it is low at most"
	if got := Why(analyzers.Ambient, token); got != want {
		t.Error(got)
	}
}

// TestID: how a unit gets a token does not matter to the crossing's id, but that it gets it rather than sees it does.
func TestID(t *testing.T) {
	id := ID("tok_1", "cmd/staging/main.go", analyzers.Flow)
	if other := ID("tok_1", "cmd/staging/main.go", analyzers.Loaded); other != id {
		t.Errorf("handed on it is %s, loaded %s", id, other)
	}
	for _, other := range []string{
		ID("tok_1", "cmd/staging/main.go", analyzers.Ambient), ID("tok_2", "cmd/staging/main.go", analyzers.Flow), ID("tok_1", "cmd/other/main.go", analyzers.Flow),
	} {
		if other == id || len(other) != len(id) {
			t.Errorf("%s is another crossing than %s", other, id)
		}
	}
}
