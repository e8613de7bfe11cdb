package match_test

import (
	"context"
	"testing"

	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
)

func TestDefaultRulesCompile(t *testing.T) {
	c, err := gitleaks.Default()
	if err != nil {
		t.Fatal(err)
	}
	e, err := match.New(c.Rules, match.Options{Global: c.Global})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Check(); err != nil {
		t.Fatal(err)
	}
	if got := len(e.Rules()); got != 222 {
		t.Errorf("%d rules, not 222", got)
	}
	text := []byte("x\nexport API_TOKEN='q8Zr71mLwPx04vNsKd93TbYc'\n")
	n := 0
	err = e.Scanner().Scan(context.Background(), match.Input{Path: "a.sh", Data: text, Final: true}, func(c match.Candidate) bool {
		n++
		t.Log(e.Rules()[c.Rule].ID, string(c.Value), c.Entropy)
		return true
	})
	if err != nil || n != 1 {
		t.Error(n, err)
	}
}
