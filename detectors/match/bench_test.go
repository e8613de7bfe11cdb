package match_test

import (
	"bytes"
	"math/rand/v2"
	"regexp/syntax"
	"strings"
	"testing"

	"github.com/stagewall/stagewall/detectors"
	"github.com/stagewall/stagewall/detectors/detectortest"
	"github.com/stagewall/stagewall/detectors/gitleaks"
	"github.com/stagewall/stagewall/detectors/match"
	"github.com/stagewall/stagewall/detectors/match/matchtest"
	"github.com/stagewall/stagewall/detectors/suite"
)

func allRules(tb testing.TB) ([]detectors.Rule, []detectors.Allowlist) {
	tb.Helper()
	c, err := gitleaks.Default()
	if err != nil {
		tb.Fatal(err)
	}
	return suite.Rules(suite.Providers(), c), c.Global
}

// code returns about n bytes that look like a program, with words that rules look for and no secret.
func code(n int) []byte {
	r := rand.New(rand.NewPCG(5, 6))
	words := strings.Fields("func return if err != nil { } key token for range api Secret := access password auth client config string " +
		"context.Context error fmt.Errorf map[string]int // the keyboard's author public static void = ( ) ; 0x1f 42 test path/to/file")
	var b bytes.Buffer
	for b.Len() < n {
		for range 1 + r.IntN(10) {
			b.WriteString(words[r.IntN(len(words))])
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// BenchmarkScan measures what scanning costs a byte, in a text without secrets and in one that is full of them.
func BenchmarkScan(b *testing.B) {
	rules, global := allRules(b)
	e, err := match.New(rules, match.Options{DecodeDepth: 5, Global: global})
	if err != nil {
		b.Fatal(err)
	}
	var dense bytes.Buffer
	for i, rule := range rules {
		re, err := syntax.Parse(rule.Pattern, syntax.Perl)
		if err != nil {
			b.Fatal(err)
		}
		r := rand.New(rand.NewPCG(uint64(i), 7))
		dense.WriteString(strings.Join(matchtest.Spell(r, matchtest.Text(r, re))[:8], ""))
	}
	for _, text := range []struct {
		name        string
		data        []byte
		least, most int // candidates
	}{
		{"code", code(1 << 20), 0, 0},
		{"dense", dense.Bytes(), 1000, 10000},
	} {
		b.Run(text.name, func(b *testing.B) {
			s := e.Scanner()
			b.SetBytes(int64(len(text.data)))
			b.ReportAllocs()
			for b.Loop() {
				found := 0
				if err := s.Scan(b.Context(), match.Input{Path: "a/b.go", Data: text.data, Final: true}, func(match.Candidate) bool { found++; return true }); err != nil {
					b.Fatal(err)
				}
				if found < text.least || found > text.most {
					b.Fatalf("%d candidates", found)
				}
			}
		})
	}
}

// BenchmarkFirst measures what the first small file costs, as in a hook: rules are prepared as far as the file calls for them.
func BenchmarkFirst(b *testing.B) {
	rules, global := allRules(b)
	text := append(code(4000), "api_key = '"+detectortest.Mint("password")+"'\n"...)
	for b.Loop() {
		e, err := match.New(rules, match.Options{DecodeDepth: 5, Global: global})
		if err != nil {
			b.Fatal(err)
		}
		found := 0
		if err := e.Scanner().Scan(b.Context(), match.Input{Path: "a/b.go", Data: text, Final: true}, func(match.Candidate) bool { found++; return true }); err != nil {
			b.Fatal(err)
		}
		if found != 1 {
			b.Fatalf("%d candidates", found)
		}
	}
}
