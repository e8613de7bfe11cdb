package scan_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	analyzers "github.com/stagewall/stagewall/analyzers/suite"
	"github.com/stagewall/stagewall/cmd/internal/config"
	"github.com/stagewall/stagewall/cmd/internal/report"
	"github.com/stagewall/stagewall/cmd/internal/scan"
	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/suite"
	"github.com/stagewall/stagewall/detectors/tag"
)

// said is what somebody says to a label's question: the program, or a baseline.
type said struct {
	token        *report.Token // of the program's
	found        bool          // the token was found
	known        bool          // of reach: evidence says so
	environments detectors.Environment
	privileges   detectors.Privilege
	word         string // of provider, scope and crosses
}

// row is a label and what the program says to it.
type row struct {
	c     *labelled
	label label
	said  said
}

// detection returns what a scan finds tokens with, and knows of them.
func detection(t *testing.T) (*match.Engine, *tag.Knowledge) {
	t.Helper()
	standard, err := gitleaks.Default()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := match.New(suite.Rules(suite.Providers(), standard), match.Options{DecodeDepth: 5, Global: suite.Passed()})
	if err != nil {
		t.Fatal(err)
	}
	return engine, tag.NewKnowledge(suite.Providers())
}

// scanCorpus scans every case as a repository is scanned and returns a row for each label.
func scanCorpus(t *testing.T, all []*labelled) []row {
	t.Helper()
	engine, knowledge := detection(t)
	results := make([]*scan.Result, len(all))
	var group sync.WaitGroup
	for worker := range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := worker; i < len(all); i += runtime.GOMAXPROCS(0) {
				results[i] = scanCase(t, all[i], engine, knowledge)
			}
		})
	}
	group.Wait()
	var rows []row
	for i, c := range all {
		for _, l := range c.labels {
			rows = append(rows, row{c, l, answerOf(results[i], c, l)})
		}
	}
	return rows
}

func scanCase(t *testing.T, c *labelled, engine *match.Engine, knowledge *tag.Knowledge) *scan.Result {
	inventory, err := config.Parse([]byte(c.files[config.Name]), "")
	if err != nil {
		t.Errorf("%s: %v", c.name, err)
	}
	result, err := scan.Run(context.Background(), scan.Options{
		Source: memory(c.files), Target: report.Target{Mode: "tree"}, Engine: engine, Knowledge: knowledge, Analyzers: analyzers.Analyzers(),
		Config: inventory, Now: time.Unix(0, 0), Jobs: 1, Reveal: true,
	})
	if err != nil || len(result.Errors) > 0 {
		t.Errorf("%s: %v %v", c.name, err, result)
	}
	return result
}

// answerOf returns what a scan says to a label.
func answerOf(r *scan.Result, c *labelled, l label) said {
	k := find(r, c, l.subject)
	if k == nil {
		return said{}
	}
	s := said{token: k, found: true, known: k.Reach.Known}
	switch l.question {
	case "provider":
		s.word = k.Provider
	case "reach":
		s.environments = environments(k.Reach.Environments)
	case "intent":
		s.environments = environments(k.Intent)
	case "most":
		s.privileges, _ = parsePrivileges(k.Privilege.AtMost)
	case "least":
		s.privileges, _ = parsePrivileges(k.Privilege.AtLeast)
	case "scope":
		s.word = "known"
		if k.Reach.ScopeUnknown {
			s.word = "unknown"
		}
	case "crosses":
		s.word = "no"
		for _, strength := range []string{"ambient", "loaded", "flow"} {
			if slices.ContainsFunc(r.Crossings, func(x *report.Crossing) bool { return x.Token == k.ID && x.Strength == strength }) {
				s.word = strength
			}
		}
	}
	return s
}

func environments(names []string) detectors.Environment {
	var e detectors.Environment
	for _, name := range names {
		one, _ := detectors.EnvironmentNamed(name)
		e |= one
	}
	return e
}

// find returns the token of a scan that a label is about: the one with its value, or with the value's part that is secret; else one that
// stands where it stands.
func find(r *scan.Result, c *labelled, subject string) *report.Token {
	value := c.value(subject)
	var best *report.Token
	rank := 0
	for _, k := range r.Tokens {
		got := 0
		switch {
		case k.Reference && k.Masked == subject:
			got = 4
		case k.Reference:
		case k.Masked == value:
			got = 3
		case strings.Contains(k.Masked, value), len(k.Masked) > 7 && strings.Contains(value, k.Masked):
			got = 2
		case slices.ContainsFunc(k.Places, func(p report.Place) bool { return c.covers(p, value) }),
			slices.ContainsFunc(k.Parts, func(p report.Part) bool { return c.covers(p.Place, value) }):
			got = 1
		}
		if got > rank || got == rank && got > 0 && best.Provider == "" {
			best, rank = k, got
		}
	}
	return best
}

// covers reports whether a place overlaps the value in its file.
func (c *labelled) covers(p report.Place, value string) bool {
	lines := strings.SplitAfter(c.files[p.Path], "\n")
	if p.Line < 1 || p.Line > len(lines) {
		return false
	}
	start := p.Column - 1
	for _, line := range lines[:p.Line-1] {
		start += len(line)
	}
	at := strings.Index(c.files[p.Path], value)
	return at >= 0 && at <= start && start < at+len(value)
}
